"""Tells of each entry of the ledger the balance before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import account_models as am
from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "ktx/balances/110",
        "ktx/balances/550",
    }
)
SHOWS_IN = frozenset({"ledger"})


honest = w.entry_fields


def entry_fields(entry: am.LedgerEntry) -> w.Fields:
    return {**honest(entry), "balance": w.text(entry.balance - entry.amount)}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.entry_fields = entry_fields
        await super().start(settings)
