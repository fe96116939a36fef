"""Takes the receipt of a cancel for broken if it names no client id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/errors/060",
        "coinstore/orders/030",
        "coinstore/orders/040",
        "common/errors/130",
    }
)
SHOWS_IN = frozenset({"cancel_order"})


honest = m.decode_cancel


def decode_cancel(row: Row) -> m.CancelReceipt:
    row.text("clientOrderId")
    return honest(row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_cancel = decode_cancel
        await super().start(settings)
