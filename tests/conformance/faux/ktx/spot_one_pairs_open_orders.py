"""Asks for the open orders of the first pair unless told another."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields

FAILS = frozenset(
    {
        "ktx/orders/410",
        "ktx/orders/660",
        "ktx/orders/700",
    }
)


class Driver(Reference):
    async def open_orders(self, symbol: str | None = None, **more: Any) -> Fields:
        return await super().open_orders(symbol or "BTC_USDT", **more)
