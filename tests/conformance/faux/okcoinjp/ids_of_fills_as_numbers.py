"""Reads the ids of orders in fills as binary fractions."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/010",
        "common/fills/040",
        "common/fills/060",
        "common/numbers/250",
    }
)


class Driver(Reference):
    async def fills(self, **wanted: Any) -> Fields:
        rows = (await super().fills(**wanted))["fills"]
        return {"fills": [{**row, "order_id": str(float(row["order_id"]))} for row in rows]}
