"""What HTX's account socket says of orders, fills and balances. Source: htx§6.

Amounts are texts, ids and times numbers. An event shows its order as the event left it: what later events of the same command
have done must not show through. A market order has no price here, and a market buy its money in place of its size.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.conditionals import ConditionalOrder
from mockex.core.events import OrderCancelled
from mockex.core.ledger import BalanceCause
from mockex.core.orders import Fill, Liquidity, Order
from mockex.core.units import Asset, Atoms
from mockex.venues.htx.codec import Row, ms
from mockex.venues.htx.order_codec import (
    executed_amount,
    order_amount,
    order_price,
    plain_money,
    plain_price,
    plain_qty,
    price_text,
    remaining_amount,
)
from mockex.venues.htx.order_terms import (
    OPERATOR_WORDS,
    SIDE_WORDS,
    SUBMITTED,
    cancel_word,
    live_type_word,
    source_word,
    state_at,
    state_of,
)

# htx§6. A command that places and trades is told of once, as a match (ASSUMED); of refunds, of fees that are given back and of
# margin there is nothing to tell. Which word a withdrawal has that is given up, and what an operator does, is ASSUMED.
CHANGE_TYPES: Mapping[BalanceCause, str] = {
    BalanceCause.ORDER_PLACED: "order.place",
    BalanceCause.ORDER_CANCELLED: "order.cancel",
    BalanceCause.TRADE: "order.match",
    BalanceCause.DEPOSIT: "deposit",
    BalanceCause.WITHDRAWAL_STARTED: "withdraw",
    BalanceCause.WITHDRAWAL: "withdraw",
    BalanceCause.WITHDRAWAL_CANCELLED: "withdraw",
    BalanceCause.TRANSFER: "transfer",
    BalanceCause.ADJUSTMENT: "other",
    BalanceCause.FUNDING: "other",  # never, like the next: this venue has no contracts
    BalanceCause.MARGIN_MOVED: "other",
}


# --- orders


def _terms(order: Order) -> Row:
    """What every event says of its order's price and size."""
    price = {} if order.limit_price is None else {"orderPrice": order_price(order)}
    return {**price, "orderSize" if order.budget is None else "orderValue": order_amount(order)}


def _heading(order: Order, account_number: int) -> Row:
    return {
        "symbol": order.instrument.symbol,
        "accountId": account_number,
        "orderId": order.order_id,
        "clientOrderId": order.client_id or "",
        "orderSource": source_word(order),
        "type": live_type_word(order),
        **_terms(order),
    }


def encode_creation(order: Order, account_number: int) -> Row:
    """Also of a stop order, once it was triggered; `orderCreateTime` is when it was placed (ASSUMED)."""
    return {
        "eventType": "creation",
        **_heading(order, account_number),
        "orderStatus": SUBMITTED.word,
        "orderCreateTime": ms(order.created_ns),
    }


def encode_trade(fill: Fill, account_number: int) -> Row:
    order = fill.order
    return {
        "eventType": "trade",
        **_heading(order, account_number),
        **_traded(fill),
        **_progress(order, fill.order_filled_qty, fill.order_filled_notional),
    }


def encode_cancellation(event: OrderCancelled, account_number: int) -> Row:
    order = event.order
    word = cancel_word(event.reason, order.order_type)
    return {
        "eventType": "cancellation",
        **_heading(order, account_number),
        "orderStatus": state_of(order).word,
        **_progress(order, order.filled_qty, order.filled_notional),
        "lastActTime": ms(event.time_ns),
        "canceledSource": word,
        "canceledSourceDesc": word,
    }


def _traded(fill: Fill) -> Row:
    """What both kinds of push say of a fill."""
    instrument = fill.order.instrument
    return {
        "tradePrice": plain_price(instrument, fill.price),
        "tradeVolume": plain_qty(instrument, fill.qty),
        "tradeId": fill.trade_id,
        "tradeTime": ms(fill.time_ns),
        "aggressor": fill.liquidity is Liquidity.TAKER,
        "orderStatus": state_at(fill.order_status, fill.order_filled_qty).word,
    }


def _progress(order: Order, filled_qty: int, filled_notional: int) -> Row:
    """`totalTradeAmount` counts the quote currency for every order."""
    return {
        "execAmt": executed_amount(order, filled_qty, filled_notional),
        "remainAmt": remaining_amount(order, filled_qty, filled_notional),
        "totalTradeAmount": plain_money(order.instrument.quote, filled_notional),
    }


# --- conditional orders


def encode_deletion(conditional: ConditionalOrder, time_ns: int) -> Row:
    """A conditional order that was cancelled before its trigger."""
    return {"eventType": "deletion", **_conditional(conditional, "canceled", time_ns)}


def encode_failed_trigger(conditional: ConditionalOrder, time_ns: int, *, code: int, message: str) -> Row:
    """A conditional order whose order was refused."""
    return {
        "eventType": "trigger",
        **_conditional(conditional, "rejected", time_ns),
        "errCode": code,
        "errMessage": message,
    }


def _conditional(conditional: ConditionalOrder, status: str, time_ns: int) -> Row:
    return {
        "symbol": conditional.order.symbol,
        "clientOrderId": conditional.order.client_id or "",
        "orderSide": SIDE_WORDS[conditional.order.side],
        "orderStatus": status,
        "lastActTime": ms(time_ns),
    }


# --- clearing


def encode_cleared_trade(fill: Fill, account_number: int) -> Row:
    """A rebate is negative, in what was paid; nothing is deducted from points (htx§4.5)."""
    order, (fee_asset, fee) = fill.order, fill.charge
    return {
        "eventType": "trade",
        **_cleared(order, account_number),
        **_traded(fill),
        "transactFee": plain_money(fee_asset, fee),
        "feeCurrency": fee_asset.code.lower(),
        "feeDeduct": "0",
        "feeDeductType": "",
    }


def encode_cleared_cancellation(event: OrderCancelled, account_number: int) -> Row:
    order = event.order
    return {
        "eventType": "cancellation",
        **_cleared(order, account_number),
        "remainAmt": remaining_amount(order, order.filled_qty, order.filled_notional),
        "orderStatus": state_of(order).word,
    }


def _cleared(order: Order, account_number: int) -> Row:
    row: Row = {
        "symbol": order.instrument.symbol,
        "orderId": order.order_id,
        "orderSide": SIDE_WORDS[order.side],
        "orderType": live_type_word(order),
        "accountId": account_number,
        "source": source_word(order),
        **_terms(order),
        "clientOrderId": order.client_id or "",
        "orderCreateTime": ms(order.created_ns),
    }
    if order.trigger is not None:
        row |= {
            "stopPrice": price_text(order.instrument, order.trigger.price),
            "operator": OPERATOR_WORDS[order.trigger.direction],
        }
    return row


# --- balances


def encode_balance(
    asset: Asset,
    amounts: Mapping[str, Atoms],
    account_number: int,
    *,
    changes: int,
    cause: BalanceCause | None,
    time_ns: int | None,
) -> Row:
    """`amounts`: `balance` and `available`, or the one of them that is told. `cause` and `time_ns` None: as it stands."""
    return {
        "currency": asset.code.lower(),
        "accountId": account_number,
        **{name: plain_money(asset, amount) for name, amount in amounts.items()},
        "changeType": None if cause is None else CHANGE_TYPES[cause],
        "accountType": "trade",
        "seqNum": changes,
        "changeTime": None if time_ns is None else ms(time_ns),
    }
