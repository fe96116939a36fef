"""Values of the client in the words of the driver protocol, and back.

Owns the mapping of every field and status. Must not know sessions or requests.
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
from mockex.clients.shared.driver_words import number as number
from mockex.clients.shared.driver_words import told_balance, told_candle, told_trade, word_for

from . import account_models as am
from . import market_models as mm
from . import trading_models as tm
from .vocabulary import Action, MarginMethod, Market, OrderStatus, OrderType, PositionMerge, TimeFrame

# --- plain values

_PERPETUAL_SUFFIX = "_SWAP"


def market(symbol: str) -> Market:
    """Perpetuals are told from pairs by their names (ktx§6)."""
    return Market.PERPETUAL if symbol.endswith(_PERPETUAL_SUFFIX) else Market.SPOT


_TIME_FRAMES: Mapping[int, TimeFrame] = MappingProxyType(
    {
        60: TimeFrame.MINUTE_1,
        180: TimeFrame.MINUTE_3,
        300: TimeFrame.MINUTE_5,
        900: TimeFrame.MINUTE_15,
        1_800: TimeFrame.MINUTE_30,
        3_600: TimeFrame.HOUR_1,
        7_200: TimeFrame.HOUR_2,
        14_400: TimeFrame.HOUR_4,
        21_600: TimeFrame.HOUR_6,
        43_200: TimeFrame.HOUR_12,
        86_400: TimeFrame.DAY_1,
        259_200: TimeFrame.DAY_3,
        604_800: TimeFrame.WEEK_1,
        2_592_000: TimeFrame.MONTH_1,
    }
)


def time_frame(interval_s: int) -> TimeFrame:
    """ValueError for an interval that the venue does not have."""
    return word_for(interval_s, _TIME_FRAMES)


# --- market


def instrument_fields(product: mm.Product) -> Fields:
    """The currencies stand in the symbol."""
    base, _, quote = product.symbol.removesuffix(_PERPETUAL_SUFFIX).partition("_")
    told: Fields = {
        "symbol": product.symbol,
        "base": base,
        "quote": quote,
        "tick_size": text(Decimal(1).scaleb(-product.price_scale)),
        "lot_size": text(Decimal(1).scaleb(-product.quantity_scale)),
        "min_qty": text(product.least_quantity),
        "kind": "perpetual" if product.market is Market.PERPETUAL else "spot",
    }
    if product.funding is not None:
        told |= {
            "mark_price": text(product.funding.mark_price),
            "funding_rate": text(product.funding.rate),
            "next_funding_rate": text(product.funding.predicted_rate),
            "next_funding_ms": ms(product.funding.next_at),
        }
    return told


def ticker_fields(ticker: mm.Ticker) -> Fields:
    return {
        "symbol": ticker.symbol,
        "last": text(ticker.last),
        "bid": text(ticker.bid),
        "ask": text(ticker.ask),
        "high": text(ticker.high),
        "low": text(ticker.low),
        "open": text(ticker.open),
        "volume": text(ticker.volume),
        "time_ms": ms(ticker.at),
    }


def trade_fields(trade: mm.Trade) -> Fields:
    return told_trade(trade.trade_id, price=trade.price, qty=trade.quantity, side=trade.taker_side.value, at=trade.at)


def candle_fields(candle: mm.Candle) -> Fields:
    return told_candle(candle.start, candle, candle.volume)


# --- orders

_STATUS: Mapping[OrderStatus, str] = MappingProxyType(
    {
        OrderStatus.ACCEPTED: "open",
        OrderStatus.PARTIALLY_FILLED: "partly_filled",
        OrderStatus.FILLED: "filled",
        OrderStatus.PARTIALLY_CANCELLED: "cancelled",
        OrderStatus.CANCELLED: "cancelled",
        OrderStatus.REJECTED: "rejected",
    }
)

_MERGES: Mapping[str, PositionMerge] = MappingProxyType(
    {"split": PositionMerge.NONE, "long": PositionMerge.LONG, "short": PositionMerge.SHORT}
)
_MERGE_WORDS = MappingProxyType({merge: word for word, merge in _MERGES.items()})
_MARGINS: Mapping[str, MarginMethod] = MappingProxyType({"isolated": MarginMethod.ISOLATED, "cross": MarginMethod.CROSS})
_MARGIN_WORDS = MappingProxyType({method: word for word, method in _MARGINS.items()})


def contract(terms: Mapping[str, object]) -> tm.Contract:
    """ValueError unless the terms say all that this venue needs: merge, margin method and leverage."""
    merge, margin_method, leverage, position_id = (
        terms.get(name) for name in ("merge", "margin_method", "leverage", "position_id")
    )
    if not isinstance(merge, str) or not isinstance(margin_method, str) or not isinstance(leverage, str):
        raise ValueError("an order of a contract says merge, margin method and leverage here")
    times = decimal(leverage)
    if times != times.to_integral_value():
        raise ValueError(f"leverage is a whole number here, not {leverage}")
    return tm.Contract(
        merge=_MERGES[merge],
        margin=_MARGINS[margin_method],
        leverage=int(times),
        close=bool(terms.get("close")),
        position_id=None if position_id is None else number(str(position_id)),
    )


def order_status(order: tm.Order) -> str | None:
    """None for a status outside the venue's table."""
    return None if order.status is None else _STATUS[order.status]


def order_fields(order: tm.Order) -> Fields:
    told: Fields = {
        "order_id": str(order.order_id),
        "client_id": None if order.client_order_id is None else str(order.client_order_id),
        "symbol": order.symbol,
        "side": order.side.value,
        "type": "market" if order.type is OrderType.MARKET else "limit",
        "price": text(order.price),
        "qty": text(order.quantity),
        "filled_qty": text(order.filled_quantity),
        "average_price": text(order.average_price),
        "status": order_status(order),
        "created_ms": ms(order.created_at),
    }
    if market(order.symbol) is Market.PERPETUAL:
        told |= {
            "position": _terms_fields(order),
            "action": None if order.action in (None, Action.UNKNOWN) else order.action.value,
            "profit": text(order.profit),
        }
    return told


def _terms_fields(order: tm.Order) -> Fields:
    """Orders do not tell their margin method."""
    return {
        "merge": _MERGE_WORDS[order.merge],
        "leverage": text(order.leverage),
        "close": order.close,
        "position_id": None if order.position_id is None else str(order.position_id),
    }


def receipt_fields(order: tm.Order) -> Fields:
    return {
        "order_id": str(order.order_id),
        "client_id": None if order.client_order_id is None else str(order.client_order_id),
    }


def fill_fields(fill: tm.Fill) -> Fields:
    """Fills have no side. A fee in several assets at once has no place here."""
    fee = fill.fees[0] if len(fill.fees) == 1 else None
    told: Fields = {
        "trade_id": str(fill.trade_id),
        "order_id": str(fill.order_id),
        "symbol": fill.symbol,
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "fee": None if fee is None else text(fee.amount),
        "fee_currency": None if fee is None else fee.asset,
        "role": "taker" if fill.taker else "maker",
        "time_ms": ms(fill.at),
    }
    return told | {"profit": text(fill.profit)} if market(fill.symbol) is Market.PERPETUAL else told


# --- money


def balance_fields(balance: am.Balance) -> Fields:
    return told_balance(balance.asset, total=balance.balance, available=balance.free, held=balance.held)


def entry_fields(entry: am.LedgerEntry) -> Fields:
    return {
        "id": str(entry.entry_id),
        "currency": entry.asset,
        "amount": text(entry.amount),
        "balance": text(entry.balance),
        "type": None if entry.type is None else entry.type.value,
        "time_ms": ms(entry.at),
    }


def position_fields(position: am.Position) -> Fields:
    return {
        "position_id": str(position.position_id),
        "symbol": position.symbol,
        "merge": _MERGE_WORDS[position.merge],
        "margin_method": _MARGIN_WORDS[position.margin],
        "leverage": text(position.leverage),
        "qty": text(position.quantity),
        "entry_price": text(position.entry_price),
        "initial_margin_rate": text(position.initial_rate),
        "maintenance_margin_rate": text(position.maintenance_rate),
        "position_margin": text(position.position_margin),
        "order_margin": text(position.order_margin),
    }
