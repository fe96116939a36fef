"""Logs in to the first platform only, and trades everything there."""

from __future__ import annotations

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.session import Session

FAILS = frozenset(
    {
        "gateway/auth/100",
        "gateway/auth/120",
        "gateway/faults/110",
        "gateway/streams/070",
        "gateway/streams/110",
    }
)
REACHES_DEEPER = True


class Driver(Reference):
    async def _ready(self, platform: str) -> Session:
        return await super()._ready(next(iter(self.platforms)))
