"""Remembers every subscription that it ever made, and renews them all."""

from __future__ import annotations

from collections.abc import Iterable

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.subscriptions import Subscriptions

FAILS = frozenset(
    {
        "common/streams/190",
    }
)


def _keep(self: Subscriptions, channels: Iterable[str]) -> None:
    """Gives nothing up."""


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        Subscriptions.give_up = _keep
        return await super().stream_open(private)
