"""The error tables are those of the specification, and a failure has the shape of its version."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

import pytest
from htx_support import HOST, START_MS, Bench, Reply, by_id, probe, probe_venue
from mockex.fixtures import load

from mockex.core.rejects import RejectReason
from mockex.venues.htx import VENUE
from mockex.venues.htx.account_errors import AccountFault
from mockex.venues.htx.error_codes import V1_ERRORS, V2_ERRORS
from mockex.venues.htx.errors import MARKET, V2, HtxFault, v2_error
from mockex.wire.faults import ApiFault, FaultKind, PlannedFailure, WireError
from mockex.wire.messages import WireRequest

TABLES = load("htx", "errors")
BODIES = {body["id"].rpartition(".")[2]: body for body in TABLES["bodies"]}
V1_ROWS = TABLES["v1"]
V2_ROWS = [row for row in TABLES["v2"] if row["code"] != 200]


def templates(error: WireError) -> str:
    """With the names of what is quoted taken out, as the fixture's numbers are."""
    return re.sub(r"\{\w+\}", "{}", error.message)


@pytest.mark.parametrize("row", **by_id(V1_ROWS))
def test_a_v1_code_is_in_the_table_with_the_text_of_its_source(row: dict[str, Any]) -> None:
    error = VENUE.errors_by_code[row["code"]]

    assert error.code == row["code"]
    if row["messages"]:
        assert templates(error) in [re.sub(r"\{\d\}", "{}", message) for message in row["messages"]]


@pytest.mark.parametrize("row", V2_ROWS, ids=[row["id"] for row in V2_ROWS])
def test_a_v2_code_is_in_the_table_with_the_text_of_its_source(row: dict[str, Any]) -> None:
    error = VENUE.errors_by_code[str(row["code"])]

    assert not row["messages"] or templates(error) in [re.sub(r"\{\d\}", "{}", message) for message in row["messages"]]


def test_no_code_is_invented_but_one() -> None:
    known = {row["code"] for row in V1_ROWS}

    assert set(V1_ERRORS) - known == {"forbidden"}, "which a GET with a body gets: no source says what else"
    assert {int(code) for code in V2_ERRORS} == {row["code"] for row in V2_ROWS}


def test_business_errors_have_status_200() -> None:
    others = {code: error.status for code, error in VENUE.errors_by_code.items() if error.status != 200}

    assert others == {"rate-too-many-requests": 429, "method-not-allowed": 405, "forbidden": 403, "1006": 429}


@pytest.mark.parametrize("kind", [*FaultKind, *RejectReason, *HtxFault, *AccountFault], ids=str)
def test_every_fault_and_refusal_has_words_in_both_versions(kind: Enum) -> None:
    assert VENUE.faults[kind].code in V1_ERRORS
    assert v2_error(kind).code in V2_ERRORS


# --- shapes

PATHS = {"v1": "/v1/probe", "v2": "/v2/probe", "market": "/market/probe"}
TAGS = {"v1": frozenset[str](), "v2": frozenset({V2}), "market": frozenset({MARKET})}


def failure(fault: ApiFault, version: str = "v1") -> Reply:
    """What a route of that version is answered with that always fails."""
    route = probe("GET", PATHS[version], fault=fault, tags=TAGS[version])
    return Bench(venue=probe_venue(route)).get(PATHS[version])


def test_a_v1_failure_has_the_shape_of_the_example() -> None:
    reply = failure(ApiFault(FaultKind.API_KEY_UNKNOWN))

    assert (reply.status, reply.body) == (BODIES["v1"]["http_status"], BODIES["v1"]["body"])
    assert list(reply.body) == list(BODIES["v1"]["body"])


@pytest.mark.parametrize(
    ("body", "kind"), [("market", HtxFault.SYMBOL_INVALID), ("require-symbol", HtxFault.SYMBOL_MISSING)], ids=str
)
def test_a_failure_of_market_data_has_its_time_in_front(body: str, kind: HtxFault) -> None:
    reply = failure(ApiFault(kind), "market")

    assert (reply.status, reply.body) == (200, BODIES[body]["body"] | {"ts": START_MS})
    assert list(reply.body) == list(BODIES[body]["body"])


def test_a_v2_failure_is_a_number_and_a_message() -> None:
    reply = failure(ApiFault(FaultKind.PARAM_VALUE, field="currency"), "v2")

    assert (reply.status, reply.body) == (200, BODIES["v2"]["body"])


@pytest.mark.parametrize("version", PATHS)
def test_too_many_requests_have_status_429_in_every_version(version: str) -> None:
    reply = failure(ApiFault(FaultKind.RATE_LIMITED), version)

    expected: dict[str, Any] = BODIES["rate"]["body"]
    if version == "v2":
        expected = {"code": 1006, "message": "rate limit"}
    elif version == "market":
        expected = {"ts": START_MS, **expected}
    assert (reply.status, reply.body) == (429, expected)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_failure_of_the_venue_itself_is_status_500(version: str) -> None:
    reply = failure(ApiFault(FaultKind.INTERNAL), version)

    text = "Failed to load data. Try again later." if version == "v1" else "system error"
    assert reply.error == (500, "base-system-error" if version == "v1" else "500", text)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("GET", "/V1/common/symbols"), ("GET", "/v1/common/symbols/"), ("GET", "/"), ("GET", "/v2/x"),
     ("POST", "/v1/common/symbols"), ("DELETE", "/market/tickers"), ("GET", "/linear-swap-api/v1/swap_contract_info")],
)  # fmt: skip
def test_an_unknown_path_or_method_is_status_405(method: str, path: str) -> None:
    reply = Bench().send(method, path)

    assert (reply.status, reply.body) == (BODIES["unknown-path"]["http_status"], BODIES["unknown-path"]["body"])


@pytest.mark.parametrize("path", ["/market/tickers", "/v1/common/symbols", "/v2/market-status"])
def test_a_get_with_a_body_is_status_403(path: str) -> None:
    assert Bench().send("GET", path, body=b"{}").status == 403
    assert Bench().send("GET", path).status == 200


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("code", VENUE.errors_by_code)
def test_a_planned_fault_has_the_shape_in_which_its_code_occurs(code: str, version: str) -> None:
    reply = failure(PlannedFailure(code), version)

    assert reply.error[:2] == (VENUE.errors_by_code[code].status, code)
    assert ("code" in reply.body) is code.isdigit()
    assert ("ts" in reply.body) is (version == "market" and code in V1_ERRORS)


def test_a_recording_knows_a_failure_by_the_code_that_was_sent() -> None:
    route = probe("GET", PATHS["v2"], fault=ApiFault(FaultKind.SIGNATURE_WRONG), tags=TAGS["v2"])
    bench = Bench(venue=probe_venue(route))

    response = bench.simulation.handle(WireRequest("GET", PATHS["v2"], "", {"host": HOST}, b"", "127.0.0.1"))

    assert response.error == "1003"


@pytest.mark.parametrize(
    ("kind", "detail", "code"),
    [
        (RejectReason.INSUFFICIENT_FUNDS, {"limit": "0.0027"}, "account-frozen-balance-insufficient-error"),
        (RejectReason.PRICE_OFF_TICK, {"limit": "4"}, "order-orderprice-precision-error"),
        (RejectReason.QTY_OFF_STEP, {"limit": "4"}, "order-orderamount-precision-error"),
        (RejectReason.QTY_BELOW_MINIMUM, {"limit": "0.001"}, "order-limitorder-amount-min-error"),
        (RejectReason.QTY_ABOVE_MAXIMUM, {"limit": "1000000"}, "order-limitorder-amount-max-error"),
        (RejectReason.MARKET_SELL_BELOW_MINIMUM, {"limit": "0.01"}, "order-marketorder-amount-min-error"),
        (RejectReason.NOTIONAL_BELOW_MINIMUM, {"limit": "5", "asset": "USDT"}, "order-value-min-error"),
        (FaultKind.PARAM_FORMAT, {"field": "order-id"}, "validation-format-error"),
        (FaultKind.PARAM_MISSING, {"field": "client-order-id"}, "validation-constraints-required"),
        (FaultKind.IP_NOT_ALLOWED, {"value": "1.2.3.4"}, "api-signature-not-valid"),
    ],
)
def test_what_is_quoted_stands_where_the_examples_have_it(kind: Enum, detail: dict[str, str], code: str) -> None:
    row = next(row for row in V1_ROWS if row["code"] == code)

    assert failure(ApiFault(kind, **detail)).error == (200, code, row["wire_examples"][0]["text"])
