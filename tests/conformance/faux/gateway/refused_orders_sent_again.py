"""Sends a refused order once more."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import RequestRefusedError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/errors/010",
        "gateway/errors/020",
        "gateway/errors/030",
        "gateway/errors/050",
        "gateway/errors/070",
        "gateway/faults/120",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        try:
            return await super().place_order(symbol, side, type, **terms)
        except RequestRefusedError:
            return await super().place_order(symbol, side, type, **terms)
