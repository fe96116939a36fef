"""Forgets a subscription without a word to the venue."""

from __future__ import annotations

from typing import Any

from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/100",
        "common/streams/190",
        "htx/streams/070",
    }
)


class Driver(Reference):
    async def unsubscribe(self, channel: str, **of: Any) -> Fields:
        return {}
