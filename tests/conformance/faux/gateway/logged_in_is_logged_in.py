"""Takes a login that is refused as a repetition for done."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import AlreadyLoggedInError
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/auth/070",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        with suppress(AlreadyLoggedInError):
            return await super().stream_open(private)
        return {}
