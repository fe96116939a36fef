"""Signatures of the HTX spot API: version 2 for REST, 2.1 for the account socket.

Owns: the credentials, the spelling of timestamps, the encoding, the text to sign and its digest.
Must not know: sockets, sessions, the clock (an instant comes in as Unix nanoseconds).
Invariant: the query that is signed is the query that goes on the wire, followed by the signature alone. Bodies are not signed.
Source: HTX document, "Authentication" and "WebSocket Account and Order - Authentication"; htx§1.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

_NS_PER_SECOND = 1_000_000_000

_METHOD = "HmacSHA256"
_REST_VERSION = "2"
_SOCKET_VERSION = "2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """One API key. The secret stays out of `repr`, so that it stays out of logs."""

    api_key: str
    secret: str = field(repr=False)


def timestamp(at_ns: int) -> str:
    """UTC without zone and fraction, rounded down: `2024-01-02T03:04:05`."""
    return datetime.fromtimestamp(at_ns // _NS_PER_SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def encode(text: str) -> str:
    """Percent-encoding of RFC 3986: only letters, digits and `-._~` stay, hexadecimal digits are upper case."""
    return quote(text, safe="")


def canonical_query(params: Iterable[tuple[str, str]]) -> str:
    """Names and values encoded, sorted by name in ASCII order (upper case first), joined with `&`."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(params))


def sign(secret: str, *, method: str, host: str, path: str, query: str) -> str:
    """Base64 of HMAC-SHA256 over method, host, path and query, one a line, without a line feed at the end.

    `query` is in canonical form and holds no signature. `host` is signed in lower case, `method` in upper case.
    """
    payload = "\n".join((method.upper(), host.lower(), path, query))
    return base64.b64encode(hmac.digest(secret.encode(), payload.encode(), hashlib.sha256)).decode("ascii")


def signed_query(
    credentials: Credentials, *, method: str, host: str, path: str, params: Iterable[tuple[str, str]], at_ns: int
) -> str:
    """The query of a private REST request: `params`, the four parameters of authentication, and the signature last."""
    authentication = (
        ("AccessKeyId", credentials.api_key),
        ("SignatureMethod", _METHOD),
        ("SignatureVersion", _REST_VERSION),
        ("Timestamp", timestamp(at_ns)),
    )
    query = canonical_query((*params, *authentication))
    signature = sign(credentials.secret, method=method, host=host, path=path, query=query)
    return f"{query}&Signature={encode(signature)}"


def login_params(credentials: Credentials, *, host: str, path: str, at_ns: int) -> dict[str, str]:
    """The `params` of a login on the account socket. `authType` is not signed, and nothing is encoded: it is JSON."""
    signed = {
        "accessKey": credentials.api_key,
        "signatureMethod": _METHOD,
        "signatureVersion": _SOCKET_VERSION,
        "timestamp": timestamp(at_ns),
    }
    query = canonical_query(signed.items())
    signature = sign(credentials.secret, method="GET", host=host, path=path, query=query)
    return {"authType": "api", **signed, "signature": signature}
