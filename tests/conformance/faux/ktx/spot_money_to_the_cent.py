"""Tells money to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import account_models as am
from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/numbers/200",
        "ktx/balances/020",
        "ktx/balances/040",
        "ktx/balances/500",
        "ktx/balances/510",
        "ktx/balances/520",
        "ktx/balances/530",
        "ktx/balances/550",
        "ktx/balances/560",
        "ktx/funding/500",
        "ktx/streams/500",
        "ktx/streams/510",
    }
)
SHOWS_IN = frozenset({"balances", "next_event"})


honest = w.balance_fields


def balance_fields(balance: am.Balance) -> w.Fields:
    return {**honest(balance), "total": f"{balance.balance:.2f}" if balance.asset == "USDT" else w.text(balance.balance)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.balance_fields = balance_fields
        await super().start(settings)
