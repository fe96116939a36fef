"""Signatures of the Coinstore API: two passes of HMAC-SHA256.

Owns: the credentials, the bucket of time, the text to sign and its digest.
Must not know: sockets, sessions, the clock (an instant comes in as Unix milliseconds).
Invariant: what is signed is query and body as they go on the wire, byte for byte, with nothing between them.
Source: Coinstore document, "Signature"; cs§3.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

#: The first pass changes its result every 30 s.
_BUCKET_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One API key. The secret stays out of `repr`, so that it stays out of logs."""

    api_key: str
    secret: str = field(repr=False)


def sign(secret: str, *, expires_ms: int, payload: bytes) -> str:
    """Lower-case hex. The second pass is keyed with the 64 characters of the first one's hex, not with its bytes."""
    key = _hex_digest(secret.encode(), str(expires_ms // _BUCKET_MS).encode())
    return _hex_digest(key.encode(), payload)


def signed_headers(credentials: Credentials, *, expires_ms: int, query: str, body: bytes) -> dict[str, str]:
    """The three headers of a private request. `query` is as sent, without its question mark.

    `X-CS-EXPIRES` is, despite its name, the moment of sending.
    """
    return {
        "X-CS-APIKEY": credentials.api_key,
        "X-CS-EXPIRES": str(expires_ms),
        "X-CS-SIGN": sign(credentials.secret, expires_ms=expires_ms, payload=query.encode() + body),
    }


def login_auth(credentials: Credentials, *, expires_ms: int) -> dict[str, str | int]:
    """The `auth` of a login on the stream: the moment itself is signed (cs§9.5)."""
    return {
        "token": credentials.api_key,
        "type": "apikey",
        "expires": expires_ms,
        "signature": sign(credentials.secret, expires_ms=expires_ms, payload=str(expires_ms).encode()),
    }


def _hex_digest(key: bytes, text: bytes) -> str:
    return hmac.digest(key, text, hashlib.sha256).hex()
