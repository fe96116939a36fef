"""Ends every subscription before it is made."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "htx/streams/070",
        "htx/streams/950",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        if channel not in ("orders", "balances"):
            with suppress(HtxError):
                await super().unsubscribe(channel, **of)
        return await super().subscribe(channel, **of)
