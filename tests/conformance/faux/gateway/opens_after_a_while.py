"""Takes a stream for open when its login has not become ready within a while, and has not failed either."""

from __future__ import annotations

import asyncio

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset({"gateway/faults/020"})
SHOWS_IN = frozenset({"stream_open"})

A_WHILE_S = 0.8


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        self.opening = asyncio.ensure_future(super().stream_open(private))
        await asyncio.wait({self.opening}, timeout=A_WHILE_S)
        return self.opening.result() if self.opening.done() else {}

    async def stop(self) -> None:
        if hasattr(self, "opening"):
            self.opening.cancel()
            await asyncio.wait({self.opening})
        await super().stop()
