"""Price-time priority, and nothing else: who trades with whom, at which price, how much.

`match` changes the book and the orders' remaining quantities; money is settled by the exchange from the matches it returns.
`preview` looks at the same road without walking it: what a price band, a fill-or-kill or a post-only order must know first.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from mockex.core.book import OrderBook, PriceLevel
from mockex.core.orders import Order, Side
from mockex.core.units import Atoms, Lots, Ticks


class SelfTradePolicy(Enum):
    """What happens when an order meets another of the same account."""

    ALLOW = "allow"
    CANCEL_TAKER = "cancel taker"  # stop; what is left of the arriving order is cancelled
    CANCEL_MAKER = "cancel maker"  # the resting order is cancelled, matching goes on
    CANCEL_BOTH = "cancel both"


class Match(NamedTuple):
    maker: Order
    price: Ticks
    qty: Lots


class MatchResult(NamedTuple):
    """`self_cancelled`: resting orders that the self-trade policy took out; `taker_stopped`: it ended the arriving order."""

    matches: list[Match]
    self_cancelled: list[Order]
    taker_stopped: bool


def match(book: OrderBook, taker: Order, self_trade: SelfTradePolicy = SelfTradePolicy.ALLOW) -> MatchResult:
    """Trades `taker` against the book, best price first and oldest order first, at the makers' prices.

    Ends when the taker has nothing left, its limit is reached, its budget buys not one lot more, or the side is empty.
    Filled makers leave the book; the taker's `remaining_qty` or `budget_left` is what it still wants. O(orders traded with).
    """
    matches: list[Match] = []
    self_cancelled: list[Order] = []
    side = book.asks if taker.side is Side.BUY else book.bids
    keys, levels, sign = side.keys, side.levels, side.sign
    # The limit in the side's own turned order: a level trades while its key is not below it.
    lowest_key = None if taker.limit_price is None else taker.limit_price * sign
    by_budget = taker.budget is not None
    atoms_per_tick_lot = taker.instrument.atoms_per_tick_lot

    while keys:
        key = keys[-1]
        if lowest_key is not None and key < lowest_key:
            break
        price = key * sign
        wanted = taker.budget_left // (price * atoms_per_tick_lot) if by_budget else taker.remaining_qty
        if wanted == 0:
            break
        level = levels[price]
        stopped = False
        if self_trade is SelfTradePolicy.ALLOW:
            traded = _take(level, wanted, matches)
        else:
            traded, stopped = _take_from_others(level, wanted, matches, taker, self_trade, self_cancelled)
        if by_budget:
            taker.budget_left -= traded * price * atoms_per_tick_lot
        else:
            taker.remaining_qty -= traded
        if level.head is None:
            level.tail = None
            side.drop_level(price)
        if stopped:
            return MatchResult(matches, self_cancelled, True)
    return MatchResult(matches, self_cancelled, False)


def _take(level: PriceLevel, wanted: Lots, matches: list[Match]) -> Lots:
    """Trades up to `wanted` with the level's orders, oldest first. Returns what was traded."""
    traded, price = 0, level.price
    maker = level.head
    while maker is not None:
        qty = maker.remaining_qty
        if qty > wanted - traded:
            qty = wanted - traded
            maker.remaining_qty -= qty
            if qty:
                matches.append(Match(maker, price, qty))
                traded += qty
            break
        traded += qty
        maker.remaining_qty = 0
        following = maker.next
        maker.level = maker.next = None
        level.count -= 1
        matches.append(Match(maker, price, qty))
        if following is not None:
            following.prev = None
        maker = following
    level.head = maker
    level.qty -= traded
    return traded


def _take_from_others(
    level: PriceLevel,
    wanted: Lots,
    matches: list[Match],
    taker: Order,
    self_trade: SelfTradePolicy,
    self_cancelled: list[Order],
) -> tuple[Lots, bool]:
    """As `_take`, and acts by policy when it meets an order of the taker's own account. Returns (traded, taker stopped)."""
    traded = 0
    while traded < wanted and level.head is not None:
        maker = level.head
        if maker.account is taker.account:
            if self_trade is SelfTradePolicy.CANCEL_TAKER:
                return traded, True
            _drop_head(level, maker.remaining_qty)
            self_cancelled.append(maker)
            if self_trade is SelfTradePolicy.CANCEL_BOTH:
                return traded, True
            continue
        qty = min(maker.remaining_qty, wanted - traded)
        traded += qty
        matches.append(Match(maker, level.price, qty))
        if qty == maker.remaining_qty:
            _drop_head(level, qty)
            maker.remaining_qty = 0
        else:
            maker.remaining_qty -= qty
            level.qty -= qty
    return traded, False


def _drop_head(level: PriceLevel, qty: Lots) -> None:
    """Unlinks the oldest order of a level. The level may be empty afterwards: the caller drops it from the side."""
    head = level.head
    assert head is not None
    level.head = head.next
    if head.next is not None:
        head.next.prev = None
    head.next = head.level = None
    level.count -= 1
    level.qty -= qty


class Preview(NamedTuple):
    """What an order would do: `qty` lots it would trade for `notional`, the worst price of them (None: nothing), and
    `complete`: that is all it wants.
    """

    qty: Lots
    notional: Atoms
    worst_price: Ticks | None
    complete: bool


def preview(
    book: OrderBook,
    *,
    side: Side,
    limit_price: Ticks | None,
    order_qty: Lots | None,
    budget: Atoms | None,
    atoms_per_tick_lot: Atoms,
    not_with: object | None = None,
) -> Preview:
    """How an order would trade, with the book untouched. Exactly one of `order_qty` and `budget` is given.

    `not_with`: an account whose resting orders do not count, because the self-trade policy would take them out.
    O(levels it would reach), or O(orders) with `not_with`.
    """
    opposite = book.opposite(side)
    lowest_key = None if limit_price is None else limit_price * opposite.sign
    left = order_qty if order_qty is not None else 0
    budget_left = budget if budget is not None else 0
    total, notional, worst = 0, 0, None
    complete = False
    for level in opposite:
        if lowest_key is not None and level.price * opposite.sign < lowest_key:
            break
        unit = level.price * atoms_per_tick_lot
        wanted = budget_left // unit if budget is not None else left
        if wanted == 0:
            complete = True
            break
        offered = level.qty
        if not_with is not None:
            offered -= sum(order.remaining_qty for order in level if order.account is not_with)
        qty = min(offered, wanted)
        if qty:
            worst = level.price
        total += qty
        notional += qty * unit
        left -= qty
        budget_left -= qty * unit
        if qty == wanted:
            complete = True  # the next level could only buy a lot with a budget's rest if it were cheaper
            break
    return Preview(total, notional, worst, complete)
