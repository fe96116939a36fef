"""Books as HTX shows them: levels in groups, and the number that tells two states of a book apart. Source: htx§3.2, htx§5."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.markets import Market
from mockex.wire.depth import BucketEdge, Level, merge_levels, uncounted

# `type` -> ticks of a group: powers of ten (htx§3.2; which way a group rounds is unverified).
STEPS: Mapping[str, int] = {f"step{step}": 10**step for step in range(6)}
UNGROUPED = "step0"

LEVELS_UNGROUPED, LEVELS_GROUPED = 150, 20  # htx§3.2
MOST_LEVELS = 5_000  # htx§3.2: of the whole book

_FIRST_VERSION = 100_000_000_000  # as long as the documents' examples


def version_of(market: Market) -> int:
    """Of the book as it is: larger after every change of it. The increments and whole books of all channels count alike."""
    return _FIRST_VERSION + market.book.version


def best(market: Market, limit: int) -> tuple[list[Level], list[Level]]:
    """The best `limit` levels a side, bids before asks. Without the number of orders, which the venue shows nobody: else a book
    would seem to change where only that does.
    """
    book = market.book
    return uncounted(book.bids.depth(limit)), uncounted(book.asks.depth(limit))


def grouped(market: Market, step: str, limit: int) -> tuple[list[Level], list[Level]]:
    """The same in groups of the step's ticks: bids at a group's lower edge, asks at its upper one. KeyError for no step.
    O(levels of the book) for a group of more than one tick.
    """
    bids, asks, ticks = market.book.bids, market.book.asks, STEPS[step]
    if ticks == 1:
        return best(market, limit)
    return (
        uncounted(merge_levels(bids.depth(len(bids.keys)), ticks, BucketEdge.FLOOR)[:limit]),
        uncounted(merge_levels(asks.depth(len(asks.keys)), ticks, BucketEdge.CEILING)[:limit]),
    )


def default_levels(step: str) -> int:
    return LEVELS_UNGROUPED if step == UNGROUPED else LEVELS_GROUPED
