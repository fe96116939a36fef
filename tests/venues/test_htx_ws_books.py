"""The incremental books: numbers that chain, images that fit, and a client that follows them for ever (htx§5)."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import MS, SECOND, START_MS, Bench, Socket
from mockex.fixtures import load

from mockex.core.commands import CancelOrder

MBP = load("htx", "ws/mbp")
LEVELS = [int(levels) for levels in MBP["levels"]]
AT_ONCE, BEATING = [5, 20], [150, 400]


def topic_of(levels: int) -> str:
    return f"market.btcusdt.mbp.{levels}"


class Book:
    """A client's book by the document's rules: increments are kept until an image comes that they fit behind."""

    def __init__(self) -> None:
        self.seq_num: int | None = None
        self.sides: dict[str, dict[Decimal, Decimal]] = {"bids": {}, "asks": {}}
        self.waiting: list[dict[str, Any]] = []
        self.merged = 0

    def on_push(self, message: dict[str, Any]) -> None:
        if self.seq_num is None:
            self.waiting.append(message["tick"])
        else:
            self._merge(message["tick"])

    def on_image(self, image: dict[str, Any]) -> None:
        if self.waiting:
            assert image["seqNum"] >= self.waiting[0]["prevSeqNum"], "too old an image"
        self.seq_num = image["seqNum"]
        self.sides = {side: dict(image[side]) for side in ("bids", "asks")}
        for tick in self.waiting:
            if tick["seqNum"] > image["seqNum"]:
                self._merge(tick)
        self.waiting.clear()

    def _merge(self, tick: dict[str, Any]) -> None:
        assert tick["prevSeqNum"] == self.seq_num, "a gap"
        assert tick["seqNum"] >= tick["prevSeqNum"]
        self.seq_num = tick["seqNum"]
        for side in ("bids", "asks"):
            for price, size in tick[side]:
                if size:
                    self.sides[side][price] = size
                else:
                    del self.sides[side][price]  # what was never sent is never deleted
        self.merged += bool(tick["bids"] or tick["asks"])

    def best_first(self) -> list[list[list[Decimal]]]:
        """Bids and asks."""
        return [[list(row) for row in sorted(self.sides[side].items(), reverse=side == "bids")] for side in ("bids", "asks")]


class Reader:
    """A client on `/feed` that keeps a book of so many levels."""

    def __init__(self, bench: Bench, levels: int) -> None:
        self.levels = levels
        self.book = Book()
        self.socket: Socket = bench.connect("/feed")
        assert self.socket.subscribe(topic_of(levels)) == [], "there is no snapshot but on request"

    def listen(self) -> None:
        for message in self.socket.messages():
            self.book.on_push(message)

    def synchronise(self) -> None:
        self.book.on_image(self.socket.request(topic_of(self.levels)))


class Flow:
    """A market in which orders come, go and sweep, some of them far into the book."""

    def __init__(self, bench: Bench, seed: int) -> None:
        self.bench = bench
        self.random = random.Random(seed)
        self.live: list[int] = []
        for index in range(0, 820, 2):
            self.live.append(bench.rest("buy", self._price(-index - 1)))
            self.live.append(bench.rest("sell", self._price(index + 1)))

    def _price(self, ticks: int) -> str:
        return str(Decimal(200) + Decimal(ticks) / 100)

    def step(self) -> None:
        for _ in range(self.random.randrange(1, 6)):
            kind = self.random.random()
            if kind < 0.6:
                self._rest()
            elif kind < 0.9:
                order_id = self.live.pop(self.random.randrange(len(self.live)))
                self.bench.desk.execute(CancelOrder(account_id="bob", order_id=order_id))
            else:
                side, sign = self.random.choice([("buy", 1), ("sell", -1)])
                self.bench.place(side, self._price(sign * 300), self.random.choice(["0.5", "3", "20"]), who="alice")

    def _rest(self) -> None:
        distance = self.random.randrange(900) if self.random.random() < 0.7 else self.random.randrange(-5, 30)
        side, sign = self.random.choice([("buy", -1), ("sell", 1)])
        self.live.append(self.bench.rest(side, self._price(sign * distance), self.random.choice(["0.05", "1", "1.234567"])))


def truth(bench: Bench, levels: int) -> list[list[list[Decimal]]]:
    """Bids and asks of REST."""
    tick = bench.get("/market/fullMbp", "symbol=btcusdt").body["tick"]
    return [tick["bids"][:levels], tick["asks"][:levels]]


# --- frames


@pytest.mark.parametrize("levels", LEVELS)
def test_an_increment_has_the_shape_of_the_examples(levels: int) -> None:
    bench = Bench()
    bench.rest("buy", "100")
    reader = Reader(bench, levels)
    bench.rest("sell", "101", "2")
    (message, *_) = reader.socket.wait(100 * MS)

    fields = MBP["fields"] + [{"path": f"tick.bids[][{index}]", "type": "number", "presence": "optional"} for index in (0, 1)]
    assert deviations(message, fields) == []
    assert (message["tick"]["bids"], message["tick"]["asks"]) == ([], [[101, 2]])
    assert list(message["tick"]) == list(MBP["frames"][1]["frame"]["tick"])


@pytest.mark.parametrize("levels", AT_ONCE)
def test_small_books_are_told_of_each_change_at_once_and_of_nothing_else(levels: int) -> None:
    bench = Bench()
    reader = Reader(bench, levels)
    for price in ("100", "101", "99"):
        bench.rest("buy", price)

    messages = reader.socket.messages()

    assert [message["tick"]["bids"] for message in messages] == [[[100, 1]], [[101, 1]], [[99, 1]]]
    assert {message["ts"] for message in messages} == {START_MS}
    assert reader.socket.wait(10 * SECOND) == []


@pytest.mark.parametrize("levels", BEATING)
def test_large_books_are_told_of_every_tenth_of_a_second_even_when_nothing_changes(levels: int) -> None:
    bench = Bench(start="2024-02-15T03:04:05Z")
    reader = Reader(bench, levels)
    bench.rest("buy", "100")
    bench.rest("buy", "99", "2")

    messages = reader.socket.wait(SECOND)

    assert [message["ts"] for message in messages] == [bench.now_ms - 900 + 100 * beat for beat in range(10)]
    ticks = [message["tick"] for message in messages]
    assert ticks[0]["bids"] == [[100, 1], [99, 2]]
    assert [(tick["bids"], tick["asks"]) for tick in ticks[1:]] == [([], [])] * 9
    assert all(later["prevSeqNum"] == earlier["seqNum"] for earlier, later in pairwise(ticks))


def test_a_command_that_trades_and_rests_is_one_increment() -> None:
    bench = Bench()
    for price in ("100", "101"):
        bench.rest("sell", price)
    reader = Reader(bench, 5)
    bench.rest("buy", "101", "5", who="alice")

    (message,) = reader.socket.messages()

    assert message["tick"]["bids"] == [[101, 3]]
    assert message["tick"]["asks"] == [[100, 0], [101, 0]]


def test_a_level_that_moves_up_into_the_window_is_sent_and_one_that_is_pushed_out_is_deleted() -> None:
    bench = Bench()
    ids = [bench.rest("buy", str(100 - index)) for index in range(6)]
    reader = Reader(bench, 5)
    bench.desk.execute(CancelOrder(account_id="bob", order_id=ids[0]))
    bench.rest("buy", "100", "2")
    bench.rest("buy", "50")  # beyond

    first, second = (message["tick"]["bids"] for message in reader.socket.messages())

    assert first == [[100, 0], [95, 1]]
    assert second == [[100, 2], [95, 0]]


def test_another_number_of_orders_at_a_price_is_no_change() -> None:
    """Nobody is shown how many orders make a level."""
    bench = Bench()
    order_id = bench.rest("buy", "100", "2")
    reader = Reader(bench, 150)
    bench.desk.execute(CancelOrder(account_id="bob", order_id=order_id))
    for _ in range(2):
        bench.rest("buy", "100", "1")
    (message,) = reader.socket.wait(100 * MS)

    assert message["tick"]["bids"] == []
    assert message["tick"]["seqNum"] > message["tick"]["prevSeqNum"], "though the book has changed"


# --- images


@pytest.mark.parametrize("levels", LEVELS)
def test_an_image_has_the_numbers_of_what_the_readers_got_so_far(levels: int) -> None:
    bench = Bench()
    bench.rest("buy", "100")
    reader = Reader(bench, levels)
    image = reader.socket.request(topic_of(levels))
    assert list(image) == ["seqNum", "bids", "asks"]
    bench.rest("buy", "101")
    (message, *_) = reader.socket.wait(100 * MS)

    assert (image["bids"], message["tick"]["prevSeqNum"]) == ([[100, 1]], image["seqNum"])
    assert reader.socket.request(topic_of(levels))["seqNum"] == message["tick"]["seqNum"]


@pytest.mark.parametrize("levels", BEATING)
def test_an_image_between_two_beats_is_that_of_the_last_beat(levels: int) -> None:
    bench = Bench()
    reader = Reader(bench, levels)
    bench.rest("buy", "101")

    assert reader.socket.request(topic_of(levels))["bids"] == []
    bench.clock.advance(100 * MS)
    assert reader.socket.messages()[0]["tick"]["bids"] == [[101, 1]]
    assert reader.socket.request(topic_of(levels))["bids"] == [[101, 1]]


@pytest.mark.parametrize("levels", LEVELS)
def test_without_a_reader_an_image_is_the_present_book(levels: int) -> None:
    bench = Bench()
    for index in range(levels + 5):
        bench.rest("buy", str(Decimal(1_000) - index))

    image = bench.connect("/feed").request(topic_of(levels))

    assert image["bids"] == [[Decimal(1_000) - index, 1] for index in range(levels)]
    assert image["seqNum"] == bench.get("/market/fullMbp", "symbol=btcusdt").body["tick"]["version"]


def test_all_channels_and_rest_count_alike() -> None:
    bench = Bench()
    reader = Reader(bench, 5)
    refreshed = bench.connect("/feed")
    refreshed.subscribe("market.btcusdt.mbp.refresh.5")
    best = bench.connect()
    best.subscribe("market.btcusdt.bbo")
    bench.rest("buy", "100")
    bench.clock.advance(100 * MS)

    numbers = {
        reader.socket.messages()[0]["tick"]["seqNum"],
        refreshed.messages()[0]["tick"]["seqNum"],
        best.messages()[0]["tick"]["seqId"],
        bench.get("/market/depth", "symbol=btcusdt&type=step0").body["tick"]["version"],
    }

    assert len(numbers) == 1


# --- a long life


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("levels", LEVELS)
def test_a_client_that_merges_every_increment_holds_the_venues_book(levels: int, seed: int) -> None:
    bench = Bench()
    flow = Flow(bench, seed)
    reader = Reader(bench, levels)
    for step in range(70):
        flow.step()
        bench.clock.advance(100 * MS)
        reader.listen()
        if step == 3:
            reader.synchronise()
        elif step > 3:
            assert reader.book.best_first() == truth(bench, levels)

    assert reader.book.merged >= 30


@pytest.mark.parametrize("levels", LEVELS)
def test_a_client_that_joins_late_or_synchronises_in_between_is_in_step_with_the_others(levels: int) -> None:
    bench = Bench()
    flow = Flow(bench, seed=7)
    early = Reader(bench, levels)
    early.synchronise()
    for _ in range(10):
        flow.step()
        bench.clock.advance(70 * MS)
        early.listen()
    late = Reader(bench, levels)
    flow.step()  # before the next beat
    late.listen()
    late.synchronise()
    for _ in range(10):
        flow.step()
        bench.clock.advance(70 * MS)
        early.listen()
        late.listen()
    bench.clock.advance(100 * MS)
    early.listen()
    late.listen()

    assert early.book.best_first() == late.book.best_first() == truth(bench, levels)


@pytest.mark.parametrize("levels", LEVELS)
def test_a_topic_that_starts_again_goes_on_counting(levels: int) -> None:
    bench = Bench()
    first = Reader(bench, levels)
    bench.rest("buy", "100")
    (before, *_) = first.socket.wait(100 * MS)
    first.socket.send({"unsub": topic_of(levels)})
    bench.rest("buy", "101")

    again = Reader(bench, levels)
    again.synchronise()
    bench.rest("buy", "102")
    bench.clock.advance(100 * MS)
    again.listen()

    assert again.book.best_first() == [[[102, 1], [101, 1], [100, 1]], []]
    assert again.book.seq_num is not None
    assert again.book.seq_num > before["tick"]["seqNum"]


@pytest.mark.parametrize("action", ["drop", "duplicate"])
def test_a_lost_increment_shows_as_a_gap_and_one_that_comes_twice_as_well(action: str) -> None:
    bench = Bench()
    reader = Reader(bench, 5)
    reader.synchronise()
    bench.desk.chaos.add([{"where": {"channel": topic_of(5)}, "when": {"nth": 2}, "what": {"action": action}}], seed=1)
    for price in ("100", "101", "102"):
        bench.rest("buy", price)

    with pytest.raises(AssertionError, match="a gap"):
        reader.listen()

    fresh = Book()
    fresh.on_image(reader.socket.request(topic_of(5)))
    assert fresh.best_first() == [[[102, 1], [101, 1], [100, 1]], []]
