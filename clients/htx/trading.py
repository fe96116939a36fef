"""Orders and fills over REST, `/v1/order`. All are private.

Owns: paths, parameters and the decoder of each endpoint. Every method raises an `HtxError` for a failure; in a batch, the
failure of a single order is a value.
Source: HTX document, "Trading"; htx§3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from . import trading_models as m
from .fields import as_text, epoch_ms, rows
from .paging import Cursor
from .rest import Params, RestTransport, segment
from .vocabulary import Direction, OrderState, OrderType, Side

_BASE = "/v1/order"


class TradingApi:
    """Placing, cancelling and reading orders. Order ids are text when the venue gives them out, numbers when it lists them:
    both may be passed."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    # --- placing ---

    async def place_order(self, order: m.NewOrder) -> m.OrderReceipt:
        """Place one order. It may be filled, or cancelled by a rule of the venue, before the receipt arrives."""
        reply = await self._rest.post_private(f"{_BASE}/orders/place", m.encode_order(order))
        return m.OrderReceipt(order_id=as_text(reply.data, "order id"), client_order_id=order.client_order_id)

    async def place_orders(self, orders: Sequence[m.NewOrder]) -> tuple[m.BatchOutcome, ...]:
        """Place up to 10 orders. Outcomes in the order given."""
        reply = await self._rest.post_private(f"{_BASE}/batch-orders", [m.encode_order(order) for order in orders])
        return tuple(m.decode_batch_outcome(row) for row in rows(reply.data, "batch outcome"))

    # --- cancelling ---

    async def cancel_order(self, order_id: str | int, *, symbol: str | None = None) -> str:
        """Ask to cancel one order. Returns its id: accepted, not done. OrderClosedError says in which state it closed."""
        payload = {} if symbol is None else {"symbol": symbol}
        path = f"{_BASE}/orders/{segment(str(order_id))}/submitcancel"
        reply = await self._rest.post_private(path, payload)
        return as_text(reply.data, "order id")

    async def cancel_client_order(self, client_order_id: str) -> m.CancelAnswer:
        """Ask to cancel the newest order with this client id. An unknown or closed order is an answer, not an error."""
        payload = {"client-order-id": client_order_id}
        reply = await self._rest.post_private(f"{_BASE}/orders/submitCancelClientOrder", payload)
        return m.decode_cancel_answer(reply.envelope)

    async def cancel_orders(self, order_ids: Sequence[str | int]) -> m.CancelOutcomes:
        """Ask to cancel up to 50 orders by their ids."""
        return await self._cancel_batch({"order-ids": [str(order_id) for order_id in order_ids]})

    async def cancel_client_orders(self, client_order_ids: Sequence[str]) -> m.CancelOutcomes:
        """Ask to cancel up to 50 orders by their client ids."""
        return await self._cancel_batch({"client-order-ids": list(client_order_ids)})

    async def _cancel_batch(self, payload: dict[str, list[str]]) -> m.CancelOutcomes:
        reply = await self._rest.post_private(f"{_BASE}/orders/batchcancel", payload)
        return m.decode_cancel_outcomes(reply.data_row("batch cancel"))

    async def cancel_open_orders(
        self,
        *,
        account_id: int | None = None,
        symbols: Sequence[str] = (),
        types: Sequence[OrderType] = (),
        side: Side | None = None,
        size: int | None = None,
    ) -> m.OpenOrdersCancelled:
        """Ask to cancel open orders, 100 at most, of up to 10 symbols or all of them."""
        payload = {
            "account-id": None if account_id is None else str(account_id),
            "symbol": ",".join(symbols) or None,
            "types": ",".join(types) or None,
            "side": side,
            "size": size,
        }
        given = {name: value for name, value in payload.items() if value is not None}
        reply = await self._rest.post_private(f"{_BASE}/orders/batchCancelOpenOrders", given)
        return m.decode_open_orders_cancelled(reply.data_row("cancel of open orders"))

    async def cancel_all_orders(self, symbol: str | None = None) -> None:
        """Ask to cancel every open order, of one symbol or of all."""
        await self._rest.get_private(f"{_BASE}/cancelAllOrders", [("symbol", symbol)])

    async def cancel_all_after(self, timeout: timedelta) -> m.CancelAllAfter:
        """Cancel all orders unless this is called again in time: whole seconds, at least 5. Zero switches it off.

        ValueError for a fraction of a second.
        """
        seconds, rest = divmod(timeout, timedelta(seconds=1))
        if rest:
            raise ValueError(f"{timeout} is not a whole number of seconds")
        reply = await self._rest.post_private("/v2/algo-orders/cancel-all-after", {"timeout": seconds})
        return m.decode_cancel_all_after(reply.data_row("cancel all after"))

    # --- reading ---

    async def open_orders(
        self,
        *,
        account_id: int | None = None,
        symbol: str | None = None,
        side: Side | None = None,
        types: Sequence[OrderType] = (),
        cursor: Cursor | None = None,
    ) -> tuple[m.Order, ...]:
        """Open orders, stop orders that wait included: 100 by default, 500 at most."""
        params: Params = [
            ("account-id", account_id),
            ("symbol", symbol),
            ("side", side),
            ("types", ",".join(types) or None),
            *(cursor or Cursor()).params(),
        ]
        reply = await self._rest.get_private(f"{_BASE}/openOrders", params)
        return tuple(m.decode_order(row) for row in rows(reply.data, "order"))

    async def order(self, order_id: str | int) -> m.Order:
        """One order. One that was cancelled without fills is gone after two hours."""
        reply = await self._rest.get_private(f"{_BASE}/orders/{segment(str(order_id))}")
        return m.decode_order(reply.data_row("order"))

    async def client_order(self, client_order_id: str) -> m.Order:
        """The newest order with this client id, for 8 hours from its creation, and for 2 hours once it is closed."""
        reply = await self._rest.get_private(f"{_BASE}/orders/getClientOrder", [("clientOrderId", client_order_id)])
        return m.decode_order(reply.data_row("order"))

    async def orders(
        self,
        symbol: str,
        states: Sequence[OrderState],
        *,
        types: Sequence[OrderType] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        cursor: Cursor | None = None,
    ) -> tuple[m.Order, ...]:
        """Orders of one symbol in some states, newest first: of 48 hours at most, within 180 days; 100 at most."""
        params: Params = [
            ("symbol", symbol),
            ("states", ",".join(states)),
            ("types", ",".join(types) or None),
            *_span(start, end),
            *(cursor or Cursor()).params(),
        ]
        reply = await self._rest.get_private(f"{_BASE}/orders", params)
        return tuple(m.decode_order(row) for row in rows(reply.data, "order"))

    async def order_history(
        self,
        symbol: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        direct: Direction | None = None,
        size: int | None = None,
    ) -> m.OrderHistory:
        """Orders of the last 48 hours, of one symbol or of all: 100 by default, 10 at least, 1000 at most."""
        params: Params = [("symbol", symbol), *_span(start, end), ("direct", direct), ("size", size)]
        reply = await self._rest.get_private(f"{_BASE}/history", params)
        return m.OrderHistory(
            rows=tuple(m.decode_order(row) for row in rows(reply.data, "order")),
            next_time_ms=reply.envelope.optional_integer("next-time"),
        )

    async def order_fills(self, order_id: str | int) -> tuple[m.Fill, ...]:
        """Fills of one order, newest first."""
        reply = await self._rest.get_private(f"{_BASE}/orders/{segment(str(order_id))}/matchresults")
        return tuple(m.decode_fill(row) for row in rows(reply.data, "fill"))

    async def fills(
        self,
        symbol: str | None = None,
        *,
        types: Sequence[OrderType] = (),
        start: datetime | None = None,
        end: datetime | None = None,
        cursor: Cursor | None = None,
    ) -> tuple[m.Fill, ...]:
        """Fills of 48 hours at most, within 120 days, newest first: 100 by default, 500 at most."""
        params: Params = [
            ("symbol", symbol),
            ("types", ",".join(types) or None),
            *_span(start, end),
            *(cursor or Cursor()).params(),
        ]
        reply = await self._rest.get_private(f"{_BASE}/matchresults", params)
        return tuple(m.decode_fill(row) for row in rows(reply.data, "fill"))

    async def fee_rates(self, *symbols: str) -> tuple[m.FeeRates, ...]:
        """Fee rates of the user, by symbol."""
        params = [("symbols", ",".join(symbols))]
        reply = await self._rest.get_private("/v2/reference/transact-fee-rate", params)
        return tuple(m.decode_fee_rates(row) for row in rows(reply.data, "fee rates"))


def _span(start: datetime | None, end: datetime | None) -> Params:
    """A span of time as parameters. ValueError for a naive datetime."""
    return (
        ("start-time", None if start is None else epoch_ms(start)),
        ("end-time", None if end is None else epoch_ms(end)),
    )
