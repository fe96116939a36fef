"""Brings rows together by their places, having dropped those of zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from mockex.clients.coinstore import account
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/balances/010",
        "coinstore/balances/020",
        "common/balances/030",
    }
)
SHOWS_IN = frozenset({"balances"})


def join_balances(rows: Iterable[Row]) -> tuple[account.Balance, ...]:
    kept = [row for row in rows if row.decimal("balance")]
    free = [row for row in kept if row.integer("type") == 1]
    held = [row.decimal("balance") for row in kept if row.integer("type") == 4]
    return tuple(
        account.Balance(
            currency=row.text("currency"),
            uid=row.integer("uid"),
            account_id=row.integer("accountId"),
            available=row.decimal("balance"),
            frozen=frozen,
        )
        for row, frozen in zip_longest(free, held[: len(free)], fillvalue=Decimal(0))
        if isinstance(row, Row)
    )


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        account.join_balances = join_balances
        await super().start(settings)
