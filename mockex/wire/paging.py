"""Paging by id: which rows a request asks for, and the marks of the page it got.

Owns the interval, the limit and the cut. Knows no parameter names, headers, defaults or caps: those are the
venue's tables. Ids grow with time, so "older" is smaller and "newer" is larger; both bounds are exclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from typing import TypeVar

from mockex.wire.faults import ApiFault, FaultKind

Row = TypeVar("Row")


class OverLimit(Enum):
    """What a venue does with a limit above its maximum."""

    CLAMP = auto()  # answers as many as it allows
    REFUSE = auto()  # refuses the request


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """At most `limit` rows with `newer_than` < id < `older_than`; None leaves that side open."""

    older_than: int | None = None
    newer_than: int | None = None
    limit: int

    def contains(self, row_id: int) -> bool:
        """Whether the id lies in the interval."""
        if self.older_than is not None and row_id >= self.older_than:
            return False
        return self.newer_than is None or row_id > self.newer_than


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMarks:
    """The ids from which the neighbouring pages start: `newest` for what came later, `oldest` for what came
    before.
    """

    newest: int
    oldest: int

    @classmethod
    def of(cls, row_ids: Sequence[int]) -> PageMarks | None:
        """The marks of a page's ids, newest first; None for an empty page."""
        if not row_ids:
            return None
        return cls(newest=row_ids[0], oldest=row_ids[-1])


def page_limit(requested: int | None, *, default: int, maximum: int, over: OverLimit) -> int:
    """The number of rows to answer. ApiFault PARAM_VALUE below 1, and above `maximum` where the venue refuses
    that.
    """
    if requested is None:
        return default
    if requested < 1:
        raise ApiFault(FaultKind.PARAM_VALUE, field="limit", value=str(requested), limit="1")
    if requested <= maximum:
        return requested
    if over is OverLimit.REFUSE:
        raise ApiFault(FaultKind.PARAM_VALUE, field="limit", value=str(requested), limit=str(maximum))
    return maximum


def take_page(newest_first: Iterable[Row], request: PageRequest, *, row_id: Callable[[Row], int]) -> list[Row]:
    """The newest `limit` rows inside the request's interval, newest first. Reads `newest_first` only as far
    as needed; a store with an index should start at `older_than` by itself.
    """
    return list(islice(_inside(newest_first, request, row_id), request.limit))


def _inside(newest_first: Iterable[Row], request: PageRequest, row_id: Callable[[Row], int]) -> Iterable[Row]:
    for row in newest_first:
        if request.contains(row_id(row)):
            yield row
        elif request.newer_than is not None and row_id(row) <= request.newer_than:
            return
