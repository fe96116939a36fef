"""Takes every login that fails for a wrong key."""

from __future__ import annotations

from mockex.clients.htx import errors as e
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/faults/050",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        try:
            return await super().stream_open(private)
        except HtxError as error:
            raise e.AuthenticationError("no login", code=error.code) from error
