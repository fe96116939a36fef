"""Names of the stream's channels, `spot/<name>:<filter>`.

Owns: the grammar of names, which channels need a login, and the cut of long lists.
Must not know: connections.
Source: OKCoin Japan v3 document, "WebSocket - channels".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from .vocabulary import Granularity

#: Names of one request together (document, "Subscribe").
MAX_REQUEST_BYTES = 4_096

_PRIVATE_TABLES = frozenset({"spot/account", "spot/order"})


def ticker(instrument_id: str) -> str:
    """Ticker changes of a pair."""
    return f"spot/ticker:{instrument_id}"


def candles(instrument_id: str, granularity: Granularity) -> str:
    """Candle changes of a pair. The venue offers one week at most."""
    return f"spot/candle{granularity}s:{instrument_id}"


def trades(instrument_id: str) -> str:
    """Every public trade of a pair."""
    return f"spot/trade:{instrument_id}"


def depth5(instrument_id: str) -> str:
    """Snapshots of the best five levels."""
    return f"spot/depth5:{instrument_id}"


def depth(instrument_id: str) -> str:
    """A whole book, then its changes, with checksums."""
    return f"spot/depth:{instrument_id}"


def depth_tick_by_tick(instrument_id: str) -> str:
    """As `depth`, but per event. Not in the document; sibling venues and some clients use it."""
    return f"spot/depth_l2_tbt:{instrument_id}"


def balance(currency: str) -> str:
    """Changes of a spot balance. Needs a login."""
    return f"spot/account:{currency}"


def orders(instrument_id: str) -> str:
    """Changes of the user's orders. Needs a login."""
    return f"spot/order:{instrument_id}"


def table_of(channel: str) -> str:
    """The part before the filter: the `table` of the channel's messages."""
    return channel.partition(":")[0]


def is_private(channel: str) -> bool:
    """True if the channel needs a login."""
    return table_of(channel).casefold() in _PRIVATE_TABLES


def same(one: str, other: str) -> bool:
    """True if two names mean one channel: the venue ignores case in filters, and its messages use upper case."""
    return one.casefold() == other.casefold()


def requests(channels: Iterable[str]) -> Iterator[list[str]]:
    """The channels in lists that fit one request each. The list is measured as JSON, which is the stricter reading."""
    batch: list[str] = []
    for channel in channels:
        if batch and len(orjson.dumps([*batch, channel])) > MAX_REQUEST_BYTES:
            yield batch
            batch = []
        batch.append(channel)
    if batch:
        yield batch
