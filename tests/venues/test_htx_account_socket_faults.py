"""The account socket under fault plans, in recordings, and with readers that are too slow (htx§6)."""

from __future__ import annotations

from typing import Any

import pytest
from htx_account_client import AccountSocket
from htx_support import SECOND, Bench
from mockex.fixtures import load

from mockex.operator import faults
from mockex.venues.htx import VENUE
from mockex.wire.connections import CloseOrder

ERRORS = load("htx", "ws/errors")["account"]
CLOSED = CloseOrder(1000, "")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def planned(bench: Bench, operation: str, **what: Any) -> None:
    rule = {"where": {"operation": operation, "socket": "account"}, "when": {"first": 1}, "what": {"action": "error", **what}}
    faults.plan(bench.simulation, [rule])


@pytest.mark.parametrize("code", sorted({row["code"] for row in ERRORS} - {200}))
def test_every_code_of_the_error_table_can_be_planned(bench: Bench, code: int) -> None:
    socket = AccountSocket.of(bench)
    planned(bench, "sub", code=str(code))

    (answer,) = socket.send({"action": "sub", "ch": "orders#*"})

    assert (answer.pop("code"), answer.pop("message")) in {
        (row["code"], row["message"]) for row in ERRORS if row["code"] == code
    }
    assert answer == {"action": "sub", "ch": "orders#*"}
    assert socket.subscribe("orders#*") == []


def test_a_code_of_rest_can_be_planned_too(bench: Bench) -> None:
    socket = AccountSocket.of(bench)
    planned(bench, "sub", code="system-maintenance")
    assert socket.send({"action": "sub", "ch": "orders#*"}) == [
        {"action": "sub", "code": "system-maintenance", "ch": "orders#*", "message": "system is in maintenance"}
    ]


@pytest.mark.parametrize("operation", ["req", "sub", "unsub"])
def test_a_planned_error_of_an_operation_that_was_carried_out_comes_after_its_answer(bench: Bench, operation: str) -> None:
    socket = AccountSocket(bench) if operation == "req" else AccountSocket.of(bench)
    planned(bench, operation, code="500", executed=True)
    sent: dict[str, Any] = {"action": operation, "ch": "orders#*"}
    if operation == "req":
        sent = {"action": "req", "ch": "auth", "params": socket.params()}

    answers = socket.send(sent)

    assert [answer["code"] for answer in answers] == [200, 500]
    assert socket.connection.credential is not None
    assert len(bench.desk.hub) == (operation == "sub")


@pytest.mark.parametrize(("action", "seen"), [("drop", 0), ("duplicate", 2)])
def test_pushes_can_be_lost_and_doubled(bench: Bench, action: str, seen: int) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#*")
    rule = {"where": {"channel": "orders#*"}, "when": {"first": 1}, "what": {"action": action}}
    faults.plan(bench.simulation, [rule])
    for price in ("90", "91"):
        bench.rest("buy", price, who="alice")

    prices = [push["orderPrice"][:2] for push in socket.pushes()]

    assert prices == ["90"] * seen + ["91"]


def test_pushes_can_be_swapped_and_late(bench: Bench) -> None:
    socket = AccountSocket.of(bench, "alice", "orders#btcusdt")
    swap = {"where": {"channel": "orders#btcusdt"}, "when": {"first": 1}, "what": {"action": "reorder"}}
    faults.plan(bench.simulation, [swap])
    for price in ("90", "91"):
        bench.rest("buy", price, who="alice")
    assert [push["orderPrice"][:2] for push in socket.pushes()] == ["91", "90"]

    faults.clear(bench.simulation)
    faults.plan(bench.simulation, [{"where": {"channel": "orders#btcusdt"}, "what": {"action": "delay", "ms": 500}}])
    bench.rest("buy", "92", who="alice")
    assert socket.pushes() == []
    bench.clock.advance(SECOND // 2)
    assert [push["orderPrice"][:2] for push in socket.pushes()] == ["92"]


def test_a_fault_of_one_account_leaves_the_others_pushes_alone(bench: Bench) -> None:
    sockets = [AccountSocket.of(bench, who, "orders#*") for who in ("alice", "bob")]
    faults.plan(bench.simulation, [{"where": {"channel": "orders#*", "account": "alice"}, "what": {"action": "drop"}}])
    bench.trade()
    assert [len(socket.pushes()) for socket in sockets] == [0, 2]


def test_every_topic_that_the_socket_lists_can_be_subscribed_to(bench: Bench) -> None:
    channels = VENUE.sockets["account"].channels
    assert channels is not None
    topics = list(channels(bench.desk))
    assert len(topics) == len(set(topics)) == 7 + 2 * 7 + 3
    socket = AccountSocket.of(bench)
    for topic in topics:
        socket.subscribe(topic)


def test_a_recording_names_topics_in_their_full_form(bench: Bench) -> None:
    bench.desk.recorder.start(lambda: 0)
    AccountSocket.of(bench, "alice", "accounts.update", "trade.clearing#btcusdt", "orders#*")
    entries = bench.desk.recorder.after(0)
    assert [entry["channel"] for entry in entries if entry["kind"] == "subscribed"] == [
        "accounts.update#0",
        "trade.clearing#btcusdt#0",
        "orders#*",
    ]


def test_a_slow_reader_is_dropped_and_slows_nobody(bench: Bench) -> None:
    slow, quick = (AccountSocket.of(bench, "alice", "orders#*") for _ in range(2))
    seen = 0
    while slow.closing is None:
        bench.rest("buy", "90", "0.1", who="alice")
        seen += len(quick.pushes())
        assert slow.connection.queued_bytes <= 1_048_576

    assert slow.closing == CLOSED
    assert quick.closing is None
    assert (slow.frames(), seen > 1_000) == ([], True)
