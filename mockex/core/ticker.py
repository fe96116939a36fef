"""Rolling statistics of one instrument's trades: high, low, volumes and the opening price of the last 24 hours.

Owns the minutes of the window. Knows no clock: whoever reads says what time it is. Time never goes back, neither
from trade to trade nor from reading to reading.

The window moves by minutes. At 08:23:45 a window of 24 hours starts with yesterday's minute of 08:23:00, whole: the
very candle that gives the opening price, so that price lies between low and high whenever it is one of the window's.
So the window reaches back 24 hours and up to a minute more. ASSUMED: venues document the candle of the opening price
at best, not where the sums begin.

Every minute enters and leaves the sums once, and the two monotonic deques at most once, so a trade and a reading cost
amortised O(1), however far time jumps.

Invariants:
- `_minutes` ascends in time and lies in the window of the latest reading or finished minute;
- the sums are those of `_minutes`; the open minute is added on reading;
- `_highs` falls and `_lows` rises strictly, both over a subset of `_minutes`, so their heads are the extremes.

Times are integer nanoseconds since 1970-01-01T00:00Z, prices ticks, quantities lots, quote amounts atoms.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from mockex.core.candles import DAY_NS, MINUTE_NS, Candle, OpenCandle
from mockex.core.units import Atoms, Lots, Ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class TickerView:
    """The window as of one moment. Sums are 0 and everything else None when nothing ever traded.

    After a window without trades the sums are 0, and open, high and low are the last price, which stood all the
    time (ASSUMED).
    """

    last_price: Ticks | None
    last_qty: Lots | None
    """Of the last trade; None when only seeds are known."""
    last_time_ns: int | None
    """Of the last trade; None when only seeds are known."""
    open_price: Ticks | None
    """The open of the window's first minute. Without trades in that minute, the last close before it, else
    the first open after it (ASSUMED)."""
    high_price: Ticks | None
    low_price: Ticks | None
    base_qty: Lots
    quote_amount: Atoms
    trade_count: int


class RollingTicker:
    """One instrument's ticker over a moving window."""

    __slots__ = (
        "_base_qty",
        "_close_before",
        "_highs",
        "_last_price",
        "_last_qty",
        "_last_time_ns",
        "_lows",
        "_minute",
        "_minutes",
        "_newest_ns",
        "_quote_amount",
        "_trade_count",
        "_window_ns",
    )

    def __init__(self, window_ns: int = DAY_NS) -> None:
        """ValueError unless the window is a positive number of whole minutes."""
        if window_ns <= 0 or window_ns % MINUTE_NS:
            raise ValueError(f"window_ns {window_ns} is not a positive number of whole minutes")
        self._window_ns = window_ns
        self._minute: OpenCandle | None = None  # takes the trades; in none of the collections below
        self._minutes: deque[OpenCandle] = deque()
        self._highs: deque[OpenCandle] = deque()
        self._lows: deque[OpenCandle] = deque()
        self._base_qty: Lots = 0
        self._quote_amount: Atoms = 0
        self._trade_count = 0
        self._close_before: Ticks | None = None  # the last close that left the window
        self._newest_ns: int | None = None  # the newest minute that a trade, a seed or a reading has reached
        self._last_price: Ticks | None = None
        self._last_qty: Lots | None = None
        self._last_time_ns: int | None = None

    @property
    def last_price(self) -> Ticks | None:
        """Of the last trade or seed, None before the first."""
        return self._last_price

    def on_trade(self, time_ns: int, price: Ticks, qty: Lots, quote_amount: Atoms) -> None:
        """Count a trade. AssertionError when it lies before the newest minute known. Amortised O(1)."""
        minute = self._minute
        if minute is not None and minute.open_ns <= time_ns < minute.end_ns:
            minute.add_trade(price, qty, quote_amount)
        else:
            open_ns = self._move_to(time_ns)
            self._minute = OpenCandle.of_trade(open_ns, open_ns + MINUTE_NS, price, qty, quote_amount)
        self._last_price = price
        self._last_qty = qty
        self._last_time_ns = time_ns

    def seed(self, candle: Candle) -> None:
        """Count an older minute, oldest first. Sets the last price, but no last trade. Amortised O(1).

        ValueError unless the candle opens on a whole minute that is newer than every minute known.
        """
        if candle.open_ns % MINUTE_NS:
            raise ValueError(f"candle at {candle.open_ns} does not open on a whole minute")
        if self._newest_ns is not None and candle.open_ns <= self._newest_ns:
            raise ValueError(f"candle at {candle.open_ns} is not newer than the minute {self._newest_ns}")
        self._move_to(candle.open_ns)
        self._minute = OpenCandle(candle.open_ns, candle.open_ns + MINUTE_NS, candle)
        self._last_price = candle.close

    def at(self, now_ns: int) -> TickerView:
        """The ticker as of `now_ns`. AssertionError when that lies before the newest minute known. Amortised O(1)."""
        first_ns = self._move_to(now_ns) - self._window_ns
        minute, minutes = self._minute, self._minutes
        high = self._highs[0].high if minutes else None
        low = self._lows[0].low if minutes else None
        base_qty, quote_amount, trade_count = self._base_qty, self._quote_amount, self._trade_count
        if minute is not None:
            high = minute.high if high is None else max(high, minute.high)
            low = minute.low if low is None else min(low, minute.low)
            base_qty += minute.base_qty
            quote_amount += minute.quote_amount
            trade_count += minute.trade_count
        return TickerView(
            last_price=self._last_price,
            last_qty=self._last_qty,
            last_time_ns=self._last_time_ns,
            open_price=self._open_price(first_ns),
            high_price=self._last_price if high is None else high,
            low_price=self._last_price if low is None else low,
            base_qty=base_qty,
            quote_amount=quote_amount,
            trade_count=trade_count,
        )

    def first_price(self, now_ns: int) -> Ticks | None:
        """Of the window's first trade or seed as of `now_ns`, for venues whose opening price that is; after a window without
        any the last price, None when nothing ever traded. AssertionError as for `at`.
        """
        self._move_to(now_ns)
        oldest = self._minutes[0] if self._minutes else self._minute
        return self._last_price if oldest is None else oldest.open

    def _open_price(self, first_ns: int) -> Ticks | None:
        """The opening price of a window whose first minute is `first_ns`."""
        oldest = self._minutes[0] if self._minutes else self._minute
        if oldest is None or (oldest.open_ns > first_ns and self._close_before is not None):
            return self._close_before
        return oldest.open

    def _move_to(self, time_ns: int) -> int:
        """Make the minute of `time_ns` the newest: close the open one if it is older, drop what left the window.

        Gives the minute's open. AssertionError when time goes back to an older minute.
        """
        open_ns = time_ns - time_ns % MINUTE_NS
        if self._newest_ns is None or open_ns > self._newest_ns:
            self._newest_ns = open_ns
            if self._minute is not None:
                self._close(self._minute)
                self._minute = None
            self._drop_before(open_ns - self._window_ns)
        elif open_ns < self._newest_ns:
            raise AssertionError(f"time {time_ns} is before the newest minute {self._newest_ns}")
        return open_ns

    def _close(self, minute: OpenCandle) -> None:
        self._minutes.append(minute)
        self._base_qty += minute.base_qty
        self._quote_amount += minute.quote_amount
        self._trade_count += minute.trade_count
        # A minute that is older and no more extreme than this one will never be the extreme again.
        highs, lows = self._highs, self._lows
        while highs and highs[-1].high <= minute.high:
            highs.pop()
        highs.append(minute)
        while lows and lows[-1].low >= minute.low:
            lows.pop()
        lows.append(minute)

    def _drop_before(self, first_ns: int) -> None:
        minutes, highs, lows = self._minutes, self._highs, self._lows
        while minutes and minutes[0].open_ns < first_ns:
            minute = minutes.popleft()
            if highs[0] is minute:
                highs.popleft()
            if lows[0] is minute:
                lows.popleft()
            self._base_qty -= minute.base_qty
            self._quote_amount -= minute.quote_amount
            self._trade_count -= minute.trade_count
            self._close_before = minute.close
