"""Placing and cancelling orders of both markets (ktx§7). Cancelling has two routes, the document's and that of its samples."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted, Rejected
from mockex.core.orders import CancelReason, Order, Side
from mockex.venues.ktx.auth import TRADE
from mockex.venues.ktx.envelopes import reply
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.instruments import market_of
from mockex.venues.ktx.order_codec import changes_of, encode_order
from mockex.venues.ktx.order_terms import decode_place_order, order_named
from mockex.venues.ktx.order_words import SIDES
from mockex.venues.ktx.params import market_name, of_body, product_named
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

EMPTY_SWITCH = "cancel_all_empty"

_REFUSED: Mapping[CancelReason | None, KtxFault] = {
    CancelReason.WOULD_TAKE: KtxFault.POST_ONLY_CROSSES,
    CancelReason.NOT_FILLABLE: KtxFault.FOK_NOT_FILLABLE,
}


def _check_running(call: Call) -> None:
    if call.desk.in_maintenance:
        raise ApiFault(FaultKind.MAINTENANCE)


def place(call: Call) -> WireResponse:
    """The order, with what it has traded at once. One that may only rest and would trade is an error, and is kept (ktx§10); so
    is one that had to be filled at once and could not (ASSUMED).
    """
    _check_running(call)
    command = decode_place_order(call)
    first = call.desk.execute(command)[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject, limit=first.limit, asset=_paid_in(call, command))
    assert isinstance(first, OrderAccepted)
    refused = _REFUSED.get(first.order.cancel_reason)
    if refused is not None:
        raise ApiFault(refused)
    return reply(call, encode_order(first.order, call.state, changes_of(call.desk)))


def _paid_in(call: Call, command: PlaceOrder) -> str:
    """The asset that an order holds."""
    instrument = call.desk.exchange.markets[command.symbol].instrument
    sells = command.side is Side.SELL and command.position is None
    return instrument.base.code if sells else instrument.quote.code


def cancel(call: Call) -> WireResponse:
    """`[1]`. 30001 for an order that is unknown, has ended, or is in another market than the one named (proposed)."""
    _check_running(call)
    params = of_body(call, required=("id",))
    market = None if params.raw("market") is None else market_name(params)
    order = order_named(call, params)
    if not order.is_live or market not in (None, market_of(order.instrument.symbol)):
        raise ApiFault(KtxFault.ORDER_UNKNOWN, value=params.text("id"))
    _end(call, order)
    return reply(call, [1])


def cancel_all(call: Call) -> WireResponse:
    """`[n]`, of one product or one side of it. Its name tells the market where that is not named (proposed)."""
    _check_running(call)
    params = of_body(call, required=("symbol",))
    symbol = params.text("symbol")
    market = market_of(symbol) if params.raw("market") is None else market_name(params)
    side = params.optional_choice("side", SIDES)
    product_named(call, market, symbol)
    live = call.desk.exchange.orders.live(call.desk.account(call.account_id), symbol)
    chosen = [order for order in live.values() if side in (None, order.side)]
    for order in chosen:
        _end(call, order)
    return reply(call, [] if call.desk.switch(EMPTY_SWITCH) else [len(chosen)])


def _end(call: Call, order: Order) -> None:
    """Cancels a live order of the caller."""
    first = call.desk.execute(CancelOrder(account_id=call.account_id, order_id=order.order_id))[0]
    if isinstance(first, Rejected):
        raise ApiFault(first.reason, value=first.subject)


def _route(method: str, path: str, handler: Handler) -> Route:
    return Route(method=method, path=path, handler=handler, permission=TRADE)


ORDER_ROUTES = (
    _route("POST", "/api/v1/order", place),
    _route("DELETE", "/api/v1/order", cancel),
    _route("POST", "/api/v1/order/delete", cancel),
    _route("DELETE", "/api/v1/orders", cancel_all),
    _route("POST", "/api/v1/orders/delete", cancel_all),
)
