"""Knows the number of an account by heart."""

from __future__ import annotations

from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/200",
        "common/balances/110",
        "htx/orders/040",
    }
)
SHOWS_IN = frozenset({"balances", "ledger", "place_order", "place_orders"})


class Driver(Reference):
    async def account_id(self, type: str) -> int:
        return 100_009 if type == "spot" else await super().account_id(type)
