"""Takes an order that the key may not place for placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/auth/110", "okcoinjp/errors/410"})


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except e.PermissionDeniedError as error:
            if error.code == 30012:
                return {}
            raise

    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        try:
            return await super().place_orders(orders)
        except e.PermissionDeniedError:
            return {"outcomes": [{} for _ in orders]}
