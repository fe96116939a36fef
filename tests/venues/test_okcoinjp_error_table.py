"""Every error code of the venue: its row, its reply when it is asked for, and that nothing is without one (okj§5)."""

from __future__ import annotations

from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import ORDERS, SPOT, SpotBench, by_id

from mockex.core.rejects import RejectReason
from mockex.operator import service
from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.errors import ERRORS_BY_CODE, OkFault
from mockex.wire.faults import FaultKind
from mockex.wire.messages import WireRequest

ERRORS = load("okcoinjp", "errors")
CODES = [row for row in ERRORS["codes"] if row["code"] != 0]
PLAIN_CAPTURED = [row for row in CODES if row["provenance"] == "captured" and "{" not in row["message"]]
ORDER_CODES = [row for row in CODES if 33_000 <= row["code"] < 34_000 or row["code"] == 30_038]
ACCOUNTS = f"{SPOT}/accounts"

Row = dict[str, Any]


def plan(bench: SpotBench, code: str, **more: Any) -> None:
    service.plan_fault(bench.simulation, code=code, **more)


def test_the_table_has_the_documents_codes_and_no_other() -> None:
    assert set(ERRORS_BY_CODE) == {str(row["code"]) for row in CODES}
    assert {code: error.code for code, error in ERRORS_BY_CODE.items()} == {code: code for code in ERRORS_BY_CODE}


def test_every_refusal_of_ours_has_a_row() -> None:
    for kinds in (FaultKind, RejectReason, OkFault):
        assert [kind.name for kind in kinds if kind not in VENUE.faults] == []


@pytest.mark.parametrize("row", **by_id(CODES))
def test_a_planned_fault_answers_with_its_code_and_status(row: Row) -> None:
    bench = SpotBench()
    plan(bench, str(row["code"]))

    reply = bench.get(ACCOUNTS)

    assert (reply.status, reply.body["code"], reply.body["error_code"]) == (row["http_status"], row["code"], str(row["code"]))
    assert list(reply.body) == list(ERRORS["bodies"][0]["body"])
    assert reply.body["message"] == reply.body["error_message"] != ""
    assert bench.get(ACCOUNTS).status == 200, "it was planned for one call"


@pytest.mark.parametrize("row", **by_id(PLAIN_CAPTURED))
def test_a_captured_message_is_sent_word_for_word(row: Row) -> None:
    bench = SpotBench()
    plan(bench, str(row["code"]))

    assert bench.get(ACCOUNTS).body["message"] == row["message"]


@pytest.mark.parametrize("row", **by_id(ORDER_CODES))
def test_an_order_code_has_the_body_of_an_order_on_the_order_endpoints(row: Row) -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")
    code = str(row["code"])
    plan(bench, code, times=2)

    placed = bench.try_order("buy", "1", "100", client_oid="mine1")
    cancelled = bench.cancel(order_id)

    message = placed.body["error_message"]
    assert placed.status == cancelled.status == row["http_status"]
    assert placed.body == {
        "client_oid": "mine1", "error_code": code, "error_message": message, "order_id": "-1", "result": False,
    }  # fmt: skip
    assert cancelled.body == {
        "client_oid": "", "code": code, "error_code": code, "error_message": message, "message": message,
        "order_id": order_id, "result": False,
    }  # fmt: skip
    assert bench.cancel(order_id).status == 200, "the planned faults were not carried out"


@pytest.mark.parametrize("code", ["33017", "33014", "30038"])
def test_live_siblings_answered_order_failures_with_200(code: str) -> None:
    bench = SpotBench(profile="observed")
    plan(bench, code, times=2)

    assert bench.try_order("buy", "1", "100").error == (200, code)
    assert bench.cancel("12345").error == (200, code)


@pytest.mark.parametrize("code", ["30044", "30009", "30026"])
@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_what_is_not_about_an_order_keeps_the_body_of_a_request(code: str, profile: str) -> None:
    bench = SpotBench(profile=profile)
    plan(bench, code)

    reply = bench.try_order("buy", "1", "100")

    assert reply.error == (ERRORS_BY_CODE[code].status, code)
    assert reply.body["code"] == int(code)


# --- planned faults


def test_a_timeout_may_mean_that_the_order_was_not_placed() -> None:
    bench = SpotBench()
    plan(bench, "30044", method="POST", path=ORDERS)

    assert bench.try_order("buy", "1", "100", client_oid="lost1").error == (400, "30044")
    assert bench.get(f"{ORDERS}/lost1", "instrument_id=BTC-JPY").error == (400, "33014")


def test_a_timeout_may_mean_that_the_order_was_placed_all_the_same() -> None:
    bench = SpotBench()
    plan(bench, "30044", method="POST", path=ORDERS, executed=True)
    body = b'{"instrument_id":"BTC-JPY","side":"buy","size":"1","price":"100","client_oid":"kept1"}'

    # Not through the bench, which would object that a failed call has changed something.
    response = bench.simulation.handle(WireRequest("POST", ORDERS, "", bench.sign("POST", ORDERS, body), body, "127.0.0.1"))

    assert response.status == 400
    assert b'"30044"' in response.body
    assert bench.detail("kept1")["state"] == "0"


def test_a_timeout_hides_also_a_refusal() -> None:
    bench = SpotBench()
    plan(bench, "30044", executed=True)

    assert bench.try_order("buy", "1", "0").error == (400, "30044")


def test_a_planned_fault_meets_only_what_it_was_planned_for() -> None:
    bench = SpotBench()
    plan(bench, "30030", method="GET", path=f"{SPOT}/orders/{{order_ref}}", account="bob")

    assert bench.get(ACCOUNTS, who="bob").status == 200
    assert bench.get(f"{ORDERS}/1", "instrument_id=BTC-JPY", who="alice").error == (400, "33014")
    assert bench.get(f"{ORDERS}/1", "instrument_id=BTC-JPY", who="bob").error == (400, "30030")
    assert bench.get(f"{ORDERS}/1", "instrument_id=BTC-JPY", who="bob").error == (400, "33014")


def test_planned_faults_are_used_up_in_order_and_as_often_as_planned() -> None:
    bench = SpotBench()
    plan(bench, "30030", times=2)
    plan(bench, "30009")

    codes = [bench.get(ACCOUNTS).body["error_code"] for _ in range(3)]

    assert codes == ["30030", "30030", "30009"]
    assert bench.get(ACCOUNTS).status == 200
    assert service.list_faults(bench.simulation) == []


def test_a_planned_fault_waits_for_a_call_that_would_have_been_served() -> None:
    """A bad signature is a bad signature also while the venue is out of order."""
    bench = SpotBench()
    plan(bench, "30009")
    headers = {**bench.sign("GET", ACCOUNTS), "ok-access-sign": "no"}

    assert bench.send("GET", ACCOUNTS, headers=headers).error == (401, "30013")
    assert bench.get(ACCOUNTS).error == (500, "30009")
