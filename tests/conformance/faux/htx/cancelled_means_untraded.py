"""Asks for cancelled orders without those that traded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import driver_trading
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.vocabulary import OrderState

FAILS = frozenset(
    {
        "htx/orders/150",
    }
)
SHOWS_IN = frozenset({"orders"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_trading._STATES = {
            "filled": (OrderState.FILLED,),
            "cancelled": (OrderState.CANCELLED,),
            "closed": (OrderState.FILLED, OrderState.CANCELLED),
        }
        await super().start(settings)
