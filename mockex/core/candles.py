"""Candles of one instrument, made from its trades: any number of bucket widths, exact at every moment.

Owns the open candle and the closed ones of each bucket spec, and when a bucket opens. Knows no clock, no
interval names, and not how a venue prints or sorts rows.

A trade touches one candle only, the base candle (a minute, unless told otherwise). When a trade comes after
the end of that minute, the finished minute is rolled once into the open bucket of every spec. A query adds
the unfinished minute to what it reads, so no answer waits for the next trade.

Invariants:
- every spec's buckets hold whole base candles, so rolling loses nothing;
- a spec's candles ascend strictly in `open_ns`; none is without trades (only `filled` makes flat ones);
- at most `retention` candles of a spec are ever given, the newest.

Times are integer nanoseconds since 1970-01-01T00:00Z, prices ticks, quantities lots, quote amounts atoms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from mockex.core.units import Atoms, Lots, Ticks

MINUTE_NS = 60_000_000_000
HOUR_NS = 60 * MINUTE_NS
DAY_NS = 24 * HOUR_NS
WEEK_NS = 7 * DAY_NS

FIRST_MONDAY_NS = 4 * DAY_NS
"""1970-01-05; the epoch was a Thursday. The offset of weeks that open on Monday at 00:00Z."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedBuckets:
    """Buckets of one width. They open at `offset_ns` and every `width_ns` before and after it.

    So only the remainder of the offset by the width matters: days that open at midnight of UTC+8 have an
    offset of -8 h (or 16 h). The offset also says on which weekday weeks open. Without one it is Thursday at
    00:00Z, as the epoch was; `FIRST_MONDAY_NS` makes it Monday, and `FIRST_MONDAY_NS - 8 * HOUR_NS` Monday at
    midnight of UTC+8, which is Sunday 16:00Z.
    ValueError unless the width is positive.
    """

    width_ns: int
    offset_ns: int = 0

    def __post_init__(self) -> None:
        if self.width_ns <= 0:
            raise ValueError(f"width_ns {self.width_ns} is not positive")

    def open_of(self, time_ns: int) -> int:
        """When the bucket that holds `time_ns` opens."""
        return time_ns - (time_ns - self.offset_ns) % self.width_ns

    def shift(self, open_ns: int, buckets: int) -> int:
        """When the bucket opens that lies `buckets` after the one of `open_ns`; before it when negative."""
        return open_ns + buckets * self.width_ns

    def next_open(self, open_ns: int) -> int:
        """When the bucket that opens at `open_ns` ends."""
        return open_ns + self.width_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBuckets:
    """Buckets of 1, 2, 3, 4, 6 or 12 calendar months, counted from January.

    They open on the first of a month at 00:00Z plus `offset_ns`: -8 h opens them at midnight of UTC+8, which
    is 16:00Z on the last day of the month before. Unlike with `FixedBuckets`, +16 h is another thing: 16:00Z
    on the first.
    ValueError unless the months divide a year.
    """

    months: int
    offset_ns: int = 0

    def __post_init__(self) -> None:
        if self.months < 1 or 12 % self.months:
            raise ValueError(f"{self.months} months do not divide a year")

    def open_of(self, time_ns: int) -> int:
        """When the bucket that holds `time_ns` opens."""
        month = self._month_of(time_ns)
        return self._open_of_month(month - month % self.months)

    def shift(self, open_ns: int, buckets: int) -> int:
        """When the bucket opens that lies `buckets` after the one of `open_ns`; before it when negative.

        Never before year 1, the first of the calendar.
        """
        return self._open_of_month(max(12, self._month_of(open_ns) + buckets * self.months))

    def next_open(self, open_ns: int) -> int:
        """When the bucket that opens at `open_ns` ends."""
        return self.shift(open_ns, 1)

    def _month_of(self, time_ns: int) -> int:
        """Months since January of year 0."""
        day = date.fromordinal(_EPOCH_ORDINAL + (time_ns - self.offset_ns) // DAY_NS)
        return day.year * 12 + day.month - 1

    def _open_of_month(self, month: int) -> int:
        year, month_of_year = divmod(month, 12)
        return (date(year, month_of_year + 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY_NS + self.offset_ns


BucketSpec: TypeAlias = FixedBuckets | MonthBuckets


@dataclass(frozen=True, slots=True, kw_only=True)
class Candle:
    """The trades of one bucket. A flat candle, which `filled` makes, has no trades and four equal prices."""

    open_ns: int
    open: Ticks
    high: Ticks
    low: Ticks
    close: Ticks
    base_qty: Lots
    quote_amount: Atoms
    trade_count: int

    def __deepcopy__(self, memo: dict[int, object]) -> Candle:
        """Itself: an exchange has tens of thousands of them, and a fork of it may share what never changes."""
        return self


class OpenCandle:
    """A candle that still grows. Mutable: this is what every trade touches."""

    __slots__ = (
        "base_qty",
        "close",
        "end_ns",
        "high",
        "low",
        "open",
        "open_ns",
        "quote_amount",
        "trade_count",
    )

    def __init__(self, open_ns: int, end_ns: int, first: OpenCandle | Candle) -> None:
        """A candle from `open_ns` to `end_ns`, exclusive, with all that `first` holds."""
        self.open_ns = open_ns
        self.end_ns = end_ns
        self.open: Ticks = first.open
        self.high: Ticks = first.high
        self.low: Ticks = first.low
        self.close: Ticks = first.close
        self.base_qty: Lots = first.base_qty
        self.quote_amount: Atoms = first.quote_amount
        self.trade_count: int = first.trade_count

    @classmethod
    def of_trade(cls, open_ns: int, end_ns: int, price: Ticks, qty: Lots, quote_amount: Atoms) -> OpenCandle:
        """A candle with its first trade."""
        candle = cls.__new__(cls)
        candle.open_ns = open_ns
        candle.end_ns = end_ns
        candle.open = candle.high = candle.low = candle.close = price
        candle.base_qty = qty
        candle.quote_amount = quote_amount
        candle.trade_count = 1
        return candle

    def __deepcopy__(self, memo: dict[int, object]) -> OpenCandle:
        return OpenCandle(self.open_ns, self.end_ns, self)

    def add_trade(self, price: Ticks, qty: Lots, quote_amount: Atoms) -> None:
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.base_qty += qty
        self.quote_amount += quote_amount
        self.trade_count += 1

    def fold(self, later: OpenCandle | Candle) -> None:
        """Add the trades of a candle that comes after everything folded so far."""
        if later.high > self.high:
            self.high = later.high
        if later.low < self.low:
            self.low = later.low
        self.close = later.close
        self.base_qty += later.base_qty
        self.quote_amount += later.quote_amount
        self.trade_count += later.trade_count

    def freeze(self) -> Candle:
        """What it holds now, as a value."""
        return Candle(
            open_ns=self.open_ns,
            open=self.open,
            high=self.high,
            low=self.low,
            close=self.close,
            base_qty=self.base_qty,
            quote_amount=self.quote_amount,
            trade_count=self.trade_count,
        )


class _SpecCandles:
    """The candles of one spec, from finished minutes: closed ones as values, and the open one."""

    __slots__ = ("_closed", "_open", "_opens_ns", "_retention", "spec")

    def __init__(self, spec: BucketSpec, retention: int) -> None:
        self.spec = spec
        self._retention = retention
        self._opens_ns: list[int] = []  # of `_closed`, for searching
        self._closed: list[Candle] = []
        self._open: OpenCandle | None = None

    def roll(self, finished: OpenCandle | Candle) -> None:
        """Take in a finished finer candle. Amortised O(1)."""
        candle = self._open
        if candle is not None and finished.open_ns < candle.end_ns:
            candle.fold(finished)
            return
        if candle is not None:
            self._close(candle)
        self._open = self._around(finished)

    def seed(self, seeded: Candle, width_ns: int) -> None:
        """Take in a candle of the past, unless it is wider than its bucket. The order of time is the caller's care."""
        if isinstance(self.spec, FixedBuckets) and self.spec.width_ns < width_ns:
            return
        candle = self._open
        if candle is None or seeded.open_ns >= candle.end_ns:
            open_ns = self.spec.open_of(seeded.open_ns)
            if self.spec.next_open(open_ns) - open_ns >= width_ns:
                self.roll(seeded)
        elif candle.end_ns - candle.open_ns >= width_ns:
            candle.fold(seeded)

    def unfinished(self, minute: OpenCandle | None) -> list[Candle]:
        """The candles not yet closed, newest first: none, one, or two when `minute` opens a new bucket."""
        candle = self._open
        if minute is None:
            return [] if candle is None else [candle.freeze()]
        if candle is None:
            return [self._around(minute).freeze()]
        if minute.open_ns >= candle.end_ns:
            return [self._around(minute).freeze(), candle.freeze()]
        merged = OpenCandle(candle.open_ns, candle.end_ns, candle)
        merged.fold(minute)
        return [merged.freeze()]

    def select(self, minute: OpenCandle | None, *, start_ns: int | None, end_ns: int | None, limit: int) -> list[Candle]:
        """The contract of `CandleSeries.candles`."""
        newest = self.unfinished(minute)[: self._retention]
        oldest_kept = max(0, len(self._closed) - (self._retention - len(newest)))
        start, stop = oldest_kept, len(self._closed)
        if start_ns is not None:
            newest = [candle for candle in newest if candle.open_ns >= start_ns]
            start = bisect_left(self._opens_ns, start_ns, oldest_kept)
        if end_ns is not None:
            newest = [candle for candle in newest if candle.open_ns <= end_ns]
            stop = bisect_right(self._opens_ns, end_ns, oldest_kept)
        start = max(start, stop - max(0, limit - len(newest)))
        return newest[:limit] + self._closed[start:stop][::-1]

    def _around(self, finer: OpenCandle | Candle) -> OpenCandle:
        """The bucket that holds `finer`, with nothing else in it."""
        open_ns = self.spec.open_of(finer.open_ns)
        return OpenCandle(open_ns, self.spec.next_open(open_ns), finer)

    def _close(self, candle: OpenCandle) -> None:
        self._opens_ns.append(candle.open_ns)
        self._closed.append(candle.freeze())
        # A cut moves the rows that stay, so it waits until an eighth too many have gathered: amortised O(1).
        if len(self._closed) > self._retention + self._retention // 8:
            del self._opens_ns[: -self._retention], self._closed[: -self._retention]


class CandleSeries:
    """One instrument's candles in every bucket width that its venue offers."""

    __slots__ = ("_base_ns", "_by_spec", "_minute", "_retention", "_seeded_open_ns", "_seeded_until_ns")

    def __init__(self, specs: Sequence[BucketSpec], retention: int = 1440, *, base_ns: int = MINUTE_NS) -> None:
        """`retention` counts candles per spec. `base_ns` is the width of the candle that a trade touches.

        ValueError unless `base_ns` divides every spec's width and offset, and the retention is positive.
        """
        if retention < 1:
            raise ValueError(f"retention {retention} is below one candle")
        for spec in specs:
            _check_divides(base_ns, spec)
        self._base_ns = base_ns
        self._retention = retention
        self._by_spec = {spec: _SpecCandles(spec, retention) for spec in specs}
        self._minute: OpenCandle | None = None  # the base candle, not yet rolled into any spec
        self._seeded_open_ns: int | None = None
        self._seeded_until_ns: int | None = None

    def on_trade(self, time_ns: int, price: Ticks, qty: Lots, quote_amount: Atoms) -> None:
        """Count a trade. AssertionError when it lies before the newest minute or the newest seed. O(1)."""
        minute = self._minute
        if minute is None or not minute.open_ns <= time_ns < minute.end_ns:
            self._open_minute(time_ns, price, qty, quote_amount)
        else:
            minute.add_trade(price, qty, quote_amount)

    def seed(self, candle: Candle, width_ns: int) -> None:
        """Put an older candle of `width_ns` into every spec whose bucket at that time is at least as wide.

        It counts in the bucket that holds its open. That is exact where the candle lies within one bucket;
        one that reaches into the next (a week at the end of a month) is not split.
        ValueError unless seeds come in order of time, without overlap. AssertionError after the first trade.
        """
        if self._minute is not None:
            raise AssertionError("candles are seeded before the first trade")
        if self._seeded_until_ns is not None and candle.open_ns < self._seeded_until_ns:
            raise ValueError(f"candle at {candle.open_ns} opens before the last seed ends, {self._seeded_until_ns}")
        self._seeded_open_ns = candle.open_ns
        self._seeded_until_ns = candle.open_ns + width_ns
        for candles in self._by_spec.values():
            candles.seed(candle, width_ns)

    def latest(self, spec: BucketSpec) -> Candle | None:
        """The newest candle, finished or not; None before the first trade. KeyError as in `candles`. O(1)."""
        newest = self._by_spec[spec].unfinished(self._minute)
        return newest[0] if newest else None

    def candles(self, spec: BucketSpec, *, start_ns: int | None = None, end_ns: int | None = None, limit: int) -> list[Candle]:
        """At most `limit` candles with start <= open <= end, newest first; the newest when more qualify.

        Buckets without trades are left out. ValueError when the limit is negative, KeyError for a spec that
        the series was not made for. O(log n + rows).
        """
        if limit < 0:
            raise ValueError(f"limit {limit} is negative")
        return self._by_spec[spec].select(self._minute, start_ns=start_ns, end_ns=end_ns, limit=limit)

    def filled(
        self,
        spec: BucketSpec,
        *,
        now_ns: int,
        start_ns: int | None = None,
        end_ns: int | None = None,
        limit: int,
    ) -> list[Candle]:
        """Like `candles`, for venues that show every bucket: without trades, it is flat at the last close.

        The newest is the bucket that holds `now_ns`. The oldest is that of the oldest candle kept: before it
        there is no close to carry. Flat candles count towards the retention. O(log n + rows).
        """
        newest_ns = spec.open_of(now_ns)
        oldest_ns = spec.shift(newest_ns, 1 - self._retention)
        if start_ns is not None:
            oldest_ns = max(oldest_ns, start_ns)
        if end_ns is not None:
            newest_ns = min(newest_ns, spec.open_of(end_ns))
        traded = self.candles(spec, end_ns=newest_ns, limit=limit)
        return list(islice(_fill(spec, traded, newest_ns=newest_ns, oldest_ns=oldest_ns), limit))

    def _open_minute(self, time_ns: int, price: Ticks, qty: Lots, quote_amount: Atoms) -> None:
        minute = self._minute
        newest_ns = self._seeded_open_ns if minute is None else minute.open_ns
        if newest_ns is not None and time_ns < newest_ns:
            raise AssertionError(f"trade at {time_ns} comes after a candle that opened at {newest_ns}")
        if minute is not None:
            for candles in self._by_spec.values():
                candles.roll(minute)
        open_ns = time_ns - time_ns % self._base_ns
        self._minute = OpenCandle.of_trade(open_ns, open_ns + self._base_ns, price, qty, quote_amount)


def _check_divides(base_ns: int, spec: BucketSpec) -> None:
    width_ns = spec.width_ns if isinstance(spec, FixedBuckets) else DAY_NS
    if base_ns < 1 or width_ns % base_ns or spec.offset_ns % base_ns:
        raise ValueError(f"a base candle of {base_ns} ns does not divide {spec}")


def _fill(spec: BucketSpec, traded: Sequence[Candle], *, newest_ns: int, oldest_ns: int) -> Iterator[Candle]:
    """Every bucket from `newest_ns` down to `oldest_ns` that has a candle of `traded` at or before it."""
    open_ns = newest_ns
    for candle in traded:
        while candle.open_ns < open_ns >= oldest_ns:
            yield _flat(open_ns, candle.close)
            open_ns = spec.shift(open_ns, -1)
        if open_ns < oldest_ns:
            return
        yield candle
        open_ns = spec.shift(open_ns, -1)


def _flat(open_ns: int, price: Ticks) -> Candle:
    return Candle(
        open_ns=open_ns,
        open=price,
        high=price,
        low=price,
        close=price,
        base_qty=0,
        quote_amount=0,
        trade_count=0,
    )
