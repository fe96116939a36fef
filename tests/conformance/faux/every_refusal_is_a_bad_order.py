"""Calls every refused order a bad order, and does not say why."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except (e.RateLimitError, e.ServerFaultError, e.RequestTimeoutError):
            raise
        except e.OkcoinError:
            raise e.OrderRejectedError("the order was rejected") from None
