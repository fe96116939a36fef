"""Tells short positions above zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import driver_words
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/balances/030",
        "gateway/streams/120",
    }
)

honest = driver_words.position_fields


def position_fields(*terms: Any, **more: Any) -> list[Fields]:
    return [{**row, "qty": str(row["qty"]).lstrip("-")} for row in honest(*terms, **more)]


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.position_fields = position_fields
        await super().start(settings)
