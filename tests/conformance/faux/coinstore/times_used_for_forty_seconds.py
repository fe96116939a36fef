"""Uses the time of a signature for forty seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.signing import Credentials

FAILS = frozenset(
    {
        "coinstore/auth/070",
    }
)
SHOWS_IN = frozenset({"balances", "elapse", "clock"})


used_ms = [0]
honest = rest.signed_headers


def signed_headers(credentials: Credentials, *, expires_ms: int, query: str, body: bytes) -> dict[str, str]:
    if not 0 <= expires_ms - used_ms[0] < 40_000:
        used_ms[0] = expires_ms
    return honest(credentials, expires_ms=used_ms[0], query=query, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        used_ms[0] = 0
        rest.signed_headers = signed_headers
        await super().start(settings)
