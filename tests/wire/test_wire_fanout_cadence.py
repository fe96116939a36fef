"""Feeds that speak at their own time: the newest state on a grid of virtual time, and increments of a book."""

from __future__ import annotations

import pytest
from fanout_rig import SYMBOL, TRADES, Stage, heard
from wire_rig import MS

from mockex.core.clock import VirtualClock
from mockex.core.events import Event, Trade
from mockex.core.orders import Side
from mockex.wire.cadence import Metronome
from mockex.wire.connections import Connection
from mockex.wire.depth import DepthDelta, DepthWindow
from mockex.wire.fanout import DepthFeed, GatheringFeed, StateFeed

# --- at a cadence


def state_topic(stage: Stage, reader: Connection, interval_ns: int = 100 * MS, key: str = "state") -> None:
    """Says how many trades there have been."""

    def render() -> bytes:
        stage.rendered += 1
        return str(len(stage.simulation.desk.exchange.markets[SYMBOL].trades)).encode()

    def make_feed() -> StateFeed:
        return StateFeed(TRADES, clock=stage.clock, interval_ns=interval_ns, render=render)

    stage.hub.subscribe(reader, key, make_feed, stage.encode, name=key)


@pytest.mark.parametrize(
    ("changed_ms", "pushed_ms"), [(1_000, 1_100), (1_001, 1_100), (1_099, 1_100), (1_100, 1_200), (1_550, 1_600)]
)
def test_a_change_is_pushed_on_the_next_line_of_a_grid(changed_ms: int, pushed_ms: int) -> None:
    stage = Stage(start_ns=1_000 * MS)
    reader = stage.connect()
    state_topic(stage, reader)
    heard(reader)
    stage.clock.advance_to(changed_ms * MS)
    stage.trade()

    stage.clock.advance_to(pushed_ms * MS - 1)
    assert heard(reader) == []
    stage.clock.advance_to(pushed_ms * MS)
    assert heard(reader) == ["1"]


def test_changes_between_two_lines_are_one_push_of_the_newest_state() -> None:
    stage = Stage()
    reader = stage.connect()
    state_topic(stage, reader)
    heard(reader)
    before = stage.rendered
    for _ in range(5):
        stage.trade()
    stage.clock.advance(500 * MS)

    assert heard(reader) == ["5"]
    assert stage.rendered == before + 1


def test_without_a_change_there_is_no_push_and_no_timer() -> None:
    stage = Stage()
    reader = stage.connect()
    state_topic(stage, reader)
    heard(reader)
    stage.clock.advance(10_000 * MS)

    assert heard(reader) == []
    assert stage.clock.pending_count == 0


def test_a_topic_that_ends_before_its_line_says_no_more() -> None:
    stage = Stage()
    reader = stage.connect()
    state_topic(stage, reader)
    stage.trade()
    stage.hub.unsubscribe(reader, "state")
    before = stage.rendered
    stage.clock.advance(500 * MS)

    assert stage.rendered == before
    state_topic(stage, reader)
    stage.clock.advance(500 * MS)
    assert heard(reader)[-1] == "1", "a new topic begins afresh"


def test_feeds_of_different_cadence_share_the_grid() -> None:
    stage = Stage()
    quick, slow = stage.connect(), stage.connect()
    state_topic(stage, quick, 100 * MS, "quick")
    state_topic(stage, slow, 500 * MS, "slow")
    for reader in (quick, slow):
        heard(reader)
    for _ in range(10):
        stage.trade()
        stage.clock.advance(100 * MS)

    assert (len(heard(quick)), heard(slow)) == (10, ["5", "10"])


# --- depth


def depth_topic(stage: Stage, reader: Connection, *, levels: int = 2, interval_ns: int | None = 100 * MS) -> None:
    def snapshot(window: DepthWindow) -> bytes:
        return f"all {window.bids}".encode()

    def update(delta: DepthDelta, window: DepthWindow) -> bytes:
        stage.rendered += 1
        return f"change {delta.bids}".encode()

    market = stage.simulation.desk.exchange.markets[SYMBOL]

    def make() -> DepthFeed:
        return DepthFeed(market, clock=stage.clock, levels=levels, interval_ns=interval_ns, snapshot=snapshot, update=update)

    stage.hub.subscribe(reader, "depth", make, stage.encode, name="depth")


def test_depth_is_a_snapshot_and_then_what_has_changed() -> None:
    stage = Stage()
    stage.order("alice", Side.BUY, 100)
    reader = stage.connect()
    depth_topic(stage, reader)
    stage.order("alice", Side.BUY, 101, 3)
    stage.clock.advance(100 * MS)

    assert heard(reader) == ["all [(100, 1, 1)]", "change [(101, 3, 1)]"]


def test_a_late_reader_starts_from_what_the_others_hold() -> None:
    stage = Stage()
    stage.order("alice", Side.BUY, 100)
    early, late = stage.connect(), stage.connect()
    depth_topic(stage, early)
    stage.order("alice", Side.BUY, 101)
    depth_topic(stage, late)
    stage.clock.advance(100 * MS)

    assert heard(early) == ["all [(100, 1, 1)]", "change [(101, 1, 1)]"]
    assert heard(late) == ["all [(100, 1, 1)]", "change [(101, 1, 1)]"], "the same change must fit both"


def test_without_an_interval_each_command_is_an_update_at_once() -> None:
    stage = Stage()
    reader = stage.connect()
    depth_topic(stage, reader, interval_ns=None)
    stage.order("alice", Side.BUY, 100)
    stage.order("alice", Side.BUY, 101)
    stage.order("bob", Side.SELL, 100, 2)

    assert heard(reader) == [
        "all []",
        "change [(100, 1, 1)]",
        "change [(101, 1, 1)]",
        "change [(101, 0, 0), (100, 0, 0)]",
    ]
    assert stage.rendered == 3, "the second trade of the sweep has nothing to add"


def test_a_change_beyond_the_window_is_none_until_it_moves_up() -> None:
    stage = Stage()
    best = stage.order("alice", Side.BUY, 100)
    for price in (99, 98):
        stage.order("alice", Side.BUY, price)
    reader = stage.connect()
    depth_topic(stage, reader, levels=2)
    stage.order("alice", Side.BUY, 97)
    stage.clock.advance(100 * MS)
    assert heard(reader) == ["all [(100, 1, 1), (99, 1, 1)]"]

    stage.cancel("alice", best)
    stage.clock.advance(100 * MS)
    assert heard(reader) == ["change [(100, 0, 0), (98, 1, 1)]"]


def test_depth_that_ends_before_its_line_says_no_more() -> None:
    stage = Stage()
    reader = stage.connect()
    depth_topic(stage, reader)
    stage.order("alice", Side.BUY, 100)
    stage.hub.drop(reader)
    stage.clock.advance(500 * MS)

    assert (stage.rendered, heard(reader)) == (0, ["all []"])


# --- always


def test_a_metronome_beats_on_every_line_of_the_grid_until_it_is_stopped() -> None:
    clock = VirtualClock(1_050 * MS)
    beats: list[int] = []
    metronome = Metronome(clock, 100 * MS, lambda: beats.append(clock.now_ns() // MS))
    clock.advance(500 * MS)
    assert beats == []

    metronome.start()
    clock.advance(250 * MS)
    assert beats == [1_600, 1_700, 1_800]

    metronome.stop()
    clock.advance(500 * MS)
    assert len(beats) == 3
    assert clock.pending_count == 0


def test_a_metronome_may_be_stopped_by_what_it_beats_for() -> None:
    clock = VirtualClock(0)
    beats: list[int] = []

    def speak() -> None:
        beats.append(clock.now_ns())
        metronome.stop()

    metronome = Metronome(clock, 100 * MS, speak)
    metronome.start()
    clock.advance(500 * MS)

    assert beats == [100 * MS]


def test_a_feed_is_known_as_long_as_somebody_reads_it() -> None:
    stage = Stage()
    reader = stage.connect()
    assert stage.hub.feed("state") is None
    state_topic(stage, reader)

    assert isinstance(stage.hub.feed("state"), StateFeed)
    stage.hub.unsubscribe(reader, "state")
    assert stage.hub.feed("state") is None


# --- each event, together


def gathering_topic(stage: Stage, reader: Connection, key: str = "gathering") -> GatheringFeed:
    """Says the price of every trade but those at 13."""

    def render(event: Event) -> bytes | None:
        return str(event.price).encode() if isinstance(event, Trade) and event.price != 13 else None

    def make_feed() -> GatheringFeed:
        return GatheringFeed(TRADES, clock=stage.clock, interval_ns=100 * MS, render=render)

    stage.hub.subscribe(reader, key, make_feed, stage.encode, name=key)
    feed = stage.hub.feed(key)
    assert isinstance(feed, GatheringFeed)
    return feed


def test_every_event_of_an_interval_is_a_frame_at_its_end_in_their_order() -> None:
    stage = Stage()
    reader = stage.connect()
    gathering_topic(stage, reader)
    for price in (100, 13, 90, 110):
        stage.trade(price)
    stage.clock.advance(100 * MS - 1)
    assert heard(reader) == []
    stage.clock.advance(1)

    assert heard(reader) == ["100", "90", "110"]
    stage.clock.advance(1_000 * MS)
    assert heard(reader) == []
    assert stage.clock.pending_count == 0


def test_what_has_gathered_can_be_said_early_and_is_not_said_again() -> None:
    stage = Stage()
    reader = stage.connect()
    feed = gathering_topic(stage, reader)
    stage.trade(100)
    feed.flush()
    assert heard(reader) == ["100"]
    stage.trade(90)
    stage.clock.advance(100 * MS)

    assert heard(reader) == ["90"]


def test_a_new_reader_of_a_gathering_topic_gets_no_opening_and_a_topic_without_readers_forgets() -> None:
    stage = Stage()
    first, second = stage.connect(), stage.connect()
    gathering_topic(stage, first)
    stage.trade(100)
    gathering_topic(stage, second)
    assert heard(second) == []
    for reader in (first, second):
        stage.hub.unsubscribe(reader, "gathering")
    assert stage.hub.feed("gathering") is None
    stage.clock.advance(1_000 * MS)

    assert heard(first) == heard(second) == []
    assert stage.clock.pending_count == 0
