"""The socket's commands: what is echoed, what is answered, what is an error, and how a connection lives and ends (cs§9)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from coinstore_support import DAY, HOUR, MINUTE, SECOND, START_S, Bench, Socket, by_id
from mockex.fixtures import load

from mockex.wire.connections import CloseOrder

OPERATIONS = {row["id"].rpartition(".")[2]: row for row in load("coinstore", "ws/operations")["exchanges"]}
ERRORS = load("coinstore", "ws/errors")["errors"]
FRAMING = load("coinstore", "ws/framing")
SESSION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch


def open_socket(**settings: Any) -> tuple[Bench, Socket]:
    bench = Bench(**settings)
    return bench, bench.connect()


def as_here(frame: dict[str, Any], socket: Socket, first: int) -> dict[str, Any]:
    """A frame of the fixtures with this session's name, number, pair and time."""
    text = json.dumps(frame).replace("80004", "1").replace('"4"', '"1"')
    text = re.sub(r'"lifeStartTime": \d+', f'"lifeStartTime": {START_S}', text)
    return json.loads(text) | {"S": first + frame["S"], **({"sid": socket.sid} if "sid" in frame else {})}


# --- what was published


def test_the_first_frame_is_number_one_and_names_the_session() -> None:
    bench, socket = open_socket()

    assert socket.established == as_here(OPERATIONS["established"]["server"][0], socket, 0)
    assert list(socket.established) == ["S", "T", "sid", "C", "M"]
    assert SESSION(socket.sid)
    assert bench.connect().sid != socket.sid
    assert Bench().connect().sid == socket.sid, "the same world, the same names"


@pytest.mark.parametrize("name", ["sub", "sub-two", "unsub"])
def test_a_command_is_echoed_and_answered_as_in_the_transcript(name: str) -> None:
    _, socket = open_socket()
    row = OPERATIONS[name]
    request = json.loads(json.dumps(row["client"][0]).replace("80004", "1"))
    first = socket.last + 1 - row["server"][0]["S"]

    frames = socket.send(request)[:2]

    assert frames == [as_here(frame, socket, first) for frame in row["server"]]
    assert [list(frame) for frame in frames] == [list(frame) for frame in row["server"]]


def test_a_list_has_neither_code_nor_slug_and_counts_frames() -> None:
    bench, socket = open_socket()
    socket.subscribe("1@trade")
    bench.clock.advance(5 * SECOND)
    bench.trade()
    bench.clock.advance(SECOND)
    socket.messages()

    echo, answer = socket.send(OPERATIONS["list"]["client"][0])

    sample_echo, sample = OPERATIONS["list"]["server"]
    assert echo["echo"] == sample_echo["echo"]
    assert list(answer) == list(sample)
    (row,) = answer["subs"]
    assert row == sample["subs"][0] | {"name": "1@trade", "instrumentId": "1", "lifeStartTime": START_S, "msgCount": 2}
    assert list(row) == list(sample["subs"][0])


# --- subscriptions


def test_an_id_is_told_in_the_echo_alone_and_any_id_will_do() -> None:
    _, socket = open_socket()

    for request_id in (1, 0, 2**70, "x", None, 1.5, [1], {"a": 1}):
        echo, answer, *_ = socket.send({"op": "SUB", "channel": ["1@trade"], "id": request_id})
        assert json.loads(json.dumps(echo["echo"]["id"], default=str)) in (request_id, str(request_id))
        assert "id" not in answer


@pytest.mark.parametrize("op", ["SUB", "sub", "Sub"])
def test_commands_may_be_in_any_case(op: str) -> None:
    _, socket = open_socket()

    echo, answer, *_ = socket.send({"op": op, "channel": ["1@ticker"], "id": 1})

    assert (echo["echo"]["op"], answer["M"]) == (op, "sub.channel.success")


def test_what_was_unsubscribed_is_not_pushed_and_what_never_was_is_no_error() -> None:
    bench, socket = open_socket()
    socket.subscribe("1@trade", "btcusdt@trade")
    for channels in (["1@trade"], ["1@trade", "2@depth", "nonsense", "spot_asset"]):
        _, answer = socket.send({"op": "UNSUB", "channel": channels, "id": 2})
        assert (answer["C"], answer["M"]) == (200, "unsub.channel.success")
    bench.trade()

    assert [frame["channel"] for frame in socket.wait(SECOND)] == ["btcusdt@trade"]
    assert [row["name"] for row in socket.send({"op": "LIST", "channel": []})[1]["subs"]] == ["btcusdt@trade"]


def test_a_second_subscription_gives_a_fresh_first_frame_and_no_second_push() -> None:
    bench, socket = open_socket()
    socket.subscribe("1@trade")
    (again,) = socket.subscribe("1@trade")
    assert again["data"] == []
    bench.trade()

    assert len(socket.wait(SECOND)) == 1


def test_a_channel_may_be_named_alone_without_a_list() -> None:
    _, socket = open_socket()

    assert socket.send({"op": "SUB", "channel": "1@ticker", "id": 1})[1]["M"] == "sub.channel.success"


# --- errors


@pytest.mark.parametrize("row", **by_id([row for row in ERRORS if row["id"] != "ws/errors.bad-login"]))
def test_a_bad_command_is_answered_as_proposed_and_the_socket_stays(row: dict[str, Any]) -> None:
    bench, socket = open_socket()
    text = row["text"] if "text" in row else json.dumps(row["client"][0]).replace("4@", "1@")

    *echo, answer = [frame for frame in socket.send(text) if "data" not in frame]

    assert len(echo) == (0 if row.get("echo") is False else 1)
    assert (answer["T"], answer["sid"], answer["C"], answer["M"]) == ("resp", socket.sid, row["code"], row["message"])
    if "payload" in row:
        assert answer["payload"] == row["payload"].replace("4@", "1@")
    assert socket.closing is None
    bench.trade()
    assert bool(socket.wait(SECOND)) is (row["id"] == "ws/errors.partly-unknown"), "good channels of the same command stand"


@pytest.mark.parametrize(
    "text", ["", "pong", "ping", "[]", "1", "null", '"x"', "{", b"\xff\xfe", b"", "{'op':'SUB'}", "[" * 60]
)
def test_what_is_no_json_object_is_an_invalid_command_that_is_not_echoed(text: str | bytes) -> None:
    _, socket = open_socket()

    (answer,) = socket.send(text)

    assert (answer["C"], answer["M"], "payload" in answer) == (400, "command.invalid", False)
    assert socket.closing is None


@pytest.mark.parametrize("op", [None, 5, "", "NOPE", [], "PING", "x" * 5_000])
def test_an_unknown_command_is_echoed_and_unsupported(op: object) -> None:
    _, socket = open_socket()

    echo, answer = socket.send({"op": op} if op is not None else {})

    assert echo["echo"] == ({} if op is None else {"op": op})
    assert (answer["C"], answer["M"]) == (400, "op.unsupported")
    assert answer.get("payload", "") == (op[:256] if isinstance(op, str) else "")


CHANNELS = (
    "4@trade", "foousdt@trade", "@trade", "1@", "1", "", "1@trade@1", "1@kline", "1@kline@1min", "1@kline@mon_1", "1@depth@7",
    "1@depth@", "1@depth@20@x", "!@trade", "!@ticker@1", "01x@ticker", "1 @ticker", "9999999999@ticker", "spot_assets",
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in CHANNELS if name != "4@trade"])
def test_an_unknown_channel_fails_and_is_named(name: str) -> None:
    _, socket = open_socket()

    echo, answer = socket.send({"op": "SUB", "channel": [name], "id": 1})

    assert echo["echo"]["channel"] == [{"name": name}]
    assert (answer["C"], answer["M"], answer.get("payload", "")) == (404, "sub.channel.failed", name)


@pytest.mark.parametrize("channel", [None, [], {}, 5, [1], [None], [["1@trade"]], [{"name": "1@trade"}]])
@pytest.mark.parametrize("op", ["SUB", "UNSUB"])
def test_channels_are_a_list_of_texts(op: str, channel: object) -> None:
    _, socket = open_socket()

    echo, answer = socket.send({"op": op, "channel": channel, "id": 1})

    assert echo["echo"]["channel"] == channel
    assert (answer["C"], answer["M"]) == (404, "sub.channel.failed")


# --- requests


def test_a_request_brings_candles_in_ascending_order_behind_its_echo() -> None:
    bench, socket = open_socket()
    for price in ("100", "101", "102"):
        bench.trade(price)
        bench.clock.advance(MINUTE)
    request = {"op": "REQ", "param": {"channel": "1@kline@min_1", "endTime": None, "limit": 200}, "id": 1}

    echo, answer = socket.send(request)

    assert (echo["T"], echo["echo"]) == ("echo", request)
    assert list(answer) == list(load("coinstore", "ws/kline")["request_frames"][0]["frame"])
    assert (answer["T"], answer["channel"], answer["symbol"], answer["instrumentId"]) == (
        "kline",
        "1@kline@min_1",
        "BTCUSDT",
        1,
    )
    assert answer["item"] == bench.get("/api/v1/market/kline/BTCUSDT").data["item"]
    assert len(answer["item"]) == 3


def requested(socket: Socket, **param: object) -> list[str]:
    (_, answer) = socket.send({"op": "REQ", "param": {"channel": "1@kline@min_1", **param}, "id": 1})
    return [item["open"] for item in answer["item"]]


def test_a_requests_end_is_exclusive_and_its_limit_takes_the_newest_before_it() -> None:
    bench, socket = open_socket(start="2024-02-27T09:36:00Z")
    first_s = bench.now_s
    for price in range(100, 105):
        bench.trade(str(price))
        bench.clock.advance(MINUTE)

    assert requested(socket) == ["100", "101", "102", "103", "104"]
    assert requested(socket, endTime=first_s + 180) == ["100", "101", "102"]
    assert requested(socket, endTime=first_s + 180, limit=2) == ["101", "102"]
    assert requested(socket, endTime=first_s) == []
    assert requested(socket, endTime=10**30, limit=1) == ["104"]
    _, answer = socket.send({"op": "REQ", "param": {"channel": "btcusdt@kline@min_1", "endTime": first_s + 180}})
    ids = [(item["firstTradeId"], item["lastTradeId"]) for item in answer["item"]]
    assert ids[-1][1] == bench.get("/api/v1/market/trade/BTCUSDT").data[2]["tradeId"], "ids do not depend on the end"


def test_a_request_brings_two_hundred_candles_at_most() -> None:
    bench, socket = open_socket()
    for _ in range(205):
        bench.trade("100", "0.01")
        socket.wait(MINUTE)

    assert len(requested(socket)) == len(requested(socket, limit=200)) == len(requested(socket, limit=10**6)) == 200


@pytest.mark.parametrize(
    ("param", "error"),
    [
        ({"channel": "1@trade"}, (404, "sub.channel.failed")), ({"channel": "4000@kline@min_1"}, (404, "sub.channel.failed")),
        ({}, (404, "sub.channel.failed")), ({"channel": 5}, (404, "sub.channel.failed")), ([], (404, "sub.channel.failed")),
        ({"channel": "spot_order"}, (404, "sub.channel.failed")), ({"channel": "!@ticker"}, (404, "sub.channel.failed")),
        ({"channel": "1@kline@min_1", "limit": 0}, (400, "param.invalid")),
        ({"channel": "1@kline@min_1", "limit": "5"}, (400, "param.invalid")),
        ({"channel": "1@kline@min_1", "limit": True}, (400, "param.invalid")),
        ({"channel": "1@kline@min_1", "endTime": -1}, (400, "param.invalid")),
        ({"channel": "1@kline@min_1", "endTime": 1.5}, (400, "param.invalid")),
    ],
)  # fmt: skip
def test_a_request_is_for_the_candles_of_a_pair(param: object, error: tuple[int, str]) -> None:
    _, socket = open_socket()

    _, answer = socket.send({"op": "REQ", "param": param, "id": 1})

    assert (answer["C"], answer["M"]) == error


# --- signs of life


def test_a_ping_comes_every_three_minutes_and_is_no_numbered_frame() -> None:
    bench, socket = open_socket()
    for count in (1, 2, 3):
        bench.clock.advance(FRAMING["heartbeat"]["server_ping_ms"] and 3 * MINUTE - 1)
        assert (socket.messages(), socket.pings) == ([], count - 1)
        bench.clock.advance(1)
        assert (socket.messages(), socket.pings) == ([], count)
    assert int(FRAMING["heartbeat"]["server_ping_ms"]) * 10**6 == 3 * MINUTE


def test_without_a_pong_it_ends_after_ten_minutes() -> None:
    bench, socket = open_socket()
    socket.subscribe("1@trade")
    for _ in range(9):
        bench.clock.advance(MINUTE)
        socket.send({"op": "LIST", "channel": []})
    bench.clock.advance(MINUTE - 1)
    assert socket.closing is None
    bench.clock.advance(1)

    assert socket.closing == CloseOrder(FRAMING["heartbeat"]["closes_with"], ""), "other messages are no pongs"
    assert int(FRAMING["heartbeat"]["pong_within_ms"]) * 10**6 == 10 * MINUTE


PONGS = [json.dumps(row["client"]) for row in FRAMING["pongs"] if row["kind"] == "message"]


@pytest.mark.parametrize("pong", ["frame", *PONGS, '{"op":"PONG"}'])
def test_every_form_of_pong_gives_ten_minutes_more_and_is_not_answered(pong: str) -> None:
    bench, socket = open_socket()
    for _ in range(3):
        bench.clock.advance(9 * MINUTE)
        if pong == "frame":
            socket.pong()
        else:
            assert socket.send(pong) == []
        socket.messages()
    bench.clock.advance(10 * MINUTE - 1)
    assert socket.closing is None
    bench.clock.advance(1)
    assert socket.closing == CloseOrder(1000, "")


def test_a_bare_pong_is_no_json_and_gives_nothing() -> None:
    bench, socket = open_socket()
    bench.clock.advance(9 * MINUTE)
    socket.send("pong")
    bench.clock.advance(MINUTE)

    assert socket.closing is not None


def test_no_connection_lives_longer_than_a_day() -> None:
    bench, socket = open_socket()
    socket.wait(DAY - SECOND)
    assert socket.closing is None
    socket.wait(SECOND)

    assert socket.closing == CloseOrder(FRAMING["life"]["closes_with"], "")
    assert int(FRAMING["life"]["longest_ms"]) * 10**6 == DAY
    assert bench.connect().established["S"] == 1, "and the next one counts from one"


def test_nothing_of_a_connection_stays_when_it_is_gone() -> None:
    bench, socket = open_socket()
    socket.logged_in("spot_asset", "spot_order", "!@account", "!@order")
    socket.subscribe("1@trade", "1@kline@min_1", "1@ticker", "!@ticker", "1@depth@5")
    bench.trade()
    bench.simulation.close_connection(socket.connection)
    bench.clock.advance(HOUR)

    assert len(bench.desk.hub) == 0
    assert bench.clock.pending_count == 0


# --- login


def test_a_login_is_echoed_with_everything_and_its_channels_follow() -> None:
    bench, socket = open_socket()

    echo, answer, opening = socket.login("spot_asset")

    sample_echo, sample = OPERATIONS["login"]["server"]
    assert echo["echo"]["channel"] == sample_echo["echo"]["channel"]
    assert (answer["C"], answer["M"], list(answer)) == (sample["C"], sample["M"], list(sample))
    assert opening["T"] == "spot_asset"
    assert bench.simulation.keys["alice"].material.api_key == echo["echo"]["auth"]["token"]


GOOD = {"token": "vector", "type": "apikey", "expires": 1_709_026_598_123}


@pytest.mark.parametrize(
    "auth",
    [
        None, [], {}, {"token": "vector"}, GOOD, GOOD | {"signature": "wrong"}, GOOD | {"signature": "0" * 64},
        GOOD | {"token": "nobody", "signature": "0" * 64}, GOOD | {"expires": "soon", "signature": "0" * 64},
        GOOD | {"expires": None, "signature": "0" * 64}, GOOD | {"expires": [1], "signature": 5},
        {"user-id": 4930, "token": "eb737c84862f3d", "type": "token"}, GOOD | {"expires": "\ud800"},
    ],
)  # fmt: skip
def test_a_login_that_is_wrong_in_any_way_fails_with_one_word(auth: object) -> None:
    bench, socket = open_socket()
    bench.add_credential(api_key="vector", secret="mockex-secret")  # published

    frames = socket.send({"op": "login", "channel": ["spot_asset"], "auth": auth})

    if len(frames) == 1:  # a lone surrogate is no JSON
        assert frames[0]["M"] == "command.invalid"
        return
    assert (frames[1]["C"], frames[1]["M"], len(frames)) == (401, "login.failed", 2)
    assert socket.send({"op": "SUB", "channel": ["spot_asset"]})[1]["C"] == 401


def test_a_login_is_as_old_as_a_request_may_be_and_needs_the_keys_address_and_permission() -> None:
    bench = Bench()
    assert bench.connect().login(expires=bench.now_ms - 30_001)[1]["M"] == "login.failed"
    assert bench.connect().login(expires=bench.now_ms - 30_000)[1]["M"] == "login.success"
    assert bench.connect().login(who="viewer")[1]["M"] == "login.success"
    bench.flag("alice", "login_frozen")
    assert bench.connect().login()[1]["M"] == "login.failed"


def test_unknown_channels_of_a_login_are_told_and_the_good_ones_stand() -> None:
    _, socket = open_socket()

    frames = socket.login("spot_asset", "nonsense", "1@trade")[1:]

    assert [frame.get("M", frame["T"]) for frame in frames] == ["login.success", "sub.channel.failed", "spot_asset", "trade"]


def test_a_failed_login_leaves_the_one_before() -> None:
    bench, socket = open_socket()
    socket.logged_in("spot_order")
    assert socket.login(expires=0)[1]["M"] == "login.failed"
    bench.place_id("BUY", "90", "1")

    assert [frame["T"] for frame in socket.wait(SECOND)] == ["spot_order"]


def test_whoever_logs_in_as_somebody_else_hears_no_more_of_the_one_before() -> None:
    bench, socket = open_socket()
    socket.logged_in("spot_order", "1@trade")
    socket.logged_in(who="bob")
    bench.place_id("BUY", "90", "1")

    assert socket.wait(SECOND) == []
    assert [row["name"] for row in socket.send({"op": "LIST", "channel": []})[1]["subs"]] == ["1@trade"]
    socket.subscribe("spot_order")
    bench.place_id("BUY", "90", "1", who="bob")
    assert len(socket.wait(SECOND)) == 1


def test_a_second_key_of_the_same_account_changes_nothing() -> None:
    bench, socket = open_socket()
    socket.logged_in("spot_order")
    socket.logged_in(who="viewer")
    bench.place_id("BUY", "90", "1")

    assert [frame["T"] for frame in socket.wait(SECOND)] == ["spot_order"]
