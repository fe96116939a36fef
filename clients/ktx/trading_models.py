"""Orders and fills: what is sent and what comes back.

Amounts are `Decimal`, times are aware UTC datetimes, and a field that the venue leaves empty is None. Quantities of orders are
above zero here and have a side; the wire of gen1 has signed quantities and no side.
Nothing here knows HTTP or WebSocket.
Source: KTX document, "User Data Endpoints"; ktx§7, ktx§14.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mockex.clients.shared.fields import plain

from .fields import Row
from .vocabulary import (
    Action,
    MarginMethod,
    Market,
    OrderStatus,
    OrderType,
    PositionMerge,
    Profile,
    Side,
    TimeInForce,
)

# --- out ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What an order of a perpetual contract needs besides. `close` reduces a position, which `merge` or `position_id` names."""

    merge: PositionMerge
    margin: MarginMethod
    leverage: int
    close: bool = False
    position_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitOrder:
    """A limit order; with `post_only` one that must not trade at once. None of `time_in_force` means gtc at the venue.

    With a `contract` it goes to the market of perpetuals. A client id is an int64.
    """

    side: Side
    quantity: Decimal
    price: Decimal
    time_in_force: TimeInForce | None = None
    post_only: bool = False
    client_order_id: int | None = None
    contract: Contract | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketOrder:
    """An order at any price for so much of the base currency. With a `contract` it goes to the market of perpetuals."""

    side: Side
    quantity: Decimal
    client_order_id: int | None = None
    contract: Contract | None = None


NewOrder = LimitOrder | MarketOrder


def encode_order(symbol: str, order: NewOrder, *, profile: Profile) -> dict[str, object]:
    """The body of an order, in the sequence of the document's sample. ValueError for a quantity that is not above zero."""
    limit = order if isinstance(order, LimitOrder) else None
    body: dict[str, object] = {"symbol": symbol, **_quantity(order, profile)}
    if limit is not None:
        body["price"] = plain(limit.price)
    body["type"] = (OrderType.MARKET if limit is None else OrderType.LIMIT).value
    body["market"] = (Market.SPOT if order.contract is None else Market.PERPETUAL).value
    if order.client_order_id is not None:
        body["client_order_id"] = str(order.client_order_id)
    if limit is not None and limit.time_in_force is not None:
        body["time_in_force"] = limit.time_in_force.value
    if limit is not None and limit.post_only:
        body["post_only"] = True
    if order.contract is not None:
        body |= _encode_contract(order.contract)
    return body


def _quantity(order: NewOrder, profile: Profile) -> dict[str, object]:
    text = plain(order.quantity)
    if order.quantity <= 0:
        raise ValueError(f"the quantity of an order is above zero, not {text}: the side says which way")
    if profile is Profile.GEN2:
        return {"side": order.side.value, "quantity": text}
    return {"quantity": text if order.side is Side.BUY else f"-{text}"}


def _encode_contract(contract: Contract) -> dict[str, object]:
    body: dict[str, object] = {
        "positionMerge": contract.merge.value,
        "marginMethod": contract.margin.value,
        "leverage": contract.leverage,
        "close": contract.close,
    }
    return body if contract.position_id is None else body | {"positionId": str(contract.position_id)}


_LIQUIDATION = -1


def client_reference(client_order_id: int) -> str:
    """How requests name an order by its client id."""
    return f"c:{client_order_id}"


# --- in ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """Paid for fills. `value` is a valuation, None where the endpoint does not send it."""

    amount: Decimal
    asset: str
    value: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFill:
    """A fill inside its order. `profit` is of perpetuals, without fees."""

    trade_id: int
    at: datetime
    price: Decimal
    quantity: Decimal
    profit: Decimal
    taker: bool
    fees: tuple[Fee, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order. `fills` are the last 20 of `fill_count`: the others are in the list of fills.

    `status` and `action` are None for a word outside their tables; `price` is None for a market order, `leverage` on spot. gen2
    alone tells the margin, the id of the last update, and which orders liquidate, at which mark price.
    """

    order_id: int
    client_order_id: int | None
    symbol: str
    type: OrderType
    side: Side
    quantity: Decimal
    price: Decimal | None
    time_in_force: TimeInForce | None
    post_only: bool
    status: OrderStatus | None
    filled_quantity: Decimal
    filled_value: Decimal
    fill_count: int
    fills: tuple[OrderFill, ...]
    fees: tuple[Fee, ...]
    profit: Decimal
    merge: PositionMerge
    position_id: int | None
    close: bool
    leverage: Decimal | None
    action: Action | None
    margin: MarginMethod | None = None
    update_id: int | None = None
    liquidates: bool = False
    mark_price: Decimal | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def average_price(self) -> Decimal | None:
        """What was paid for a unit, to 28 digits; None before the first fill."""
        return self.filled_value / self.filled_quantity if self.filled_quantity else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A fill in the list of fills. gen2 alone has an id and a side of it."""

    trade_id: int
    fill_id: int | None = None
    side: Side | None = None
    order_id: int
    symbol: str
    price: Decimal
    quantity: Decimal
    profit: Decimal
    taker: bool
    fees: tuple[Fee, ...]
    at: datetime


def decode_order(row: Row) -> Order:
    """An order of REST or of the stream."""
    order_type = row.word(OrderType, "type")
    return Order(
        order_id=row.integer("orderId"),
        client_order_id=row.optional_integer("clientOrderId"),
        symbol=row.text("product"),
        type=order_type,
        side=row.word(Side, "side"),
        quantity=row.decimal("quantity"),
        price=None if order_type is OrderType.MARKET else row.decimal("price"),
        time_in_force=row.known_word(TimeInForce, "timeInForce"),
        post_only=row.flag("postOnly"),
        status=row.known_word(OrderStatus, "status"),
        filled_quantity=row.decimal("executedQty"),
        filled_value=row.decimal("executedCost"),
        fill_count=row.integer("fillCount"),
        fills=tuple(_order_fill(fill) for fill in row.rows("fills", "fill")),
        fees=_fees(row),
        profit=row.decimal("profit"),
        merge=row.word(PositionMerge, "positionMerge"),
        position_id=row.optional_id("positionId"),
        close=row.flag("close"),
        leverage=row.decimal("leverage") or None,
        action=row.known_word(Action, "action"),
        margin=row.known_word(MarginMethod, "marginMethod") if row.has("marginMethod") else None,
        update_id=row.integer("update_id") if row.has("update_id") else None,
        liquidates=row.has("origin") and row.integer("origin") == _LIQUIDATION,
        mark_price=row.optional_decimal("markPrice"),
        created_at=row.milliseconds("createTime"),
        updated_at=row.milliseconds("updateTime"),
    )


def _order_fill(row: Row) -> OrderFill:
    return OrderFill(
        trade_id=row.integer("tradeId"),
        at=row.milliseconds("time"),
        price=row.decimal("price"),
        quantity=row.decimal("quantity"),
        profit=row.decimal("profit"),
        taker=row.flag("taker"),
        fees=_fees(row),
    )


def _fees(row: Row) -> tuple[Fee, ...]:
    return tuple(
        Fee(amount=fee.decimal("amount"), asset=fee.text("asset"), value=fee.optional_decimal("value"))
        for fee in row.rows("fees", "fee")
    )


def decode_fill(row: Row) -> Fill:
    """A row of fills."""
    return Fill(
        trade_id=row.integer("tradeId"),
        fill_id=row.integer("fillId") if row.has("fillId") else None,
        side=row.word(Side, "side") if row.has("side") else None,
        order_id=row.integer("orderId"),
        symbol=row.text("product"),
        price=row.decimal("price"),
        quantity=row.decimal("quantity"),
        profit=row.decimal("profit"),
        taker=row.flag("taker"),
        fees=_fees(row),
        at=row.milliseconds("time"),
    )


def decode_cancelled(data: object) -> int | None:
    """How many orders were cancelled: `[n]`. None for an empty array, which a footer of the document promises (ktx§7)."""
    counts = Row.as_list(data, "cancelled orders")
    if not counts:
        return None
    if len(counts) > 1:
        raise Row.malformed(f"cancelled orders have {len(counts)} counts")
    return Row.as_integer(counts[0], "cancelled orders")
