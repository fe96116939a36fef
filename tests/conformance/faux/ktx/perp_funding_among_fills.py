"""Counts payments of funding among the fills."""

from __future__ import annotations

from typing import Any

from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, text
from mockex.clients.ktx.vocabulary import LedgerType

FAILS = frozenset(
    {
        "ktx/funding/530",
    }
)


class Driver(Reference):
    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        rows: Any = (await super().fills(symbol, order_id, all))["fills"]
        if symbol.endswith("_SWAP") and order_id is None:
            paid = await self.api.account.ledger("USDT", type=LedgerType.FUNDING)
            for each in paid:
                row = {"trade_id": str(each.entry_id), "symbol": symbol, "qty": "0", "price": "0", "profit": text(each.amount)}
                rows.insert(0, row)
        return {"fills": rows}
