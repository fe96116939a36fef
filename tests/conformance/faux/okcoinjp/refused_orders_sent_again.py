"""Sends an order that lacked funds again as soon as it has time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/errors/350"})
SHOWS_IN = frozenset({"error"})


class Driver(Reference):
    refused: Mapping[str, Any] | None = None

    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except e.InsufficientFundsError:
            self.refused = order
            raise

    async def settle(self) -> Fields:
        if self.refused is not None:
            order, self.refused = self.refused, None
            with suppress(e.OkcoinError):
                await super().place_order(**order)
        return await super().settle()
