"""Works out what is held from its open orders, without the fee."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "ktx/balances/010",
        "ktx/balances/030",
        "ktx/balances/050",
        "ktx/balances/500",
        "ktx/balances/510",
        "ktx/balances/520",
        "ktx/balances/530",
        "ktx/errors/110",
        "ktx/funding/520",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        held: Counter[str] = Counter()
        for order in await self.api.trading.open_orders():
            base, _, quote = order.symbol.removesuffix("_SWAP").partition("_")
            left = order.quantity - order.filled_quantity
            held[base if order.side == "sell" else quote] += left if order.side == "sell" else left * (order.price or 0)
        rows = (await super().balances())["balances"]
        return {"balances": [{**row, "held": w.text(Decimal(held[row["currency"]]))} for row in rows]}
