"""Contracts beside the spot pairs that they follow: where the index stands, and who trades the two against each other.

The index that a market maker quotes around is an operator's, else the middle of the spot book, else the last spot price.
The arbitrageur looks at both books once a step. Where their middles lie apart it sells in the dear one and buys in the cheap
one, a little each time and never more than the touch offers; where they have come together it takes that back.
Invariants: it never holds more than `most_qty` of the contract either way, and sends at most two orders a step. What it holds
of the contract it has sold in the spot pair, or bought there, as far as lots allow and orders were taken.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from mockex.core.contract import Contract
from mockex.core.markets import Market
from mockex.core.orders import Side
from mockex.core.units import Lots
from mockex.market.fair_price import PPB
from mockex.market.participants import Participant
from mockex.market.sizing import NANO

PPM = 1_000_000

# Middles further apart than the first are traded against each other; nearer than the second, that is taken back.
APART_PPM = 1_000
TOGETHER_PPM = 250
# A spot order's limit lies so far beyond the touch: what has been traded on one side is to be traded on the other.
_REACH_PPM = 2_000


class Index:
    """Where the spot price stands by which a contract goes, in the contract's terms."""

    def __init__(self, contract: Contract, spot: Market, reference_nanoticks: int) -> None:
        """`reference_nanoticks`: the reference price of the contract."""
        self.spot = spot
        self._contract = contract
        self._reference = reference_nanoticks
        self._ticks = _ratio(spot.instrument.price_scale.increment, contract.market.instrument.price_scale.increment)
        self._lots = _ratio(contract.market.instrument.qty_scale.increment, spot.instrument.qty_scale.increment)

    def spot_lots(self, qty: Lots) -> Lots:
        """As much of the spot pair as `qty` lots of the contract, signed, cut to whole lots."""
        return int(qty * self._lots)

    def relative_ppb(self) -> int | None:
        """In billionths of the contract's reference price; None while nothing is known."""
        override = self._contract.index_override
        if override is not None:
            return override * NANO * PPB // self._reference
        doubled = self.doubled_ticks
        return None if doubled is None else int(doubled * NANO * PPB / (2 * self._reference))

    @property
    def doubled_ticks(self) -> Fraction | None:
        """Twice the middle of the spot book, or twice the last price, in ticks of the contract."""
        book, last_price = self.spot.book, self.spot.ticker.last_price
        bid, ask = book.bids.best, book.asks.best
        if bid is not None and ask is not None:
            return (bid.price + ask.price) * self._ticks
        return None if last_price is None else 2 * last_price * self._ticks


class Arbitrageur:
    """Keeps one contract and its spot pair together. `step` is to be called every so often."""

    def __init__(self, *, contract: Market, index: Index, participant: Participant, unit_qty: Lots, most_qty: Lots) -> None:
        """`unit_qty`: the most of the contract that one step trades; `most_qty`: that it ever holds."""
        self._contract = contract
        self._spot = index.spot
        self._index = index
        self._participant = participant
        self._unit_qty = unit_qty
        self._most_qty = most_qty
        self._spot_qty: Lots = 0  # bought less sold there, so far

    def step(self) -> None:
        """Trades a little, if there is reason to and both instruments take orders."""
        participant = self._participant
        if not participant.may_trade(self._contract) or not participant.may_trade(self._spot):
            return
        instrument = self._contract.instrument
        side, room = self._wanted(participant.net_qty(instrument))
        if side is not None:
            best = self._contract.book.opposite(side).best
            qty = 0 if best is None else min(best.qty, self._unit_qty, room)
            qty -= qty % instrument.qty_step
            if best is not None and qty >= instrument.min_qty:
                participant.keep_funded(instrument)
                participant.take(instrument, side, qty, limit_price=best.price)
        self._cover()

    def _wanted(self, held: Lots) -> tuple[Side | None, Lots]:
        """What to do in the contract, and how much of it may be done."""
        bid, ask = self._contract.book.bids.best, self._contract.book.asks.best
        doubled = self._index.doubled_ticks
        if bid is None or ask is None or not doubled:
            return None, 0
        gap_ppm = (bid.price + ask.price - doubled) * PPM / doubled
        if gap_ppm > APART_PPM and held > -self._most_qty:
            return Side.SELL, self._most_qty + held
        if gap_ppm < -APART_PPM and held < self._most_qty:
            return Side.BUY, self._most_qty - held
        if abs(gap_ppm) < TOGETHER_PPM and held:
            return (Side.SELL if held > 0 else Side.BUY), abs(held)
        return None, 0

    def _cover(self) -> None:
        """Trades in the spot pair what is missing there against the contract."""
        instrument = self._spot.instrument
        held = self._participant.net_qty(self._contract.instrument)
        missing = -self._index.spot_lots(held) - self._spot_qty
        side = Side.BUY if missing > 0 else Side.SELL
        qty = abs(missing) - abs(missing) % instrument.qty_step
        if instrument.max_qty is not None:
            qty = min(qty, instrument.max_qty)
        best = self._spot.book.opposite(side).best
        if best is None or qty < instrument.min_qty:
            return
        reach = best.price * _REACH_PPM // PPM
        self._participant.keep_funded(instrument)
        order = self._participant.take(
            instrument, side, qty, limit_price=max(1, best.price + (reach if side is Side.BUY else -reach))
        )
        if order is not None:
            self._spot_qty += order.filled_qty if side is Side.BUY else -order.filled_qty


def _ratio(one: Decimal, other: Decimal) -> Fraction:
    return Fraction(one) / Fraction(other)
