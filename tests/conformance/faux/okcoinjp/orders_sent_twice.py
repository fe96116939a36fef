"""Sends an order again when the first reply came at once: a retry loop that never leaves after success."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "common/balances/030",
        "common/balances/050",
        "common/errors/130",
        "common/errors/330",
        "common/errors/340",
        "common/faults/100",
        "common/faults/130",
        "common/faults/140",
        "common/faults/170",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/280",
        "common/fills/010",
        "common/fills/020",
        "common/fills/030",
        "common/fills/040",
        "common/numbers/210",
        "common/numbers/220",
        "common/numbers/230",
        "common/numbers/250",
        "common/orders/030",
        "common/orders/040",
        "common/orders/090",
        "common/orders/110",
        "common/orders/210",
        "common/orders/220",
        "common/orders/240",
        "common/orders/250",
        "common/orders/260",
        "common/orders/280",
        "common/orders/300",
        "common/orders/310",
        "common/orders/320",
        "common/orders/430",
        "common/orders/440",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "okcoinjp/numbers/020",
        "okcoinjp/numbers/030",
        "okcoinjp/numbers/050",
        "okcoinjp/numbers/080",
        "okcoinjp/orders/010",
        "okcoinjp/orders/020",
        "okcoinjp/orders/030",
        "okcoinjp/orders/040",
        "okcoinjp/orders/050",
        "okcoinjp/orders/910",
        "okcoinjp/streams/140",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        await super().place_order(**order)
        return await super().place_order(**order)
