"""Sends quantities of contracts without their sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading_models
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.vocabulary import Profile

FAILS = frozenset(
    {
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


honest = trading_models.encode_order


def encode_order(symbol: str, order: trading_models.NewOrder, *, profile: Profile) -> dict[str, Any]:
    body: dict[str, Any] = honest(symbol, order, profile=profile)
    if order.contract is not None:
        body["quantity"] = body["quantity"].removeprefix("-")
    return body


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading_models.encode_order = encode_order
        await super().start(settings)
