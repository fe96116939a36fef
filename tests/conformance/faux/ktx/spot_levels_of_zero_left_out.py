"""Leaves levels of quantity zero out of what it hands on."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/books/070",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, **asked: Any) -> Fields:
        told = await super().next_event(channel, **asked)
        if channel == "book" and told["event"] is not None:
            book = told["event"]["book"]
            told["event"]["book"] = {
                **book,
                **{side: [row for row in book[side] if row[1] != "0"] for side in ("bids", "asks")},
            }
        return told
