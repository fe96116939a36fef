"""Serialises the body a second time for the signature."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import rest
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.signing import Credentials

FAILS = frozenset(
    {
        "coinstore/auth/040",
    }
)
SHOWS_IN = frozenset({"request"})


honest = rest.signed_headers


def signed_headers(credentials: Credentials, *, expires_ms: int, query: str, body: bytes) -> dict[str, str]:
    again = json.dumps(json.loads(body), sort_keys=True).encode() if body and not query else body
    return honest(credentials, expires_ms=expires_ms, query=query, body=again)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.signed_headers = signed_headers
        await super().start(settings)
