"""Codes and bodies become exception classes."""

from typing import Any

import pytest
from mockex.clients.htx import errors as e
from mockex.clients.htx.error_codes import (
    ACCOUNT_SOCKET_CLASSES,
    V1_CLASSES,
    V2_CLASSES,
    account_socket_failure,
    error_in,
    v1_failure,
)
from mockex.fixtures import load

ERRORS = load("htx", "errors")
STREAM_ERRORS = load("htx", "ws/errors")
BODIES = {body["id"]: body["body"] for body in ERRORS["bodies"]}

# What a caller most needs to tell apart, each with the meaning that the document gives to the code.
V1_EXPECTED = [
    ("api-signature-not-valid", "Signature not valid: Verification failure [校验失败]", e.AuthenticationError),
    ("api-signature-not-valid", "Signature not valid: Incorrect Access key [Access key错误]", e.AuthenticationError),
    ("api-signature-not-valid", "Signature not valid: Incorrect IP address [IP地址错误]:1.2.3.4", e.PermissionDeniedError),
    (
        "api-signature-not-valid",
        "Signature not valid: API key has no permission [API Key没有权限]",
        e.PermissionDeniedError,
    ),
    (
        "api-signature-not-valid",
        "Signature not valid: Invalid submission time or incorrect time format [无效的提交时间，或时间格式错误]",
        e.TimestampError,
    ),
    ("login-required", "Signature is missing", e.AuthenticationError),
    ("account-frozen-balance-insufficient-error", "trade account balance is not enough", e.InsufficientFundsError),
    ("account-get-accounts-inexistent-error", "account for id `1` ..", e.PermissionDeniedError),
    ("invalid-parameter", "invalid symbol", e.UnknownSymbolError),
    ("invalid-parameter", "invalid period", e.InvalidRequestError),
    ("invalid-parameter", "request timeout", e.RequestTimeoutError),
    ("invalid-parameter", "symbol trade not open now", e.UnavailableError),
    ("require-symbol", "Parameter `symbol` is required.", e.UnknownSymbolError),
    ("bad-request", "invalid topic market.btcusdt.foo", e.UnknownTopicError),
    ("bad-request", "invalid mbp.150.symbol linkusdt", e.UnknownSymbolError),
    ("bad-request", "429 too many request [topics]", e.RateLimitError),
    ("bad-request", "unsub with not subbed topic X", e.InvalidRequestError),
    ("base-symbol-error", "The symbol is invalid", e.UnknownSymbolError),
    ("order-limitorder-amount-min-error", "limit order amount error, min: `0.001`", e.OrderRejectedError),
    ("order-value-min-error", "Order total cannot be lower than: 5 USDT", e.OrderRejectedError),
    ("order-limitorder-price-max-error", "limit order price error, max: `x`", e.OrderRejectedError),
    ("invalid-client-order-id", "", e.OrderRejectedError),
    ("order-orderstate-error", "Incorrect order state", e.OrderClosedError),
    ("order-user-cancel-forbidden", "", e.CancelRejectedError),
    ("base-record-invalid", "record invalid", e.OrderNotFoundError),
    ("base-not-found", "The record is not found.", e.OrderNotFoundError),
    ("rate-too-many-requests", "exceeded rate limit", e.RateLimitError),
    ("system-maintenance", "", e.MaintenanceError),
    ("base-system-error", "Failed to load data. Try again later.", e.ServerFaultError),
    ("invalid-address", "", e.AddressError),
]
V2_EXPECTED = [
    (500, e.ServerFaultError),
    (1002, e.PermissionDeniedError),
    (1003, e.AuthenticationError),
    (1006, e.RateLimitError),
    (1007, e.NoDataError),
    (2002, e.InvalidRequestError),
    (2003, e.InvalidRequestError),
    (3008, e.OrderRejectedError),
    (3100, e.OrderRejectedError),
]
ACCOUNT_SOCKET_EXPECTED = [
    (2001, "invalid.json", e.InvalidRequestError),
    (2001, "invalid.symbol", e.UnknownSymbolError),
    (2001, "invalid.ch", e.UnknownTopicError),
    (2001, "missing.param.auth", e.AuthenticationError),
    (2002, "invalid.auth.state", e.AuthenticationError),
    (2002, "auth.fail", e.AuthenticationError),
    (4000, "too.many.request", e.RateLimitError),
    (500, "system error", e.ServerFaultError),
    (20051, "what is this", e.HtxError),
]


def test_tables_hold_exactly_the_documented_codes() -> None:
    assert set(V1_CLASSES) == {row["code"] for row in ERRORS["v1"]}
    assert set(V2_CLASSES) == {row["code"] for row in ERRORS["v2"]} - {200}
    assert set(ACCOUNT_SOCKET_CLASSES) == {row["code"] for row in STREAM_ERRORS["account"]} - {200}


@pytest.mark.parametrize(("code", "message", "expected"), V1_EXPECTED)
def test_v1_code_and_text_become_their_class(code: str, message: str, expected: type[e.HtxError]) -> None:
    body = {"status": "error", "err-code": code, "err-msg": message, "data": None}

    error = error_in(body, http_status=200)

    assert type(error) is expected
    assert (error.code, error.http_status) == (code, 200)
    assert error.message == (message or "refused without a message")


@pytest.mark.parametrize(("code", "expected"), V2_EXPECTED)
def test_v2_code_becomes_its_class(code: int, expected: type[e.HtxError]) -> None:
    error = error_in({"code": code, "message": "m"}, http_status=200)

    assert type(error) is expected
    assert (error.code, error.message) == (code, "m")


@pytest.mark.parametrize(("code", "message", "expected"), ACCOUNT_SOCKET_EXPECTED)
def test_code_of_the_account_socket_becomes_its_class(code: int, message: str, expected: type[e.HtxError]) -> None:
    error = account_socket_failure({"action": "sub", "code": code, "ch": "orders#x", "message": message})

    assert type(error) is expected
    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize("row", STREAM_ERRORS["market"], ids=lambda row: row["id"])
def test_every_refusal_of_the_market_sockets_keeps_its_text(row: dict[str, Any]) -> None:
    error = v1_failure({"status": "error", "err-code": row["code"], "err-msg": row["text"]}, http_status=None)

    assert (error.code, error.message, error.http_status) == ("bad-request", row["text"], None)


@pytest.mark.parametrize("entry", ERRORS["bodies"], ids=lambda entry: entry["id"])
def test_every_published_body_is_a_failure_with_its_code(entry: dict[str, Any]) -> None:
    error = error_in(entry["body"], http_status=entry["http_status"])

    assert error is not None
    assert error.code == entry["body"].get("err-code", entry["body"].get("code"))
    assert error.http_status == entry["http_status"]


def test_refused_cancel_says_in_which_state_the_order_closed() -> None:
    error = error_in(BODIES["errors.body.order-state"], http_status=200)

    assert type(error) is e.OrderClosedError
    assert error.order_state == 7


def test_refused_item_of_a_batch_names_its_order() -> None:
    body = load("htx", "rest/batch_cancel")["responses"][0]["body"]

    error = v1_failure(body["data"]["failed"][0], http_status=None)

    assert (error.order_id, error.client_order_id, error.order_state) == ("357631450723117", "123456", 7)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, e.PermissionDeniedError),
        (404, e.EndpointNotFoundError),
        (405, e.EndpointNotFoundError),
        (429, e.RateLimitError),
        (502, e.ServerFaultError),
        (302, e.HtxError),
    ],
)
def test_unknown_code_and_a_body_without_one_fall_back_to_the_http_status(status: int, expected: type[e.HtxError]) -> None:
    unknown = {"status": "error", "err-code": "brand-new", "err-msg": "new"}
    for body in (unknown, {}, [], "text"):
        assert type(error_in(body, http_status=status)) is expected


def test_unknown_refusal_under_http_200_is_still_a_failure() -> None:
    for body in ({"status": "error"}, {"err-code": "brand-new"}, {"code": 4711}):
        error = error_in(body, http_status=200)
        assert type(error) is e.HtxError
        assert error.message == "refused without a message"


@pytest.mark.parametrize("code", [200, "200"])
def test_v2_success_is_no_failure_in_either_type(code: Any) -> None:
    assert error_in({"code": code, "data": []}, http_status=200) is None


@pytest.mark.parametrize("body", [{"status": "ok", "data": None}, {"data": 700}, {"status": "ok"}])
def test_success_is_no_failure(body: Any) -> None:
    assert error_in(body, http_status=200) is None


@pytest.mark.parametrize("code", ["base-system-error", "gateway-internal-error"])
def test_outcome_is_unknown_after_a_failure_in_the_middle(code: str) -> None:
    error = error_in({"status": "error", "err-code": code, "err-msg": ""}, http_status=200)

    assert error is not None
    assert error.outcome_unknown


@pytest.mark.parametrize(
    "code", ["api-signature-not-valid", "order-value-min-error", "base-record-invalid", "rate-too-many-requests"]
)
def test_outcome_is_certain_after_a_refusal(code: str) -> None:
    error = error_in({"status": "error", "err-code": code, "err-msg": ""}, http_status=200)

    assert error is not None
    assert not error.outcome_unknown


def test_error_is_printed_with_its_code() -> None:
    assert str(e.HtxError("no", code="base-not-found")) == "base-not-found: no"
    assert str(e.HtxError("no")) == "no"
