"""What happens to pushes while a fault plan is about, on one connection and not on its neighbours."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from faults_rig import Rig, Stream, never, rig

TRADES = "spot/trade:BTC-JPY"
DEPTH = "spot/depth:BTC-JPY"
ORDERS = "spot/order:BTC-JPY"


def trade(quiet: Rig, *prices: int) -> None:
    """A trade at each price, each of which is pushed at once."""
    for price in prices:
        quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price=price, qty="0.01")
        quiet.venue.place(account="alice", symbol="BTC-JPY", side="buy", price=price, qty="0.01")


def prices(messages: list[Any]) -> list[int]:
    return [int(message["data"][0]["price"]) for message in messages if message["table"] == "spot/trade"]


async def heard(stream: Stream) -> list[int]:
    return prices(await stream.settled())


async def test_a_push_is_dropped_on_the_connection_it_was_planned_for(quiet: Rig) -> None:
    mine = await quiet.stream(TRADES, login="alice")
    others = await quiet.stream(TRADES)
    quiet.plan("drop", where={"channel": TRADES, "account": "alice"}, when={"nth": 2})
    trade(quiet, 1, 2, 3)
    assert await heard(mine) == [1, 3]
    assert await heard(others) == [1, 2, 3]
    assert quiet.fired() == [(3, 1)]


async def test_pushes_are_counted_over_all_connections_that_a_rule_is_about(quiet: Rig) -> None:
    first, second = await quiet.stream(TRADES), await quiet.stream(TRADES)
    quiet.plan("drop", where={"channel": "spot/trade:*"}, when={"nth": 2})
    trade(quiet, 1, 2)
    assert (await heard(first), await heard(second)) == ([1, 2], [2])


async def test_a_push_is_sent_twice(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("duplicate", where={"channel": TRADES}, when={"every": 2})
    trade(quiet, 1, 2, 3, 4)
    assert await heard(stream) == [1, 2, 2, 3, 4, 4]


async def test_a_push_changes_places_with_the_next_one_of_its_channel(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES, "spot/ticker:BTC-JPY")
    quiet.plan("reorder", where={"channel": TRADES}, when={"nth": 2})
    trade(quiet, 1, 2)
    assert await heard(stream) == [1]
    quiet.advance(0.1)
    assert [message["table"] for message in await stream.settled()] == ["spot/ticker"], "another channel does not push it out"
    trade(quiet, 3, 4)
    assert await heard(stream) == [3, 2, 4]


async def test_pushes_that_all_change_places_do_so_in_pairs(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("reorder", where={"channel": TRADES})
    trade(quiet, 1, 2, 3, 4, 5)
    assert await heard(stream) == [2, 1, 4, 3]
    assert quiet.fired() == [(5, 3)]
    quiet.venue.clear_faults()
    assert await heard(stream) == [5], "what is held back leaves when the plan is cleared"


async def test_what_waits_for_a_next_push_is_gone_with_its_subscription(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("reorder", where={"channel": TRADES}, when={"nth": 2})
    trade(quiet, 1, 2)
    stream.say({"op": "unsubscribe", "args": [TRADES]})
    assert prices([each for each in await stream.settled() if "table" in each]) == [1]
    assert prices(await stream.subscribe(TRADES)) == [2], "the last trade opens the channel anew"
    trade(quiet, 3)
    assert await heard(stream) == [3]


async def test_a_late_push_keeps_all_later_ones_of_its_channel_behind_it(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("delay", where={"channel": TRADES}, when={"nth": 2}, ms=300)
    trade(quiet, 1, 2)
    quiet.advance(0.2)
    trade(quiet, 3)
    assert await heard(stream) == [1]
    quiet.advance(0.1)
    assert await heard(stream) == [2, 3]
    trade(quiet, 4)
    assert await heard(stream) == [4]


async def test_a_channel_may_lag_as_a_whole(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("delay", where={"channel": TRADES}, ms=300)
    for price in (1, 2, 3):
        trade(quiet, price)
        quiet.advance(0.1)
    seen = []
    for _ in range(3):
        seen.append(await heard(stream))
        quiet.advance(0.1)
    assert seen == [[1], [2], [3]]


async def test_clearing_a_plan_lets_go_of_late_pushes_in_order(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    late = quiet.plan("delay", where={"channel": TRADES}, when={"nth": 1}, ms=60_000)
    later = quiet.plan("delay", where={"channel": TRADES}, when={"nth": 3}, ms=90_000)
    trade(quiet, 1, 2, 3, 4)
    assert await heard(stream) == []
    quiet.venue.clear_faults(late)
    assert await heard(stream) == [1, 2]
    quiet.venue.clear_faults(later)
    assert await heard(stream) == [3, 4]
    trade(quiet, 5)
    assert await heard(stream) == [5]


async def test_late_pushes_of_a_socket_that_is_gone_are_forgotten(quiet: Rig) -> None:
    stream, other = await quiet.stream(TRADES), await quiet.stream(TRADES)
    quiet.plan("delay", where={"channel": TRADES}, ms=100)
    trade(quiet, 1)
    stream.cut()
    await other.settled()
    quiet.advance(1)
    trade(quiet, 2)
    quiet.advance(1)
    assert await heard(other) == [1, 2]


async def test_only_openings_are_met_or_only_what_comes_later(quiet: Rig) -> None:
    trade(quiet, 1)
    quiet.plan("drop", where={"channel": TRADES, "opening": True})
    quiet.plan("duplicate", where={"channel": TRADES, "opening": False})
    stream = await quiet.stream()
    assert await stream.subscribe(TRADES) == []
    trade(quiet, 2)
    assert await heard(stream) == [2, 2]


async def test_a_checksum_is_wrong_and_the_next_one_is_right_again(quiet: Rig) -> None:
    quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price="7000000", qty="1")
    quiet.plan("corrupt_checksum", where={"channel": "spot/*"}, when={"nth": 2})
    stream, healthy = await quiet.stream(), await quiet.stream(DEPTH)
    assert [message["table"] for message in await stream.subscribe(TRADES, DEPTH)] == ["spot/depth"]
    assert quiet.fired() == [(2, 1)], "a trade has no checksum, so it is no match"
    assert await stream.subscribe("spot/depth5:BTC-JPY")
    quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price="7000001", qty="1")
    quiet.advance(0.1)
    seen = [message for message in await stream.settled() if message["table"] == "spot/depth"]
    right = [message for message in await healthy.settled() if message["table"] == "spot/depth"]
    assert seen == right
    assert right[0]["data"][0]["checksum"] == signed(zlib.crc32(b"7000000:1:7000001:1"))


async def test_only_the_checksum_of_a_corrupted_push_differs(quiet: Rig) -> None:
    quiet.plan("corrupt_checksum", where={"channel": DEPTH, "account": "alice"})
    quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price="7000000", qty="1")
    wrong, right = await quiet.stream(login="alice"), await quiet.stream()
    ((seen,), (expected,)) = await wrong.subscribe(DEPTH), await right.subscribe(DEPTH)
    (row, true_row) = seen["data"][0], expected["data"][0]
    assert row["checksum"] != true_row["checksum"]
    assert -(2**31) <= row["checksum"] < 2**31
    assert {**seen, "data": [{**row, "checksum": 0}]} == {**expected, "data": [{**true_row, "checksum": 0}]}


async def test_a_pushed_order_in_a_certain_state_is_met(quiet: Rig) -> None:
    stream = await quiet.stream(ORDERS, login="alice")
    quiet.plan("drop", where={"channel": ORDERS}, when={"state": "order_partly_filled"})
    order = quiet.venue.place(account="alice", symbol="BTC-JPY", side="sell", price="7000000", qty="1")
    for qty in ("0.4", "0.6"):
        quiet.venue.place(account="bob", symbol="BTC-JPY", side="buy", price="7000000", qty=qty)
    rows = [message["data"][0] for message in await stream.settled()]
    assert [(row["order_id"], row["state"]) for row in rows] == [(order["order_id"], "0"), (order["order_id"], "2")]
    assert quiet.fired() == [(1, 1)]


async def test_any_push_is_met_while_its_account_has_an_order_in_a_certain_state(quiet: Rig) -> None:
    alices, anybodys = await quiet.stream(TRADES, login="alice"), await quiet.stream(TRADES)
    quiet.plan("drop", where={"channel": TRADES}, when={"state": "order_open"})
    order = quiet.venue.place(account="alice", symbol="BTC-JPY", side="sell", price="9000000", qty="1")
    trade(quiet, 1)
    quiet.venue.cancel(order["order_id"])
    trade(quiet, 2)
    assert (await heard(alices), await heard(anybodys)) == ([2], [1, 2])


async def test_what_is_no_push_passes(quiet: Rig) -> None:
    stream = await quiet.stream()
    quiet.plan("drop")
    await stream.log_in("alice")
    stream.say({"op": "subscribe", "args": [DEPTH, "spot/nothing:X"]})
    assert [message["event"] for message in await stream.settled()] == ["subscribe", "error"]
    assert quiet.fired() == [(1, 1)]


async def test_faults_of_pushes_are_in_the_recording_with_connection_and_channel(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("drop", where={"channel": TRADES})
    quiet.record()
    trade(quiet, 1)
    assert await heard(stream) == []
    (fault,) = [entry for entry in quiet.recording() if entry["kind"] == "fault"]
    (connection,) = [each.connection_id for each in quiet.simulation.connections]
    assert (fault["rule"], fault["what"], fault["on"]) == ("f1", "drop", None)
    assert (fault["connection"], fault["channel"]) == (connection, TRADES)


async def played(seed: int) -> list[int]:
    async with rig() as quiet:
        stream = await quiet.stream(TRADES)
        quiet.plan("drop", where={"channel": TRADES}, when={"percent": "50"}, seed=seed)
        trade(quiet, *range(1, 33))
        return await heard(stream)


async def test_the_same_seed_lets_the_same_happen_and_another_seed_something_else() -> None:
    assert await played(3) == await played(3)
    assert await played(3) != await played(4)
    assert 4 < len(await played(3)) < 28


@pytest.mark.parametrize("action", ["reorder", "delay"])
async def test_a_new_world_lets_go_of_what_was_held_back(quiet: Rig, action: str) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan(action, where={"channel": TRADES}, **({"ms": 1_000} if action == "delay" else {}))
    trade(quiet, 1)
    await never(stream.reader)
    quiet.world.reset()
    assert prices([await stream.next()]) == [1]
    assert (await stream.close_code())[0] == 1012


def signed(number: int) -> int:
    return number - 2**32 if number >= 2**31 else number
