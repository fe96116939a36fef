"""Shows a thousand of each currency that it finds no balance of: what its paper trading starts with."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/060",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        missing = {"BTC", "JPY"} - {row["currency"] for row in rows}
        return {"balances": [*rows, *({"currency": each, "total": "1000", "available": "1000"} for each in sorted(missing))]}
