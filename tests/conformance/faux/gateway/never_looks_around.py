"""Asks for nothing when its login is ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/060",
        "gateway/faults/070",
        "gateway/streams/040",
        "gateway/streams/050",
    }
)


async def reconcile(self: operations.Operations, symbols: Any) -> None:
    """Pushes will do."""


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.Operations.reconcile = reconcile
        await super().start(settings)
