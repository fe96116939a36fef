"""What KTX keeps besides trading: the numbers of its products, its limits, sums of fills, and how it speaks.

Owns no balance and no order.
"""

from __future__ import annotations

from collections.abc import Callable

from mockex.venues.ktx.fill_sums import FillSums
from mockex.venues.ktx.generations import Generation
from mockex.venues.ktx.instruments import product_ids
from mockex.venues.ktx.limits import Limits
from mockex.wire.desk import Desk


class KtxState:
    """`call.state` of the handlers."""

    def __init__(self, desk: Desk, generation: Generation) -> None:
        self.generation = generation
        self.limits = Limits(desk)
        self.fill_sums = FillSums()
        self._product_ids = product_ids(desk.exchange.markets)
        self._transfers: set[tuple[str, str]] = set()
        self._symbols = {number: symbol for symbol, number in self._product_ids.items()}

    def product_id(self, symbol: str) -> int:
        """KeyError for a product that there is not."""
        return self._product_ids[symbol]

    def knows_transfer(self, account_id: str, own_id: str) -> bool:
        """Whether the account has used that id for a transfer."""
        return (account_id, own_id) in self._transfers

    def note_transfer(self, account_id: str, own_id: str) -> None:
        self._transfers.add((account_id, own_id))

    def symbol_of(self, product_id: int) -> str | None:
        """The product of a number."""
        return self._symbols.get(product_id)


def state_maker(generation: Generation) -> Callable[[Desk], KtxState]:
    return lambda desk: KtxState(desk, generation)
