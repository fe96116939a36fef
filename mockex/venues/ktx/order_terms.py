"""From an order's JSON to a command of the exchange, and from an order's name to the order. Source: ktx§7, ktx§10 and ktx§11.

What is wrong with a request is told in the order of ktx§3: what is missing, what is empty, what is no such value, then the
product, and at last what the product does not take. Nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from mockex.core.commands import PlaceOrder
from mockex.core.contract_terms import PositionMerge, PositionTerms
from mockex.core.markets import Market
from mockex.core.matching import preview
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.rejects import RejectReason
from mockex.core.units import Lots, Scale
from mockex.venues.ktx.faults import KtxFault
from mockex.venues.ktx.generations import OrderReading
from mockex.venues.ktx.ids import split_order_number
from mockex.venues.ktx.instruments import MAX_LEVERAGE, MAX_VALUE, PERPETUALS
from mockex.venues.ktx.order_words import MARGIN_METHODS, MERGES, ORDER_TYPES
from mockex.venues.ktx.params import MAX_ID, KtxParams, market_name, of_body, product_named
from mockex.venues.ktx.policy import MAX_OPEN_ORDERS
from mockex.wire.decimals import to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.pipeline import Call

OWN_ID = "c:"
"""What stands in front of a client's own id where either id may stand (ktx§7)."""

_INTEGER = re.compile(r"-?[0-9]{1,19}").fullmatch


# --- placing


def decode_place_order(call: Call) -> PlaceOrder:
    """The command of the order that the body describes."""
    reading: OrderReading = call.state.generation.reading
    params = of_body(call, required=_required(call, reading))
    name = market_name(params)
    reading.refuse(params)
    order_type = params.choice("type", ORDER_TYPES)
    quantity, side = reading.quantity(params)
    wanted_price = params.decimal("price") if order_type is OrderType.LIMIT else None  # a market order's is not looked at
    time_in_force = params.optional_choice("time_in_force", reading.times_in_force) or TimeInForce.GTC
    post_only = params.optional_flag("post_only") or False
    if post_only and (order_type is OrderType.MARKET or time_in_force is not TimeInForce.GTC):
        raise ApiFault(KtxFault.PARAM_COMBINATION)
    client_id = _client_id(params)
    position = _position(params) if name == PERPETUALS else None
    market = product_named(call, name, params.text("symbol"))
    instrument = market.instrument
    price = None if wanted_price is None else _steps(wanted_price, instrument.price_scale, RejectReason.PRICE_OFF_TICK)
    qty = _steps(quantity, instrument.qty_scale, RejectReason.QTY_OFF_LOT)
    if wanted_price is None:
        _check_market_value(market, side, qty)
    elif wanted_price * quantity > MAX_VALUE:
        raise ApiFault(KtxFault.VALUE_TOO_LARGE)
    return PlaceOrder(
        account_id=call.account_id,
        symbol=instrument.symbol,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        post_only=post_only,
        limit_price=price,
        order_qty=qty,
        client_id=client_id,
        open_orders_cap=MAX_OPEN_ORDERS,
        position=position,
    )


def _check_market_value(market: Market, side: Side, qty: Lots) -> None:
    """A market order is worth what it would trade for (ASSUMED). Where the book has not enough for all of it nothing is too
    little. The exchange measures only orders that name a price.
    """
    instrument = market.instrument
    outlook = preview(
        market.book, side=side, limit_price=None, order_qty=qty, budget=None, atoms_per_tick_lot=instrument.atoms_per_tick_lot
    )
    if outlook.notional > MAX_VALUE * 10**instrument.quote.decimals:
        raise ApiFault(KtxFault.VALUE_TOO_LARGE)
    if outlook.complete and outlook.notional < (instrument.limits.min_notional or 0):
        raise ApiFault(RejectReason.NOTIONAL_BELOW_MINIMUM)


def _required(call: Call, reading: OrderReading) -> list[str]:
    """What this body must have: a limit order its price, and the market of contracts more."""
    body: Mapping[str, JsonValue] = call.body if isinstance(call.body, dict) else {}
    names = list(reading.always)
    if body.get("type") == "limit":
        names.append("price")
    if body.get("market") == PERPETUALS:
        names += reading.of_contracts
        if body.get("close") is True and body.get("positionMerge") == "none":
            names.append("positionId")
    return names


def _client_id(params: KtxParams) -> str | None:
    """A number of 64 bits, as text or as a number (ktx§7); `007` is 7 (ASSUMED)."""
    text = params.optional_text("client_order_id")
    return None if text is None else own_id(text, "client_order_id")


def own_id(text: str, field: str) -> str:
    """21003 for what is no number of 64 bits."""
    if not _INTEGER(text) or not -MAX_ID - 1 <= int(text) <= MAX_ID:
        raise ApiFault(FaultKind.PARAM_VALUE, field=field)
    return str(int(text))


def _position(params: KtxParams) -> PositionTerms:
    """A `positionId` of 0 is none: orders say so (ASSUMED)."""
    terms = PositionTerms(
        merge=params.choice("positionMerge", MERGES),
        margin_method=params.choice("marginMethod", MARGIN_METHODS),
        leverage=params.integer("leverage", minimum=1, maximum=MAX_LEVERAGE),
        close=params.optional_flag("close") or False,
        position_id=params.optional_integer("positionId", minimum=0, maximum=MAX_ID) or None,
    )
    if terms.close and terms.merge is PositionMerge.SPLIT and terms.position_id is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="positionId")
    return terms


def _steps(amount: Decimal, scale: Scale, off_grid: RejectReason) -> int:
    """`amount` in the product's units; 22002 for one with more decimals than the product has."""
    units, exact = to_units(amount, scale.decimals)
    steps, rest = divmod(units, scale.step)
    if not exact or rest:
        raise ApiFault(off_grid)
    return steps


# --- names of orders


def own_order(call: Call, text: str, field: str = "id") -> Order | None:
    """The caller's order of an id, or of `c:` and an own id. Nobody sees another's."""
    exchange = call.desk.exchange
    if text.startswith(OWN_ID):
        return exchange.orders.by_client_id(call.desk.account(call.account_id), own_id(text[len(OWN_ID) :], field))
    split = split_order_number(int(own_id(text, field)))
    order = None if split is None else exchange.orders.by_id(split[0])
    if order is None or order.account.account_id != call.account_id:
        return None
    assert split is not None
    return order if call.state.product_id(order.instrument.symbol) == split[1] else None


def order_named(call: Call, params: KtxParams) -> Order:
    """What `id` names. 30001 for an order that there is not."""
    order = own_order(call, params.text("id"))
    if order is None:
        raise ApiFault(KtxFault.ORDER_UNKNOWN, value=params.text("id"))
    return order
