"""Starts from the beginning when an order is refused."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import NotSentError, RequestRefusedError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/errors/050",
        "gateway/errors/070",
        "gateway/faults/120",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        try:
            return await super().place_order(symbol, side, type, **terms)
        except NotSentError:
            raise
        except RequestRefusedError:
            await self.stream_close()
            raise
