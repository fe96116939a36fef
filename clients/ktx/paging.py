"""Parts of long lists: the bounds that a request may have, and walking back through all of it.

Owns: which bounds go together, and the overlap of pages.
Must not know: what the lists hold.
Source: KTX document, the combinations of parameters of trades, ledger, orders and fills; ktx§6, ktx§7.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from .fields import epoch_ms

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Bounds of a list, all inclusive: by time, or by greatest or least id. The venue takes times, or one id.

    ValueError for any other combination.
    """

    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None
    after: int | None = None

    def __post_init__(self) -> None:
        kinds = (self.start is not None or self.end is not None, self.before is not None, self.after is not None)
        if sum(kinds) > 1:
            raise ValueError("a list is bounded by times, by before, or by after")


def span_params(span: Span | None) -> list[tuple[str, str | int | None]]:
    """Bounds as parameters. ValueError for a naive datetime."""
    span = span or Span()
    return [
        ("start_time", optional_ms(span.start)),
        ("end_time", optional_ms(span.end)),
        ("before", span.before),
        ("after", span.after),
    ]


def optional_ms(instant: datetime | None) -> int | None:
    """Unix milliseconds. ValueError for a naive datetime."""
    return None if instant is None else epoch_ms(instant)


async def backwards(
    page: Callable[[Span], Awaitable[Sequence[ItemT]]], id_of: Callable[[ItemT], int], *, limit: int
) -> AsyncIterator[ItemT]:
    """All items, newest first. Pages ascend; the bound is inclusive, so each page repeats the last items of the one before.

    Several items may share an id, such as both sides of a trade with oneself: of those of the bound, as many are left out as
    were given already.
    ValueError for a limit below 2: a page would hold the repeated item alone.
    """
    if limit < 2:
        raise ValueError("pages of less than two items lead nowhere")
    oldest: int | None = None
    given = 0  # how many of that id
    while True:
        items = await page(Span(before=oldest))
        ids = [id_of(item) for item in items]
        fresh = [item for item, id_ in zip(items, ids, strict=True) if oldest is None or id_ < oldest]
        again = [item for item, id_ in zip(items, ids, strict=True) if id_ == oldest]
        fresh += again[: max(0, len(again) - given)]
        for item in reversed(fresh):
            yield item
        if fresh:
            last = id_of(fresh[0])
            given = ids.count(last)
            oldest = last
        elif oldest is not None and len(items) >= limit and ids.count(oldest) == len(items):
            oldest, given = oldest - 1, 0  # nothing else fits beside these
        else:  # not at a short page: the venue may send less than it is asked for
            return
