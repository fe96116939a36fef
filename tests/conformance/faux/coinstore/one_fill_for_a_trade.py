"""Keeps one fill for each trade."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/fills/030",
    }
)


class Driver(Reference):
    async def fills(self, **narrowed: Any) -> Fields:
        told: Any = await super().fills(**narrowed)
        return {"fills": list({each["trade_id"]: each for each in told["fills"]}.values())}
