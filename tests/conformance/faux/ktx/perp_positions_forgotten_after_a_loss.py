"""Wants no positions any more once a connection was lost."""

from __future__ import annotations

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.events import Disconnected, StreamEvent

FAILS = frozenset(
    {
        "ktx/streams/600",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Disconnected):
            self._subscribed = {(channel, of) for channel, of in self._subscribed if channel != "positions"}
        super()._keep(event)
