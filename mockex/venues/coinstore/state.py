"""What Coinstore keeps besides trading: the numbers of its pairs. Owns no balance and no order."""

from __future__ import annotations

from mockex.venues.coinstore.chains import Chain
from mockex.venues.coinstore.instruments import pair_ids
from mockex.wire.desk import Desk


class CoinstoreState:
    """`call.state` of the handlers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pair_ids = pair_ids(desk.exchange.markets)
        self._symbols = {pair_id: symbol for symbol, pair_id in self._pair_ids.items()}

    def pair_id(self, symbol: str) -> int:
        """The number of a listed pair. KeyError for another."""
        return self._pair_ids[symbol]

    def symbol_of(self, pair_id: int) -> str | None:
        """The pair of a number."""
        return self._symbols.get(pair_id)

    def is_closed(self, chain: Chain) -> bool:
        """Whether deposits and withdrawals on it are suspended."""
        return "funding_closed" in self._desk.flags


def make_state(desk: Desk) -> CoinstoreState:
    return CoinstoreState(desk)
