"""One contract's state beside its market: prices that money goes by, positions, the insurance fund's stake, funding.

The mark price is the median of the index, the middle of the best bid and ask, and the last trade; of two, their mean. It is
rounded half up to a tick, unless an operator has set it. Liquidation, unrealised profit and funding go by it, and it moves
with the book, with trades here and with those of the index instrument. It is worked out anew only when one of the prices that
make it is another than last time.
Knows no accounts and no clock: whoever calls says what time it is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from mockex.core.contract_terms import ContractTerms
from mockex.core.funding import Funding
from mockex.core.markets import Market
from mockex.core.units import Atoms, Lots, Ticks
from mockex.core.watch import PriceWatch

if TYPE_CHECKING:
    from mockex.core.positions import Position


class Contract:
    """`unit`: what one lot at one tick is worth, in quote atoms. `positions`: by id, oldest first.

    `insurance_qty` (signed) and `insurance_value`, what the fund received less what it paid for it, are what liquidations left
    over. `index_override`: an operator's price in ticks instead of the index instrument's. `mark_override`: one instead of the
    median.
    """

    __slots__ = (
        "_asks",
        "_bids",
        "_index_scale",
        "_seen",
        "_ticker",
        "funding",
        "index_market",
        "index_override",
        "insurance_qty",
        "insurance_value",
        "mark",
        "mark_override",
        "market",
        "positions",
        "symbol",
        "terms",
        "unit",
        "watch",
    )

    def __init__(self, market: Market, terms: ContractTerms, index_market: Market | None, now_ns: int) -> None:
        instrument = market.instrument
        self.symbol = instrument.symbol
        self.market = market
        self.terms = terms
        self.unit = instrument.atoms_per_tick_lot
        self.index_market = index_market
        self._bids = market.book.bids
        self._asks = market.book.asks
        self._ticker = market.ticker
        self._seen: tuple[Ticks | None, ...] = ()
        self.index_override: Ticks | None = None
        self.mark: Ticks | None = None
        self.mark_override: Ticks | None = None
        self.positions: dict[int, Position] = {}
        self.insurance_qty: Lots = 0
        self.insurance_value: Atoms = 0
        self.watch = PriceWatch()
        self.funding = None if terms.funding is None else Funding(terms.funding, now_ns)
        scale = Fraction(1)
        if index_market is not None:
            scale = Fraction(index_market.instrument.price_scale.increment) / Fraction(instrument.price_scale.increment)
        self._index_scale = scale.as_integer_ratio()

    @property
    def index(self) -> Fraction | None:
        """The index in ticks of this contract."""
        num, den = self._index_scale
        doubled = self._doubled_index(num, den)
        return None if doubled is None else Fraction(doubled, 2 * den)

    def update(self, now_ns: int) -> bool:
        """Works the mark price out again. Whether it has changed. While nothing is known it keeps what it was."""
        bids, asks, index_market = self._bids.keys, self._asks.keys, self.index_market
        last_price = self._ticker.last_price
        seen = (
            bids[-1] if bids else None,
            asks[-1] if asks else None,
            last_price,
            self.index_override,
            self.mark_override,
            None if index_market is None else index_market.ticker.last_price,
        )
        if seen == self._seen:
            return False
        self._seen = seen
        num, den = self._index_scale
        # All three in half ticks times `den`, so that they are whole.
        middle = (bids[-1] - asks[-1]) * den if bids and asks else None
        last = None if last_price is None else 2 * last_price * den
        index = self._doubled_index(num, den)
        if self.funding is not None:
            self.funding.note(now_ns, middle, index)
        mark = self.mark_override or _median(middle, last, index, 2 * den)
        if mark is None or mark == self.mark:
            return False
        self.mark = mark
        return True

    def _doubled_index(self, num: int, den: int) -> int | None:
        if self.index_override is not None:
            return 2 * self.index_override * den
        if self.index_market is None:
            return None
        price = self.index_market.ticker.last_price
        return None if price is None else 2 * price * num


def _median(first: int | None, second: int | None, third: int | None, scale: int) -> Ticks | None:
    """Of those that there are, in ticks of `scale` each, rounded half up."""
    if first is not None and second is not None and third is not None:
        if first > second:
            first, second = second, first
        middle = first if third < first else second if third > second else third
        return (2 * middle + scale) // (2 * scale)
    known = [price for price in (first, second, third) if price is not None]
    if not known:
        return None
    return (2 * sum(known) + scale * len(known)) // (2 * scale * len(known))
