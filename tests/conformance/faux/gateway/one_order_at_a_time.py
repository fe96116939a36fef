"""Sends an order when the one before it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.driver_errors import error_fields
from mockex.clients.gateway.errors import GatewayError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/streams/060",
        "gateway/streams/070",
        "gateway/streams/080",
    }
)


class Driver(Reference):
    async def place_together(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        told = []
        for order in orders:
            try:
                told.append(await self.place_order(**order))
            except GatewayError as error:
                told.append({"error": error_fields(error)})
        return {"outcomes": told}
