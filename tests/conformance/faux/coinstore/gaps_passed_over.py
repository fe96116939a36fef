"""Passes over gaps in the numbers of frames."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import frames
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/books/010",
    }
)
SHOWS_IN = frozenset({"book_view"})


def take(self: frames.FrameCounter, row: Row) -> None:
    """Notices nothing."""


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        frames.FrameCounter.take = take
        await super().start(settings)
