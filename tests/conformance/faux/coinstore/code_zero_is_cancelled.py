"""Takes every cancel that is no error for carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import driver_trading
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/orders/040",
        "common/errors/130",
        "common/faults/100",
        "common/orders/320",
    }
)
SHOWS_IN = frozenset({"cancel_order"})


def check_nothing(receipt: object) -> None:
    """Whatever its state."""


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_trading._check_cancelled = check_nothing
        await super().start(settings)
