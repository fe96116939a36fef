"""Sends a hundred-thousandth of the amount of a market buy as its quantity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/orders/050",
        "gateway/orders/050",
        "gateway/orders/060",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, notional: str | None = None, **terms: Any) -> Fields:
        if notional is not None:
            notional = f"{Decimal(notional) / PRICE:f}"
        return await super().place_order(symbol, side, type, notional=notional, **terms)


PRICE = 100_000
