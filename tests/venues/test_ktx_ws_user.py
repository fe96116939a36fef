"""The user socket: where it is, its two logins, what may be asked on it, and what ends it (ktx§3, ktx§9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from ktx_support import MS, SECOND, Bench, by_id, signature
from ktx_user_client import LOGGED_IN, STREAMS, VERIFY, UserSocket, auth, order, placed
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.wire.connections import CloseOrder
from mockex.wire.credentials import Permission

OPERATIONS = load("ktx", "ws/operations")["exchanges"]
ERRORS = load("ktx", "ws/errors")["errors"]
VECTORS = {vector["id"]: vector for vector in load("ktx", "signing")["vectors"]}
FRAMING = load("ktx", "ws/framing")
REFUSED = CloseOrder(1008, "")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def flows(socket: UserSocket, who: str = "alice") -> bool:
    """Whether what that account does is told."""
    socket.messages()
    order(socket.bench, who, "buy", "1", "90", symbol="BTC_USDT")
    return [stream for stream, _ in socket.said()] == ["order", "account"]


# --- a LOGIN


@pytest.mark.parametrize("row", **by_id([row for row in OPERATIONS if row.get("surface") == "user" and "vector" in row]))
def test_a_published_login_gets_its_answer(bench: Bench, row: dict[str, Any]) -> None:
    vector = VECTORS[row["vector"]]
    bench.add_credential(api_key=vector["key"], secret=vector["secret"])
    socket = UserSocket(bench)

    assert socket.send(row["client"][0]) == row["server"]
    assert flows(socket)


@pytest.mark.parametrize("profile", ["gen1", "gen2"])
def test_both_generations_sign_the_same_login(profile: str) -> None:
    assert UserSocket(Bench(profile=profile)).login() == [LOGGED_IN]


def test_after_the_login_everything_flows_without_being_asked_for_and_nothing_comes_before_a_change(bench: Bench) -> None:
    order(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")
    socket = UserSocket.of(bench)
    assert socket.wait(20 * SECOND) == []
    assert flows(socket)


@pytest.mark.parametrize("row", **by_id([row for row in ERRORS if row.get("surface") == "user"]))
def test_a_bad_request_is_told_and_a_bad_login_ends_the_socket(bench: Bench, row: dict[str, Any]) -> None:
    bench.add_credential(api_key=VECTORS["signing.login-b"]["key"], secret=VECTORS["signing.login-b"]["secret"])
    socket = UserSocket(bench)

    (answer,) = socket.send(row["client"][0])

    assert (answer.get("id"), answer["error"]) == (row.get("echo"), row["error"])
    assert type(answer["message"]) is str
    assert socket.closing == (CloseOrder(row["closes_with"], "") if "closes_with" in row else None)
    assert not socket.is_in


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"api-sign": "0" * 64}, -21008),
        ({"api-sign": ""}, -21005),
        ({"api-key": ""}, -21005),
        ({"api-key": "f" * 40}, -21006),
        ({"api-key": "\u00e9"}, -21006),
        ({"api-sign": "\u00e9"}, -21008),
        ({"api-expire-time": "1733390630903"}, -20005),
        ({"api-expire-time": 1733390630903}, -20005),
        ({"api-expire-time": "soon"}, -21006),
    ],
)
def test_a_login_that_fails_is_told_and_ends_the_socket(bench: Bench, changes: dict[str, Any], code: int) -> None:
    socket = UserSocket(bench)
    (answer,) = socket.login(**changes)
    assert answer["error"] == code
    assert socket.closing == REFUSED
    assert not flows(socket)


@pytest.mark.parametrize("expires", ["1733390630904", 1733390635904])
def test_a_login_may_name_a_time_of_expiry(bench: Bench, expires: str | int) -> None:
    assert UserSocket(bench).login(**{"api-expire-time": expires}) == [LOGGED_IN]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, -1002),
        ({"auth": None}, -1002),
        ({"auth": []}, -1003),
        ({"auth": "x"}, -1003),
        ({"auth": {}}, -1002),
        ({"auth": {"api-key": "x"}}, -1002),
        ({"auth": {"api-key": "x", "api-sign": 1}}, -1003),
        ({"auth": {"api-key": ["x"], "api-sign": "y"}}, -1003),
        ({"auth": {"api-key": "x", "api-sign": "y", "api-expire-time": True}}, -1003),
    ],
)
def test_what_is_no_login_at_all_leaves_the_socket_open(bench: Bench, sent: dict[str, Any], code: int) -> None:
    socket = UserSocket(bench)
    (answer,) = socket.send({"id": 5, "method": "LOGIN", **sent})
    assert (answer["id"], answer["error"], socket.closing) == (5, code, None)
    assert socket.login() == [LOGGED_IN]


@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        ({Permission.READ}, True),
        ({Permission.TRADE}, True),
        ({Permission.WITHDRAW}, False),
    ],
)
def test_either_permission_will_do(bench: Bench, permissions: set[Permission], may: bool) -> None:
    bench.simulation.add_key("some", "alice", permissions=frozenset(permissions))
    socket = UserSocket(bench)
    (answer,) = socket.login("some")
    assert answer == LOGGED_IN if may else answer["error"] == -20008
    assert socket.closing == (None if may else REFUSED)


def test_a_key_bound_to_an_address_logs_in_from_there_alone(bench: Bench) -> None:
    bench.simulation.add_key("bound", "alice", allowed_ips=["10.0.0.1"])
    assert UserSocket(bench, ip="10.0.0.1").login("bound") == [LOGGED_IN]
    (answer,) = UserSocket(bench).login("bound")
    assert answer["error"] == -20008


def test_a_second_login_makes_the_socket_the_newer_keys(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    assert socket.login("bob") == [LOGGED_IN]
    assert flows(socket, "bob")
    assert not flows(socket, "alice")

    assert socket.login("bob") == [LOGGED_IN]
    assert flows(socket, "bob")

    (answer,) = socket.login("alice", **{"api-sign": "0"})
    assert (answer["error"], socket.closing) == (-21008, REFUSED)


def test_whoever_does_not_log_in_within_ten_seconds_is_let_go(bench: Bench) -> None:
    socket = UserSocket(bench)
    socket.wait(10 * SECOND - 1)
    assert socket.closing is None
    socket.wait(1)
    assert socket.closing == REFUSED


# --- the headers of the upgrade


@pytest.mark.parametrize(("query", "signed"), [("", b""), ("", VERIFY), ("a=1&b=%20", b"a=1&b=%20"), ("a=1", VERIFY)])
def test_an_upgrade_that_signs_its_query_or_the_text_of_a_login_is_logged_in(bench: Bench, query: str, signed: bytes) -> None:
    socket = UserSocket(bench, query=query, headers=auth(bench, text=signed))
    assert socket.messages() == []
    assert socket.is_in
    assert flows(socket)
    socket.wait(20 * SECOND)
    assert socket.closing is None


def test_the_published_vector_of_an_upgrade_logs_in(bench: Bench) -> None:
    vector = VECTORS["signing.upgrade-verify"]
    bench.add_credential(api_key=vector["key"], secret=vector["secret"])
    socket = UserSocket(bench, headers={"api-key": vector["key"], "api-sign": vector["signature"]})
    assert socket.is_in


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"api-sign": "0" * 64}, -21008),
        ({"api-sign": None}, -21004),
        ({"api-key": None}, -21004),
        ({"api-sign": ""}, -21005),
        ({"api-key": "f" * 40}, -21006),
        ({"api-expire-time": "1733390630903"}, -20005),
        ({"api-expire-time": "1733390630904"}, 0),
        ({"api-expire-time": "x"}, -21006),
    ],
)
def test_headers_that_are_wrong_end_the_socket_with_their_error(
    bench: Bench, changes: dict[str, str | None], code: int
) -> None:
    headers = {name: value for name, value in {**auth(bench, text=b""), **changes}.items() if value is not None}
    socket = UserSocket(bench, headers=headers)
    assert [message["error"] for message in socket.messages()] == ([code] if code else [])
    assert socket.closing == (REFUSED if code else None)
    assert socket.is_in is not bool(code)


@pytest.mark.parametrize("signed", [b"", VERIFY])
def test_in_the_second_generation_an_upgrade_signs_its_time_of_expiry_too(signed: bytes) -> None:
    bench = Bench(profile="gen2")
    expires = str(bench.now_ms + 5_000)

    def opened(text: bytes, **more: str) -> UserSocket:
        return UserSocket(bench, headers={**auth(bench, text=text), **more})

    assert opened(expires.encode() + signed, **{"api-expire-time": expires}).is_in
    assert [each["error"] for each in opened(signed, **{"api-expire-time": expires}).messages()] == [-12101]
    assert [each["error"] for each in opened(signed).messages()] == [-21004]


def test_whoever_was_logged_in_by_headers_may_still_log_in(bench: Bench) -> None:
    socket = UserSocket(bench, headers=auth(bench, text=b""))
    assert socket.login("bob") == [LOGGED_IN]
    assert flows(socket, "bob")


# --- what may be asked


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/user", ""),
        ("/", "ktx-user.ktx.com"),
        ("/", "user-wss.ktx360.com"),
        ("/", "USER-WSS.KTX360.COM:8443"),
    ],
)
def test_the_socket_is_at_a_path_of_its_own_and_at_the_root_of_its_hosts(bench: Bench, path: str, host: str) -> None:
    assert UserSocket(bench, path=path, host=host).login() == [LOGGED_IN]


@pytest.mark.parametrize("logged_in", [False, True])
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("[1]", -1000),
        ("{", -1000),
        (b"\xff\x00", -1000),
        ({"id": 3}, -1002),
        ({"id": 3, "method": ""}, -1002),
        ({"id": 3, "method": 7}, -1001),
        ({"id": 3, "method": "login"}, -1001),
        ({"id": 3, "method": "PLACE"}, -1001),
    ],
)
def test_a_frame_that_is_no_request_is_told(bench: Bench, sent: Any, code: int, logged_in: bool) -> None:
    socket = UserSocket.of(bench) if logged_in else UserSocket(bench)
    (answer,) = socket.send(sent)
    assert (answer.get("id"), answer["error"]) == (3 if isinstance(sent, dict) else None, code)
    assert socket.closing is None


@pytest.mark.parametrize("method", ["SUBSCRIBE", "UNSUBSCRIBE"])
@pytest.mark.parametrize("params", [["order"], ["nothing"], [], None])
def test_before_the_login_nothing_else_may_be_asked(bench: Bench, method: str, params: list[str] | None) -> None:
    socket = UserSocket(bench)
    (answer,) = socket.send({"id": 1, "method": method, "params": params})
    assert (answer["id"], answer["error"]) == (1, -20008)
    assert socket.closing is None


@pytest.mark.parametrize("method", ["SUBSCRIBE", "UNSUBSCRIBE"])
@pytest.mark.parametrize(
    ("params", "code"),
    [
        (None, -1002),
        ([], -1002),
        ("order", -1003),
        ([1], -1003),
        (["order", "orders"], -1003),
        (["spot.BTC_USDT.ticker"], -1003),
    ],
)
def test_only_the_three_streams_can_be_asked_for(bench: Bench, method: str, params: Any, code: int) -> None:
    socket = UserSocket.of(bench)
    (answer,) = socket.send({"method": method, "params": params})
    assert answer["error"] == code
    assert flows(socket)


def test_streams_may_be_left_and_asked_for_again(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    answer = {"result": "success", "op": "SUBSCRIBE", "id": 1, "events": list(STREAMS)}
    assert socket.send({"id": 1, "method": "SUBSCRIBE", "params": list(STREAMS)}) == [answer]
    assert flows(socket)

    assert socket.send({"method": "UNSUBSCRIBE", "params": ["account"]}) == [
        {"result": "success", "op": "UNSUBSCRIBE", "events": ["account"]}
    ]
    placed(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")
    assert [stream for stream, _ in socket.said()] == ["order"]

    socket.send({"method": "SUBSCRIBE", "params": ["account"]})
    assert flows(socket)


# --- signs of life


@pytest.mark.parametrize("row", **by_id(FRAMING["pings"]))
def test_a_ping_of_text_is_answered_with_its_number_before_the_login_too(bench: Bench, row: dict[str, Any]) -> None:
    (answer,) = UserSocket(bench).send(row["client"])
    assert answer == {"pong": Decimal(str(row["server"]["pong"]))}


def test_a_socket_that_gives_no_sign_of_life_is_closed_after_half_a_minute(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    (idle_ms,) = [int(row["closes_after_ms"]) for row in FRAMING["idle"] if row["surface"] == "user"]
    socket.wait(idle_ms * MS - 1)
    placed(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")  # what the venue says is no sign of the client's life
    assert socket.closing is None
    socket.wait(1)
    assert socket.closing == CloseOrder(1000, "")


@pytest.mark.parametrize("sign", ["ping frame", "pong frame", "text"])
def test_any_ping_keeps_the_socket_open(bench: Bench, sign: str) -> None:
    socket = UserSocket.of(bench)
    for _ in range(3):
        socket.wait(29 * SECOND)
        match sign:
            case "ping frame":
                bench.simulation.receive_ping(socket.connection)
            case "pong frame":
                bench.simulation.receive_pong(socket.connection)
            case _:
                socket.send({"ping": 1.5})
    assert socket.closing is None
    socket.wait(30 * SECOND)
    assert socket.closing is not None


# --- keys that are no more


@pytest.mark.parametrize("way", ["deleted", "frozen"])
@pytest.mark.parametrize("sign", ["request", "text ping", "ping frame", "pong frame"])
def test_a_socket_ends_with_the_next_sign_of_a_client_whose_key_is_gone(bench: Bench, way: str, sign: str) -> None:
    socket = UserSocket.of(bench)
    api_key = bench.simulation.keys["alice"].material.api_key
    if way == "deleted":
        bench.desk.credentials.remove(api_key)
    else:
        bench.desk.credentials.freeze(api_key)
    assert socket.closing is None

    answers = []
    match sign:
        case "request":
            answers = socket.send({"id": 1, "method": "SUBSCRIBE", "params": ["order"]})
        case "text ping":
            answers = socket.send({"ping": 1})
        case "ping frame":
            bench.simulation.receive_ping(socket.connection)
        case _:
            bench.simulation.receive_pong(socket.connection)

    assert [answer["error"] for answer in answers] == ([] if sign.endswith("frame") else [-20008])
    assert socket.closing == REFUSED


def test_nobody_logs_in_with_a_frozen_key(bench: Bench) -> None:
    bench.desk.credentials.freeze(bench.simulation.keys["alice"].material.api_key)
    (answer,) = UserSocket(bench).login()
    assert answer["error"] == -21006


def test_a_frozen_account_goes_on_reading(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    order(bench, "alice", "sell", "1", "90", symbol="BTC_USDT")
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))
    socket.messages()
    order(bench, "bob", "buy", "1", "90", symbol="BTC_USDT")
    assert [stream for stream, _ in socket.said()] == ["order", "account", "account"]


def test_the_market_socket_knows_no_login(bench: Bench) -> None:
    socket = bench.connect()
    (answer,) = socket.send({"id": 1, "method": "LOGIN", "auth": auth(bench)})
    assert answer["error"] == -1001


def test_the_users_own_secret_never_crosses_the_line(bench: Bench) -> None:
    secret = bench.simulation.keys["alice"].material.secret
    bench.desk.recorder.start(lambda: 0)
    UserSocket(bench, query="a=1", headers=auth(bench, text=b"a=1"))
    socket = UserSocket(bench)
    socket.login("alice", **{"api-sign": signature("x", VERIFY)})
    assert secret not in str(bench.desk.recorder.after(0))
