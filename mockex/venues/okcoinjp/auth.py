"""Who is calling: the signature of OKCoin Japan v3 and the order of its checks. Source: okj§3.

The order up to the signature was asserted against a live sibling; everything after it is the specification's proposal.
The signed bytes are those that arrived: path, query and body are never written again before they are checked.
"""

from __future__ import annotations

from mockex.core.policy import SECOND_NS
from mockex.wire.credentials import Credential
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call
from mockex.wire.signing import constant_time_equal, within_window
from mockex.wire.timestamps import parse_iso_ns, parse_unix_seconds_ns

WINDOW_NS = 30 * SECOND_NS  # okj§3; exactly 30 s is accepted (proposed)

_KEY, _SIGN, _TIMESTAMP, _PASSPHRASE = (
    "ok-access-key",
    "ok-access-sign",
    "ok-access-timestamp",
    "ok-access-passphrase",
)


def authenticate(call: Call) -> None:
    """Sets `call.credential` for private routes. On public ones a known key only decides whose rate limit counts."""
    route = call.route
    assert route is not None
    headers = call.request.headers
    if route.permission is None:
        key = headers.get(_KEY)
        if key:
            call.credential = call.desk.credentials.get(key)
        return
    credential = call.credential = _verify(call, headers.get(_KEY, ""))
    if not credential.allows_ip(call.request.peer_ip):
        raise ApiFault(FaultKind.IP_NOT_ALLOWED)
    if credential.frozen:
        raise ApiFault(FaultKind.API_KEY_FROZEN)
    if call.desk.account(credential.account_id).frozen:
        raise ApiFault(FaultKind.ACCOUNT_FROZEN)
    if route.permission not in credential.permissions:
        raise ApiFault(FaultKind.PERMISSION_DENIED)


def _verify(call: Call, key: str) -> Credential:
    """The key's credential once headers, time, passphrase and signature are right."""
    headers, desk = call.request.headers, call.desk
    if not key:
        raise ApiFault(FaultKind.API_KEY_MISSING)
    signature = headers.get(_SIGN)
    if not signature:
        raise ApiFault(FaultKind.SIGNATURE_MISSING)
    timestamp = headers.get(_TIMESTAMP)
    if not timestamp:
        raise ApiFault(FaultKind.TIMESTAMP_MISSING)
    signed_ns = parse_timestamp(timestamp)
    if signed_ns is None:
        raise ApiFault(FaultKind.TIMESTAMP_INVALID)
    if not within_window(desk.wall_ns(), signed_ns, WINDOW_NS):
        raise ApiFault(FaultKind.TIMESTAMP_EXPIRED)
    credential = desk.credentials.get(key)
    if credential is None:
        raise ApiFault(FaultKind.API_KEY_UNKNOWN)
    if call.request.method == "POST" and not is_json(headers.get("content-type", "")):
        raise ApiFault(FaultKind.CONTENT_TYPE)
    passphrase = headers.get(_PASSPHRASE)
    if not passphrase:
        raise ApiFault(FaultKind.PASSPHRASE_MISSING)
    if not credential.passphrase_matches(passphrase):
        raise ApiFault(FaultKind.PASSPHRASE_WRONG)
    if not _signature_matches(credential, signature, timestamp, call.request):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    return credential


def parse_timestamp(text: str) -> int | None:
    """ISO 8601 UTC, or Unix seconds with any number of decimals."""
    return parse_iso_ns(text) if "T" in text else parse_unix_seconds_ns(text)


def is_json(content_type: str) -> bool:
    """`application/json`, with or without parameters such as a charset."""
    return content_type.partition(";")[0].strip().lower() == "application/json"


def _signature_matches(credential: Credential, signature: str, timestamp: str, request: WireRequest) -> bool:
    """timestamp + METHOD + path with query + body, HMAC-SHA256, Base64. A GET signs no body."""
    head = f"{timestamp}{request.method.upper()}{request.target}".encode("utf-8", "surrogateescape")
    body = request.body if request.method == "POST" else b""
    if constant_time_equal(signature, credential.hmac_key.base64(head + body)):
        return True
    # The document's own sample leaves out a body of exactly `{}` (proposed: take both).
    return body == b"{}" and constant_time_equal(signature, credential.hmac_key.base64(head))


def login_signature(credential: Credential, timestamp: str) -> str:
    """What the WebSocket login signs (okj§11.2)."""
    return credential.hmac_key.base64(f"{timestamp}GET/users/self/verify".encode("utf-8", "surrogatepass"))
