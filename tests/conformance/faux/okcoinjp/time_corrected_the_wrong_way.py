"""Corrects its clock by the difference to the venue's the wrong way round."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/faults/150",
        "common/faults/160",
        "common/time/020",
        "common/time/030",
        "common/time/040",
    }
)


class Driver(Reference):
    async def sync_time(self) -> Fields:
        await super().sync_time()
        self.api.clock._offset_ns *= -1
        return {}
