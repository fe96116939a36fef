"""Signs the body before the query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.signing import Credentials

FAILS = frozenset(
    {
        "coinstore/auth/020",
        "coinstore/auth/030",
    }
)
SHOWS_IN = frozenset({"request"})


honest = rest.signed_headers


def signed_headers(credentials: Credentials, *, expires_ms: int, query: str, body: bytes) -> dict[str, str]:
    if query and body:
        query, body = "", body + query.encode()
    return honest(credentials, expires_ms=expires_ms, query=query, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
