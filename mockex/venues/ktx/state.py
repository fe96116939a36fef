"""What KTX keeps besides trading: the numbers of its products, its limits, and sums of fills. Owns no balance and no order."""

from __future__ import annotations

from mockex.venues.ktx.fill_sums import FillSums
from mockex.venues.ktx.instruments import product_ids
from mockex.venues.ktx.limits import Limits
from mockex.wire.desk import Desk


class KtxState:
    """`call.state` of the handlers."""

    def __init__(self, desk: Desk) -> None:
        self.limits = Limits(desk)
        self.fill_sums = FillSums()
        self._product_ids = product_ids(desk.exchange.markets)
        self._symbols = {number: symbol for symbol, number in self._product_ids.items()}

    def product_id(self, symbol: str) -> int:
        """KeyError for a product that there is not."""
        return self._product_ids[symbol]

    def symbol_of(self, product_id: int) -> str | None:
        """The product of a number."""
        return self._symbols.get(product_id)


def make_state(desk: Desk) -> KtxState:
    return KtxState(desk)
