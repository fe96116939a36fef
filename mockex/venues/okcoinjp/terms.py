"""From an order's JSON to a command of the exchange, and from an order's name to the order. Source: okj§9.2 and §10.1.

What the client wrote too finely is truncated to the grid, as the document says; the switch `strict_precision` refuses it
instead. Nothing is ever rounded up.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mockex.core.commands import PlaceOrder
from mockex.core.orders import Order, OrderType, Side, TimeInForce
from mockex.core.rejects import RejectReason
from mockex.core.units import Instrument, Lots, Scale, Ticks
from mockex.venues.okcoinjp import codec
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.spot_market import market_of
from mockex.wire.decimals import to_units
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params

# okj§9.2: 1 to 32 letters and digits with at least one letter. So a reference of digits only is an order id.
_CLIENT_OID = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,32}").fullmatch

_MAX_ORDER_ID_DIGITS = 24  # no id has more; int() of a long text would not be free


def decode_place_order(desk: Desk, account_id: str, params: Params) -> PlaceOrder:
    """The command of one order object. ApiFault for the first field that is missing, malformed or out of its range."""
    instrument = market_of(desk, required_text(params, "instrument_id")).instrument
    required_text(params, "side")
    side = params.choice("side", codec.SIDES)
    order_type = params.optional_choice("type", codec.ORDER_TYPES) or OrderType.LIMIT
    time_in_force, post_only = params.optional_choice("order_type", codec.EXECUTIONS) or codec.EXECUTIONS["0"]
    client_id = params.optional_text("client_oid")
    if client_id is not None and not _CLIENT_OID(client_id):
        raise ApiFault(FaultKind.PARAM_VALUE, field="client_oid", value=client_id[:64])
    if order_type is OrderType.LIMIT:
        return PlaceOrder(
            account_id=account_id,
            symbol=instrument.symbol,
            side=side,
            order_type=order_type,
            time_in_force=time_in_force,
            post_only=post_only,
            limit_price=_price(desk, instrument, params),
            order_qty=_size(desk, instrument, params),
            client_id=client_id,
        )
    if (time_in_force, post_only) != codec.EXECUTIONS["0"]:
        raise ApiFault(FaultKind.PARAM_VALUE, field="order_type", value=params.text("order_type"))
    by_notional = side is Side.BUY
    return PlaceOrder(
        account_id=account_id,
        symbol=instrument.symbol,
        side=side,
        order_type=order_type,
        time_in_force=TimeInForce.IOC,
        order_qty=None if by_notional else _size(desk, instrument, params),
        budget=_notional(instrument, params) if by_notional else None,
        client_id=client_id,
    )


def required_text(params: Params, name: str) -> str:
    """The order endpoints have words of their own for a missing field (okj§5.1, code 30023)."""
    text = params.optional_text(name)
    if text is None:
        raise ApiFault(OkFault.ORDER_FIELD_MISSING, field=name)
    return text


def find_order(desk: Desk, account_id: str, reference: str) -> Order | None:
    """The order that a reference names: by its id, whose it may be; or the account's newest order of that client id."""
    if not codec.is_order_id(reference):
        return desk.exchange.orders.by_client_id(desk.account(account_id), reference)
    return desk.exchange.orders.by_id(int(reference)) if len(reference) <= _MAX_ORDER_ID_DIGITS else None


def _amount(params: Params, name: str) -> Decimal:
    """A required amount that is not negative. ASSUMED: a negative one is a value outside its range."""
    amount = params.optional_decimal(name)
    if amount is None:
        raise ApiFault(OkFault.ORDER_FIELD_MISSING, field=name)
    if amount < 0:
        raise ApiFault(FaultKind.PARAM_VALUE, field=name, value=str(amount))
    return amount


def _price(desk: Desk, instrument: Instrument, params: Params) -> Ticks:
    """Whole ticks; a price that is or becomes 0 is the exchange's to refuse (33045)."""
    return _steps(desk, _amount(params, "price"), instrument.price_scale, RejectReason.PRICE_OFF_TICK)


def _size(desk: Desk, instrument: Instrument, params: Params) -> Lots:
    return _steps(desk, _amount(params, "size"), instrument.qty_scale, RejectReason.QTY_OFF_LOT)


def _steps(desk: Desk, amount: Decimal, scale: Scale, off_grid: RejectReason) -> int:
    units, exact = to_units(amount, scale.decimals)
    steps, rest = divmod(units, scale.step)
    if (rest or not exact) and desk.switch("strict_precision"):
        raise ApiFault(off_grid, value=str(amount))
    return steps


def _notional(instrument: Instrument, params: Params) -> int:
    """Quote atoms to spend; what is finer than an atom is cut off."""
    atoms, _ = to_units(_amount(params, "notional"), instrument.quote.decimals)
    return atoms
