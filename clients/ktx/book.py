"""An order book out of a whole book and increments.

Owns: the merge, which increments are too old, and the check that a book is not crossed.
Must not know: streams, when a whole book is asked for (see `live_book`).
Invariants: each price occurs once per side; a side holds no more levels than the stream has; while the book is whole, bids are
below asks and it is the venue's book as of `update_id`.
The document's recipe is blank; its parent's has quantities that replace, and 0 deletes (ktx§8). Ids of updates rise, but not
by one, so an increment that is missing shows in a crossed book at most.
"""

from __future__ import annotations

from enum import Enum, auto

from mockex.clients.shared.book import BookSide

from .market_models import Book, Level


class Outcome(Enum):
    """What became of a message."""

    APPLIED = auto()
    IGNORED = auto()  # not newer than the book, or there is no whole book to merge it with
    CROSSED = auto()  # the book cannot be right: it waits for a whole one again


class OrderBook:
    """One product's best `depth` levels a side."""

    __slots__ = ("asks", "bids", "depth", "update_id")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.bids: BookSide[Level] = BookSide(descending=True)
        self.asks: BookSide[Level] = BookSide(descending=False)
        self.update_id: int | None = None  # of the last message in the book; None while it is not whole

    @property
    def whole(self) -> bool:
        """True from a whole book on, until it is doubted. Otherwise the levels are stale."""
        return self.update_id is not None

    def doubt(self) -> None:
        """Merge nothing more until a whole book comes. The levels stay, stale."""
        self.update_id = None

    def apply_whole(self, image: Book) -> Outcome:
        """Take in a whole book, whatever its id: ids of another connection need not go on from the last."""
        self.bids.clear()
        self.asks.clear()
        return self._merge(image)

    def apply_increment(self, change: Book) -> Outcome:
        """Take in an increment."""
        if self.update_id is None or change.update_id <= self.update_id:
            return Outcome.IGNORED
        return self._merge(change)

    def _merge(self, message: Book) -> Outcome:
        for side, levels in ((self.bids, message.bids), (self.asks, message.asks)):
            side.merge(levels)
            side.keep_best(self.depth)
        bid, ask = self.bids.best, self.asks.best
        if bid is not None and ask is not None and bid.price >= ask.price:
            self.doubt()
            return Outcome.CROSSED
        self.update_id = message.update_id
        return Outcome.APPLIED
