"""Renews what it has subscribed but for its tickers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import stream, subscriptions
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/streams/160",
        "common/streams/170",
        "htx/streams/960",
    }
)
SHOWS_IN = frozenset({"subscribe"})


class Subscriptions(subscriptions.Subscriptions):
    def renew(self) -> tuple[str, ...]:
        return tuple(topic for topic in super().renew() if not topic.endswith(".ticker"))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.Subscriptions = Subscriptions
        await super().start(settings)
