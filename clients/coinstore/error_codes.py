"""The venue's error codes and what they become.

Owns: the table from code to exception class, the fallback by HTTP status, and the reading of error bodies.
Must not know: sessions or sockets.
Invariant: the table holds every code that the document prints or that clients have seen (cs§11).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import errors as e

ErrorClass = type[e.CoinstoreError]

_CODES_BY_CLASS: tuple[tuple[ErrorClass, tuple[int, ...]], ...] = (
    (e.AuthenticationError, (401, 1401, 3005)),
    (e.PermissionDeniedError, (6001,)),
    (e.TradingRestrictedError, (3012, 3013, 3014, 3015)),
    (e.RateLimitError, (429,)),
    (e.InvalidRequestError, (400,)),
    (e.UnknownSymbolError, (3011,)),
    (e.InsufficientFundsError, (3113,)),
    (e.OrderNotFoundError, (3103, 4003)),
    # 3190 to 3192 and 3195 are placeholders: the venue's own codes for minima and open orders are unknown (cs§11.2).
    (e.OrderRejectedError, (3104, 3105, 3106, 3190, 3191, 3192)),
    (e.OpenOrderLimitError, (3195,)),
    (e.DuplicateOrderError, (3111,)),
    (e.FundingRejectedError, (101040502, 102150400, 102150808)),
)

ERROR_CLASSES: Mapping[int, ErrorClass] = MappingProxyType(
    {code: error_class for error_class, codes in _CODES_BY_CLASS for code in codes}
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

#: 0, and 200 in the table of transfers. Either as a number or as a string (cs§4, cs§7.14).
_SUCCESS = frozenset({0, 200})

#: Answers of the stream: 404 is about a channel there.
STREAM_SUCCESS = 200

_NO_MESSAGE = "refused without a message"


def status_class(http_status: int) -> ErrorClass:
    """The class of a failure that has nothing but an HTTP status."""
    return e.ServerFaultError if http_status >= 500 else _CLASSES_BY_HTTP_STATUS.get(http_status, e.CoinstoreError)


def error_in(payload: object, *, http_status: int) -> e.CoinstoreError | None:
    """The failure that a REST reply describes, or None.

    A reply fails by `code`, usually under HTTP 200, whatever its type; outside 2xx it is a failure whatever it holds. A `code`
    that is no number is left to the reader of the reply.
    """
    succeeded = 200 <= http_status < 300
    if isinstance(payload, dict):
        code = number(payload.get("code"))
        if code is not None and not (succeeded and code in _SUCCESS):
            return failure(code, message_of(payload), http_status=http_status)
    if succeeded:
        return None
    text = payload.get("error") if isinstance(payload, dict) else None
    message = f"HTTP {http_status}" + (f" {text}" if isinstance(text, str) else "")
    return status_class(http_status)(message, http_status=http_status)


def failure(code: int, message: str, *, http_status: int | None = None, client_order_id: str | None = None) -> e.CoinstoreError:
    """The exception for a code: by the table, else by HTTP status, else the base class."""
    error_class = ERROR_CLASSES.get(code)
    if error_class is None:
        error_class = e.CoinstoreError if http_status is None else status_class(http_status)
    return error_class(message or _NO_MESSAGE, code=code, http_status=http_status, client_order_id=client_order_id)


def stream_failure(code: int, message: str, detail: str | None) -> e.CoinstoreError:
    """The exception for an answer of the stream. `detail` names a channel, if the answer does."""
    error_class = e.UnknownChannelError if code == 404 else ERROR_CLASSES.get(code, e.CoinstoreError)
    return error_class(f"{message or _NO_MESSAGE}: {detail}" if detail else message or _NO_MESSAGE, code=code)


def message_of(row: Mapping[str, object]) -> str:
    """`message`, else `msg`, else `errMsg`: endpoints differ."""
    for name in ("message", "msg", "errMsg"):
        text = row.get(name)
        if isinstance(text, str) and text:
            return text
    return ""


def number(value: object) -> int | None:
    """An integer, quoted or not; None for anything else, and for text of more digits than any code has."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.removeprefix("-").isdigit():
        return int(value)
    return None
