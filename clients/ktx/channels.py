"""Names of streams: `market.symbol.data_type[.parameter]`, and the three of the user.

Owns: the grammar of names. The format lines of the document drop the first dot by mistake (ktx§8).
Must not know: connections.
Source: KTX document, "Market Data Streams" and "User Data Streams"; ktx§8, ktx§9.
"""

from __future__ import annotations

from typing import Literal

from .vocabulary import Market, TimeFrame

#: How many levels a stream of a book has.
Depth = Literal[5, 10, 20, 50, 100, 200, 500, 1000]

#: Streams of the user: they come by themselves after a login.
ACCOUNT = "account"
POSITION = "position"
ORDER = "order"


def book(market: Market, symbol: str, depth: Depth = 100) -> str:
    """A whole book first, then increments."""
    return _name(market, symbol, f"order_book.{depth}")


def trades(market: Market, symbol: str) -> str:
    """Every public trade."""
    return _name(market, symbol, "trades")


def candles(market: Market, symbol: str, time_frame: TimeFrame) -> str:
    """The open candle, and the one before it when a period ends."""
    return _name(market, symbol, f"candles.{time_frame.on_stream}")


def ticker(market: Market, symbol: str) -> str:
    """24 hours of a product."""
    return _name(market, symbol, "ticker")


def data_type(stream: str) -> str:
    """What a stream carries, by its name: `order_book`, `order`."""
    parts = stream.split(".")
    return parts[2] if len(parts) > 2 else stream


def _name(market: Market, symbol: str, kind: str) -> str:
    if not symbol or "." in symbol:
        raise ValueError(f"{symbol!r} cannot stand in the name of a stream")
    return f"{market.value}.{symbol}.{kind}"
