"""Calls every refused order a bad order, and does not say why."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/auth/110",
        "common/errors/010",
        "common/errors/030",
        "common/errors/060",
        "common/errors/070",
        "common/errors/200",
        "common/errors/210",
        "common/faults/010",
        "common/faults/030",
        "common/faults/130",
        "okcoinjp/errors/010",
        "okcoinjp/errors/080",
        "okcoinjp/errors/100",
        "okcoinjp/errors/300",
        "okcoinjp/errors/320",
    }
)


class Driver(Reference):
    async def place_order(self, **order: Any) -> Fields:
        try:
            return await super().place_order(**order)
        except (e.RateLimitError, e.ServerFaultError, e.RequestTimeoutError):
            raise
        except e.OkcoinError:
            raise e.OrderRejectedError("the order was rejected") from None
