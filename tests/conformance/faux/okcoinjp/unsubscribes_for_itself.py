"""Hides the events of an ended subscription, and leaves the venue sending them."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/100",
        "common/streams/190",
    }
)


class Driver(Reference):
    async def unsubscribe(self, channel: str, **narrowed: Any) -> Fields:
        return {}
