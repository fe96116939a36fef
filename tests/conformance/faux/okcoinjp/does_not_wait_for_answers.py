"""Sends a subscription and takes it for granted."""

from __future__ import annotations

import asyncio
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/400",
        "common/faults/260",
        "common/streams/110",
        "okcoinjp/streams/080",
        "okcoinjp/streams/090",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        subscribing = asyncio.ensure_future(super().subscribe(channel, **narrowed))
        subscribing.add_done_callback(lambda done: done.cancelled() or done.exception())
        await self.work_off()
        return {}
