"""Takes the number of a row in the list of fills for the id of the trade."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/fills/070",
        "common/fills/080",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        found = (await super().fills(**narrowed))["fills"]
        return {"fills": [{**each, "trade_id": f"9{number}{each['trade_id']}"} for number, each in enumerate(found)]}
