"""The venue's error codes and what they become.

Owns: the two tables from code to exception class, the fallback by HTTP status, and the reading of error bodies.
Must not know: sessions or sockets.
Invariant: each table holds every code that its generation's sources print. The tables are never mixed: -20005 is an expired
request in one and a lack of funds in the other (ktx§5, ktx§14).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import errors as e
from .vocabulary import Profile

ErrorClass = type[e.KtxError]

#: -20006 and -20007 by the prose of the document, which its table contradicts (ktx§5).
_GEN1: tuple[tuple[ErrorClass, tuple[int, ...]], ...] = (
    (e.InvalidRequestError, (-1000, -1001, -1002, -1003, -20001, -20003, -21001, -21002, -21003, -21007)),
    (e.ServerFaultError, (-10001,)),
    (e.EndpointNotFoundError, (-20002, -20004)),
    (e.RequestExpiredError, (-20005,)),
    (e.UsageLimitError, (-20006,)),
    (e.RateLimitError, (-20007,)),
    (e.PermissionDeniedError, (-20008,)),
    (e.AuthenticationError, (-21004, -21005, -21006, -21008)),
    (e.FundingRejectedError, (-22001,)),
    (e.OrderRejectedError, (-22002, -30003)),
    (e.UnknownProductError, (-22003,)),
    (e.NotFoundError, (-30001,)),
    (e.DuplicateOrderError, (-30002,)),
    (e.LimitExceededError, (-30004,)),
    (e.InsufficientFundsError, (-30005,)),
)

_GEN2: tuple[tuple[ErrorClass, tuple[int, ...]], ...] = (
    (e.ServerFaultError, (-10000, -10001, -21000)),
    (e.EndpointNotFoundError, (-10002, -12003, -12004)),
    (e.RequestExpiredError, (-11001,)),
    (e.PermissionDeniedError, (-11002, -12103, -21201)),
    (e.RateLimitError, (-11003,)),
    (e.UsageLimitError, (-11004,)),
    (e.InvalidRequestError, (-12001, -12002, *range(-12015, -12010), -12102, -21003, -21007)),
    (e.AuthenticationError, (-12101, -21004, -21005, -21006, -21008)),
    (e.NotFoundError, (-20001,)),
    (e.DuplicateOrderError, (-20002, -21211, -21212)),
    (e.LimitExceededError, (-20004, -21213, -21214, -21215)),
    (e.InsufficientFundsError, (-20005, -21301)),
    (e.OrderRejectedError, (-20003, -21001, -21002, -21084, *range(-21118, -21099), -21401, -21402, -21403, -21411)),
    (e.FundingRejectedError, (-22001,)),
)


def _table(classes: tuple[tuple[ErrorClass, tuple[int, ...]], ...]) -> Mapping[int, ErrorClass]:
    return MappingProxyType({code: error_class for error_class, codes in classes for code in codes})


ERROR_CLASSES: Mapping[Profile, Mapping[int, ErrorClass]] = MappingProxyType(
    {Profile.GEN1: _table(_GEN1), Profile.GEN2: _table(_GEN2)}
)

_CLASSES_BY_HTTP_STATUS: Mapping[int, ErrorClass] = MappingProxyType(
    {
        400: e.InvalidRequestError,
        401: e.AuthenticationError,
        403: e.PermissionDeniedError,
        404: e.EndpointNotFoundError,
        405: e.EndpointNotFoundError,
        429: e.RateLimitError,
    }
)

_NO_MESSAGE = "refused without a message"


def status_class(http_status: int) -> ErrorClass:
    """The class of a failure that has nothing but an HTTP status."""
    return e.ServerFaultError if http_status >= 500 else _CLASSES_BY_HTTP_STATUS.get(http_status, e.KtxError)


def error_in(payload: object, *, http_status: int, profile: Profile) -> e.KtxError | None:
    """The failure that a REST reply describes, or None.

    A reply fails by its `state`, usually under HTTP 200; outside 2xx it is a failure whatever it holds.
    """
    if isinstance(payload, dict):
        state = payload.get("state")
        if isinstance(state, int) and state:
            return failure(state, _text(payload.get("msg")), http_status=http_status, profile=profile)
    if 200 <= http_status < 300:
        return None
    return status_class(http_status)(f"HTTP {http_status}", http_status=http_status)


def failure(code: int, message: str, *, profile: Profile, http_status: int | None = None) -> e.KtxError:
    """The exception for a code of REST or of a stream: by the table, else by HTTP status, else the base class."""
    error_class = ERROR_CLASSES[profile].get(code)
    if error_class is None:
        error_class = e.KtxError if http_status is None else status_class(http_status)
    return error_class(message or _NO_MESSAGE, code=code, http_status=http_status)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
