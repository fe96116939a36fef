"""What recordings and fault plans see of this venue: its own names of operations and channels, and gaps in its count."""

from __future__ import annotations

import json
from typing import Any

import pytest
from coinstore_support import SECOND, Bench, Socket

from mockex.operator import faults
from mockex.venues.coinstore import VENUE
from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call, answer
from mockex.wire.recording import Entry


def recorded(bench: Bench, *kinds: str) -> list[Entry]:
    return [entry for entry in bench.desk.recorder.after(0) if entry["kind"] in kinds]


def numbers(socket: Socket) -> list[int]:
    """Of everything that has arrived, whatever is missing."""
    found = [json.loads(frame.payload)["S"] for frame in socket.connection.drain()]
    socket.last = found[-1] if found else socket.last
    return found


# --- recordings


def test_channels_are_named_as_they_were_subscribed() -> None:
    bench = Bench()
    bench.desk.recorder.start(lambda: 0)
    socket = bench.connect()
    socket.logged_in("spot_order")
    socket.subscribe("btcusdt@trade", "1@trade")
    socket.send({"op": "UNSUB", "channel": ["btcusdt@trade", "1@depth"]})

    kept = recorded(bench, "open", "login", "subscribed", "unsubscribed")
    assert [(entry["kind"], entry.get("path") or entry.get("account") or entry.get("channel")) for entry in kept] == [
        ("open", "/s/ws"), ("login", "alice"), ("subscribed", "spot_order"), ("subscribed", "btcusdt@trade"),
        ("subscribed", "1@trade"), ("unsubscribed", "btcusdt@trade"),
    ]  # fmt: skip


def test_a_frame_is_recorded_as_this_connection_got_it() -> None:
    bench = Bench()
    first, second = bench.connect(), bench.connect()
    first.subscribe("1@depth")
    second.subscribe("1@ticker", "1@depth")
    bench.rest("buy", "90")
    bench.clock.advance(SECOND)

    (one,), (two,) = first.connection.drain(), second.connection.drain()
    assert (one.message[:7], two.message[:7]) == (b'{"S":5,', b'{"S":6,')
    assert one.push == two.push == ("1@depth", False)
    assert one.message[7:] == two.message[7:]


def test_a_request_is_known_by_its_route_with_its_matrix_and_a_failure_by_its_code() -> None:
    bench = Bench()
    call = Call(bench.desk, WireRequest("GET", "/api/v1/ticker/price;symbol=A", "", {}, b"", "127.0.0.1"))
    failed = Call(bench.desk, WireRequest("GET", "/api/v1/market/depth/foo", "", {}, b"", "127.0.0.1"))

    assert (answer(call).status, answer(failed).error) == (200, "3011")
    assert (call.route_name, call.request.path) == ("GET /api/v1/ticker/price", "/api/v1/ticker/price;symbol=A")


# --- fault plans


def test_a_push_that_is_lost_leaves_a_gap_in_the_count_and_an_answer_none() -> None:
    bench = Bench()
    socket = bench.connect()
    socket.subscribe("1@trade")
    faults.plan(bench.simulation, [{"where": {"channel": "1@trade"}, "when": {"first": 1}, "what": {"action": "drop"}}])
    bench.trade("100")
    bench.trade("101")
    bench.clock.advance(SECOND)
    before = socket.last

    assert numbers(socket) == [before + 2]
    assert [frame["S"] for frame in socket.send({"op": "LIST", "channel": []})] == [before + 3, before + 4]


@pytest.mark.parametrize("code", ["401", "1401", "3005", "500"])
@pytest.mark.parametrize("operation", ["SUB", "UNSUB", "LIST", "REQ", "LOGIN"])
def test_a_planned_error_of_a_command_follows_its_echo_and_nothing_is_carried_out(operation: str, code: str) -> None:
    bench = Bench()
    socket = bench.connect()
    faults.plan(bench.simulation, [{"where": {"operation": operation}, "what": {"action": "error", "code": code}}])

    echo, refused = socket.send({"op": operation.lower(), "channel": ["1@trade"], "id": 1})

    assert echo["T"] == "echo"
    assert (refused["C"], refused["M"]) == (int(code), VENUE.errors_by_code[code].message)
    assert len(bench.desk.hub) == 0


@pytest.mark.parametrize("code", [code for code in VENUE.errors_by_code if code not in ("400",)])
@pytest.mark.parametrize("path", ["/api/trade/order/active", "/api/v1/market/tickers"])
def test_any_error_of_the_table_can_be_planned_and_has_its_own_body(path: str, code: str) -> None:
    bench = Bench()
    faults.plan(bench.simulation, [{"where": {"route": f"GET {path}"}, "what": {"action": "error", "code": code}}])
    error = VENUE.errors_by_code[code]

    reply = bench.read(path)

    assert reply.status == error.status
    spring: dict[str, Any] = {"status": error.status, "error": error.message, "path": path.removeprefix("/api")}
    venues = {"message": error.message, "code": int(code)}
    assert reply.body.items() >= (spring if "path" in reply.body else venues).items()


def test_every_operation_and_channel_can_be_named_in_a_plan() -> None:
    bench = Bench()
    spec = VENUE.sockets["stream"]
    assert spec.channels is not None
    names = list(spec.channels(bench.desk))

    assert set(spec.operations) == {"SUB", "UNSUB", "LIST", "REQ", "LOGIN"}
    assert len(names) == len(set(names))
    socket = bench.connect()
    socket.logged_in()
    for name in names:
        assert socket.send({"op": "SUB", "channel": [name]})[1]["M"] == "sub.channel.success", name
