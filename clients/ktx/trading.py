"""Orders and fills over REST.

Owns: paths and parameters, and which of two routes a cancellation takes. Every method raises a `KtxError` for a failure.
Source: KTX document, "User Data Endpoints"; ktx§7, ktx§14.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from . import trading_models as m
from .paging import Span, backwards, span_params
from .paths import PATHS
from .rest import RestTransport
from .vocabulary import CancelRoute, Market, Profile, Side

#: The most fills, or orders, of one request: ASSUMED to be as for trades.
MOST_FILLS = 1000
MOST_ORDERS = 1000


class TradingApi:
    """Orders and fills. Ids are int64; a client id is named on the wire with the prefix `c:`."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def place_order(self, symbol: str, order: m.NewOrder) -> m.Order:
        """Place one order. What traded at once is in the order that comes back."""
        body = m.encode_order(symbol, order, profile=self._rest.profile)
        return m.decode_order((await self._rest.send_private("POST", "/v1/order", body)).row("order"))

    async def order(self, order_id: int) -> m.Order:
        """One order."""
        return await self._order(str(order_id))

    async def client_order(self, client_order_id: int) -> m.Order:
        """One order by client id."""
        return await self._order(m.client_reference(client_order_id))

    async def open_orders(
        self, *, market: Market | None = None, symbol: str | None = None, limit: int | None = None
    ) -> tuple[m.Order, ...]:
        """Unsettled orders of a product, or of all, by age; 100 unless told. gen2 needs the market."""
        paths = PATHS[self._rest.profile]
        return await self._orders(
            paths.open_orders,
            [
                ("status", "unsettled" if paths.status else None),
                ("market", _value(market)),
                ("symbol", symbol),
                ("limit", limit),
            ],
        )

    async def settled_orders(
        self, symbol: str, *, market: Market | None = None, span: Span | None = None, limit: int | None = None
    ) -> tuple[m.Order, ...]:
        """Settled orders of a product. Times of a span are those of creation, its ids those of updates, which gen1 hides. gen2
        needs the market.
        """
        paths = PATHS[self._rest.profile]
        params = [
            ("status", "settled" if paths.status else None),
            ("market", _value(market)),
            ("symbol", symbol),
            *span_params(span),
            ("limit", limit),
        ]
        return await self._orders(paths.settled_orders, params)

    async def cancel_order(self, order_id: int, *, market: Market | None = None, route: CancelRoute | None = None) -> int:
        """Cancel one order: 1. NotFoundError for one that is unknown or settled.

        The route is DELETE in gen1 and POST in gen2 unless told; for DELETE the document requires the market.
        """
        return await self._cancel(str(order_id), market, route)

    async def cancel_client_order(
        self, client_order_id: int, *, market: Market | None = None, route: CancelRoute | None = None
    ) -> int:
        """As `cancel_order`, by client id."""
        return await self._cancel(m.client_reference(client_order_id), market, route)

    async def cancel_orders(
        self, symbol: str, *, market: Market | None = None, side: Side | None = None, route: CancelRoute | None = None
    ) -> int | None:
        """Cancel all orders of a product, or of one side of it. How many; None if the venue does not tell."""
        body = {"market": _value(market), "symbol": symbol, "side": _value(side)}
        return await self._send_cancel("/v1/orders", body, route)

    async def fills(
        self,
        market: Market,
        *,
        symbol: str | None = None,
        order_id: int | None = None,
        span: Span | None = None,
        limit: int | None = None,
    ) -> tuple[m.Fill, ...]:
        """Fills of a product or of an order, ascending; 100 unless told. ValueError for neither, or both."""
        if (symbol is None) is (order_id is None):
            raise ValueError("fills are those of a symbol or of an order")
        params = [
            ("limit", limit),
            ("market", market.value),
            ("order_id", order_id),
            ("symbol", symbol),
            *span_params(span),
        ]
        reply = await self._rest.get_sorted("/v1/fills", params)
        return tuple(m.decode_fill(row) for row in reply.rows("fill"))

    def older_fills(
        self, market: Market, symbol: str | None = None, *, order_id: int | None = None, limit: int = MOST_FILLS
    ) -> AsyncIterator[m.Fill]:
        """All fills of a product or of an order that the venue keeps, newest first, each once, in requests of `limit`."""

        async def page(span: Span) -> tuple[m.Fill, ...]:
            return await self.fills(market, symbol=symbol, order_id=order_id, span=span, limit=limit)

        return backwards(page, lambda fill: fill.trade_id if fill.fill_id is None else fill.fill_id, limit=limit)

    async def _order(self, reference: str) -> m.Order:
        return m.decode_order((await self._rest.get_private("/v1/order", [("id", reference)])).row("order"))

    async def _orders(self, path: str, params: list[tuple[str, str | int | None]]) -> tuple[m.Order, ...]:
        reply = await self._rest.get_sorted(path, params)
        return tuple(m.decode_order(row) for row in reply.rows("order"))

    async def _cancel(self, reference: str, market: Market | None, route: CancelRoute | None) -> int:
        count = await self._send_cancel("/v1/order", {"id": reference, "market": _value(market)}, route)
        return 1 if count is None else count

    async def _send_cancel(self, path: str, body: dict[str, str | None], route: CancelRoute | None) -> int | None:
        if route is None:
            route = CancelRoute.POST if self._rest.profile is Profile.GEN2 else CancelRoute.DELETE
        method, path = ("POST", f"{path}/delete") if route is CancelRoute.POST else ("DELETE", path)
        given = {name: value for name, value in body.items() if value is not None}
        return m.decode_cancelled((await self._rest.send_private(method, path, given)).data)


def _value(word: Market | Side | None) -> str | None:
    return None if word is None else word.value
