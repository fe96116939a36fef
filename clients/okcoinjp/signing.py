"""Signatures of the OKCoin Japan v3 API.

Owns: the credentials, the two timestamp spellings, the string to sign and its digest.
Must not know: sockets, sessions, the clock (an instant comes in as Unix nanoseconds).
Invariant: what is signed is the text that goes on the wire. Nothing here parses, sorts or re-encodes a path or a body.

Source: OKCoin Japan v3 document, "Authentication" and "WebSocket login".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum

_NS_PER_SECOND = 1_000_000_000
_NS_PER_MS = 1_000_000

#: A login over WebSocket signs this fixed request (document, "WebSocket login").
LOGIN_METHOD = "GET"
LOGIN_PATH = "/users/self/verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One API key. The secret and the passphrase stay out of `repr`, so that they stay out of logs."""

    api_key: str
    secret: str = field(repr=False)
    passphrase: str = field(repr=False)


class TimestampStyle(Enum):
    """How OK-ACCESS-TIMESTAMP is spelled. The venue takes both (document, "Authentication")."""

    ISO = "iso"
    UNIX = "unix"


def iso_timestamp(at_ns: int) -> str:
    """ISO 8601 in UTC with milliseconds, rounded down: `2024-02-15T03:04:05.678Z`."""
    seconds, rest_ns = divmod(at_ns, _NS_PER_SECOND)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{rest_ns // _NS_PER_MS:03d}Z"


def unix_timestamp(at_ns: int) -> str:
    """Unix seconds with three decimals, rounded down: `1707966245.678`."""
    seconds, rest_ns = divmod(at_ns, _NS_PER_SECOND)
    return f"{seconds}.{rest_ns // _NS_PER_MS:03d}"


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    """The instant in the given spelling."""
    return iso_timestamp(at_ns) if style is TimestampStyle.ISO else unix_timestamp(at_ns)


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    """Base64 of HMAC-SHA256 over timestamp + METHOD + target + body.

    `target` is the path with its query exactly as sent; `body` is the raw body, empty for a GET.
    """
    prehash = f"{timestamp}{method.upper()}{target}".encode() + body
    return base64.b64encode(hmac.digest(secret.encode(), prehash, hashlib.sha256)).decode("ascii")


def signed_headers(credentials: Credentials, *, timestamp: str, method: str, target: str, body: bytes = b"") -> dict[str, str]:
    """The four OK-ACCESS headers of a private REST request."""
    return {
        "OK-ACCESS-KEY": credentials.api_key,
        "OK-ACCESS-SIGN": sign(credentials.secret, timestamp=timestamp, method=method, target=target, body=body),
        "OK-ACCESS-TIMESTAMP": timestamp,
        "OK-ACCESS-PASSPHRASE": credentials.passphrase,
    }


def login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    """The `args` of a WebSocket login: key, passphrase, Unix seconds with decimals, signature."""
    moment = unix_timestamp(at_ns)
    signature = sign(credentials.secret, timestamp=moment, method=LOGIN_METHOD, target=LOGIN_PATH)
    return [credentials.api_key, credentials.passphrase, moment, signature]
