"""What each fault and each refusal becomes on Coinstore's wire. Source: cs§4 and cs§11.

Errors of the venue are HTTP 200 with `message` and a number; those of a transfer say `msg` and have `data` (cs§7.14). Errors of
the web server in front have its own body and their HTTP status.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from mockex.core.rejects import RejectReason
from mockex.venues.coinstore.error_codes import ERRORS, GATE_ERRORS, HTTP_ERRORS
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.timestamps import iso_ms

# Tags of routes.
TRANSFERS = "transfers"  # errors say `msg` and have `data`

BASE_PATH = "/api"

STRICT_SWITCH = "strict_documents"


class CoinstoreFault(Enum):
    """What only this venue finds wrong with a request."""

    LOGIN_FROZEN = auto()  # the parent has frozen the sub-account's login
    PAIR_RESTRICTED = auto()
    TRADING_RESTRICTED = auto()
    SUB_TRADING_RESTRICTED = auto()
    SUB_PAIR_RESTRICTED = auto()
    SUB_NOT_ALLOWED = auto()  # a sub-account on a parent's business
    PRICE_TOO_LOW = auto()
    AMOUNT_DECIMALS = auto()
    NOT_FOUND_V2 = auto()  # an order that the newer call for one order does not find
    FUNDING_AMOUNT = auto()
    FUNDING_FIELD = auto()
    FUNDING_CURRENCY = auto()
    FUNDING_FUNDS = auto()


_ERRORS: Mapping[Enum, str] = {
    # cs§3.3
    FaultKind.API_KEY_MISSING: "user-not-login",
    FaultKind.SIGNATURE_MISSING: "signature-error",
    FaultKind.TIMESTAMP_MISSING: "signature-error",
    FaultKind.PASSPHRASE_MISSING: "signature-error",  # there are no passphrases here
    FaultKind.TIMESTAMP_INVALID: "signature-error",
    FaultKind.API_KEY_UNKNOWN: "signature-failed",
    FaultKind.API_KEY_FROZEN: "signature-failed",
    FaultKind.ACCOUNT_FROZEN: "signature-failed",
    CoinstoreFault.LOGIN_FROZEN: "signature-failed",
    FaultKind.IP_NOT_ALLOWED: "unauthorized",
    FaultKind.SIGNATURE_WRONG: "unauthorized",
    FaultKind.PASSPHRASE_WRONG: "unauthorized",
    FaultKind.TIMESTAMP_EXPIRED: "unauthorized",
    FaultKind.PERMISSION_DENIED: "unauthorized",  # proposed
    FaultKind.NOT_LOGGED_IN: "user-not-login",
    # cs§4
    FaultKind.CONTENT_TYPE: "bad-request",
    FaultKind.BODY_EMPTY: "bad-request",
    FaultKind.BODY_TOO_LARGE: "bad-request",
    FaultKind.BODY_NOT_JSON: "bad-request",
    FaultKind.ROUTE_UNKNOWN: "not-found",
    FaultKind.ROUTE_OFF: "not-found",
    FaultKind.METHOD_NOT_ALLOWED: "method-not-allowed",
    FaultKind.RATE_LIMITED: "too-many-visits",
    FaultKind.MAINTENANCE: "maintenance",
    FaultKind.INTERNAL: "internal",
    # cs§11.2
    FaultKind.PARAM_MISSING: "field-required",
    FaultKind.PARAM_FORMAT: "field-invalid",
    FaultKind.PARAM_VALUE: "field-invalid",
    # cs§11.1
    FaultKind.SYMBOL_UNKNOWN: "symbol-not-found",
    FaultKind.ASSET_UNKNOWN: "transfer-currency",
    FaultKind.ORDER_UNKNOWN: "order-not-found",
    CoinstoreFault.PAIR_RESTRICTED: "part-trade-limit",
    CoinstoreFault.TRADING_RESTRICTED: "trade-limit",
    CoinstoreFault.SUB_TRADING_RESTRICTED: "user-trade-limit",
    CoinstoreFault.SUB_PAIR_RESTRICTED: "user-part-trade-limit",
    CoinstoreFault.SUB_NOT_ALLOWED: "sub-user",
    CoinstoreFault.PRICE_TOO_LOW: "below-min-price",
    CoinstoreFault.AMOUNT_DECIMALS: "amount-precision",
    CoinstoreFault.NOT_FOUND_V2: "order-not-exist",
    CoinstoreFault.FUNDING_AMOUNT: "transfer-amount",
    CoinstoreFault.FUNDING_FIELD: "transfer-field",
    CoinstoreFault.FUNDING_CURRENCY: "transfer-currency",
    CoinstoreFault.FUNDING_FUNDS: "transfer-funds",
    RejectReason.SYMBOL_UNKNOWN: "symbol-not-found",
    RejectReason.ACCOUNT_UNKNOWN: "signature-failed",
    RejectReason.ACCOUNT_FROZEN: "trade-limit",
    RejectReason.ACCOUNT_EXISTS: "field-invalid",  # never: no route opens accounts
    RejectReason.ASSET_UNKNOWN: "transfer-currency",
    RejectReason.INSTRUMENT_HALTED: "symbol-not-found",  # cs§8: openTrade is false
    RejectReason.AUCTION_LIMIT_ONLY: "symbol-not-found",  # ASSUMED, like the next two: this venue has no auctions
    RejectReason.AUCTION_MARKET_ONLY: "symbol-not-found",
    RejectReason.AUCTION_NO_CANCEL: "symbol-not-found",
    RejectReason.ORDER_TERMS_INVALID: "field-invalid",
    RejectReason.PRICE_NOT_POSITIVE: "below-min-price",
    RejectReason.PRICE_OFF_TICK: "price-precision",
    RejectReason.QTY_NOT_POSITIVE: "below-min-size",
    RejectReason.QTY_OFF_LOT: "quantity-precision",
    RejectReason.QTY_OFF_STEP: "quantity-precision",
    RejectReason.QTY_BELOW_MINIMUM: "below-min-size",
    RejectReason.QTY_ABOVE_MAXIMUM: "field-invalid",  # of an operator's pairs only: the venue has no maxima
    RejectReason.NOTIONAL_BELOW_MINIMUM: "below-min-value",
    RejectReason.MARKET_SELL_BELOW_MINIMUM: "below-min-size",
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: "field-invalid",
    RejectReason.BUDGET_BELOW_MINIMUM: "below-min-value",
    RejectReason.BUDGET_ABOVE_MAXIMUM: "field-invalid",
    RejectReason.INSUFFICIENT_FUNDS: "account-insufficient",
    RejectReason.DUPLICATE_CLIENT_ID: "duplicate-order",
    RejectReason.TOO_MANY_OPEN_ORDERS: "active-order-limit",
    RejectReason.POST_ONLY_WOULD_TAKE: "field-invalid",  # by a switch only
    RejectReason.FOK_NOT_FILLABLE: "field-invalid",  # never, likewise
    RejectReason.PRICE_BAND_EXCEEDED: "field-invalid",  # never: the venue documents no band
    RejectReason.PRICE_ABOVE_BAND: "field-invalid",
    RejectReason.PRICE_BELOW_BAND: "field-invalid",
    RejectReason.TRIGGER_MET_ALREADY: "field-invalid",  # never: there are no stop orders
    RejectReason.POSITION_UNKNOWN: "field-invalid",  # never, like the next four: this venue has no contracts
    RejectReason.POSITION_SIDE_WRONG: "field-invalid",
    RejectReason.POSITION_TERMS_CHANGED: "field-invalid",
    RejectReason.LEVERAGE_OUT_OF_RANGE: "field-invalid",
    RejectReason.QTY_ABOVE_CLOSABLE: "field-invalid",
    RejectReason.MARGIN_TOO_SMALL: "field-invalid",
    RejectReason.ORDER_UNKNOWN: "order-not-found",
    RejectReason.ORDER_SYMBOL_MISMATCH: "order-not-found",
    RejectReason.ORDER_FILLED: "order-not-found",  # never: a cancel looks first (cs§7.9)
    RejectReason.ORDER_CANCELLED: "order-not-found",
    RejectReason.AMOUNT_NOT_POSITIVE: "transfer-amount",
    RejectReason.WALLET_FROZEN: "trade-limit",
    RejectReason.SAME_WALLET: "transfer-field",
    RejectReason.PAYMENT_UNKNOWN: "transfer-amount",
    RejectReason.PAYMENT_STEP_INVALID: "transfer-amount",
}

WIRE_ERRORS: Mapping[Enum, WireError] = {kind: ERRORS[name] for kind, name in _ERRORS.items()}


def failure(error: WireError, message: str) -> dict[str, object]:
    """The venue's own body (observed)."""
    return {"message": message, "code": int(error.code)}


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """The reply to a failed request, in the shape of whoever has refused it."""
    message = error.text(fault.detail)
    body: dict[str, object]
    if error in HTTP_ERRORS:
        body = _web_server_failure(call, error, message)
    elif call.route is not None and TRANSFERS in call.route.tags and error not in GATE_ERRORS:
        body = {"code": int(error.code), "msg": message, "data": None}
    else:
        body = failure(error, message)
    return WireResponse(_status(call, error), dumps(body))


def _status(call: Call, error: WireError) -> int:
    """An unknown key is HTTP 401 by the documents, and was seen to be HTTP 200 (cs§3.3)."""
    strict = error is ERRORS["signature-failed"] and call.desk.switch(STRICT_SWITCH)
    return 401 if strict else error.status


def _web_server_failure(call: Call, error: WireError, message: str) -> dict[str, object]:
    """The body of the framework that the venue runs on; it knows the path without the prefix (observed)."""
    now = iso_ms(call.desk.wall_ns()).removesuffix("Z")
    path = call.request.path.removeprefix(BASE_PATH)
    return {
        "timestamp": f"{now}+00:00",
        "status": error.status,
        "error": message,
        "path": path.encode("utf-8", "replace").decode("utf-8"),
    }
