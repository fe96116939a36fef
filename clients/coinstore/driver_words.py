"""Values of the client in the words of the driver protocol, and back.

Owns the mapping of every field and status. Must not know sessions or requests.
Invariants: amounts are decimal text with the digits that the client holds; a cost is positive; what the client does not tell
is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mockex.clients.shared.driver_values import Fields as Fields
from mockex.clients.shared.driver_values import decimal as decimal
from mockex.clients.shared.driver_values import ms as ms
from mockex.clients.shared.driver_values import text as text
from mockex.clients.shared.driver_words import number as number
from mockex.clients.shared.driver_words import told_balance, told_candle, told_trade, word_for
from mockex.clients.shared.fields import plain

from . import account as am
from . import events as ev
from . import market_models as mm
from . import reference as rm
from . import trading_models as tm
from . import wallet as wm
from .vocabulary import DepositState, Interval, OrderState, OrderType, Role, RoleWord, Side, SideNumber, WithdrawalState


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The names of an instrument's currencies, which fills have numbers for."""

    base: str
    quote: str


# --- plain values


_INTERVALS: Mapping[int, Interval] = MappingProxyType(
    {
        60: Interval.MINUTE_1,
        300: Interval.MINUTE_5,
        900: Interval.MINUTE_15,
        1_800: Interval.MINUTE_30,
        3_600: Interval.HOUR_1,
        14_400: Interval.HOUR_4,
        43_200: Interval.HOUR_12,
        86_400: Interval.DAY_1,
        604_800: Interval.WEEK_1,
    }
)


def interval(interval_s: int) -> Interval:
    """ValueError for an interval that the venue does not have."""
    return word_for(interval_s, _INTERVALS)


def side(told: Side | None) -> str | None:
    return None if told is None else told.value.lower()


# --- market


def instrument_fields(rules: rm.Symbol) -> Fields:
    """Codes of currencies are lower case in this one list (cs§7.1)."""
    return {
        "symbol": rules.symbol.upper(),
        "base": rules.base_currency.upper(),
        "quote": rules.quote_currency.upper(),
        "tick_size": text(rules.tick_size),
        "lot_size": text(rules.lot_size),
        "min_qty": text(rules.least_limit_quantity),
    }


def ticker_fields(ticker: mm.Ticker) -> Fields:
    """Tickers have no time; those of the stream have no best prices either."""
    return {
        "symbol": ticker.symbol,
        "last": text(ticker.close),
        "bid": text(ticker.bid),
        "ask": text(ticker.ask),
        "high": text(ticker.high),
        "low": text(ticker.low),
        "open": text(ticker.open),
        "volume": text(ticker.volume),
    }


def book_fields(bids: Iterable[mm.Level], asks: Iterable[mm.Level]) -> Fields:
    """Levels best first, as given. Books have no time."""
    return {
        "bids": [[plain(level.price), plain(level.quantity)] for level in bids],
        "asks": [[plain(level.price), plain(level.quantity)] for level in asks],
    }


def trade_fields(trade: mm.Trade) -> Fields:
    return told_trade(trade.trade_id, price=trade.price, qty=trade.volume, side=side(trade.taker_side), at=trade.at)


def candle_fields(candle: mm.Candle) -> Fields:
    return told_candle(candle.start, candle, candle.volume)


# --- orders

#: The three words of orders that are being replaced, or not there, have no counterpart in the protocol.
_STATUS: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.SUBMITTING: "open",
        OrderState.SUBMITTED: "open",
        OrderState.PARTIALLY_FILLED: "partly_filled",
        OrderState.FILLED: "filled",
        OrderState.CANCELLED: "cancelled",
        OrderState.EXPIRED: "cancelled",
        OrderState.STOPPED: "cancelled",
        OrderState.REJECTED: "rejected",
    }
)


def order_status(state: OrderState | None, *, filled: bool) -> str | None:
    """An order that is being cancelled is live, with fills or without."""
    if state is OrderState.CANCELLING:
        return "partly_filled" if filled else "open"
    return None if state is None else _STATUS.get(state)


def _kind(type_: OrderType) -> str:
    return "market" if type_ is OrderType.MARKET else "limit"


def order_fields(order: tm.Order) -> Fields:
    """A market buy has no quantity but an amount of money, and a market order no price: both are 0 on the wire."""
    return {
        "order_id": str(order.order_id),
        "client_id": order.client_order_id or None,
        "symbol": order.symbol,
        "side": side(order.side),
        "type": _kind(order.type),
        "price": text(order.price) if order.price else None,
        "qty": text(order.quantity) if order.quantity else None,
        "filled_qty": text(order.filled_quantity),
        "average_price": text(order.average_price) if order.average_price else None,
        "status": order_status(order.state, filled=bool(order.filled_quantity)),
        "created_ms": ms(order.placed_at),
    }


def receipt_fields(receipt: tm.OrderReceipt) -> Fields:
    return {"order_id": str(receipt.order_id), "client_id": receipt.client_order_id}


_ROLES: Mapping[Role | RoleWord, str] = MappingProxyType(
    {Role.TAKER: "taker", Role.MAKER: "maker", RoleWord.TAKER: "taker", RoleWord.MAKER: "maker"}
)


def fill_fields(fill: tm.Fill, symbol: str, pair: Pair | None) -> Fields:
    """Currencies are numbers on the wire, of which the fill says which is the base and which the quote."""
    names = {} if pair is None else {fill.base_currency_id: pair.base, fill.quote_currency_id: pair.quote}
    return {
        "trade_id": str(fill.trade_id),
        "order_id": str(fill.order_id),
        "symbol": symbol,
        "side": "buy" if fill.side is SideNumber.BUY else "sell",
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "fee": text(fill.fee),
        "fee_currency": names.get(fill.fee_currency_id),
        "role": None if fill.role is None else _ROLES[fill.role],
        "time_ms": ms(fill.at),
    }


def order_update_fields(update: ev.OrderUpdate) -> Fields:
    """An order of the stream's older generation, which tells no client id, and the match that it is about, if there was one."""
    order: Fields = {
        "order_id": str(update.order_id),
        "symbol": update.symbol,
        "side": side(update.side),
        "type": _kind(update.type),
        "price": text(update.price) if update.price else None,
        "qty": text(update.quantity) if update.quantity else None,
        "filled_qty": text(update.filled_quantity),
        "status": order_status(update.state, filled=bool(update.filled_quantity)),
    }
    if not update.match_quantity:
        return {"orders": [order]}
    fill = {
        "trade_id": str(update.trade_id),
        "order_id": str(update.order_id),
        "symbol": update.symbol,
        "side": side(update.side),
        "price": text(update.match_price),
        "qty": text(update.match_quantity),
        "fee": text(update.fee),
        "role": None if update.role is None else _ROLES[update.role],
        "time_ms": ms(update.at),
    }
    return {"orders": [order], "fills": [fill]}


# --- money


def balance_fields(balance: am.Balance) -> Fields:
    return told_balance(balance.currency, total=balance.total, available=balance.available, held=balance.frozen)


def balance_update_fields(update: ev.BalanceUpdate) -> Fields:
    return told_balance(update.currency, total=update.total, available=update.available, held=update.frozen)


_DEPOSIT_STATUS: Mapping[DepositState, str] = MappingProxyType(
    {
        DepositState.UNCONFIRMED: "pending",
        DepositState.DONE: "done",
        DepositState.ABNORMAL: "failed",
        DepositState.UNDER_REVIEW: "review",
        DepositState.REJECTED: "failed",
    }
)
_WITHDRAWAL_STATUS: Mapping[WithdrawalState, str] = MappingProxyType(
    {
        WithdrawalState.NOT_REVIEWED: "pending",
        WithdrawalState.APPROVED: "processing",
        WithdrawalState.REJECTED: "failed",
        WithdrawalState.PAYING: "processing",
        WithdrawalState.PAYMENT_FAILED: "failed",
        WithdrawalState.DONE: "done",
        WithdrawalState.CANCELLED: "cancelled",
    }
)


def deposit_fields(deposit: wm.Deposit) -> Fields:
    return {
        "id": str(deposit.id),
        "currency": deposit.currency.upper(),
        "chain": deposit.protocol,
        "amount": text(deposit.amount),
        "status": None if deposit.state is None else _DEPOSIT_STATUS[deposit.state],
        "txid": deposit.transaction_id or None,
        "time_ms": ms(deposit.at),
    }


def withdrawal_fields(withdrawal: wm.Withdrawal) -> Fields:
    return {
        "id": str(withdrawal.id),
        "currency": withdrawal.currency.upper(),
        "chain": withdrawal.protocol,
        "amount": text(withdrawal.amount),
        "fee": text(withdrawal.fee),
        "status": None if withdrawal.state is None else _WITHDRAWAL_STATUS[withdrawal.state],
        "address": withdrawal.address,
        "tag": withdrawal.tag or None,
        "txid": withdrawal.transaction_id or None,
        "time_ms": ms(withdrawal.at),
    }


def fee_fields(code: str, chain: rm.Chain) -> Fields:
    """The fee grows with the amount by the platform's rate, so it has no largest value unless that is zero."""
    least = max(chain.withdraw_fee, chain.least_withdraw_fee)
    return {
        "currency": code.upper(),
        "chain": chain.protocol,
        "minimum": text(least),
        "maximum": None if chain.withdraw_fee_rate else text(least),
    }
