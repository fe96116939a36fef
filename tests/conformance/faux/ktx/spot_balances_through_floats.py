"""Reads balances as binary fractions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import account_models as am
from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/numbers/200",
        "ktx/balances/040",
    }
)
SHOWS_IN = frozenset({"balances", "next_event"})


honest = w.balance_fields


def balance_fields(balance: am.Balance) -> w.Fields:
    return {**honest(balance), "total": w.text(Decimal(repr(float(balance.balance))))}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.balance_fields = balance_fields
        await super().start(settings)
