"""Escapes what stands in a path."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/market/050",
    }
)


class Driver(Reference):
    async def request(self, method: str, path: str, **more: Any) -> Fields:
        return await super().request(method, quote(path), **more)
