"""Orders and fills over REST.

Owns: paths and parameters. Every method raises a `CoinstoreError` for a failure; in a batch, the failure of a single order is a
value. Orders carry the moment of sending, which the venue echoes as the time of the order (cs§5).
Source: Coinstore document, "Orders"; cs§7.4 to cs§7.13.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import trading_models as m
from .fields import Row
from .rest import Reply, RestTransport
from .vocabulary import SideNumber

_ORDERS = "/api/trade/order"
_ORDERS_V2 = "/api/v2/trade/order"


class TradingApi:
    """Orders and fills of the spot account. The venue takes symbols in any case."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def place_order(self, symbol: str, order: m.NewOrder) -> m.OrderReceipt:
        """Place one order. It may be filled, or cancelled by a rule of the venue, before the receipt arrives."""
        payload: dict[str, object] = _client_id(order) | {"symbol": symbol} | m.encode_order(order)
        reply = await self._rest.post_private(f"{_ORDERS}/place", payload | {"timestamp": self._rest.now_ms()})
        return m.decode_receipt(reply.row("order receipt"))

    async def place_orders(self, symbol: str, orders: Sequence[m.NewOrder]) -> tuple[m.BatchOutcome, ...]:
        """Place orders of one pair, each alone: outcomes in the order given."""
        payload = {
            "symbol": symbol,
            "orders": [_client_id(order) | m.encode_order(order) for order in orders],
            "timestamp": self._rest.now_ms(),
        }
        reply = await self._rest.post_private(f"{_ORDERS}/placeBatch", payload)
        return m.decode_batch(reply.rows("outcome"), sent=len(orders))

    async def cancel_order(self, symbol: str, order_id: int) -> m.CancelReceipt:
        """Cancel one order. One that is closed already is no error: the receipt has its state."""
        reply = await self._rest.post_private(f"{_ORDERS}/cancel", {"symbol": symbol, "ordId": order_id})
        return m.decode_cancel(reply.row("cancel receipt"))

    async def cancel_client_order(self, symbol: str, client_order_id: str) -> m.CancelReceipt:
        """As `cancel_order`, by client id. Only older pages of the document have this."""
        reply = await self._rest.post_private(f"{_ORDERS}/cancel", {"symbol": symbol, "clOrdId": client_order_id})
        return m.decode_cancel(reply.row("cancel receipt"))

    async def cancel_orders(self, symbol: str, order_ids: Sequence[int]) -> m.CancelledIds:
        """Cancel orders of one pair."""
        payload = {"orderIds": list(order_ids), "symbol": symbol}
        reply = await self._rest.post_private(f"{_ORDERS}/cancelBatch", payload)
        return m.decode_cancelled_ids(reply.row("cancelled orders"))

    async def cancel_client_orders(self, symbol: str, client_order_ids: Sequence[str]) -> m.CancelledClientIds:
        """Cancel orders of one pair by client id."""
        payload = {"symbol": symbol, "clientOrderIds": list(client_order_ids)}
        reply = await self._rest.post_private(f"{_ORDERS}/cancelBatchByClOrdId", payload)
        return m.decode_cancelled_client_ids(reply.row("cancelled orders"))

    async def cancel_all(self, symbol: str) -> tuple[int, ...]:
        """Cancel all orders of one pair; their ids as far as the venue tells. Withdrawn from the document in 2024."""
        reply = await self._rest.post_private(f"{_ORDERS}/cancelAll", {"symbol": symbol})
        if reply.envelope.blank("data"):
            return ()
        return m.decode_ids(reply.row("cancelled orders"), "canceling")

    async def open_orders_v1(self) -> tuple[m.Order, ...]:
        """Open orders of all pairs, by the first version of the endpoint."""
        return _orders(await self._rest.get_private(f"{_ORDERS}/active"))

    async def open_orders(
        self, *, symbol: str | None = None, order_id: int | None = None, client_order_id: str | None = None
    ) -> tuple[m.Order, ...]:
        """Open orders, of all pairs or as filtered, by the second version of the endpoint."""
        params = [("symbol", symbol), ("ordId", order_id), ("clOrdId", client_order_id)]
        return _orders(await self._rest.get_private(f"{_ORDERS_V2}/active", params))

    async def order_v1(self, order_id: int) -> m.Order:
        """One order, by the first version of the endpoint: with amount and currency of the fee, without time of change."""
        reply = await self._rest.get_private(f"{_ORDERS}/orderInfo", [("ordId", order_id)])
        return m.decode_one_order(reply.data)

    async def order(self, order_id: int) -> m.Order:
        """One order, by the second version of the endpoint."""
        reply = await self._rest.get_private(f"{_ORDERS_V2}/orderInfo", [("ordId", order_id)])
        return m.decode_one_order(reply.data)

    async def client_order(self, client_order_id: str) -> m.Order:
        """One order by client id, by the second version of the endpoint."""
        reply = await self._rest.get_private(f"{_ORDERS_V2}/orderInfo", [("clOrdId", client_order_id)])
        return m.decode_one_order(reply.data)

    async def fills(
        self,
        symbol: str,
        *,
        order_id: int | None = None,
        page: int | None = None,
        page_size: int | None = None,
        side: SideNumber | None = None,
    ) -> tuple[m.Fill, ...]:
        """One page of the account's fills of a pair: the first one of 20 unless told."""
        params = [
            ("symbol", symbol),
            ("ordId", order_id),
            ("pageNum", page),
            ("pageSize", page_size),
            ("side", None if side is None else side.value),
        ]
        reply = await self._rest.get_private("/api/trade/match/accountMatches", params)
        return tuple(m.decode_fill(row) for row in reply.rows("fill"))


def _client_id(order: m.NewOrder) -> dict[str, object]:
    return {} if order.client_order_id is None else {"clOrdId": order.client_order_id}


def _orders(reply: Reply) -> tuple[m.Order, ...]:
    return tuple(m.decode_order(row) for row in Row.all_of(reply.data, "order"))
