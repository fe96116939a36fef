"""Takes what a push says is held for what is held besides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/130",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.known: dict[str, Decimal] = {}
        return await super().stream_open(private)

    async def next_event(self, channel: str, **asked: Any) -> Fields:
        """What changed since the last push is taken from what the last order cost."""
        told = await super().next_event(channel, **asked)
        for row in (told["event"] or {}).get("balances", ()):
            one = Decimal(row["held"])
            known = self.known.setdefault(row["currency"], Decimal(0))
            orders = len(await self.api.trading.open_orders())
            self.known[row["currency"]] = max(known, one / orders if orders > 1 else one)
            row["held"] = f"{self.known[row['currency']]:f}"
        return told
