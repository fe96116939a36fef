"""Takes a receipt with a field that it does not know for broken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/orders/100",
    }
)
SHOWS_IN = frozenset({"place_order"})


honest = m.decode_receipt


def decode_receipt(row: Row) -> m.OrderReceipt:
    if unknown := set(row.raw) - {"ordId", "clOrdId"}:
        raise Row.malformed(f"{unknown} is not documented")
    return honest(row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_receipt = decode_receipt
        await super().start(settings)
