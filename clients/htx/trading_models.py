"""Orders and fills over REST: what is sent, and what became of it.

Field names follow the venue's. Amounts are `Decimal`, times are aware UTC datetimes, and a field that the venue leaves empty or
out is None. Nothing here knows HTTP or WebSocket.
The venue says `field-amount` in most readings of orders and `filled-amount` among open ones (htx§3.4): here it is one name.
Source: HTX document, "Trading"; htx§3.4, htx§4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from .error_codes import v1_failure
from .errors import HtxError
from .fields import Row, as_text, plain, rows
from .vocabulary import Execution, Operator, OrderState, OrderStateNumber, OrderType, Role, Side

# --- new orders: one class per kind, so that each holds exactly the fields that its kind needs ---


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOrder:
    """`amount` base currency at `price` or better. With `stop_price` it waits until the last price is at or beyond it.

    `operator` says beyond which side; both or none. A stop order is NORMAL or FILL_OR_KILL.
    `prevent_self_match` cancels it rather than let it trade with another order of the user.
    """

    account_id: int
    symbol: str
    side: Side
    price: Decimal
    amount: Decimal
    execution: Execution = Execution.NORMAL
    client_order_id: str | None = None
    stop_price: Decimal | None = None
    operator: Operator | None = None
    prevent_self_match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketBuy:
    """Spend `value` quote currency."""

    account_id: int
    symbol: str
    value: Decimal
    client_order_id: str | None = None
    prevent_self_match: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSell:
    """Sell `amount` base currency."""

    account_id: int
    symbol: str
    amount: Decimal
    client_order_id: str | None = None
    prevent_self_match: bool = False


NewOrder = LimitOrder | MarketBuy | MarketSell

_STOP_KINDS = {Execution.NORMAL: "stop-limit", Execution.FILL_OR_KILL: "stop-limit-fok"}


def encode_order(order: NewOrder) -> dict[str, object]:
    """The JSON object of a new order: numbers as text, unused fields left out. ValueError for a combination without a type."""
    fields: dict[str, object] = {"account-id": str(order.account_id), "symbol": order.symbol}
    match order:
        case LimitOrder():
            fields |= {"type": _limit_type(order), "amount": plain(order.amount), "price": plain(order.price)}
            if order.stop_price is not None and order.operator is not None:
                fields |= {"stop-price": plain(order.stop_price), "operator": order.operator}
        case MarketBuy():
            fields |= {"type": OrderType.BUY_MARKET, "amount": plain(order.value)}
        case MarketSell():
            fields |= {"type": OrderType.SELL_MARKET, "amount": plain(order.amount)}
        case _:
            assert_never(order)
    if order.client_order_id is not None:
        fields["client-order-id"] = order.client_order_id
    if order.prevent_self_match:
        fields["self-match-prevent"] = 1
    return fields


def _limit_type(order: LimitOrder) -> OrderType:
    if (order.stop_price is None) is not (order.operator is None):
        raise ValueError("a stop order needs a stop price and an operator")
    if order.stop_price is None:
        return OrderType(f"{order.side}-{order.execution}")
    if order.execution not in _STOP_KINDS:
        raise ValueError(f"a stop order cannot be {order.execution}")
    return OrderType(f"{order.side}-{_STOP_KINDS[order.execution]}")


# --- what became of them ---


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceipt:
    """The venue took the order. Taken does not mean done: look at the order's state."""

    order_id: str
    client_order_id: str | None


#: One order of a batch. Refusals are values here, because the other orders of the batch stand.
BatchOutcome = OrderReceipt | HtxError


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnswer:
    """The answer to a cancel by client id: a refusal is a number here, not an error. A number outside the document leaves
    `meaning` None."""

    meaning: OrderStateNumber | None
    number: int

    @property
    def accepted(self) -> bool:
        """True if the order is being cancelled."""
        return self.meaning is OrderStateNumber.CANCELLING


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOutcomes:
    """What became of a batch cancel: ids accepted, and an error for each order refused."""

    accepted: tuple[str, ...]
    refused: tuple[HtxError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrdersCancelled:
    """How many open orders are being cancelled. `next_id` is None if none are left."""

    success_count: int
    failed_count: int
    next_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. `amount` of a market buy counts the quote currency; `price` is None for market orders.

    `filled_fees` are in the currency received. A type outside the document leaves `type` None.
    """

    id: int
    client_order_id: str | None
    account_id: int
    symbol: str
    type: OrderType | None
    type_text: str
    source: str
    state: OrderState
    amount: Decimal
    price: Decimal | None
    filled_amount: Decimal
    filled_cash_amount: Decimal
    filled_fees: Decimal
    created_at: datetime
    finished_at: datetime | None
    canceled_at: datetime | None
    stop_price: Decimal | None
    operator: Operator | None
    canceled_source: str | None
    role: Role | None

    @property
    def average_price(self) -> Decimal | None:
        """What was paid for a unit, to 28 digits; None before the first fill."""
        return self.filled_cash_amount / self.filled_amount if self.filled_amount else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHistory:
    """Orders of up to 48 hours. `next_time_ms` leads to the ones that did not fit; None at the end."""

    rows: tuple[Order, ...]
    next_time_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One fill of one order. `match_id` is shared by all trades of one taker at one moment."""

    id: int
    match_id: int
    trade_id: int | None
    order_id: int
    symbol: str
    type: OrderType | None
    type_text: str
    source: str
    price: Decimal
    filled_amount: Decimal
    filled_fees: Decimal
    fee_currency: str
    filled_points: Decimal
    fee_deduct_currency: str | None
    fee_deduct_state: str | None
    role: Role
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRates:
    """Fee rates of the user for a symbol; a negative maker rate is a rebate."""

    symbol: str
    maker: Decimal
    taker: Decimal
    actual_maker: Decimal
    actual_taker: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAllAfter:
    """The dead man's switch. `trigger_time` is None while it is off."""

    current_time: datetime
    trigger_time: datetime | None


def decode_batch_outcome(row: Row) -> BatchOutcome:
    if row.has("err-code"):
        return v1_failure(row.raw, http_status=None)
    return OrderReceipt(order_id=row.text("order-id"), client_order_id=row.optional_text("client-order-id"))


def decode_cancel_answer(row: Row) -> CancelAnswer:
    """Out of the envelope, whose `data` is a number."""
    return CancelAnswer(meaning=row.known_number(OrderStateNumber, "data"), number=row.integer("data"))


def decode_cancel_outcomes(row: Row) -> CancelOutcomes:
    return CancelOutcomes(
        accepted=tuple(as_text(item, "accepted id") for item in row.list("success")),
        refused=tuple(v1_failure(item.raw, http_status=None) for item in rows(row.get("failed"), "refused cancel")),
    )


def decode_open_orders_cancelled(row: Row) -> OpenOrdersCancelled:
    """`next-id` is -1 if none are left."""
    next_id = row.optional_integer("next-id")
    return OpenOrdersCancelled(
        success_count=row.integer("success-count"),
        failed_count=row.integer("failed-count"),
        next_id=None if next_id == -1 else next_id,
    )


def decode_order(row: Row) -> Order:
    """An order of any reading. `canceled-source` is a number or a word, with its description beside the number."""
    filled = "filled" if row.has("filled-amount") else "field"
    return Order(
        id=row.integer("id"),
        client_order_id=row.optional_text("client-order-id"),
        account_id=row.integer("account-id"),
        symbol=row.text("symbol"),
        type=row.known_word(OrderType, "type"),
        type_text=row.text("type"),
        source=row.text("source"),
        state=row.word(OrderState, "state"),
        amount=row.decimal("amount"),
        price=row.optional_decimal("price") or None,
        filled_amount=row.decimal(f"{filled}-amount"),
        filled_cash_amount=row.decimal(f"{filled}-cash-amount"),
        filled_fees=row.decimal(f"{filled}-fees"),
        created_at=row.time("created-at"),
        finished_at=row.optional_time("finished-at"),
        canceled_at=row.optional_time("canceled-at"),
        stop_price=row.optional_decimal("stop-price"),
        operator=row.word(Operator, "operator") if row.optional_text("operator") else None,
        canceled_source=row.optional_text("canceled-source-desc") or row.optional_text("canceled-source"),
        role=row.word(Role, "role") if row.optional_text("role") else None,
    )


def decode_fill(row: Row) -> Fill:
    return Fill(
        id=row.integer("id"),
        match_id=row.integer("match-id"),
        trade_id=row.optional_integer("trade-id"),
        order_id=row.integer("order-id"),
        symbol=row.text("symbol"),
        type=row.known_word(OrderType, "type"),
        type_text=row.text("type"),
        source=row.text("source"),
        price=row.decimal("price"),
        filled_amount=row.decimal("filled-amount"),
        filled_fees=row.decimal("filled-fees"),
        fee_currency=row.text("fee-currency"),
        filled_points=row.decimal("filled-points"),
        fee_deduct_currency=row.optional_text("fee-deduct-currency"),
        fee_deduct_state=row.optional_text("fee-deduct-state"),
        role=row.word(Role, "role"),
        created_at=row.time("created-at"),
    )


def decode_fee_rates(row: Row) -> FeeRates:
    return FeeRates(
        symbol=row.text("symbol"),
        maker=row.decimal("makerFeeRate"),
        taker=row.decimal("takerFeeRate"),
        actual_maker=row.decimal("actualMakerRate"),
        actual_taker=row.decimal("actualTakerRate"),
    )


def decode_cancel_all_after(row: Row) -> CancelAllAfter:
    return CancelAllAfter(current_time=row.time("currentTime"), trigger_time=row.optional_time("triggerTime"))
