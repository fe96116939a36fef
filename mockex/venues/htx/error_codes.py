"""HTX's error codes, v1 and v2, each with its HTTP status and message. Source: htx§7, in the order of that table.

Texts that no source prints are English renderings (ASSUMED): those without a back quote, a bracket or a figure of their own.
A code that nothing in the simulator raises is here for planned faults.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.wire.faults import WireError

SIGNATURE = "api-signature-not-valid"
_WRONG = "Signature not valid: Verification failure [校验失败]"

# Business errors come with HTTP 200 (htx§7). Code, message; where a code has several, the first of its list.
_V1: tuple[tuple[str, str], ...] = (
    (SIGNATURE, _WRONG),
    ("login-required", "Signature is missing"),
    ("account-frozen-balance-insufficient-error", "trade account balance is not enough, left: `{limit}`"),
    ("account-get-accounts-inexistent-error", "account for id `{value}` and user id `{user}` does not exist"),
    ("account-account-id-inexistent", "account id does not exist"),
    ("invalid-parameter", "invalid symbol"),
    ("bad-request", "invalid symbol"),
    ("require-symbol", "Parameter `symbol` is required."),
    ("base-symbol-error", "The symbol is invalid"),
    ("base-symbol-trade-disabled", "Trading is disabled for this symbol"),
    ("symbol-not-support", "symbol is not supported"),
    ("base-argument-unsupported", "argument is not supported: {field}"),
    ("parameter-required", "parameter is required: {field}"),
    ("validation-format-error", "Format Error: {field}."),
    ("validation-constraints-required", "Field is missing: {field}."),
    ("order-type-invalid", "order type is invalid"),
    ("order-source-invalid", "order source is invalid"),
    ("order-orderprice-precision-error", "order price precision error, scale: `{limit}`"),
    ("order-orderamount-precision-error", "order amount precision error, scale: `{limit}`"),
    ("order-limitorder-amount-min-error", "limit order amount error, min: `{limit}`"),
    ("order-limitorder-amount-max-error", "limit order amount error, max: `{limit}`"),
    ("order-marketorder-amount-min-error", "market order amount error, min: `{limit}`"),
    ("order-marketorder-amount-buy-max-error", "market order amount error, max: `{limit}`"),
    ("order-marketorder-amount-sell-max-error", "market order amount error, max: `{limit}`"),
    ("order-value-min-error", "Order total cannot be lower than: {limit} {asset}"),
    ("order-limitorder-price-max-error", "limit order price error, max: `{limit}`"),
    ("order-limitorder-price-min-error", "limit order price error, min: `{limit}`"),
    ("order-limitorder-price-buy-max-error", "The price cannot be higher than {limit} {asset}"),
    ("order-limitorder-price-buy-min-error", "The price cannot be lower than {limit} {asset}"),
    ("order-limitorder-price-sell-min-error", "The price cannot be lower than {limit} {asset}"),
    ("order-limitorder-price-sell-max-error", "The price cannot be higher than {limit} {asset}"),
    ("order-invalid-price", "invalid price"),
    ("order-price-greater-than-limit", "order price is greater than the limit"),
    ("order-price-less-than-limit", "order price is less than the limit"),
    (
        "price-exceeds-the-protective-price-during-limit-price-trading",
        "price exceeds the protective price during limit price trading",
    ),
    ("market-orders-not-support-during-limit-price-trading", "market orders are not supported during limit price trading"),
    ("forbidden-trade-for-open-protect", "trading is forbidden while the opening is protected"),
    ("order-orderstate-error", "Incorrect order state"),
    ("order-user-cancel-forbidden", "the order cannot be cancelled by its user"),
    ("order-update-error", "order update error"),
    ("order-queryorder-invalid", "order not found"),
    ("base-record-invalid", "record invalid"),
    ("base-not-found", "The record is not found."),
    ("not-found", "not found"),
    ("invalid-client-order-id", "client order id is invalid or duplicated"),
    ("order-stop-order-hit-trigger", "Orders that are triggered immediately are not supported."),
    ("order-date-limit-error", "date less than system limit"),
    ("base-date-limit-error", "date less than system limit"),
    ("invalid-interval", "invalid interval"),
    ("invalid-start-date", "invalid start date"),
    ("invalid-end-date", "invalid end date"),
    ("invalid-start-time", "invalid start time"),
    ("invalid-end-time", "invalid end time"),
    ("order-holding-limit-failed", "the holding limit is exceeded"),
    ("order-amount-over-limit", "the limit of open orders is exceeded"),
    ("order-disabled", "ordering is disabled for this symbol"),
    ("cancel-disabled", "cancelling is disabled for this symbol"),
    ("base-operation-forbidden", "operation is forbidden"),
    ("operation-forbidden-for-lock-account-state", "operation is forbidden: the account is locked"),
    ("sub-user-auth-required", "the sub user has no permission"),
    ("base-system-error", "Failed to load data. Try again later."),
    ("gateway-internal-error", "Failed to load data. Try again later."),
    ("system-maintenance", "system is in maintenance"),
    ("base-request-exceed-frequency-limit", "request exceeds the frequency limit"),
    ("dw-insufficient-balance", "insufficient balance"),
    ("dw-account-transfer-error", "account transfer error"),
    ("api-not-support-temp-addr", "the address is not in the list of withdrawal addresses"),
    ("invalid-address", "invalid address"),
    ("base-currency-chain-error", "currency and chain do not match"),
    ("base-withdraw-fee-error", "the withdrawal fee is not accepted"),
    ("dw-withdraw-min-limit", "the withdrawal is below the minimum"),
    # Listed without a cause that a simulated account could meet (htx§7).
    ("order-accountbalance-error", "account balance error"),
    ("order-etp-nav-price-min-error", "The price cannot be lower than {limit}"),
    ("order-etp-nav-price-max-error", "The price cannot be higher than {limit}"),
    ("order-fl-cancellation-is-disallowed", "cancellation is disallowed during liquidation"),
    ("operation-forbidden-for-fl-account-state", "operation is forbidden: the account is in liquidation"),
    ("fl-order-already-existed", "a liquidation order exists already"),
    ("account-state-invalid", "account state is invalid"),
)

_NOT_200 = (
    ("rate-too-many-requests", 429, "exceeded rate limit"),  # htx§7: the status is unverified
    ("method-not-allowed", 405, "method not allowed"),  # htx§1: an unknown path; the body is unverified
    ("forbidden", 403, "a GET must not have a body"),  # htx§1.1: the status; code and text ASSUMED
)

V1_ERRORS: Mapping[str, WireError] = {
    **{code: WireError(status=200, code=code, message=message) for code, message in _V1},
    **{code: WireError(status=status, code=code, message=message) for code, status, message in _NOT_200},
}

V2_ERRORS: Mapping[str, WireError] = {
    code: WireError(status=429 if code == "1006" else 200, code=code, message=message)
    for code, message in (
        ("500", "system error"),
        ("1001", "invalid url"),
        ("1002", "unauthorized"),
        ("1003", "invalid signature"),
        ("1006", "rate limit"),
        ("1007", "no record"),
        ("2002", 'invalid field value in "{field}"'),
        ("2003", 'missing mandatory field "{field}"'),
        ("3002", "invalid amount precision"),
        ("3003", "invalid trigger price precision"),
        ("3004", "limit order amount is below the minimum"),
        ("3005", "limit order amount is above the maximum"),
        ("3006", "order price is above the maximum"),
        ("3007", "order price is below the minimum"),
        ("3008", "order value is below the minimum"),
        ("3009", "market order amount is below the minimum"),
        ("3010", "market order amount is above the maximum"),
        ("3100", "market orders are not supported during limit price trading"),
    )
}

# Of the account socket (htx§6), whose codes are numbers too and mean other things there. Where one has several messages, the
# first is what a planned fault says.
SOCKET_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "100": ("time out close",),
    "400": ("Bad Request",),
    "404": ("Not Found",),
    "429": ("Too Many Requests",),
    "500": ("system error",),
    "2000": ("invalid.ip",),
    "2001": ("invalid.ch", "invalid.symbol", "invalid.action", "invalid.json", "missing.param.auth"),
    "2002": ("auth.fail", "invalid.auth.state"),
    "2003": ("query.account.list.error",),
    "4000": ("too.many.request", "too.many.connection"),
}
SOCKET_CODES: Mapping[str, str] = {message: code for code, messages in SOCKET_MESSAGES.items() for message in messages}

# Those that only the socket has are here so that they can be planned.
_SOCKET_ERRORS: Mapping[str, WireError] = {
    code: WireError(status=200, code=code, message=messages[0])
    for code, messages in SOCKET_MESSAGES.items()
    if code not in V2_ERRORS
}

ERRORS_BY_CODE: Mapping[str, WireError] = {**V1_ERRORS, **V2_ERRORS, **_SOCKET_ERRORS}


def variant(code: str, message: str | None = None, *, status: int | None = None) -> WireError:
    """The same code in another wording, or with another status."""
    known = ERRORS_BY_CODE[code]
    return WireError(
        status=known.status if status is None else status,
        code=code,
        message=known.message if message is None else message,
    )


def signature_error(cause: str) -> WireError:
    """One of the messages of a signature that is not valid (htx§7, captured)."""
    return variant(SIGNATURE, f"Signature not valid: {cause}")
