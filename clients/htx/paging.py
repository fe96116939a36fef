"""Lists that come in pieces.

Owns: the two ways in which the venue cuts lists, and how to follow each of them.
Must not know: which endpoint is paged.

Lists of orders, fills and payments are cut by `from` (an id), `direct` and `size`; ledgers name the next piece themselves.
Source: HTX document, "Search Past Orders", "Get Account History", "Get Account Ledger"; htx§3.3 to htx§3.5.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from .errors import MalformedReplyError
from .rest import Params
from .vocabulary import Direction

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a list begins: at the row `from_id`, going `direct`; at most `size` rows. The venue's defaults for None."""

    from_id: int | None = None
    direct: Direction | None = None
    size: int | None = None

    def params(self) -> Params:
        """The cursor as query parameters."""
        return (("from", self.from_id), ("direct", self.direct), ("size", self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[RowT]):
    """A piece of a list. `next_id` leads to the next piece; None at the end."""

    rows: tuple[RowT, ...]
    next_id: int | None


async def next_rows(
    fetch: Callable[[Cursor], Awaitable[Sequence[RowT]]], row_id: Callable[[RowT], int], start: Cursor | None = None
) -> AsyncIterator[RowT]:
    """Every row from `start` on, piece by piece.

    Each piece begins at the last row of the one before, and whether that row is repeated is documented nowhere: repeated rows
    are left out. It ends at a piece without a new row.
    """
    cursor = start or Cursor()
    before: frozenset[int] = frozenset()
    while True:
        piece = await fetch(cursor)
        news = [row for row in piece if row_id(row) not in before]
        for row in news:
            yield row
        if not news:
            return
        before = frozenset(row_id(row) for row in piece)
        cursor = replace(cursor, from_id=row_id(news[-1]), direct=cursor.direct or Direction.NEXT)


async def all_pages(fetch: Callable[[int | None], Awaitable[Page[RowT]]]) -> AsyncIterator[RowT]:
    """Every row of a list that names its next piece. `fetch` takes that name, None for the first piece.

    MalformedReplyError if a piece names itself, which would never end.
    """
    next_id: int | None = None
    while True:
        page = await fetch(next_id)
        for row in page.rows:
            yield row
        if page.next_id is None:
            return
        if page.next_id == next_id:
            raise MalformedReplyError(f"the piece from {next_id} names itself as the next one")
        next_id = page.next_id
