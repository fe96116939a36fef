"""Connects anew, and subscribes to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import stream, subscriptions
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/books/120",
        "common/faults/230",
        "common/faults/240",
        "common/faults/270",
        "common/streams/160",
        "common/streams/170",
        "common/streams/180",
        "common/streams/190",
        "common/streams/210",
        "htx/books/110",
        "htx/books/130",
        "htx/books/150",
        "htx/streams/170",
        "htx/streams/960",
    }
)
SHOWS_IN = frozenset({"book_watch", "subscribe"})


class Subscriptions(subscriptions.Subscriptions):
    def renew(self) -> tuple[str, ...]:
        return ()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.Subscriptions = Subscriptions
        await super().start(settings)
