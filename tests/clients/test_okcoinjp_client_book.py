"""Order books: merge and checksum against the document's vectors."""

from datetime import UTC, datetime
from typing import Any

import pytest
from mockex.clients.okcoinjp import OrderBook
from mockex.clients.okcoinjp.book import BookSide
from mockex.clients.okcoinjp.market_models import BookLevel, DepthChange, decode_level
from mockex.clients.okcoinjp.vocabulary import DepthAction
from mockex.fixtures import load

VECTORS = [vector for vector in load("okcoinjp", "ws/checksum")["vectors"] if vector["verifiable"]]
AT = datetime(2018, 12, 4, 9, 38, 36, 300_000, tzinfo=UTC)


def _levels(rows: list[Any]) -> tuple[BookLevel, ...]:
    return tuple(decode_level(row, "level") for row in rows)


def _change(action: DepthAction, *, bids: list[Any], asks: list[Any], checksum: int) -> DepthChange:
    return DepthChange(
        instrument_id="BTC-JPY",
        action=action,
        asks=_levels(asks),
        bids=_levels(bids),
        timestamp=AT,
        checksum=checksum,
    )


def _partial(vector: dict[str, Any]) -> DepthChange:
    return _change(DepthAction.PARTIAL, bids=vector["bids"], asks=vector["asks"], checksum=vector["checksum"])


def _vector(name: str) -> dict[str, Any]:
    return next(vector for vector in VECTORS if vector["id"] == f"ws/checksum.{name}")


def _prices(side: BookSide[BookLevel]) -> list[str]:
    return [level.price_text for level in side]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_checksum_equals_the_vector(vector: dict[str, Any]) -> None:
    book = OrderBook("BTC-JPY")

    assert book.apply(_partial(vector))
    assert book.checksum_text() == vector["string"]
    assert book.checksum() == vector["checksum"]


def test_update_replaces_inserts_and_deletes_and_gives_the_published_checksum() -> None:
    book = OrderBook("BTC-JPY")
    assert book.apply(_partial(_vector("example-2")))

    in_step = book.apply(_change(DepthAction.UPDATE, bids=[["3366.5", "2", 1]], asks=[["3366.8", "0", 0]], checksum=1067291979))

    assert in_step
    assert book.checksum_text() == "3366.5:2:3368:8:3366.1:7:3372:8"


def test_update_of_a_known_price_takes_the_new_size_and_digits() -> None:
    book = OrderBook("BTC-JPY")
    book.apply(_partial(_vector("example-1")))

    book.apply(_change(DepthAction.UPDATE, bids=[["3366.10", "5", 2]], asks=[], checksum=0))

    assert [(level.price_text, level.size_text, level.orders) for level in book.bids] == [
        ("3366.10", "5", 2),
        ("3366", "6", 3),
    ]


def test_levels_come_best_first_whatever_the_order_of_arrival() -> None:
    book = OrderBook("BTC-JPY")
    rows = [["9", "1", 1], ["10", "1", 1], ["100", "1", 1], ["9.5", "1", 1]]

    book.apply(_change(DepthAction.PARTIAL, bids=rows, asks=rows, checksum=0))

    assert _prices(book.bids) == ["100", "10", "9.5", "9"]
    assert _prices(book.asks) == ["9", "9.5", "10", "100"]


def test_deleting_a_price_that_is_not_there_changes_nothing() -> None:
    book = OrderBook("BTC-JPY")
    book.apply(_partial(_vector("example-1")))

    in_step = book.apply(_change(DepthAction.UPDATE, bids=[["1", "0", 0]], asks=[["9999", "0", 0]], checksum=-1881014294))

    assert in_step


def test_empty_update_keeps_the_book() -> None:
    book = OrderBook("BTC-JPY")
    book.apply(_partial(_vector("example-1")))

    assert book.apply(_change(DepthAction.UPDATE, bids=[], asks=[], checksum=-1881014294))


def test_partial_replaces_the_whole_book() -> None:
    book = OrderBook("BTC-JPY")
    book.apply(_partial(_vector("thirty-levels")))

    assert book.apply(_partial(_vector("example-2")))
    assert (_prices(book.bids), _prices(book.asks)) == (["3366.1"], ["3366.8", "3368", "3372"])


def test_wrong_checksum_is_told() -> None:
    book = OrderBook("BTC-JPY")
    vector = _vector("example-1")

    assert not book.apply(_partial(vector | {"checksum": vector["checksum"] + 1}))


def test_book_knows_its_best_prices_and_its_time() -> None:
    book = OrderBook("BTC-JPY")
    assert (book.bids.best, book.asks.best, book.timestamp) == (None, None, None)

    book.apply(_partial(_vector("example-1")))

    assert book.bids.best is not None
    assert book.asks.best is not None
    assert (book.bids.best.price_text, book.asks.best.price_text) == ("3366.1", "3366.8")
    assert (len(book.bids), len(book.asks), book.timestamp) == (2, 2, AT)
