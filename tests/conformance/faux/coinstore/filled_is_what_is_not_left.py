"""Takes quantity less rest for what is filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/orders/070",
        "coinstore/orders/080",
        "coinstore/orders/120",
        "common/orders/240",
    }
)
SHOWS_IN = frozenset({"order"})


honest = m.decode_order


def decode_order(row: Row) -> m.Order:
    told = honest(row)
    return replace(told, filled_quantity=max(told.quantity - told.remaining_quantity, Decimal(0)))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_order = decode_order
        await super().start(settings)
