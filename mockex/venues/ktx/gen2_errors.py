"""What each fault and each refusal becomes in `gen2`. Source: ktx§14; which code means what where two could is ASSUMED.

A field of an order that is wrong has a code of its own. Where the table has a code twice, as for signatures and JSON, the one
that is new in this generation is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.core.rejects import RejectReason
from mockex.venues.ktx.error_codes import GEN2_ERRORS
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.limits import usage_headers
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

ORDER_FIELDS = "fields of orders"
"""Marks routes whose parameters are those of an order or of a position."""

_FIELD = "{field}"
_detailed = GEN2_ERRORS.detailed
_QTY_DECIMALS = _detailed("-21108", "too many decimals")
_QTY_SMALL, _QTY_LARGE = _detailed("-21108", "below the minimum"), _detailed("-21108", "above the maximum")
_POST_ONLY = _detailed("-21002", "it would trade at once")

_ERRORS: Mapping[Enum, str | WireError] = {
    FaultKind.API_KEY_MISSING: _detailed("-21004", "api-key"),
    FaultKind.SIGNATURE_MISSING: _detailed("-21004", "api-sign"),
    FaultKind.TIMESTAMP_MISSING: _detailed("-21004", "api-expire-time"),
    FaultKind.PASSPHRASE_MISSING: "-21004",  # never: there are no passphrases here
    KtxFault.HEADER_EMPTY: _detailed("-21005", _FIELD),
    FaultKind.TIMESTAMP_INVALID: _detailed("-21006", "api-expire-time"),
    FaultKind.API_KEY_UNKNOWN: _detailed("-21006", "api-key"),
    FaultKind.API_KEY_FROZEN: _detailed("-21006", "api-key"),
    FaultKind.TIMESTAMP_EXPIRED: "-11001",
    FaultKind.PASSPHRASE_WRONG: "-12101",
    FaultKind.SIGNATURE_WRONG: "-12101",
    FaultKind.IP_NOT_ALLOWED: "-12103",
    FaultKind.ACCOUNT_FROZEN: "-21201",
    FaultKind.PERMISSION_DENIED: "-11002",
    FaultKind.CONTENT_TYPE: "-12102",  # never: the type is not looked at
    FaultKind.BODY_EMPTY: "-12102",
    FaultKind.BODY_TOO_LARGE: "-12102",
    FaultKind.BODY_NOT_JSON: "-12102",
    FaultKind.ROUTE_UNKNOWN: _detailed("-12003", "{method} {path}"),
    FaultKind.METHOD_NOT_ALLOWED: _detailed("-12004", "{method} {path}"),
    FaultKind.ROUTE_OFF: "-12004",
    FaultKind.RATE_LIMITED: "-11003",
    KtxFault.USAGE_EXCEEDED: "-11004",
    FaultKind.PARAM_MISSING: _detailed("-12013", _FIELD),
    KtxFault.PARAM_EMPTY: _detailed("-12014", _FIELD),
    FaultKind.PARAM_FORMAT: _detailed("-12015", _FIELD),
    FaultKind.PARAM_VALUE: _detailed("-12015", _FIELD),
    KtxFault.PARAM_COMBINATION: _detailed("-12012", "this combination is not supported"),
    FaultKind.SYMBOL_UNKNOWN: _detailed("-21105", "{value}"),
    FaultKind.ASSET_UNKNOWN: _detailed("-12015", "symbol"),
    FaultKind.ORDER_UNKNOWN: "-20001",
    KtxFault.ORDER_UNKNOWN: "-20001",
    KtxFault.POST_ONLY_CROSSES: _POST_ONLY,
    KtxFault.FOK_NOT_FILLABLE: "-21001",
    KtxFault.VALUE_TOO_LARGE: _detailed("-21108", "value is above the maximum"),
    KtxFault.TOO_MANY_STREAMS: _detailed("-20004", "{limit} streams"),
    KtxFault.NOT_IMPLEMENTED: "-10002",
    KtxFault.TRANSFER_INVALID: _detailed("-22001", _FIELD),
    KtxFault.TRANSFER_DUPLICATE: _detailed("-20002", "transfer_id"),
    KtxFault.AMOUNT_UNCOVERED: "-20005",
    FaultKind.NOT_LOGGED_IN: "-11002",
    FaultKind.MAINTENANCE: _detailed("-10000", "maintenance"),
    FaultKind.INTERNAL: "-10000",
    RejectReason.SYMBOL_UNKNOWN: "-21105",
    RejectReason.ACCOUNT_UNKNOWN: "-21201",
    RejectReason.ACCOUNT_FROZEN: "-21201",
    RejectReason.ACCOUNT_EXISTS: "-20002",  # never: no route opens accounts
    RejectReason.ASSET_UNKNOWN: _detailed("-12015", "symbol"),
    RejectReason.INSTRUMENT_HALTED: _detailed("-10001", "the product is halted"),
    RejectReason.AUCTION_LIMIT_ONLY: _detailed("-10001", "limit orders only"),
    RejectReason.AUCTION_MARKET_ONLY: _detailed("-10001", "market orders only"),
    RejectReason.AUCTION_NO_CANCEL: _detailed("-10001", "no cancels now"),
    RejectReason.ORDER_TERMS_INVALID: "-21100",
    RejectReason.PRICE_NOT_POSITIVE: "-21107",
    RejectReason.PRICE_OFF_TICK: _detailed("-21107", "too many decimals"),
    RejectReason.QTY_NOT_POSITIVE: "-21108",
    RejectReason.QTY_OFF_LOT: _QTY_DECIMALS,
    RejectReason.QTY_OFF_STEP: _QTY_DECIMALS,
    RejectReason.QTY_BELOW_MINIMUM: _QTY_SMALL,
    RejectReason.QTY_ABOVE_MAXIMUM: _QTY_LARGE,
    RejectReason.NOTIONAL_BELOW_MINIMUM: _detailed("-21108", "value is below the minimum"),
    RejectReason.MARKET_SELL_BELOW_MINIMUM: _QTY_SMALL,
    RejectReason.MARKET_SELL_ABOVE_MAXIMUM: _QTY_LARGE,
    RejectReason.BUDGET_BELOW_MINIMUM: _QTY_SMALL,  # never: orders here say how much to trade
    RejectReason.BUDGET_ABOVE_MAXIMUM: _QTY_LARGE,
    RejectReason.INSUFFICIENT_FUNDS: "-21301",
    RejectReason.DUPLICATE_CLIENT_ID: "-21212",
    RejectReason.TOO_MANY_OPEN_ORDERS: "-21214",
    RejectReason.POST_ONLY_WOULD_TAKE: _POST_ONLY,
    RejectReason.FOK_NOT_FILLABLE: "-21001",
    RejectReason.PRICE_BAND_EXCEEDED: "-21107",  # never: the venue documents no band
    RejectReason.PRICE_ABOVE_BAND: "-21107",
    RejectReason.PRICE_BELOW_BAND: "-21107",
    RejectReason.TRIGGER_MET_ALREADY: "-21114",  # never: such orders are not served
    RejectReason.POSITION_UNKNOWN: "-21115",
    RejectReason.POSITION_SIDE_WRONG: "-21401",
    RejectReason.POSITION_TERMS_CHANGED: _detailed("-21118", "it is the position's"),
    RejectReason.LEVERAGE_OUT_OF_RANGE: "-21084",
    RejectReason.QTY_ABOVE_CLOSABLE: _detailed("-20005", "more than can be closed"),
    RejectReason.MARGIN_TOO_SMALL: _detailed("-21411", "too little margin would be left"),
    RejectReason.ORDER_UNKNOWN: "-20001",
    RejectReason.ORDER_SYMBOL_MISMATCH: "-20001",
    RejectReason.ORDER_FILLED: "-20001",
    RejectReason.ORDER_CANCELLED: "-20001",
    RejectReason.AMOUNT_NOT_POSITIVE: _detailed("-22001", "amount"),
    RejectReason.WALLET_FROZEN: "-21201",
    RejectReason.SAME_WALLET: "-22001",  # never, like the rest
    RejectReason.PAYMENT_UNKNOWN: "-20001",
    RejectReason.PAYMENT_STEP_INVALID: "-10001",
}

WIRE_ERRORS: Mapping[Enum, WireError] = {
    kind: GEN2_ERRORS.by_code[error] if isinstance(error, str) else error for kind, error in _ERRORS.items()
}

_BY_FIELD = {
    "id": "-21101",
    "order_id": "-21101",
    "client_order_id": "-21102",
    "type": "-21106",
    "price": "-21107",
    "quantity": "-21108",
    "time_in_force": "-21111",
    "tpo_trigger": "-21113",
    "slo_trigger": "-21113",
    "positionId": "-21115",
    "position_id": "-21115",
    "positionMerge": "-21116",
    "marginMethod": "-21118",
    "leverage": "-21084",
    "side": "-21401",
    "close": "-21402",
}
_WRONG_VALUE = frozenset({FaultKind.PARAM_FORMAT, FaultKind.PARAM_VALUE})


def _code_here(call: Call, fault: ApiFault) -> str | None:
    """The code that says it more closely than the table; None where there is none."""
    if call.route is None or ORDER_FIELDS not in call.route.tags:
        return None
    if fault.kind in _WRONG_VALUE:
        return _BY_FIELD.get(fault.detail.get("field", ""))
    if fault.kind is RejectReason.POSITION_SIDE_WRONG and isinstance(call.body, dict) and call.body.get("close") is True:
        return "-21402"
    if fault.kind is RejectReason.POSITION_TERMS_CHANGED and fault.detail.get("value", "").isdecimal():
        return "-21084"
    return None


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """`state` and `msg`, never wrapped."""
    code = _code_here(call, fault)
    told = error if code is None else GEN2_ERRORS.by_code[code]
    body = dumps({"state": int(told.code), "msg": told.text(fault.detail)})
    return WireResponse(told.status, body, usage_headers(call), error=told.code)
