"""How an order would trade, before it does: for one that arrives, and again for a stop order whose trigger has come.

Knows the book and the venue's policy; changes nothing. What may follow from it: the order is refused or cancelled whole, what
it may trade is bounded, and a market buy learns what it has to hold.
"""

from __future__ import annotations

from typing import Final

from mockex.core.commands import PlaceOrder
from mockex.core.events import Rejected
from mockex.core.ledger import Account
from mockex.core.markets import Market
from mockex.core.matching import Preview, preview
from mockex.core.orders import BUY, CancelReason, Order, OrderType, Side, TimeInForce
from mockex.core.policy import PPM, BeyondBand, Refusal, VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.units import Instrument, Lots, Ticks

# Names of the module for what every order is compared with; see `orders.BUY`.
_LIMIT: Final = OrderType.LIMIT
_FOK: Final = TimeInForce.FOK

# What a stopped order is told, when the venue refuses it instead of accepting and cancelling it.
_STOP_AS_REJECT = {
    CancelReason.WOULD_TAKE: RejectReason.POST_ONLY_WOULD_TAKE,
    CancelReason.NOT_FILLABLE: RejectReason.FOK_NOT_FILLABLE,
    CancelReason.PRICE_BAND: RejectReason.PRICE_BAND_EXCEEDED,
}


class Foresight:
    """What one venue's policy makes of an order's chances."""

    def __init__(self, policy: VenuePolicy) -> None:
        self._policy = policy
        band = policy.price_band
        cuts = band is not None and band.beyond is BeyondBand.CUT
        self.cuts = cuts  # whether `bound` has anything to say
        self._cutting_band = band if cuts else None
        self._stopping_band = None if cuts else band

    def bound(self, terms: PlaceOrder | Order, market: Market) -> Ticks | None:
        """The worst price at which the order may trade, where a band cuts it shorter than its limit; else None."""
        band = self._cutting_band
        if band is None or (band.market_orders_only and terms.order_type is _LIMIT):
            return None
        best = market.book.opposite(terms.side).best
        if best is None:
            return None
        limit_price = terms.limit_price
        if terms.side is BUY:
            highest = best.price * (PPM + band.reach_ppm) // PPM
            return highest if limit_price is None or highest < limit_price else None
        lowest = -(best.price * (band.reach_ppm - PPM) // PPM)  # rounded up: a price below it is outside
        return lowest if limit_price is None or lowest > limit_price else None

    def outlook(self, terms: PlaceOrder | Order, market: Market, account: Account, bound: Ticks | None) -> Preview | None:
        """How an order would trade; None where nothing depends on it."""
        must_fill = terms.time_in_force is _FOK
        hold_depends = (
            terms.order_type is not _LIMIT and terms.budget is None and (terms.side is BUY or market.contract is not None)
        )
        if terms.post_only or not (must_fill or hold_depends or self._may_leave_band(terms, market)):
            return None
        return preview(
            market.book,
            side=terms.side,
            limit_price=terms.limit_price if bound is None else bound,
            order_qty=terms.order_qty,
            budget=terms.budget,
            atoms_per_tick_lot=market.instrument.atoms_per_tick_lot,
            account=account,
            self_trade=terms.self_trade or self._policy.self_trade,
            step=self.budget_step(market.instrument),
        )

    def _may_leave_band(self, terms: PlaceOrder | Order, market: Market) -> bool:
        """Whether the order could trade outside a band that stops it whole, with enough of it in the book."""
        band = self._stopping_band
        if band is None or (band.market_orders_only and terms.order_type is _LIMIT):
            return False
        return terms.limit_price is None or _is_beyond(band.reach_ppm, terms.side, market, terms.limit_price)

    def stop_reason(self, terms: PlaceOrder | Order, market: Market, outlook: Preview | None) -> CancelReason | None:
        """Why the whole order must not trade, given how it would."""
        if terms.post_only:
            return CancelReason.WOULD_TAKE
        if outlook is None:
            return None
        if terms.time_in_force is _FOK and not outlook.complete:
            return CancelReason.NOT_FILLABLE
        band = self._stopping_band
        if band is None or outlook.worst_price is None or (band.market_orders_only and terms.order_type is _LIMIT):
            return None
        return CancelReason.PRICE_BAND if _is_beyond(band.reach_ppm, terms.side, market, outlook.worst_price) else None

    def refusal_of(self, stop: CancelReason) -> Refusal:
        if stop is CancelReason.WOULD_TAKE:
            return self._policy.post_only_that_takes
        if stop is CancelReason.NOT_FILLABLE:
            return self._policy.unfillable_fok
        band = self._stopping_band
        return Refusal.REJECT if band is not None and band.beyond is BeyondBand.REJECT else Refusal.CANCEL

    def budget_step(self, instrument: Instrument) -> Lots:
        """What a budget buys multiples of."""
        return 1 if self._policy.budgets_buy_single_lots else instrument.qty_step


def stop_as_rejected(stop: CancelReason, command: PlaceOrder, market: Market, outlook: Preview | None) -> Rejected:
    """Says what the order wanted, and what the book has for it."""
    reason = _STOP_AS_REJECT[stop]
    if stop is CancelReason.NOT_FILLABLE and outlook is not None:
        return Rejected(reason, str(command.order_qty or command.budget), str(outlook.qty))
    wanted = command.limit_price if outlook is None else outlook.worst_price
    best = market.book.opposite(command.side).best
    return Rejected(reason, str(wanted), "" if best is None else str(best.price))


def _is_beyond(reach_ppm: int, side: Side, market: Market, price: Ticks) -> bool:
    """Whether a price is further than that from the best opposite one."""
    opposite = market.book.asks if side is BUY else market.book.bids
    keys = opposite.keys
    if not keys:
        return False
    best_price = keys[-1] * opposite.sign
    return abs(price - best_price) * PPM > best_price * reach_ppm
