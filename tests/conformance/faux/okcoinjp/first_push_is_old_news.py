"""Throws away the first push after each subscription, as what was known before."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.events import Push, StreamEvent

FAILS = frozenset(
    {
        "okcoinjp/streams/110",
    }
)


class Driver(Reference):
    _subscribing = False

    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        await self.work_off()
        self._subscribing = True
        try:
            result = await super().subscribe(channel, **narrowed)
            await self.work_off()
        finally:
            self._subscribing = False
        return result

    def _keep(self, event: StreamEvent) -> None:
        if self._subscribing and isinstance(event, Push):
            self._subscribing = False
        else:
            super()._keep(event)
