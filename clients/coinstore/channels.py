"""Names of the stream's channels, `<pair>@<topic>[@<argument>]`.

Owns: the grammar of names.
Must not know: connections.
A pair is its number or its symbol: the document recommends both in turn, and clients use either (cs§9.3).
Source: Coinstore document, "Websocket"; cs§9.3, cs§9.5.
"""

from __future__ import annotations

from .market import Levels
from .vocabulary import Interval

Pair = str | int

#: Tickers of all pairs.
ALL_TICKERS = "!@ticker"

#: Private channels of the newer generation: they need a login.
SPOT_ASSETS = "spot_asset"
SPOT_ORDERS = "spot_order"

#: Private channels of the older generation, for all currencies and pairs.
ALL_BALANCES = "!@account"
ALL_ORDERS = "!@order"


def _pair(pair: Pair) -> str:
    if not str(pair):
        raise ValueError("a channel needs a pair")
    return str(pair).lower()  # symbols are lower case in channels


def trades(pair: Pair) -> str:
    """Every public trade of a pair, after a message of what happened before."""
    return f"{_pair(pair)}@trade"


def candles(pair: Pair, interval: Interval) -> str:
    """The newest candle of a pair, each second; also what a request for candles names."""
    return f"{_pair(pair)}@kline@{interval}"


def ticker(pair: Pair) -> str:
    """The day of a pair."""
    return f"{_pair(pair)}@ticker"


def depth(pair: Pair, levels: Levels = 20) -> str:
    """The whole best levels of a pair."""
    return f"{_pair(pair)}@depth@{levels}"


def balance(currency: str | int) -> str:
    """Changes of one balance. Needs a login."""
    return f"{currency}@account"


def orders(pair: Pair) -> str:
    """Changes of the user's orders of a pair. Needs a login."""
    return f"{_pair(pair)}@order"


def same(one: str, other: str) -> bool:
    """True if two names mean one channel."""
    return one.casefold() == other.casefold()
