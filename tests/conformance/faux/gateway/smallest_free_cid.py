"""Gives an id to the next request as soon as it is free again."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import requests
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.clock import Stopwatch

FAILS = frozenset(
    {
        "gateway/streams/900",
    }
)


class Free:
    """Stands for the count of requests."""

    def __init__(self, unanswered: Mapping[str, Any]) -> None:
        self.unanswered = unanswered

    def __next__(self) -> int:
        return next(n for n in itertools.count(1) if str(n) not in self.unanswered)


honest = requests.Requests.__init__


def begin(self: requests.Requests, stopwatch: Stopwatch) -> None:
    honest(self, stopwatch)
    self._ids = Free(self._unanswered)  # type: ignore[assignment]


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        requests.Requests.__init__ = begin
        await super().start(settings)
