"""Sends every plain limit order as immediate-or-cancel."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "common/balances/030",
        "common/balances/050",
        "common/errors/120",
        "common/faults/100",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/280",
        "common/fills/040",
        "common/limits/060",
        "common/numbers/210",
        "common/numbers/220",
        "common/numbers/250",
        "common/orders/110",
        "common/orders/200",
        "common/orders/210",
        "common/orders/230",
        "common/orders/240",
        "common/orders/250",
        "common/orders/260",
        "common/orders/280",
        "common/orders/300",
        "common/orders/310",
        "common/orders/430",
        "common/orders/440",
        "common/streams/050",
        "common/streams/060",
        "common/streams/080",
        "common/time/110",
        "okcoinjp/orders/070",
        "okcoinjp/orders/110",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "limit" and not order.get("post_only"):
            order.setdefault("time_in_force", "ioc")
        return await super().place_order(**order)
