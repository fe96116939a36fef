"""Asks for the book anew at every wrong checksum, as often as there is one."""

from __future__ import annotations

from datetime import timedelta

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

PAUSE = timedelta(milliseconds=200)

FAILS = frozenset(
    {
        "okcoinjp/books/120",
    }
)


class _Impatient:
    """The times of a stream, but for the pause before a renewal."""

    def __init__(self, timing: object) -> None:
        self._timing = timing

    def __getattr__(self, name: str) -> object:
        return getattr(self._timing, name)

    def retry_delay(self, failures: int) -> timedelta:
        return PAUSE


class Driver(Reference):
    async def book_watch(self, symbol: str) -> Fields:
        stream = self._open_stream()
        if not isinstance(stream.timing, _Impatient):
            stream.timing = _Impatient(stream.timing)
        return await super().book_watch(symbol)
