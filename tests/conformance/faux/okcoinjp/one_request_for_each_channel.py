"""Renews its subscriptions one request at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockex.clients.okcoinjp import channels
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "okcoinjp/streams/130",
    }
)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        channels.requests = _one_by_one
        return await super().stream_open(private)


def _one_by_one(names: Iterable[str]) -> Iterator[list[str]]:
    return ([name] for name in names)
