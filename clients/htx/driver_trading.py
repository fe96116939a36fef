"""Operations of the driver on orders, fills and the trading account.

Owns their parameters and results, and the account that orders belong to. Must not know the protocol's transport.
An order is sent once: nothing here tries again, whatever happens to the reply. A user looks it up by its client id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from mockex.clients.shared.driver_orders import LimitTerms, SellTerms, SpendTerms, spot_terms

from . import driver_words as w
from .driver_accounts import SPOT, AccountOperations
from .driver_errors import error_fields
from .driver_words import Fields
from .errors import CancelRejectedError, HtxError, MalformedReplyError, OrderClosedError, OrderNotFoundError
from .paging import Cursor, next_rows
from .trading_models import CancelOutcomes, Fill, LimitOrder, MarketBuy, MarketSell, NewOrder, Order
from .vocabulary import Execution, OrderState, OrderStateNumber, Side

RowT = TypeVar("RowT")

_NO_ACCOUNT = 0

_CANCELLED = (OrderState.CANCELLED, OrderState.PARTIALLY_CANCELLED)
_STATES: Mapping[str, tuple[OrderState, ...]] = {
    "filled": (OrderState.FILLED,),
    "cancelled": _CANCELLED,
    "closed": (OrderState.FILLED, *_CANCELLED),
}

_CLOSED_NUMBERS = (
    OrderStateNumber.CLOSED_LONG_AGO,
    OrderStateNumber.PARTIALLY_CANCELLED,
    OrderStateNumber.FILLED,
    OrderStateNumber.CANCELLED,
)


async def listed(
    fetch: Callable[[Cursor], Awaitable[Sequence[RowT]]], row_id: Callable[[RowT], int], *, every_page: bool
) -> Sequence[RowT]:
    """Rows in the venue's order: of the first page, or of all."""
    if every_page:
        return [row async for row in next_rows(fetch, row_id)]
    return await fetch(Cursor())


class TradingOperations(AccountOperations):
    """A part of the driver. `api` is there while a session lasts."""

    # --- placing and cancelling

    async def place_order(self, **order: Any) -> Fields:
        return w.receipt_fields(await self.api.trading.place_order(*await self._of_account([new_order(**order)])))

    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        outcomes = await self.api.trading.place_orders(await self._of_account([new_order(**order) for order in orders]))
        if len(outcomes) != len(orders):
            raise MalformedReplyError(f"the batch has {len(outcomes)} outcomes for {len(orders)} orders")
        return {
            "outcomes": [
                {"error": error_fields(outcome)} if isinstance(outcome, HtxError) else w.receipt_fields(outcome)
                for outcome in outcomes
            ]
        }

    async def _of_account(self, orders: Sequence[NewOrder]) -> Sequence[NewOrder]:
        """With the account that they belong to, which is not asked for before they are known to be orders."""
        account_id = await self.account_id(SPOT)
        return [replace(order, account_id=account_id) for order in orders]

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        _check_name(order_id, client_id)
        if order_id is not None:
            return {"order_id": await self.api.trading.cancel_order(order_id, symbol=symbol)}
        assert client_id is not None
        answer = await self.api.trading.cancel_client_order(client_id)
        if not answer.accepted:
            raise _refusal(answer.meaning, answer.number)
        return {"client_id": client_id}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        """All by order id or all by client id, as the venue has it (htx§3.4)."""
        for order in orders:
            _check_name(order.get("order_id"), order.get("client_id"))
        by_client_id = {"client_id" in order for order in orders}
        if len(by_client_id) > 1:
            raise ValueError("one request cancels by order ids or by client ids, not by both")
        if True in by_client_id:
            names = [order["client_id"] for order in orders]
            outcomes = await self.api.trading.cancel_client_orders(names)
        else:
            names = [order["order_id"] for order in orders]
            outcomes = await self.api.trading.cancel_orders(names)
        member = "client_id" if True in by_client_id else "order_id"
        return {"outcomes": [_outcome(outcomes, name, member) for name in names]}

    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        """The venue counts what it cancels of one side, and says nothing of the whole."""
        if side is None:
            await self.api.trading.cancel_all_orders(symbol)
            return {}
        told = await self.api.trading.cancel_open_orders(symbols=[symbol], side=Side(side))
        return {"count": told.success_count}

    # --- looking

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        """The venue finds an order by its id alone, whatever its symbol."""
        _check_name(order_id, client_id)
        if order_id is not None:
            return {"order": w.order_fields(await self.api.trading.order(order_id))}
        assert client_id is not None
        return {"order": w.order_fields(await self.api.trading.client_order(client_id))}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Sequence[Order]:
            return await self.api.trading.open_orders(symbol=symbol, cursor=cursor)

        return {"orders": [w.order_fields(each) for each in await listed(fetch, _order_id, every_page=all)]}

    async def orders(self, symbol: str, status: str, all: bool = False) -> Fields:
        async def fetch(cursor: Cursor) -> Sequence[Order]:
            return await self.api.trading.orders(symbol, _STATES[status], cursor=cursor)

        return {"orders": [w.order_fields(each) for each in await listed(fetch, _order_id, every_page=all)]}

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        """Those of one order come all at once."""

        async def fetch(cursor: Cursor) -> Sequence[Fill]:
            return await self.api.trading.fills(symbol, cursor=cursor)

        if order_id is not None:
            return {"fills": [w.fill_fields(each) for each in await self.api.trading.order_fills(order_id)]}
        return {"fills": [w.fill_fields(each) for each in await listed(fetch, _fill_id, every_page=all)]}

    async def balances(self) -> Fields:
        return {"balances": await self.balances_of(SPOT)}

    async def ledger(self, currency: str, all: bool = False) -> Fields:
        return {"entries": await self.history_of(SPOT, currency, every_page=all)}

    async def fee_rates(self, symbol: str | None = None) -> Fields:
        if symbol is None:
            raise ValueError("the venue has fee rates for each symbol: name one")
        for rates in await self.api.trading.fee_rates(symbol):
            return {"maker": w.text(rates.actual_maker), "taker": w.text(rates.actual_taker)}
        raise MalformedReplyError(f"the venue tells no fee rates of {symbol}")


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
    """Of no account yet. ValueError for what this venue has no order for: nothing is dropped silently."""
    terms = spot_terms(side, type, price=price, qty=qty, notional=notional, time_in_force=time_in_force, post_only=post_only)
    match terms:
        case LimitTerms():
            return LimitOrder(
                account_id=_NO_ACCOUNT,
                symbol=symbol,
                side=Side(side),
                price=terms.price,
                amount=terms.qty,
                execution=_execution(time_in_force, post_only=post_only),
                client_order_id=client_id,
            )
        case SpendTerms():
            return MarketBuy(account_id=_NO_ACCOUNT, symbol=symbol, value=terms.notional, client_order_id=client_id)
        case SellTerms():
            return MarketSell(account_id=_NO_ACCOUNT, symbol=symbol, amount=terms.qty, client_order_id=client_id)


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


def _check_name(order_id: str | None, client_id: str | None) -> None:
    if (order_id is None) is (client_id is None):
        raise ValueError("an order is named by its order id or by its client id, and not by both")


def _order_id(order: Order) -> int:
    return order.id


def _fill_id(fill: Fill) -> int:
    return fill.id


def _refusal(meaning: OrderStateNumber | None, number: int) -> HtxError:
    """What a number in the answer to a cancel by client id says, which is no error of the venue's."""
    if meaning is OrderStateNumber.NOT_FOUND:
        return OrderNotFoundError("there is no order with that client id", code=number)
    if meaning in _CLOSED_NUMBERS:
        return OrderClosedError("the order is closed already", code=number, order_state=number)
    return CancelRejectedError("the order cannot be cancelled", code=number, order_state=number)


def _outcome(outcomes: CancelOutcomes, name: str, member: str) -> Fields:
    """What became of one cancel of a batch. MalformedReplyError if the venue does not say."""
    if name in outcomes.accepted:
        return {member: name}
    for refused in outcomes.refused:
        if name in (refused.order_id, refused.client_order_id):
            return {"error": error_fields(refused)}
    raise MalformedReplyError(f"the batch does not say what became of {name}")
