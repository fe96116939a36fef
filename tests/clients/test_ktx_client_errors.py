"""Codes and bodies of KTX become exception classes, by the table of their generation."""

import pytest
from mockex.clients.ktx import Profile
from mockex.clients.ktx import errors as e
from mockex.clients.ktx.error_codes import ERROR_CLASSES, error_in, failure
from mockex.fixtures import load

ERRORS = load("ktx", "errors")
BODIES = {body["id"].rpartition(".")[2]: body for body in ERRORS["bodies"]}

# What a caller most needs to tell apart, each with the meaning that the sources give to the code.
EXPECTED = [
    (Profile.GEN1, -1003, e.InvalidRequestError),
    (Profile.GEN1, -10001, e.ServerFaultError),
    (Profile.GEN1, -20002, e.EndpointNotFoundError),
    (Profile.GEN1, -20005, e.RequestExpiredError),
    (Profile.GEN1, -20006, e.UsageLimitError),
    (Profile.GEN1, -20007, e.RateLimitError),
    (Profile.GEN1, -20008, e.PermissionDeniedError),
    (Profile.GEN1, -21001, e.InvalidRequestError),
    (Profile.GEN1, -21006, e.AuthenticationError),
    (Profile.GEN1, -21008, e.AuthenticationError),
    (Profile.GEN1, -22002, e.OrderRejectedError),
    (Profile.GEN1, -22003, e.UnknownProductError),
    (Profile.GEN1, -30001, e.NotFoundError),
    (Profile.GEN1, -30002, e.DuplicateOrderError),
    (Profile.GEN1, -30004, e.LimitExceededError),
    (Profile.GEN1, -30005, e.InsufficientFundsError),
    (Profile.GEN2, -20005, e.InsufficientFundsError),
    (Profile.GEN2, -20001, e.NotFoundError),
    (Profile.GEN2, -21001, e.OrderRejectedError),
    (Profile.GEN2, -11001, e.RequestExpiredError),
    (Profile.GEN2, -11003, e.RateLimitError),
    (Profile.GEN2, -12013, e.InvalidRequestError),
    (Profile.GEN2, -12101, e.AuthenticationError),
    (Profile.GEN2, -21104, e.OrderRejectedError),
    (Profile.GEN2, -21212, e.DuplicateOrderError),
    (Profile.GEN2, -21301, e.InsufficientFundsError),
]
BODIES_EXPECTED = {
    "shape": (e.ServerFaultError, -10001, "error message"),
    "signature": (e.AuthenticationError, -21008, "invalid_signature: api-sign does not match"),
    "order": (e.NotFoundError, -30001, "not_exist: order c:123"),
    "funds": (e.InsufficientFundsError, -30005, "insufficient: USDT"),
    "usage": (e.UsageLimitError, -20006, "access_limit_exceeded: 10000 points in 10 s"),
    "requests": (e.RateLimitError, -20007, "usage_limit_exceeded: 10000 requests in 10 s"),
    "path": (e.EndpointNotFoundError, -20002, "unknown_request: GET /v1/nothing"),
}


def test_every_code_of_the_fixtures_has_a_class_and_no_other_has() -> None:
    ranges = {c for row in ERRORS["gen2_ranges"] for c in range(row["from"], row["to"] + 1)}

    assert set(ERROR_CLASSES[Profile.GEN1]) == {row["code"] for row in ERRORS["codes"]}
    assert set(ERROR_CLASSES[Profile.GEN2]) == {row["code"] for row in ERRORS["gen2_codes"]} | ranges


@pytest.mark.parametrize(("profile", "code", "error_class"), EXPECTED)
def test_a_code_has_the_class_of_its_meaning(profile: Profile, code: int, error_class: type[e.KtxError]) -> None:
    assert type(failure(code, "text", profile=profile)) is error_class


def test_every_body_of_the_fixtures_has_its_expectation() -> None:
    assert set(BODIES) == set(BODIES_EXPECTED)


@pytest.mark.parametrize("name", BODIES_EXPECTED)
def test_a_body_of_the_fixtures_is_the_failure_that_it_says(name: str) -> None:
    error = error_in(BODIES[name]["body"], http_status=BODIES[name]["http_status"], profile=Profile.GEN1)

    assert error is not None
    assert (type(error), error.code, error.message) == BODIES_EXPECTED[name]
    assert error.http_status == BODIES[name]["http_status"]


@pytest.mark.parametrize("payload", [[], {}, {"state": 0, "result": []}, {"status": "filled"}, {"state": "x"}, [1]])
def test_a_reply_without_a_code_is_no_failure_unless_http_says_so(payload: object) -> None:
    assert error_in(payload, http_status=200, profile=Profile.GEN1) is None
    error = error_in(payload, http_status=502, profile=Profile.GEN1)
    assert type(error) is e.ServerFaultError


def test_an_unknown_code_falls_back_to_the_http_status_and_then_to_the_base_class() -> None:
    assert type(failure(-9_999, "", profile=Profile.GEN1)) is e.KtxError
    assert type(failure(-9_999, "", profile=Profile.GEN1, http_status=500)) is e.ServerFaultError
    assert str(failure(-9_999, "", profile=Profile.GEN1)) == "-9999: refused without a message"


def test_outcomes_are_unknown_only_where_the_request_may_have_been_carried_out() -> None:
    unknown = {name for name, kind in vars(e).items() if isinstance(kind, type) and getattr(kind, "outcome_unknown", False)}

    assert unknown == {"ServerFaultError", "ConnectionLostError", "RequestTimeoutError", "MalformedReplyError"}
