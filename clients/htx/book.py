"""An order book out of increments and whole books.

Owns: the alignment of increments with a whole book, the check of their chain, and the merge.
Must not know: streams, subscriptions, when a whole book is asked for (see `live_book`).
Invariants: each price occurs once per side; a side holds no more levels than the topic has; while the book is aligned, it is
the venue's book as of `seq_num`.
Source: HTX document, "Market By Price (incremental update) - Suggested downstream data processing"; htx§5.
"""

from __future__ import annotations

from collections import deque
from enum import Enum, auto

from mockex.clients.shared.book import BookSide

from .market_models import BookChange, BookImage, Level

#: Increments kept while a whole book is awaited: at one each 100 ms, more than a quarter of an hour.
_MOST_KEPT = 10_000


class Outcome(Enum):
    """What became of a message."""

    APPLIED = auto()  # the book is aligned, and this is in it
    IGNORED = auto()  # older than the book
    KEPT = auto()  # waits for a whole book
    LOST = auto()  # increments before this one are missing: the book waits for a whole one again, and this one is kept
    TOO_OLD = auto()  # a whole book from before the increments that are kept: another one is needed


class OrderBook:
    """One symbol's best `levels` price levels a side."""

    __slots__ = ("_kept", "_right_after_image", "asks", "bids", "levels", "seq_num", "symbol")

    def __init__(self, symbol: str, levels: int) -> None:
        self.symbol = symbol
        self.levels = levels
        self.bids: BookSide[Level] = BookSide(descending=True)
        self.asks: BookSide[Level] = BookSide(descending=False)
        self.seq_num: int | None = None  # of the last message in the book; None while it is not aligned
        self._kept: deque[BookChange] = deque(maxlen=_MOST_KEPT)  # each follows the one before it
        self._right_after_image = False

    @property
    def aligned(self) -> bool:
        """True while the book is whole and its chain unbroken. Otherwise its levels are stale."""
        return self.seq_num is not None

    def reset(self) -> None:
        """Forget the alignment and what was kept: the connection is another one. The levels stay, stale."""
        self.seq_num = None
        self._kept.clear()

    def apply_change(self, change: BookChange) -> Outcome:
        """Take in one increment. LOST if it does not follow the one before it; KEPT while a whole book is awaited."""
        if self.seq_num is None:
            self._keep(change)
            return Outcome.KEPT
        if change.seq_num <= self.seq_num:
            return Outcome.IGNORED
        # The increment in which a whole book lies may have begun before it: sizes are totals, so no harm is done.
        if change.prev_seq_num == self.seq_num or (self._right_after_image and change.prev_seq_num < self.seq_num):
            self._merge(change)
            return Outcome.APPLIED
        self.reset()
        self._keep(change)
        return Outcome.LOST

    def apply_image(self, image: BookImage) -> Outcome:
        """Take in a whole book, and the increments kept that are newer. TOO_OLD if increments between them are missing."""
        if self._kept and image.seq_num < self._kept[0].prev_seq_num:
            return Outcome.TOO_OLD
        for side, levels in ((self.bids, image.bids), (self.asks, image.asks)):
            side.clear()
            side.merge(levels)
            side.keep_best(self.levels)
        self.seq_num = image.seq_num
        self._right_after_image = True
        for change in self._kept:
            if change.seq_num > self.seq_num:
                self._merge(change)
        self._kept.clear()
        return Outcome.APPLIED

    def _keep(self, change: BookChange) -> None:
        """Keep an increment. What does not lead up to it is of no use any more: no whole book could be aligned with both."""
        if self._kept and self._kept[-1].seq_num != change.prev_seq_num:
            self._kept.clear()
        self._kept.append(change)

    def _merge(self, change: BookChange) -> None:
        for side, levels in ((self.bids, change.bids), (self.asks, change.asks)):
            side.merge(levels)
            # A level that is pushed out of the best ones is no longer told of, and told again when it comes back.
            side.keep_best(self.levels)
        self.seq_num = change.seq_num
        self._right_after_image = False
