"""Inflates frames into a buffer of 4096 bytes, and drops what does not fit."""

from __future__ import annotations

import zlib
from datetime import timedelta

from mockex.clients.okcoinjp import connection
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.events import PONG, inflate

FAILS: frozenset[str] = frozenset()


def _inflate(message: bytes | str) -> str:
    if isinstance(message, str):
        return inflate(message)
    text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(message, 4_096).decode()
    return text if len(text) < 4_096 else PONG  # a message cut short cannot be read: no message


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        connection.inflate = _inflate
        self.timeout = timedelta(milliseconds=500)  # so that the missing book is given up soon
        return await super().stream_open(private)
