"""Takes a stream for open whether or not the venue took connection and login."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS = frozenset(
    {
        "common/auth/310",
        "common/faults/220",
        "common/faults/250",
        "common/streams/140",
        "okcoinjp/auth/110",
        "okcoinjp/streams/040",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        try:
            return await super().stream_open(private)
        except OkcoinError:
            return {}
