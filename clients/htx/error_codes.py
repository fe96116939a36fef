"""The venue's error codes and what they become.

Owns: the tables from code to exception class, the texts that refine a code, the fallback by HTTP status, the reading of error
bodies.
Must not know: sessions or sockets.
Invariant: the tables hold every code that the document prints. A refusal comes with HTTP 200 (htx§7), so the body decides.
Source: HTX document, the "Error Code" tables; htx§7.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import errors as e

ErrorClass = type[e.HtxError]

_V1_CODES_BY_CLASS: tuple[tuple[ErrorClass, str], ...] = (
    (e.AuthenticationError, "api-signature-not-valid login-required"),
    (
        e.PermissionDeniedError,
        "account-get-accounts-inexistent-error account-account-id-inexistent base-operation-forbidden sub-user-auth-required",
    ),
    (
        e.AccountLockedError,
        "operation-forbidden-for-lock-account-state operation-forbidden-for-fl-account-state account-state-invalid"
        " fl-order-already-existed",
    ),
    (e.RateLimitError, "base-request-exceed-frequency-limit rate-too-many-requests"),
    (
        e.InvalidRequestError,
        "invalid-parameter bad-request base-argument-unsupported parameter-required validation-format-error"
        " validation-constraints-required order-type-invalid order-source-invalid order-date-limit-error base-date-limit-error"
        " invalid-interval invalid-start-date invalid-end-date invalid-start-time invalid-end-time",
    ),
    (e.UnknownSymbolError, "require-symbol base-symbol-error symbol-not-support"),
    (e.EndpointNotFoundError, "method-not-allowed"),
    (
        e.InsufficientFundsError,
        "account-frozen-balance-insufficient-error order-accountbalance-error dw-insufficient-balance",
    ),
    (e.OrderNotFoundError, "base-record-invalid base-not-found not-found order-queryorder-invalid"),
    (
        e.OrderRejectedError,
        "order-orderprice-precision-error order-orderamount-precision-error order-limitorder-amount-min-error"
        " order-limitorder-amount-max-error order-marketorder-amount-min-error order-marketorder-amount-buy-max-error"
        " order-marketorder-amount-sell-max-error order-value-min-error order-limitorder-price-max-error"
        " order-limitorder-price-min-error order-limitorder-price-buy-max-error order-limitorder-price-buy-min-error"
        " order-limitorder-price-sell-max-error order-limitorder-price-sell-min-error order-etp-nav-price-min-error"
        " order-etp-nav-price-max-error order-invalid-price order-price-greater-than-limit order-price-less-than-limit"
        " price-exceeds-the-protective-price-during-limit-price-trading"
        " market-orders-not-support-during-limit-price-trading forbidden-trade-for-open-protect invalid-client-order-id"
        " order-stop-order-hit-trigger order-holding-limit-failed order-amount-over-limit order-disabled"
        " base-symbol-trade-disabled",
    ),
    (
        e.CancelRejectedError,
        "order-user-cancel-forbidden order-update-error cancel-disabled order-fl-cancellation-is-disallowed",
    ),
    (e.OrderClosedError, "order-orderstate-error"),
    (
        e.FundingRejectedError,
        "dw-account-transfer-error base-currency-chain-error base-withdraw-fee-error dw-withdraw-min-limit",
    ),
    (e.AddressError, "api-not-support-temp-addr invalid-address"),
    (e.MaintenanceError, "system-maintenance"),
    (e.ServerFaultError, "base-system-error gateway-internal-error"),
)

#: `err-code` of v1 replies and of the market sockets.
V1_CLASSES: Mapping[str, ErrorClass] = MappingProxyType(
    {code: error_class for error_class, codes in _V1_CODES_BY_CLASS for code in codes.split()}
)

#: `code` of v2 replies; 3002 to 3100 belong to conditional orders.
V2_CLASSES: Mapping[int, ErrorClass] = MappingProxyType(
    {
        500: e.ServerFaultError,
        1001: e.EndpointNotFoundError,
        1002: e.PermissionDeniedError,
        1003: e.AuthenticationError,
        1006: e.RateLimitError,
        1007: e.NoDataError,
        2002: e.InvalidRequestError,
        2003: e.InvalidRequestError,
        **dict.fromkeys((*range(3002, 3011), 3100), e.OrderRejectedError),
    }
)

#: `code` on the account socket, where 2002 means something else than over REST.
ACCOUNT_SOCKET_CLASSES: Mapping[int, ErrorClass] = MappingProxyType(
    {
        100: e.ConnectionLostError,
        400: e.InvalidRequestError,
        404: e.UnknownTopicError,
        429: e.RateLimitError,
        500: e.ServerFaultError,
        2000: e.PermissionDeniedError,
        2001: e.InvalidRequestError,
        2002: e.AuthenticationError,
        2003: e.UnavailableError,
        4000: e.RateLimitError,
    }
)

#: Beginnings of texts that say more than their code does: one code stands for many things.
_TEXTS: tuple[tuple[str, str, ErrorClass], ...] = (
    ("api-signature-not-valid", "Signature not valid: Invalid submission time", e.TimestampError),
    ("api-signature-not-valid", "Signature not valid: Incorrect IP address", e.PermissionDeniedError),
    ("api-signature-not-valid", "Signature not valid: API key has no permission", e.PermissionDeniedError),
    *(
        (code, text, error_class)
        for code in ("invalid-parameter", "bad-request")
        for text, error_class in (
            ("invalid symbol", e.UnknownSymbolError),
            ("invalid mbp", e.UnknownSymbolError),
            ("invalid topic", e.UnknownTopicError),
            ("429 too many request", e.RateLimitError),
            ("symbol trade not open now", e.UnavailableError),
            ("request timeout", e.RequestTimeoutError),
        )
    ),
)
_ACCOUNT_SOCKET_TEXTS: Mapping[str, ErrorClass] = MappingProxyType(
    {
        "invalid.symbol": e.UnknownSymbolError,
        "invalid.ch": e.UnknownTopicError,
        "missing.param.auth": e.AuthenticationError,
    }
)

_CLASSES_BY_HTTP_STATUS: Mapping[int, ErrorClass] = MappingProxyType(
    {
        400: e.InvalidRequestError,
        401: e.AuthenticationError,
        403: e.PermissionDeniedError,
        404: e.EndpointNotFoundError,
        405: e.EndpointNotFoundError,  # what the venue answers for an unknown path (htx§1)
        429: e.RateLimitError,
    }
)

_V2_SUCCESS = 200
_NO_MESSAGE = "refused without a message"


def status_class(http_status: int) -> ErrorClass:
    """The class of a failure that only its HTTP status tells."""
    return e.ServerFaultError if http_status >= 500 else _CLASSES_BY_HTTP_STATUS.get(http_status, e.HtxError)


def v1_class(code: str, message: str, *, http_status: int | None = None) -> ErrorClass:
    """The class of an `err-code`, refined by its text; an unknown code falls back to the HTTP status."""
    for known, beginning, error_class in _TEXTS:
        if code == known and message.startswith(beginning):
            return error_class
    if code in V1_CLASSES:
        return V1_CLASSES[code]
    return e.HtxError if http_status is None else status_class(http_status)


def error_in(payload: object, *, http_status: int) -> e.HtxError | None:
    """The failure that a REST reply describes, or None.

    A v1 reply fails by `status`, a v2 reply by `code`, both usually under HTTP 200. A reply outside 2xx is a failure whatever
    it holds.
    """
    if isinstance(payload, dict):
        if payload.get("status") == "error" or "err-code" in payload:
            return v1_failure(payload, http_status=http_status)
        code = number(payload.get("code"))
        if code is not None and code != _V2_SUCCESS:
            error_class = V2_CLASSES.get(code) or status_class(http_status)
            return error_class(_text(payload, "message") or _NO_MESSAGE, code=code, http_status=http_status)
    if 200 <= http_status < 300:
        return None
    return status_class(http_status)(f"HTTP {http_status}", http_status=http_status)


def v1_failure(row: Mapping[str, object], *, http_status: int | None) -> e.HtxError:
    """The exception for a v1 body, for one item of a batch, or for a refusal on a market socket."""
    code, message = _text(row, "err-code"), _text(row, "err-msg")
    return v1_class(code, message, http_status=http_status)(
        message or _NO_MESSAGE,
        code=code or None,
        http_status=http_status,
        order_id=_id(row, "order-id"),
        client_order_id=_id(row, "client-order-id"),
        order_state=number(row.get("order-state")),
    )


def account_socket_failure(row: Mapping[str, object]) -> e.HtxError:
    """The exception for a refusal on the account socket."""
    code, message = number(row.get("code")), _text(row, "message")
    known = ACCOUNT_SOCKET_CLASSES.get(code, e.HtxError) if code is not None else e.HtxError
    return _ACCOUNT_SOCKET_TEXTS.get(message, known)(message or _NO_MESSAGE, code=code)


def number(value: object) -> int | None:
    """An integer, quoted or not; None for anything else, and for text of more digits than any code or time has."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.removeprefix("-").isdigit():
        return int(value)
    return None


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _id(row: Mapping[str, object], name: str) -> str | None:
    """An id as text; empty and absent ones are None."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None
