"""Prints amounts as binary fractions are printed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp import funding, trading_models
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/numbers/040",
        "okcoinjp/numbers/020",
        "okcoinjp/numbers/030",
    }
)
SHOWS_IN = frozenset({"cash_withdraw", "place_order", "place_orders", "transfer", "withdraw"})


def plain(amount: Decimal) -> str:
    return repr(float(amount))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading_models.plain = plain
        funding.plain = plain
        await super().start(settings)
