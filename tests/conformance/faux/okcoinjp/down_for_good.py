"""Takes a venue that failed once for down, and sends it nothing more."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import ConnectionLostError, MaintenanceError, UnavailableError

FAILS = frozenset(
    {
        "common/errors/330",
        "common/errors/340",
        "common/faults/060",
        "common/faults/110",
        "common/faults/130",
    }
)


class Driver(Reference):
    _down: Exception | None = None

    async def balances(self) -> Fields:
        return await self._while_up(super().balances)

    async def place_order(self, **order: Any) -> Fields:
        return await self._while_up(super().place_order, **order)

    async def _while_up(self, send: Any, **params: Any) -> Fields:
        if self._down is not None:
            raise self._down
        try:
            result: Fields = await send(**params)
        except (ConnectionLostError, MaintenanceError, UnavailableError) as error:
            self._down = error
            raise
        return result
