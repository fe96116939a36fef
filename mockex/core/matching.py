"""Price-time priority, and nothing else: who trades with whom, at which price, how much.

`match` changes the book and the orders' remaining quantities; money is settled by the exchange from the matches it returns.
`preview` looks at the same road without walking it: what a price band, a fill-or-kill or a post-only order must know first.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from mockex.core.book import OrderBook, PriceLevel
from mockex.core.orders import BUY, Order, Side
from mockex.core.units import Atoms, Lots, Ticks

if TYPE_CHECKING:
    from mockex.core.ledger import Account


class SelfTradePolicy(Enum):
    """What happens when an order meets another of the same account."""

    ALLOW = "allow"
    CANCEL_TAKER = "cancel taker"  # stop; what is left of the arriving order is cancelled
    CANCEL_MAKER = "cancel maker"  # the resting order is cancelled, matching goes on
    CANCEL_BOTH = "cancel both"


_ALLOW: Final = SelfTradePolicy.ALLOW
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class Match(NamedTuple):
    maker: Order
    price: Ticks
    qty: Lots


class MatchResult(NamedTuple):
    """`self_cancelled`: resting orders that the self-trade policy took out; `taker_stopped`: it ended the arriving order."""

    matches: list[Match]
    self_cancelled: list[Order]
    taker_stopped: bool


def match(
    book: OrderBook,
    taker: Order,
    self_trade: SelfTradePolicy = SelfTradePolicy.ALLOW,
    bound: Ticks | None = None,
    step: Lots = 1,
) -> MatchResult:
    """Trades `taker` against the book, best price first and oldest order first, at the makers' prices.

    Ends when the taker has nothing left, its limit is reached, its budget buys not one `step` of lots more, or the side is
    empty. `bound`: a price that stands in for the limit and is no worse.
    Filled makers leave the book; the taker's `remaining_qty` or `budget_left` is what it still wants. O(orders traded with).
    """
    book.version += 1
    matches: list[Match] = []
    self_cancelled: list[Order] = []
    side = book.asks if taker.side is BUY else book.bids
    keys, levels, sign = side.keys, side.levels, side.sign
    # The limit in the side's own turned order: a level trades while its key is not below it.
    limit_price = taker.limit_price if bound is None else bound
    lowest_key = None if limit_price is None else limit_price * sign
    by_budget = taker.budget is not None
    atoms_per_tick_lot = taker.instrument.atoms_per_tick_lot

    while keys:
        key = keys[-1]
        if lowest_key is not None and key < lowest_key:
            break
        price = key * sign
        if by_budget:
            wanted = taker.budget_left // (price * atoms_per_tick_lot)
            wanted -= wanted % step
        else:
            wanted = taker.remaining_qty
        if wanted == 0:
            break
        level = levels[price]
        stopped = False
        if self_trade is _ALLOW:
            traded = _take(level, wanted, matches)
        else:
            traded, stopped = _take_from_others(level, wanted, matches, taker, self_trade, self_cancelled)
        if by_budget:
            taker.budget_left -= traded * price * atoms_per_tick_lot
        else:
            taker.remaining_qty -= traded
        if level.head is None:
            keys.pop()
            del levels[price]
        if stopped:
            return MatchResult(matches, self_cancelled, True)
    return MatchResult(matches, self_cancelled, False)


def _take(level: PriceLevel, wanted: Lots, matches: list[Match]) -> Lots:
    """Trades up to `wanted` with the level's orders, oldest first. Returns what was traded."""
    left, price = wanted, level.price
    maker = level.head
    while maker is not None:
        qty = maker.remaining_qty
        if qty > left:
            if left:
                matches.append(_new_tuple(Match, (maker, price, left)))
                maker.remaining_qty = qty - left
                left = 0
            break
        left -= qty
        matches.append(_new_tuple(Match, (maker, price, qty)))
        maker.remaining_qty = 0
        maker.level = None
        level.count -= 1
        following = maker.next
        if following is not None:
            maker.next = following.prev = None
        maker = following
    level.head = maker
    traded = wanted - left
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
    account: Account | None = None,
    self_trade: SelfTradePolicy = SelfTradePolicy.ALLOW,
    step: Lots = 1,
) -> Preview:
    """How an order of `account` would trade, with the book untouched. Exactly one of `order_qty` and `budget` is given.

    `limit_price`: its own, or a tighter bound. It goes as far as `match` would: past the account's own orders or up to the
    first of them, as `self_trade` says.
    O(levels it would reach), or O(orders it would reach) under a policy other than `ALLOW`.
    """
    opposite = book.opposite(side)
    levels, sign = opposite.levels, opposite.sign
    lowest_key = None if limit_price is None else limit_price * sign
    left = order_qty if order_qty is not None else 0
    budget_left = budget if budget is not None else 0
    total, notional, worst = 0, 0, None
    for key in reversed(opposite.keys):
        price = key * sign
        unit = price * atoms_per_tick_lot
        if budget is None:
            wanted = left
        else:
            wanted = budget_left // unit
            wanted -= wanted % step
        if wanted == 0:
            return Preview(total, notional, worst, total > 0)
        if lowest_key is not None and key < lowest_key:
            break
        level = levels[price]
        offered, ends_here = level.qty, False
        if self_trade is not _ALLOW:
            offered, ends_here = _offered_to(account, level, wanted, self_trade)
        qty = offered if offered < wanted else wanted
        if qty:
            worst = price
        total += qty
        notional += qty * unit
        if qty == wanted:  # a budget's rest would buy a lot at the next level only if that were cheaper
            return Preview(total, notional, worst, True)
        if ends_here:
            break
        left -= qty
        budget_left -= qty * unit
    return Preview(total, notional, worst, False)


def _offered_to(account: Account | None, level: PriceLevel, wanted: Lots, self_trade: SelfTradePolicy) -> tuple[Lots, bool]:
    """How much of `wanted` an order of `account` could have of a level, and whether an own order there would stop it."""
    offered = 0
    for order in level:
        if offered >= wanted:
            break
        if order.account is not account:
            offered += order.remaining_qty
        elif self_trade is not SelfTradePolicy.CANCEL_MAKER:
            return offered, True
    return offered, False
