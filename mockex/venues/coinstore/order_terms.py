"""From an order's JSON to a command of the exchange, and from an order's name to the order. Source: cs§7.7, cs§8 and cs§10.

Nothing is rounded: what is too fine for the pair is an error. The order of the checks is the specification's (cs§8, proposed).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from mockex.core.commands import PlaceOrder
from mockex.core.markets import Market
from mockex.core.orders import Order, OrderStatus, OrderType, Side, TimeInForce
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Instrument, Lots, Scale, Ticks
from mockex.venues.coinstore.errors import CoinstoreFault
from mockex.venues.coinstore.instruments import min_price
from mockex.venues.coinstore.market_data import market_named
from mockex.venues.coinstore.policy import MAX_OPEN_ORDERS
from mockex.venues.coinstore.reference import is_open
from mockex.venues.coinstore.state import MARKET_MAKER
from mockex.wire.decimals import to_units
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

SIDES: Mapping[str, Side] = {"BUY": Side.BUY, "SELL": Side.SELL}
MARKET, LIMIT, POST_ONLY = "MARKET", "LIMIT", "POST_ONLY"
ORDER_TYPES: Mapping[str, str] = {name: name for name in (MARKET, LIMIT, POST_ONLY)}
TIMES_IN_FORCE: Mapping[str, TimeInForce] = {"GTC": TimeInForce.GTC, "IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}

SIDE_WORDS: Mapping[Side, str] = {side: word for word, side in SIDES.items()}
TIME_WORDS: Mapping[TimeInForce, str] = {time: word for word, time in TIMES_IN_FORCE.items()}

# cs§10. States between two others, such as CANCELING, are over before anybody can ask.
STATE_WORDS: Mapping[OrderStatus, str] = {
    OrderStatus.OPEN: "SUBMITTED",
    OrderStatus.PARTIALLY_FILLED: "PARTIAL_FILLED",
    OrderStatus.FILLED: "FILLED",
    OrderStatus.CANCELLED: "CANCELED",
}
# cs§10: 50 was seen, the others are proposed.
STATE_NUMBERS: Mapping[OrderStatus, int] = {
    OrderStatus.OPEN: 20,
    OrderStatus.PARTIALLY_FILLED: 30,
    OrderStatus.CANCELLED: 40,
    OrderStatus.FILLED: 50,
}

MIN_AMOUNT_DECIMALS = 2  # cs§8 (proposed): a market buy's money may have as many decimals as a price, and so many at least
MAX_CLIENT_ID = 64  # cs§5 (proposed)
_MAX_ID_DIGITS = 24


def order_type_word(order: Order) -> str:
    """POST_ONLY is a type here, not a condition."""
    if order.order_type is OrderType.MARKET:
        return MARKET
    return POST_ONLY if order.post_only else LIMIT


def decode_place_order(call: Call, symbol: str | None, params: Params, *, stamp_ms: int | None) -> PlaceOrder:
    """The command of one order. `stamp_ms`: the client's own time for it, which the venue echoes; None: the venue's."""
    desk, account_id = call.desk, call.account_id
    if symbol is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="symbol")
    market = market_named(call, symbol)
    check_allowed(desk, account_id, market)
    side = params.choice("side", SIDES)
    kind = params.choice("ordType", ORDER_TYPES)
    time_in_force = params.optional_choice("timeInForce", TIMES_IN_FORCE) or TimeInForce.GTC
    client_id = _client_id(params) or call.state.new_client_id()
    size = _size(market.instrument, params, kind, side)
    return PlaceOrder(
        account_id=account_id,
        symbol=market.instrument.symbol,
        side=side,
        order_type=OrderType.MARKET if kind == MARKET else OrderType.LIMIT,
        time_in_force=TimeInForce.GTC if kind == POST_ONLY else time_in_force,  # it does nothing but rest (ASSUMED)
        post_only=kind == POST_ONLY,
        limit_price=size.price,
        order_qty=size.qty,
        budget=size.budget,
        client_id=client_id,
        open_orders_cap=None if desk.flagged(account_id, MARKET_MAKER) else MAX_OPEN_ORDERS,
        remark=str(desk.wall_ns() // 1_000_000 if stamp_ms is None else stamp_ms),
    )


class _Size(NamedTuple):
    """What an order has of price, quantity and money to spend."""

    price: Ticks | None
    qty: Lots | None
    budget: Atoms | None


def _size(instrument: Instrument, params: Params, kind: str, side: Side) -> _Size:
    """Every field that the order needs is there before any is measured (cs§8)."""
    if kind == MARKET and side is Side.BUY:
        return _Size(None, None, _budget(instrument, _positive(params, "ordAmt")))
    wanted_price = None if kind == MARKET else _positive(params, "ordPrice")
    wanted_qty = _positive(params, "ordQty")
    price = None if wanted_price is None else _steps(wanted_price, instrument.price_scale, RejectReason.PRICE_OFF_TICK)
    qty = _steps(wanted_qty, instrument.qty_scale, RejectReason.QTY_OFF_LOT)
    if wanted_price is not None and wanted_price < min_price(instrument):
        raise ApiFault(CoinstoreFault.PRICE_TOO_LOW)
    return _Size(price, qty, None)


def check_allowed(desk: Desk, account_id: str, market: Market) -> None:
    """The pair trades, and the account may trade it (cs§11.1)."""
    if not is_open(market):
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN)
    for flag, fault in _RESTRICTIONS.items():
        if desk.flagged(account_id, flag):
            raise ApiFault(fault)


_RESTRICTIONS: Mapping[str, CoinstoreFault] = {
    "pair_restricted": CoinstoreFault.PAIR_RESTRICTED,
    "trading_restricted": CoinstoreFault.TRADING_RESTRICTED,
    "sub_trading_restricted": CoinstoreFault.SUB_TRADING_RESTRICTED,
    "sub_pair_restricted": CoinstoreFault.SUB_PAIR_RESTRICTED,
}


def _client_id(params: Params) -> str | None:
    """1 to 64 printable characters (proposed)."""
    client_id = params.optional_text("clOrdId")
    if client_id is not None and not (len(client_id) <= MAX_CLIENT_ID and client_id.isprintable()):
        raise ApiFault(FaultKind.PARAM_VALUE, field="clOrdId")
    return client_id


def _positive(params: Params, name: str) -> Decimal:
    """Text or a JSON number, exponents and all (cs§5)."""
    amount = params.decimal(name)
    if amount <= 0:
        raise ApiFault(FaultKind.PARAM_VALUE, field=name)
    return amount


def _steps(amount: Decimal, scale: Scale, off_grid: RejectReason) -> int:
    units, exact = to_units(amount, scale.decimals)
    steps, rest = divmod(units, scale.step)
    if rest or not exact:
        raise ApiFault(off_grid)
    return steps


def _budget(instrument: Instrument, amount: Decimal) -> Atoms:
    _, exact = to_units(amount, max(MIN_AMOUNT_DECIMALS, instrument.price_scale.decimals))
    if not exact:
        raise ApiFault(CoinstoreFault.AMOUNT_DECIMALS)
    return to_units(amount, instrument.quote.decimals)[0]


# --- names of orders


def own_order(call: Call, order_id: int) -> Order | None:
    """The caller's order of that id; nobody sees another's (cs§7.9)."""
    order = call.desk.exchange.orders.by_id(order_id)
    return None if order is None or order.account.account_id != call.account_id else order


def order_named(call: Call, params: Params, *, id_name: str = "ordId", client_id_name: str = "clOrdId") -> Order | None:
    """By id, or else by client id. PARAM_MISSING for neither."""
    order_id = params.optional_text(id_name)
    if order_id is not None:
        if not (order_id.isascii() and order_id.isdigit() and len(order_id) <= _MAX_ID_DIGITS):
            raise ApiFault(FaultKind.PARAM_VALUE, field=id_name)
        return own_order(call, int(order_id))
    client_id = params.optional_text(client_id_name)
    if client_id is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field=id_name)
    return own_order_named(call, client_id)


def own_order_named(call: Call, client_id: str) -> Order | None:
    return call.desk.exchange.orders.by_client_id(call.desk.account(call.account_id), client_id)
