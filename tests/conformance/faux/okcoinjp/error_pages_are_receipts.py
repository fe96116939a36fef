"""Takes whatever a server in trouble answers for the receipt of an order."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/320",
        "common/faults/050",
        "okcoinjp/errors/040",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except e.ServerFaultError:
            return {}
