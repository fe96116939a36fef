"""Takes numbers of decimals for steps."""

from __future__ import annotations

from mockex.clients.coinstore import driver_words as w
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/numbers/030",
        "common/reference/020",
        "common/reference/030",
    }
)


class Driver(Reference):
    async def instruments(self) -> Fields:
        told = [
            {**row, "tick_size": str(each.price_decimals), "lot_size": str(each.quantity_decimals)}
            for each in await self.api.reference.symbols()
            for row in [w.instrument_fields(each)]
        ]
        return {"instruments": told}
