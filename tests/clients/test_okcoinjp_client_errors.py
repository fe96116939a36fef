"""Codes and bodies become exception classes."""

from typing import Any

import pytest
from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.error_codes import ERROR_CLASSES, error_in, stream_failure
from mockex.fixtures import load

REST_ERRORS = load("okcoinjp", "errors")
STREAM_ERRORS = load("okcoinjp", "ws/errors")
BODIES = {body["id"]: body["body"] for body in REST_ERRORS["bodies"]}

# What a caller most needs to tell apart, each with the meaning that the document gives to the code.
EXPECTED_CLASSES = [
    (30001, e.AuthenticationError),  # key missing
    (30005, e.TimestampError),  # unreadable timestamp
    (30006, e.AuthenticationError),  # unknown key
    (30008, e.TimestampError),  # expired
    (30009, e.ServerFaultError),  # system error
    (30011, e.PermissionDeniedError),  # IP
    (30012, e.PermissionDeniedError),  # permission missing
    (30013, e.AuthenticationError),  # bad signature
    (30014, e.RateLimitError),
    (30015, e.AuthenticationError),  # wrong passphrase
    (30019, e.UnavailableError),
    (30022, e.AccountSuspendedError),  # frozen key
    (30023, e.InvalidRequestError),  # blank parameter
    (30025, e.InvalidRequestError),  # wrong type
    (30026, e.RateLimitError),
    (30031, e.UnknownCurrencyError),
    (30032, e.UnknownInstrumentError),
    (30036, e.NoDataError),
    (30038, e.MaintenanceError),
    (30040, e.UnknownChannelError),
    (30041, e.AuthenticationError),  # stream: not logged in
    (30044, e.RequestTimeoutError),
    (33014, e.OrderNotFoundError),
    (33017, e.InsufficientFundsError),
    (33024, e.OrderRejectedError),  # too small
    (33026, e.OrderClosedError),  # already filled
    (33027, e.OrderClosedError),  # already cancelled
    (33028, e.OrderRejectedError),  # too many decimals
    (33035, e.CancelRejectedError),
    (33060, e.InvalidRequestError),  # both ids
    (34002, e.AddressError),
    (34004, e.FundingRejectedError),  # fee too low
    (34008, e.InsufficientFundsError),
    (34018, e.AuthenticationError),  # funds password
    (34021, e.AddressError),
    (34026, e.RateLimitError),
]


def _codes(table: list[dict[str, Any]]) -> set[int]:
    return {entry["code"] for entry in table} - {0}


def test_every_documented_code_has_a_class() -> None:
    documented = _codes(REST_ERRORS["codes"]) | _codes(STREAM_ERRORS["codes"])

    assert documented - set(ERROR_CLASSES) == set()


def test_no_code_is_in_the_table_that_the_document_does_not_print() -> None:
    documented = _codes(REST_ERRORS["codes"]) | _codes(STREAM_ERRORS["codes"])

    assert set(ERROR_CLASSES) - documented == set()


@pytest.mark.parametrize(("code", "expected"), EXPECTED_CLASSES)
def test_code_becomes_its_class(code: int, expected: type[e.OkcoinError]) -> None:
    error = error_in({"code": code, "message": "m"}, http_status=400)

    assert type(error) is expected
    assert (error.code, error.message, error.http_status) == (code, "m", 400)


def test_four_field_body_of_a_refused_request_is_read() -> None:
    error = error_in(BODIES["errors.body.request"], http_status=400)

    assert type(error) is e.TimestampError
    assert (error.code, error.message, error.http_status) == (30008, "Request timestamp expired", 400)


def test_two_field_body_is_read_whatever_the_http_status() -> None:
    for status in (200, 400):
        error = error_in(BODIES["errors.body.two-fields"], http_status=status)

        assert type(error) is e.UnknownInstrumentError
        assert (error.code, error.http_status) == (30032, status)


@pytest.mark.parametrize("status", [200, 400, 404])
def test_refused_cancel_is_a_failure_with_the_id_of_the_order(status: int) -> None:
    error = error_in(BODIES["errors.body.cancel"], http_status=status)

    assert type(error) is e.OrderNotFoundError
    assert (error.code, error.message, error.order_id, error.client_oid) == (33014, "Order does not exist", "12345", None)


@pytest.mark.parametrize("status", [200, 400])
def test_refused_order_has_no_order_id_and_its_code_is_read_from_error_code(status: int) -> None:
    error = error_in(BODIES["errors.body.place"], http_status=status)

    assert type(error) is e.InsufficientFundsError
    assert (error.code, error.message) == (33017, "Greater than the maximum available balance")
    assert error.order_id is None


def test_system_error_without_code_leaves_the_outcome_open() -> None:
    error = error_in(BODIES["errors.body.empty-post"], http_status=500)

    assert type(error) is e.ServerFaultError
    assert (error.code, error.message, error.outcome_unknown) == (None, "System error", True)


def test_unknown_path_is_told_by_its_http_status() -> None:
    error = error_in(BODIES["errors.body.unknown-path"], http_status=404)

    assert type(error) is e.EndpointNotFoundError
    assert error.message == "Not Found"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, e.InvalidRequestError),
        (401, e.AuthenticationError),
        (403, e.PermissionDeniedError),
        (404, e.EndpointNotFoundError),
        (429, e.RateLimitError),
        (502, e.ServerFaultError),
        (302, e.OkcoinError),
    ],
)
def test_unknown_code_falls_back_to_the_http_status(status: int, expected: type[e.OkcoinError]) -> None:
    error = error_in({"code": 39999, "message": "new"}, http_status=status)

    assert type(error) is expected
    assert error.code == 39999


def test_refusal_with_an_unknown_code_under_http_200_is_still_a_failure() -> None:
    error = error_in({"error_code": "39999", "error_message": "new", "result": False}, http_status=200)

    assert type(error) is e.OkcoinError
    assert (error.code, error.message) == (39999, "new")


def test_refusal_without_any_code_is_still_a_failure() -> None:
    error = error_in({"result": False}, http_status=200)

    assert type(error) is e.OkcoinError


@pytest.mark.parametrize(
    "payload",
    [
        load("okcoinjp", "rest/place_order")["responses"][0]["body"],
        load("okcoinjp", "rest/transfer")["responses"][0]["body"],
        {"code": 0, "message": "", "rows": []},
        [],
        [{"code": 30008}],
    ],
)
def test_success_is_no_failure(payload: object) -> None:
    assert error_in(payload, http_status=200) is None


@pytest.mark.parametrize("code", [30013, "30013"])
def test_stream_error_code_may_be_quoted(code: int | str) -> None:
    error = stream_failure({"event": "error", "message": "Invalid sign", "errorCode": code})

    assert type(error) is e.AuthenticationError
    assert (error.code, error.message, error.http_status) == (30013, "Invalid sign", None)


def test_stream_error_message_is_found_under_the_misspelt_name_of_the_document() -> None:
    assert stream_failure({"event": "error", " message": "no", "errorCode": ""}).message == "no"


@pytest.mark.parametrize("code", [30009, 30030, 30044])
def test_outcome_is_unknown_after_a_failure_in_the_middle(code: int) -> None:
    error = error_in({"code": code, "message": "m"}, http_status=500)

    assert error is not None
    assert error.outcome_unknown


@pytest.mark.parametrize("code", [30013, 30026, 33017, 33014, 30038])
def test_outcome_is_certain_after_a_refusal(code: int) -> None:
    error = error_in({"code": code, "message": "m"}, http_status=400)

    assert error is not None
    assert not error.outcome_unknown
