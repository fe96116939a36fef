"""Renews its first topic, and no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import stream, subscriptions
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/streams/160",
        "common/streams/170",
        "htx/books/130",
        "htx/streams/960",
    }
)
SHOWS_IN = frozenset({"book_watch", "subscribe"})


class Subscriptions(subscriptions.Subscriptions):
    def renew(self) -> tuple[str, ...]:
        return super().renew()[:1]


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.Subscriptions = Subscriptions
        await super().start(settings)
