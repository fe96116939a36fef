"""Subscribes to changes of the balance alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import channels as names
from mockex.clients.htx import driver_streams
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/streams/080",
        "htx/streams/500",
    }
)
SHOWS_IN = frozenset({"subscribe"})


honest = driver_streams._topic


def topic(channel: str, symbol: str | None, interval_s: int | None) -> str:
    return names.balances(0) if channel == "balances" else honest(channel, symbol, interval_s)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams._topic = topic
        await super().start(settings)
