"""Operations of the driver on orders, fills and balances.

Owns their parameters and results. Must not know the protocol's transport.
An order is sent once: nothing here tries again, whatever happens to the reply. A user looks it up by its client id. The venue
lists open orders only, so the protocol's `orders` is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockex.clients.shared.driver_orders import LimitTerms, SellTerms, SpendTerms, spot_terms

from . import driver_words as w
from .client import CoinstoreClient
from .driver_errors import error_fields
from .driver_words import Fields, Pair
from .errors import CoinstoreError, OrderClosedError
from .trading_models import CancelReceipt, Fill, LimitOrder, MarketBuy, MarketSell, NewOrder
from .vocabulary import OrderState, Side, TimeInForce

_FILLS_OF_A_PAGE = 100


class TradingOperations:
    """A part of the driver. Its attributes are there while a session lasts."""

    api: CoinstoreClient
    pairs: Mapping[str, Pair]

    # --- placing and cancelling

    async def place_order(self, symbol: str, **order: Any) -> Fields:
        return w.receipt_fields(await self.api.trading.place_order(symbol, new_order(**order)))

    async def place_orders(self, orders: Sequence[Mapping[str, Any]]) -> Fields:
        """Of one pair: the request names it once (cs§7.8)."""
        symbol = _common_symbol(orders)
        terms = [new_order(**{name: value for name, value in order.items() if name != "symbol"}) for order in orders]
        outcomes = await self.api.trading.place_orders(symbol, terms)
        return {
            "outcomes": [
                {"error": error_fields(outcome)} if isinstance(outcome, CoinstoreError) else w.receipt_fields(outcome)
                for outcome in outcomes
            ]
        }

    async def cancel_order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        """An order that was cancelled before is cancelled; one that was filled before is not, though the venue says no error
        (cs§7.9).
        """
        if (order_id is None) is (client_id is None):
            raise ValueError("an order is named by its order id or by its client id, and not by both")
        if order_id is not None:
            receipt = await self.api.trading.cancel_order(symbol, w.number(order_id))
        else:
            assert client_id is not None
            receipt = await self.api.trading.cancel_client_order(symbol, client_id)
        _check_cancelled(receipt)
        return {"order_id": str(receipt.order_id), "client_id": receipt.client_order_id}

    async def cancel_orders(self, orders: Sequence[Mapping[str, str]]) -> Fields:
        """All of one pair, and all by order id or all by client id, as the venue has it (cs§7.10, cs§7.11)."""
        symbol = _common_symbol(orders)
        names = [order.get("order_id") for order in orders]
        own_names = [order.get("client_id") for order in orders]
        if None not in names and not any(own_names):
            ids = [w.number(str(name)) for name in names]
            told = await self.api.trading.cancel_orders(symbol, ids)
            return {"outcomes": [_outcome("order_id", each, told.accepted) for each in ids]}
        if None not in own_names and not any(names):
            clients = [str(name) for name in own_names]
            by_name = await self.api.trading.cancel_client_orders(symbol, clients)
            return {"outcomes": [_outcome("client_id", each, by_name.accepted) for each in clients]}
        raise ValueError("one request cancels by order ids or by client ids, and not by both")

    async def cancel_all(self, symbol: str, side: str | None = None) -> Fields:
        """The venue tells which orders, if anything (cs§7.12)."""
        if side is not None:
            raise ValueError("this venue cancels both sides of a pair together")
        return {"count": len(await self.api.trading.cancel_all(symbol)) or None}

    # --- looking

    async def order(self, symbol: str, order_id: str | None = None, client_id: str | None = None) -> Fields:
        """The venue finds an order by its id alone, whatever its symbol."""
        if (order_id is None) is (client_id is None):
            raise ValueError("an order is named by its order id or by its client id, and not by both")
        if order_id is not None:
            return {"order": w.order_fields(await self.api.trading.order(w.number(order_id)))}
        assert client_id is not None
        return {"order": w.order_fields(await self.api.trading.client_order(client_id))}

    async def open_orders(self, symbol: str | None = None, all: bool = False) -> Fields:
        """Every one of them: there are no pages."""
        return {"orders": [w.order_fields(each) for each in await self.api.trading.open_orders(symbol=symbol)]}

    async def fills(self, symbol: str, order_id: str | None = None, all: bool = False) -> Fields:
        """The newest, or page after page."""
        wanted = None if order_id is None else w.number(order_id)
        found: dict[int, Fill] = {}  # by id: a fill that comes in between moves the others to later pages
        page = 1
        while True:
            rows = await self.api.trading.fills(symbol, order_id=wanted, page=page, page_size=_FILLS_OF_A_PAGE)
            found |= {row.id: row for row in rows}
            if not all or len(rows) < _FILLS_OF_A_PAGE:
                return {"fills": [w.fill_fields(each, symbol, self.pairs.get(symbol)) for each in found.values()]}
            page += 1

    async def balances(self) -> Fields:
        return {"balances": [w.balance_fields(each) for each in await self.api.account.balances()]}


def new_order(
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
            if post_only and time_in_force not in (None, "gtc"):
                raise ValueError(f"no order is post-only and {time_in_force}")
            return LimitOrder(
                side=Side(side.upper()),
                price=terms.price,
                quantity=terms.qty,
                post_only=post_only,
                time_in_force=None if time_in_force is None else TimeInForce(time_in_force.upper()),
                client_order_id=client_id,
            )
        case SpendTerms():
            return MarketBuy(amount=terms.notional, client_order_id=client_id)
        case SellTerms():
            return MarketSell(quantity=terms.qty, client_order_id=client_id)


def _common_symbol(orders: Sequence[Mapping[str, Any]]) -> str:
    symbols = {str(order["symbol"]) for order in orders}
    if len(symbols) != 1:
        raise ValueError(f"one request is about the orders of one pair, not of {len(symbols)}")
    return symbols.pop()


def _check_cancelled(receipt: CancelReceipt) -> None:
    if receipt.state is not OrderState.CANCELLED:
        state = "in a state that is not known" if receipt.state is None else receipt.state.value
        raise OrderClosedError(f"the order is not cancelled but {state}")


def _outcome(member: str, name: int | str, accepted: Sequence[int] | Sequence[str]) -> Fields:
    """What became of one cancel of a batch. Which reason a refusal has the venue does not say."""
    if name in accepted:
        return {member: str(name)}
    return {"error": error_fields(OrderClosedError(f"the venue did not cancel {name}: there is no such open order"))}
