"""Throws away the first push after each subscription, as what was known before."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/streams/110",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        await self.work_off()
        known = list(self._pushes)
        result = await super().subscribe(channel, **narrowed)
        await self.work_off()
        for push in list(self._pushes)[len(known) :][:1]:
            self._pushes.remove(push)
        return result
