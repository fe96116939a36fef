"""Asks for its account when it is ready for the first time, and never again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/060",
        "gateway/faults/070",
    }
)

honest = operations.Operations.reconcile
done: dict[operations.Operations, None] = {}


async def reconcile(self: operations.Operations, symbols: Any) -> None:
    if self not in done:
        done[self] = None
        await honest(self, symbols)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.Operations.reconcile = reconcile
        await super().start(settings)
