"""Reading fills of HTX, which it calls match results, and the fees that its customer pays. Source: htx§3.4."""

from __future__ import annotations

from heapq import merge

from mockex.core.fees import RATE_UNIT
from mockex.core.orders import Fill
from mockex.core.policy import DAY_NS
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.order_codec import encode_fill
from mockex.venues.htx.order_queries import (
    find_order,
    order_filter,
    order_number,
    piece_of,
    rows_of,
    span_of,
    type_words,
    words,
)
from mockex.venues.htx.order_terms import type_word
from mockex.wire.decimals import plain
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

REACH_NS = 120 * DAY_NS
MOST_FILLS = 500
_RATE_DECIMALS = len(str(RATE_UNIT)) - 1


def order_fills(call: Call) -> WireResponse:
    """Of one order, newest first."""
    order = find_order(call, order_number(call.path_params["order_id"]))
    if order is None:
        raise ApiFault(HtxFault.ORDER_NOT_FOUND)
    kept_ns = call.desk.clock.now_ns() - REACH_NS
    return v1(call, [encode_fill(fill) for fill in reversed(order.fills or ()) if fill.time_ns > kept_ns])


def fills(call: Call) -> WireResponse:
    """Of one symbol or of all, from a span of 48 hours."""
    params = Params(call.query, blank_is_absent=True)
    symbols = order_filter(call, params, ("symbol",), most_symbols=1).symbols
    types = type_words(params)
    span = span_of(params, call.desk.clock.now_ns(), reach_ns=REACH_NS, too_old=HtxFault.FILLS_TOO_OLD)
    exchange, account = call.desk.exchange, call.desk.account(call.account_id)

    def is_asked_for(fill: Fill) -> bool:
        return types is None or type_word(fill.order) in types

    def page(*, older_than: int | None, newer_than: int | None, limit: int) -> list[Fill]:
        pages = [
            exchange.fills(
                account, symbol, older_than=older_than, newer_than=newer_than, span_ns=span, limit=limit, where=is_asked_for
            )
            for symbol in symbols
        ]
        return list(merge(*pages, key=lambda fill: -fill.fill_id))[:limit]

    return v1(call, [encode_fill(fill) for fill in rows_of(piece_of(params, MOST_FILLS), page)])


def fee_rates(call: Call) -> WireResponse:
    """The rates of the caller's own schedule; the actual ones are those, because nothing is deducted (htx§4.5)."""
    symbols = words(Params(call.query, blank_is_absent=True), "symbols")
    if symbols is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="symbols")
    if not all(symbol in call.desk.exchange.markets for symbol in symbols):
        raise ApiFault(FaultKind.PARAM_VALUE, field="symbols")
    fees = call.desk.account(call.account_id).fees
    maker, taker = plain(fees.maker_rate, _RATE_DECIMALS), plain(fees.taker_rate, _RATE_DECIMALS)
    rates = {"makerFeeRate": maker, "takerFeeRate": taker, "actualMakerRate": maker, "actualTakerRate": taker}
    return reply(call, {"code": 200, "data": [{"symbol": symbol, **rates} for symbol in symbols], "success": True})
