"""Opens another account socket for balances."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "htx/streams/510",
    }
)
SHOWS_IN = frozenset({"subscribe"})


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        if channel == "balances" and "spare" not in self.__dict__:
            self.__dict__["spare"] = self.api.account_stream(self.ws_urls[Address.ACCOUNT])
            await self.__dict__["spare"].start()
        return await super().subscribe(channel, **of)

    async def stop(self) -> None:
        if "spare" in self.__dict__:
            await self.__dict__["spare"].close()
        await super().stop()
