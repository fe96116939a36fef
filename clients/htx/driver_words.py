"""Values of the client in the words of the driver protocol, and back.

Owns the mapping of every field and status, and of currencies, which the venue writes in lower case. Must not know sessions or
requests.
Invariants: amounts are decimal text with the digits that the client holds; a cost is positive; what the client does not tell
is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from mockex.clients.shared.driver_values import Fields as Fields
from mockex.clients.shared.driver_values import decimal as decimal
from mockex.clients.shared.driver_values import instant as instant
from mockex.clients.shared.driver_values import ms as ms
from mockex.clients.shared.driver_values import text as text
from mockex.clients.shared.driver_words import book_fields as book_fields
from mockex.clients.shared.driver_words import told_balance, told_candle, told_trade, word_for

from . import account_models as am
from . import market_models as mm
from . import reference_models as rm
from . import stream_models as sm
from . import trading_models as tm
from . import wallet_models as wm
from .vocabulary import OrderState, OrderType, PaymentType, Period, Role

# --- plain values


def currency(name: str) -> str:
    """`BTC`, as the protocol's instruments name it, for the venue's `btc`."""
    return name.upper()


def venue_currency(name: str) -> str:
    return name.lower()


#: Months and years have no fixed number of seconds.
_PERIODS: Mapping[int, Period] = MappingProxyType(
    {
        60: Period.ONE_MINUTE,
        300: Period.FIVE_MINUTES,
        900: Period.FIFTEEN_MINUTES,
        1_800: Period.THIRTY_MINUTES,
        3_600: Period.ONE_HOUR,
        14_400: Period.FOUR_HOURS,
        86_400: Period.ONE_DAY,
        604_800: Period.ONE_WEEK,
    }
)


def period(interval_s: int) -> Period:
    """ValueError for an interval that the venue does not have."""
    return word_for(interval_s, _PERIODS)


# --- market


def instrument_fields(rules: rm.SymbolRules) -> Fields:
    return {
        "symbol": rules.symbol,
        "base": currency(rules.base_currency),
        "quote": currency(rules.quote_currency),
        "tick_size": text(Decimal(1).scaleb(-rules.price_precision)),
        "lot_size": text(Decimal(1).scaleb(-rules.amount_precision)),
        "min_qty": text(rules.least_limit_amount),
    }


def currency_fields(told: rm.Currency) -> list[Fields]:
    """One row for each chain; one without a chain if there is none."""
    name = currency(told.currency)
    return [{"currency": name, "chain": chain.chain} for chain in told.chains] or [{"currency": name, "chain": None}]


def ticker_fields(ticker: mm.Ticker) -> Fields:
    """One of all tickers, which have no time of their own."""
    return _ticker(ticker.symbol, ticker.statistics, last=ticker.statistics.close, bid=ticker.bid, ask=ticker.ask)


def merged_ticker_fields(ticker: mm.MergedTicker) -> Fields:
    told = _ticker(ticker.symbol, ticker.statistics, last=ticker.statistics.close, bid=ticker.bid, ask=ticker.ask)
    return {**told, "time_ms": ms(ticker.timestamp)}


def ticker_update_fields(ticker: mm.TickerUpdate) -> Fields:
    return _ticker(ticker.symbol, ticker.statistics, last=ticker.last.price, bid=ticker.bid, ask=ticker.ask)


def _ticker(symbol: str, statistics: mm.Statistics, *, last: Decimal, bid: mm.Level | None, ask: mm.Level | None) -> Fields:
    return {
        "symbol": symbol,
        "last": text(last),
        "bid": None if bid is None else text(bid.price),
        "ask": None if ask is None else text(ask.price),
        "high": text(statistics.high),
        "low": text(statistics.low),
        "open": text(statistics.open),
        "volume": text(statistics.amount),
    }


def trade_fields(trade: mm.Trade) -> Fields:
    """Its id is the one that is also in one's own fills, not the long one of its match (htx§3.2)."""
    return told_trade(trade.trade_id, price=trade.price, qty=trade.amount, side=trade.direction.value, at=trade.timestamp)


def candle_fields(candle: mm.Candle) -> Fields:
    return told_candle(candle.time, candle.statistics, candle.statistics.amount)


# --- orders

_STATUS: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.CREATED: "open",
        OrderState.PRE_SUBMITTED: "open",
        OrderState.SUBMITTED: "open",
        OrderState.PARTIALLY_FILLED: "partly_filled",
        OrderState.FILLED: "filled",
        OrderState.PARTIALLY_CANCELLED: "cancelled",
        OrderState.CANCELLED: "cancelled",
        OrderState.REJECTED: "rejected",
        OrderState.TRIGGERED: "open",
    }
)
_BUY_MARKET = OrderType.BUY_MARKET
_MARKET = frozenset({OrderType.BUY_MARKET, OrderType.SELL_MARKET})


def order_status(state: OrderState, *, filled: bool) -> str:
    """An order that is being cancelled is live, with fills or without (htx§4.4)."""
    if state is OrderState.CANCELLING:
        return "partly_filled" if filled else "open"
    return _STATUS[state]


def _kind(type_: OrderType | None, type_text: str) -> Fields:
    """Side and kind of a type. One outside the document tells its side by its first word (htx§4.1)."""
    side = type_text.partition("-")[0]
    return {
        "side": side if side in ("buy", "sell") else None,
        "type": None if type_ is None else "market" if type_ in _MARKET else "limit",
    }


def order_fields(order: tm.Order) -> Fields:
    """The amount of a market buy is money, no quantity. There is no average price: the venue tells what was paid in all."""
    return {
        "order_id": str(order.id),
        "client_id": order.client_order_id,
        "symbol": order.symbol,
        **_kind(order.type, order.type_text),
        "price": text(order.price),
        "qty": None if order.type is _BUY_MARKET else text(order.amount),
        "filled_qty": text(order.filled_amount),
        "average_price": text(order.average_price),
        "status": order_status(order.state, filled=bool(order.filled_amount)),
        "created_ms": ms(order.created_at),
    }


def receipt_fields(receipt: tm.OrderReceipt) -> Fields:
    return {"order_id": receipt.order_id, "client_id": receipt.client_order_id}


def fill_fields(fill: tm.Fill) -> Fields:
    return {
        "trade_id": None if fill.trade_id is None else str(fill.trade_id),
        "order_id": str(fill.order_id),
        "symbol": fill.symbol,
        "side": _kind(fill.type, fill.type_text)["side"],
        "price": text(fill.price),
        "qty": text(fill.filled_amount),
        "fee": text(fill.filled_fees),
        "fee_currency": currency(fill.fee_currency),
        "role": fill.role.value if fill.role in (Role.MAKER, Role.TAKER) else None,
        "time_ms": ms(fill.created_at),
    }


def order_event_fields(event: sm.OrderCreated | sm.OrderTraded | sm.OrderCancelled) -> Fields:
    """An event of own orders. The fill that caused it comes without fee and role, which this topic does not tell."""
    terms = event.order
    is_money = terms.type is _BUY_MARKET  # then what is executed counts the quote currency too (htx§6)
    order: Fields = {
        "order_id": str(terms.order_id),
        "client_id": terms.client_order_id,
        "symbol": terms.symbol,
        **_kind(terms.type, terms.type_text),
        "price": text(terms.price),
        "qty": text(terms.size),
        "filled_qty": None if is_money else text(event.executed),
        "status": order_status(event.state, filled=bool(event.executed)),
    }
    if not isinstance(event, sm.OrderTraded):
        return {"orders": [order]}
    fill = {
        "trade_id": str(event.trade_id),
        "order_id": str(terms.order_id),
        "symbol": terms.symbol,
        "side": order["side"],
        "price": text(event.trade_price),
        "qty": text(event.trade_volume),
        "role": "taker" if event.aggressor else "maker",
        "time_ms": ms(event.trade_time),
    }
    return {"orders": [order], "fills": [fill]}


# --- money


def balances_fields(balances: am.AccountBalances) -> list[Fields]:
    """One row for each currency, in the venue's order."""
    names = dict.fromkeys(row.currency for row in balances.rows)
    return [_balance(balances.of(name)) for name in names]


def _balance(balance: am.Balance) -> Fields:
    code = currency(balance.currency)
    return told_balance(code, total=balance.total, available=balance.trade, held=balance.frozen)


def balance_update_fields(update: am.BalanceUpdate) -> Fields:
    """The topic tells no held amount."""
    return {
        "currency": currency(update.currency),
        "total": text(update.balance),
        "available": text(update.available),
    }


def entry_fields(entry: am.HistoryEntry) -> Fields:
    return {
        "id": str(entry.record_id),
        "currency": currency(entry.currency),
        "amount": text(entry.transact_amt),
        "balance": text(entry.acct_balance),
        "type": entry.transact_type,
        "time_ms": ms(entry.transact_time),
    }


#: States of deposits and of withdrawals, which have no word in common but one, which means the same (htx§3.5).
_PAYMENT_STATUS: Mapping[PaymentType, Mapping[str, str]] = MappingProxyType(
    {
        PaymentType.DEPOSIT: {
            "unknown": "pending",
            "confirming": "pending",
            "confirmed": "done",  # credited, though it cannot be withdrawn yet
            "safe": "done",
            "orphan": "failed",
        },
        PaymentType.WITHDRAWAL: {
            "verifying": "pending",
            "submitted": "pending",
            "reexamine": "review",
            "pass": "processing",
            "pre-transfer": "processing",
            "wallet-transfer": "processing",
            "confirmed": "done",
            "canceled": "cancelled",
            "repealed": "cancelled",
            "reject": "failed",
            "wallet-reject": "failed",
            "confirm-error": "failed",
            "failed": "failed",
        },
    }
)


def payment_fields(payment: wm.Payment) -> Fields:
    """A state outside the document has no status."""
    return {
        "id": str(payment.id),
        "currency": currency(payment.currency),
        "chain": payment.chain,
        "amount": text(payment.amount),
        "fee": text(payment.fee),
        "status": _PAYMENT_STATUS[payment.type].get(payment.state),
        "address": payment.address,
        "tag": payment.address_tag,
        "txid": payment.tx_hash,
        "time_ms": ms(payment.created_at),
    }
