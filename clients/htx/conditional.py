"""Conditional orders over REST, `/v2/algo-orders`. All are private.

Owns: paths, parameters, values and their decoders. Every method raises an `HtxError` for a failure.
A conditional order is no order before its trigger: it has only the id that the client gives it, holds no funds, and is told of
in `orders#` only when it is deleted or fails to trigger.
Source: HTX document, "Conditional Order"; htx§3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row, as_text, epoch_ms, plain, rows
from .paging import Page
from .rest import Params, Reply, RestTransport
from .vocabulary import ConditionalType, OrderState, Side, Sort, TimeInForce

_BASE = "/v2/algo-orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConditionalOrder:
    """`price` belongs to limit orders, `value` (quote currency) to market buys, `amount` (base currency) to all others."""

    account_id: int
    symbol: str
    side: Side
    type: ConditionalType
    client_order_id: str
    stop_price: Decimal
    price: Decimal | None = None
    amount: Decimal | None = None
    value: Decimal | None = None
    time_in_force: TimeInForce | None = None
    trailing_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalOrder:
    """A conditional order. `order_id` and `created_at` are those of the order that it became."""

    account_id: int
    symbol: str
    client_order_id: str
    side: Side
    type: ConditionalType
    time_in_force: TimeInForce | None
    price: Decimal | None
    amount: Decimal | None
    value: Decimal | None
    stop_price: Decimal
    source: str
    state: OrderState
    placed_at: datetime
    last_act_time: datetime
    order_id: int | None
    created_at: datetime | None
    error_code: int | None
    error_message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalCancels:
    """Client ids of conditional orders that are cancelled, and of those that are not."""

    accepted: tuple[str, ...]
    rejected: tuple[str, ...]


def encode_conditional_order(order: NewConditionalOrder) -> dict[str, object]:
    """The JSON object of a new conditional order: decimals as strings, unused fields left out."""
    amounts = {
        "orderPrice": order.price,
        "orderSize": order.amount,
        "orderValue": order.value,
        "trailingRate": order.trailing_rate,
    }
    fields: dict[str, object] = {
        "accountId": order.account_id,
        "symbol": order.symbol,
        "orderSide": order.side,
        "orderType": order.type,
        "clientOrderId": order.client_order_id,
        "stopPrice": plain(order.stop_price),
    }
    fields |= {name: plain(amount) for name, amount in amounts.items() if amount is not None}
    if order.time_in_force is not None:
        fields["timeInForce"] = order.time_in_force
    return fields


def decode_conditional_order(row: Row) -> ConditionalOrder:
    return ConditionalOrder(
        account_id=row.integer("accountId"),
        symbol=row.text("symbol"),
        client_order_id=row.text("clientOrderId"),
        side=row.word(Side, "orderSide"),
        type=row.word(ConditionalType, "orderType"),
        time_in_force=row.word(TimeInForce, "timeInForce") if row.optional_text("timeInForce") else None,
        price=row.optional_decimal("orderPrice"),
        amount=row.optional_decimal("orderSize"),
        value=row.optional_decimal("orderValue"),
        stop_price=row.decimal("stopPrice"),
        source=row.text("source"),
        state=row.word(OrderState, "orderStatus"),
        placed_at=row.time("orderOrigTime"),
        last_act_time=row.time("lastActTime"),
        order_id=row.optional_integer("orderId"),
        created_at=row.optional_time("orderCreateTime"),
        error_code=row.optional_integer("errCode"),
        error_message=row.optional_text("errMessage"),
    )


class ConditionalApi:
    """Orders that wait for a price. The `stop_price` of `trading_models.LimitOrder` is the other way to the same."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def place(self, order: NewConditionalOrder) -> str:
        """Place one. Returns its client id."""
        reply = await self._rest.post_private(_BASE, encode_conditional_order(order))
        return reply.data_row("conditional order").text("clientOrderId")

    async def cancel(self, client_order_ids: Sequence[str]) -> ConditionalCancels:
        """Cancel up to 50 that are not yet triggered."""
        reply = await self._rest.post_private(f"{_BASE}/cancellation", {"clientOrderIds": list(client_order_ids)})
        row = reply.data_row("conditional cancels")
        return ConditionalCancels(
            accepted=tuple(as_text(item, "accepted id") for item in row.list("accepted")),
            rejected=tuple(as_text(item, "rejected id") for item in row.list("rejected")),
        )

    async def opening(
        self, *, symbol: str | None = None, limit: int | None = None, from_id: int | None = None
    ) -> Page[ConditionalOrder]:
        """Those that wait, newest first: 100 by default, 500 at most."""
        params: Params = [("symbol", symbol), ("limit", limit), ("fromId", from_id)]
        return _page(await self._rest.get_private(f"{_BASE}/opening", params))

    async def history(
        self,
        symbol: str,
        state: OrderState,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        sort: Sort | None = None,
        limit: int | None = None,
        from_id: int | None = None,
    ) -> Page[ConditionalOrder]:
        """Those that are CANCELLED, REJECTED or TRIGGERED. ValueError for a naive datetime."""
        params: Params = [
            ("symbol", symbol),
            ("orderStatus", state),
            ("startTime", None if start is None else epoch_ms(start)),
            ("endTime", None if end is None else epoch_ms(end)),
            ("sort", sort),
            ("limit", limit),
            ("fromId", from_id),
        ]
        return _page(await self._rest.get_private(f"{_BASE}/history", params))

    async def order(self, client_order_id: str) -> ConditionalOrder:
        """One of them."""
        reply = await self._rest.get_private(f"{_BASE}/specific", [("clientOrderId", client_order_id)])
        return decode_conditional_order(reply.data_row("conditional order"))


def _page(reply: Reply) -> Page[ConditionalOrder]:
    found = tuple(decode_conditional_order(row) for row in rows(reply.data, "conditional order"))
    return Page(rows=found, next_id=reply.envelope.optional_integer("nextId"))
