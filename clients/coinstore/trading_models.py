"""Orders and fills: what is sent and what comes back.

Amounts are `Decimal`, times are aware UTC datetimes, and a field that the venue leaves empty or out is None.
Nothing here knows HTTP or WebSocket.
Source: Coinstore document, "Orders"; cs§7.4 to cs§7.13.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mockex.clients.shared.fields import plain

from .error_codes import failure, message_of
from .errors import CoinstoreError
from .fields import Row, price_of
from .vocabulary import OrderState, OrderStateNumber, OrderType, Role, Side, SideNumber, TimeInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOrder:
    """A limit order, or with `post_only` one that must not trade at once. None of `time_in_force` means GTC at the venue."""

    side: Side
    price: Decimal
    quantity: Decimal
    post_only: bool = False
    time_in_force: TimeInForce | None = None
    client_order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketBuy:
    """A market buy for so much of the quote currency."""

    amount: Decimal
    client_order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSell:
    """A market sell of so much of the base currency."""

    quantity: Decimal
    client_order_id: str | None = None


NewOrder = LimitOrder | MarketBuy | MarketSell


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReceipt:
    """The venue took an order. `client_order_id` comes back from a batch only; the venue makes one if there was none."""

    order_id: int
    client_order_id: str | None


BatchOutcome = OrderReceipt | CoinstoreError
"""What became of one order of a batch: a refusal is a value, not an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReceipt:
    """The answer to a cancellation. `client_order_id` is None for an order that was closed before; `state` tells how."""

    order_id: int
    client_order_id: str | None
    state: OrderState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledIds:
    """The answer to a cancellation of many, by order id."""

    accepted: tuple[int, ...]
    rejected: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledClientIds:
    """The answer to a cancellation of many, by client id. The document shows the accepted ones only."""

    accepted: tuple[str, ...]
    rejected: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order. The last five fields depend on the endpoint and are None where it does not send them.

    `state` is None for a word outside the table. `placed_at` echoes the `timestamp` of the request.
    """

    order_id: int
    client_order_id: str
    account_id: int
    symbol: str
    base_currency: str
    quote_currency: str
    side: Side
    type: OrderType
    time_in_force: TimeInForce | None
    state: OrderState | None
    price: Decimal
    quantity: Decimal
    filled_quantity: Decimal
    filled_amount: Decimal
    remaining_quantity: Decimal
    placed_at: datetime
    amount: Decimal | None
    average_price: Decimal | None
    fee_currency: str | None
    updated_at: datetime | None
    flags: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One order's side of a match. There is no price but `amount / quantity`, and currencies are numbers.

    `role` and `order_state` are None for numbers outside the tables, which have been seen.
    """

    id: int
    order_id: int
    match_id: int
    trade_id: int
    account_id: int
    instrument_id: int
    base_currency_id: int
    quote_currency_id: int
    fee_currency_id: int
    side: SideNumber
    role: Role | None
    order_state: OrderStateNumber | None
    quantity: Decimal
    amount: Decimal
    remaining_quantity: Decimal
    self_dealing_quantity: Decimal
    fee: Decimal
    fee_rate: Decimal
    at: datetime

    @property
    def price(self) -> Decimal | None:
        """What was paid for one of the base, as the venue does not tell it. None for a fill of nothing."""
        return price_of(self.amount, self.quantity)


def encode_order(order: NewOrder) -> dict[str, str]:
    """The fields of a new order without symbol and time, decimals as plain text: the venue takes either form (cs§5)."""
    match order:
        case LimitOrder():
            own = {
                "side": order.side.value,
                "ordType": (OrderType.POST_ONLY if order.post_only else OrderType.LIMIT).value,
                **({} if order.time_in_force is None else {"timeInForce": order.time_in_force.value}),
                "ordPrice": plain(order.price),
                "ordQty": plain(order.quantity),
            }
        case MarketBuy():
            own = {"side": Side.BUY.value, "ordType": OrderType.MARKET.value, "ordAmt": plain(order.amount)}
        case MarketSell():
            own = {"side": Side.SELL.value, "ordType": OrderType.MARKET.value, "ordQty": plain(order.quantity)}
    return own


def decode_receipt(row: Row) -> OrderReceipt:
    """The answer to an order. The document's example spells `order_id`, its table and the venue `ordId` (cs§7.7)."""
    name = "ordId" if row.has("ordId") else "order_id"
    return OrderReceipt(order_id=row.integer(name), client_order_id=row.optional_text("clOrdId"))


def decode_batch(rows: Sequence[Row], *, sent: int) -> tuple[BatchOutcome, ...]:
    """Outcomes in the order sent. MalformedReplyError if there are more or fewer than orders: nothing could be told apart."""
    if len(rows) != sent:
        raise Row.malformed(f"{len(rows)} outcomes for {sent} orders")
    return tuple(_outcome(row) for row in rows)


def _outcome(row: Row) -> BatchOutcome:
    if not row.blank("ordId"):
        return decode_receipt(row)
    return failure(row.integer("errno"), message_of(row.raw), client_order_id=row.optional_text("clOrdId"))


def decode_cancel(row: Row) -> CancelReceipt:
    """The answer to a cancellation."""
    return CancelReceipt(
        order_id=row.integer("ordId"),
        client_order_id=row.optional_text("clientOrderId"),
        state=row.known_word(OrderState, "state"),
    )


def decode_cancelled_ids(row: Row) -> CancelledIds:
    """The answer to a cancellation of many, by order id."""
    return CancelledIds(accepted=decode_ids(row, "success"), rejected=decode_ids(row, "reject"))


def decode_cancelled_client_ids(row: Row) -> CancelledClientIds:
    """The answer to a cancellation of many, by client id."""

    def texts(name: str) -> tuple[str, ...]:
        return () if row.blank(name) else tuple(row.as_text(item, row.path(name)) for item in row.list(name))

    return CancelledClientIds(accepted=texts("success"), rejected=texts("reject"))


def decode_ids(row: Row, name: str) -> tuple[int, ...]:
    """A list of order ids; none if the field is absent or null."""
    return () if row.blank(name) else tuple(row.as_integer(item, row.path(name)) for item in row.list(name))


def decode_order(row: Row) -> Order:
    """An order of any of the four endpoints, or of the stream. The state is `ordState` in one of them, else `ordStatus`."""
    return Order(
        order_id=row.integer("ordId"),
        client_order_id=row.text("clOrdId"),
        account_id=row.integer("accountId"),
        symbol=row.text("symbol"),
        base_currency=row.text("baseCurrency"),
        quote_currency=row.text("quoteCurrency"),
        side=row.word(Side, "side"),
        type=row.word(OrderType, "ordType"),
        time_in_force=row.known_word(TimeInForce, "timeInForce"),
        state=row.known_word(OrderState, "ordState" if row.has("ordState") else "ordStatus"),
        price=row.decimal("ordPrice"),
        quantity=row.decimal("ordQty"),
        filled_quantity=row.decimal("cumQty"),
        filled_amount=row.decimal("cumAmt"),
        remaining_quantity=row.decimal("leavesQty"),
        placed_at=row.milliseconds("timestamp"),
        amount=row.optional_decimal("ordAmt"),
        average_price=row.optional_decimal("avgPrice"),
        fee_currency=row.optional_text("feeCurrency"),
        updated_at=None if row.blank("orderUpdateTime") else row.either_unit("orderUpdateTime"),
        flags=row.optional_text("flags"),
    )


def decode_one_order(data: object) -> Order:
    """The order of an answer: an object, or as the document shows for version 2 a list of one (cs§7.13)."""
    if isinstance(data, list) and len(data) == 1:
        (data,) = data
    return decode_order(Row.of(data, "order"))


def decode_fill(row: Row) -> Fill:
    """A fill. The key of the rate is misspelt on the wire (cs§7.6)."""
    side = row.known_number(SideNumber, "side")
    if side is None:
        raise Row.malformed(f"{row.path('side')} is no side: {row.get('side')!r}")
    return Fill(
        id=row.integer("id"),
        order_id=row.integer("orderId"),
        match_id=row.integer("matchId"),
        trade_id=row.integer("tradeId"),
        account_id=row.integer("accountId"),
        instrument_id=row.integer("instrumentId"),
        base_currency_id=row.integer("baseCurrencyId"),
        quote_currency_id=row.integer("quoteCurrencyId"),
        fee_currency_id=row.integer("feeCurrencyId"),
        side=side,
        role=row.known_number(Role, "matchRole"),
        order_state=row.known_number(OrderStateNumber, "orderState"),
        quantity=row.decimal("execQty"),
        amount=row.decimal("execAmt"),
        remaining_quantity=row.decimal("remainingQty"),
        self_dealing_quantity=row.decimal("selfDealingQty"),
        fee=row.decimal("fee"),
        fee_rate=row.decimal("acturalFeeRate"),
        at=row.seconds("matchTime"),
    )
