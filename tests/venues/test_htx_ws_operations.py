"""The market sockets: framing, pings, subscriptions, requests and what goes wrong with them (htx§5)."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from typing import Any

import pytest
from htx_support import MS, SECOND, START_MS, Bench, Socket, by_id
from mockex.fixtures import load

from mockex.operator import faults
from mockex.venues.htx import VENUE
from mockex.venues.htx.streams import encode
from mockex.wire.connections import CloseOrder

FRAMING = load("htx", "ws/framing")
OPERATIONS = load("htx", "ws/operations")["market"]
ERRORS = load("htx", "ws/errors")
PATHS = ["/ws", "/feed", "/api/ws", "/api/feed"]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def error(request_id: object, message: str, code: str = "bad-request", *, at_ms: int = START_MS) -> dict[str, Any]:
    return {"status": "error", "ts": at_ms, "id": request_id, "err-code": code, "err-msg": message}


# --- framing


@pytest.mark.parametrize("vector", **by_id(FRAMING["vectors"]))
def test_a_frame_is_one_gzip_stream_that_says_what_the_vectors_does(vector: dict[str, Any]) -> None:
    frame = encode(vector["text"].encode())

    assert gzip.decompress(frame.payload) == gzip.decompress(bytes.fromhex(vector["gzip_hex"])) == vector["text"].encode()
    assert frame.payload[:4] == bytes.fromhex(vector["gzip_hex"])[:4]
    assert frame.message == vector["text"].encode()
    assert encode(vector["text"].encode()) == frame, "whenever it is sent"


@pytest.mark.parametrize("path", PATHS)
def test_the_sockets_and_their_other_names_are_open(bench: Bench, path: str) -> None:
    assert bench.connect(path).send({"sub": "market.btcusdt.mbp.refresh.5"})[0]["status"] == "ok"


@pytest.mark.parametrize("path", ["/", "/WS", "/ws/", "/ws/market", "/api"])
def test_there_is_no_socket_elsewhere(bench: Bench, path: str) -> None:
    assert bench.simulation.socket_for(path) is None


# --- heartbeat


def pings(socket: Socket) -> list[int]:
    return [json.loads(text)["ping"] for text in socket.texts()]


@pytest.mark.parametrize("path", PATHS[:2])
def test_a_ping_comes_every_five_seconds_and_is_a_time(bench: Bench, path: str) -> None:
    socket = bench.connect(path)
    times = []
    for _ in range(4):
        bench.clock.advance(5 * SECOND)
        (asked,) = pings(socket)
        times.append(asked)
        assert socket.send({"pong": asked}) == [], "a pong gets no answer"

    assert times == [START_MS + 5_000 * beat for beat in (1, 2, 3, 4)]
    assert socket.closing is None


def test_two_unanswered_pings_close_the_connection_before_the_third(bench: Bench) -> None:
    socket = bench.connect()
    bench.clock.advance(15 * SECOND - 1)
    assert (len(pings(socket)), socket.closing) == (2, None)

    bench.clock.advance(1)

    assert pings(socket) == []
    assert socket.closing == CloseOrder(1000, "")


def test_a_pong_for_nothing_that_was_asked_keeps_nobody_alive(bench: Bench) -> None:
    socket = bench.connect()
    for _ in range(3):
        bench.clock.advance(5 * SECOND)
        for value in (START_MS, str(bench.now_ms), None):
            bench.simulation.receive(socket.connection, json.dumps({"pong": value}))

    assert socket.closing is not None


@pytest.mark.parametrize("value", [18_212_558_000, "x", None, 1.5, [1]], ids=repr)
def test_a_clients_ping_is_answered_with_its_own_value(bench: Bench, value: object) -> None:
    expected = Decimal(str(value)) if isinstance(value, float) else value

    assert bench.connect().send({"ping": value}) == [{"pong": expected}]


# --- subscriptions


@pytest.mark.parametrize("row", **by_id(OPERATIONS))
def test_an_operation_is_answered_like_the_example(bench: Bench, row: dict[str, Any]) -> None:
    socket = bench.connect()
    if row["id"].endswith(".unsub"):
        socket.subscribe("market.btcusdt.trade.detail")
    answers = [answer for message in row["client"] for answer in socket.send(message) if "ch" not in answer]

    expected = [{**message, "ts": START_MS} for message in row["server"]]
    assert answers == expected
    assert [list(answer) for answer in answers] == [list(message) for message in expected]


@pytest.mark.parametrize("request_id", ["id1", "", 1, 0, -5, 2**70, 1.25, True, None, {"a": [1.5]}, ["x"]], ids=repr)
@pytest.mark.parametrize(
    "message", [{"sub": "market.btcusdt.bbo"}, {"sub": "nothing"}, {"unsub": "x"}, {"req": "market.btcusdt.detail"}, {"x": 1}]
)
def test_an_id_comes_back_with_its_own_type(bench: Bench, message: dict[str, Any], request_id: object) -> None:
    answer = bench.connect().send({**message, "id": request_id})[0]

    expected = json.loads(json.dumps(request_id), parse_float=Decimal)
    assert (answer["id"], type(answer["id"])) == (expected, type(expected))


def test_without_an_id_it_is_null(bench: Bench) -> None:
    assert bench.connect().send({"sub": "market.btcusdt.kline.1min"}) == [
        {"id": None, "status": "ok", "subbed": "market.btcusdt.kline.1min", "ts": START_MS}
    ]


def test_each_topic_of_a_list_is_answered_by_itself_and_a_bad_one_stops_no_other(bench: Bench) -> None:
    topics = ["market.btcusdt.bbo", "market.btcusdt.foo", 5, "market.ethusdt.bbo"]

    answers = [answer for answer in bench.connect().send({"sub": topics, "id": 7}) if "ch" not in answer]

    assert answers == [
        {"id": 7, "status": "ok", "subbed": "market.btcusdt.bbo", "ts": START_MS},
        error(7, "invalid topic market.btcusdt.foo"),
        error(7, "invalid topic"),
        {"id": 7, "status": "ok", "subbed": "market.ethusdt.bbo", "ts": START_MS},
    ]


def test_an_unsubscribed_topic_is_silent_and_others_are_not(bench: Bench) -> None:
    socket = bench.connect()
    for topic in ("market.btcusdt.trade.detail", "market.btcusdt.bbo"):
        socket.subscribe(topic)
    socket.send({"unsub": "market.btcusdt.trade.detail", "id": 1})
    bench.trade("100")

    assert {message["ch"] for message in socket.messages()} == {"market.btcusdt.bbo"}


def test_a_second_subscription_is_acknowledged_and_doubles_nothing(bench: Bench) -> None:
    socket = bench.connect()
    socket.subscribe("market.btcusdt.trade.detail")
    socket.subscribe("market.btcusdt.trade.detail")
    bench.trade("100")

    assert len(socket.messages()) == 1


# --- what goes wrong


@pytest.mark.parametrize(
    ("path", "message", "text"),
    [
        ("/ws", {"sub": "market.btcusdt.foo"}, "invalid topic market.btcusdt.foo"),
        ("/ws", {"sub": "market.btcusdt"}, "invalid topic market.btcusdt"),
        ("/ws", {"sub": "MARKET.btcusdt.bbo"}, "invalid topic MARKET.btcusdt.bbo"),
        ("/ws", {"sub": "market.btcusdt.kline.1hour"}, "invalid topic market.btcusdt.kline.1hour"),
        ("/ws", {"sub": "market.btcusdt.depth.step6"}, "invalid topic market.btcusdt.depth.step6"),
        ("/ws", {"sub": "market.linkusdt.bbo"}, "invalid symbol"),
        ("/ws", {"sub": "market.BTCUSDT.bbo"}, "invalid symbol"),
        ("/ws", {"sub": "market.btcusdt.mbp.150"}, "invalid topic market.btcusdt.mbp.150"),  # on /feed only
        ("/feed", {"sub": "market.btcusdt.bbo"}, "invalid topic market.btcusdt.bbo"),
        ("/feed", {"sub": "market.tickers"}, "invalid topic market.tickers"),
        ("/feed", {"sub": "market.linkusdt.mbp.150"}, "invalid mbp.150.symbol linkusdt"),
        ("/feed", {"req": "market.linkusdt.mbp.400"}, "invalid mbp.400.symbol linkusdt"),
        ("/feed", {"sub": "market.linkusdt.mbp.refresh.5"}, "invalid symbol"),
        ("/feed", {"sub": "market.btcusdt.mbp.10"}, "invalid topic market.btcusdt.mbp.10"),
        ("/feed", {"req": "market.btcusdt.mbp.refresh.5"}, "invalid topic market.btcusdt.mbp.refresh.5"),
        ("/ws", {"unsub": "market.btcusdt.bbo"}, "unsub with not subbed topic market.btcusdt.bbo"),
        ("/ws", {"unsub": "nothing"}, "unsub with not subbed topic nothing"),
        ("/ws", {"req": "market.btcusdt.bbo"}, "invalid topic market.btcusdt.bbo"),
        ("/ws", {"req": "market.tickers"}, "invalid topic market.tickers"),
        ("/ws", {"req": "market.linkusdt.detail"}, "invalid symbol"),
        ("/ws", {"req": "market.btcusdt.kline.1min", "from": "x"}, "invalid from"),
        ("/ws", {"req": "market.btcusdt.kline.1min", "from": 1_501_174_799}, "invalid from"),
        ("/ws", {"req": "market.btcusdt.kline.1min", "to": 2_556_115_201}, "invalid to"),
        ("/ws", {"req": "market.btcusdt.kline.1min", "to": True}, "invalid to"),
        ("/ws", {"sub": 5}, "invalid topic"),
        ("/ws", {"sub": None}, "invalid topic"),
        ("/ws", {"sub": []}, "invalid topic"),
        ("/ws", {"sub": {"a": 1}}, "invalid topic"),
        ("/ws", {}, "invalid topic"),
        ("/ws", {"op": "subscribe"}, "invalid topic"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_its_cause(bench: Bench, path: str, message: dict[str, Any], text: str) -> None:
    assert bench.connect(path).send({**message, "id": "id1"}) == [error("id1", text)]


@pytest.mark.parametrize("message", ["", "x", "{", "[1]", '"sub"', "5", "null", b"\xff\xfe", b"\x1f\x8b", "NaN", "\ud800"])
def test_what_is_no_json_object_is_no_json(bench: Bench, message: str | bytes) -> None:
    assert bench.connect().send(message) == [error(None, "not json string")]


def test_a_binary_message_counts_as_its_text(bench: Bench) -> None:
    assert bench.connect().send(b'{"sub":"market.btcusdt.kline.1day","id":1}')[0]["subbed"] == "market.btcusdt.kline.1day"


def test_a_topic_of_any_length_is_quoted_in_part(bench: Bench) -> None:
    (answer,) = bench.connect().send({"sub": "x" * 60_000})

    assert answer["err-msg"] == f"invalid topic {'x' * 256}"


@pytest.mark.parametrize("operation", ["sub", "req"])
def test_a_market_that_is_not_open_says_so(bench: Bench, operation: str) -> None:
    bench.desk.flags.add("not_open")

    (answer,) = bench.connect().send({operation: "market.btcusdt.detail", "id": 1})
    assert answer == error(1, "symbol trade not open now")


def test_all_tickers_of_a_market_that_is_not_open_are_refused_too(bench: Bench) -> None:
    bench.desk.flags.add("not_open")

    assert bench.connect().send({"sub": "market.tickers", "id": 1}) == [error(1, "symbol trade not open now")]


@pytest.mark.parametrize("row", **by_id(ERRORS["market"]))
def test_every_listed_error_is_sent_word_for_word(row: dict[str, Any]) -> None:
    """All but the one that would need the venue to be slow; it can be planned."""
    causes: dict[str, tuple[str, Any]] = {
        "invalid-topic": ("/ws", {"sub": "market.btcusdt.foo"}),
        "invalid-symbol": ("/ws", {"sub": "market.foo.bbo"}),
        "invalid-mbp-symbol": ("/feed", {"sub": "market.linkusdt.mbp.150"}),
        "not-open": ("/ws", {"sub": "market.btcusdt.bbo"}),
        "429": ("/ws", {"req": "topics"}),
        "not-subbed": ("/ws", {"unsub": "market.btcusdt.bbo"}),
        "not-json": ("/ws", "x"),
    }
    name = row["id"].rpartition(".")[2]
    if name == "timeout":
        return
    bench = Bench(limits=True)
    path, message = causes[name]
    if name == "not-open":
        bench.desk.flags.add("not_open")
    socket = bench.connect(path)
    if name == "429":
        socket.send({"req": "market.btcusdt.detail"})

    (answer,) = socket.send(message)

    assert (answer["err-code"], answer["err-msg"]) == (row["code"], row["text"])


# --- requests


def test_a_connection_may_ask_once_in_a_tenth_of_a_second() -> None:
    bench = Bench(limits=True)
    socket, other = bench.connect(), bench.connect()
    topic = "market.btcusdt.detail"
    assert "rep" in socket.send({"req": topic})[0]
    assert socket.send({"req": topic, "id": 1}) == [error(1, f"429 too many request [{topic}]")]
    assert "rep" in other.send({"req": topic})[0], "each connection counts for itself"

    bench.clock.advance(100 * MS - 1)
    assert "err-msg" in socket.send({"req": topic})[0]
    bench.clock.advance(1)
    assert "rep" in socket.send({"req": topic})[0]


def test_subscriptions_are_not_limited() -> None:
    socket = Bench(limits=True).connect()

    for _ in range(200):
        socket.subscribe("market.btcusdt.kline.1min")


# --- planned faults


@pytest.mark.parametrize("operation", ["sub", "unsub", "req"])
def test_a_planned_fault_takes_the_place_of_an_operation(bench: Bench, operation: str) -> None:
    socket = bench.connect()
    what = {"action": "error", "code": "base-system-error"}
    rule = {"where": {"operation": operation}, "when": {"first": 1}, "what": what}
    faults.plan(bench.simulation, [rule])

    answers = socket.send({operation: "market.btcusdt.detail", "id": 3})

    assert answers == [error(3, "Failed to load data. Try again later.", code="base-system-error")]
    assert socket.send({"sub": "market.btcusdt.kline.1min"})[0]["status"] == "ok"


def test_every_topic_that_a_socket_lists_can_be_subscribed_to(bench: Bench) -> None:
    for name, path in (("market", "/ws"), ("feed", "/feed")):
        spec = VENUE.sockets[name]
        assert spec.channels is not None
        topics = list(spec.channels(bench.desk))
        assert len(topics) == len(set(topics)) == (6 * 23 + 1 if name == "market" else 6 * 7)
        socket = bench.connect(path)
        for topic in topics:
            socket.subscribe(topic)


def test_a_slow_reader_is_dropped_and_slows_nobody(bench: Bench) -> None:
    slow, quick = bench.connect(), bench.connect()
    for socket in (slow, quick):
        socket.subscribe("market.btcusdt.depth.step0")
    for index in range(150):
        bench.rest("buy", f"{100 + index}.17", f"{index + 1}.123456")
    while slow.closing is None:
        bench.rest("buy", "300", "1")
        bench.clock.advance(SECOND)
        quick.messages()
        asked = START_MS + (bench.now_ms - START_MS) // 5_000 * 5_000
        bench.simulation.receive(slow.connection, json.dumps({"pong": asked}))
        assert slow.connection.queued_bytes <= 1_048_576

    assert slow.closing == CloseOrder(1000, "")
    assert (quick.closing, slow.texts()) == (None, []), "what had piled up is thrown away"
