"""The venue's error codes and what they become.

Owns: the table from code to exception class, the fallback by HTTP status, and the reading of error bodies.
Must not know: sessions or sockets.
Invariant: the table holds every code that the document prints (sections "Error codes" of REST and WebSocket).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import errors as e

_CODES_BY_CLASS: tuple[tuple[type[e.OkcoinError], tuple[int, ...]], ...] = (
    # 30041 (WebSocket): a private channel before login. 34018: wrong funds password. 34059: no such user.
    (e.AuthenticationError, (30001, 30002, 30003, 30004, 30006, 30010, 30013, 30015, 30027, 30041, 34018, 34059)),
    (e.TimestampError, (30005, 30008)),
    (
        e.PermissionDeniedError,
        (30011, 30012, 30017, 30018, 30028, 33001, 34001, 34011, 34014, 34019, 34020, 34038, 34039, 34060),
    ),
    (e.AccountSuspendedError, (30022, 30029, 33002, 34016, 34017)),
    (e.RateLimitError, (30014, 30026, 34026)),
    (
        e.InvalidRequestError,
        # From the stream: 30000 bad path, 30039 bad request, 30042 second login. Leverage and loans are not offered, so
        # their codes complain about the request.
        (
            *(30000, 30007, 30020, 30021, 30023, 30024, 30025, 30033, 30034, 30039, 30042),
            *(33004, 33005, 33006, 33007, 33009, 33015, 33016, 33018, 33020, 33021, 33022, 33059, 33060),
            *(33062, 33063, 33064, 33065, 34013, 34036, 34037),
        ),
    ),
    (e.UnknownCurrencyError, (30031,)),
    (e.UnknownInstrumentError, (30032,)),
    (e.UnknownChannelError, (30040,)),
    (e.NoDataError, (30036, 33011)),
    (e.InsufficientFundsError, (33003, 33008, 33017, 34008)),
    (e.OrderNotFoundError, (33014,)),
    (
        e.OrderRejectedError,
        (
            *(33013, 33023, 33024, 33025, 33028, 33029, 33034, 33036),
            *(33037, 33038, 33039, 33040, 33041, 33042, 33043, 33044, 33045, 33046, 33047, 33048, 33049, 33050),
        ),
    ),
    (e.CancelRejectedError, (33010, 33012, 33035, 33051)),
    (e.OrderClosedError, (33026, 33027)),
    (
        e.FundingRejectedError,
        (34004, 34005, 34006, 34007, 34009, 34010, 34012, 34027, 34032, 34062, 34063, 34064),
    ),
    (e.AddressError, (34002, 34003, 34021)),
    (e.UnavailableError, (30019, 30035, 30037, 33032, 34057, 34058, 34061)),
    (e.MaintenanceError, (30038,)),
    (e.ServerFaultError, (30009, 30030, 30043)),
    (e.RequestTimeoutError, (30044,)),
    # Close codes of the stream: no data for 30 s; buffer full.
    (e.ConnectionLostError, (4001, 4002)),
)

ERROR_CLASSES: Mapping[int, type[e.OkcoinError]] = MappingProxyType(
    {code: error_class for error_class, codes in _CODES_BY_CLASS for code in codes}
)

_CLASSES_BY_HTTP_STATUS: Mapping[int, type[e.OkcoinError]] = MappingProxyType(
    {
        400: e.InvalidRequestError,
        401: e.AuthenticationError,
        403: e.PermissionDeniedError,
        404: e.EndpointNotFoundError,
        429: e.RateLimitError,
    }
)

#: `order_id` of an order that was never created (captured replies of the sibling venue).
_NO_ORDER_ID = "-1"


def error_class(code: int | None, http_status: int | None) -> type[e.OkcoinError]:
    """The class of a failure: by code if the table has it, else by HTTP status, else the base class."""
    if code is not None and code in ERROR_CLASSES:
        return ERROR_CLASSES[code]
    if http_status is None:
        return e.OkcoinError
    if http_status >= 500:
        return e.ServerFaultError
    return _CLASSES_BY_HTTP_STATUS.get(http_status, e.OkcoinError)


def error_in(payload: object, *, http_status: int) -> e.OkcoinError | None:
    """The failure that a reply describes, or None.

    Read shapes: the four-field body, the two-field `{code, message}`, the order-level body with `result: false` (which
    comes with HTTP 400 or 200), and bodies without a code. A reply outside 2xx is a failure whatever it holds.
    """
    succeeded = 200 <= http_status < 300
    if not isinstance(payload, dict):
        return None if succeeded else error_class(None, http_status)(f"HTTP {http_status}", http_status=http_status)
    code = _code_of(payload)
    if succeeded and not code and payload.get("result") is not False:
        return None
    return failure(payload, http_status=http_status)


def failure(row: Mapping[str, object], *, http_status: int | None) -> e.OkcoinError:
    """The exception for a body, or for one item of a batch, that is known to be a failure."""
    code = _code_of(row) or None
    return error_class(code, http_status)(
        _message_of(row) or (f"HTTP {http_status}" if http_status is not None else "refused without a message"),
        code=code,
        http_status=http_status,
        order_id=_id_in(row, "order_id"),
        client_oid=_id_in(row, "client_oid"),
    )


def stream_failure(row: Mapping[str, object]) -> e.OkcoinError:
    """The exception for a WebSocket error event. The document prints `errorCode` with and without quotes."""
    code = _number(row.get("errorCode"))
    return error_class(code, None)(_message_of(row) or "error event without a message", code=code)


def _code_of(row: Mapping[str, object]) -> int | None:
    """`code`, else `error_code`; either may be an integer or quoted."""
    code = _number(row.get("code"))
    return code if code is not None else _number(row.get("error_code"))


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return None


def _message_of(row: Mapping[str, object]) -> str:
    # `" message"` with a blank stands in the document's own template of the WebSocket error.
    for name in ("message", "error_message", " message", "msg"):
        text = row.get(name)
        if isinstance(text, str) and text:
            return text
    return ""


def _id_in(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value not in ("", _NO_ORDER_ID) else None
