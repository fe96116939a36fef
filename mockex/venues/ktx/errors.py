"""What each fault and each refusal becomes in `gen1`. Source: ktx§3 for the order of checks, ktx§5 for the codes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.core.rejects import RejectReason
from mockex.venues.ktx.error_codes import GEN1_ERRORS
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.limits import usage_headers
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

_FIELD = "{field}"
detailed = GEN1_ERRORS.detailed
_ERRORS: Mapping[Enum, str | WireError] = {
    FaultKind.API_KEY_MISSING: detailed("-21004", "api-key"),
    FaultKind.SIGNATURE_MISSING: detailed("-21004", "api-sign"),
    FaultKind.TIMESTAMP_MISSING: "-21004",  # never: the time of expiry may be absent
    FaultKind.PASSPHRASE_MISSING: "-21004",  # never: there are no passphrases here
    KtxFault.HEADER_EMPTY: detailed("-21005", _FIELD),
    FaultKind.TIMESTAMP_INVALID: detailed("-21006", "api-expire-time"),
    FaultKind.API_KEY_UNKNOWN: detailed("-21006", "api-key"),
    FaultKind.API_KEY_FROZEN: detailed("-21006", "api-key"),  # ASSUMED: as if there were none
    FaultKind.TIMESTAMP_EXPIRED: "-20005",
    FaultKind.PASSPHRASE_WRONG: "-21008",
    FaultKind.SIGNATURE_WRONG: detailed("-21008", "api-sign does not match"),
    FaultKind.IP_NOT_ALLOWED: "-20008",  # ASSUMED
    FaultKind.ACCOUNT_FROZEN: "-20008",  # ASSUMED
    FaultKind.PERMISSION_DENIED: "-20008",
    FaultKind.CONTENT_TYPE: "-21007",  # never: the type is not looked at
    FaultKind.BODY_EMPTY: "-21007",
    FaultKind.BODY_TOO_LARGE: "-21007",  # ASSUMED
    FaultKind.BODY_NOT_JSON: "-21007",
    FaultKind.ROUTE_UNKNOWN: detailed("-20002", "{method} {path}"),
    FaultKind.METHOD_NOT_ALLOWED: detailed("-20004", "{method} {path}"),
    FaultKind.ROUTE_OFF: "-20004",  # ASSUMED
    FaultKind.RATE_LIMITED: detailed("-20007", "{limit} requests in 10 s"),
    KtxFault.USAGE_EXCEEDED: detailed("-20006", "{limit} points in 10 s"),
    FaultKind.PARAM_MISSING: detailed("-21001", _FIELD),
    KtxFault.PARAM_EMPTY: detailed("-21002", _FIELD),
    FaultKind.PARAM_FORMAT: detailed("-21003", _FIELD),
    FaultKind.PARAM_VALUE: detailed("-21003", _FIELD),
    KtxFault.PARAM_COMBINATION: detailed("-21003", "this combination is not supported"),
    FaultKind.SYMBOL_UNKNOWN: detailed("-22003", "{value}"),
    FaultKind.ASSET_UNKNOWN: detailed("-21003", "asset"),
    FaultKind.ORDER_UNKNOWN: "-30001",
    KtxFault.ORDER_UNKNOWN: detailed("-30001", "order {value}"),
    KtxFault.POST_ONLY_CROSSES: detailed("-22002", "it would trade at once"),
    KtxFault.VALUE_TOO_LARGE: detailed("-22002", "value is above the maximum"),
    KtxFault.FOK_NOT_FILLABLE: "-22002",  # never: gen1 has no such orders
    KtxFault.TOO_MANY_STREAMS: detailed("-30004", "{limit} streams"),
    KtxFault.NOT_IMPLEMENTED: "-10001",  # never, like the next three: of gen2 alone
    KtxFault.TRANSFER_INVALID: "-22001",
    KtxFault.TRANSFER_DUPLICATE: "-30002",
    KtxFault.AMOUNT_UNCOVERED: "-30005",
    FaultKind.NOT_LOGGED_IN: "-20008",
    FaultKind.MAINTENANCE: detailed("-10001", "maintenance"),
    FaultKind.INTERNAL: "-10001",
    RejectReason.SYMBOL_UNKNOWN: "-22003",
    RejectReason.ACCOUNT_UNKNOWN: "-20008",
    RejectReason.ACCOUNT_FROZEN: "-20008",
    RejectReason.ACCOUNT_EXISTS: "-30002",  # never: no route opens accounts
    RejectReason.ASSET_UNKNOWN: "-21003",
    RejectReason.INSTRUMENT_HALTED: detailed("-22002", "the product is halted"),
    RejectReason.AUCTION_LIMIT_ONLY: detailed("-22002", "limit orders only"),
    RejectReason.AUCTION_MARKET_ONLY: detailed("-22002", "market orders only"),
    RejectReason.AUCTION_NO_CANCEL: detailed("-22002", "no cancels now"),
    RejectReason.ORDER_TERMS_INVALID: "-21003",
    RejectReason.PRICE_NOT_POSITIVE: detailed("-22002", "price"),
    RejectReason.PRICE_OFF_TICK: detailed("-22002", "price has too many decimals"),
    RejectReason.QTY_NOT_POSITIVE: detailed("-21003", "quantity"),
    RejectReason.QTY_OFF_LOT: detailed("-22002", "quantity has too many decimals"),
    RejectReason.QTY_OFF_STEP: detailed("-22002", "quantity has too many decimals"),
    RejectReason.QTY_BELOW_MINIMUM: detailed("-22002", "quantity is below the minimum"),
    RejectReason.QTY_ABOVE_MAXIMUM: detailed("-22002", "quantity is above the maximum"),
    RejectReason.NOTIONAL_BELOW_MINIMUM: detailed("-22002", "value is below the minimum"),
    RejectReason.MARKET_SELL_BELOW_MINIMUM: detailed("-22002", "quantity is below the minimum"),
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: detailed("-22002", "quantity is above the maximum"),
    RejectReason.BUDGET_BELOW_MINIMUM: "-22002",  # never: orders here say how much to trade
    RejectReason.BUDGET_ABOVE_MAXIMUM: "-22002",
    RejectReason.INSUFFICIENT_FUNDS: detailed("-30005", "{asset}"),
    RejectReason.DUPLICATE_CLIENT_ID: detailed("-30002", "client_order_id {value}"),
    RejectReason.TOO_MANY_OPEN_ORDERS: detailed("-30004", "{limit} open orders"),
    RejectReason.POST_ONLY_WOULD_TAKE: detailed("-22002", "it would trade at once"),
    RejectReason.FOK_NOT_FILLABLE: "-22002",  # never: gen1 has no such orders
    RejectReason.PRICE_BAND_EXCEEDED: "-22002",  # never: the venue documents no band
    RejectReason.PRICE_ABOVE_BAND: "-22002",
    RejectReason.PRICE_BELOW_BAND: "-22002",
    RejectReason.TRIGGER_MET_ALREADY: "-22002",  # never: gen1 has no stop orders
    # ktx§11
    RejectReason.POSITION_UNKNOWN: detailed("-30001", "position {value}"),
    RejectReason.POSITION_SIDE_WRONG: detailed("-22002", "wrong direction"),
    RejectReason.POSITION_TERMS_CHANGED: detailed("-22002", "leverage and margin method are the position's"),
    RejectReason.LEVERAGE_OUT_OF_RANGE: detailed("-21003", "leverage"),
    RejectReason.QTY_ABOVE_CLOSABLE: detailed("-30005", "more than can be closed"),
    RejectReason.MARGIN_TOO_SMALL: "-30005",  # never: gen1 does not change positions
    RejectReason.ORDER_UNKNOWN: "-30001",
    RejectReason.ORDER_SYMBOL_MISMATCH: "-30001",
    RejectReason.ORDER_FILLED: "-30001",
    RejectReason.ORDER_CANCELLED: "-30001",
    RejectReason.AMOUNT_NOT_POSITIVE: "-22001",  # never, like the rest: gen1 moves no funds
    RejectReason.WALLET_FROZEN: "-20008",
    RejectReason.SAME_WALLET: "-22001",
    RejectReason.PAYMENT_UNKNOWN: "-30001",
    RejectReason.PAYMENT_STEP_INVALID: "-22001",
}

WIRE_ERRORS: Mapping[Enum, WireError] = {
    kind: GEN1_ERRORS.by_code[error] if isinstance(error, str) else error for kind, error in _ERRORS.items()
}


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """`state` and `msg`, never wrapped."""
    message = error.text(fault.detail)
    return WireResponse(error.status, dumps({"state": int(error.code), "msg": message}), usage_headers(call))
