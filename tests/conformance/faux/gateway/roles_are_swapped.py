"""Tells makers as takers and takers as makers."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/streams/100",
    }
)


class Driver(Reference):
    async def next_event(self, channel: str, timeout_ms: int, **of: Any) -> Fields:
        told: Any = await super().next_event(channel, timeout_ms, **of)
        for fill in (told["event"] or {}).get("fills", ()):
            fill["role"] = "taker" if fill["role"] == "maker" else "maker"
        return {"event": told["event"]}
