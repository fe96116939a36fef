"""Sends prices and amounts as JSON numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import trading
from mockex.clients.htx import trading_models as tm
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "htx/numbers/060",
        "htx/numbers/900",
    }
)
SHOWS_IN = frozenset({"place_order", "place_orders"})


honest = trading.m.encode_order


def encode_order(order: tm.NewOrder) -> dict[str, object]:
    sent = honest(order)
    return {name: float(str(value)) if name in ("price", "amount") else value for name, value in sent.items()}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading.m.encode_order = encode_order
        await super().start(settings)
