"""Places nothing while its clock is more than 20 s off."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/limits/110", "okcoinjp/time/010"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        now_ms = (await self.server_time())["time_ms"]
        if abs(now_ms - self.api.clock.now_ns() // 1_000_000) > 20_000:
            raise ValueError("the clock is off")
        return await super().place_order(**order)
