"""Takes the first trade of a message for the only one."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/streams/010",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, **asked: Any) -> Fields:
        told = await super().next_event(channel, **asked)
        if channel == "trades" and told["event"] is not None:
            del told["event"]["trades"][1:]
        return told
