"""The book: levels in price order, orders in time order, and cheap leaving from anywhere."""

from copy import deepcopy
from random import Random

import pytest
from book_rig import levels, make_book, make_order

from mockex.core.book import OrderBook
from mockex.core.matching import match
from mockex.core.orders import Order, Side


def test_bids_fall_and_asks_rise_from_the_touch() -> None:
    book = make_book(bids={99: [1], 100: [5, 3], 98: [2]}, asks={103: [7], 101: [4], 102: [6]})
    assert levels(book.bids) == [(100, [5, 3]), (99, [1]), (98, [2])]
    assert levels(book.asks) == [(101, [4]), (102, [6]), (103, [7])]


def test_an_empty_book_has_no_best_price_and_no_depth() -> None:
    book = OrderBook()
    assert book.bids.best is None
    assert book.asks.best is None
    assert book.bids.depth(5) == []


def test_the_best_level_is_the_highest_bid_and_the_lowest_ask() -> None:
    book = make_book(bids={99: [1], 100: [5]}, asks={102: [6], 101: [4]})
    assert book.bids.best is book.bids.levels[100]
    assert book.asks.best is book.asks.levels[101]


def test_depth_is_cut_to_the_best_levels() -> None:
    book = make_book(bids={99: [1], 100: [5, 3], 98: [2]}, asks={103: [7], 101: [4, 4, 4], 102: [6]})
    assert book.bids.depth(2) == [(100, 8, 2), (99, 1, 1)]
    assert book.asks.depth(2) == [(101, 12, 3), (102, 6, 1)]
    assert book.asks.depth(100) == [(101, 12, 3), (102, 6, 1), (103, 7, 1)]
    assert book.asks.depth(0) == []


def test_a_negative_depth_is_an_error() -> None:
    with pytest.raises(ValueError):
        make_book(bids={100: [1]}).bids.depth(-1)


@pytest.mark.parametrize(("leaving", "left"), [(0, [2, 3]), (1, [1, 3]), (2, [1, 2])], ids=["first", "middle", "last"])
def test_an_order_leaves_a_level_without_moving_the_others(leaving: int, left: list[int]) -> None:
    book = make_book(asks={101: [1, 2, 3], 102: [9]})
    order = list(book.asks.levels[101])[leaving]
    book.remove(order)
    assert levels(book.asks) == [(101, left), (102, [9])]
    assert (order.level, order.prev, order.next) == (None, None, None)


@pytest.mark.parametrize("price", [99, 100, 98], ids=["in between", "best", "worst"])
def test_a_level_goes_with_its_last_order(price: int) -> None:
    book = make_book(bids={99: [1], 100: [5], 98: [2]})
    (order,) = book.bids.levels[price]
    book.remove(order)
    assert [level.price for level in book.bids] == [p for p in (100, 99, 98) if p != price]
    levels(book.bids)


def test_an_order_that_left_can_rest_again_behind_the_others() -> None:
    book = make_book(bids={100: [1, 2]})
    first = book.bids.levels[100].head
    assert first is not None
    book.remove(first)
    book.add(first)
    assert levels(book.bids) == [(100, [2, 1])]


def test_an_order_that_does_not_rest_cannot_leave() -> None:
    with pytest.raises(AssertionError):
        OrderBook().remove(make_order(Side.BUY, 1, 100))


@pytest.mark.parametrize(
    ("side", "limit", "crosses"),
    [
        (Side.BUY, 100, False),
        (Side.BUY, 101, True),
        (Side.BUY, 102, True),
        (Side.BUY, None, True),
        (Side.SELL, 100, False),
        (Side.SELL, 99, True),
        (Side.SELL, 98, True),
        (Side.SELL, None, True),
    ],
)
def test_an_order_crosses_when_its_limit_reaches_the_touch(side: Side, limit: int | None, crosses: bool) -> None:
    assert make_book(bids={99: [1]}, asks={101: [1]}).crosses(side, limit) is crosses


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("limit", [100, None])
def test_nothing_crosses_an_empty_side(side: Side, limit: int | None) -> None:
    assert OrderBook().crosses(side, limit) is False


def test_the_sides_of_an_order_are_its_own_and_the_opposite() -> None:
    book = OrderBook()
    assert (book.side(Side.BUY), book.opposite(Side.BUY)) == (book.bids, book.asks)
    assert (book.side(Side.SELL), book.opposite(Side.SELL)) == (book.asks, book.bids)


def test_a_book_equals_a_sorted_list_through_thousands_of_arrivals_and_departures() -> None:
    random = Random(1)
    book = OrderBook()
    resting: list[Order] = []
    for _ in range(4_000):
        if resting and random.random() < 0.45:
            book.remove(resting.pop(random.randrange(len(resting))))
        else:
            side = random.choice((Side.BUY, Side.SELL))
            price = random.randint(60, 100) if side is Side.BUY else random.randint(101, 140)
            order = make_order(side, random.randint(1, 9), price)
            book.add(order)
            resting.append(order)
    for side, sign in ((Side.BUY, -1), (Side.SELL, 1)):
        expected: dict[int | None, list[int]] = {}
        mine = [order for order in resting if order.side is side]
        for order in sorted(mine, key=lambda order: (sign * (order.limit_price or 0), order.order_id)):
            expected.setdefault(order.limit_price, []).append(order.remaining_qty)
        assert levels(book.side(side)) == list(expected.items())


def test_every_change_makes_the_version_larger_and_a_look_does_not() -> None:
    book = make_book(bids={100: [1]}, asks={101: [4, 2]})
    seen = [book.version]
    late = make_order(Side.SELL, 3, 102)
    for change in (
        lambda: book.add(late),
        lambda: match(book, make_order(Side.BUY, 5, 101)),  # one order whole, one in part
        lambda: match(book, make_order(Side.SELL, 1, 100)),
        lambda: book.remove(late),
    ):
        change()
        seen.append(book.version)
    assert seen == sorted(set(seen))

    book.asks.depth(5)
    assert book.crosses(Side.BUY, 101)
    assert book.version == seen[-1]
    assert deepcopy(book).version == seen[-1]
