"""An order book out of depth messages.

Owns: the merge and the checksum.
Must not know: streams, subscriptions, what to do about a wrong checksum (see `live_book`).
Invariant: each price occurs once per side, and levels keep the digits that the venue last sent for them.
Source: OKCoin Japan v3 document, "Depth channel" and "Checksum".
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice, zip_longest

from .market_models import BookLevel, DepthChange
from .vocabulary import DepthAction

#: Levels per side under the checksum (document, "Checksum").
CHECKSUM_LEVELS = 25


class BookSide:
    """One side of a book. Changes cost the search for a price; the best level is read in constant time."""

    __slots__ = ("_descending", "_levels", "_prices")

    def __init__(self, *, descending: bool) -> None:
        """`descending` for bids, whose best price is the highest."""
        self._descending = descending
        self._prices: list[Decimal] = []  # ascending on both sides
        self._levels: dict[Decimal, BookLevel] = {}

    def __len__(self) -> int:
        return len(self._prices)

    def __iter__(self) -> Iterator[BookLevel]:
        """Levels, best first."""
        prices = reversed(self._prices) if self._descending else iter(self._prices)
        return (self._levels[price] for price in prices)

    @property
    def best(self) -> BookLevel | None:
        return next(iter(self), None)

    def clear(self) -> None:
        self._prices.clear()
        self._levels.clear()

    def merge(self, levels: Iterable[BookLevel]) -> None:
        """Size 0 deletes the price, a known price is replaced, a new one inserted. Deleting nothing is no error."""
        for level in levels:
            if level.size:
                if level.price not in self._levels:
                    insort(self._prices, level.price)
                self._levels[level.price] = level
            elif self._levels.pop(level.price, None) is not None:
                del self._prices[bisect_left(self._prices, level.price)]


class OrderBook:
    """One pair's price levels as the venue sends them."""

    __slots__ = ("asks", "bids", "instrument_id", "timestamp")

    def __init__(self, instrument_id: str) -> None:
        self.instrument_id = instrument_id
        self.bids = BookSide(descending=True)
        self.asks = BookSide(descending=False)
        self.timestamp: datetime | None = None  # of the last message; None while there was none

    def apply(self, change: DepthChange) -> bool:
        """Take in one message. True if the book then has the checksum that came with it."""
        if change.action is DepthAction.PARTIAL:
            self.clear()
        self.bids.merge(change.bids)
        self.asks.merge(change.asks)
        self.timestamp = change.timestamp
        return self.checksum() == change.checksum

    def clear(self) -> None:
        """Forget everything."""
        self.bids.clear()
        self.asks.clear()
        self.timestamp = None

    def checksum_text(self) -> str:
        """`bid:size:ask:size:..` of the best 25 levels per side, best first, in the digits sent.

        Where one side is shorter, the rest of the other follows alone.
        """
        parts: list[str] = []
        for pair in zip_longest(islice(self.bids, CHECKSUM_LEVELS), islice(self.asks, CHECKSUM_LEVELS)):
            for level in pair:
                if level is not None:
                    parts += (level.price_text, level.size_text)
        return ":".join(parts)

    def checksum(self) -> int:
        """CRC32 of `checksum_text` as a signed 32-bit integer."""
        unsigned = zlib.crc32(self.checksum_text().encode())
        return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned
