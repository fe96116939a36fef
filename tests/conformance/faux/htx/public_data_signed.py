"""Signs requests for public data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import rest
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/auth/090",
        "htx/auth/940",
    }
)
SHOWS_IN = frozenset(
    {
        "book",
        "candles",
        "currencies",
        "instruments",
        "server_time",
        "sync_time",
        "ticker",
        "tickers",
        "trades",
        "withdrawal_fees",
    }
)


async def get_public(self: rest.RestTransport, path: str, params: rest.Params = ()) -> rest.Reply:
    if self._credentials is None:
        return await self.send("GET", rest.encode_target(path, params))
    return await self.get_private(path, params)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.get_public = get_public
        await super().start(settings)
