"""Asks for its accounts without a signature first."""

from __future__ import annotations

from contextlib import suppress

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/auth/910",
    }
)


class Driver(Reference):
    async def balances(self) -> Fields:
        with suppress(HtxError):
            await self.api.rest.get_public("/v1/account/accounts")
        return await super().balances()
