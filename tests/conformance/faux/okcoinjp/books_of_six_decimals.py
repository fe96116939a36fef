"""Shows the book's quantities with six decimals."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"common/numbers/240"})


class Driver(Reference):
    async def book(self, **wanted: Any) -> Fields:
        book = (await super().book(**wanted))["book"]
        sides = {side: [[price, f"{float(qty):.6f}"] for price, qty in book[side]] for side in ("bids", "asks")}
        return {"book": {**book, **sides}}
