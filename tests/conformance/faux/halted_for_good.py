"""Sends no more orders in an instrument in which one was refused because of a halt."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._halted: dict[str, OkcoinError] = {}

    async def place_order(self, **order: Any) -> Fields:
        if order["symbol"] in self._halted:
            raise self._halted[order["symbol"]]
        try:
            return await super().place_order(**order)
        except OkcoinError as error:
            if error.code == HALTED:
                self._halted[order["symbol"]] = error
            raise
