"""Withdraws tokens on the chain that most of them have."""

from __future__ import annotations

from typing import Any

from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.driver_words import Fields

FAILS = frozenset(
    {
        "coinstore/funding/040",
    }
)


class Driver(Reference):
    async def withdraw(self, chain: str | None = None, **terms: Any) -> Fields:
        return await super().withdraw(chain="erc20", **terms)
