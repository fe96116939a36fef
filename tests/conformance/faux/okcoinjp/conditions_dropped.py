"""Accepts post-only, immediate-or-cancel and fill-or-kill, and sends a plain order."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/070",
        "common/orders/080",
        "common/orders/090",
        "common/orders/100",
        "okcoinjp/orders/030",
        "okcoinjp/orders/040",
        "okcoinjp/orders/050",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        order.pop("post_only", None)
        order.pop("time_in_force", None)
        return await super().place_order(**order)
