"""Signatures of the KTX API: HMAC-SHA256 over what is sent.

Owns: the credentials, the text to sign and its digest, the headers, the login.
Must not know: sockets, sessions, the clock (an instant comes in as Unix milliseconds).
Invariant: what is signed is the query or the body as it goes on the wire, byte for byte; path and method are not signed.
Source: KTX document, "Authentication"; ktx§3, ktx§14.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from .vocabulary import Profile

#: What a LOGIN signs, in both generations.
_LOGIN_TEXT = b"/user/verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One API key. The secret stays out of `repr`, so that it stays out of logs."""

    api_key: str
    secret: str = field(repr=False)


def sign(secret: str, message: bytes) -> str:
    """Lower-case hex. The secret is text, although it looks like hex itself."""
    return hmac.digest(secret.encode(), message, hashlib.sha256).hex()


def signed_headers(
    credentials: Credentials, *, message: bytes, expires_ms: int | None, profile: Profile = Profile.GEN1
) -> dict[str, str]:
    """The headers of a private request. `message` is the query of a GET, else the body.

    `expires_ms` is when the venue shall ignore the request. gen2 signs it too, so there it must be given: ValueError.
    """
    headers = {"api-key": credentials.api_key}
    if profile is Profile.GEN2:
        if expires_ms is None:
            raise ValueError("gen2 signs the time at which a request expires: it needs one")
        message = str(expires_ms).encode() + message
    headers["api-sign"] = sign(credentials.secret, message)
    if expires_ms is not None:
        headers["api-expire-time"] = str(expires_ms)
    return headers


def login_auth(credentials: Credentials) -> dict[str, str]:
    """The `auth` of a LOGIN on the user stream: a fixed text is signed."""
    return {"api-key": credentials.api_key, "api-sign": sign(credentials.secret, _LOGIN_TEXT)}
