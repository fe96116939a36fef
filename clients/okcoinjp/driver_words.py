"""Values of the client in the words of the driver protocol, and back.

Owns the mapping of every field, status and error. Must not know sessions or requests.
Invariants: amounts are decimal text with the digits that the client holds; a cost is positive; what the client does not tell
is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from mockex.clients.shared.driver_values import Fields as Fields
from mockex.clients.shared.driver_values import decimal as decimal
from mockex.clients.shared.driver_values import instant as instant
from mockex.clients.shared.driver_values import ms as ms
from mockex.clients.shared.driver_values import text as text
from mockex.clients.shared.driver_words import book_fields as book_fields
from mockex.clients.shared.driver_words import told_balance, told_candle, told_trade, word_for

from . import funding_models as fm
from . import market_models as mm
from . import trading_models as tm
from .vocabulary import (
    DepositStatus,
    Granularity,
    JpyDepositStatus,
    JpyWithdrawalStatus,
    Liquidity,
    OrderState,
    Side,
    WithdrawalStatus,
)

# --- plain values


_GRANULARITIES = MappingProxyType({int(each): each for each in Granularity})


def granularity(interval_s: int) -> Granularity:
    """ValueError for an interval that the venue does not have."""
    return word_for(interval_s, _GRANULARITIES)


# --- market


def instrument_fields(instrument: mm.Instrument) -> Fields:
    return {
        "symbol": instrument.instrument_id,
        "base": instrument.base_currency,
        "quote": instrument.quote_currency,
        "tick_size": text(instrument.tick_size),
        "lot_size": text(instrument.size_increment),
        "min_qty": text(instrument.min_size),
    }


def ticker_fields(ticker: mm.Ticker) -> Fields:
    return {
        "symbol": ticker.instrument_id,
        "last": text(ticker.last),
        "bid": text(ticker.best_bid),
        "ask": text(ticker.best_ask),
        "high": text(ticker.high_24h),
        "low": text(ticker.low_24h),
        "open": text(ticker.open_24h),
        "volume": text(ticker.base_volume_24h),
        "time_ms": ms(ticker.timestamp),
    }


def trade_fields(trade: mm.Trade) -> Fields:
    return told_trade(trade.trade_id, price=trade.price, qty=trade.size, side=trade.side.value, at=trade.timestamp)


def candle_fields(candle: mm.Candle) -> Fields:
    return told_candle(candle.time, candle, candle.volume)


# --- trading

_RESTING = frozenset({OrderState.OPEN, OrderState.PARTIALLY_FILLED, OrderState.SUBMITTING, OrderState.CANCELLING})
_FINAL_STATUS: Mapping[OrderState, str] = MappingProxyType(
    {OrderState.FAILED: "rejected", OrderState.CANCELLED: "cancelled", OrderState.FILLED: "filled"}
)


def order_status(order: tm.Order) -> str:
    """An order that the venue is still taking in or giving up is live, with fills or without."""
    if order.state in _RESTING:
        return "partly_filled" if order.filled_size else "open"
    return _FINAL_STATUS[order.state]


def order_fields(order: tm.Order) -> Fields:
    return {
        "order_id": order.order_id,
        "client_id": order.client_oid,
        "symbol": order.instrument_id,
        "side": order.side.value,
        "type": order.type.value,
        "price": text(order.price or None),
        "qty": text(order.size or None),
        "filled_qty": text(order.filled_size),
        "average_price": text(order.price_avg or None),
        "status": order_status(order),
        "created_ms": ms(order.created_at),
    }


def receipt_fields(receipt: tm.OrderReceipt) -> Fields:
    return {"order_id": receipt.order_id, "client_id": receipt.client_oid}


def balance_fields(balance: tm.Balance) -> Fields:
    return told_balance(balance.currency, total=balance.balance, available=balance.available, held=balance.hold)


def fills_fields(rows: Iterable[tm.Fill]) -> list[Fields]:
    """One entry for each fill, in the order of the rows. A trade with oneself is two fills, one of each order."""
    rows_by_fill: dict[tuple[str, str], list[tm.Fill]] = {}
    for row in rows:
        rows_by_fill.setdefault((row.order_id, row.trade_id), []).append(row)
    return [_fill_fields(rows) for rows in rows_by_fill.values()]


def _fill_fields(rows: list[tm.Fill]) -> Fields:
    """The row in base currency tells side and quantity, the row of what was received tells the fee (okj§9.4, okj§10.3).

    A page may end between the two: then what the missing one would tell is None.
    """
    first = rows[0]
    base = first.instrument_id.partition("-")[0]
    in_base = next((row for row in rows if row.currency == base), None)
    received = next((row for row in rows if row.side is Side.BUY), None)
    bought = first.side is Side.BUY if first.currency == base else first.side is Side.SELL
    return {
        "trade_id": first.trade_id,
        "order_id": first.order_id,
        "symbol": first.instrument_id,
        "side": "buy" if bought else "sell",
        "price": text(first.price),
        "qty": None if in_base is None else text(in_base.size),
        "fee": None if received is None else text(_cost(received.fee)),
        "fee_currency": None if received is None else received.currency,
        "role": "maker" if first.exec_type is Liquidity.MAKER else "taker",
        "time_ms": ms(first.timestamp),
    }


def _cost(fee: Decimal) -> Decimal:
    """The venue writes a charge as negative. No digit is lost, and there is no minus zero."""
    return fee.copy_negate() if fee else fee.copy_abs()


def update_fields(update: tm.OrderUpdate) -> Fields:
    """An event of own orders. The fill that caused it comes without fee and role, which the stream does not tell."""
    event: Fields = {"orders": [order_fields(update.order)]}
    if update.last_fill is not None:
        fill = {
            "trade_id": update.last_fill.trade_id,
            "order_id": update.order.order_id,
            "symbol": update.order.instrument_id,
            "side": update.order.side.value,
            "price": text(update.last_fill.price),
            "qty": text(update.last_fill.size),
            "time_ms": ms(update.last_fill.time),
        }
        event["fills"] = [fill]
    return event


def entry_fields(entry: tm.SpotLedgerEntry | fm.FundingLedgerEntry) -> Fields:
    return {
        "id": entry.ledger_id,
        "currency": entry.currency,
        "amount": text(entry.amount),
        "balance": text(entry.balance),
        "type": entry.type,
        "time_ms": ms(entry.timestamp),
    }


# --- payments

_DEPOSITS: Mapping[DepositStatus, str] = MappingProxyType(
    {
        DepositStatus.AWAITING_CONFIRMATION: "pending",
        DepositStatus.CREDITING: "processing",
        DepositStatus.UNDER_REVIEW: "review",
        DepositStatus.DONE: "done",
        DepositStatus.FAILED: "failed",
    }
)
_WITHDRAWALS: Mapping[WithdrawalStatus, str] = MappingProxyType(
    {
        WithdrawalStatus.WAITING: "pending",
        WithdrawalStatus.WITHDRAWING: "processing",
        WithdrawalStatus.UNDER_REVIEW: "review",
        WithdrawalStatus.DONE: "done",
        WithdrawalStatus.CANCELLING: "processing",
        WithdrawalStatus.CANCELLED: "cancelled",
        WithdrawalStatus.FAILED: "failed",
        WithdrawalStatus.REFUNDED: "refunded",
    }
)
_JPY_DEPOSITS: Mapping[JpyDepositStatus, str] = MappingProxyType(
    {
        JpyDepositStatus.ACCEPTED: "pending",
        JpyDepositStatus.CONFIRMING: "processing",
        JpyDepositStatus.DONE: "done",
        JpyDepositStatus.REFUNDED: "refunded",
    }
)
_JPY_WITHDRAWALS: Mapping[JpyWithdrawalStatus, str] = MappingProxyType(
    {
        JpyWithdrawalStatus.PENDING: "pending",
        JpyWithdrawalStatus.WITHDRAWING: "processing",
        JpyWithdrawalStatus.DONE: "done",
        JpyWithdrawalStatus.CANCELLING: "processing",
        JpyWithdrawalStatus.CANCELLED: "cancelled",
        JpyWithdrawalStatus.NOT_WITHDRAWABLE: "failed",
        JpyWithdrawalStatus.RETURNED: "refunded",
        JpyWithdrawalStatus.FAILED: "failed",
    }
)

_YEN = "JPY"


def deposit_fields(deposit: fm.Deposit) -> Fields:
    return {
        "id": deposit.deposit_id,
        "currency": deposit.currency,
        "chain": deposit.chain,
        "amount": text(deposit.amount),
        "status": None if deposit.status is None else _DEPOSITS[deposit.status],
        "address": deposit.recipient,
        "tag": deposit.tag,
        "txid": deposit.txid,
        "time_ms": ms(deposit.timestamp),
    }


def withdrawal_fields(withdrawal: fm.Withdrawal) -> Fields:
    return {
        "id": withdrawal.withdraw_id,
        "currency": withdrawal.currency,
        "chain": withdrawal.chain,
        "amount": text(withdrawal.amount),
        "fee": text(withdrawal.fee),
        "status": None if withdrawal.status is None else _WITHDRAWALS[withdrawal.status],
        "address": withdrawal.recipient,
        "tag": withdrawal.tag,
        "txid": withdrawal.txid,
        "time_ms": ms(withdrawal.timestamp),
    }


def jpy_deposit_fields(deposit: fm.JpyDeposit) -> Fields:
    return {
        "currency": _YEN,
        "amount": text(deposit.amount),
        "status": None if deposit.status is None else _JPY_DEPOSITS[deposit.status],
        "time_ms": ms(deposit.timestamp),
    }


def jpy_withdrawal_fields(withdrawal: fm.JpyWithdrawal) -> Fields:
    return {
        "currency": _YEN,
        "amount": text(withdrawal.amount),
        "fee": text(withdrawal.fee),
        "status": None if withdrawal.status is None else _JPY_WITHDRAWALS[withdrawal.status],
        "time_ms": ms(withdrawal.timestamp),
    }
