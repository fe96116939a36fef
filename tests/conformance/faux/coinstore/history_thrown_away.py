"""Throws away trades that come many at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_streams
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.events import Push
from mockex.clients.coinstore.market_models import TradeHistory

FAILS = frozenset(
    {
        "coinstore/streams/010",
    }
)
SHOWS_IN = frozenset({"next_event"})


honest = driver_streams._channel_of


def channel_of(push: Push) -> str | None:
    return None if isinstance(push.value, TradeHistory) else honest(push)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_streams._channel_of = channel_of
        await super().start(settings)
