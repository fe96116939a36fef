"""Leaves the sign of what it sells away on the spot market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/balances/030",
        "common/balances/080",
        "common/errors/010",
        "common/errors/200",
        "common/errors/210",
        "common/errors/220",
        "common/errors/330",
        "common/errors/350",
        "common/fills/030",
        "common/numbers/020",
        "common/orders/010",
        "common/orders/060",
        "ktx/orders/010",
        "ktx/orders/100",
        "ktx/orders/330",
    }
)
SHOWS_IN = frozenset({"place_order"})


honest = tm._quantity


def quantity(order: tm.NewOrder, profile: tm.Profile) -> dict[str, object]:
    fields = honest(order, profile)
    return fields if order.contract else {"quantity": str(fields["quantity"]).removeprefix("-")}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        tm._quantity = quantity
        await super().start(settings)
