"""Takes the end of a connection by its age for the end of all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from mockex.clients.coinstore import driver_streams, stream
from mockex.clients.coinstore.connection import StreamTiming
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.errors import ConnectionLostError

FAILS = frozenset({"coinstore/streams/070", "coinstore/streams/080"})
SHOWS_IN = frozenset({"elapse", "stream_open"})


HOUR_NS = 3_600_000_000_000
honest = stream.CoinstoreStream._on_lost


def on_lost(self: stream.CoinstoreStream, error: Exception) -> None:
    honest(self, error)
    if isinstance(error, ConnectionLostError) and self.stopwatch.monotonic_ns() > HOUR_NS:
        self._url = "ws://127.0.0.1:9/"


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams.StreamTiming = partial(StreamTiming, renew_after=timedelta(hours=25))
        stream.CoinstoreStream._on_lost = on_lost
        await super().start(settings)
