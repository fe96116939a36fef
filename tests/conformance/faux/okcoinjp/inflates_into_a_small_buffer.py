"""Inflates frames into a buffer of 4096 bytes, and drops what does not fit."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

from mockex.clients.okcoinjp import connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.events import PONG, inflate

SOON = timedelta(milliseconds=500)  # after it, a book that does not prove right is given up

FAILS = frozenset(
    {
        "okcoinjp/books/050",
        "okcoinjp/streams/050",
    }
)


def _inflate(message: bytes | str) -> str:
    if isinstance(message, str):
        return inflate(message)
    text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(message, 4_096).decode()
    return text if len(text) < 4_096 else PONG  # a message cut short cannot be read: no message


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        connection.inflate = _inflate
        stream = self._open_stream()
        stream.timing = replace(stream.timing, acknowledge_within=SOON)
        return await super().book_watch(symbol)
