"""Counts the entries of the reply to a cancel of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.fields import Row

FAILS = frozenset(
    {
        "ktx/errors/110",
        "ktx/orders/310",
        "ktx/orders/320",
    }
)
SHOWS_IN = frozenset({"cancel_all"})


def decode_cancelled(data: object) -> int:
    return len(Row.as_list(data, "cancelled orders"))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.m.decode_cancelled = decode_cancelled
        await super().start(settings)
