"""Which rows of a list a request asks for: bounds of time and of ids, and how many. Source: ktx§6 and ktx§7.

Bounds are included. Of what they leave, a page is the newest, or the oldest where only a lower bound is given (ASSUMED). Lists
ascend.
"""

from __future__ import annotations

from typing import TypeVar

from mockex.venues.ktx import codec
from mockex.venues.ktx.params import KtxParams

Row = TypeVar("Row")

BOUNDS = ("start_time", "end_time", "before", "after")
# Times together, or one id (ktx§6, ktx§7).
COMBINATIONS = (("start_time",), ("end_time",), ("start_time", "end_time"), ("before",), ("after",))
_LAST_NS = 2**63 - 1


class Page:
    """`span_ns`: the first and the last nanosecond. `oldest_first`: the page is cut at its newest end."""

    def __init__(self, params: KtxParams) -> None:
        start, end = params.moment_ms("start_time"), params.moment_ms("end_time")
        self.span_ns = (0 if start is None else start * codec.MS_NS, _LAST_NS if end is None else (end + 1) * codec.MS_NS - 1)
        self.before, self.after = params.bound("before"), params.bound("after")
        self.limit = params.rows()
        self.oldest_first = self.after is not None or (start is not None and end is None and self.before is None)

    def takes(self, number: int) -> bool:
        """Whether the id lies within the bounds."""
        return (self.before is None or number <= self.before) and (self.after is None or number >= self.after)

    def ascending(self, page: list[Row]) -> list[Row]:
        """A page that the exchange has cut, in the order in which it is told."""
        return page if self.oldest_first else page[::-1]

    def cut(self, ascending: list[Row]) -> list[Row]:
        return ascending[: self.limit] if self.oldest_first else ascending[-self.limit :]
