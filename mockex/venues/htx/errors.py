"""What each fault and each refusal becomes on HTX's wire, and the three shapes of a failed reply. Source: htx§3 and htx§7.

v1 says `err-code` and `err-msg`, market data the same with `ts` in front, v2 a number and a `message`. A fault has a v1 error
and a v2 error; which one is told depends on the route.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from mockex.core.rejects import RejectReason
from mockex.venues.htx.account_errors import ACCOUNT_V1, ACCOUNT_V2
from mockex.venues.htx.error_codes import ERRORS_BY_CODE, signature_error, variant
from mockex.venues.htx.limits import rate_headers
from mockex.wire.faults import ApiFault, FaultKind, PlannedFailure, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

# Tags of routes.
MARKET = "market data"  # failures carry `ts`
V2 = "v2"  # failures are a number and a message

MS_NS = 1_000_000


class HtxFault(Enum):
    """What only this venue finds wrong with a request."""

    GET_WITH_BODY = auto()
    # Market data (htx§3.2)
    SYMBOL_MISSING = auto()
    SYMBOL_INVALID = auto()
    PERIOD_INVALID = auto()
    DEPTH_INVALID = auto()
    TYPE_INVALID = auto()
    SIZE_INVALID = auto()
    SIZE_OUT_OF_RANGE = auto()
    NOT_OPEN = auto()
    # Orders (htx§7)
    SOURCE_INVALID = auto()
    CLIENT_ID_INVALID = auto()
    STOP_FIELD_MISSING = auto()
    OPENING_PRICE_HIGH = auto()
    OPENING_PRICE_LOW = auto()
    ORDERS_OFF = auto()
    TIMEOUT_MISSING = auto()
    CANCELS_OFF = auto()
    CANCEL_FORBIDDEN = auto()
    RECORD_NOT_FOUND = auto()
    ORDER_NOT_FOUND = auto()
    INTERVAL_INVALID = auto()
    START_TIME_INVALID = auto()
    END_TIME_INVALID = auto()
    START_DATE_INVALID = auto()
    END_DATE_INVALID = auto()
    ORDERS_TOO_OLD = auto()
    FILLS_TOO_OLD = auto()
    # Accounts (htx§3.3)
    BALANCE_ACCOUNT_UNKNOWN = auto()


def _market(message: str) -> WireError:
    return variant("invalid-parameter", message)


_WRONG_KEY = signature_error("Incorrect Access key [Access key错误]")
_WRONG_TIME = signature_error("Invalid submission time or incorrect time format [无效的提交时间，或时间格式错误]")
_NOT_VERIFIED = ERRORS_BY_CODE["api-signature-not-valid"]
_NOT_JSON = variant("bad-request", "request body is not JSON")

# htx§7, unless said otherwise.
_V1: Mapping[Enum, str | WireError] = {
    FaultKind.API_KEY_MISSING: "login-required",  # no authentication parameter at all
    FaultKind.SIGNATURE_MISSING: _NOT_VERIFIED,  # some of them
    FaultKind.TIMESTAMP_MISSING: _NOT_VERIFIED,
    FaultKind.PASSPHRASE_MISSING: _NOT_VERIFIED,  # there are no passphrases here
    FaultKind.TIMESTAMP_INVALID: _WRONG_TIME,
    FaultKind.TIMESTAMP_EXPIRED: _WRONG_TIME,
    FaultKind.API_KEY_UNKNOWN: _WRONG_KEY,
    FaultKind.PASSPHRASE_WRONG: _NOT_VERIFIED,
    FaultKind.SIGNATURE_WRONG: _NOT_VERIFIED,
    FaultKind.IP_NOT_ALLOWED: signature_error("Incorrect IP address [IP地址错误]:{value}"),
    FaultKind.API_KEY_FROZEN: _WRONG_KEY,  # ASSUMED: as if there were none
    FaultKind.ACCOUNT_FROZEN: "operation-forbidden-for-lock-account-state",
    FaultKind.PERMISSION_DENIED: signature_error("API key has no permission [API Key没有权限]"),
    FaultKind.CONTENT_TYPE: _NOT_JSON,  # ASSUMED, like the next three: the table has nothing closer
    FaultKind.BODY_EMPTY: variant("bad-request", "request body is empty"),
    FaultKind.BODY_TOO_LARGE: variant("bad-request", "request body is too large"),
    FaultKind.BODY_NOT_JSON: _NOT_JSON,
    FaultKind.ROUTE_UNKNOWN: "method-not-allowed",
    FaultKind.METHOD_NOT_ALLOWED: "method-not-allowed",
    FaultKind.ROUTE_OFF: "base-operation-forbidden",  # ASSUMED
    FaultKind.RATE_LIMITED: "rate-too-many-requests",
    FaultKind.PARAM_MISSING: "validation-constraints-required",
    FaultKind.PARAM_FORMAT: "validation-format-error",
    FaultKind.PARAM_VALUE: "base-argument-unsupported",
    FaultKind.SYMBOL_UNKNOWN: "base-symbol-error",
    FaultKind.ASSET_UNKNOWN: "base-argument-unsupported",
    FaultKind.ORDER_UNKNOWN: "base-record-invalid",
    FaultKind.NOT_LOGGED_IN: "login-required",
    FaultKind.MAINTENANCE: "system-maintenance",
    FaultKind.INTERNAL: variant("base-system-error", status=500),
    RejectReason.SYMBOL_UNKNOWN: "base-symbol-error",
    RejectReason.ACCOUNT_UNKNOWN: "account-account-id-inexistent",
    RejectReason.ACCOUNT_FROZEN: "operation-forbidden-for-lock-account-state",
    RejectReason.ACCOUNT_EXISTS: "base-operation-forbidden",  # never: no route opens accounts
    RejectReason.ASSET_UNKNOWN: "base-argument-unsupported",
    RejectReason.INSTRUMENT_HALTED: "base-symbol-trade-disabled",
    RejectReason.AUCTION_LIMIT_ONLY: "market-orders-not-support-during-limit-price-trading",
    RejectReason.AUCTION_MARKET_ONLY: "forbidden-trade-for-open-protect",
    RejectReason.AUCTION_NO_CANCEL: "cancel-disabled",
    RejectReason.ORDER_TERMS_INVALID: "order-type-invalid",
    RejectReason.PRICE_NOT_POSITIVE: "order-invalid-price",
    RejectReason.PRICE_OFF_TICK: "order-orderprice-precision-error",
    RejectReason.QTY_NOT_POSITIVE: "order-limitorder-amount-min-error",
    RejectReason.QTY_OFF_LOT: "order-orderamount-precision-error",
    RejectReason.QTY_OFF_STEP: "order-orderamount-precision-error",
    RejectReason.QTY_BELOW_MINIMUM: "order-limitorder-amount-min-error",
    RejectReason.QTY_ABOVE_MAXIMUM: "order-limitorder-amount-max-error",
    RejectReason.NOTIONAL_BELOW_MINIMUM: "order-value-min-error",
    RejectReason.MARKET_SELL_BELOW_MINIMUM: "order-marketorder-amount-min-error",
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: "order-marketorder-amount-sell-max-error",
    RejectReason.BUDGET_BELOW_MINIMUM: "order-value-min-error",
    RejectReason.BUDGET_ABOVE_MAXIMUM: "order-marketorder-amount-buy-max-error",
    RejectReason.INSUFFICIENT_FUNDS: "account-frozen-balance-insufficient-error",
    RejectReason.DUPLICATE_CLIENT_ID: "invalid-client-order-id",
    RejectReason.TOO_MANY_OPEN_ORDERS: "order-amount-over-limit",
    RejectReason.POST_ONLY_WOULD_TAKE: "order-update-error",  # never: such an order is accepted, then canceled
    RejectReason.FOK_NOT_FILLABLE: "order-update-error",  # never, likewise
    RejectReason.PRICE_BAND_EXCEEDED: "order-update-error",  # never, likewise
    RejectReason.PRICE_ABOVE_BAND: "order-limitorder-price-max-error",
    RejectReason.PRICE_BELOW_BAND: "order-limitorder-price-min-error",
    RejectReason.TRIGGER_MET_ALREADY: "order-stop-order-hit-trigger",
    RejectReason.POSITION_UNKNOWN: "base-argument-unsupported",  # never, like the next four: this venue has no contracts
    RejectReason.POSITION_SIDE_WRONG: "base-argument-unsupported",
    RejectReason.POSITION_TERMS_CHANGED: "base-argument-unsupported",
    RejectReason.LEVERAGE_OUT_OF_RANGE: "base-argument-unsupported",
    RejectReason.QTY_ABOVE_CLOSABLE: "base-argument-unsupported",
    RejectReason.MARGIN_TOO_SMALL: "base-argument-unsupported",
    RejectReason.ORDER_UNKNOWN: "base-record-invalid",
    RejectReason.ORDER_SYMBOL_MISMATCH: "base-record-invalid",
    RejectReason.ORDER_FILLED: "order-orderstate-error",
    RejectReason.ORDER_CANCELLED: "order-orderstate-error",
    RejectReason.AMOUNT_NOT_POSITIVE: "order-marketorder-amount-min-error",
    RejectReason.WALLET_FROZEN: "operation-forbidden-for-lock-account-state",
    RejectReason.SAME_WALLET: "dw-account-transfer-error",
    RejectReason.PAYMENT_UNKNOWN: "base-record-invalid",
    RejectReason.PAYMENT_STEP_INVALID: "base-operation-forbidden",
    HtxFault.GET_WITH_BODY: "forbidden",
    HtxFault.SYMBOL_MISSING: "require-symbol",
    HtxFault.SYMBOL_INVALID: _market("invalid symbol"),
    HtxFault.PERIOD_INVALID: _market("invalid period"),
    HtxFault.DEPTH_INVALID: _market("invalid depth"),
    HtxFault.TYPE_INVALID: _market("invalid type"),
    HtxFault.SIZE_INVALID: _market("invalid size"),
    HtxFault.SIZE_OUT_OF_RANGE: _market("invalid size,valid range: [{range}]"),
    HtxFault.NOT_OPEN: _market("symbol trade not open now"),
    HtxFault.SOURCE_INVALID: "order-source-invalid",
    HtxFault.CLIENT_ID_INVALID: "invalid-client-order-id",
    HtxFault.STOP_FIELD_MISSING: "parameter-required",
    HtxFault.OPENING_PRICE_HIGH: "order-price-greater-than-limit",
    HtxFault.OPENING_PRICE_LOW: "order-price-less-than-limit",
    HtxFault.ORDERS_OFF: "order-disabled",
    HtxFault.TIMEOUT_MISSING: "parameter-required",  # never: only v2 asks for it
    HtxFault.CANCELS_OFF: "cancel-disabled",
    HtxFault.CANCEL_FORBIDDEN: "order-user-cancel-forbidden",
    HtxFault.RECORD_NOT_FOUND: "base-not-found",  # in a list of cancels
    HtxFault.ORDER_NOT_FOUND: "order-queryorder-invalid",  # asked for its fills (ASSUMED)
    HtxFault.INTERVAL_INVALID: "invalid-interval",
    HtxFault.START_TIME_INVALID: "invalid-start-time",
    HtxFault.END_TIME_INVALID: "invalid-end-time",
    HtxFault.START_DATE_INVALID: "invalid-start-date",
    HtxFault.END_DATE_INVALID: "invalid-end-date",
    HtxFault.ORDERS_TOO_OLD: "order-date-limit-error",
    HtxFault.FILLS_TOO_OLD: "base-date-limit-error",
    HtxFault.BALANCE_ACCOUNT_UNKNOWN: "account-get-accounts-inexistent-error",
    **ACCOUNT_V1,
}

# htx§3.2: documented under a code of its own, seen under this one.
_SYMBOL_MISSING_OBSERVED = _market("Parameter `symbol` is required.")

WIRE_ERRORS: Mapping[Enum, WireError] = {
    kind: ERRORS_BY_CODE[error] if isinstance(error, str) else error for kind, error in _V1.items()
}

_FORBIDDEN = variant("1002", "forbidden")


def _field(name: str) -> WireError:
    return variant("2002", f'invalid field value in "{name}"')


# What v2 says of the same. htx§7 has the codes; which fault has which is ASSUMED. The rest is a system error.
_V2: Mapping[Enum, str | WireError] = {
    FaultKind.API_KEY_MISSING: "1002",
    FaultKind.SIGNATURE_MISSING: "1003",
    FaultKind.TIMESTAMP_MISSING: "1003",
    FaultKind.PASSPHRASE_MISSING: "1003",
    FaultKind.TIMESTAMP_INVALID: "1003",
    FaultKind.TIMESTAMP_EXPIRED: "1003",
    FaultKind.API_KEY_UNKNOWN: "1003",
    FaultKind.PASSPHRASE_WRONG: "1003",
    FaultKind.SIGNATURE_WRONG: "1003",
    FaultKind.IP_NOT_ALLOWED: _FORBIDDEN,
    FaultKind.API_KEY_FROZEN: "1003",
    FaultKind.ACCOUNT_FROZEN: _FORBIDDEN,
    FaultKind.PERMISSION_DENIED: _FORBIDDEN,
    FaultKind.CONTENT_TYPE: _field("body"),
    FaultKind.BODY_EMPTY: _field("body"),
    FaultKind.BODY_TOO_LARGE: _field("body"),
    FaultKind.BODY_NOT_JSON: _field("body"),
    FaultKind.ROUTE_OFF: _FORBIDDEN,
    FaultKind.RATE_LIMITED: "1006",
    FaultKind.PARAM_MISSING: "2003",
    FaultKind.PARAM_FORMAT: "2002",
    FaultKind.PARAM_VALUE: "2002",
    FaultKind.SYMBOL_UNKNOWN: _field("symbol"),
    FaultKind.ASSET_UNKNOWN: _field("currency"),
    FaultKind.ORDER_UNKNOWN: "1007",
    FaultKind.NOT_LOGGED_IN: "1002",
    FaultKind.INTERNAL: variant("500", status=500),
    RejectReason.SYMBOL_UNKNOWN: _field("symbol"),
    RejectReason.ACCOUNT_UNKNOWN: _FORBIDDEN,
    HtxFault.BALANCE_ACCOUNT_UNKNOWN: _FORBIDDEN,
    RejectReason.ACCOUNT_FROZEN: _FORBIDDEN,
    RejectReason.ASSET_UNKNOWN: _field("currency"),
    RejectReason.INSTRUMENT_HALTED: variant("2003", "trading is disabled"),  # htx§7: of conditional orders
    RejectReason.AUCTION_LIMIT_ONLY: "3100",
    RejectReason.PRICE_NOT_POSITIVE: "3007",
    RejectReason.PRICE_OFF_TICK: "3003",
    RejectReason.QTY_NOT_POSITIVE: "3004",
    RejectReason.QTY_OFF_LOT: "3002",
    RejectReason.QTY_OFF_STEP: "3002",
    RejectReason.QTY_BELOW_MINIMUM: "3004",
    RejectReason.QTY_ABOVE_MAXIMUM: "3005",
    RejectReason.NOTIONAL_BELOW_MINIMUM: "3008",
    RejectReason.MARKET_SELL_BELOW_MINIMUM: "3009",
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: "3010",
    RejectReason.BUDGET_BELOW_MINIMUM: "3009",
    RejectReason.BUDGET_ABOVE_MAXIMUM: "3010",
    RejectReason.PRICE_ABOVE_BAND: "3006",
    RejectReason.PRICE_BELOW_BAND: "3007",
    RejectReason.DUPLICATE_CLIENT_ID: _field("clientOrderId"),
    RejectReason.TRIGGER_MET_ALREADY: _field("stopPrice"),
    HtxFault.ORDERS_OFF: variant("2003", "trading is disabled"),
    HtxFault.TIMEOUT_MISSING: variant("2003", "missing mandatory field"),  # htx§3.4 prints it so, of the dead man's switch
    RejectReason.ORDER_UNKNOWN: "1007",
    RejectReason.AMOUNT_NOT_POSITIVE: _field("amount"),
    **ACCOUNT_V2,
}
_V2_REST = ERRORS_BY_CODE["500"]


def v2_error(kind: Enum) -> WireError:
    """What a v2 route says of a fault or a refusal. An unknown path and a GET with a body never get that far: as in v1."""
    error = _V2.get(kind, _V2_REST)
    return ERRORS_BY_CODE[error] if isinstance(error, str) else error


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """The reply to a failed request. A fault that was planned by its code has the shape in which that code occurs."""
    tags = frozenset[str]() if call.route is None else call.route.tags
    if isinstance(fault, PlannedFailure):
        is_v2 = error.code.isdigit()
    elif fault.kind is HtxFault.SYMBOL_MISSING and call.desk.settings.observed:
        is_v2, error = False, _SYMBOL_MISSING_OBSERVED
    elif is_v2 := V2 in tags and fault.kind is not HtxFault.GET_WITH_BODY:
        error = v2_error(fault.kind)
    message = error.text(fault.detail)
    body: dict[str, object]
    if is_v2:
        body = {"code": int(error.code), "message": message}
    elif MARKET in tags:
        body = {"ts": call.desk.clock.now_ns() // MS_NS, **v1_failure(error.code, message)}
    elif error.status == 429:
        body = v1_failure(error.code, message)  # htx§7 shows it without data
    elif "order_state" in fault.detail:
        body = {**v1_failure(error.code, message), "order-state": int(fault.detail["order_state"])}  # htx§3.4, the same
    else:
        body = {**v1_failure(error.code, message), "data": None}
    return WireResponse(error.status, dumps(body), rate_headers(call), error=error.code)


def v1_failure(code: str, message: str) -> dict[str, object]:
    """The fields that every failure of v1 has, on the wire of a socket too (htx§5)."""
    return {"status": "error", "err-code": code, "err-msg": message}
