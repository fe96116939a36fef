"""Tries to connect again every tenth of a second."""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.okcoinjp.connection import StreamTiming
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/240",
        "okcoinjp/books/120",
    }
)


def _at_once(self: StreamTiming, failures: int) -> timedelta:
    return timedelta(milliseconds=100)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        StreamTiming.retry_delay = _at_once
        return await super().stream_open(private)
