"""The account socket: login, heartbeat, topics, limits, and what goes wrong with them (htx§1.2, htx§6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from htx_account_client import AccountSocket
from htx_support import HOST, SECOND, START_MS, Bench, by_id
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.operator import keys
from mockex.operator.keys import KeyRequest
from mockex.wire.connections import CloseOrder

OPERATIONS = load("htx", "ws/operations")["account"]
TOPICS = (
    *(f"orders#{symbol}" for symbol in ("*", "btcusdt", "ethbtc")),
    *(f"trade.clearing#{symbol}#{mode}" for symbol in ("*", "btcusdt") for mode in (0, 1)),
    *(f"accounts.update#{mode}" for mode in (0, 1, 2)),
)
LOGGED_IN = {"action": "req", "code": 200, "ch": "auth", "data": {}}
CLOSED = CloseOrder(1000, "")


def failed_login(code: int = 2002, message: str = "auth.fail") -> dict[str, Any]:
    return {"action": "req", "code": code, "ch": "auth", "message": message}


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- examples


@pytest.mark.parametrize("example", **by_id(OPERATIONS))
def test_an_exchange_of_the_document_goes_as_printed(example: dict[str, Any]) -> None:
    """The vector's key, at the vector's time."""
    bench = Bench(start="2024-01-02T03:04:05Z")
    bench.add_credential(api_key="mockkey-0001", secret="mocksecret-0001")
    socket = AccountSocket(bench)
    if example["client"][0]["ch"] != "auth" and not example["id"].endswith("before-login"):
        socket.login()

    (sent,) = example["client"]
    first, *_ = socket.send(sent)

    (expected,) = example["server"]
    assert first == expected
    assert list(first) == list(expected)


def test_there_is_no_socket_for_order_entry(bench: Bench) -> None:
    for path in ("/ws/trade", "/api/ws/trade", "/ws/v2/", "/WS/v2"):
        assert bench.simulation.socket_for(path) is None


# --- login


@pytest.mark.parametrize("path", ["/ws/v2", "/api/ws/v2"])
@pytest.mark.parametrize("host", [HOST, "api-aws.huobi.pro", "api.htx.com", "127.0.0.1:8080", "127.0.0.1"])
def test_any_host_that_a_client_may_mean_can_be_signed(bench: Bench, path: str, host: str) -> None:
    socket = AccountSocket(bench, path=path, host="127.0.0.1:8080")
    assert socket.login(host=host, path=path) == [LOGGED_IN]


def test_a_client_that_signs_the_whole_url_over_plain_ws_is_let_in(bench: Bench) -> None:
    socket = AccountSocket(bench, host="127.0.0.1:8080")
    assert socket.login(path="ws://127.0.0.1:8080/ws/v2") == [LOGGED_IN]


def test_other_fields_of_a_login_are_passed_over(bench: Bench) -> None:
    """The vendor's SDK repeats the fields at the top."""
    socket = AccountSocket(bench)
    params = socket.params()
    assert socket.send({"action": "req", "ch": "auth", "params": {**params, "more": [1]}, **params, "cid": 7}) == [LOGGED_IN]


@pytest.mark.parametrize(
    "how",
    [
        {"host": "api.example.com"},
        {"path": "/ws"},
        {"timestamp": "2024-02-15T02:59:04"},
        {"timestamp": "2024-02-15T03:09:07"},
        {"timestamp": "2024-02-15T03:04:05Z"},
        {"timestamp": "1707966245678"},
        {"accessKey": "nobody"},
        {"signatureMethod": "HmacSHA1"},
        {"signatureVersion": "2"},
    ],
    ids=str,
)
def test_a_login_that_is_wrong_fails_and_the_connection_ends(bench: Bench, how: dict[str, str]) -> None:
    socket = AccountSocket(bench)
    assert socket.login(**how) == [failed_login()]
    assert socket.closing == CLOSED
    assert socket.connection.credential is None


@pytest.mark.parametrize("at", ["2024-02-15T02:59:06", "2024-02-15T03:09:05"])
def test_a_timestamp_may_be_five_minutes_off(bench: Bench, at: str) -> None:
    assert AccountSocket(bench).login(timestamp=at) == [LOGGED_IN]


@pytest.mark.parametrize("name", ["accessKey", "signatureMethod", "signatureVersion", "timestamp", "signature"])
@pytest.mark.parametrize("value", [None, "", 7, {}])
def test_a_login_without_one_of_its_fields_is_told_so_and_may_try_again(bench: Bench, name: str, value: object) -> None:
    socket = AccountSocket(bench)
    params: dict[str, object] = {**socket.params(), name: value}
    if value is None:
        del params[name]

    assert socket.send({"action": "req", "ch": "auth", "params": params}) == [failed_login(2001, "missing.param.auth")]
    assert socket.closing is None
    assert socket.login() == [LOGGED_IN]


@pytest.mark.parametrize("params", [None, [], "x", 1])
def test_a_login_whose_parameters_are_no_object_has_none(bench: Bench, params: object) -> None:
    sent = {"action": "req", "ch": "auth", "params": params}
    assert AccountSocket(bench).send(sent) == [failed_login(2001, "missing.param.auth")]


def test_a_key_of_other_addresses_is_refused_by_its_own_name(bench: Bench) -> None:
    keys.create_key(bench.simulation, "alice", KeyRequest(name="office", allowed_ips=("10.0.0.1",)))
    at_home, at_work = AccountSocket(bench), AccountSocket(bench, ip="10.0.0.1")
    assert at_home.login("office") == [failed_login(2000, "invalid.ip")]
    assert at_home.closing == CLOSED
    assert at_work.login("office") == [LOGGED_IN]


def test_a_key_must_be_able_to_read(bench: Bench) -> None:
    keys.create_key(bench.simulation, "alice", KeyRequest(name="trader", permissions=("trade",)))
    assert AccountSocket(bench).login("trader") == [failed_login()]
    assert AccountSocket(bench).login("viewer") == [LOGGED_IN]


def test_a_frozen_key_is_let_in_nowhere(bench: Bench) -> None:
    keys.set_frozen(bench.simulation, "alice", frozen=True)
    assert AccountSocket(bench).login() == [failed_login()]


def test_a_second_login_is_refused_and_changes_nothing(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#*")
    assert socket.login("bob") == [failed_login(message="invalid.auth.state")]
    assert socket.closing is None
    bench.rest("buy", "90", who="bob")
    assert socket.pushes() == []


def test_the_eleventh_connection_of_a_key_is_one_too_many() -> None:
    bench = Bench(limits=True)
    sockets = [AccountSocket(bench, ip=f"10.0.0.{number}") for number in range(12)]
    assert [socket.login() for socket in sockets[:10]] == [[LOGGED_IN]] * 10

    assert sockets[10].login() == [failed_login(4000, "too.many.connection")]
    assert sockets[10].closing == CLOSED
    assert AccountSocket(bench).login("bob") == [LOGGED_IN], "of another key"

    bench.simulation.close_connection(sockets[3].connection)
    assert sockets[11].login() == [LOGGED_IN], "once one has gone"


# --- keys and accounts while connected


@pytest.mark.parametrize("how", ["deleted", "frozen"])
def test_a_key_that_has_gone_ends_its_connection_at_the_next_word(bench: Bench, how: str) -> None:
    socket, other = AccountSocket.of(bench, "alice", "orders#*"), AccountSocket.of(bench, "bob", "orders#*")
    if how == "deleted":
        keys.remove_key(bench.simulation, "alice")
    else:
        keys.set_frozen(bench.simulation, "alice", frozen=True)

    assert socket.send({"action": "sub", "ch": "orders#btcusdt"}) == [
        {"action": "sub", "code": 2002, "ch": "orders#btcusdt", "message": "invalid.auth.state"}
    ]
    assert socket.closing == CLOSED
    assert other.subscribe("orders#btcusdt") == []


def test_a_key_that_has_gone_ends_its_connection_at_the_next_ping(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#*")
    keys.remove_key(bench.simulation, "alice")
    bench.clock.advance(20 * SECOND - 1)
    assert socket.closing is None

    bench.clock.advance(1)

    assert socket.frames() == []
    assert socket.closing == CLOSED


def test_a_frozen_account_goes_on_reading(bench: Bench) -> None:
    order_id = bench.rest("buy", "90", who="alice")
    socket = AccountSocket.of(bench, "alice", "orders#*")
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))

    bench.rest("sell", "90", who="bob")

    assert [push["orderId"] for push in socket.pushes()] == [order_id]
    assert AccountSocket(bench).login() == [LOGGED_IN]


# --- heartbeat


def test_nothing_is_asked_before_the_login_was_answered(bench: Bench) -> None:
    socket = AccountSocket(bench)
    bench.clock.advance(3_600 * SECOND)
    assert socket.frames() == []
    assert socket.closing is None

    assert socket.login() == [LOGGED_IN]


def test_a_ping_comes_every_20_seconds_from_the_login_on(bench: Bench) -> None:
    socket = AccountSocket.of(bench)
    times = []
    for _ in range(5):
        bench.clock.advance(20 * SECOND)
        (ping,) = socket.frames()
        times.append(ping["data"]["ts"])
        assert ping == {"action": "ping", "data": {"ts": times[-1]}}
        assert socket.send({"action": "pong", "data": {"ts": times[-1]}}) == [], "a pong gets no answer"

    assert times == [START_MS + 20_000 * beat for beat in range(1, 6)]
    assert socket.closing is None


def test_60_seconds_after_a_ping_without_a_pong_the_connection_ends(bench: Bench) -> None:
    socket = AccountSocket.of(bench)
    bench.clock.advance(80 * SECOND - 1)
    assert len(socket.frames()) == 3
    assert socket.closing is None

    bench.clock.advance(1)

    assert socket.frames() == []
    assert socket.closing == CLOSED


@pytest.mark.parametrize("pong", [{"ts": 1}, {"ts": None}, {}, None, [], {"ts": "1707966265678"}])
def test_a_pong_for_nothing_that_was_asked_keeps_nobody_alive(bench: Bench, pong: object) -> None:
    socket = AccountSocket.of(bench)
    for _ in range(4):
        bench.clock.advance(20 * SECOND)
        bench.simulation.receive(socket.connection, json.dumps({"action": "pong", "data": pong}))
    assert socket.closing == CLOSED


def test_a_clients_own_ping_is_answered_with_its_data(bench: Bench) -> None:
    for socket in (AccountSocket(bench), AccountSocket.of(bench)):
        assert socket.send({"action": "ping", "data": {"ts": 18}}) == [{"action": "pong", "data": {"ts": 18}}]


# --- topics


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_acknowledged_exactly_as_it_was_named_and_given_back(bench: Bench, topic: str) -> None:
    socket = AccountSocket.of(bench)
    socket.subscribe(topic)
    assert socket.send({"action": "unsub", "ch": topic}) == [{"action": "unsub", "code": 200, "ch": topic, "data": {}}]
    assert len(bench.desk.hub) == 0


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("orders#2ltcusdt", "invalid.symbol"),
        ("orders#", "invalid.symbol"),
        ("orders#BTCUSDT", "invalid.symbol"),
        ("orders", "invalid.ch"),
        ("orders#btcusdt#0", "invalid.ch"),
        ("Orders#btcusdt", "invalid.ch"),
        ("trade.clearing", "invalid.ch"),
        ("trade.clearing#btcusdt#2", "invalid.ch"),
        ("trade.clearing#nothing#1", "invalid.symbol"),
        ("trade.clearing#btcusdt#1#", "invalid.ch"),
        ("accounts.update#3", "invalid.ch"),
        ("accounts.update#", "invalid.ch"),
        ("accounts.update#0#0", "invalid.ch"),
        ("accounts", "invalid.ch"),
        ("auth", "invalid.ch"),
        ("", "invalid.ch"),
        ("market.btcusdt.bbo", "invalid.ch"),
        ("orders#" + "x" * 5_000, "invalid.symbol"),
    ],
)
@pytest.mark.parametrize("action", ["sub", "unsub"])
def test_a_topic_that_is_not_offered_is_refused(bench: Bench, action: str, topic: str, message: str) -> None:
    socket = AccountSocket.of(bench)
    assert socket.send({"action": action, "ch": topic}) == [
        {"action": action, "code": 2001, "ch": topic[:256], "message": message}
    ]
    assert socket.closing is None


@pytest.mark.parametrize("topic", ["orders#btcusdt", "nonsense"])
def test_nothing_can_be_subscribed_to_before_the_login(bench: Bench, topic: str) -> None:
    refused = [{"action": "sub", "code": 2002, "ch": topic, "message": "invalid.auth.state"}]
    assert AccountSocket(bench).send({"action": "sub", "ch": topic}) == refused


def test_a_topic_that_was_not_subscribed_to_is_given_back_all_the_same(bench: Bench) -> None:
    sent = {"action": "unsub", "ch": "accounts.update"}
    assert AccountSocket.of(bench).send(sent) == [{"action": "unsub", "code": 200, "ch": "accounts.update#0", "data": {}}]


def test_clearing_without_a_mode_is_told_under_the_name_that_was_asked_for(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "trade.clearing#btcusdt", "trade.clearing#btcusdt#0")
    bench.trade()
    assert [message["ch"] for message in socket.messages()] == ["trade.clearing#btcusdt", "trade.clearing#btcusdt#0"]


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("{", {"action": "error", "code": 2001, "message": "invalid.json"}),
        ("", {"action": "error", "code": 2001, "message": "invalid.json"}),
        (b"\xff\x00", {"action": "error", "code": 2001, "message": "invalid.json"}),
        ([1], {"action": "error", "code": 2001, "message": "invalid.json"}),
        ("ping", {"action": "error", "code": 2001, "message": "invalid.json"}),
        ({}, {"action": "error", "code": 2001, "message": "invalid.action"}),
        (
            {"action": "subscribe", "ch": "orders#*"},
            {"action": "error", "code": 2001, "ch": "orders#*", "message": "invalid.action"},
        ),
        ({"action": ["sub"], "ch": 3}, {"action": "error", "code": 2001, "message": "invalid.action"}),
        ({"sub": "orders#*"}, {"action": "error", "code": 2001, "message": "invalid.action"}),
        ({"action": "sub"}, {"action": "sub", "code": 2001, "message": "invalid.ch"}),
        ({"action": "sub", "ch": ["orders#*"]}, {"action": "sub", "code": 2001, "message": "invalid.ch"}),
        (
            {"action": "req", "ch": "accounts.list"},
            {"action": "req", "code": 2001, "ch": "accounts.list", "message": "invalid.ch"},
        ),
    ],
)
def test_a_mistake_is_told_with_its_cause(bench: Bench, message: object, answer: dict[str, Any]) -> None:
    socket = AccountSocket.of(bench)
    assert socket.send(message) == [answer]
    assert socket.closing is None


# --- limits


def test_one_connection_may_make_50_requests_a_second() -> None:
    bench = Bench(limits=True)
    socket = AccountSocket.of(bench)  # the login is one of them
    for _ in range(49):
        assert socket.send({"action": "unsub", "ch": "orders#*"})[0]["code"] == 200

    assert socket.send({"action": "unsub", "ch": "orders#*"}) == [
        {"action": "unsub", "code": 4000, "ch": "orders#*", "message": "too.many.request"}
    ]
    assert socket.send("{") == [{"action": "error", "code": 4000, "message": "too.many.request"}]
    bench.clock.advance(SECOND)
    assert socket.send({"action": "unsub", "ch": "orders#*"})[0]["code"] == 200


def test_one_address_may_make_100_requests_a_second() -> None:
    bench = Bench(limits=True)
    sockets = [AccountSocket.of(bench) for _ in range(3)]
    answers = [sockets[number % 3].send({"action": "unsub", "ch": "orders#*"})[0]["code"] for number in range(98)]

    assert answers == [200] * 97 + [4000]
    elsewhere = AccountSocket(bench, ip="10.0.0.9")
    assert elsewhere.login() == [LOGGED_IN]


def test_pongs_count_for_no_limit() -> None:
    bench = Bench(limits=True)
    socket = AccountSocket.of(bench)
    for _ in range(60):
        assert socket.send({"action": "pong", "data": {"ts": 1}}) == []
    assert socket.subscribe("orders#*") == []
