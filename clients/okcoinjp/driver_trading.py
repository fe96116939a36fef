"""Operations of the driver on orders, fills and the trading wallet.

Owns their parameters and results. Must not know the protocol's transport.
An order is sent once: nothing here tries again, whatever happens to the reply. A user looks it up by its client id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.shared.driver_orders import LimitTerms, SellTerms, SpendTerms, spot_terms

from . import driver_words as w
from .client import OkcoinClient
from .driver_errors import error_fields
from .driver_words import Fields
from .errors import MalformedReplyError, OkcoinError
from .paging import Cursor, FetchPage, Page, RowT, older_rows
from .trading_models import (
    BatchOutcome,
    CancelByClientOid,
    CancelByOrderId,
    Fill,
    LimitOrder,
    MarketBuy,
    MarketSell,
    NewOrder,
    Order,
    SpotLedgerEntry,
)
from .vocabulary import Execution, OrderState, Side, StateGroup

_STATES: Mapping[str, OrderState | StateGroup] = {
    "filled": OrderState.FILLED,
    "cancelled": OrderState.CANCELLED,
    "closed": StateGroup.FINISHED,
}


async def listed(fetch: FetchPage[RowT], *, every_page: bool) -> Sequence[RowT]:
    """Rows, newest first: of the first page, or of all."""
    if every_page:
        return [row async for row in older_rows(fetch)]
    return (await fetch(Cursor())).rows


class TradingOperations:
    """A part of the driver. `api` is there while a session lasts."""

    api: OkcoinClient

    # --- placing and cancelling

    async def place_order(self, **order: Any) -> Fields:
        return w.receipt_fields(await self.api.trading.place_order(new_order(**order)))

    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        wanted = [new_order(**order) for order in orders]
        outcomes = await self.api.trading.place_orders(wanted)
        return {"outcomes": _in_order_asked([order.instrument_id for order in wanted], outcomes)}

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        receipt = await self.api.trading.cancel_order(symbol, _name_of_order(order_id, client_id))
        return w.receipt_fields(receipt)

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        """All by order id or all by client id, as the venue has it (okj§9.3)."""
        symbols = [order["symbol"].upper() for order in orders]
        names: dict[str, list[str]] = {symbol: [] for symbol in symbols}
        for symbol, order in zip(symbols, orders, strict=True):
            names[symbol].append(_name_of_order(order.get("order_id"), order.get("client_id")))
        by_client_id = {"client_id" in order for order in orders}
        if len(by_client_id) > 1:
            raise ValueError("one request cancels by order ids or by client ids, not by both")
        outcomes = await self.api.trading.cancel_orders(
            [CancelByClientOid(instrument_id=symbol, client_oids=tuple(ids)) for symbol, ids in names.items()]
            if True in by_client_id
            else [CancelByOrderId(instrument_id=symbol, order_ids=tuple(ids)) for symbol, ids in names.items()]
        )
        return {"outcomes": _in_order_asked(symbols, outcomes)}

    # --- looking

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        order = await self.api.trading.order(symbol, _name_of_order(order_id, client_id))
        return {"order": w.order_fields(order)}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[Order]:
            return await self.api.trading.open_orders(symbol, cursor=cursor)

        return {"orders": [w.order_fields(each) for each in await listed(fetch, every_page=all)]}

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[Order]:
            return await self.api.trading.orders(symbol, state=_STATES[status], cursor=cursor)

        return {"orders": [w.order_fields(each) for each in await listed(fetch, every_page=all)]}

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[Fill]:
            return await self.api.trading.fills(symbol, order_id=order_id, cursor=cursor)

        return {"fills": w.fills_fields(await listed(fetch, every_page=all))}

    async def balances(self) -> Fields:
        return {"balances": [w.balance_fields(each) for each in await self.api.trading.accounts()]}

    async def ledger(self, currency: str, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Page[SpotLedgerEntry]:
            return await self.api.trading.ledger(currency, cursor=cursor)

        return {"entries": [w.entry_fields(each) for each in await listed(fetch, every_page=all)]}

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        """The venue has one pair of rates for each account, whatever the symbol (okj§9.1)."""
        rates = await self.api.trading.trade_fee()
        return {"maker": w.text(rates.maker), "taker": w.text(rates.taker)}


def new_order(
    symbol: str,
    side: str,
    type: str,
    price: str | None = None,
    qty: str | None = None,
    notional: str | None = None,
    time_in_force: str | None = None,
    post_only: bool = False,
    client_id: str | None = None,
) -> NewOrder:
    """ValueError for what this venue has no order for: nothing is dropped silently."""
    terms = spot_terms(side, type, price=price, qty=qty, notional=notional, time_in_force=time_in_force, post_only=post_only)
    match terms:
        case LimitTerms():
            return LimitOrder(
                instrument_id=symbol,
                side=Side(side),
                price=terms.price,
                size=terms.qty,
                execution=_execution(time_in_force, post_only=post_only),
                client_oid=client_id,
            )
        case SpendTerms():
            return MarketBuy(instrument_id=symbol, notional=terms.notional, client_oid=client_id)
        case SellTerms():
            return MarketSell(instrument_id=symbol, size=terms.qty, client_oid=client_id)


def _execution(time_in_force: str | None, *, post_only: bool) -> Execution:
    match time_in_force, post_only:
        case None | "gtc", False:
            return Execution.NORMAL
        case None | "gtc", True:
            return Execution.POST_ONLY
        case "ioc", False:
            return Execution.IMMEDIATE_OR_CANCEL
        case "fok", False:
            return Execution.FILL_OR_KILL
        case _:
            raise ValueError(f"no order is post-only {post_only} and {time_in_force}")


def _name_of_order(order_id: str | None, client_id: str | None) -> str:
    """The one text by which the venue takes an order's name."""
    if order_id is not None and client_id is None:
        return order_id
    if client_id is None or order_id is not None:
        raise ValueError("an order is named by its order id or by its client id, and not by both")
    if client_id.isdigit():
        raise ValueError(f"the venue would take the client id {client_id} for an order id")
    return client_id


def _in_order_asked(symbols: Sequence[str], outcomes: Mapping[str, Sequence[BatchOutcome]]) -> list[Fields]:
    """The outcomes of a batch, which the venue sorts by pair. MalformedReplyError if it has not as many as were asked for."""
    left = {symbol: iter(of_symbol) for symbol, of_symbol in outcomes.items()}
    asked: list[Fields] = []
    for symbol in symbols:
        outcome = next(left.get(symbol.upper(), iter(())), None)
        if outcome is None:
            raise MalformedReplyError(f"the batch has too few outcomes for {symbol}")
        asked.append({"error": error_fields(outcome)} if isinstance(outcome, OkcoinError) else w.receipt_fields(outcome))
    if any(next(rest, None) is not None for rest in left.values()):
        raise MalformedReplyError("the batch has more outcomes than were asked for")
    return asked
