"""Gives every request the same id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import stream, subscriptions
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/streams/040",
        "htx/streams/940",
    }
)
SHOWS_IN = frozenset({"book_watch", "subscribe"})


class Subscriptions(subscriptions.Subscriptions):
    def _next_id(self) -> str:
        return "1"


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.Subscriptions = Subscriptions
        await super().start(settings)
