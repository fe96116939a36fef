"""Computes what is held as what is available minus the balance, with the sign turned."""

from __future__ import annotations

from decimal import Decimal

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/220"})


class Driver(Reference):
    async def balances(self) -> Fields:
        rows = (await super().balances())["balances"]
        return {"balances": [{**row, "held": turned(Decimal(row["available"]) - Decimal(row["total"]))} for row in rows]}


def turned(amount: Decimal) -> str:
    return f"{amount.copy_negate():f}"
