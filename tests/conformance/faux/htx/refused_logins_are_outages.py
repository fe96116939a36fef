"""Tells a refused login as an outage."""

from __future__ import annotations

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/310",
        "common/streams/140",
        "htx/streams/420",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        try:
            return await super().stream_open(private)
        except e.AuthenticationError as error:
            raise e.UnavailableError("no login") from error
