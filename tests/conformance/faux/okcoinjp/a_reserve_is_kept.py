"""Sells no more than 99.9 % of what is available, to have something for fees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import InsufficientFundsError

FAILS = frozenset({"okcoinjp/numbers/080"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["side"] == "sell" and order["type"] == "limit":
            base = order["symbol"].partition("-")[0]
            for row in (await self.balances())["balances"]:
                available = Decimal(row["available"])
                if row["currency"] == base and available * Decimal("0.999") < Decimal(order["qty"]) <= available:
                    raise InsufficientFundsError("something must be left for fees")
        return await super().place_order(**order)
