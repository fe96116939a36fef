"""Cursor paging.

Owns: the cursor, the page and the two ways to follow them.
Must not know: which endpoint is paged.

Pages are newest first. OK-AFTER names the last row of a page and leads to older rows, OK-BEFORE names the first one and
leads to newer rows. Both at once select the open interval between two ids (document, "Pagination").
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from .errors import MalformedReplyError
from .fields import Row, rows
from .rest import Params, Reply

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Which rows to ask for: older than `after`, newer than `before`, at most `limit` (venue: 100 at most)."""

    after: str | None = None
    before: str | None = None
    limit: int | None = None

    def params(self) -> Params:
        """The cursor as query parameters."""
        limit = None if self.limit is None else str(self.limit)
        return (("after", self.after), ("before", self.before), ("limit", limit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[RowT]):
    """Rows, newest first, with the ids of the first and the last one. An empty page has neither."""

    rows: tuple[RowT, ...]
    newest_id: str | None
    oldest_id: str | None


FetchPage = Callable[[Cursor], Awaitable[Page[RowT]]]


def decode_page(reply: Reply, decode: Callable[[Row], RowT], what: str) -> Page[RowT]:
    """A page out of a reply. MalformedReplyError if the reply is no list of objects."""
    return Page(
        rows=tuple(decode(row) for row in rows(reply.payload, what)),
        newest_id=reply.newest_id,
        oldest_id=reply.oldest_id,
    )


async def older_rows(fetch: FetchPage[RowT], start: Cursor | None = None) -> AsyncIterator[RowT]:
    """Every row from `start` back to the oldest one, page by page; `start.before` bounds the walk.

    It ends at a page that is empty or names no last row. A short page is no end: the venue cuts `limit` to 100.
    MalformedReplyError if a page points at itself, which would never end.
    """
    cursor = start or Cursor()
    while True:
        page = await fetch(cursor)
        for row in page.rows:
            yield row
        if not page.rows or page.oldest_id is None:
            return
        if page.oldest_id == cursor.after:
            raise MalformedReplyError(f"the page after {cursor.after} ends at the same id")
        cursor = replace(cursor, after=page.oldest_id)


class NewRows(Generic[RowT]):
    """Polls for rows that came since the last look.

    More rows than one page may have come, and a page holds the newest of them, so each look walks back to the row known
    before.
    """

    __slots__ = ("_fetch", "_limit", "newest_id")

    def __init__(self, fetch: FetchPage[RowT], *, newest_id: str | None = None, limit: int | None = None) -> None:
        """`newest_id` is the newest row already known. None: the first look takes one page and starts from there."""
        self._fetch = fetch
        self._limit = limit
        self.newest_id = newest_id

    async def poll(self) -> tuple[RowT, ...]:
        """New rows, oldest first. If a page fails, nothing is forgotten: the next look starts from the same row."""
        start = Cursor(before=self.newest_id, limit=self._limit)
        first = await self._fetch(start)
        if first.rows and first.newest_id is None:
            raise MalformedReplyError("a page with rows names no newest row")
        found = list(first.rows)
        if self.newest_id is not None and first.rows and first.oldest_id is not None:
            async for row in older_rows(self._fetch, replace(start, after=first.oldest_id)):
                found.append(row)
        self.newest_id = first.newest_id or self.newest_id
        found.reverse()
        return tuple(found)
