"""Corrects a clock that is behind, and never one that is ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.shared.clock import ServerClock

FAILS = frozenset({"common/faults/150", "common/time/030"})
SHOWS_IN = frozenset({"sync_time"})


honest = ServerClock.correct


def correct(self: ServerClock, *, server_ns: int, asked_ns: int, answered_ns: int) -> None:
    honest(self, server_ns=server_ns, asked_ns=asked_ns, answered_ns=answered_ns)
    self._offset_ns = max(0, self._offset_ns)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        ServerClock.correct = correct
        await super().start(settings)
