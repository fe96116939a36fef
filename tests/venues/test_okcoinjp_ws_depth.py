"""The depth channels: a partial, then changes, and a checksum that a client can follow for ever (okj§11.4)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_client_book import ClientBook, crc
from okcoinjp_support import MS, SECOND, SPOT, SpotBench, by_id, make_listing

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.orders import OrderType, Side
from mockex.venues.okcoinjp.checksum import checksum

CHECKSUMS = [vector for vector in load("okcoinjp", "ws/checksum")["vectors"] if vector["verifiable"]]
# The simulator prints no trailing zero, so it cannot print this book.
SENDABLE = [vector for vector in CHECKSUMS if vector["id"] != "ws/checksum.formatting-trap"]
CHANNELS = ["spot/depth", "spot/depth_l2_tbt"]


# --- checksums


@pytest.mark.parametrize("vector", **by_id(CHECKSUMS))
def test_a_checksum_is_that_of_the_vector(vector: dict[str, Any]) -> None:
    bids, asks = ([(level[0], level[1]) for level in vector[side]] for side in ("bids", "asks"))

    assert checksum(bids, asks) == vector["checksum"]
    assert crc(vector["bids"], vector["asks"]) == vector["checksum"], "the tests' own client agrees"


def vector_bench(vector: dict[str, Any]) -> SpotBench:
    bench = SpotBench(make_listing(tick="0.01", lot="0.00000001", min_size="0.00000001"))
    for side, levels in (("buy", vector["bids"]), ("sell", vector["asks"])):
        for price, qty, _ in levels:
            bench.order(side, qty, price, who="bob")
    return bench


@pytest.mark.parametrize("vector", **by_id(SENDABLE))
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_book_of_the_vector_is_sent_with_the_vectors_checksum(channel: str, vector: dict[str, Any]) -> None:
    (push,) = vector_bench(vector).connect().subscribe(f"{channel}:BTC-JPY")

    row = push["data"][0]
    assert push["action"] == "partial"
    assert [level[:2] for level in row["bids"]] == [level[:2] for level in vector["bids"]]
    assert [level[:2] for level in row["asks"]] == [level[:2] for level in vector["asks"]]
    assert row["checksum"] == vector["checksum"]


def test_an_update_has_the_checksum_of_the_book_after_it() -> None:
    after = next(vector for vector in CHECKSUMS if "after" in vector)
    before = next(vector for vector in CHECKSUMS if vector["id"] == after["after"]["vector"])
    bench = vector_bench(before)
    socket = bench.connect()
    socket.subscribe("spot/depth:BTC-JPY")
    (bid,) = after["after"]["update"]["bids"]
    (ask,) = after["after"]["update"]["asks"]
    bench.order("buy", bid[1], bid[0], who="bob")
    gone = next(row for row in bench.rows("/orders_pending", who="bob") if row["price"] == ask[0])
    bench.cancel(gone["order_id"], who="bob")
    bench.clock.advance(100 * MS)

    (message,) = socket.messages()

    assert (message["data"][0]["bids"], message["data"][0]["asks"]) == ([bid], [ask])
    assert message["data"][0]["checksum"] == after["checksum"]


# --- messages


def test_levels_are_two_texts_and_a_count_and_on_the_faster_channel_four_texts() -> None:
    bench = SpotBench()
    bench.order("buy", "1", "100")
    bench.order("buy", "0.5", "100")
    socket = bench.connect()

    pushes = socket.subscribe("spot/depth:BTC-JPY", "spot/depth_l2_tbt:BTC-JPY")

    assert [push["data"][0]["bids"] for push in pushes] == [[["100", "1.5", 2]], [["100", "1.5", "0", "2"]]]


def test_changes_of_a_tenth_of_a_second_come_together_and_those_of_the_faster_channel_at_once() -> None:
    bench = SpotBench()
    socket = bench.connect()
    socket.subscribe("spot/depth:BTC-JPY", "spot/depth_l2_tbt:BTC-JPY")
    bench.order("buy", "1", "100")
    bench.order("buy", "1", "99")
    assert [message["table"] for message in socket.messages()] == ["spot/depth_l2_tbt"] * 2

    bench.clock.advance(21 * MS)  # to .699
    assert socket.messages() == []
    bench.clock.advance(MS)
    (message,) = socket.messages()
    assert (message["table"], message["data"][0]["bids"]) == ("spot/depth", [["100", "1", 1], ["99", "1", 1]])
    assert message["data"][0]["timestamp"] == "2024-02-15T03:04:05.700Z"


def test_what_came_and_went_within_a_beat_is_never_mentioned() -> None:
    bench = SpotBench()
    socket = bench.connect()
    socket.subscribe("spot/depth:BTC-JPY")
    bench.cancel(bench.order("buy", "1", "100"))
    bench.clock.advance(SECOND)

    assert socket.messages() == []


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_command_that_trades_and_rests_is_one_change_of_the_book(channel: str) -> None:
    bench = SpotBench()
    for price in ("100", "101"):
        bench.order("sell", "1", price, who="bob")
    socket = bench.connect()
    book = ClientBook()
    for message in socket.subscribe(f"{channel}:BTC-JPY"):
        book.apply(message)
    bench.order("buy", "5", "101")
    bench.clock.advance(100 * MS)

    (message,) = socket.messages()

    book.apply(message)
    assert [level[:2] for level in book.best_first("bids")] == [["101", "3"]]
    assert book.asks == {}


def test_a_fill_of_a_resting_order_shows_its_smaller_quantity() -> None:
    bench = SpotBench()
    bench.order("sell", "2", "100", who="bob")
    socket = bench.connect()
    socket.subscribe("spot/depth_l2_tbt:BTC-JPY")
    bench.order("buy", "0.5", "100")

    (message,) = socket.messages()
    assert message["data"][0]["asks"] == [["100", "1.5", "0", "1"]]


def test_a_partial_has_400_levels_and_a_level_that_moves_up_into_them_is_sent() -> None:
    bench = SpotBench()
    ids = [bench.rest("buy", 1_000 - index) for index in range(402)]
    socket = bench.connect()
    (partial,) = socket.subscribe("spot/depth:BTC-JPY")
    bids = partial["data"][0]["bids"]
    assert (len(bids), bids[0][0], bids[-1][0]) == (400, "100", "60.1")

    bench.desk.execute(CancelOrder(account_id="bob", order_id=ids[0]))
    bench.clock.advance(100 * MS)
    (message,) = socket.messages()
    assert message["data"][0]["bids"] == [["100", "0", 0], ["60", "1", 1]]

    bench.rest("buy", 1_000)
    bench.clock.advance(100 * MS)
    (message,) = socket.messages()
    assert message["data"][0]["bids"] == [["100", "1", 1], ["60", "0", 0]], "and one that is pushed out is deleted"

    bench.rest("buy", 598)
    bench.clock.advance(100 * MS)
    assert socket.messages() == [], "what lies beyond is nobody's business"


# --- a long life


class Flow:
    """A market in which orders come, go and sweep, some of them far into the book."""

    def __init__(self, bench: SpotBench, seed: int) -> None:
        self.bench = bench
        self.random = random.Random(seed)
        self.live: list[int] = []
        for index in range(410):
            self.live.append(bench.rest("buy", 20_000 - 1 - index * 2))
            self.live.append(bench.rest("sell", 20_000 + 1 + index * 2))

    def step(self) -> None:
        for _ in range(self.random.randrange(1, 8)):
            kind = self.random.random()
            if kind < 0.6:
                self._rest()
            elif kind < 0.9:
                self._cancel(self.live.pop(self.random.randrange(len(self.live))))
            else:
                self._sweep(self.random.choice([1, 1, 1, 5, 30]))

    def _rest(self) -> None:
        """At any price: what crosses the spread trades."""
        distance = self.random.randrange(900) if self.random.random() < 0.7 else self.random.randrange(-5, 30)
        side, sign = self.random.choice([("buy", -1), ("sell", 1)])
        lots = self.random.choice([100_000, 10**8, 123_456_789])
        self.live.append(self.bench.rest(side, 20_000 + sign * distance, lots=lots))

    def _cancel(self, order_id: int) -> None:
        """It may have been filled meanwhile; then nothing happens."""
        self.bench.desk.execute(CancelOrder(account_id="bob", order_id=order_id))

    def _sweep(self, levels: int) -> None:
        side = self.random.choice(list(Side))
        command = PlaceOrder(
            account_id="alice", symbol="BTC-JPY", side=side, order_type=OrderType.LIMIT,
            limit_price=20_000 + (400 if side is Side.BUY else -400), order_qty=levels * 10**8,
        )  # fmt: skip
        self.bench.desk.execute(command)


def expected(bench: SpotBench, side: str, *, levels: int) -> list[list[str]]:
    """Price and quantity as REST prints them; the book itself, where a client wants more than REST gives."""
    book = bench.get(f"{SPOT}/instruments/BTC-JPY/book", f"size={levels}").body
    rows: list[list[str]] = book[side]
    return rows


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_client_that_merges_every_message_holds_the_venues_book(channel: str, seed: int) -> None:
    bench = SpotBench()
    flow = Flow(bench, seed)
    socket, book = bench.connect(), ClientBook()
    for message in socket.subscribe(f"{channel}:BTC-JPY"):
        book.apply(message)
    market = bench.desk.exchange.markets["BTC-JPY"]
    longest, shortest = 0, 1_000

    for _ in range(120):
        flow.step()
        bench.clock.advance(100 * MS)
        for message in socket.messages():
            book.apply(message)
        for side in ("bids", "asks"):
            merged = book.best_first(side)
            assert [[level[0], level[1], str(level[-1])] for level in merged[:200]] == expected(bench, side, levels=200)
            levels = len(getattr(market.book, side).keys)
            assert len(merged) == min(levels, 400)
            longest, shortest = max(longest, levels), min(shortest, levels)

    assert book.updates >= 100
    assert longest > 400 > shortest, "the window mattered"


def test_a_late_subscriber_holds_the_same_book_as_an_early_one() -> None:
    """It joins between two beats, and the next update must fit both."""
    bench = SpotBench()
    flow = Flow(bench, seed=7)
    early, late = bench.connect(), bench.connect()
    books = [ClientBook(), ClientBook()]
    for message in early.subscribe("spot/depth:BTC-JPY"):
        books[0].apply(message)
    for _ in range(20):
        flow.step()
        bench.clock.advance(50 * MS)
    for message in late.subscribe("spot/depth:BTC-JPY"):
        books[1].apply(message)
    flow.step()
    for _ in range(10):
        bench.clock.advance(50 * MS)
        for socket, book in ((early, books[0]), (late, books[1])):
            for message in socket.messages():
                book.apply(message)

    assert books[0].best_first("bids") == books[1].best_first("bids")
    assert books[0].best_first("asks") == books[1].best_first("asks")
    assert books[1].updates > 0


def test_resubscribing_recovers_a_client_that_has_lost_its_way() -> None:
    bench = SpotBench()
    flow = Flow(bench, seed=8)
    socket = bench.connect()
    socket.subscribe("spot/depth:BTC-JPY")
    for _ in range(5):
        flow.step()
        bench.clock.advance(100 * MS)
    socket.messages()  # lost

    book = ClientBook()
    for message in socket.subscribe("spot/depth:BTC-JPY"):
        book.apply(message)
    for _ in range(5):
        flow.step()
        bench.clock.advance(100 * MS)
        for message in socket.messages():
            book.apply(message)

    assert book.updates == 5
