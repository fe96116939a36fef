"""How often a client may connect and speak, and when the venue hangs up (okj§11.1)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import HOUR, MS, SECOND, Socket, SpotBench, inflate, login_args

from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.streams import MAX_OUTBOX_BYTES
from mockex.wire.connections import CloseOrder
from mockex.wire.venue import SocketRefused

FRAMING = load("okcoinjp", "ws/framing")
LIMITS = {row["id"].rpartition(".")[2]: row for row in load("okcoinjp", "rate_limits")["websocket"]}
ERRORS = {row["code"]: row for row in load("okcoinjp", "ws/errors")["codes"]}
TOO_OFTEN = {"event": "error", "message": ERRORS[30026]["message"], "errorCode": 30026}
TRADE = ["spot/trade:BTC-JPY"]
ACK = {"event": "subscribe", "channel": "spot/trade:BTC-JPY"}


def limited_bench() -> SpotBench:
    return SpotBench(limits=True)


def subscribe_often(socket: Socket, times: int) -> None:
    """In requests of at most a hundred names: more would be too long."""
    for count in (*[100] * (times // 100), times % 100):
        if count:
            assert socket.send({"op": "subscribe", "args": TRADE * count}) == [ACK] * count


# --- connecting


def test_an_address_may_connect_once_a_second() -> None:
    bench = limited_bench()
    bench.connect()
    assert (LIMITS["connect"]["requests"], LIMITS["connect"]["window_s"]) == ("1", "1")

    bench.clock.advance(SECOND - 1)
    with pytest.raises(SocketRefused) as refused:
        bench.connect()
    response = refused.value.response
    assert response.status == 429
    assert json.loads(response.body)["error_code"] == "30026"

    bench.connect(ip="203.0.113.7")
    bench.clock.advance(1)
    bench.connect()


def test_a_refused_connection_is_none() -> None:
    bench = limited_bench()
    bench.connect()
    with pytest.raises(SocketRefused):
        bench.connect(path="/wrong")

    assert len(bench.simulation.connections) == 1


def test_without_limits_anybody_may_connect_at_any_time() -> None:
    bench = SpotBench(limits=False)
    for _ in range(10):
        bench.connect()

    assert len(bench.simulation.connections) == 10


# --- speaking


@pytest.mark.parametrize("op", ["subscribe", "unsubscribe"])
def test_fifty_commands_of_a_kind_are_taken_in_a_second(op: str) -> None:
    bench = limited_bench()
    socket = bench.connect()
    request = {"op": op, "args": TRADE}
    answers = [socket.send(request) for _ in range(51)]

    assert [answer for answer in answers if answer == [TOO_OFTEN]] == [[TOO_OFTEN]]
    assert answers[-1] == [TOO_OFTEN]
    other = "unsubscribe" if op == "subscribe" else "subscribe"
    assert socket.send({"op": other, "args": TRADE}) == [{"event": other, "channel": TRADE[0]}], "each kind counts for itself"

    bench.clock.advance(SECOND)
    assert socket.send(request) == [{"event": op, "channel": TRADE[0]}]
    assert socket.closing is None


def test_two_hundred_and_forty_subscriptions_are_taken_in_an_hour() -> None:
    bench = limited_bench()
    socket = bench.connect()
    start_ns = bench.clock.now_ns()
    assert socket.send({"op": "subscribe", "args": TRADE * 200}) == [ACK] * 200
    assert socket.send({"op": "unsubscribe", "args": TRADE * 39}) == [{**ACK, "event": "unsubscribe"}] * 39
    socket.login()

    assert socket.send({"op": "subscribe", "args": TRADE}) == [TOO_OFTEN], "unsubscriptions and the login have counted"
    while bench.clock.now_ns() < start_ns + HOUR - 20 * SECOND:
        bench.clock.advance(20 * SECOND)
        assert socket.send("ping") == ["pong"], "which never counts"
    assert socket.send({"op": "subscribe", "args": TRADE}) == [TOO_OFTEN]
    bench.clock.advance_to(start_ns + HOUR)
    assert socket.send({"op": "subscribe", "args": TRADE}) == [ACK]


def test_a_request_that_does_not_fit_into_the_hour_subscribes_to_nothing() -> None:
    bench = limited_bench()
    socket = bench.connect()
    bench.order("buy", "1", "100")
    subscribe_often(socket, 239)

    assert socket.send({"op": "subscribe", "args": ["spot/depth:BTC-JPY", "spot/ticker:BTC-JPY"]}) == [TOO_OFTEN]
    assert socket.send({"op": "subscribe", "args": TRADE}) == [ACK]


def test_connections_count_apart() -> None:
    bench = limited_bench()
    first = bench.connect()
    second = bench.connect(ip="203.0.113.7")
    subscribe_often(first, 240)

    assert first.send({"op": "subscribe", "args": TRADE}) == [TOO_OFTEN]
    assert second.send({"op": "subscribe", "args": TRADE}) == [ACK]


def test_logins_are_limited_too() -> None:
    bench = limited_bench()
    socket = bench.connect()
    socket.login()
    answers = [socket.send({"op": "login", "args": login_args(bench)})[0]["errorCode"] for _ in range(50)]

    assert answers == [30042] * 49 + [30026]


def test_without_limits_nothing_counts() -> None:
    socket = SpotBench(limits=False).connect()

    subscribe_often(socket, 300)
    assert [socket.send({"op": "subscribe", "args": TRADE}) for _ in range(60)] == [[ACK]] * 60


# --- silence


def idle_close() -> CloseOrder:
    return CloseOrder(FRAMING["idle"]["close_code"], FRAMING["idle"]["reason"])


def silent_for(bench: SpotBench, socket: Socket, time_ns: int) -> CloseOrder | None:
    bench.clock.advance(time_ns)
    return socket.closing


def test_a_connection_that_says_nothing_is_closed_after_exactly_thirty_seconds() -> None:
    bench = SpotBench()
    socket = bench.connect()
    assert FRAMING["idle"]["seconds"] == "30"

    assert silent_for(bench, socket, 30 * SECOND - 1) is None
    assert silent_for(bench, socket, 1) == idle_close()
    assert socket.messages() == [], "there is no farewell"


@pytest.mark.parametrize(
    "message", ["ping", {"op": "subscribe", "args": TRADE}, {"op": "subscribe", "args": ["x"]}, "nonsense"], ids=str
)
def test_whatever_is_answered_counts_as_traffic(message: Any) -> None:
    bench = SpotBench()
    socket = bench.connect()
    bench.clock.advance(29 * SECOND)
    socket.send(message)

    assert silent_for(bench, socket, 30 * SECOND - 1) is None
    assert silent_for(bench, socket, 1) == idle_close()


def test_pushes_keep_a_connection_open_and_a_quiet_channel_does_not() -> None:
    bench = SpotBench()
    busy, quiet = bench.connect(), bench.connect()
    busy.subscribe("spot/trade:BTC-JPY")
    quiet.subscribe("spot/trade:ETH-JPY")
    for _ in range(4):
        bench.clock.advance(20 * SECOND)
        bench.order("sell", "1", "100", who="bob")
        bench.order("buy", "1", "100")
        busy.messages()

    assert busy.closing is None
    assert quiet.closing == idle_close()


def test_a_client_that_pings_in_time_stays_for_ever() -> None:
    bench = SpotBench()
    socket = bench.connect()
    for _ in range(20):
        bench.clock.advance(30 * SECOND - MS)
        assert socket.send("ping") == ["pong"]


def test_nothing_is_pushed_or_answered_after_the_close() -> None:
    bench = SpotBench()
    socket = bench.connect()
    socket.subscribe("spot/trade:BTC-JPY")
    bench.clock.advance(31 * SECOND)
    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")

    assert socket.send("ping") == []


def test_a_connection_that_has_ended_leaves_nothing_behind() -> None:
    bench = SpotBench()
    socket = bench.connect()
    socket.login()
    socket.subscribe("spot/depth:BTC-JPY", "spot/order:BTC-JPY")
    timers = bench.clock.pending_count
    bench.simulation.close_connection(socket.connection)
    bench.simulation.close_connection(socket.connection)

    assert len(bench.desk.hub) == 0
    assert bench.clock.pending_count == timers - 1
    assert socket.send("ping") == []


# --- slow readers


def test_a_reader_that_lets_too_much_pile_up_is_dropped_and_slows_nobody() -> None:
    bench = SpotBench()
    slow, quick = bench.connect(), bench.connect()
    for socket in (slow, quick):
        socket.subscribe("spot/depth_l2_tbt:BTC-JPY")
    piled = 0
    pushed = 0
    price = 100_000
    while slow.closing is None:
        price -= 1  # a new best price each time: it is always news
        bench.rest("sell", price, lots=100_000)
        for frame in quick.connection.drain():
            piled += len(frame.wire)
            pushed += 1
            assert inflate(frame.payload)

    assert slow.closing == CloseOrder(FRAMING["slow_reader"]["close_code"], FRAMING["slow_reader"]["reason"])
    assert piled - 2_000 < MAX_OUTBOX_BYTES < piled
    assert pushed == 100_000 - price, "the quick one has missed nothing"
    assert (quick.closing, slow.messages()) == (None, []), "what had piled up is thrown away"


def test_a_message_may_not_be_endless() -> None:
    assert VENUE.sockets["main"].max_message_bytes == 65_536
    assert VENUE.sockets["main"].too_long.code == 1009
