"""Reads the time of a change as milliseconds, and believes no change before the order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/numbers/020",
        "coinstore/orders/070",
        "coinstore/orders/080",
        "coinstore/orders/110",
        "coinstore/orders/120",
        "common/faults/100",
        "common/numbers/230",
        "common/orders/210",
        "common/orders/220",
        "common/orders/240",
    }
)
SHOWS_IN = frozenset({"order"})


honest = m.decode_order


def decode_order(row: Row) -> m.Order:
    if not row.blank("orderUpdateTime") and row.milliseconds("orderUpdateTime") < row.milliseconds("timestamp"):
        raise Row.malformed("the order was changed before it was placed")
    return honest(row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_order = decode_order
        await super().start(settings)
