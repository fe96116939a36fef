"""Insists on the time of a position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import operations
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.fields import Row
from mockex.clients.gateway.models import Position

FAILS = frozenset(
    {
        "gateway/faults/190",
    }
)

honest = operations.decode_position


def decode_position(row: Row, symbol: str | None = None) -> Position:
    row.milliseconds("utime")
    return honest(row, symbol)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        operations.decode_position = decode_position
        await super().start(settings)
