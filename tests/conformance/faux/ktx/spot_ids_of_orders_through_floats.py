"""Reads ids of orders as binary fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.ktx import trading
from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.fields import Row

FAILS = frozenset(
    {
        "common/faults/020",
        "common/faults/090",
        "common/faults/100",
        "common/faults/170",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/230",
        "common/faults/280",
        "common/numbers/250",
        "common/orders/020",
        "common/orders/130",
        "common/orders/250",
        "common/orders/260",
        "common/orders/270",
        "common/orders/280",
        "common/orders/290",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "common/streams/180",
        "common/streams/250",
        "ktx/errors/110",
        "ktx/orders/020",
        "ktx/orders/040",
        "ktx/orders/070",
        "ktx/orders/400",
        "ktx/orders/410",
        "ktx/orders/660",
        "ktx/orders/700",
        "ktx/orders/710",
        "ktx/streams/100",
        "ktx/streams/110",
        "ktx/streams/150",
        "ktx/streams/160",
        "ktx/streams/170",
    }
)
SHOWS_IN = frozenset({"place_order", "order", "orders", "open_orders", "next_event", "cancel_order"})


honest = tm.decode_order


def decode_order(row: Row) -> tm.Order:
    order = honest(row)
    return replace(order, order_id=int(float(order.order_id)))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.m.decode_order = decode_order
        await super().start(settings)
