"""Coinstore's rows about orders and fills, one function for each of its calls. Source: cs§7.4-7.6 and cs§7.13.

The calls disagree about names (`ordStatus` and `ordState`), about types (an order id is text in one of them) and about units of
time; each row here is that of its call.
"""

from __future__ import annotations

from mockex.core.orders import Fill, Liquidity, Order, Side
from mockex.core.units import Atoms, Instrument
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.instruments import ATOM_DECIMALS
from mockex.venues.coinstore.order_terms import (
    SIDE_WORDS,
    STATE_NUMBERS,
    STATE_WORDS,
    TIME_WORDS,
    order_type_word,
)
from mockex.venues.coinstore.state import CoinstoreState
from mockex.wire.decimals import plain
from mockex.wire.json import Number

AVERAGE_DECIMALS = 8
"""How many decimals more than a price an average price has at most (ASSUMED)."""

_SIDE_NUMBERS = {Side.BUY: 1, Side.SELL: -1}
_ROLE_NUMBERS = {Liquidity.TAKER: 1, Liquidity.MAKER: -1}


def stamp_ms(order: Order) -> int:
    """The client's time for the order, or the venue's where it gave none (cs§5)."""
    return int(order.remark) if order.remark is not None else codec.ms(order.created_ns)


def _money(instrument: Instrument, amount: Atoms) -> str:
    return codec.amount_text(instrument.quote, amount)


def _average_price(order: Order) -> str:
    """What was paid on average, cut off; 0 before the first fill."""
    if not order.filled_qty:
        return "0"
    instrument = order.instrument
    decimals = instrument.price_scale.decimals + AVERAGE_DECIMALS
    unit = instrument.qty_scale
    numerator = order.filled_notional * 10 ** (unit.decimals + decimals)
    return plain(numerator // (order.filled_qty * unit.step * 10**instrument.quote.decimals), decimals)


def _left(order: Order) -> str:
    """0 once the order has ended."""
    return codec.qty_text(order.instrument, order.remaining_qty if order.is_live else 0)


def order_amount(order: Order) -> str:
    """What a limit order is worth, or what a market buy may spend; 0 for a market sell (ASSUMED)."""
    instrument = order.instrument
    if order.budget is not None:
        return _money(instrument, order.budget)
    if order.limit_price is None or order.order_qty is None:
        return "0"
    return _money(instrument, instrument.notional(order.limit_price, order.order_qty))


def _common(order: Order, state: CoinstoreState) -> codec.Row:
    """What every row of an order has, with the same name and type."""
    instrument = order.instrument
    return {
        "baseCurrency": instrument.base.code,
        "quoteCurrency": instrument.quote.code,
        "symbol": instrument.symbol,
        "timestamp": stamp_ms(order),
        "side": SIDE_WORDS[order.side],
        "timeInForce": TIME_WORDS[order.time_in_force],
        "accountId": state.account_number(order.account.account_id),
        "cumAmt": _money(instrument, order.filled_notional),
        "cumQty": codec.qty_text(instrument, order.filled_qty),
        "leavesQty": _left(order),
        "clOrdId": order.client_id or "",
        "ordQty": codec.qty_text(instrument, order.order_qty),
        "ordType": order_type_word(order),
    }


def encode_active_v1(order: Order, state: CoinstoreState, *, leaves_zero: bool) -> codec.Row:
    """The id is text and the price a number. `leaves_zero`: as in the sample, where an untouched order has nothing left."""
    scale = order.instrument.price_scale
    row = _common(order, state)
    if leaves_zero:
        row["leavesQty"] = "0"
    return {
        **row,
        "ordPrice": codec.stripped_java_decimal((order.limit_price or 0) * scale.step, scale.decimals),
        "ordAmt": "0",  # as in the sample, of orders with a price
        "ordId": str(order.order_id),
        "ordStatus": STATE_WORDS[order.status],
    }


def encode_active_v2(order: Order, state: CoinstoreState) -> codec.Row:
    return {
        **_common(order, state),
        "ordId": order.order_id,
        "ordPrice": codec.price_text(order.instrument, order.limit_price),
        "avgPrice": _average_price(order),
        "ordStatus": STATE_WORDS[order.status],
    }


def encode_info_v1(order: Order, state: CoinstoreState) -> codec.Row:
    """`ordState`, not `ordStatus`. `flags` only where the order has one (proposed)."""
    instrument = order.instrument
    received = instrument.base if order.side is Side.BUY else instrument.quote
    row = {
        **_common(order, state),
        "ordId": order.order_id,
        "ordPrice": codec.price_text(instrument, order.limit_price),
        "ordAmt": order_amount(order),
        "avgPrice": _average_price(order),
        "feeCurrency": received.code,
        "ordState": STATE_WORDS[order.status],
    }
    if order.post_only:
        row["flags"] = "POST_ONLY"
    return row


def encode_info_v2(order: Order, state: CoinstoreState) -> codec.Row:
    """As among the active orders, and when it last changed: the same milliseconds until a fill, then seconds (observed)."""
    changed = codec.seconds(order.updated_ns) if order.filled_qty else stamp_ms(order)
    return {**encode_active_v2(order, state), "orderUpdateTime": changed}


# --- fills


def encode_fill(fill: Fill, state: CoinstoreState, *, self_dealt: bool) -> codec.Row:
    """Every decimal is a number with 18 decimals, zeros and all; no price, and no name of a currency.

    `acturalFeeRate` is the venue's spelling. `self_dealt`: both sides of the trade were the account's.
    """
    order = fill.order
    instrument = order.instrument
    buys = order.side is Side.BUY
    received = instrument.base if buys else instrument.quote
    fees = order.account.fees
    rate = fees.taker_rate if fill.liquidity is Liquidity.TAKER else fees.maker_rate
    left = 0 if order.order_qty is None else order.order_qty - fill.order_filled_qty
    qty = _scale_18(fill.qty * instrument.qty_scale.step, instrument.qty_scale.decimals)
    return {
        "id": fill.fill_id,
        "remainingQty": _scale_18(left * instrument.qty_scale.step, instrument.qty_scale.decimals),
        "matchRole": _ROLE_NUMBERS[fill.liquidity],
        "feeCurrencyId": state.currency_id(received.code),
        "acturalFeeRate": _scale_18(rate, 9),
        "role": _ROLE_NUMBERS[fill.liquidity],
        "accountId": state.account_number(order.account.account_id),
        "instrumentId": state.pair_id(instrument.symbol),
        "baseCurrencyId": state.currency_id(instrument.base.code),
        "quoteCurrencyId": state.currency_id(instrument.quote.code),
        "execQty": qty,
        "orderState": STATE_NUMBERS[fill.order_status],
        "matchId": fill.match_id,
        "orderId": order.order_id,
        "side": _SIDE_NUMBERS[order.side],
        "execAmt": _scale_18(fill.notional, instrument.quote.decimals),
        "selfDealingQty": qty if self_dealt else _scale_18(0, 0),
        "tradeId": fill.trade_id,
        "fee": _scale_18(fill.fee, received.decimals),
        "matchTime": codec.seconds(fill.time_ns),
        "seq": None,
    }


def _scale_18(units: int, decimals: int) -> Number:
    return codec.java_decimal(units * 10 ** (ATOM_DECIMALS - decimals), ATOM_DECIMALS)
