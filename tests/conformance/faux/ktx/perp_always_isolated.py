"""Opens every position with a margin of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import trading_models
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.vocabulary import Profile

FAILS = frozenset(
    {
        "ktx/balances/570",
        "ktx/errors/530",
        "ktx/errors/570",
        "ktx/orders/540",
        "ktx/positions/590",
        "ktx/positions/720",
        "ktx/positions/730",
        "ktx/streams/520",
    }
)
SHOWS_IN = frozenset({"place_order"})


honest = trading_models.encode_order


def encode_order(symbol: str, order: trading_models.NewOrder, *, profile: Profile) -> dict[str, Any]:
    body: dict[str, Any] = honest(symbol, order, profile=profile)
    if order.contract is not None:
        body["marginMethod"] = "isolate"
    return body


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        trading_models.encode_order = encode_order
        await super().start(settings)
