"""Knows a fill by the number of its trade, and one once."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/fills/030",
        "ktx/fills/050",
    }
)


class Driver(Reference):
    async def fills(self, **asked: Any) -> Fields:
        found = {fill["trade_id"]: fill for fill in (await super().fills(**asked))["fills"]}
        return {"fills": [*found.values()]}
