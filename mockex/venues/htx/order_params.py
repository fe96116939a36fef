"""From an order object of HTX to a command of the exchange, and from a refusal to what the venue says of it.

Source: htx§3.4, htx§4. What the client wrote too finely is refused, never rounded; zeros at the end are no digits. The checks
stand in the order of htx§3.4: account, symbol, type, precision, and then those of the exchange: sizes, price band, balance.
What else an order may say is checked between type and precision, and fields that a type does not have are passed over (both
ASSUMED).
"""

from __future__ import annotations

import re

from mockex.core.commands import PlaceOrder
from mockex.core.events import Rejected
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import OrderType, Side, StopTrigger
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Instrument, Lots, Ticks
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import trading_account
from mockex.venues.htx.instruments import amount_precision
from mockex.venues.htx.order_codec import plain_money, plain_price, plain_qty
from mockex.venues.htx.order_terms import OPERATORS, SOURCES, TYPES, Terms
from mockex.wire.decimals import to_units
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch

# `self-match-prevent` (htx§4.7). 0 is the venue's rule, which lets an account trade with itself.
_SELF_TRADES: dict[str, SelfTradePolicy | None] = {"0": None, "1": SelfTradePolicy.CANCEL_TAKER}


def instrument_of(desk: Desk, symbol: str) -> Instrument:
    """SYMBOL_UNKNOWN for one that is not listed."""
    market = desk.exchange.markets.get(symbol)
    if market is None:
        raise ApiFault(FaultKind.SYMBOL_UNKNOWN, value=symbol[:32])
    return market.instrument


def decode_place_order(call: Call, params: Params) -> PlaceOrder:
    """The command of one order object. ApiFault for the first field that is missing, malformed or too fine."""
    account = params.raw("account-id")
    if account is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="account-id")
    trading_account(call, account)
    instrument = instrument_of(call.desk, params.text("symbol"))
    terms = TYPES.get(params.text("type"))
    if terms is None:
        raise ApiFault(RejectReason.ORDER_TERMS_INVALID)
    source, client_id = _source(params), _client_id(params)
    self_trade = params.optional_choice("self-match-prevent", _SELF_TRADES)
    is_limit = terms.execution.order_type is OrderType.LIMIT
    by_budget = not is_limit and terms.side is Side.BUY
    return PlaceOrder(
        account_id=call.account_id,
        symbol=instrument.symbol,
        side=terms.side,
        order_type=terms.execution.order_type,
        time_in_force=terms.execution.time_in_force,
        post_only=terms.execution.post_only,
        limit_price=price_ticks(instrument, params, "price") if is_limit else None,
        trigger=_trigger(instrument, params, terms),
        order_qty=None if by_budget else qty_lots(instrument, params, "amount"),
        budget=budget_atoms(instrument, params, "amount") if by_budget else None,
        client_id=client_id,
        self_trade=self_trade,
        remark=source,
    )


def _source(params: Params) -> str | None:
    source = params.optional_text("source")
    if source is not None and source not in SOURCES:
        raise ApiFault(HtxFault.SOURCE_INVALID)
    return source


def _client_id(params: Params) -> str | None:
    client_id = params.optional_text("client-order-id")
    if client_id is not None and not CLIENT_ID(client_id):
        raise ApiFault(HtxFault.CLIENT_ID_INVALID)
    return client_id


def _trigger(instrument: Instrument, params: Params, terms: Terms) -> StopTrigger | None:
    if not terms.execution.stops:
        return None
    for name in ("stop-price", "operator"):
        if params.raw(name) is None:
            raise ApiFault(HtxFault.STOP_FIELD_MISSING, field=name)
    return StopTrigger(price_ticks(instrument, params, "stop-price"), params.choice("operator", OPERATORS))


def price_ticks(instrument: Instrument, params: Params, name: str) -> Ticks:
    """Whole ticks; one that is not positive is the exchange's to refuse."""
    scale = instrument.price_scale
    units, exact = to_units(params.decimal(name), scale.decimals)
    ticks, rest = divmod(units, scale.step)
    if rest or not exact:
        raise ApiFault(RejectReason.PRICE_OFF_TICK, limit=str(scale.decimals))
    return ticks


def qty_lots(instrument: Instrument, params: Params, name: str) -> Lots:
    """Whole steps of lots; so it has no more decimals than they."""
    scale = instrument.qty_scale
    units, exact = to_units(params.decimal(name), scale.decimals)
    lots, rest = divmod(units, scale.step)
    if rest or not exact or lots % instrument.qty_step:
        raise _amount_too_fine(instrument)
    return lots


def budget_atoms(instrument: Instrument, params: Params, name: str) -> Atoms:
    """The money of a market buy, which has no more decimals than a quantity (unverified, htx§4.2)."""
    amount = params.decimal(name)
    if not to_units(amount, amount_precision(instrument))[1]:
        raise _amount_too_fine(instrument)
    atoms, _ = to_units(amount, instrument.quote.decimals)
    return atoms


def _amount_too_fine(instrument: Instrument) -> ApiFault:
    return ApiFault(RejectReason.QTY_OFF_STEP, limit=str(amount_precision(instrument)))


# --- refusals

# A market order's sizes have words of their own.
_OF_MARKET_SELLS = {
    RejectReason.QTY_NOT_POSITIVE: RejectReason.MARKET_SELL_BELOW_MINIMUM,
    RejectReason.QTY_BELOW_MINIMUM: RejectReason.MARKET_SELL_BELOW_MINIMUM,
    RejectReason.QTY_ABOVE_MAXIMUM: RejectReason.MARKET_SELL_ABOVE_MAXIMUM,
}

_PRICES = frozenset({RejectReason.PRICE_ABOVE_BAND, RejectReason.PRICE_BELOW_BAND, RejectReason.TRIGGER_MET_ALREADY})
_QUANTITIES = frozenset(
    {
        RejectReason.QTY_BELOW_MINIMUM,
        RejectReason.QTY_ABOVE_MAXIMUM,
        RejectReason.MARKET_SELL_BELOW_MINIMUM,
        RejectReason.MARKET_SELL_ABOVE_MAXIMUM,
    }
)
_MONEY = frozenset({RejectReason.NOTIONAL_BELOW_MINIMUM, RejectReason.BUDGET_BELOW_MINIMUM, RejectReason.BUDGET_ABOVE_MAXIMUM})


def placing_fault(instrument: Instrument, command: PlaceOrder, rejected: Rejected) -> ApiFault:
    """The fault that says why an order was refused, with the figure that its message quotes in the client's own units."""
    reason, limit = rejected.reason, rejected.limit
    if command.order_type is OrderType.MARKET:
        reason = _OF_MARKET_SELLS.get(reason, reason)
    if rejected.reason is RejectReason.QTY_NOT_POSITIVE:
        limit = str(_least_qty(instrument, command))
    elif rejected.reason is RejectReason.AMOUNT_NOT_POSITIVE:
        limit = str(instrument.limits.min_budget or 0)
    return ApiFault(reason, **_quoted(instrument, command, rejected.reason, limit))


def _least_qty(instrument: Instrument, command: PlaceOrder) -> Lots:
    if command.order_type is OrderType.MARKET and instrument.limits.min_market_sell is not None:
        return instrument.limits.min_market_sell
    return instrument.min_qty


def _quoted(instrument: Instrument, command: PlaceOrder, reason: RejectReason, limit: str) -> dict[str, str]:
    if reason in _PRICES:
        return {"limit": plain_price(instrument, int(limit))}
    if reason in _QUANTITIES or reason is RejectReason.QTY_NOT_POSITIVE:
        return {"limit": plain_qty(instrument, int(limit))}
    if reason in _MONEY or reason is RejectReason.AMOUNT_NOT_POSITIVE:
        return {"limit": plain_money(instrument.quote, int(limit)), "asset": instrument.quote.code}
    if reason is RejectReason.INSUFFICIENT_FUNDS:
        return {"limit": plain_money(instrument.quote if command.side is Side.BUY else instrument.base, int(limit))}
    return {}
