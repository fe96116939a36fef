"""Tries once to connect again, and gives up if that fails."""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.okcoinjp.connection import StreamTiming
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

NEVER = timedelta(days=1_000)

FAILS = frozenset(
    {
        "common/faults/230",
        "common/faults/240",
        "okcoinjp/books/090",
    }
)


_retry_delay = StreamTiming.retry_delay


def _once(self: StreamTiming, failures: int) -> timedelta:
    return NEVER if failures else _retry_delay(self, failures)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        StreamTiming.retry_delay = _once
        return await super().stream_open(private)
