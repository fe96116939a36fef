"""Who is calling: HTX's signature version 2 of REST, and version 2.1 of the account socket. Source: htx§1.

What is signed is method, host, path and the sorted query; a body is not. The query is taken apart and put together again, byte
by byte, because clients send it in any order and encoding. Which host a client signs depends on how it was pointed here, so
every host that it could mean is tried.
The order of the checks is ASSUMED: parameters, key, time, signature, address, permission.

With the switch `seed_compat` the forms of a widespread guide are taken too, which the venue refuses (htx§2): a time in Unix
milliseconds, the signature in a header, and a POST signed over its body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

from mockex.core.policy import SECOND_NS
from mockex.wire.credentials import Credential
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonError, JsonValue, loads
from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call
from mockex.wire.signing import constant_time_equal, within_window
from mockex.wire.timestamps import parse_iso_ns

WINDOW_NS = 300 * SECOND_NS  # htx§1.1; exactly 300 s is accepted (ASSUMED)
HOST_NAMES = ("api.huobi.pro", "api-aws.huobi.pro", "api.htx.com")  # htx§1.1

METHOD, VERSION, LOGIN_VERSION = "HmacSHA256", "2", "2.1"
_KEY, _METHOD, _VERSION, _TIME, _SIGNATURE = "AccessKeyId", "SignatureMethod", "SignatureVersion", "Timestamp", "Signature"
_PARAMETERS = (_KEY, _METHOD, _VERSION, _TIME, _SIGNATURE)

LOGIN_PATHS = ("/ws/v2", "/api/ws/v2")
_LOGIN_SIGNED = ("accessKey", "signatureMethod", "signatureVersion", "timestamp")  # sorted, as they are signed

_MS_NS = 1_000_000
_MAX_EPOCH_DIGITS = 14


def authenticate(call: Call) -> None:
    """Sets `call.credential` on private routes. Public ones ignore whatever was signed (htx§2)."""
    route = call.route
    assert route is not None
    if route.permission is None:
        return
    credential = call.credential = _verified(call)
    if not credential.allows_ip(call.request.peer_ip):
        raise ApiFault(FaultKind.IP_NOT_ALLOWED, value=call.request.peer_ip)
    if credential.frozen:
        raise ApiFault(FaultKind.API_KEY_FROZEN)
    if route.permission not in credential.permissions:
        raise ApiFault(FaultKind.PERMISSION_DENIED)


def _verified(call: Call) -> Credential:
    """The key's credential once parameters, time and signature are right."""
    desk, request = call.desk, call.request
    guide = desk.switch("seed_compat")
    query = _read(request.query)
    given = query.parameters
    if guide:
        given = {**_guide_parameters(request), **given}
    if not given:
        raise ApiFault(FaultKind.API_KEY_MISSING)
    if len(given) < len(_PARAMETERS) or not all(given.values()):
        raise ApiFault(FaultKind.SIGNATURE_MISSING)
    if (given[_METHOD], given[_VERSION]) != (METHOD, VERSION):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    credential = desk.credentials.get(given[_KEY])
    if credential is None:
        raise ApiFault(FaultKind.API_KEY_UNKNOWN)
    signed_ns = parse_timestamp(given[_TIME])
    if signed_ns is None and guide:
        signed_ns = _parse_epoch_ms(given[_TIME])
    if signed_ns is None:
        raise ApiFault(FaultKind.TIMESTAMP_INVALID)
    if not within_window(desk.wall_ns(), signed_ns, WINDOW_NS):
        raise ApiFault(FaultKind.TIMESTAMP_EXPIRED)
    if not _is_signed(call, credential, given[_SIGNATURE], query.canonical, guide=guide):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    return credential


def _is_signed(call: Call, credential: Credential, signature: str, query: bytes, *, guide: bool) -> bool:
    """Whether it is the signature of the request for one of the hosts; or of its body, where the guide's forms are taken."""
    request = call.request
    texts = [query]
    if guide and request.method == "POST":
        if constant_time_equal(signature, credential.hmac_key.base64(request.body)):
            return True
        texts.append(request.body)
    path = _bytes(request.path)
    hosts = candidate_hosts(request.headers.get("host", ""))
    return any(
        constant_time_equal(signature, _sign(credential, request.method, host, path, text)) for text in texts for host in hosts
    )


def _sign(credential: Credential, method: str, host: str, path: bytes, text: bytes) -> str:
    """Base64 of the HMAC over method, host, path and query, on a line each."""
    return credential.hmac_key.base64(b"\n".join((method.encode("ascii", "replace"), _bytes(host), path, text)))


# --- what is signed


@lru_cache(maxsize=64)
def candidate_hosts(header: str) -> tuple[str, ...]:
    """Every host that a client may have signed, likely ones first: the Host header, that without port, the venue's names."""
    host = header.lower()
    return tuple(dict.fromkeys((host, without_port(host), *HOST_NAMES)))


def without_port(host: str) -> str:
    """`[::1]:80` is `[::1]`."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


class _Query(NamedTuple):
    """`parameters`: those of authentication that are there, by name, maybe empty. `canonical`: what is signed."""

    parameters: Mapping[str, str]
    canonical: bytes


@lru_cache(maxsize=128)
def _read(raw: str) -> _Query:
    """Remembered, because all orders that a client places within a second have the same query: it says nothing of them."""
    pairs = query_pairs(raw)
    return _Query(_texts(pairs), canonical_query(pairs))


def query_pairs(raw: str) -> list[tuple[bytes, bytes]]:
    """Names and values of a raw query as bytes, in its order. Empty pieces are skipped, `+` is a blank."""
    pairs = []
    for piece in _bytes(raw).split(b"&"):
        if piece:
            name, _, value = piece.replace(b"+", b" ").partition(b"=")
            pairs.append((unquote_to_bytes(name), unquote_to_bytes(value)))
    return pairs


def canonical_query(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The same without the signature, sorted by name and encoded by RFC 3986."""
    signed = sorted(pair for pair in pairs if pair[0] != _SIGNATURE.encode())
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in signed).encode("ascii")


def _texts(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The authentication parameters among them. Of two of a name the last counts."""
    texts = {name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in pairs}
    return {name: texts[name] for name in _PARAMETERS if name in texts}


def _bytes(text: str) -> bytes:
    """As it came: bytes that were no UTF-8 arrive as lone surrogates."""
    return text.encode("utf-8", "surrogateescape")


def parse_timestamp(text: str) -> int | None:
    """`2024-01-02T03:04:05`, UTC without zone and fraction (htx§1.1)."""
    return None if text.endswith("Z") else parse_iso_ns(f"{text}Z") if "." not in text else None


# --- the guide's forms


def _guide_parameters(request: WireRequest) -> dict[str, str]:
    """Parameters that stand in a POST's body or, the signature, in a header, maybe URL-encoded."""
    found: dict[str, str] = {}
    if request.method == "POST":
        body = _json_or_nothing(request.body)
        if isinstance(body, dict):
            found = {name: str(body[name]) for name in _PARAMETERS if type(body.get(name)) in (str, int)}
    header = request.headers.get(_SIGNATURE.lower())
    if header:
        found[_SIGNATURE] = unquote(header)
    return {_METHOD: METHOD, _VERSION: VERSION, **found} if found else found


def _json_or_nothing(raw: bytes) -> JsonValue:
    try:
        return loads(raw)
    except JsonError:
        return None


def _parse_epoch_ms(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= _MAX_EPOCH_DIGITS:
        return int(text) * _MS_NS
    return None


# --- the account socket


def login_payload(parameters: Mapping[str, str], *, host: str, path: str) -> bytes:
    """What a login signs: the four fields by name, in this order (htx§1.2). `path`: a whole URL with one client's quirk."""
    fields = "&".join(f"{name}={quote(_bytes(parameters[name]), safe='')}" for name in _LOGIN_SIGNED)
    return b"\n".join((b"GET", _bytes(host), _bytes(path), fields.encode("ascii")))


def login_paths(host: str) -> tuple[str, ...]:
    """Every path that a client may have signed. Over plain `ws` one client signs the whole URL instead (htx§1.2)."""
    return (*LOGIN_PATHS, *(f"ws://{host}{path}" for path in LOGIN_PATHS))


def login_is_signed(credential: Credential, parameters: Mapping[str, str], *, host: str) -> bool:
    """Whether `parameters["signature"]` fits the four signed fields. `host`: the Host header of the socket's request."""
    return any(
        constant_time_equal(
            parameters["signature"], credential.hmac_key.base64(login_payload(parameters, host=signed_host, path=path))
        )
        for path in login_paths(host.lower())
        for signed_host in candidate_hosts(host)
    )
