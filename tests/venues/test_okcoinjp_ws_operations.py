"""The WebSocket's framing and operations: what a client may say and what it is answered (okj§11.1 and §11.2)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fixture_shapes import deviations
from mockex.fixtures import load
from okcoinjp_support import SpotBench, by_id, inflate

from mockex.operator import service

FRAMING = load("okcoinjp", "ws/framing")
OPERATIONS = load("okcoinjp", "ws/operations")
ERRORS = {row["code"]: row for row in load("okcoinjp", "ws/errors")["codes"]}
EXCHANGES = {each["id"]: each for each in OPERATIONS["exchanges"]}


def error(code: int, message: str | None = None) -> dict[str, Any]:
    """As captured: the code is an integer."""
    return {"event": "error", "message": ERRORS[code]["message"] if message is None else message, "errorCode": code}


@pytest.fixture
def bench() -> SpotBench:
    return SpotBench()


# --- framing


@pytest.mark.parametrize("vector", **by_id(FRAMING["vectors"]))
def test_a_vector_is_one_complete_raw_deflate_stream(vector: dict[str, Any]) -> None:
    assert inflate(bytes.fromhex(vector["deflated_hex"])) == vector["text"]


@pytest.mark.parametrize("message", ["ping", b"ping"])
def test_ping_is_answered_by_one_binary_frame_with_a_deflated_pong(bench: SpotBench, message: str | bytes) -> None:
    """A text pong, as the document has it, would break its own SDK (okj§13 row 11)."""
    connection = bench.connect().connection
    bench.simulation.receive(connection, message)

    (frame,) = connection.drain()

    assert inflate(frame.payload) == "pong"
    assert frame.wire == bytes([0x82, len(frame.payload)]) + frame.payload, "final, binary, unmasked"


def test_every_answer_is_a_frame_of_its_own_that_inflates_alone(bench: SpotBench) -> None:
    bench.order("buy", "1", "100")
    connection = bench.connect().connection
    bench.simulation.receive(connection, json.dumps({"op": "subscribe", "args": ["spot/depth:BTC-JPY", "spot/nothing:X"]}))

    texts = [inflate(frame.payload) for frame in connection.drain()]

    assert [text.partition(":")[0] for text in texts] == ['{"event"', '{"event"', '{"table"']
    assert all(text == json.dumps(json.loads(text), separators=(",", ":")) for text in texts), "compact JSON"


def test_answers_are_spelled_as_the_captured_ones(bench: SpotBench) -> None:
    captured = next(vector["text"] for vector in FRAMING["vectors"] if vector["provenance"] == "captured")
    socket = bench.connect()
    bench.simulation.receive(socket.connection, '{"op":"subscribe","args":["spot/depth_l2_tbt:BTC-JPY"]}')

    assert socket.texts()[0] == captured.replace("ETH-EUR", "BTC-JPY")


# --- subscribing


def test_the_documents_subscription_is_acknowledged_before_its_data(bench: SpotBench) -> None:
    exchange = EXCHANGES["ws/operations.subscribe"]
    bench.order("sell", "1", "8.8", instrument_id="ETH-JPY", who="bob")
    bench.order("buy", "1", "8.8", instrument_id="ETH-JPY")

    messages = bench.connect().send(exchange["client"])

    assert messages[:2] == exchange["server"][:2]
    assert [message["table"] for message in messages[2:]] == [message["table"] for message in exchange["server"][2:]]
    assert deviations(messages[0], [{**row, "presence": "always"} for row in OPERATIONS["ack_fields"]]) == []


def test_the_documents_unsubscription_is_acknowledged(bench: SpotBench) -> None:
    exchange = EXCHANGES["ws/operations.unsubscribe"]
    socket = bench.connect()
    socket.subscribe(*exchange["client"]["args"])

    assert socket.send(exchange["client"]) == exchange["server"]


def test_arguments_may_be_one_bare_string(bench: SpotBench) -> None:
    exchange = EXCHANGES["ws/operations.bare-string"]

    assert bench.connect().send(exchange["client"]) == exchange["server"]


def test_a_bad_channel_stops_no_other_and_is_answered_in_its_place(bench: SpotBench) -> None:
    exchange = EXCHANGES["ws/operations.partly-bad"]

    assert bench.connect().send(exchange["client"]) == exchange["server"]


@pytest.mark.parametrize("name", ["spot/trade:btc-jpy", "spot/trade:BTC-JPY", "spot/trade:Btc-Jpy"])
def test_a_channel_is_echoed_as_it_was_sent_and_pushed_in_upper_case(bench: SpotBench, name: str) -> None:
    socket = bench.connect()
    assert socket.send({"op": "subscribe", "args": [name]}) == [{"event": "subscribe", "channel": name}]
    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")

    (row,) = socket.rows("spot/trade")

    assert row["instrument_id"] == "BTC-JPY"
    assert socket.send({"op": "unsubscribe", "args": ["spot/trade:bTc-jPy"]})[0]["event"] == "unsubscribe"
    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")
    assert socket.messages() == [], "it is the same channel in any case"


def test_a_second_subscription_is_acknowledged_with_a_fresh_snapshot_and_doubles_nothing(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/depth:BTC-JPY")
    bench.order("buy", "1", "100")
    bench.clock.advance(10**9)
    socket.messages()

    (partial,) = socket.subscribe("spot/depth:BTC-JPY")
    assert (partial["action"], partial["data"][0]["bids"]) == ("partial", [["100", "1", 1]])

    bench.order("buy", "1", "99")
    bench.clock.advance(10**9)
    assert len(socket.messages()) == 1


def test_unsubscribing_ends_the_pushes_of_that_channel_alone(bench: SpotBench) -> None:
    socket = bench.connect()
    socket.subscribe("spot/trade:BTC-JPY", "spot/ticker:BTC-JPY")
    socket.unsubscribe("spot/trade:BTC-JPY")
    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")
    bench.clock.advance(10**9)

    assert {message["table"] for message in socket.messages()} == {"spot/ticker"}


def test_unsubscribing_from_what_was_never_subscribed_is_acknowledged(bench: SpotBench) -> None:
    assert bench.connect().unsubscribe("spot/trade:BTC-JPY") == []


# --- what does not exist


@pytest.mark.parametrize(
    "name",
    ["spot/trade", "spot/trade:", "spot/trade:BTC-EUR", "spot/trade:BTC", "spot/account:BTC-JPY", "spot/account:BLA",
     "spot/candle61s:BTC-JPY", "spot/candle2678400s:BTC-JPY", "SPOT/TRADE:BTC-JPY", "trade:BTC-JPY", "", ":",
     "spot/order_algo:BTC-JPY", " spot/trade:BTC-JPY"],
)  # fmt: skip
def test_a_channel_that_does_not_exist_is_named(bench: SpotBench, name: str) -> None:
    assert bench.connect().send({"op": "subscribe", "args": [name]}) == [error(30040, f"Channel {name} doesn't exist")]


def test_a_channel_without_its_filter_is_refused_in_the_captured_words(bench: SpotBench) -> None:
    (example,) = ERRORS[30040]["wire_examples"]

    (answer,) = bench.connect().send({"op": "subscribe", "args": example["args"]})

    assert answer == error(30040, example["text"])


@pytest.mark.parametrize("kind", OPERATIONS["unsupported_channels"]["names"])
def test_leftovers_of_the_parent_exchange_do_not_exist(bench: SpotBench, kind: str) -> None:
    for name in (f"spot/{kind}:BTC-JPY", f"spot/{kind.replace('-', '_')}:BTC-JPY"):
        assert bench.connect().send({"op": "subscribe", "args": [name]})[0]["errorCode"] == 30040


@pytest.mark.parametrize("op", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize("name", ["spot/account:BTC", "spot/order:BTC-JPY"])
def test_a_private_channel_needs_a_login(bench: SpotBench, name: str, op: str) -> None:
    socket = bench.connect()

    assert socket.send({"op": op, "args": [name, "spot/trade:BTC-JPY"]}) == [
        error(30041),
        {"event": op, "channel": "spot/trade:BTC-JPY"},
    ]
    assert socket.closing is None


# --- what is no request


UNRECOGNISED = [
    "hello", "", "PING", "ping ", "{}", "[]", "null", "1", '"ping"', "{", "[" * 40, '{"op":NaN}',
    '{"op":"subscribe"}', '{"args":["spot/trade:BTC-JPY"]}', '{"op":"order","args":["spot/trade:BTC-JPY"]}',
    '{"op":"Subscribe","args":["spot/trade:BTC-JPY"]}', '{"op":["subscribe"],"args":["spot/trade:BTC-JPY"]}',
    '{"op":"subscribe","args":[]}', '{"op":"subscribe","args":{}}', '{"op":"subscribe","args":[1]}', '{"op":null,"args":["x"]}',
    '{"op":"subscribe","args":[null]}', '{"op":"subscribe","args":7}', '{"op":"login","args":[1,2,3,4]}',
    '{"op":"subscribe","args":["spot/trade:BTC-JPY",[]]}',
]  # fmt: skip


@pytest.mark.parametrize("text", UNRECOGNISED)
def test_what_is_no_request_is_told_so_with_its_own_words(bench: SpotBench, text: str) -> None:
    socket = bench.connect()

    assert socket.send(text) == [error(30039, f"Unrecognized request: {text}")]
    assert socket.closing is None


def test_bytes_that_are_no_text_are_no_request(bench: SpotBench) -> None:
    (answer,) = bench.connect().send(b"\xff\xfe{}")

    assert answer["errorCode"] == 30039


def test_a_long_request_is_quoted_in_part(bench: SpotBench) -> None:
    (answer,) = bench.connect().send("x" * 60_000)

    assert answer["errorCode"] == 30039
    assert len(answer["message"]) < 400


@pytest.mark.parametrize(("size", "accepted"), [(4_096, True), (4_097, False)])
def test_channel_names_of_one_request_may_have_4096_bytes_together(bench: SpotBench, size: int, accepted: bool) -> None:
    names = ["spot/trade:BTC-JPY"] * 227 + ["x" * (size - 227 * 18)]
    assert sum(len(name) for name in names) == size

    answers = bench.connect().send({"op": "subscribe", "args": names})

    if accepted:
        assert len(answers) == len(names)
    else:
        assert [answer["errorCode"] for answer in answers] == [30039]


def test_names_are_measured_in_bytes(bench: SpotBench) -> None:
    (answer,) = bench.connect().send({"op": "subscribe", "args": ["é" * 2_049]})

    assert answer["errorCode"] == 30039


# --- other ends


@pytest.mark.parametrize("path", ["/", "/ws", "/ws/v5", "/ws/v3/", "/WS/V3", ""])
def test_a_wrong_path_is_told_so_and_closed(bench: SpotBench, path: str) -> None:
    socket = bench.connect(path=path)

    assert socket.messages() == [error(30000)]
    assert socket.closing is not None
    assert socket.send("ping") == [], "nobody listens any more"


def test_the_right_path_is_not(bench: SpotBench) -> None:
    socket = bench.connect(path="/ws/v3")

    assert (socket.messages(), socket.closing) == ([], None)


@pytest.mark.parametrize("executed", [False, True])
def test_a_planned_internal_error_meets_the_operation_it_was_planned_for(bench: SpotBench, executed: bool) -> None:
    service.plan_fault(bench.simulation, code="30043", method="WS", path="subscribe", executed=executed)
    socket = bench.connect()
    socket.login()
    assert bench.get("/api/spot/v3/accounts").status == 200, "a call over HTTP does not meet it"

    answers = socket.send({"op": "subscribe", "args": ["spot/trade:BTC-JPY"]})

    ack = {"event": "subscribe", "channel": "spot/trade:BTC-JPY"}
    assert answers == ([ack] if executed else []) + [error(30043)]
    assert socket.subscribe("spot/trade:BTC-JPY") == []


def test_every_error_of_the_socket_has_a_cause_in_these_tests() -> None:
    """Those of the login and of the limits are tested with them."""
    here = {30000, 30039, 30040, 30041, 30043}
    with_login = {30001, 30002, 30004, 30005, 30006, 30008, 30013, 30027, 30042}
    with_limits = {4001, 4002, 30026}

    assert set(ERRORS) == here | with_login | with_limits
