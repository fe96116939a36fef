"""Tells what the venue refuses on the stream in words of its own, without the code."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "okcoinjp/streams/040",
        "okcoinjp/streams/080",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        try:
            return await super().stream_open(private)
        except OkcoinError as error:
            error.code = None
            raise

    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        try:
            return await super().subscribe(channel, **narrowed)
        except OkcoinError as error:
            error.code = None
            raise
