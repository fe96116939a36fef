"""A book out of increments and whole books: alignment, chain, merge."""

from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.htx import OrderBook
from mockex.clients.htx.book import Outcome
from mockex.clients.htx.market_models import BookChange, BookImage, Level
from mockex.fixtures import load

SEQUENCES = load("htx", "ws/book_sync")["sequences"]


def _levels(pairs: list[Any]) -> tuple[Level, ...]:
    return tuple(Level(price=Decimal(str(price)), size=Decimal(str(size))) for price, size in pairs)


def change(prev_seq_num: int, seq_num: int, *, bids: list[Any] | None = None, asks: list[Any] | None = None) -> BookChange:
    return BookChange(
        symbol="x", seq_num=seq_num, prev_seq_num=prev_seq_num, bids=_levels(bids or []), asks=_levels(asks or [])
    )


def image(seq_num: int, *, bids: list[Any] | None = None, asks: list[Any] | None = None) -> BookImage:
    return BookImage(symbol="x", seq_num=seq_num, bids=_levels(bids or []), asks=_levels(asks or []))


def shown(book: OrderBook) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Both sides, best first, as text."""
    bids, asks = ([(str(level.price), str(level.size)) for level in side] for side in (book.bids, book.asks))
    return bids, asks


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: sequence["id"])
def test_sequence_of_messages_ends_as_the_rules_of_the_venue_say(sequence: dict[str, Any]) -> None:
    book = OrderBook("x", 150)
    requests = 1  # the first whole book is asked for right away
    for step in sequence["steps"]:
        if "increment" in step:
            raw = step["increment"]
            outcome = book.apply_change(change(raw["prevSeqNum"], raw["seqNum"], bids=raw["bids"], asks=raw["asks"]))
        else:
            raw = step["snapshot"]
            outcome = book.apply_image(image(raw["seqNum"], bids=raw["bids"], asks=raw["asks"]))
        requests += outcome in (Outcome.LOST, Outcome.TOO_OLD)

    assert book.aligned is (sequence["result"] == "in step")
    assert requests == sequence["requests"]
    if book.aligned:
        assert book.seq_num == sequence["seqNum"]
        assert shown(book) == tuple([(str(price), str(size)) for price, size in sequence[side]] for side in ("bids", "asks"))


def test_whole_book_without_increments_is_aligned_and_the_next_increment_must_follow_it() -> None:
    book = OrderBook("x", 150)

    assert book.apply_image(image(100, bids=[[10, 1]])) is Outcome.APPLIED
    assert book.apply_change(change(100, 101, bids=[[9, 1]])) is Outcome.APPLIED
    assert book.apply_change(change(102, 103)) is Outcome.LOST
    assert not book.aligned


def test_increment_in_which_the_whole_book_lies_is_applied_but_only_right_after_it() -> None:
    book = OrderBook("x", 150)
    book.apply_change(change(95, 98))

    book.apply_image(image(100, bids=[[10, 1]]))
    assert book.apply_change(change(98, 102, bids=[[10, 5]])) is Outcome.APPLIED
    assert book.apply_change(change(101, 104, bids=[[10, 6]])) is Outcome.LOST

    assert shown(book)[0] == [("10", "5")]


def test_increment_that_is_not_newer_than_the_book_is_ignored() -> None:
    book = OrderBook("x", 150)
    book.apply_image(image(100, bids=[[10, 1]]))
    book.apply_change(change(100, 101))

    for old in (change(99, 100, bids=[[10, 7]]), change(100, 101, bids=[[10, 7]]), change(101, 101, bids=[[10, 7]])):
        assert book.apply_change(old) is Outcome.IGNORED

    assert (book.seq_num, shown(book)[0]) == (101, [("10", "1")])


def test_missing_increment_is_not_made_good_by_those_after_it() -> None:
    book = OrderBook("x", 150)
    book.apply_image(image(100, bids=[[10, 1]]))

    assert book.apply_change(change(101, 102, bids=[[9, 1]])) is Outcome.LOST
    assert book.apply_change(change(102, 103, bids=[[8, 1]])) is Outcome.KEPT
    assert book.apply_image(image(100)) is Outcome.TOO_OLD
    assert shown(book)[0] == [("10", "1")]  # stale, and nothing was merged into it
    assert book.apply_image(image(102, bids=[[9, 1]])) is Outcome.APPLIED

    assert shown(book)[0] == [("9", "1"), ("8", "1")]


def test_levels_are_inserted_replaced_and_deleted_by_price_whatever_its_digits() -> None:
    book = OrderBook("x", 150)
    book.apply_image(image(1, bids=[["10.50", 1], [9, 2]], asks=[[11, 1]]))

    book.apply_change(change(1, 2, bids=[["10.5", 3], ["10", "1E-7"], [7, 0]], asks=[["11.000", "0.0"], [12, 4]]))

    assert shown(book) == ([("10.5", "3"), ("10", "1E-7"), ("9", "2")], [("12", "4")])
    assert book.bids.best == Level(price=Decimal("10.5"), size=Decimal(3))
    assert (len(book.bids), len(book.asks)) == (3, 1)


def test_book_of_few_levels_forgets_what_is_pushed_out_of_the_best() -> None:
    book = OrderBook("x", 2)
    book.apply_image(image(1, bids=[[10, 1], [9, 1], [8, 1]], asks=[[11, 1], [12, 1], [13, 1]]))
    assert shown(book) == ([("10", "1"), ("9", "1")], [("11", "1"), ("12", "1")])

    book.apply_change(change(1, 2, bids=[["10.5", 1]], asks=[["10.9", 1]]))
    # 9 and 12 fell out of the venue's window, and may change there without a word.
    book.apply_change(change(2, 3, bids=[["10.5", 0], [8, 4]], asks=[["10.9", 0], [13, 4]]))

    assert shown(book) == ([("10", "1"), ("8", "4")], [("11", "1"), ("13", "4")])


def test_reset_forgets_the_alignment_and_what_was_kept() -> None:
    book = OrderBook("x", 150)
    book.apply_change(change(99, 100))
    book.reset()
    assert book.apply_image(image(5, bids=[[1, 1]])) is Outcome.APPLIED

    book.reset()

    assert not book.aligned
    assert book.apply_change(change(5, 6)) is Outcome.KEPT


def test_empty_book_has_no_best_level() -> None:
    book = OrderBook("x", 5)

    assert (book.bids.best, book.asks.best, book.aligned) == (None, None, False)
