"""KTX's words in the gateway's (gw§9).

Owns: tables and conversions. Must not know: requests, streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from mockex.clients.ktx import KtxError, MarginMethod, PositionMerge, Side, TimeInForce, errors
from mockex.clients.ktx import Order as KtxOrder
from mockex.clients.ktx import OrderStatus as State
from mockex.clients.ktx.market_models import Level, Product
from mockex.clients.ktx.trading_models import Fill as KtxFill
from mockex.clients.ktx.trading_models import OrderFill
from mockex.clients.ktx.vocabulary import Action as KtxAction
from mockex.clients.ktx.vocabulary import OrderType as KtxType
from mockex.gateway.platform import (
    Action,
    Fill,
    MarginMode,
    Order,
    OrderStatus,
    OrderType,
    PositionSide,
    Refusal,
    SymbolInfo,
)
from mockex.gateway.platforms._contracts import Market
from mockex.gateway.platforms._desk import ClientErrors, order_fill, step
from mockex.gateway.platforms._orders import EXACT

CONTRACT_SUFFIX: Final = "_SWAP"

STATUSES: Final = {
    State.ACCEPTED: OrderStatus.SUBMITTED,
    State.PARTIALLY_FILLED: OrderStatus.PARTIAL_FILLED,
    State.FILLED: OrderStatus.FILLED,
    State.CANCELLED: OrderStatus.CANCELED,
    State.PARTIALLY_CANCELLED: OrderStatus.CANCELED,
    State.REJECTED: OrderStatus.FAILED,
}
MARGINS: Final = {MarginMode.CROSSED: MarginMethod.CROSS, MarginMode.FIXED: MarginMethod.ISOLATED}
MODES: Final = {method: mode for mode, method in MARGINS.items()}
MERGES: Final = {PositionSide.LONG: PositionMerge.LONG, PositionSide.SHORT: PositionMerge.SHORT}
_LONG_ACTIONS: Final = (KtxAction.INCREASE_LONG, KtxAction.REDUCE_LONG)

ERRORS: Final = ClientErrors(
    every=KtxError,
    keys_refused=(errors.AuthenticationError,),
    login_refused=(errors.PermissionDeniedError,),
    unreached=errors.ConnectionFailedError,
    line=(errors.ConnectionLostError, errors.RequestTimeoutError),
    texts=(
        (errors.InsufficientFundsError, Refusal.BALANCE),
        (errors.NotFoundError, Refusal.ORDER_NOT_FOUND),
        (errors.UnknownProductError, Refusal.SYMBOL_NOT_FOUND),
    ),
)


def bought_for(amount: Decimal, asks: Sequence[Level], *, lot: Decimal) -> Decimal:
    """How much of the base currency an amount of quote currency buys, best price first, in whole lots."""
    bought, left = Decimal(0), amount
    for level in asks:
        cost = EXACT.multiply(level.price, level.size)
        if cost > left:
            lots = EXACT.divide_int(left, EXACT.multiply(level.price, lot))
            return EXACT.add(bought, EXACT.multiply(lots, lot))
        bought, left = EXACT.add(bought, level.size), EXACT.subtract(left, cost)
    return bought


def pair_of(symbol: str) -> str:
    return symbol.removesuffix(CONTRACT_SUFFIX).replace("_", "/").upper()


def info_of(row: Product) -> SymbolInfo:
    base, _, quote = pair_of(row.symbol).partition("/")
    return SymbolInfo(
        price_tick=step(row.price_scale),
        size_tick=step(row.quantity_scale),
        size_limit=row.least_quantity,
        value_tick=step(row.price_scale + row.quantity_scale),
        value_limit=row.least_value,
        base_currency=base,
        quote_currency=quote,
        settlement_currency=quote,
    )


def market_of(row: Product) -> Market:
    return Market(
        price_tick=step(row.price_scale),
        settlement=pair_of(row.symbol).partition("/")[2],
        mark=None if row.funding is None else row.funding.mark_price,
    )


def action_of(side: Side) -> Action:
    return Action.BUY if side is Side.BUY else Action.SELL


def order_type_of(row: KtxOrder) -> OrderType:
    if row.type is KtxType.MARKET:
        return OrderType.MARKET
    return OrderType.IOC if row.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL else OrderType.LIMIT


def position_side_of(row: KtxOrder) -> PositionSide:
    """A position of its own has the direction of what is done to it."""
    match row.merge:
        case PositionMerge.LONG:
            return PositionSide.LONG
        case PositionMerge.SHORT:
            return PositionSide.SHORT
        case PositionMerge.NONE:
            return PositionSide.LONG if row.action in _LONG_ACTIONS else PositionSide.SHORT


def fill_of(order: Order, row: KtxFill | OrderFill) -> Fill:
    """Of the order's side: the list of fills does not name sides."""
    return order_fill(order, row.trade_id, price=row.price, quantity=abs(row.quantity), maker=not row.taker, at=row.at)
