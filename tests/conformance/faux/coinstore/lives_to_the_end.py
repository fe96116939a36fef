"""Lets the venue end its connections."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from mockex.clients.coinstore import driver_streams
from mockex.clients.coinstore.connection import StreamTiming
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/streams/080",
    }
)
SHOWS_IN = frozenset({"elapse"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams.StreamTiming = partial(StreamTiming, renew_after=timedelta(hours=25))
        await super().start(settings)
