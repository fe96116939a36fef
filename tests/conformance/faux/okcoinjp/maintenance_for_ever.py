"""Remembers maintenance, and places no order any more."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/errors/340", "common/faults/130"})


class Driver(Reference):
    in_maintenance = False

    async def place_order(self, **order: Any) -> Fields:
        if self.in_maintenance:
            raise e.MaintenanceError("the venue is in maintenance")
        try:
            return await super().place_order(**order)
        except e.MaintenanceError:
            self.in_maintenance = True
            raise
