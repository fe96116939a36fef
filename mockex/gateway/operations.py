"""What a ready login may ask for: orders, cancellations, and queries (gw§6).

Owns: the checks of each operation and the shape of its answer's data.
Must not know: sockets, tokens, how a platform does it.
Every refusal is a `PlatformError`, whose text the client gets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from mockex.gateway import protocol
from mockex.gateway.platform import (
    Action,
    Link,
    OrderRequest,
    OrderType,
    Platform,
    PlatformError,
    PositionHalf,
    PositionSide,
    Refusal,
)
from mockex.gateway.protocol import CancelOrder, Data, PlaceOrder, SymbolRequest, TokenRequest

MAX_CANCELLED = 100

WordT = TypeVar("WordT", Action, OrderType)

_WHOLE_CONTRACTS_ONCE = frozenset({"huobi_future"})
"""Platforms whose original truncates quantities to whole contracts (gw§6)."""


class Unanswered(Exception):  # noqa: N818  # what the original service does, not an error
    """The original service never answers this (gw§6)."""


class Desk(NamedTuple):
    """Where operations are carried out. `legacy`: as the original service does."""

    platform: Platform
    link: Link
    legacy: bool


async def carry_out(desk: Desk, request: TokenRequest) -> str | Data:
    """The number of the order that was placed, or what the reply adds to the envelope."""
    if isinstance(request, PlaceOrder):
        return await desk.link.place(order_request(desk, request))
    return await _QUERIES[request.op](desk, request)


# --- place_order


def order_request(desk: Desk, placed: PlaceOrder) -> OrderRequest:
    """The order that a request means. A `PlatformError` if it means none."""
    pair = _pair(placed)
    action = _word(Action, placed.action, "action error")
    order_type = _word(OrderType, placed.order_type, "order type error")
    quantity = placed.quantity
    if desk.legacy and desk.platform.name in _WHOLE_CONTRACTS_ONCE:
        quantity = Decimal(int(quantity))
    if not quantity or (quantity < 0 and not desk.platform.contracts):
        raise PlatformError(Refusal.QUANTITY)
    if order_type is not OrderType.MARKET and placed.price <= 0:
        raise PlatformError(Refusal.PRICE)
    return OrderRequest(
        pair=pair,
        action=action,
        order_type=order_type,
        price=None if order_type is OrderType.MARKET else placed.price,
        quantity=abs(quantity),
        position=_position_side(quantity) if desk.platform.contracts else None,
    )


def _position_side(quantity: Decimal) -> PositionSide:
    return PositionSide.LONG if quantity > 0 else PositionSide.SHORT


def _word(words: type[WordT], text: str, otherwise: str) -> WordT:
    try:
        return words(text)
    except ValueError:
        raise PlatformError(otherwise) from None


def _pair(request: SymbolRequest) -> str:
    if not is_pair(request.symbol):
        raise PlatformError(Refusal.SYMBOL_NOT_FOUND)
    return request.symbol


def is_pair(text: str) -> bool:
    """`BASE/QUOTE`, in upper case."""
    base, slash, quote = text.partition("/")
    return bool(slash) and all(each.isascii() and each.isalnum() and each == each.upper() for each in (base, quote))


# --- everything else


async def _cancel_order(desk: Desk, request: TokenRequest) -> Data:
    assert isinstance(request, CancelOrder)
    pair = _pair(request)
    if len(request.order_nos) > MAX_CANCELLED:
        raise PlatformError("too many orders")
    if request.order_nos:
        outcomes = await desk.link.cancel(pair, request.order_nos)
    else:
        outcomes = await desk.link.cancel_all(pair)
    if desk.legacy and len(request.order_nos) == 1:
        # It walks over the characters of the one number: a success is never told, a failure without data.
        if outcomes[0].error is None:
            raise Unanswered
        raise PlatformError(outcomes[0].error)
    return {
        "data": [
            {"result": each.error is None, "error_message": each.error or "", "order_no": each.order_no} for each in outcomes
        ]
    }


async def _open_orders(desk: Desk, request: TokenRequest) -> Data:
    orders = await desk.link.open_orders(_pair(_of_symbol(request)))
    rows = sorted((order for order in orders if order.open), key=lambda order: order.created_ms)
    return {"data": [protocol.order_row(order) for order in rows]}


async def _asset(desk: Desk, request: TokenRequest) -> Data:
    return {"data": protocol.assets_row(await desk.link.assets())}


async def _position(desk: Desk, request: TokenRequest) -> Data:
    pair = _pair(_of_symbol(request))
    if not desk.platform.contracts:
        if desk.legacy:
            raise Unanswered  # it raises on the way
        raise PlatformError(Refusal.NOT_SUPPORTED)
    position = await desk.link.position(pair)
    row = protocol.position_row(position)
    if desk.legacy and position.long == position.short == PositionHalf():
        row = {**row, "margin_mode": None, "utime": None}
    return {"data": row}


async def _symbol_info(desk: Desk, request: TokenRequest) -> Data:
    try:
        return {"data": protocol.symbol_row(await desk.link.symbol_info(_pair(_of_symbol(request))))}
    except PlatformError as error:
        if desk.legacy and error.text == Refusal.SYMBOL_NOT_FOUND:
            raise PlatformError("Symbol not exist") from None
        raise


def _of_symbol(request: TokenRequest) -> SymbolRequest:
    assert isinstance(request, SymbolRequest)
    return request


_QUERIES: Mapping[str, Callable[[Desk, TokenRequest], Awaitable[Data]]] = MappingProxyType(
    {
        "cancel_order": _cancel_order,
        "open_orders": _open_orders,
        "asset": _asset,
        "position": _position,
        "symbol_info": _symbol_info,
    }
)
