"""The gateway's frames: texts into requests, values into replies and pushes.

Owns: the JSON of the wire (gw§3 to gw§8), the names of all fields, and the step between a JSON number and a `Decimal`.
Must not know: sessions, platforms, sockets.
Invariants: a number is read from its text, never by way of a float; it is written as the float of the same shortest text
(gw§4). Nothing that a client sends raises anything but `Malformed`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from types import MappingProxyType
from typing import TypeAlias

import orjson

from mockex.clients.shared.fields import parse_json
from mockex.gateway.platform import Asset, Fill, Order, Position, PositionHalf, SymbolInfo

Data: TypeAlias = "Mapping[str, object]"

_MAX_EXPONENT = 30
"""Of numbers, either way: far beyond any price, and few enough digits to print."""
_MAX_DIGITS = 60
_MAX_DEPTH = 16
_MAX_JSON_INT = 2**63 - 1
_SHOWN = 64  # characters of what a client sent that an error repeats


class StateCode(IntEnum):
    """gw§8."""

    PARAM_MISS = 1
    CONNECT_SUCCESS = 2
    CONNECT_FAILED = 3
    DISCONNECT = 4
    RECONNECTING = 5
    READY = 6
    GENERAL_ERROR = 7


class Malformed(Exception):  # noqa: N818  # what a client sent, not an error of this program
    """A frame that is no request. `legacy` is what the original service says of it; None: nothing at all."""

    def __init__(self, text: str, *, legacy: str | None, cid: object = None) -> None:
        super().__init__(text)
        self.text = text
        self.legacy = legacy
        self.cid = cid


# --- requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """`ts` is echoed, whatever it is."""

    ts: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What all others have. `cid` is echoed, whatever it is; empty if there was none."""

    op: str
    cid: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Login(Request):
    platform: str
    symbols: tuple[str, ...]
    access_key: str
    secret_key: str = field(repr=False)
    passphrase: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest(Request):
    """Everything but a ping and a login. By itself: a logout, or a query of assets."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolRequest(TokenRequest):
    """By itself: a query of open orders, of a position, or about a symbol."""

    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(SymbolRequest):
    """As sent: whether the words and numbers make an order is another question."""

    action: str
    price: Decimal
    quantity: Decimal
    order_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder(SymbolRequest):
    order_nos: tuple[str, ...]


def read(text: str) -> Ping | Request:
    """The request of a text frame. `Malformed` for everything else."""
    fields = _Fields(_parsed(text))
    op = fields.text("op")
    decode = _DECODERS.get(op)
    if decode is None:
        raise Malformed(f"unknown op: {op[:_SHOWN]}", legacy=None, cid=fields.cid)
    return decode(fields)


def _parsed(text: str) -> dict[str, object]:
    try:
        _check_depth(orjson.loads(text))  # stricter than the exact reader: no NaN, no half surrogates
    except ValueError:
        raise _not_json(text) from None
    value = parse_json(text, lambda _: _not_json(text))
    if not isinstance(value, dict):
        raise Malformed("invalid json", legacy=_LEGACY_OF_LISTS)
    return value


def _check_depth(value: object) -> None:
    """ValueError for more containers in each other than a request can need: what is echoed is walked through."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            member
            for each in level
            if isinstance(each, (dict, list))
            for member in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise ValueError(f"nested deeper than {_MAX_DEPTH} containers")


_LEGACY_OF_LISTS = "list indices must be integers or slices, not str"


def _not_json(text: str) -> Malformed:
    legacy = "Expecting value: line 1 column 1 (char 0)"
    try:
        json.loads(text)
    except ValueError as error:
        legacy = str(error)
    except RecursionError:
        pass
    return Malformed("invalid json", legacy=legacy)


class _Fields:
    """One request's fields, each read by its name."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self.cid = fields.get("cid")

    def get(self, name: str) -> object:
        if name not in self._fields:
            raise Malformed(f"missing field: {name}", legacy=repr(name), cid=self.cid)
        return self._fields[name]

    def text(self, name: str) -> str:
        value = self.get(name)
        if not isinstance(value, str):
            raise self._invalid(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._invalid(name)
        return tuple(value)

    def number(self, name: str) -> Decimal:
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self._invalid(name)
        number = Decimal(value)
        exact = number.as_tuple()
        if len(exact.digits) > _MAX_DIGITS or (number and abs(number.adjusted()) > _MAX_EXPONENT):
            raise self._invalid(name)
        return number if number else Decimal(0)  # a zero may have any exponent, and print as long

    def _invalid(self, name: str) -> Malformed:
        return Malformed(f"invalid field: {name}", legacy=f"invalid field: {name}", cid=self.cid)

    @property
    def op(self) -> str:
        return self.text("op")

    @property
    def echo(self) -> object:
        """The `cid` of the reply."""
        return "" if self.cid is None else self.cid

    def has(self, name: str) -> bool:
        return self._fields.get(name) is not None


def _ping(fields: _Fields) -> Ping:
    return Ping(ts=fields.get("ts"))


def _login(fields: _Fields) -> Login:
    return Login(
        op=fields.op,
        cid=fields.echo,
        platform=fields.text("platform"),
        symbols=fields.texts("symbols"),
        access_key=fields.text("access_key"),
        secret_key=fields.text("secret_key"),
        passphrase=fields.text("passphrase") if fields.has("passphrase") else None,
    )


def _token_request(fields: _Fields) -> TokenRequest:
    return TokenRequest(op=fields.op, cid=fields.echo, token=fields.text("token"))


def _symbol_request(fields: _Fields) -> SymbolRequest:
    return SymbolRequest(op=fields.op, cid=fields.echo, token=fields.text("token"), symbol=fields.text("symbol"))


def _place_order(fields: _Fields) -> PlaceOrder:
    return PlaceOrder(
        op=fields.op,
        cid=fields.echo,
        token=fields.text("token"),
        symbol=fields.text("symbol"),
        action=fields.text("action"),
        price=fields.number("price"),
        quantity=fields.number("quantity"),
        order_type=fields.text("order_type"),
    )


def _cancel_order(fields: _Fields) -> CancelOrder:
    return CancelOrder(
        op=fields.op,
        cid=fields.echo,
        token=fields.text("token"),
        symbol=fields.text("symbol"),
        order_nos=fields.texts("order_nos"),
    )


_DECODERS: Mapping[str, Callable[[_Fields], Ping | Request]] = MappingProxyType(
    {
        "ping": _ping,
        "login": _login,
        "logout": _token_request,
        "place_order": _place_order,
        "cancel_order": _cancel_order,
        "open_orders": _symbol_request,
        "asset": _token_request,
        "position": _symbol_request,
        "symbol_info": _symbol_request,
    }
)

OPERATIONS = tuple(op for op in _DECODERS if op != "ping")
"""All ops that are answered by a reply."""


# --- replies and pushes


def pong(ping: Ping) -> bytes:
    return _dumps({"op": "pong", "ts": _printable(ping.ts)})


def reply(request: Request, data: Data) -> bytes:
    """Success. `data`: what the op adds to the envelope."""
    return _dumps({"op": request.op, "cid": _printable(request.cid), "result": True, "error_message": "", **data})


def refusal(request: Request, text: str) -> bytes:
    """Failure; a login's has an empty token besides (gw§3)."""
    token = {"token": ""} if isinstance(request, Login) else {}
    return _dumps({"op": request.op, "cid": _printable(request.cid), "result": False, "error_message": text, **token})


def error(text: str, cid: object = None) -> bytes:
    """To what is no request."""
    return _dumps({"op": "error", "error_message": text, **({} if cid is None else {"cid": _printable(cid)})})


def state(token: str, code: StateCode, text: str) -> bytes:
    return _dumps({"op": "state", "token": token, "code": int(code), "msg": text})


def notify(token: str, topic: str, data: Data) -> bytes:
    return _dumps({"op": "notify", "topic": topic, "token": token, "data": data})


def order_row(order: Order) -> Data:
    """Of `open_orders`; the push has the symbol before it."""
    return {
        "order_no": order.order_no,
        "action": order.action,
        "price": order.price,
        "quantity": order.quantity,
        "remain": order.remain,
        "status": order.status,
        "order_type": order.order_type,
        "ctime": order.created_ms,
        "utime": order.updated_ms,
    }


def fill_row(fill: Fill) -> Data:
    return {
        "symbol": fill.pair,
        "order_no": fill.order_no,
        "fill_no": fill.fill_no,
        "price": fill.price,
        "quantity": fill.quantity,
        "side": fill.side,
        "liquidity": fill.liquidity,
        "ctime": fill.created_ms,
    }


def assets_row(assets: Mapping[str, Asset]) -> Data:
    return {coin: {"free": each.free, "locked": each.locked, "total": each.total} for coin, each in assets.items()}


def position_row(position: Position) -> Data:
    """Of `position`; the push has the symbol before it."""
    long, short = _half_row("long", position.long), _half_row("short", position.short)
    return {"margin_mode": position.margin_mode, **long, **short, "utime": position.updated_ms}


def _half_row(side: str, half: PositionHalf) -> dict[str, object]:
    return {
        f"{side}_quantity": half.quantity,
        f"{side}_avail_qty": half.avail_qty,
        f"{side}_open_price": half.open_price,
        f"{side}_hold_price": half.hold_price,
        f"{side}_liquid_price": half.liquid_price,
        f"{side}_unrealised_pnl": half.unrealised_pnl,
        f"{side}_leverage": half.leverage,
        f"{side}_margin": half.margin,
    }


def symbol_row(info: SymbolInfo) -> Data:
    return {
        "price_tick": info.price_tick,
        "size_tick": info.size_tick,
        "size_limit": info.size_limit,
        "value_tick": info.value_tick,
        "value_limit": info.value_limit,
        "base_currency": info.base_currency,
        "quote_currency": info.quote_currency,
        "settlement_currency": info.settlement_currency,
    }


def _dumps(frame: Data) -> bytes:
    return orjson.dumps(frame, default=_as_float, option=orjson.OPT_PASSTHROUGH_SUBCLASS)


def _as_float(value: object) -> object:
    """What JSON has no word for: amounts, and the words of enums."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{value!r} is on no wire")


def _printable(value: object) -> object:
    """A client's own value as it is echoed, with numbers as they came."""
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, int) and abs(value) > _MAX_JSON_INT:
        return orjson.Fragment(str(value))
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        return {name: _printable(each) for name, each in value.items()}
    return value
