"""Tells refused topics without the venue's code."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields
from mockex.clients.htx.errors import HtxError

FAILS = frozenset(
    {
        "common/errors/400",
        "htx/streams/050",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        try:
            return await super().subscribe(channel, **of)
        except HtxError as error:
            raise HtxError("no such topic") from error
