"""Books and orders without an exchange around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from exchange_rig import NO_FEES, PLAIN

from mockex.core.book import BookSide, OrderBook
from mockex.core.ledger import Account, Balance
from mockex.core.matching import MatchResult
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.units import Instrument, Wallet

MAKER = Account("maker", NO_FEES)
TAKER = Account("taker", NO_FEES)

_order_ids = count(1)


def make_order(
    side: Side,
    qty: int | None,
    price: int | None = None,
    *,
    account: Account = TAKER,
    budget: int | None = None,
    instrument: Instrument = PLAIN,
) -> Order:
    """A limit order, or a market order when it has no price."""
    return Order(
        next(_order_ids),
        None,
        account,
        instrument,
        side,
        OrderType.MARKET if price is None else OrderType.LIMIT,
        TimeInForce.GTC,
        price,
        qty,
        budget,
        Balance(account, Wallet.SPOT, instrument.quote.code),
        0,
    )


def make_book(
    *,
    bids: Mapping[int, Sequence[int]] | None = None,
    asks: Mapping[int, Sequence[int]] | None = None,
    account: Account = MAKER,
) -> OrderBook:
    """A book from prices and the quantities that rest there, oldest first."""
    book = OrderBook()
    for side, levels in ((Side.BUY, bids or {}), (Side.SELL, asks or {})):
        for price, quantities in levels.items():
            for qty in quantities:
                book.add(make_order(side, qty, price, account=account))
    return book


def levels(side: BookSide) -> list[tuple[int, list[int]]]:
    """(price, quantities oldest first) of every level, best first; checks sums, counts and links on the way."""
    found = []
    assert sorted(side.keys) == side.keys
    assert {key * side.sign for key in side.keys} == set(side.levels)
    for level in side:
        orders = list(level)
        quantities = [order.remaining_qty for order in orders]
        assert (level.qty, level.count) == (sum(quantities), len(orders))
        assert (level.head, level.tail) == (orders[0], orders[-1])
        assert [order.prev for order in orders] == [None, *orders[:-1]]
        assert [order.next for order in orders] == [*orders[1:], None]
        assert all(order.level is level for order in orders)
        found.append((level.price, quantities))
    return found


def traded(result: MatchResult) -> list[tuple[int, int]]:
    """(price, quantity) of every match, in order."""
    return [(made.price, made.qty) for made in result.matches]
