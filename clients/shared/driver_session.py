"""What the sessions of all drivers have in common: the time that a client lives in, and a relayed answer of the venue.

Owns the clock and the time of a session. Must not know clients, streams or requests.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from .driver_time import HandDrivenTime, OffsetClock
from .driver_values import Fields


class SessionOperations(ABC):
    """A part of a driver. `time` and `timeout` are there from `begin` on."""

    time: HandDrivenTime
    timeout: timedelta

    def __init__(self) -> None:
        super().__init__()
        self._clock = OffsetClock(0)

    def begin(self, settings: Mapping[str, Any]) -> None:
        """A session with these settings."""
        self._clock = OffsetClock(settings["clock_offset_ms"])
        self.time = HandDrivenTime()
        self.timeout = timedelta(milliseconds=settings["timeout_ms"])

    @abstractmethod
    async def work_off(self) -> None:
        """Returns once all that the venue has sent so far is worked off."""

    async def settle(self) -> Fields:
        await self.work_off()
        return {}

    async def elapse(self, ms: int) -> Fields:
        if ms < 0:
            raise ValueError("time does not run backwards")
        await self.time.elapse(ms, self.work_off)
        return {}

    def clock(self, offset_ms: int) -> Fields:
        self._clock.offset_ms = offset_ms
        return {}


def relayed(status: int, body: bytes) -> Fields:
    """The venue's answer as it is; text if it is no JSON."""
    try:
        answered = orjson.loads(body)
    except orjson.JSONDecodeError:
        answered = body.decode("utf-8", "replace")
    return {"status": status, "body": answered}
