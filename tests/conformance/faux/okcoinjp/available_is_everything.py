"""Takes the whole balance for available, held or not."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "common/balances/030",
        "common/numbers/210",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        return {"balances": [{**row, "available": row["total"], "held": "0"} for row in rows]}
