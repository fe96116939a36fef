"""Takes no notice of what is pushed while the login is not ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.frames import Notice
from mockex.clients.gateway.states import Phase

FAILS = frozenset(
    {
        "gateway/faults/060",
        "gateway/faults/070",
        "gateway/faults/080",
        "gateway/faults/090",
        "gateway/streams/040",
        "gateway/streams/050",
    }
)

honest = operations.Operations.on_notice


def on_notice(self: operations.Operations, notice: Notice) -> None:
    if self._session.phase is Phase.READY:
        honest(self, notice)


async def reconcile(self: operations.Operations, symbols: Any) -> None:
    """What is pushed will do."""


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.Operations.on_notice = on_notice
        operations.Operations.reconcile = reconcile
        await super().start(settings)
