"""Codes and bodies of Coinstore become exception classes."""

from typing import Any

import pytest
from mockex.clients.coinstore import errors as e
from mockex.clients.coinstore.error_codes import ERROR_CLASSES, error_in, failure, stream_failure
from mockex.fixtures import load

ERRORS = load("coinstore", "errors")
BODIES = {body["id"].rpartition(".")[2]: body for body in ERRORS["bodies"]}

# What a caller most needs to tell apart, each with the meaning that the document or its users give to the code.
EXPECTED = [
    (401, e.AuthenticationError),
    (1401, e.AuthenticationError),
    (3005, e.AuthenticationError),
    (6001, e.PermissionDeniedError),
    (3012, e.TradingRestrictedError),
    (3015, e.TradingRestrictedError),
    (429, e.RateLimitError),
    (400, e.InvalidRequestError),
    (3011, e.UnknownSymbolError),
    (3113, e.InsufficientFundsError),
    (3103, e.OrderNotFoundError),
    (4003, e.OrderNotFoundError),
    (3104, e.OrderRejectedError),
    (3195, e.OpenOrderLimitError),
    (3111, e.DuplicateOrderError),
    (101040502, e.FundingRejectedError),
    (102150400, e.FundingRejectedError),
    (102150808, e.FundingRejectedError),
]
BODIES_EXPECTED = {
    "signature": (e.AuthenticationError, 1401, "Unauthorized"),
    "key": (e.AuthenticationError, 401, "signature-failed"),
    "funds": (e.InsufficientFundsError, 3113, "account-insufficient"),
    "order": (e.OrderNotFoundError, 3103, "order-not-found"),
    "transfer": (e.FundingRejectedError, 101040502, "request field missing"),
    "string-code": (e.FundingRejectedError, 102150808, "balance"),
    "rate": (e.RateLimitError, 429, "too many visits"),
    "not-found": (e.EndpointNotFoundError, None, "HTTP 404 Not Found"),
    "bad-request": (e.InvalidRequestError, None, "HTTP 400 Bad Request"),
    "method": (e.EndpointNotFoundError, None, "HTTP 405 Method Not Allowed"),
}


def test_every_code_of_the_fixtures_has_a_class_and_no_other_has() -> None:
    assert set(ERROR_CLASSES) == {row["code"] for row in ERRORS["codes"]}


@pytest.mark.parametrize(("code", "error_class"), EXPECTED)
def test_a_code_has_the_class_of_its_meaning(code: int, error_class: type[e.CoinstoreError]) -> None:
    assert type(failure(code, "text")) is error_class


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_the_fixtures_is_the_failure_that_it_says(name: str) -> None:
    body = BODIES[name]

    error = error_in(body["body"], http_status=body["http_status"])

    assert error is not None
    assert (type(error), error.code, error.message) == BODIES_EXPECTED[name]
    assert error.http_status == body["http_status"]


@pytest.mark.parametrize("row", load("coinstore", "numbers")["codes"], ids=lambda row: row["id"])
def test_a_code_counts_as_a_number_or_as_text(row: dict[str, Any]) -> None:
    error = error_in({"code": row["token"], "data": {}}, http_status=200)

    assert (error is None) is row["success"]
    assert error is None or error.code == int(row["token"])


@pytest.mark.parametrize("status", [301, 418, 502])
def test_a_success_code_outside_2xx_is_a_failure(status: int) -> None:
    error = error_in({"code": 0, "data": {}}, http_status=status)

    assert error is not None
    assert type(error) is (e.ServerFaultError if status == 502 else e.CoinstoreError)


def test_an_unknown_code_falls_back_to_the_http_status_and_then_to_the_base_class() -> None:
    assert type(failure(9_999, "")) is e.CoinstoreError
    assert type(failure(9_999, "", http_status=500)) is e.ServerFaultError
    assert str(failure(9_999, "")) == "9999: refused without a message"


def test_on_the_stream_404_is_about_a_channel() -> None:
    assert type(stream_failure(404, "sub.channel.failed", "4@nothing")) is e.UnknownChannelError
    assert str(stream_failure(404, "sub.channel.failed", "4@nothing")) == "404: sub.channel.failed: 4@nothing"
    assert type(stream_failure(999, "", None)) is e.CoinstoreError


def test_outcomes_are_unknown_only_where_the_request_may_have_been_carried_out() -> None:
    unknown = {name for name, kind in vars(e).items() if isinstance(kind, type) and getattr(kind, "outcome_unknown", False)}

    assert unknown == {
        "ServerFaultError",
        "ConnectionLostError",
        "ConnectionRenewedError",
        "RequestTimeoutError",
        "MalformedReplyError",
    }
