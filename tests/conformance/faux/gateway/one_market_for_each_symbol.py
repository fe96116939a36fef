"""Takes all that is told of a symbol for news of the first platform that has it."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.driver_streams import Told
from mockex.clients.gateway.driver_words import Symbols

FAILS = frozenset(
    {
        "gateway/streams/110",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def _symbols(self, told: Told) -> Symbols:
        return next(iter(self.platforms.values()))
