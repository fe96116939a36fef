"""Sends every plain limit order as immediate-or-cancel."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        if order["type"] == "limit" and not order.get("post_only"):
            order.setdefault("time_in_force", "ioc")
        return await super().place_order(**order)
