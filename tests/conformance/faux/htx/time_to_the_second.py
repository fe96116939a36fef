"""Cuts the time of the venue to seconds."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/reference/040",
        "htx/reference/070",
    }
)


class Driver(Reference):
    async def server_time(self) -> Fields:
        return {"time_ms": (await super().server_time())["time_ms"] // 1_000 * 1_000}
