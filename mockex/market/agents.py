"""Who trades in a live market: one market maker and one taker for each instrument.

The market maker quotes a ladder around a fair price. Each step it looks at what became of its own orders, moves the fair
price by what was traded with it and by the time that passed, and replaces only the quotes that no longer fit.
Apart from its ladder it keeps a backstop on each side, far away and large, so that no ordinary order empties the book.
The taker sends one small order that trades at once, whenever its time has come. Of a contract it holds only so much: an order
that would make it more goes the other way.

They know each other only through the book. Invariant: the market maker cancels before it quotes, and its bids stay below
its asks, so it never trades with itself. A step costs no more than the ladder is long.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from mockex.core.markets import Market
from mockex.core.orders import OPPOSITE, Order, Side
from mockex.core.units import Lots, Ticks
from mockex.market.draws import about, skewed
from mockex.market.fair_price import FairPrice
from mockex.market.ladder import LadderShape, backstops, fit, priced_at, touches
from mockex.market.participants import Participant
from mockex.market.sizing import Sizing, accepted_qty

# Trading with one level of ordinary size moves the fair price by 40 millionths.
IMPACT_PER_LEVEL_PPB = 40_000

# New quotes a side and step, best first. What was swept away comes back within a few steps, the touch at once.
REFILLS_PER_STEP = 8

# One order in so many is ten times the ordinary size, and a draw stays below four times its mean.
_LARGE_TAKER_IN = 50
LARGEST_TAKE = 4 * 10
# A taker's limit lies up to this many millionths beyond the best price.
_TAKER_REACH_PPM = 1_000
_PPM = 1_000_000

_SIGN = {Side.BUY: 1, Side.SELL: -1}


class _Quote:
    """A resting order of the market maker, and how much of its fills the fair price has felt."""

    __slots__ = ("counted_qty", "order", "price")

    def __init__(self, order: Order, price: Ticks) -> None:
        self.order = order
        self.price = price
        self.counted_qty: Lots = 0

    @property
    def is_worn(self) -> bool:
        """Whether less than half is left."""
        order = self.order
        assert order.order_qty is not None
        return 2 * order.remaining_qty < order.order_qty


class _Wing:
    """One side of the market maker's orders.

    `quotes`: those of the ladder, best first. `worn`: those that are to be replaced for what they have lost. `backstop`: the
    far one. `settled_touch`: the touch at which nothing was left to change, None when something may be.
    """

    __slots__ = ("backstop", "quotes", "settled_touch", "shape", "side", "sign", "stop_price", "worn")

    def __init__(self, side: Side, shape: LadderShape, stop_price: Ticks) -> None:
        self.side = side
        self.sign = _SIGN[side]
        self.shape = shape
        self.stop_price = stop_price
        self.quotes: list[_Quote] = []
        self.worn: list[_Quote] = []
        self.backstop: _Quote | None = None
        self.settled_touch: Ticks | None = None

    def take_fills(self) -> Lots:
        """What was traded with the orders since the last call. Forgets those that have ended, however they did."""
        traded: Lots = 0
        for quote in (*self.quotes, *self.worn):
            order = quote.order
            if order.filled_qty != quote.counted_qty or not order.is_live:
                self.settled_touch = None
                traded += _felt(quote)
        if self.settled_touch is None:
            self.worn = [quote for quote in (*self.quotes, *self.worn) if quote.order.is_live and quote.is_worn]
            self.quotes = [quote for quote in self.quotes if quote.order.is_live and not quote.is_worn]
        if self.backstop is not None:
            traded += _felt(self.backstop)
            if not self.backstop.order.is_live:
                self.backstop = None
        return traded

    def sort_out(self, touch: Ticks) -> tuple[list[_Quote], list[int]]:
        """Keeps the quotes that fit a ladder from `touch`. Returns the others, and the slots that are vacant."""
        if touch == self.settled_touch:
            return [], []
        sign, quotes, worn = self.sign, self.quotes, self.worn
        kept, spare, vacant = fit([(touch - quote.price) * sign for quote in quotes], self.shape)
        self.quotes = [quotes[index] for index in kept]
        self.worn = []
        return [*worn, *(quotes[index] for index in spare)], vacant

    def price_of(self, touch: Ticks, slot: int) -> Ticks:
        return touch - self.sign * self.shape.offsets[slot]

    def add(self, quotes: Sequence[_Quote]) -> None:
        self.quotes += quotes
        self.quotes.sort(key=lambda quote: -self.sign * quote.price)


def _felt(quote: _Quote) -> Lots:
    """What was traded with a quote since it was last looked at."""
    filled_qty = quote.order.filled_qty
    traded, quote.counted_qty = filled_qty - quote.counted_qty, filled_qty
    return traded


class MarketMaker:
    """Makes one instrument's market. `step` is to be called every so often, in order of time."""

    def __init__(
        self,
        *,
        market: Market,
        participant: Participant,
        fair_price: FairPrice,
        sizing: Sizing,
        levels: int | None,
        rng: random.Random,
    ) -> None:
        """`levels` bounds the orders a side, backstop included; None for no bound."""
        self.fair_price = fair_price
        self._market = market
        self._instrument = market.instrument
        self._participant = participant
        self._sizing = sizing
        self._rng = rng
        slots = None if levels is None else max(1, levels - 1)
        shape = LadderShape.at(sizing.reference_nanoticks, sizing.level_qty, levels=slots)
        bid_stop, ask_stop = backstops(sizing.reference_nanoticks)
        self._wings = (_Wing(Side.BUY, shape, bid_stop), _Wing(Side.SELL, shape, ask_stop))

    @property
    def fair_nanoticks(self) -> int:
        return priced_at(self._sizing.reference_nanoticks, self.fair_price.relative_ppb)

    def step(self, now_ns: int, *, refills: int | None) -> None:
        """Brings the ladder up to date with at most `refills` new quotes a side. Leaves it alone while it may not trade."""
        self._feel_fills()
        self.fair_price.advance(now_ns)
        if not self._participant.may_trade(self._market):
            return
        self._participant.keep_funded(self._instrument)
        plans = []
        for wing, touch in zip(self._wings, touches(self.fair_nanoticks), strict=True):
            leaving, vacant = wing.sort_out(touch)
            for quote in leaving:
                self._participant.cancel(quote.order)
            plans.append((wing, touch, vacant))
        # Both sides have withdrawn what stood in the way before either quotes anew.
        for wing, touch, vacant in plans:
            self._keep_backstop(wing)
            self._refill(wing, touch, vacant, refills)

    def _feel_fills(self) -> None:
        """Buying from the ladder lifts the fair price, selling to it presses it down."""
        bought_from_bids, sold_from_asks = (wing.take_fills() for wing in self._wings)
        pressure = sold_from_asks - bought_from_bids
        if pressure:
            self.fair_price.push(pressure * IMPACT_PER_LEVEL_PPB // self._sizing.level_qty)

    def _refill(self, wing: _Wing, touch: Ticks, vacant: Sequence[int], refills: int | None) -> None:
        """Quotes the vacant slots, best first. A slot below a price of one tick stays vacant."""
        placed = []
        for slot in vacant[:refills]:
            price = wing.price_of(touch, slot)
            if price < 1:
                break
            quote = self._quote(wing.side, price, about(self._rng, wing.shape.sizes[slot]))
            if quote is not None:
                placed.append(quote)
        if placed:
            wing.add(placed)
        wing.settled_touch = touch if refills is None or len(vacant) <= refills else None

    def _keep_backstop(self, wing: _Wing) -> None:
        backstop = wing.backstop
        if backstop is not None and backstop.is_worn:
            self._participant.cancel(backstop.order)
            backstop = None
        if backstop is None:
            backstop = self._quote(wing.side, wing.stop_price, self._sizing.backstop_qty)
        wing.backstop = backstop

    def _quote(self, side: Side, price: Ticks, qty: Lots) -> _Quote | None:
        order = self._participant.quote(self._instrument, side, price, accepted_qty(self._instrument, qty))
        return None if order is None else _Quote(order, price)


class Taker:
    """Trades in one instrument, a little on either side. `mean_qty`: of its orders. `most_held`: the largest position that it
    takes in a contract, either way; None of spot.
    """

    def __init__(
        self, *, market: Market, participant: Participant, mean_qty: Lots, most_held: Lots | None, rng: random.Random
    ) -> None:
        self._market = market
        self._instrument = market.instrument
        self._participant = participant
        self._mean_qty = mean_qty
        self._most_held = most_held
        self._rng = rng

    def pause_ns(self, mean_ns: int) -> int:
        """The time to its next order; at least a thousandth of the mean."""
        thousandth = mean_ns // 1_000
        return thousandth * (1 + skewed(self._rng, 1_000))

    def trade(self) -> None:
        """Sends one order. Nothing happens when there is nobody to trade with, or it may not trade."""
        rng = self._rng
        side = (Side.BUY, Side.SELL)[rng.getrandbits(1)]
        mean_qty = self._mean_qty if rng.randrange(_LARGE_TAKER_IN) else 10 * self._mean_qty
        qty = accepted_qty(self._instrument, skewed(rng, mean_qty))
        reach_ppm = rng.randrange(2 * _TAKER_REACH_PPM)
        if self._most_held is not None:
            held = self._participant.net_qty(self._instrument)
            if abs(held + _SIGN[side] * qty) > self._most_held:
                side = OPPOSITE[side]
        best = self._market.book.opposite(side).best
        if best is None or not self._participant.may_trade(self._market):
            return
        self._participant.keep_funded(self._instrument)
        limit_price = None
        if reach_ppm < _TAKER_REACH_PPM:
            limit_price = best.price + _SIGN[side] * (best.price * reach_ppm // _PPM)
        self._participant.take(self._instrument, side, qty, limit_price=limit_price)
