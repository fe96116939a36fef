"""Sends again whatever was not answered, once, as if it could not have arrived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import ConnectionLostError, RequestTimeoutError, UnavailableError

FAILS = frozenset(
    {
        "common/faults/010",
        "common/faults/030",
        "common/faults/040",
        "common/faults/050",
        "common/faults/070",
        "common/faults/080",
        "common/faults/090",
        "common/faults/900",
    }
)


async def _twice(send: Callable[..., Awaitable[Fields]], **params: Any) -> Fields:
    try:
        return await send(**params)
    except (ConnectionLostError, RequestTimeoutError, UnavailableError):
        return await send(**params)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        return await _twice(super().place_order, **order)

    async def place_orders(self, **orders: Any) -> Fields:
        return await _twice(super().place_orders, **orders)

    async def cancel_order(self, **order: Any) -> Fields:
        return await _twice(super().cancel_order, **order)

    async def transfer(self, **money: Any) -> Fields:
        return await _twice(super().transfer, **money)
