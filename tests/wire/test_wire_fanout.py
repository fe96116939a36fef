"""From events to frames: rendered once, for those who asked, in the order of what happened."""

from __future__ import annotations

from fanout_rig import ALICES_ORDERS, BOOK, SYMBOL, TRADES, Stage, heard

from mockex.core.commands import AdjustBalance
from mockex.core.events import (
    BalanceChanged,
    Event,
    OrderAccepted,
    OrderCancelled,
    OrderFilled,
    OrderRested,
    OrderTriggered,
    Trade,
)
from mockex.core.orders import Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.units import Wallet
from mockex.wire.fanout import EventFeed, Trigger, trigger_keys

# --- once for all


def test_a_frame_for_many_readers_is_rendered_and_encoded_once_and_is_the_same_object() -> None:
    stage = Stage()
    readers = [stage.connect() for _ in range(50)]
    for reader in readers:
        stage.subscribe(reader, TRADES)
    stage.trade()

    frames = [reader.drain() for reader in readers]

    assert (stage.rendered, stage.encoded) == (1, 1)
    assert all(len(each) == 1 and each[0] is frames[0][0] for each in frames)


def test_a_topic_that_nobody_reads_costs_nothing() -> None:
    stage = Stage()
    stage.trade()
    assert (stage.rendered, len(stage.hub)) == (0, 0)

    reader = stage.connect()
    stage.subscribe(reader, TRADES)
    stage.hub.unsubscribe(reader, "topic")
    stage.trade()
    assert (stage.rendered, len(stage.hub), heard(reader)) == (0, 0, [])


def test_a_topic_lives_as_long_as_its_last_reader() -> None:
    stage = Stage()
    first, second = stage.connect(), stage.connect()
    for reader in (first, second):
        stage.subscribe(reader, TRADES)
    assert stage.hub.unsubscribe(first, "topic")
    assert len(stage.hub) == 1
    stage.trade()
    assert (heard(first), heard(second)) == ([], ["Trade"])

    stage.hub.drop(second)
    assert len(stage.hub) == 0
    assert second.topics == {}


def test_a_dropped_connection_leaves_all_its_topics_and_no_other() -> None:
    stage = Stage()
    gone, stays = stage.connect(), stage.connect()
    for key in ("one", "two"):
        stage.subscribe(gone, TRADES, key=key)
    stage.subscribe(stays, TRADES, key="two")

    stage.hub.drop(gone)
    stage.hub.drop(gone)
    stage.trade()

    assert (len(stage.hub), heard(gone), heard(stays)) == (1, [], ["Trade"])


def test_unsubscribing_says_whether_there_was_anything_to_end() -> None:
    stage = Stage()
    reader, other = stage.connect(), stage.connect()
    stage.subscribe(reader, TRADES)

    assert not stage.hub.unsubscribe(other, "topic")
    assert not stage.hub.unsubscribe(reader, "nothing")
    assert stage.hub.unsubscribe(reader, "topic")
    assert not stage.hub.unsubscribe(reader, "topic")


def test_an_opening_is_for_the_newcomer_alone() -> None:
    stage = Stage()
    first, second = stage.connect(), stage.connect()
    stage.subscribe(first, TRADES, opening=[b"hello", b"there"])
    assert heard(first) == ["hello", "there"]

    stage.subscribe(second, TRADES)
    assert (heard(first), heard(second)) == ([], ["hello", "there"])


def test_a_second_subscription_gets_a_fresh_opening_and_no_second_copy_of_anything() -> None:
    stage = Stage()
    reader = stage.connect()
    for _ in range(2):
        stage.subscribe(reader, TRADES, opening=[b"hello"])
    assert heard(reader) == ["hello", "hello"]

    stage.trade()
    assert heard(reader) == ["Trade"]


def test_a_reader_that_is_dropped_for_slowness_stops_nobody() -> None:
    stage = Stage()
    slow, quick = stage.connect(max_bytes=20), stage.connect()
    for reader in (slow, quick):
        stage.subscribe(reader, TRADES)
    for _ in range(10):
        stage.trade()

    assert slow.closing is not None
    assert heard(quick) == ["Trade"] * 10


# --- what wakes whom


def test_an_event_wakes_only_the_topics_of_its_trigger() -> None:
    stage = Stage()
    reader = stage.connect()
    stage.subscribe(reader, ALICES_ORDERS, key="alice")
    stage.subscribe(reader, (Trigger.ORDER, "bob", SYMBOL), key="bob")
    stage.subscribe(reader, (Trigger.ORDER, "alice", "ZZZ-BBB"), key="elsewhere")
    stage.order("alice", Side.BUY, 100)

    assert (stage.rendered, heard(reader)) == (1, ["OrderAccepted"])


def test_frames_of_one_command_stand_in_the_order_of_its_events() -> None:
    stage = Stage()
    stage.order("bob", Side.SELL, 100)
    reader = stage.connect()
    stage.subscribe(reader, (Trigger.BALANCE, "alice", Wallet.SPOT, "AAA"), key="money")
    stage.subscribe(reader, TRADES, key="trades")
    stage.subscribe(reader, ALICES_ORDERS, key="orders")
    stage.order("alice", Side.BUY, 100, 2)

    assert heard(reader) == ["OrderAccepted", "Trade", "OrderFilled", "BalanceChanged"]


def test_a_feed_that_says_nothing_sends_nothing() -> None:
    stage = Stage()
    reader = stage.connect()
    stage.hub.subscribe(reader, "quiet", lambda: EventFeed(TRADES, render=lambda event: None), stage.encode, name="quiet")
    stage.trade()

    assert (heard(reader), stage.encoded) == ([], 0)


def test_a_feed_may_name_a_trigger_twice_and_is_woken_once() -> None:
    stage = Stage()
    reader = stage.connect()
    stage.subscribe(reader, TRADES, TRADES)
    stage.trade()

    assert heard(reader) == ["Trade"]
    assert stage.hub.unsubscribe(reader, "topic")


def test_every_event_that_moves_a_book_wakes_its_readers() -> None:
    stage = Stage()
    seen: list[type[Event]] = []

    def note(event: Event) -> None:
        seen.append(type(event))

    stage.hub.subscribe(stage.connect(), "book", lambda: EventFeed(BOOK, render=note), stage.encode, name="book")
    rested = stage.order("alice", Side.BUY, 100)
    stage.order("bob", Side.SELL, 100)
    stage.cancel("alice", stage.order("alice", Side.BUY, 90))
    stage.order("alice", Side.BUY, 90, time_in_force=TimeInForce.IOC)
    stage.cancel("alice", rested)

    assert seen == [OrderRested, Trade, OrderRested, OrderCancelled], "an order that never rested moves no book"


def test_triggers_of_each_event() -> None:
    stage = Stage()
    events = [*stage.place("bob", Side.SELL, 100), *stage.place("alice", Side.BUY, 100)]
    events += stage.simulation.desk.execute(AdjustBalance(account_id="alice", wallet=Wallet.FUNDING, asset="AAA", amount=1))

    def keys(*kinds: type[Event]) -> set[tuple[object, ...]]:
        return {trigger_keys(event) for event in events if isinstance(event, kinds)}

    assert keys(Trade) == {(TRADES, BOOK)}
    assert keys(OrderRested) == {(BOOK,)}
    assert keys(OrderAccepted) == keys(OrderFilled) == {(ALICES_ORDERS,), ((Trigger.ORDER, "bob", SYMBOL),)}
    assert ((Trigger.BALANCE, "alice", Wallet.FUNDING, "AAA"),) in keys(BalanceChanged)
    stage.order("alice", Side.BUY, 90, trigger=StopTrigger(110, StopDirection.AT_OR_ABOVE))
    events = [*stage.place("bob", Side.SELL, 110), *stage.place("alice", Side.BUY, 110)]
    assert keys(OrderTriggered) == {(ALICES_ORDERS,)}
