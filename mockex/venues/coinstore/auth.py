"""Who is calling: Coinstore's signature in two passes, over query and body as they came. Source: cs§3.

The first pass makes a key of the half minute of `X-CS-EXPIRES`, which despite its name is the time of sending; that key's
hexadecimal text, not its bytes, signs the payload. The order of the checks is the specification's proposal (cs§3.3).
"""

from __future__ import annotations

import re
from functools import lru_cache

from mockex.venues.coinstore.errors import CoinstoreFault
from mockex.wire.credentials import Credential
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.pipeline import Call
from mockex.wire.signing import HmacKey, constant_time_equal, within_window

BUCKET_MS = 30_000
TOLERANCE_SWITCH = "expires_tolerance_ms"
TOLERANCES_MS = ("0", "5000", "30000", "60000", "300000")  # the first: any time will do
DEFAULT_TOLERANCE_MS = "30000"  # proposed; the vendor names none

KEY, EXPIRES, SIGN = "x-cs-apikey", "x-cs-expires", "x-cs-sign"

_MS_NS = 1_000_000
_EXPIRES = re.compile(r"[0-9]{1,19}").fullmatch  # a long of Java
_SIGN = re.compile(r"[0-9A-Fa-f]{64}").fullmatch  # upper case is well formed, and wrong


def authenticate(call: Call) -> None:
    """Sets `call.credential` on private routes. Public ones ignore the headers (cs§3.3)."""
    route = call.route
    assert route is not None
    if route.permission is None:
        return
    request = call.request
    headers = request.headers
    credential = verify(
        call.desk,
        api_key=headers.get(KEY),
        expires=headers.get(EXPIRES),
        signature=headers.get(SIGN),
        payload=signed_payload(request.query, request.body),
        peer_ip=request.peer_ip,
    )
    if route.permission not in credential.permissions:
        raise ApiFault(FaultKind.PERMISSION_DENIED)
    call.credential = credential


def verify(
    desk: Desk, *, api_key: str | None, expires: str | None, signature: str | None, payload: bytes, peer_ip: str
) -> Credential:
    """The credential of a signed request, or of a login, whose payload is the text of its time (cs§9.5)."""
    if api_key is None and expires is None and signature is None:
        raise ApiFault(FaultKind.API_KEY_MISSING)
    if expires is None or not _EXPIRES(expires):
        raise ApiFault(FaultKind.TIMESTAMP_INVALID)
    if signature is None or not _SIGN(signature):
        raise ApiFault(FaultKind.SIGNATURE_MISSING)
    credential = desk.credentials.get(api_key or "")
    if credential is None:
        raise ApiFault(FaultKind.API_KEY_UNKNOWN)
    if credential.frozen:
        raise ApiFault(FaultKind.API_KEY_FROZEN)
    if desk.flagged(credential.account_id, "login_frozen"):
        raise ApiFault(CoinstoreFault.LOGIN_FROZEN)
    if desk.account(credential.account_id).frozen:
        raise ApiFault(FaultKind.ACCOUNT_FROZEN)
    if not credential.allows_ip(peer_ip):
        raise ApiFault(FaultKind.IP_NOT_ALLOWED, value=peer_ip)
    sent_ms = int(expires)
    if not constant_time_equal(signature, sign(credential, sent_ms, payload)):
        raise ApiFault(FaultKind.SIGNATURE_WRONG)
    tolerance_ns = int(str(desk.settings.switches[TOLERANCE_SWITCH])) * _MS_NS
    if tolerance_ns and not within_window(desk.wall_ns(), sent_ms * _MS_NS, tolerance_ns):
        raise ApiFault(FaultKind.TIMESTAMP_EXPIRED)
    return credential


def signed_payload(query: str, body: bytes) -> bytes:
    """The raw query and behind it the raw body, with nothing between them (cs§3.1)."""
    return query.encode("utf-8", "surrogateescape") + body if query else body


def sign(credential: Credential, sent_ms: int, payload: bytes) -> str:
    """In lower-case hexadecimal."""
    return _half_minute_key(credential.hmac_key, sent_ms // BUCKET_MS).hex(payload)


@lru_cache(maxsize=4_096)
def _half_minute_key(key: HmacKey, bucket: int) -> HmacKey:
    """What signs in one half minute: the same for every request in it."""
    return HmacKey(key.hex(b"%d" % bucket).encode("ascii"))
