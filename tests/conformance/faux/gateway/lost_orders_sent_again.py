"""Sends an order again that was not answered."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import NotSentError, RequestTimeoutError, VenueLostError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/faults/130",
        "gateway/faults/150",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        try:
            return await super().place_order(symbol, side, type, **terms)
        except (RequestTimeoutError, VenueLostError):
            for _ in range(PATIENCE):
                with suppress(NotSentError):
                    return await super().place_order(symbol, side, type, **terms)
                await asyncio.sleep(0.1)  # as impatient bots do, until it is logged in again
            raise


PATIENCE = 5
