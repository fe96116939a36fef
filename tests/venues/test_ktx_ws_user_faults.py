"""The user socket under fault plans, in recordings, and with readers that are too slow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ktx_support import SECOND, Bench
from ktx_user_client import LOGGED_IN, STREAMS, UserSocket, auth, cancel, customer, order, placed

from mockex.operator import faults
from mockex.venues.ktx import VENUE
from mockex.wire.connections import CloseOrder
from mockex.wire.recording import Entry

REFUSED = CloseOrder(1008, "")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def plan(bench: Bench, where: dict[str, Any], **what: Any) -> None:
    """Of what happens there next."""
    faults.plan(bench.simulation, [{"where": where, "when": {"first": 1}, "what": what}])


def statuses(socket: UserSocket) -> list[str]:
    return [row["status"] for row in socket.rows("order")]


# --- pushes


@pytest.mark.parametrize(("action", "seen"), [("drop", 0), ("duplicate", 2)])
@pytest.mark.parametrize("stream", STREAMS)
def test_pushes_can_be_lost_and_doubled(bench: Bench, stream: str, action: str, seen: int) -> None:
    socket = UserSocket.of(bench)
    plan(bench, {"channel": stream, "socket": "user"}, action=action)
    order(bench, "alice", "buy", "0.1", "99990")
    assert [name for name, _ in socket.said()] == [name for name in STREAMS for _ in range(seen if name == stream else 1)]


def test_pushes_can_be_swapped_and_late(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    plan(bench, {"channel": "order"}, action="reorder")
    cancel(bench, "alice", placed(bench, "alice", "buy", "1", "90", symbol="BTC_USDT"))
    assert statuses(socket) == ["cancelled", "accepted"]

    plan(bench, {"channel": "account"}, action="delay", ms=500)
    placed(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")
    assert [name for name, _ in socket.said()] == ["order"]
    bench.wait(SECOND // 2)
    assert [name for name, _ in socket.said()] == ["account"]


def test_a_fault_may_wait_for_what_becomes_of_an_order(bench: Bench) -> None:
    socket = UserSocket.of(bench)
    rule = {"where": {"channel": "order"}, "when": {"state": "order_filled"}, "what": {"action": "drop"}}
    faults.plan(bench.simulation, [rule])
    bench.rest("sell", "100", "2")
    order(bench, "alice", "buy", "1", "100", symbol="BTC_USDT")
    order(bench, "alice", "buy", "2", "100", symbol="BTC_USDT")
    assert statuses(socket) == ["accepted", "accepted", "partial-filled"]


def test_a_fault_of_one_account_leaves_the_others_pushes_alone(bench: Bench) -> None:
    sockets = {who: UserSocket.of(bench, who) for who in ("alice", "bob")}
    faults.plan(bench.simulation, [{"where": {"channel": "*", "account": "alice"}, "what": {"action": "drop"}}])
    order(bench, "alice", "buy", "0.1", "99990")
    order(bench, "bob", "sell", "0.1", "99990")
    assert sockets["alice"].said() == []
    assert len(sockets["bob"].said()) == 4


# --- logins


@pytest.mark.parametrize("code", sorted(VENUE.errors_by_code))
def test_every_code_can_be_planned_for_a_login_and_ends_the_socket_as_its_own_would(bench: Bench, code: str) -> None:
    plan(bench, {"operation": "LOGIN"}, action="error", code=code)
    socket = UserSocket(bench)
    (answer,) = socket.login()
    assert (answer["error"], type(answer["message"])) == (int(code), str)
    assert (socket.closing, socket.is_in) == (REFUSED, False)
    assert UserSocket(bench).login() == [LOGGED_IN]


def test_a_login_that_was_carried_out_all_the_same_stands_in_spite_of_the_error_behind_it(bench: Bench) -> None:
    plan(bench, {"operation": "LOGIN"}, action="error", code="-10001", executed=True)
    socket = UserSocket(bench)
    first, second = socket.login()
    assert (first, second["error"], socket.closing) == (LOGGED_IN, -10001, None)
    order(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")
    assert statuses(socket) == ["accepted"]


def test_a_login_by_headers_can_be_made_to_fail(bench: Bench) -> None:
    plan(bench, {"operation": "LOGIN", "socket": "user"}, action="error", code="-10001")
    socket = UserSocket(bench, headers=auth(bench, text=b""))
    assert [message["error"] for message in socket.messages()] == [-10001]
    assert (socket.closing, socket.is_in) == (REFUSED, False)
    assert UserSocket(bench, headers=auth(bench, text=b"")).is_in


@pytest.mark.parametrize("by_headers", [False, True])
@pytest.mark.parametrize("before", [False, True])
def test_a_login_can_be_cut_off_before_or_after_it_was_carried_out(bench: Bench, before: bool, by_headers: bool) -> None:
    plan(bench, {"operation": "LOGIN"}, action="close", code=4001, reason="go", before=before)
    socket = UserSocket(bench, headers=auth(bench, text=b"") if by_headers else None)
    answers = socket.messages() if by_headers else socket.login()
    assert answers == ([] if before or by_headers else [LOGGED_IN])
    assert socket.closing == CloseOrder(4001, "go")
    assert socket.is_in is not before


def test_a_planned_error_of_anything_else_leaves_the_socket_open(bench: Bench) -> None:
    plan(bench, {"operation": "SUBSCRIBE", "socket": "user"}, action="error", code="-1003")
    socket = UserSocket.of(bench)
    (answer,) = socket.send({"id": 1, "method": "SUBSCRIBE", "params": ["order"]})
    assert (answer["error"], answer["id"], socket.closing) == (-1003, 1, None)


def test_every_stream_that_the_socket_lists_can_be_asked_for(bench: Bench) -> None:
    spec = VENUE.sockets["user"]
    assert spec.channels is not None
    names = list(spec.channels(bench.desk))
    assert names == list(STREAMS)
    answer = UserSocket.of(bench).send({"method": "SUBSCRIBE", "params": names})
    assert answer == [{"result": "success", "op": "SUBSCRIBE", "events": names}]


# --- recordings


def test_a_recording_has_a_login_as_it_came_so_that_its_signature_can_be_judged(bench: Bench) -> None:
    bench.desk.recorder.start(lambda: 0)
    socket = UserSocket.of(bench)

    (entry,) = (entry for entry in bench.desk.recorder.after(0) if entry["kind"] == "in")
    assert json.loads(str(entry["text"])) == {"method": "LOGIN", "auth": auth(bench)}
    assert socket.is_in


def test_a_recording_shows_the_login_its_streams_and_what_was_said(bench: Bench) -> None:
    bench.desk.recorder.start(lambda: 0)
    by_message = UserSocket.of(bench)
    by_headers = UserSocket(bench, headers=auth(bench, "bob", text=b""))
    by_message.send({"method": "UNSUBSCRIBE", "params": ["account"]})
    order(bench, "alice", "buy", "1", "90", symbol="BTC_USDT")
    by_message.connection.note_sent(by_message.connection.drain())

    def shown(entry: Entry) -> tuple[object, ...]:
        return entry["kind"], *(entry[name] for name in ("path", "account", "channel") if name in entry)

    first, second = by_message.connection.connection_id, by_headers.connection.connection_id
    kept = [entry for entry in bench.desk.recorder.after(0) if entry["kind"] != "in"]
    assert [shown(entry) for entry in kept if entry["connection"] == first] == [
        ("open", "/user"), ("login", "alice"), *(("subscribed", name) for name in STREAMS), ("unsubscribed", "account"),
        ("out", "order"),
    ]  # fmt: skip
    assert [shown(entry) for entry in kept if entry["connection"] == second] == [
        ("open", "/user"), ("login", "bob"), *(("subscribed", name) for name in STREAMS),
    ]  # fmt: skip


# --- readers


def test_a_slow_reader_is_dropped_and_slows_nobody(bench: Bench) -> None:
    customer(bench, "dave", "100000000000")
    slow, quick = (UserSocket.of(bench, "dave") for _ in range(2))
    seen = 0
    while slow.closing is None:
        order(bench, "dave", "buy", "0.1", "90", symbol="BTC_USDT")
        seen += len(quick.said())
        assert slow.connection.queued_bytes <= 1_048_576

    assert slow.closing == CloseOrder(1000, "")
    assert quick.closing is None
    assert (slow.messages(), seen > 1_000) == ([], True)
