"""Values of the client in the words of the driver protocol, and back.

Owns the mapping of every field, status and symbol. Must not know sessions or requests.
Invariants: amounts are decimal text with the digits that the client holds; what the client does not tell is None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mockex.clients.shared.driver_values import Fields, decimal, ms, text
from mockex.clients.shared.driver_words import told_balance

from . import models as m
from .vocabulary import Action, Liquidity, MarginMode, OrderStatus, OrderType, PositionSide


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbols:
    """The suite's names of one platform's instruments, and the gateway's: BASE/QUOTE, whatever the platform (gw§9).

    `contracts`: whether these are contracts; a platform has instruments of one kind.
    """

    to_gateway: Mapping[str, str]
    contracts: bool

    def wire(self, symbol: str) -> str:
        """One that the suite has not named is sent as it is: the refusal is the gateway's."""
        return self.to_gateway.get(symbol, symbol)

    def told(self, symbol: str) -> str:
        return next((name for name, wire in self.to_gateway.items() if wire == symbol), symbol)


def by_platform(instruments: Iterable[Mapping[str, Any]]) -> dict[str, Symbols]:
    """The instruments of the suite, by the platform that trades them. ValueError for one that names none."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in instruments:
        if not each.get("platform"):
            raise ValueError(f"on which platform is {each['symbol']} traded?")
        found.setdefault(each["platform"], []).append(each)
    return {
        name: Symbols(
            to_gateway={each["symbol"]: f"{each['base']}/{each['quote']}" for each in rows},
            contracts=any(each.get("kind") == "perpetual" for each in rows),
        )
        for name, rows in found.items()
    }


# --- orders

_MERGES: Mapping[str, PositionSide] = MappingProxyType({"long": PositionSide.LONG, "short": PositionSide.SHORT})


def new_order(
    symbol: str,
    side: str,
    type: str,
    *,
    contracts: bool,
    price: str | None = None,
    qty: str | None = None,
    notional: str | None = None,
    time_in_force: str | None = None,
    position: Mapping[str, object] | None = None,
) -> m.NewOrder:
    """ValueError for what the gateway has no order for: nothing is dropped silently."""
    action = Action(side.upper())
    leg = None if position is None else _position_side(action, position)
    if type == "limit":
        if price is None or qty is None or notional is not None or time_in_force not in (None, "gtc", "ioc"):
            raise ValueError("a limit order has a price and a quantity, no notional, and lasts until cancelled or not at all")
        return m.LimitOrder(
            symbol=symbol,
            action=action,
            price=decimal(price),
            quantity=decimal(qty),
            position=leg,
            immediate_or_cancel=time_in_force == "ioc",
        )
    if price is not None or time_in_force is not None:
        raise ValueError("a market order has no price and no conditions")
    spends = action is Action.BUY and not contracts
    amount, other = (notional, qty) if spends else (qty, notional)
    if amount is None or other is not None:
        raise ValueError(f"this market order names {'the notional to spend' if spends else 'a quantity'}, and nothing else")
    return m.MarketOrder(symbol=symbol, action=action, quantity=decimal(amount), position=leg)


def _position_side(action: Action, terms: Mapping[str, object]) -> PositionSide:
    """The gateway's orders say which position they are about, and by their side whether they open or close it (gw§6)."""
    unsaid = sorted(name for name in ("margin_method", "leverage", "position_id") if terms.get(name) is not None)
    if unsaid:
        raise ValueError(f"an order cannot say {', '.join(unsaid)} here")
    leg = _MERGES.get(str(terms.get("merge")))
    if leg is None:
        raise ValueError("an order is about the long or the short position")
    closes = (action is Action.SELL) is (leg is PositionSide.LONG)
    if bool(terms.get("close")) is not closes:
        raise ValueError(f"a {action.value} of the {leg.name} position {'closes' if closes else 'opens'} it")
    return leg


_STATUS: Mapping[OrderStatus, str] = MappingProxyType(
    {
        OrderStatus.SUBMITTED: "open",
        OrderStatus.PARTIALLY_FILLED: "partly_filled",
        OrderStatus.FILLED: "filled",
        OrderStatus.CANCELLED: "cancelled",
        OrderStatus.FAILED: "rejected",
    }
)


def order_fields(order: m.Order, symbols: Symbols) -> Fields:
    """A market buy on spot has no quantity but an amount to spend. The sign of a contract's is its position's."""
    market = order.type is OrderType.MARKET
    spends = market and order.action is Action.BUY and not symbols.contracts
    return {
        "order_id": order.order_no,
        "symbol": symbols.told(order.symbol),
        "side": order.action.value.lower(),
        "type": "market" if market else "limit",
        "price": None if market else text(order.price),
        "qty": None if spends else text(abs(order.quantity)),
        "filled_qty": None if spends else text(abs(order.filled)),
        "status": _STATUS.get(order.status),
        "created_ms": ms(order.created_at),
    }


_ROLES: Mapping[Liquidity, str] = MappingProxyType({Liquidity.TAKER: "taker", Liquidity.MAKER: "maker"})


def fill_fields(fill: m.Fill, symbols: Symbols) -> Fields:
    """The gateway tells no fees."""
    return {
        "trade_id": fill.fill_no,
        "order_id": fill.order_no,
        "symbol": symbols.told(fill.symbol),
        "side": fill.side.value.lower(),
        "price": text(fill.price),
        "qty": text(abs(fill.quantity)),
        "role": None if fill.liquidity is None else _ROLES[fill.liquidity],
        "time_ms": ms(fill.at),
    }


# --- account


def balance_fields(assets: Iterable[m.Asset]) -> list[Fields]:
    return [told_balance(each.coin, total=each.total, available=each.free, held=each.locked) for each in assets]


def instrument_fields(info: m.SymbolInfo, name: str, symbols: Symbols) -> Fields:
    """Steps and least quantity; what the venue does not have is not told."""
    return {
        "symbol": name,
        "base": info.base_currency,
        "quote": info.quote_currency,
        "tick_size": None if info.price_tick is None else text(info.price_tick),
        "lot_size": None if info.size_tick is None else text(info.size_tick),
        "min_qty": None if info.size_limit is None else text(info.size_limit),
        "kind": "perpetual" if symbols.contracts else "spot",
    }


_MARGIN_METHODS: Mapping[MarginMode, str] = MappingProxyType({MarginMode.CROSSED: "cross", MarginMode.FIXED: "isolated"})


def position_fields(position: m.Position, symbols: Symbols, *, flat: bool) -> list[Fields]:
    """Long and short; with `flat` also what is not held, as news may be that it is over."""
    method = None if position.margin_mode is None else _MARGIN_METHODS[position.margin_mode]
    return [
        {
            "symbol": symbols.told(position.symbol),
            "merge": merge,
            "margin_method": method,
            "leverage": text(leg.leverage),
            "qty": text(leg.quantity if merge == "long" else leg.quantity.copy_negate() if leg.quantity else leg.quantity),
            "entry_price": text(leg.open_price),
            "position_margin": text(leg.margin),
        }
        for merge, leg in (("long", position.long), ("short", position.short))
        if flat or leg.quantity
    ]
