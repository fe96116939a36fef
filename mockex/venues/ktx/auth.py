"""Who is calling: KTX's HMAC over the raw query of a GET, or the raw body of anything else. Source: ktx§3 and ktx§14.

Neither path nor method are signed. In `gen1` the time of expiry is not signed either; in `gen2` it is, in front of the rest.
"""

from __future__ import annotations

import re

from mockex.venues.ktx.faults import KtxFault
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.pipeline import Call
from mockex.wire.signing import constant_time_equal

KEY, SIGN, EXPIRES = "api-key", "api-sign", "api-expire-time"
VIEW, TRADE = Permission.READ, Permission.TRADE
LOGIN_TEXT = "/user/verify"

_MS_NS = 1_000_000
_INTEGER = re.compile(r"-?[0-9]{1,64}").fullmatch


def authenticate(call: Call) -> None:
    """Sets `call.credential` on private routes. What the key may do is looked at after the body (ktx§3)."""
    route = call.route
    assert route is not None
    if route.permission is None:
        return
    request = call.request
    headers = request.headers
    expires = headers.get(EXPIRES)
    text = request.query.encode("utf-8", "surrogateescape") if request.method == "GET" else request.body
    call.credential = verify(
        call.desk,
        api_key=headers.get(KEY),
        signature=headers.get(SIGN),
        expires=expires,
        texts=(signed_text(call.desk, text, expires),),
        peer_ip=request.peer_ip,
    )


def signed_text(desk: Desk, text: bytes, expires: str | None) -> bytes:
    """`text` as it is, in `gen2` behind the time of expiry."""
    if desk.state.generation.signs_expiry and expires is not None:
        return expires.encode("utf-8", "surrogateescape") + text
    return text


def verify(
    desk: Desk,
    *,
    api_key: str | None,
    signature: str | None,
    expires: str | None,
    texts: tuple[bytes, ...],
    peer_ip: str,
    may_last: bool = False,
) -> Credential:
    """The credential of whoever has signed one of the texts. `may_last`: whether a time of expiry may be missing in `gen2`."""
    for value, missing in ((api_key, FaultKind.API_KEY_MISSING), (signature, FaultKind.SIGNATURE_MISSING)):
        if value is None:
            raise ApiFault(missing)
    assert api_key is not None
    assert signature is not None
    if expires is None and desk.state.generation.signs_expiry and not may_last:
        raise ApiFault(FaultKind.TIMESTAMP_MISSING)
    for name, value in ((KEY, api_key), (SIGN, signature), (EXPIRES, expires)):
        if value == "":
            raise ApiFault(KtxFault.HEADER_EMPTY, field=name)
    credential = desk.credentials.get(api_key)
    if credential is None:
        raise ApiFault(FaultKind.API_KEY_UNKNOWN)
    if credential.frozen:
        raise ApiFault(FaultKind.API_KEY_FROZEN)
    if expires is not None:
        _check_expiry(desk, expires)
    given = signature.lower()  # either case (proposed)
    if not any(constant_time_equal(given, credential.hmac_key.hex(text)) for text in texts):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    if not credential.allows_ip(peer_ip):
        raise ApiFault(FaultKind.IP_NOT_ALLOWED, value=peer_ip)
    return credential


def _check_expiry(desk: Desk, expires: str) -> None:
    """At that very millisecond a request still passes."""
    if not _INTEGER(expires):
        raise ApiFault(FaultKind.TIMESTAMP_INVALID)
    if desk.wall_ns() // _MS_NS > int(expires):
        raise ApiFault(FaultKind.TIMESTAMP_EXPIRED)


def check_permission(call: Call) -> None:
    route, credential = call.route, call.credential
    assert route is not None
    if credential is None or route.permission is None:
        return
    allowed = credential.permissions
    if route.permission in allowed:
        return
    # "View, Trade": either will do (ktx§3).
    if route.permission is VIEW and TRADE in allowed:
        return
    raise ApiFault(FaultKind.PERMISSION_DENIED)
