"""Waits for the reply to a cancel, whatever is pushed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/170",
    }
)


async def settled(self: operations.Operations, over: asyncio.Future[None]) -> None:
    await asyncio.get_running_loop().create_future()


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.Operations._settled = settled
        await super().start(settings)
