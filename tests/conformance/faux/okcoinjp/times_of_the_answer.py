"""Dates fills and entries by the moment at which it heard of them."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/time/110", "common/time/120"})


class Driver(Reference):
    async def fills(self, **wanted: Any) -> Fields:
        now_ms = (await self.server_time())["time_ms"]
        return {"fills": [{**fill, "time_ms": now_ms} for fill in (await super().fills(**wanted))["fills"]]}

    async def ledger(self, **wanted: Any) -> Fields:
        now_ms = (await self.server_time())["time_ms"]
        return {"entries": [{**entry, "time_ms": now_ms} for entry in (await super().ledger(**wanted))["entries"]]}
