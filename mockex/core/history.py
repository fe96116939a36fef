"""What happened, in the order of ids: rows to page through.

Collections with one contract of paging:
- `Log`: rows arrive in ascending order and leave only at the old end (trades, fills, ledger entries).
- `IdIndex`: rows arrive in any order and may leave from anywhere (open orders, orders of one state).
- `Shelves`: logs of the rows of one log that are of a kind.

Owns order, paging and retention. Knows nothing of what a row is, nor of a venue's page sizes: the caller says
`limit`.

Paging: newest first. `older_than` and `newer_than` are ids and exclusive; both together are an open interval. `span_ns`: only
rows from its first to its last nanosecond, both included; rows outside of it are not looked at.
When more rows qualify than `limit`, the newest of them are given, also when only `newer_than` is set; whoever asks for
`oldest_first` is given the oldest of them, from the oldest on.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from sortedcontainers import SortedDict

T = TypeVar("T")

KindsOf: TypeAlias = Callable[[T], Iterable[str]]
"""What a row is, each word once."""

# A log that is shorter than this is not worth compacting after a trim.
_COMPACT_FROM = 64


class Log(Generic[T]):
    """Append-only rows by strictly ascending id, with the time of each.

    Three parallel lists that grow at the end. A trim only moves `_head` forward; once the dead rows are the
    majority they are deleted in one go, so each row costs O(1) to drop, and memory stays below twice what is
    kept.
    """

    __slots__ = ("_head", "_ids", "_newest_id", "_newest_ns", "_rows", "_times_ns")

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._times_ns: list[int] = []
        self._rows: list[T] = []
        self._head = 0  # index of the oldest row that is kept
        # Remembered apart from the lists: ids keep ascending after every row was trimmed away.
        self._newest_id: int | None = None
        self._newest_ns: int | None = None

    def __len__(self) -> int:
        return len(self._rows) - self._head

    def append(self, row_id: int, time_ns: int, row: T) -> None:
        """Add the newest row. AssertionError when the id does not ascend or the time goes back. O(1)."""
        if self._newest_id is not None and row_id <= self._newest_id:
            raise AssertionError(f"row id {row_id} does not follow {self._newest_id}")
        if self._newest_ns is not None and time_ns < self._newest_ns:
            raise AssertionError(f"time {time_ns} of row {row_id} is before {self._newest_ns}")
        self._newest_id = row_id
        self._newest_ns = time_ns
        self._ids.append(row_id)
        self._times_ns.append(time_ns)
        self._rows.append(row)

    def page(
        self,
        *,
        older_than: int | None = None,
        newer_than: int | None = None,
        span_ns: tuple[int, int] | None = None,
        limit: int,
        where: Callable[[T], bool] | None = None,
        oldest_first: bool = False,
    ) -> list[T]:
        """At most `limit` rows with newer_than < id < older_than, newest first or `oldest_first`.

        `where` keeps the rows for which it is true; rows that it refuses do not count towards the limit.
        ValueError when the limit is negative. O(log n + rows returned + rows that `where` refuses).
        """
        _check_limit(limit)
        start = self._head if newer_than is None else bisect_right(self._ids, newer_than, self._head)
        stop = len(self._ids) if older_than is None else bisect_left(self._ids, older_than, self._head)
        if span_ns is not None:
            start = max(start, bisect_left(self._times_ns, span_ns[0], self._head))
            stop = min(stop, bisect_right(self._times_ns, span_ns[1], self._head))
        rows = self._rows
        if oldest_first:
            if where is None:
                return rows[start : min(stop, start + limit)]
            return _take((rows[index] for index in range(start, stop)), limit=limit, where=where)
        if where is None:
            return rows[max(start, stop - limit) : stop][::-1]
        return _take((rows[index] for index in range(stop - 1, start - 1, -1)), limit=limit, where=where)

    def newest(self, n: int) -> list[T]:
        """The `n` newest rows, newest first. ValueError when n is negative. O(n)."""
        return self.page(limit=n)

    def id_from(self, value: int, key: Callable[[T], int]) -> int | None:
        """The id of the first row whose key is that value or more; None if there is none. Keys must ascend with the rows.
        O(log n).
        """
        index = bisect_left(self._rows, value, self._head, key=key)
        return self._ids[index] if index < len(self._ids) else None

    def following(self, row_id: int | None) -> Iterator[tuple[int, int, T]]:
        """Id, time and row of all after that id, oldest first; of all if there is none. O(log n + rows)."""
        start = self._head if row_id is None else bisect_right(self._ids, row_id, self._head)
        for index in range(start, len(self._ids)):
            yield self._ids[index], self._times_ns[index], self._rows[index]

    def since(self, time_ns: int) -> list[T]:
        """The rows of `time_ns` and later, newest first. O(log n + rows returned)."""
        return self._rows[bisect_left(self._times_ns, time_ns, self._head) :][::-1]

    def between(self, first_ns: int, last_ns: int) -> list[T]:
        """The rows from `first_ns` to `last_ns`, both included, newest first. O(log n + rows returned)."""
        start = bisect_left(self._times_ns, first_ns, self._head)
        return self._rows[start : bisect_right(self._times_ns, last_ns, start)][::-1]

    def trim(self, before_ns: int) -> None:
        """Drop the rows older than `before_ns`. Amortised O(1) per row dropped, O(1) when there is none."""
        times_ns = self._times_ns
        head = self._head
        if head == len(times_ns) or times_ns[head] >= before_ns:
            return
        head = bisect_left(times_ns, before_ns, head)
        if head >= _COMPACT_FROM and head * 2 > len(times_ns):
            del self._ids[:head], times_ns[:head], self._rows[:head]
            head = 0
        self._head = head


class NoLog(Log[T]):
    """A log that nobody will page through: it remembers nothing, at no cost to whoever appends."""

    __slots__ = ()

    def append(self, row_id: int, time_ns: int, row: T) -> None:
        """Forgets the row."""


class Shelves(Generic[T]):
    """Rows of one log by what they are; a row may be several things, or none. They are put there when somebody asks: all at
    first, then those that have come since.
    """

    __slots__ = ("_kinds_of", "_last_id", "_logs")

    def __init__(self, kinds_of: KindsOf[T]) -> None:
        self._kinds_of = kinds_of
        self._logs: dict[str, Log[T]] = {}
        self._last_id: int | None = None

    def of(self, kind: str, log: Log[T]) -> Log[T]:
        """The rows of that kind, of `log`, which is the same each time. Amortised O(1) per row of the log."""
        for row_id, time_ns, row in log.following(self._last_id):
            self._last_id = row_id
            for each in self._kinds_of(row):
                self._logs.setdefault(each, Log()).append(row_id, time_ns, row)
        return self._logs.setdefault(kind, Log())


class IdIndex(Generic[T]):
    """Rows by id, any of which may leave. `time_ns` tells when a row was made, never before a row of a lower id; only an index
    that has it can be asked for a span of time.
    """

    __slots__ = ("_rows", "_time_ns")

    def __init__(self, time_ns: Callable[[T], int] | None = None) -> None:
        self._rows = SortedDict()  # id -> row
        self._time_ns = time_ns

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    def add(self, row_id: int, row: T) -> None:
        """Put a row in its place; ids may come in any order. Replaces the row of the same id. O(log n)."""
        self._rows[row_id] = row

    def discard(self, row_id: int) -> None:
        """Take a row out. An id that is not there changes nothing. O(log n)."""
        self._rows.pop(row_id, None)

    def page(
        self,
        *,
        older_than: int | None = None,
        newer_than: int | None = None,
        span_ns: tuple[int, int] | None = None,
        limit: int,
        where: Callable[[T], bool] | None = None,
        oldest_first: bool = False,
    ) -> list[T]:
        """At most `limit` rows with newer_than < id < older_than, in order just as of `Log.page`. Of a span of time:
        O(log² n + rows).
        """
        _check_limit(limit)
        rows = self._rows
        if span_ns is None:
            ids = rows.irange(newer_than, older_than, inclusive=(False, False), reverse=not oldest_first)
        else:
            first, end = self._places(*span_ns)
            start = first if newer_than is None else max(first, rows.bisect_right(newer_than))
            stop = end if older_than is None else min(end, rows.bisect_left(older_than))
            ids = rows.islice(start, max(start, stop), reverse=not oldest_first)
        return _take(map(rows.__getitem__, ids), limit=limit, where=where)

    def _places(self, first_ns: int, last_ns: int) -> tuple[int, int]:
        """Where the rows of a span of time begin, and where those after it do."""
        time_ns, rows = self._time_ns, self._rows
        assert time_ns is not None, "this index does not know when its rows were made"

        def made_ns(row_id: int) -> int:
            return time_ns(rows[row_id])

        return bisect_left(rows.keys(), first_ns, key=made_ns), bisect_right(rows.keys(), last_ns, key=made_ns)

    def newest(self, n: int) -> list[T]:
        """The `n` newest rows, newest first. ValueError when n is negative. O(n)."""
        return self.page(limit=n)


def _check_limit(limit: int) -> None:
    if limit < 0:
        raise ValueError(f"limit {limit} is negative")


def _take(rows: Iterable[T], *, limit: int, where: Callable[[T], bool] | None) -> list[T]:
    """The first `limit` rows for which `where` is true. Looks at no row beyond the last one that it gives."""
    return list(islice(rows if where is None else filter(where, rows), limit))
