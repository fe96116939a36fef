"""What the account socket tells of orders.

Field names follow the venue's, spelled in the manner of Python. Amounts are `Decimal`, times are aware UTC datetimes, and a
field that the venue leaves empty or out is None. Nothing here knows WebSocket. Balances are in `account_models`.
Each kind of event is a class of its own, because each has its own fields.
Source: HTX document, "Subscribe Order Updates" and "Subscribe Trade Details & Order Cancellation post Clearing"; htx§6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from .errors import MalformedReplyError
from .fields import Row
from .vocabulary import Operator, OrderEventType, OrderState, OrderType, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTerms:
    """What an event repeats of its order. `value` (quote currency) stands instead of `size` for market buys.

    A type outside the document leaves `type` None.
    """

    order_id: int
    client_order_id: str | None
    symbol: str
    type: OrderType | None
    type_text: str
    source: str
    price: Decimal | None
    size: Decimal | None
    value: Decimal | None
    account_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCreated:
    """The order is accepted. A taker's order gets this event before its trades."""

    order: OrderTerms
    state: OrderState
    created_at: datetime

    @property
    def executed(self) -> Decimal:
        """Zero: whatever is filled, also at once, has an event of its own."""
        return Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTraded:
    """One fill. `executed` and `remaining` are totals; for market buys they count the quote currency."""

    order: OrderTerms
    state: OrderState
    trade_id: int
    trade_price: Decimal
    trade_volume: Decimal
    trade_time: datetime
    aggressor: bool
    executed: Decimal
    remaining: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """The rest of the order is cancelled. `canceled_source` says by whom or by which rule (htx§4.8)."""

    order: OrderTerms
    state: OrderState
    executed: Decimal
    remaining: Decimal
    last_act_time: datetime
    canceled_source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalEnded:
    """A conditional order was cancelled before its trigger, or could not be placed at it; then there is an error."""

    event: OrderEventType
    client_order_id: str
    symbol: str
    side: Side
    state: OrderState
    last_act_time: datetime
    error_code: int | None
    error_message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedTrade:
    """One fill after clearing. `transact_fee` is negative for a rebate."""

    order: OrderTerms
    side: Side
    state: OrderState
    trade_id: int
    trade_price: Decimal
    trade_volume: Decimal
    trade_time: datetime
    aggressor: bool
    transact_fee: Decimal
    fee_currency: str
    fee_deduct: Decimal
    fee_deduct_type: str | None
    order_created_at: datetime
    stop_price: Decimal | None
    operator: Operator | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedCancellation:
    """A cancellation after clearing."""

    order: OrderTerms
    side: Side
    state: OrderState
    remaining: Decimal
    order_created_at: datetime
    stop_price: Decimal | None
    operator: Operator | None


OrderEvent = OrderCreated | OrderTraded | OrderCancelled | ConditionalEnded
ClearingEvent = ClearedTrade | ClearedCancellation


def decode_order_event(row: Row) -> OrderEvent:
    """A push of `orders#`."""
    return _ORDER_EVENTS[row.word(OrderEventType, "eventType")](row)


def decode_clearing_event(row: Row) -> ClearingEvent:
    """A push of `trade.clearing#`."""
    match row.word(OrderEventType, "eventType"):
        case OrderEventType.TRADE:
            return _cleared_trade(row)
        case OrderEventType.CANCELLATION:
            return _cleared_cancellation(row)
        case event:
            raise MalformedReplyError(f"clearing of a {event}")


def _terms(row: Row, *, kind: str, source: str) -> OrderTerms:
    """`kind` and `source` name the fields that the two topics call differently."""
    return OrderTerms(
        order_id=row.integer("orderId"),
        client_order_id=row.optional_text("clientOrderId"),
        symbol=row.text("symbol"),
        type=row.known_word(OrderType, kind),
        type_text=row.text(kind),
        source=row.text(source),
        price=row.optional_decimal("orderPrice") or None,
        size=row.optional_decimal("orderSize"),
        value=row.optional_decimal("orderValue"),
        account_id=row.optional_integer("accountId"),
    )


def _order_terms(row: Row) -> OrderTerms:
    return _terms(row, kind="type", source="orderSource")


def _cleared_terms(row: Row) -> OrderTerms:
    return _terms(row, kind="orderType", source="source")


def _created(row: Row) -> OrderCreated:
    return OrderCreated(
        order=_order_terms(row), state=row.word(OrderState, "orderStatus"), created_at=row.time("orderCreateTime")
    )


def _traded(row: Row) -> OrderTraded:
    return OrderTraded(
        order=_order_terms(row),
        state=row.word(OrderState, "orderStatus"),
        trade_id=row.integer("tradeId"),
        trade_price=row.decimal("tradePrice"),
        trade_volume=row.decimal("tradeVolume"),
        trade_time=row.time("tradeTime"),
        aggressor=row.flag("aggressor"),
        executed=row.decimal("execAmt"),
        remaining=row.decimal("remainAmt"),
    )


def _cancelled(row: Row) -> OrderCancelled:
    return OrderCancelled(
        order=_order_terms(row),
        state=row.word(OrderState, "orderStatus"),
        executed=row.decimal("execAmt"),
        remaining=row.decimal("remainAmt"),
        last_act_time=row.time("lastActTime"),
        canceled_source=row.optional_text("canceledSource"),
    )


def _conditional_ended(row: Row) -> ConditionalEnded:
    return ConditionalEnded(
        event=row.word(OrderEventType, "eventType"),
        client_order_id=row.text("clientOrderId"),
        symbol=row.text("symbol"),
        side=row.word(Side, "orderSide"),
        state=row.word(OrderState, "orderStatus"),
        last_act_time=row.time("lastActTime"),
        error_code=row.optional_integer("errCode"),
        error_message=row.optional_text("errMessage"),
    )


_ORDER_EVENTS: Mapping[OrderEventType, Callable[[Row], OrderEvent]] = MappingProxyType(
    {
        OrderEventType.CREATION: _created,
        OrderEventType.TRADE: _traded,
        OrderEventType.CANCELLATION: _cancelled,
        OrderEventType.DELETION: _conditional_ended,
        OrderEventType.TRIGGER: _conditional_ended,
    }
)


def _operator(row: Row) -> Operator | None:
    return row.word(Operator, "operator") if row.optional_text("operator") else None


def _cleared_trade(row: Row) -> ClearedTrade:
    return ClearedTrade(
        order=_cleared_terms(row),
        side=row.word(Side, "orderSide"),
        state=row.word(OrderState, "orderStatus"),
        trade_id=row.integer("tradeId"),
        trade_price=row.decimal("tradePrice"),
        trade_volume=row.decimal("tradeVolume"),
        trade_time=row.time("tradeTime"),
        aggressor=row.flag("aggressor"),
        transact_fee=row.decimal("transactFee"),
        fee_currency=row.text("feeCurrency"),
        fee_deduct=row.decimal("feeDeduct"),
        fee_deduct_type=row.optional_text("feeDeductType"),
        order_created_at=row.time("orderCreateTime"),
        stop_price=row.optional_decimal("stopPrice"),
        operator=_operator(row),
    )


def _cleared_cancellation(row: Row) -> ClearedCancellation:
    return ClearedCancellation(
        order=_cleared_terms(row),
        side=row.word(Side, "orderSide"),
        state=row.word(OrderState, "orderStatus"),
        remaining=row.decimal("remainAmt"),
        order_created_at=row.time("orderCreateTime"),
        stop_price=row.optional_decimal("stopPrice"),
        operator=_operator(row),
    )
