"""Sends a cancel a second time to be sure."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import GatewayError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/faults/160",
    }
)


class Driver(Reference):
    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        told = await super().cancel_order(symbol, order_id, client_id)
        with suppress(GatewayError):
            await super().cancel_order(symbol, order_id, client_id)
        return told
