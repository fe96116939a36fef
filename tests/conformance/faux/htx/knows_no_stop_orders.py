"""Cannot read stop orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import errors as e
from mockex.clients.htx import fields, trading
from mockex.clients.htx import trading_models as tm
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/orders/300",
        "htx/orders/310",
        "htx/orders/320",
    }
)
SHOWS_IN = frozenset({"open_orders", "order", "orders"})


honest = trading.m.decode_order


def decode_order(row: fields.Row) -> tm.Order:
    if "-stop-" in row.text("type"):
        raise e.MalformedReplyError("an order of no known type")
    return honest(row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.m.decode_order = decode_order
        await super().start(settings)
