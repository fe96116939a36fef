"""Sends no more orders in an instrument in which one was refused because of a halt."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

HALTED = 33013

FAILS = frozenset(
    {
        "common/faults/140",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        halted: dict[str, OkcoinError] = self.__dict__.setdefault("_halted", {})
        if order["symbol"] in halted:
            raise halted[order["symbol"]]
        try:
            return await super().place_order(**order)
        except OkcoinError as error:
            if error.code == HALTED:
                halted[order["symbol"]] = error
            raise
