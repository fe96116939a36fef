"""Does not say when a request expires."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/time/010",
        "common/time/070",
        "ktx/auth/090",
    }
)
SHOWS_IN = frozenset({"balances", "place_order", "clock", "open_orders", "request"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        await super().start(settings)
        self.api.rest._expiry_ms = None
