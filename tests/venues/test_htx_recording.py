"""What a recording shows of this venue: sockets and topics by their own names, messages before compression."""

from __future__ import annotations

import json

import pytest
from htx_support import SECOND, START_MS, Bench

from mockex.wire.messages import WireRequest
from mockex.wire.pipeline import Call, answer
from mockex.wire.recording import Entry


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.desk.recorder.start(lambda: 0)
    return bench


def recorded(bench: Bench, *kinds: str) -> list[Entry]:
    return [entry for entry in bench.desk.recorder.after(0) if entry["kind"] in kinds]


def test_a_channel_is_named_as_its_topic(bench: Bench) -> None:
    socket = bench.connect("/api/feed")
    socket.send({"sub": ["market.btcusdt.mbp.150", "market.btcusdt.nothing"]})
    socket.send({"unsub": "market.btcusdt.mbp.150"})
    socket.send({"unsub": "market.btcusdt.mbp.5"})

    kept = recorded(bench, "open", "subscribed", "unsubscribed")
    assert [(entry["kind"], entry.get("socket"), entry.get("path"), entry.get("channel")) for entry in kept] == [
        ("open", "feed", "/api/feed", None),
        ("subscribed", None, None, "market.btcusdt.mbp.150"),
        ("unsubscribed", None, None, "market.btcusdt.mbp.150"),
    ]


def test_a_frame_says_before_compression_what_it_says_after_it(bench: Bench) -> None:
    socket = bench.connect()
    bench.simulation.receive(socket.connection, '{"sub":"market.btcusdt.depth.step0","id":"id1"}')
    bench.clock.advance(5 * SECOND)
    acknowledgement, opening, ping = socket.connection.drain()

    assert json.loads(acknowledgement.message)["subbed"] == "market.btcusdt.depth.step0"
    assert acknowledgement.push is None
    assert opening.message.startswith(b'{"ch":"market.btcusdt.depth.step0","ts":')
    assert opening.push == ("market.btcusdt.depth.step0", True)
    assert (json.loads(ping.message), ping.push) == ({"ping": START_MS + 5_000}, None)


def test_a_request_is_known_by_its_route_and_a_failure_by_its_code(bench: Bench) -> None:
    call = Call(bench.desk, WireRequest("GET", "/market/depth", "symbol=x", {}, b"", "127.0.0.1"))

    response = answer(call)

    assert (call.route_name, call.authenticated, response.error) == ("GET /market/depth", None, "invalid-parameter")
