"""Tells balances when it is asked, and none that are pushed."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.events import AssetUpdate, GatewayEvent

FAILS = frozenset(
    {
        "common/streams/080",
        "gateway/balances/060",
        "gateway/faults/090",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    def keep(self, event: GatewayEvent) -> None:
        if not isinstance(event, AssetUpdate):
            super().keep(event)
