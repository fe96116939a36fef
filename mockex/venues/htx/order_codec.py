"""An order and a fill as HTX's private replies show them. Source: htx§3.4; where texts are from: htx§3 "Number typing".

Amounts of orders are texts of 18 decimals and `0.0` for nothing; those of fills are plain. `amount` of a market buy is the
money to spend. A list of open orders says `filled-` where every other reading says `field-`.
"""

from __future__ import annotations

from mockex.core.orders import Fill, Order, OrderStatus, Side
from mockex.core.units import Asset, Atoms, Instrument, Lots, Ticks
from mockex.venues.htx.codec import Row, amount_text, ms
from mockex.venues.htx.order_terms import (
    OPERATOR_WORDS,
    ROLE_WORDS,
    cancel_number,
    cancel_word,
    source_word,
    state_of,
    type_word,
)
from mockex.wire.decimals import plain

_ZERO = "0.0"


# --- amounts


def price_text(instrument: Instrument, price: Ticks) -> str:
    """A price of an order: 18 decimals."""
    scale = instrument.price_scale
    return amount_text(price * scale.step, scale.decimals)


def qty_text(instrument: Instrument, qty: Lots) -> str:
    """A quantity of an order: 18 decimals."""
    scale = instrument.qty_scale
    return amount_text(qty * scale.step, scale.decimals)


def money_text(asset: Asset, amount: Atoms) -> str:
    """An amount of an order or account: 18 decimals."""
    return amount_text(amount, asset.decimals)


def plain_price(instrument: Instrument, price: Ticks) -> str:
    scale = instrument.price_scale
    return plain(price * scale.step, scale.decimals)


def plain_qty(instrument: Instrument, qty: Lots) -> str:
    scale = instrument.qty_scale
    return plain(qty * scale.step, scale.decimals)


def plain_money(asset: Asset, amount: Atoms) -> str:
    return plain(amount, asset.decimals)


def order_price(order: Order) -> str:
    """`0.0` of a market order."""
    return _ZERO if order.limit_price is None else price_text(order.instrument, order.limit_price)


def order_amount(order: Order) -> str:
    """What it wants: a quantity, or the money that a market buy spends."""
    if order.budget is not None:
        return money_text(order.instrument.quote, order.budget)
    assert order.order_qty is not None
    return qty_text(order.instrument, order.order_qty)


def executed_amount(order: Order, filled_qty: Lots, filled_notional: Atoms) -> str:
    """What of it is done, in the same unit: plain."""
    if order.budget is not None:
        return plain_money(order.instrument.quote, filled_notional)
    return plain_qty(order.instrument, filled_qty)


def remaining_amount(order: Order, filled_qty: Lots, filled_notional: Atoms) -> str:
    """What of it is not done, in the same unit: plain."""
    if order.budget is not None:
        return plain_money(order.instrument.quote, order.budget - filled_notional)
    assert order.order_qty is not None
    return plain_qty(order.instrument, order.order_qty - filled_qty)


def order_fees(order: Order) -> str:
    """What was taken from what the order received. Rebates, which are of another currency, do not count (ASSUMED, htx§4.5)."""
    received = order.instrument.base if order.side is Side.BUY else order.instrument.quote
    return money_text(received, sum(fill.fee for fill in order.fills or ()))


# --- orders


def encode_open_order(order: Order, account_number: int) -> Row:
    """A row of the open orders. `account_number`: the account's id on the wire."""
    instrument = order.instrument
    return {
        **_identity(order, account_number),
        "filled-amount": qty_text(instrument, order.filled_qty),
        "filled-cash-amount": money_text(instrument.quote, order.filled_notional),
        "filled-fees": order_fees(order),
        "ice-amount": _ZERO,  # iceberg orders are not offered
        **_trigger(order),
    }


def encode_order(order: Order, account_number: int) -> Row:
    """An order by itself, as every reading but that of the open ones shows it."""
    instrument = order.instrument
    closed_at = 0 if order.is_live else ms(order.updated_ns)
    return {
        **_identity(order, account_number),
        "field-amount": qty_text(instrument, order.filled_qty),
        "field-cash-amount": money_text(instrument.quote, order.filled_notional),
        "field-fees": order_fees(order),
        "finished-at": closed_at,
        "canceled-at": closed_at if order.status is OrderStatus.CANCELLED else 0,
        **_trigger(order),
    }


def encode_listed_order(order: Order, account_number: int) -> Row:
    """A row of a list of orders: that and what it has more since 2025 (htx§3.4)."""
    row = encode_order(order, account_number)
    row |= {
        "market-amount": order_amount(order) if order.limit_price is None else _ZERO,  # ASSUMED: no source says what it is
        "ice-amount": _ZERO,
        "is-ice": False,
        "updated-at": ms(order.updated_ns),
        "role": order_role(order),
    }
    if order.cancel_reason is not None:
        word = cancel_word(order.cancel_reason, order.order_type)
        row |= {"canceled-source": cancel_number(word), "canceled-source-desc": word}
    return row


def order_role(order: Order) -> str:
    """Maker, taker or both, as its fills were."""
    roles = {fill.liquidity for fill in order.fills or ()}
    if len(roles) > 1:
        return "both"
    return ROLE_WORDS[roles.pop()] if roles else "none"


def _identity(order: Order, account_number: int) -> Row:
    return {
        "id": order.order_id,
        "symbol": order.instrument.symbol,
        "account-id": account_number,
        "client-order-id": order.client_id or "",
        "amount": order_amount(order),
        "price": order_price(order),
        "created-at": ms(order.created_ns),
        "type": type_word(order),
        "source": source_word(order),
        "state": state_of(order).word,
    }


def _trigger(order: Order) -> Row:
    if order.trigger is None:
        return {}
    return {
        "stop-price": price_text(order.instrument, order.trigger.price),
        "operator": OPERATOR_WORDS[order.trigger.direction],
    }


# --- fills


def encode_fill(fill: Fill) -> Row:
    """A match result. A rebate is negative, in what was paid; nothing is deducted from points (htx§4.5)."""
    order, (fee_asset, fee) = fill.order, fill.charge
    instrument = order.instrument
    return {
        "id": fill.fill_id,
        "match-id": fill.match_id,
        "trade-id": fill.trade_id,
        "order-id": order.order_id,
        "symbol": instrument.symbol,
        "type": type_word(order),
        "source": source_word(order),
        "price": plain_price(instrument, fill.price),
        "filled-amount": plain_qty(instrument, fill.qty),
        "filled-fees": plain_money(fee_asset, fee),
        "fee-currency": fee_asset.code.lower(),
        "filled-points": _ZERO,
        "fee-deduct-currency": "",
        "fee-deduct-state": "done",
        "role": ROLE_WORDS[fill.liquidity],
        "created-at": ms(fill.time_ns),
    }
