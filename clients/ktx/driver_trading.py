"""Operations of the driver on orders, fills, positions and what the account has.

Owns their parameters and results, and which order of the client a new order of the protocol is. Must not know the protocol's
transport.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from . import driver_words as w
from .account_models import LedgerEntry
from .client import KtxClient
from .driver_words import Fields
from .paging import Span
from .trading import MOST_ORDERS
from .trading_models import Contract, Fill, LimitOrder, MarketOrder, NewOrder, Order
from .vocabulary import Market, Side, TimeInForce

#: What the protocol calls orders that are over, in its own words for states of orders.
_OVER: Mapping[str, Sequence[str]] = {"filled": ("filled",), "cancelled": ("cancelled",), "closed": ("filled", "cancelled")}


class TradingOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: KtxClient

    # --- placing and cancelling

    async def place_order(
        self,
        symbol: str,
        side: str,
        type: str,
        price: str | None = None,
        qty: str | None = None,
        notional: str | None = None,
        time_in_force: str | None = None,
        post_only: bool = False,
        client_id: str | None = None,
        position: Mapping[str, object] | None = None,
    ) -> Fields:
        if notional is not None or qty is None:
            raise ValueError("an order names a quantity, market buys too, and no notional")
        named = None if client_id is None else _client_number(client_id)
        terms = _contract(symbol, position)
        order: NewOrder
        if type == "market":
            if price is not None or post_only or time_in_force not in (None, "gtc"):
                raise ValueError("a market order has no price and no conditions")
            order = MarketOrder(side=Side(side), quantity=w.decimal(qty), client_order_id=named, contract=terms)
        else:
            if price is None:
                raise ValueError("a limit order has a price")
            order = LimitOrder(
                side=Side(side),
                quantity=w.decimal(qty),
                price=w.decimal(price),
                time_in_force=_time_in_force(time_in_force),
                post_only=post_only,
                client_order_id=named,
                contract=terms,
            )
        return w.receipt_fields(await self.api.trading.place_order(symbol, order))

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        _check_name(order_id, client_id)
        if order_id is not None:
            await self.api.trading.cancel_order(w.number(order_id), market=w.market(symbol))
            return {"order_id": order_id}
        assert client_id is not None
        await self.api.trading.cancel_client_order(_client_number(client_id), market=w.market(symbol))
        return {"client_id": client_id}

    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        wanted = None if side is None else Side(side)
        return {"count": await self.api.trading.cancel_orders(symbol, market=w.market(symbol), side=wanted)}

    # --- looking

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        """The venue finds an order by its id alone, whatever its symbol."""
        _check_name(order_id, client_id)
        if order_id is not None:
            return {"order": w.order_fields(await self.api.trading.order(w.number(order_id)))}
        assert client_id is not None
        return {"order": w.order_fields(await self.api.trading.client_order(_client_number(client_id)))}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        """There are never more than fit one page of the largest size (ktx§5)."""
        market = None if symbol is None else w.market(symbol)
        orders = await self.api.trading.open_orders(market=market, symbol=symbol, limit=MOST_ORDERS if all else None)
        return {"orders": [w.order_fields(each) for each in reversed(orders)]}

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        """The venue lists all that are over together: those of one status are picked out."""
        settled = await (self._every_settled(symbol) if all else self._settled(symbol))
        rows = [w.order_fields(each) for each in reversed(settled)]
        return {"orders": [row for row in rows if row["status"] in _OVER[status]]}

    async def _settled(self, symbol: str, *, end: datetime | None = None, limit: int | None = None) -> Sequence[Order]:
        span = None if end is None else Span(end=end)
        return await self.api.trading.settled_orders(symbol, market=w.market(symbol), span=span, limit=limit)

    async def _every_settled(self, symbol: str) -> Sequence[Order]:
        """Page by page, back by the time of creation: the ids that pages go by are not told (ktx§7).

        More orders of one millisecond than fit a page cannot be had.
        """
        found: dict[int, Order] = {}
        end: datetime | None = None
        while True:
            page = await self._settled(symbol, end=end, limit=MOST_ORDERS)
            fresh = [each for each in page if each.order_id not in found]
            if not fresh:
                return list(found.values())
            found = {each.order_id: each for each in fresh} | found
            end = min(each.created_at for each in fresh)

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        market = w.market(symbol)
        of_order = None if order_id is None else w.number(order_id)
        of_symbol = symbol if of_order is None else None
        fills: Sequence[Fill]
        if all:
            fills = [each async for each in self.api.trading.older_fills(market, of_symbol, order_id=of_order)]
        else:
            fills = (await self.api.trading.fills(market, symbol=of_symbol, order_id=of_order))[::-1]
        return {"fills": [w.fill_fields(each) for each in fills]}

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        if position_id is not None:
            if symbol is not None:
                raise ValueError("positions are asked for by symbol or by id, and not by both")
            position = await self.api.account.position(w.number(position_id))
            return {"positions": [] if position is None else [w.position_fields(position)]}
        positions = await self.api.account.positions(symbol=symbol)
        return {"positions": [w.position_fields(each) for each in positions]}

    async def balances(self) -> Fields:
        return {"balances": [w.balance_fields(each) for each in await self.api.account.balances()]}

    async def ledger(self, currency: str, all: bool = False) -> Fields:
        entries: Sequence[LedgerEntry]
        if all:
            entries = [each async for each in self.api.account.older_entries(currency)]
        else:
            entries = (await self.api.account.ledger(currency))[::-1]
        return {"entries": [w.entry_fields(each) for each in entries]}


def _client_number(client_id: str) -> int:
    try:
        return w.number(client_id)
    except ValueError:
        raise ValueError(f"a client id is a whole number here, not {client_id!r}") from None


def _check_name(order_id: str | None, client_id: str | None) -> None:
    if (order_id is None) is (client_id is None):
        raise ValueError("an order is named by its order id or by its client id, and not by both")


def _contract(symbol: str, terms: Mapping[str, object] | None) -> Contract | None:
    """ValueError for a contract's order without terms, or another one with them: neither would go to its market."""
    if (w.market(symbol) is Market.PERPETUAL) is (terms is None):
        raise ValueError("orders of contracts, and no others, say which position they are for")
    return None if terms is None else w.contract(terms)


def _time_in_force(word: str | None) -> TimeInForce | None:
    if word == "fok":
        raise ValueError("this venue has no fill-or-kill orders")
    return None if word is None else TimeInForce(word)
