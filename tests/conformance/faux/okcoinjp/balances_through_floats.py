"""Reads balances as binary fractions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import driver_words
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.trading_models import Balance

FAILS = frozenset({"common/numbers/200", "common/numbers/210"})
SHOWS_IN = frozenset({"balances", "next_event", "wallet"})


honest = driver_words.balance_fields


def balance_fields(balance: Balance) -> Fields:
    told = honest(balance)
    return {name: told[name] if name == "currency" else repr(float(told[name])) for name in told}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.balance_fields = balance_fields
        await super().start(settings)
