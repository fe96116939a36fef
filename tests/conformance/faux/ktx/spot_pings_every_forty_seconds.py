"""Sends its pings in time for the market's socket alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mockex.clients.ktx import driver_streams
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/100",
    }
)
SHOWS_IN = frozenset({"stream_open"})


honest = driver_streams.StreamTiming


def timing(**given: Any) -> driver_streams.StreamTiming:
    return honest(ping_every=timedelta(seconds=40), **given)


class Driver(Reference):
    """Waits for pongs no more once time passes: each of those pings would be a sign of life."""

    paced = False

    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams.StreamTiming = timing
        self.paced = False
        await super().start(settings)

    async def elapse(self, ms: int) -> Fields:
        self.paced = True
        return await super().elapse(ms)

    async def work_off(self) -> None:
        if self.paced:
            await asyncio.sleep(0.02)  # for what has been sent already, since no pong is awaited that would come after it
        else:
            await super().work_off()
