"""Reads an order as an object alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/orders/090",
    }
)
SHOWS_IN = frozenset({"order"})


def decode_one_order(data: object) -> m.Order:
    return m.decode_order(Row.of(data, "order"))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_one_order = decode_one_order
        await super().start(settings)
