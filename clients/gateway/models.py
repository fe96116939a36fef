"""What the gateway tells of accounts, and orders to place.

Owns: the typed values, their decoding, and the spelling of an order.
Must not know: connections, tokens, envelopes.
Nulls are tolerated where the service sends them: in positions of nobody, and ticks that a venue does not have (gw§6).
Source: the gateway's document; gw§6, gw§7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal

from .errors import GatewayError, refusal
from .fields import Row, number
from .vocabulary import Action, Liquidity, MarginMode, OrderStatus, OrderType, PositionSide

_EXACT = Context(prec=80)

# --- orders to place ---


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOrder:
    """`quantity` above zero. `position` for contracts that hold long and short at once: which of both it opens or closes.

    With `immediate_or_cancel` what is not filled at once is cancelled.
    """

    symbol: str
    action: Action
    price: Decimal
    quantity: Decimal
    position: PositionSide | None = None
    immediate_or_cancel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOrder:
    """`quantity` above zero; of a BUY on spot it is the amount of quote currency to spend (gw§6)."""

    symbol: str
    action: Action
    quantity: Decimal
    position: PositionSide | None = None


NewOrder = LimitOrder | MarketOrder


def order_fields(order: NewOrder) -> dict[str, object]:
    """An order in the words of place_order. ValueError for a quantity that is not above zero: the sign is the position's."""
    if not order.quantity.is_finite() or order.quantity <= 0:
        raise ValueError(f"a quantity of {order.quantity}")
    signed = order.quantity.copy_negate() if order.position is PositionSide.SHORT else order.quantity
    if isinstance(order, MarketOrder):
        price, kind = Decimal(0), OrderType.MARKET
    else:
        price, kind = order.price, OrderType.IMMEDIATE_OR_CANCEL if order.immediate_or_cancel else OrderType.LIMIT
    return {
        "symbol": order.symbol,
        "action": order.action.value,
        "price": number(price),
        "quantity": number(signed),
        "order_type": kind.value,
    }


# --- what is told ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order. `quantity` and `remaining` of a market BUY on spot are in quote currency (gw§6)."""

    symbol: str
    order_no: str
    action: Action
    price: Decimal
    quantity: Decimal
    remaining: Decimal
    status: OrderStatus
    type: OrderType
    created_at: datetime
    updated_at: datetime

    @property
    def filled(self) -> Decimal:
        """In the unit of `quantity`."""
        return _EXACT.subtract(self.quantity, self.remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One fill of an order. The gateway tells no fees."""

    symbol: str
    order_no: str
    fill_no: str
    price: Decimal
    quantity: Decimal
    side: Action
    liquidity: Liquidity | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What there is of a coin. Of contracts `total` is the margin balance, which an unrealised profit changes."""

    coin: str
    free: Decimal
    locked: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLeg:
    """The long or the short position of a contract. `hold_price` differs from `open_price` after periodic settlements."""

    quantity: Decimal
    available: Decimal
    open_price: Decimal
    hold_price: Decimal
    liquidation_price: Decimal
    unrealised_profit: Decimal
    leverage: Decimal
    margin: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Both positions of a contract. Mode and time may be None where there is none."""

    symbol: str
    margin_mode: MarginMode | None
    long: PositionLeg
    short: PositionLeg
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolInfo:
    """Steps and least sizes of orders; None where the venue has none."""

    symbol: str
    price_tick: Decimal | None
    size_tick: Decimal | None
    size_limit: Decimal | None
    value_tick: Decimal | None
    value_limit: Decimal | None
    base_currency: str | None
    quote_currency: str | None
    settlement_currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOutcome:
    """What became of the cancellation of one order; `error` is None if it was cancelled."""

    order_no: str
    error: GatewayError | None = None


def decode_order(row: Row, symbol: str | None = None) -> Order:
    """Of a push, or of open_orders, whose rows have no symbol: it is that of the question."""
    return Order(
        symbol=row.text("symbol") if symbol is None else symbol,
        order_no=row.text("order_no"),
        action=row.word(Action, "action"),
        price=row.optional_decimal("price") or Decimal(0),
        quantity=row.decimal("quantity"),
        remaining=row.decimal("remain"),
        status=row.known_word(OrderStatus, "status") or OrderStatus.UNKNOWN,
        type=row.word(OrderType, "order_type"),
        created_at=row.milliseconds("ctime"),
        updated_at=row.milliseconds("utime"),
    )


def decode_fill(row: Row) -> Fill:
    return Fill(
        symbol=row.text("symbol"),
        order_no=row.text("order_no"),
        fill_no=row.text("fill_no"),
        price=row.decimal("price"),
        quantity=row.decimal("quantity"),
        side=row.word(Action, "side"),
        liquidity=None if row.blank("liquidity") else row.known_word(Liquidity, "liquidity"),
        at=row.milliseconds("ctime"),
    )


def decode_assets(row: Row) -> Mapping[str, Asset]:
    """All coins by name. What is not there is zero."""
    assets = {}
    for coin in row.raw:
        held = row.row(coin)
        assets[coin] = Asset(coin=coin, free=held.decimal("free"), locked=held.decimal("locked"), total=held.decimal("total"))
    return assets


def decode_position(row: Row, symbol: str | None = None) -> Position:
    """Of a push, or of a reply, which has no symbol: it is that of the question."""
    return Position(
        symbol=row.text("symbol") if symbol is None else symbol,
        margin_mode=None if row.blank("margin_mode") else row.known_word(MarginMode, "margin_mode"),
        long=_leg(row, "long"),
        short=_leg(row, "short"),
        updated_at=row.optional_milliseconds("utime"),
    )


def _leg(row: Row, side: str) -> PositionLeg:
    def amount(name: str) -> Decimal:
        return row.optional_decimal(f"{side}_{name}") or Decimal(0)

    return PositionLeg(
        quantity=amount("quantity"),
        available=amount("avail_qty"),
        open_price=amount("open_price"),
        hold_price=amount("hold_price"),
        liquidation_price=amount("liquid_price"),
        unrealised_profit=amount("unrealised_pnl"),
        leverage=amount("leverage"),
        margin=amount("margin"),
    )


def decode_symbol_info(row: Row, symbol: str) -> SymbolInfo:
    return SymbolInfo(
        symbol=symbol,
        price_tick=row.optional_decimal("price_tick"),
        size_tick=row.optional_decimal("size_tick"),
        size_limit=row.optional_decimal("size_limit"),
        value_tick=row.optional_decimal("value_tick"),
        value_limit=row.optional_decimal("value_limit"),
        base_currency=row.optional_text("base_currency"),
        quote_currency=row.optional_text("quote_currency"),
        settlement_currency=row.optional_text("settlement_currency"),
    )


def decode_cancel_outcome(row: Row) -> CancelOutcome:
    error = None if row.flag("result") else refusal(row.optional_text("error_message") or "")
    return CancelOutcome(order_no=row.text("order_no"), error=error)
