"""Matching: price, then time; at the makers' prices; by quantity or by budget; and the policies on self-trades."""

from collections.abc import Mapping
from typing import Any

import pytest
from book_rig import MAKER, TAKER, levels, make_book, make_order, traded
from exchange_rig import make_instrument

from mockex.core.book import OrderBook
from mockex.core.ledger import Account
from mockex.core.matching import Preview, SelfTradePolicy, match, preview
from mockex.core.orders import Side

ASKS = {101: [4, 4], 102: [6], 105: [1]}
BIDS = {99: [4, 4], 98: [6], 95: [1]}


def test_the_best_price_trades_first_and_at_one_price_the_oldest_order() -> None:
    book = make_book(asks=ASKS)
    oldest, second = book.asks.levels[101]
    result = match(book, make_order(Side.BUY, 11))
    assert traded(result) == [(101, 4), (101, 4), (102, 3)]
    assert [made.maker for made in result.matches][:2] == [oldest, second]
    assert levels(book.asks) == [(102, [3]), (105, [1])]


def test_a_sell_walks_the_bids_downwards() -> None:
    book = make_book(bids=BIDS)
    assert traded(match(book, make_order(Side.SELL, 15))) == [(99, 4), (99, 4), (98, 6), (95, 1)]
    assert levels(book.bids) == []


def test_a_limit_stops_the_walk_and_the_rest_is_still_wanted() -> None:
    book = make_book(asks=ASKS)
    taker = make_order(Side.BUY, 20, 102)
    assert traded(match(book, taker)) == [(101, 4), (101, 4), (102, 6)]
    assert taker.remaining_qty == 6
    assert levels(book.asks) == [(105, [1])]


def test_a_trade_takes_the_makers_price_even_when_the_taker_offers_more() -> None:
    assert traded(match(make_book(asks=ASKS), make_order(Side.BUY, 4, 1_000))) == [(101, 4)]


def test_a_partly_filled_maker_keeps_its_place() -> None:
    book = make_book(asks={101: [4, 4]})
    assert traded(match(book, make_order(Side.BUY, 1))) == [(101, 1)]
    assert levels(book.asks) == [(101, [3, 4])]
    assert traded(match(book, make_order(Side.BUY, 4))) == [(101, 3), (101, 1)]
    assert levels(book.asks) == [(101, [3])]


def test_a_filled_maker_is_free_of_the_book() -> None:
    book = make_book(asks={101: [4, 4]})
    (first, _) = book.asks.levels[101]
    match(book, make_order(Side.BUY, 4))
    assert (first.remaining_qty, first.level, first.prev, first.next) == (0, None, None, None)


def test_nothing_trades_when_the_prices_do_not_meet() -> None:
    book = make_book(asks=ASKS)
    taker = make_order(Side.BUY, 5, 100)
    assert traded(match(book, taker)) == []
    assert taker.remaining_qty == 5
    assert levels(book.asks) == [(101, [4, 4]), (102, [6]), (105, [1])]


def test_nothing_trades_with_an_empty_book() -> None:
    taker = make_order(Side.SELL, 5)
    assert traded(match(OrderBook(), taker)) == []
    assert taker.remaining_qty == 5


@pytest.mark.parametrize(
    ("budget", "expected", "left"),
    [
        (100, [], 100),
        (101, [(101, 1)], 0),
        (808, [(101, 4), (101, 4)], 0),
        (909, [(101, 4), (101, 4)], 101),
        (910, [(101, 4), (101, 4), (102, 1)], 0),
        (1_420, [(101, 4), (101, 4), (102, 6)], 0),
        (1_524, [(101, 4), (101, 4), (102, 6)], 104),
        (1_525, [(101, 4), (101, 4), (102, 6), (105, 1)], 0),
        (9_999, [(101, 4), (101, 4), (102, 6), (105, 1)], 8_474),
    ],
)
def test_a_budget_buys_whole_lots_until_it_affords_no_more(budget: int, expected: list[tuple[int, int]], left: int) -> None:
    taker = make_order(Side.BUY, None, budget=budget)
    assert traded(match(make_book(asks=ASKS), taker)) == expected
    assert taker.budget_left == left


def test_a_budget_counts_atoms_not_ticks() -> None:
    # One lot at one tick costs 10**7 atoms here.
    instrument = make_instrument("BTC-JPY", tick="0.1", lot="0.00000001", decimals=16)
    taker = make_order(Side.BUY, None, budget=1_020 * 10**7 + 1, instrument=instrument)
    assert traded(match(make_book(asks=ASKS), taker)) == [(101, 4), (101, 4), (102, 2)]
    assert taker.budget_left == 8 * 10**7 + 1


# --- self-trades


def mixed_book() -> OrderBook:
    """At 101 the taker's own order stands between two of others; 102 is all its own, 103 all of others."""
    book = OrderBook()
    for qty, price, account in ((1, 101, MAKER), (2, 101, TAKER), (3, 101, MAKER), (4, 102, TAKER), (5, 103, MAKER)):
        book.add(make_order(Side.SELL, qty, price, account=account))
    return book


UNTOUCHED = [(101, [1, 2, 3]), (102, [4]), (103, [5])]


@pytest.mark.parametrize(
    ("policy", "qty", "expected", "cancelled", "stopped", "remaining", "left"),
    [
        (SelfTradePolicy.ALLOW, 8, [(101, 1), (101, 2), (101, 3), (102, 2)], [], False, 0, [(102, [2]), (103, [5])]),
        (SelfTradePolicy.CANCEL_TAKER, 1, [(101, 1)], [], False, 0, [(101, [2, 3]), (102, [4]), (103, [5])]),
        (SelfTradePolicy.CANCEL_TAKER, 8, [(101, 1)], [], True, 7, [(101, [2, 3]), (102, [4]), (103, [5])]),
        (SelfTradePolicy.CANCEL_MAKER, 1, [(101, 1)], [], False, 0, [(101, [2, 3]), (102, [4]), (103, [5])]),
        (SelfTradePolicy.CANCEL_MAKER, 4, [(101, 1), (101, 3)], [2], False, 0, [(102, [4]), (103, [5])]),
        (SelfTradePolicy.CANCEL_MAKER, 8, [(101, 1), (101, 3), (103, 4)], [2, 4], False, 0, [(103, [1])]),
        (SelfTradePolicy.CANCEL_MAKER, 99, [(101, 1), (101, 3), (103, 5)], [2, 4], False, 90, []),
        (SelfTradePolicy.CANCEL_BOTH, 1, [(101, 1)], [], False, 0, [(101, [2, 3]), (102, [4]), (103, [5])]),
        (SelfTradePolicy.CANCEL_BOTH, 8, [(101, 1)], [2], True, 7, [(101, [3]), (102, [4]), (103, [5])]),
    ],
)
def test_a_self_trade_follows_the_policy(
    policy: SelfTradePolicy,
    qty: int,
    expected: list[tuple[int, int]],
    cancelled: list[int],
    stopped: bool,
    remaining: int,
    left: list[tuple[int, list[int]]],
) -> None:
    book = mixed_book()
    taker = make_order(Side.BUY, qty)
    result = match(book, taker, policy)
    assert traded(result) == expected
    assert [order.order_qty for order in result.self_cancelled] == cancelled
    assert all((order.level, order.prev, order.next) == (None, None, None) for order in result.self_cancelled)
    assert result.taker_stopped is stopped
    assert taker.remaining_qty == remaining
    assert levels(book.asks) == left


def test_a_budget_passes_by_own_orders_that_the_policy_cancels() -> None:
    book = mixed_book()
    taker = make_order(Side.BUY, None, budget=101 * 4 + 103 * 2 + 50)
    result = match(book, taker, SelfTradePolicy.CANCEL_MAKER)
    assert traded(result) == [(101, 1), (101, 3), (103, 2)]
    assert taker.budget_left == 50


def test_own_orders_beyond_the_limit_are_left_alone() -> None:
    book = make_book(asks={101: [1], 103: [1]}, account=TAKER)
    result = match(book, make_order(Side.BUY, 5, 102), SelfTradePolicy.CANCEL_MAKER)
    assert len(result.self_cancelled) == 1
    assert levels(book.asks) == [(103, [1])]


# --- preview


def look(
    book: OrderBook,
    *,
    side: Side = Side.BUY,
    limit: int | None = None,
    qty: int | None = None,
    budget: int | None = None,
    account: Account = TAKER,
    policy: SelfTradePolicy = SelfTradePolicy.ALLOW,
) -> Preview:
    return preview(
        book,
        side=side,
        limit_price=limit,
        order_qty=qty,
        budget=budget,
        atoms_per_tick_lot=1,
        account=account,
        self_trade=policy,
    )


@pytest.mark.parametrize(
    ("wish", "qty", "notional", "worst_price", "complete"),
    [
        ({"qty": 3}, 3, 303, 101, True),
        ({"qty": 8}, 8, 808, 101, True),
        ({"qty": 9}, 9, 910, 102, True),
        ({"qty": 15}, 15, 1_525, 105, True),
        ({"qty": 16}, 15, 1_525, 105, False),
        ({"qty": 9, "limit": 101}, 8, 808, 101, False),
        ({"qty": 9, "limit": 100}, 0, 0, None, False),
        ({"budget": 808}, 8, 808, 101, True),
        ({"budget": 909}, 8, 808, 101, True),
        ({"budget": 1_525}, 15, 1_525, 105, True),
        ({"budget": 1_629}, 15, 1_525, 105, True),
        ({"budget": 1_630}, 15, 1_525, 105, False),
        ({"budget": 100}, 0, 0, None, False),
    ],
)
def test_a_preview_tells_what_would_trade_at_what_cost(
    wish: Mapping[str, Any], qty: int, notional: int, worst_price: int | None, complete: bool
) -> None:
    book = make_book(asks=ASKS)
    assert look(book, **wish) == (qty, notional, worst_price, complete)
    assert levels(book.asks) == [(101, [4, 4]), (102, [6]), (105, [1])]


def test_a_preview_of_a_sell_walks_down() -> None:
    assert look(make_book(bids=BIDS), side=Side.SELL, qty=15) == (15, 1_475, 95, True)
    assert look(make_book(bids=BIDS), side=Side.SELL, qty=15, limit=98) == (14, 1_380, 98, False)


def test_a_preview_of_an_empty_book_is_incomplete() -> None:
    assert look(OrderBook(), qty=1) == (0, 0, None, False)


@pytest.mark.parametrize(
    ("policy", "qty", "expected"),
    [
        (SelfTradePolicy.ALLOW, 8, (8, 810, 102, True)),
        (SelfTradePolicy.CANCEL_MAKER, 4, (4, 404, 101, True)),
        (SelfTradePolicy.CANCEL_MAKER, 8, (8, 816, 103, True)),
        (SelfTradePolicy.CANCEL_MAKER, 10, (9, 919, 103, False)),
        (SelfTradePolicy.CANCEL_TAKER, 1, (1, 101, 101, True)),
        (SelfTradePolicy.CANCEL_TAKER, 2, (1, 101, 101, False)),
        (SelfTradePolicy.CANCEL_BOTH, 1, (1, 101, 101, True)),
        (SelfTradePolicy.CANCEL_BOTH, 2, (1, 101, 101, False)),
    ],
)
def test_a_preview_goes_as_far_as_the_self_trade_policy_lets_the_order(
    policy: SelfTradePolicy, qty: int, expected: tuple[int, int, int, bool]
) -> None:
    book = mixed_book()
    assert look(book, qty=qty, policy=policy) == expected
    assert levels(book.asks) == UNTOUCHED


def test_a_budget_that_meets_only_own_orders_it_can_afford_would_buy_nothing() -> None:
    book = make_book(asks={101: [5]}, account=TAKER)
    book.add(make_order(Side.SELL, 5, 500, account=MAKER))
    assert look(book, budget=300, policy=SelfTradePolicy.CANCEL_MAKER) == (0, 0, None, False)
