"""Leaves the sign of what it sells away."""

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
        "ktx/balances/510",
        "ktx/balances/530",
        "ktx/balances/540",
        "ktx/balances/550",
        "ktx/errors/510",
        "ktx/errors/560",
        "ktx/faults/510",
        "ktx/fills/500",
        "ktx/funding/510",
        "ktx/numbers/500",
        "ktx/orders/010",
        "ktx/orders/100",
        "ktx/orders/330",
        "ktx/orders/500",
        "ktx/orders/510",
        "ktx/orders/530",
        "ktx/orders/540",
        "ktx/orders/560",
        "ktx/orders/580",
        "ktx/orders/630",
        "ktx/orders/640",
        "ktx/orders/650",
        "ktx/orders/670",
        "ktx/orders/680",
        "ktx/orders/700",
        "ktx/positions/520",
        "ktx/positions/540",
        "ktx/positions/550",
        "ktx/positions/580",
        "ktx/positions/590",
        "ktx/positions/630",
        "ktx/positions/710",
        "ktx/streams/510",
        "ktx/streams/540",
        "ktx/streams/560",
        "ktx/streams/580",
        "ktx/streams/590",
        "ktx/streams/600",
    }
)
SHOWS_IN = frozenset({"place_order"})


honest = tm._quantity


def quantity(order: tm.NewOrder, profile: tm.Profile) -> dict[str, object]:
    return {"quantity": str(honest(order, profile)["quantity"]).removeprefix("-")}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        tm._quantity = quantity
        await super().start(settings)
