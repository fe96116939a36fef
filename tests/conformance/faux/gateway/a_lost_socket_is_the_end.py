"""Does not come back when its socket is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import client
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/200",
        "gateway/faults/210",
        "gateway/faults/220",
        "gateway/faults/230",
        "gateway/faults/240",
    }
)

honest = client.GatewayClient._on_lost


def on_lost(self: client.GatewayClient, error: Exception) -> None:
    self._url = "ws://127.0.0.1:9/"
    honest(self, error)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        client.GatewayClient._on_lost = on_lost
        await super().start(settings)
