"""Logging in on the WebSocket: the published signatures, each way to fail, and what follows (okj§11.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import SECOND, Socket, SpotBench, by_id, login_args, signature

from mockex.core.commands import FreezeAccount

LOGIN = load("okcoinjp", "ws/login")
ERRORS = {row["code"]: row for row in load("okcoinjp", "ws/errors")["codes"]}
VECTORS = [vector for vector in load("okcoinjp", "signing")["vectors"] if vector.get("surface") == "websocket"]
KEY, PASSPHRASE = "985d5b66-57ce-40fb-b714-afc0b9787083", "123456"

Args = list[str]


def error(code: int) -> dict[str, Any]:
    return {"event": "error", "message": ERRORS[code]["message"], "errorCode": code}


def send_login(socket: Socket, args: Args) -> list[Any]:
    return socket.send({"op": "login", "args": args})


def seconds(time_ns: int, decimals: int = 3) -> str:
    """Unix seconds as a client prints them."""
    whole, rest = divmod(time_ns, SECOND)
    return f"{whole}.{rest:09d}"[: len(str(whole)) + 1 + decimals] if decimals else str(whole)


def signed(bench: SpotBench, timestamp: str) -> Args:
    return login_args(bench, timestamp=timestamp)


def replaced(position: int, text: str) -> Callable[[SpotBench], Args]:
    def make(bench: SpotBench) -> Args:
        args = login_args(bench)
        args[position] = text
        return args

    return make


# --- good logins


@pytest.mark.parametrize("vector", **by_id(VECTORS))
def test_a_published_signature_logs_in(vector: dict[str, Any]) -> None:
    assert vector["id"] in LOGIN["signing_vectors"]
    bench = SpotBench()
    whole, _, fraction = vector["timestamp"].partition(".")
    bench.clock.advance_to(int(whole) * SECOND + int(fraction.ljust(9, "0")))
    bench.add_credential(api_key=KEY, secret=vector["secret"], passphrase=PASSPHRASE)
    socket = bench.connect()

    assert send_login(socket, [KEY, PASSPHRASE, vector["timestamp"], vector["signature"]]) == [LOGIN["success"]["frame"]]
    assert socket.closing is None


@pytest.mark.parametrize("decimals", range(10))
def test_a_timestamp_may_have_up_to_nine_decimals(decimals: int) -> None:
    bench = SpotBench()

    assert send_login(bench.connect(), signed(bench, seconds(bench.clock.now_ns(), decimals))) == [LOGIN["success"]["frame"]]


@pytest.mark.parametrize(
    ("off_ns", "accepted"), [(30 * SECOND, True), (30 * SECOND + 1, False), (-30 * SECOND, True), (-30 * SECOND - 1, False)]
)
def test_a_login_is_good_for_thirty_seconds_either_way(off_ns: int, accepted: bool) -> None:
    bench = SpotBench()

    (answer,) = send_login(bench.connect(), signed(bench, seconds(bench.clock.now_ns() - off_ns, 9)))

    assert answer == (LOGIN["success"]["frame"] if accepted else error(30008))


def test_a_key_is_known_without_its_dashes() -> None:
    bench = SpotBench()
    args = login_args(bench)

    assert send_login(bench.connect(), [args[0].replace("-", ""), *args[1:]]) == [LOGIN["success"]["frame"]]


def test_further_arguments_are_ignored() -> None:
    bench = SpotBench()

    assert send_login(bench.connect(), [*login_args(bench), "more"]) == [LOGIN["success"]["frame"]]


def test_a_login_opens_the_private_channels_of_its_account_only() -> None:
    bench = SpotBench()
    hers, his = bench.connect(), bench.connect()
    hers.login("alice")
    his.login("bob")
    for socket in (hers, his):
        socket.subscribe("spot/order:BTC-JPY")

    order_id = bench.order("buy", "1", "100", who="alice")

    assert [row["order_id"] for row in hers.rows("spot/order")] == [order_id]
    assert his.rows("spot/order") == []


# --- bad logins


FAULTS: dict[str, tuple[int, Callable[[SpotBench], Args]]] = {
    "ws/login.fault.30001": (30001, replaced(0, "")),
    "ws/login.fault.30002": (30002, replaced(3, "")),
    "ws/login.fault.30004": (30004, replaced(1, "")),
    "ws/login.fault.30005": (30005, lambda bench: signed(bench, "2024-02-15T03:04:05.678Z")),
    "ws/login.fault.30006": (30006, replaced(0, "00000000-0000-0000-0000-000000000000")),
    "ws/login.fault.30008": (30008, lambda bench: signed(bench, seconds(bench.clock.now_ns() - 31 * SECOND))),
    "ws/login.fault.30013": (30013, replaced(3, "7L+zFQ+CEgGu5rzCj4+BdV2/uUHGqddA9pI6ztsRRPs=")),
    "ws/login.fault.30027": (30027, replaced(1, "wrong")),
}


def test_every_fault_of_the_fixture_is_tried() -> None:
    listed = {row["id"]: row["code"] for row in LOGIN["faults"]}

    assert listed == {"ws/login.fault.30042": 30042} | {name: code for name, (code, _) in FAULTS.items()}


@pytest.mark.parametrize("name", FAULTS)
def test_a_failed_login_is_told_why_and_closed(name: str) -> None:
    code, make = FAULTS[name]
    bench = SpotBench()
    socket = bench.connect()

    assert send_login(socket, make(bench)) == [error(code)]

    assert ERRORS[code]["closes"]
    assert socket.closing is not None
    assert send_login(socket, login_args(bench)) == [], "it is too late for a good one"
    assert socket.connection.credential is None


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([], 30039),
        ([""], 30001),
        (["key"], 30002),
        (["key", "", "1", "sign"], 30004),
        (["key", "pass", "", "sign"], 30005),
        (["key", "pass", "soon", "sign"], 30005),
        (["key", "pass", "1e9", "sign"], 30005),
        (["key", "pass", "٣", "sign"], 30005),
        (["key", "pass", "1", "sign"], 30008),
        (["\x00é", "é", "9" * 400, "\x00"], 30005),
    ],
    ids=str,
)
def test_arguments_that_are_missing_or_no_arguments_are_named(args: Args, code: int) -> None:
    (answer,) = send_login(SpotBench().connect(), args)

    assert answer["errorCode"] == code


def test_a_bare_string_is_a_key_without_the_rest() -> None:
    (answer,) = SpotBench().connect().send({"op": "login", "args": "key"})

    assert answer["errorCode"] == 30002


def test_the_documents_example_has_a_timestamp_of_long_ago() -> None:
    (answer,) = SpotBench().connect().send(LOGIN["requests"][1]["frame"])

    assert answer == error(30008)


def test_a_key_that_is_frozen_or_bound_to_another_address_or_of_a_suspended_user_fails_to_log_in() -> None:
    for spoil in ("key", "user", "address"):
        bench = SpotBench()
        bench.simulation.add_key("bound", "alice", allowed_ips=["203.0.113.7"])
        if spoil == "key":
            bench.desk.credentials.freeze(bench.simulation.keys["alice"].material.api_key)
        elif spoil == "user":
            bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))
        who = "bound" if spoil == "address" else "alice"
        socket = bench.connect()

        assert send_login(socket, login_args(bench, who)) == [error(30027)]
        assert socket.closing is not None

    assert send_login(bench.connect(ip="203.0.113.7"), login_args(bench, "bound")) == [LOGIN["success"]["frame"]]


def test_the_signature_covers_get_and_the_verification_path() -> None:
    bench = SpotBench()
    args = login_args(bench)
    material = bench.simulation.keys["alice"].material
    for wrong in (f"{args[2]}/users/self/verify", f"{args[2]}GET/users/self/verify/", f"{args[2]}get/users/self/verify"):
        assert send_login(bench.connect(), [*args[:3], signature(material.secret, wrong)]) == [error(30013)]


# --- once is enough


def test_a_second_login_is_refused_and_the_first_stays() -> None:
    bench = SpotBench()
    socket = bench.connect()
    socket.login()

    assert send_login(socket, login_args(bench, "bob")) == [error(30042)]
    assert send_login(socket, ["", "", "", ""]) == [error(30042)], "whatever it says"

    assert socket.closing is None
    (row,) = socket.subscribe("spot/account:JPY")
    assert row["data"][0]["balance"] == bench.balance("JPY")["balance"]


def test_the_same_key_may_log_in_on_many_sockets() -> None:
    bench = SpotBench()
    for _ in range(3):
        bench.connect().login()
