"""Raises the first error of a batch, and so loses what became of the other orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/orders/420",
        "common/orders/440",
        "okcoinjp/errors/400",
        "okcoinjp/errors/430",
    }
)


class Driver(Reference):
    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        outcomes = (await super().place_orders(orders))["outcomes"]
        _raise_first(outcomes)
        return {"outcomes": outcomes}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        outcomes = (await super().cancel_orders(orders))["outcomes"]
        _raise_first(outcomes)
        return {"outcomes": outcomes}


def _raise_first(outcomes: Sequence[Fields]) -> None:
    for outcome in outcomes:
        if "error" in outcome:
            raise RuntimeError(outcome["error"]["message"])
