"""Tries a refused login again and again, at once."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import AuthenticationError

ATTEMPTS = 8

FAILS = frozenset(
    {
        "common/streams/150",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        for _ in range(ATTEMPTS):
            try:
                return await super().stream_open(private)
            except AuthenticationError as error:
                refusal = error
        raise refusal
