"""What happens to WebSockets while a fault plan is about: refused, stalled, closed, cut; and operations that fail."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from faults_rig import PING, PONG, Client, Connected, Rig, Stream, never, over_both, rig, until

TRADES = "spot/trade:BTC-JPY"
SUBSCRIBED = {"event": "subscribe", "channel": TRADES}


def trade(quiet: Rig, *prices: int) -> None:
    for price in prices:
        quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price=price, qty="0.01")
        quiet.venue.place(account="alice", symbol="BTC-JPY", side="buy", price=price, qty="0.01")


def price_of(message: Any) -> int:
    return int(message["data"][0]["price"])


async def test_upgrades_are_refused_until_the_plan_is_cleared(quiet: Rig, client: Client) -> None:
    quiet.plan("refuse", where={"socket": "main"}, when={"first": 1})
    quiet.record()
    async with Connected(quiet) as raw:
        assert (await Stream.upgrade(raw)).startswith("HTTP/1.1 503 ")
    stream = await quiet.stream()
    assert await stream.settled() == []
    kinds = [(entry["kind"], entry.get("status")) for entry in quiet.recording()[:2]]
    assert kinds == [("fault", None), ("refused", 503)]
    assert (await client.ask("GET", "/api/general/v3/time")).status == 200, "HTTP is not concerned"


async def test_an_operation_fails_with_the_venues_own_error(quiet: Rig) -> None:
    stream = await quiet.stream()
    quiet.plan("error", where={"operation": "sub*"}, when={"nth": 1}, code="30043")
    quiet.plan("error", where={"operation": "subscribe"}, when={"nth": 2}, code="30043", executed=True)
    for expected in (["error"], ["subscribe", "error"], ["subscribe"]):
        stream.say({"op": "subscribe", "args": [TRADES]})
        assert [message["event"] for message in await stream.settled()] == expected
    trade(quiet, 1)
    assert [price_of(message) for message in await stream.settled()] == [1]


@over_both
async def test_a_stalled_connection_says_nothing_at_all_until_it_is_over(quiet: Rig) -> None:
    stream, other = await quiet.stream(TRADES), await quiet.stream(TRADES)
    quiet.plan("stall", where={"channel": TRADES}, when={"nth": 1}, ms=5_000)
    trade(quiet, 1)
    stream.say("ping")
    stream.say({"op": "subscribe", "args": ["spot/depth:X"]})
    stream.frame(PING, b"still there?")
    trade(quiet, 2)
    assert [price_of(message) for message in await other.settled()] == [1, 2]
    await never(stream.reader)
    quiet.advance(4.999)
    await never(stream.reader)
    quiet.advance(0.001)
    assert [price_of(message) for message in await stream.collect(2)] == [1, 2]
    assert await stream.next() == "pong"
    assert (await stream.next())["event"] == "error"
    assert await stream.next_frame() == (PONG, b"still there?")
    trade(quiet, 3)
    assert price_of(await stream.next()) == 3


async def test_what_a_stall_held_leaves_in_order(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("stall", where={"operation": "subscribe"}, when={"nth": 1}, ms=1_000)
    stream.say({"op": "subscribe", "args": [TRADES]})
    await never(stream.reader)
    trade(quiet, 1, 2)
    stream.say("ping")
    await never(stream.reader)
    quiet.advance(1)
    acknowledged, *pushed = await stream.collect(3)
    assert acknowledged == SUBSCRIBED
    assert [price_of(message) for message in pushed] == [1, 2]
    assert await stream.next() == "pong"


async def test_a_close_too_waits_for_the_end_of_a_stall(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("stall", where={"socket": "main"}, when={"nth": 1}, ms=60_000)
    trade(quiet, 1)
    quiet.advance(40)  # the venue closes what is silent for 30 seconds
    await never(stream.reader)
    quiet.advance(20)
    assert price_of(await stream.next()) == 1
    assert (await stream.close_code())[0] == 4001


@over_both
async def test_a_client_that_closes_a_stalled_connection_gets_no_answer(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    stall = quiet.plan("stall", where={"channel": TRADES}, when={"nth": 1})
    trade(quiet, 1)
    stream.frame(8, (1000).to_bytes(2, "big"))
    await never(stream.reader)
    quiet.venue.clear_faults(stall)
    assert price_of(await stream.next()) == 1
    assert (await stream.close_code())[0] == 1000


@over_both
async def test_a_client_may_leave_a_stalled_connection(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("stall", where={"channel": TRADES}, ms=1_000)
    trade(quiet, 1)
    stream.frame(8, (1000).to_bytes(2, "big"))
    await never(stream.reader)
    stream.cut()
    await until(lambda: not quiet.simulation.connections)
    quiet.advance(2)
    again = await quiet.stream()
    assert await again.settled() == []


async def test_a_server_stops_while_a_connection_is_stalled() -> None:
    async with asyncio.timeout(20), rig() as quiet:
        stream = await quiet.stream(TRADES)
        quiet.plan("stall", where={"channel": TRADES})
        trade(quiet, 1)
        await never(stream.reader)


async def test_a_new_world_ends_a_stall(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("stall", where={"channel": TRADES})
    trade(quiet, 1)
    await never(stream.reader)
    quiet.world.reset()
    assert price_of(await stream.next()) == 1
    assert (await stream.close_code())[0] == 1012


@over_both
async def test_what_a_stall_holds_is_bounded_by_what_the_venue_lets_a_slow_reader_gather(quiet: Rig) -> None:
    stream = await quiet.stream("spot/depth:BTC-JPY")
    stall = quiet.plan("stall", where={"channel": "spot/depth:*"})
    (connection,) = quiet.simulation.connections
    bound = connection.slow_reader.max_bytes
    quiet.venue.place(account="bob", symbol="BTC-JPY", side="sell", price="7000000", qty="1")
    quiet.advance(0.1)
    stream.frame(PING, b"x" * 100)
    big = quiet.simulation.desk.sockets["main"].encode(bytes(range(256)))._replace(wire=b"\x82" + bytes(bound // 2))
    for _ in range(3):
        connection.send(big)
        assert connection.queued_bytes <= bound
    await never(stream.reader)
    quiet.venue.clear_faults(stall)
    assert (await stream.close_code())[0] == 4002


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, (1011, "")),
        ({"code": 1013, "reason": "später"}, (1013, "später")),
        ({"code": 4000, "reason": "bye"}, (4000, "bye")),
    ],
)
async def test_a_connection_is_closed_in_the_place_of_a_push(quiet: Rig, arguments: Any, expected: tuple[int, str]) -> None:
    stream, other = await quiet.stream(TRADES), await quiet.stream(TRADES)
    quiet.plan("close", where={"channel": TRADES}, when={"nth": 3}, **arguments)
    trade(quiet, 1, 2)
    assert price_of(await stream.next()) == 1
    assert await stream.close_code() == expected
    assert [price_of(message) for message in await other.settled()] == [1, 2]


@over_both
async def test_a_connection_is_closed_after_a_push(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("close", where={"channel": TRADES}, when={"nth": 1}, before=False)
    trade(quiet, 1, 2)
    assert price_of(await stream.next()) == 1
    assert (await stream.close_code())[0] == 1011


@over_both
async def test_a_connection_is_cut_without_a_close_frame(quiet: Rig) -> None:
    stream = await quiet.stream(TRADES)
    quiet.plan("close", where={"channel": TRADES}, when={"nth": 2}, code=1006)
    quiet.record()
    trade(quiet, 1, 2)
    assert price_of(await stream.next()) == 1
    assert await stream.ending() == "closed"
    await until(lambda: not quiet.simulation.connections)
    closes = [(entry["by"], entry["code"]) for entry in quiet.recording() if entry["kind"] == "close"]
    assert closes == [("server", 1006)]


@pytest.mark.parametrize("before", [True, False])
async def test_a_connection_is_closed_during_login(quiet: Rig, before: bool) -> None:
    stream = await quiet.stream()
    quiet.plan("close", where={"operation": "login"}, before=before)
    stream.say(stream.log_in_message("alice"))
    if not before:
        assert await stream.next() == {"event": "login", "success": True}
    assert (await stream.close_code())[0] == 1011


async def test_a_failing_operation_is_answered_before_the_close_that_comes_after_it(quiet: Rig) -> None:
    stream = await quiet.stream()
    quiet.plan("close", where={"operation": "subscribe"}, before=False)
    stream.say({"op": "subscribe", "args": ["spot/nothing:X"]})
    assert (await stream.next())["errorCode"] == 30040
    assert (await stream.close_code())[0] == 1011


@pytest.mark.parametrize("before", [True, False])
async def test_any_message_of_the_server_may_be_the_one_that_closes(quiet: Rig, before: bool) -> None:
    stream = await quiet.stream()
    quiet.plan("close", where={"socket": "main"}, when={"nth": 2}, before=before)
    stream.say("ping")
    assert await stream.next() == "pong"
    stream.say("ping")
    if not before:
        assert await stream.next() == "pong"
    assert (await stream.close_code())[0] == 1011


async def test_an_accounts_connections_are_told_apart_by_their_login(quiet: Rig) -> None:
    alices, bobs = await quiet.stream(login="alice"), await quiet.stream(login="bob")
    quiet.plan("close", where={"account": "bob"})
    for stream in (alices, bobs):
        stream.say("ping")
    assert await alices.next() == "pong"
    assert (await bobs.close_code())[0] == 1011
