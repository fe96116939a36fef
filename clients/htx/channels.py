"""Names of the streams' topics: `market.<symbol>.<what>` on the market sockets, `<what>#<symbol>#<mode>` on the account socket.

Owns: the grammar of names, and which names mean one topic.
Must not know: connections.
Source: HTX document, "Websocket Market Data" and "Websocket Account and Order"; htx§5, htx§6.
"""

from __future__ import annotations

from typing import Literal

from .vocabulary import DepthStep, Period

#: Levels of incremental books, and of refreshed ones.
BookLevels = Literal[5, 20, 150, 400]
ImageLevels = Literal[5, 10, 20]

# --- /ws ---

ALL_TICKERS = "market.tickers"


def candles(symbol: str, period: Period) -> str:
    """Changes of the present candle. Requests answer with up to 300 candles."""
    return f"market.{symbol}.kline.{period}"


def depth(symbol: str, step: DepthStep = DepthStep.NONE) -> str:
    """A whole book about every second, if it changed."""
    return f"market.{symbol}.depth.{step}"


def best_prices(symbol: str) -> str:
    """The best price of each side, whenever one changes."""
    return f"market.{symbol}.bbo"


def trades(symbol: str) -> str:
    """Every match. Requests answer with up to 300 trades."""
    return f"market.{symbol}.trade.detail"


def summary(symbol: str) -> str:
    """24 hours."""
    return f"market.{symbol}.detail"


def ticker(symbol: str) -> str:
    """24 hours, best prices and the last trade."""
    return f"market.{symbol}.ticker"


# --- /feed ---


def book(symbol: str, levels: BookLevels = 150) -> str:
    """Increments of a book of so many levels. Requests answer with the whole book."""
    return f"market.{symbol}.mbp.{levels}"


def book_images(symbol: str, levels: ImageLevels = 20) -> str:
    """A whole book about every 100 ms. The venue offers it on `/ws` as well."""
    return f"market.{symbol}.mbp.refresh.{levels}"


# --- /ws/v2 ---

#: In place of a symbol: all of them.
ALL_SYMBOLS = "*"


def orders(symbol: str = ALL_SYMBOLS) -> str:
    """Events of the user's orders."""
    return f"orders#{symbol}"


def clearing(symbol: str = ALL_SYMBOLS, *, with_cancellations: bool = False) -> str:
    """Fills with their fees, and cancellations if asked for. Their sequence is not that of the matches."""
    return f"trade.clearing#{symbol}#{int(with_cancellations)}"


def balances(mode: Literal[0, 1, 2] = 2) -> str:
    """Balances: 0 when the total changes, 1 whichever amount changes, 2 always both amounts."""
    return f"accounts.update#{mode}"


def same(one: str, other: str) -> bool:
    """True if two names mean one topic: a mode that is left out is 0, and acknowledgements add it (htx§6)."""
    return _with_mode(one) == _with_mode(other)


def _with_mode(channel: str) -> str:
    what, *rest = channel.split("#")
    modeless = (what == "accounts.update" and not rest) or (what == "trade.clearing" and len(rest) == 1)
    return f"{channel}#0" if modeless else channel
