"""An order book out of depth messages.

Owns: the merge and the checksum.
Must not know: streams, subscriptions, what to do about a wrong checksum (see `live_book`).
Invariant: each price occurs once per side, and levels keep the digits that the venue last sent for them.
Source: OKCoin Japan v3 document, "Depth channel" and "Checksum".
"""

from __future__ import annotations

import zlib
from datetime import datetime
from itertools import islice, zip_longest

from mockex.clients.shared.book import BookSide

from .market_models import BookLevel, DepthChange
from .vocabulary import DepthAction

#: Levels per side under the checksum (document, "Checksum").
CHECKSUM_LEVELS = 25


class OrderBook:
    """One pair's price levels as the venue sends them."""

    __slots__ = ("asks", "bids", "instrument_id", "timestamp")

    def __init__(self, instrument_id: str) -> None:
        self.instrument_id = instrument_id
        self.bids: BookSide[BookLevel] = BookSide(descending=True)
        self.asks: BookSide[BookLevel] = BookSide(descending=False)
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
