"""Rate limits: how many calls one subject may make in a window of virtual time.

Owns the counting. Knows no clock (the time is an argument), no route and no venue: the caller chooses the
rule and the subject (an account, an address, an account and an instrument). Invariants: a sliding window is
exact, it never admits more than `limit` calls in any span of `window_ns`; a call costs amortised O(1);
subjects that fell silent are forgotten a few per call, never by a scan of all.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

_SWEPT_PER_CALL = 2  # more than the one window that a call can open, so the sweep always catches up


class WindowKind(Enum):
    SLIDING = auto()  # the `window_ns` before now
    FIXED = auto()  # [k * window_ns, (k + 1) * window_ns) since 1970


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RateRule:
    """`limit` calls per `window_ns`. Compared by identity: two rules with the same figures count apart.

    `refused_calls_count`: a refused call uses up the window like an admitted one, so a client that hammers
    stays out.
    """

    name: str
    limit: int
    window_ns: int
    kind: WindowKind = WindowKind.SLIDING
    refused_calls_count: bool = False

    def __post_init__(self) -> None:
        if self.limit < 1 or self.window_ns < 1:
            raise ValueError(f"rate rule {self.name!r}: limit and window must be positive")


class Verdict(NamedTuple):
    """The answer to one call. A tuple, because there is one per request."""

    allowed: bool
    remaining: int
    """Calls of cost 1 that would still be admitted now."""
    retry_after_ns: int
    """0 if allowed; else the time after which the same call is admitted if no other comes in between."""


class RateLimiter:
    """All windows of one simulation."""

    __slots__ = ("_windows",)

    def __init__(self) -> None:
        # In the order in which the sweep visits them: what it has looked at goes to the back.
        self._windows: OrderedDict[tuple[RateRule, Hashable], _SlidingWindow | _FixedWindow] = OrderedDict()

    def admit(self, rule: RateRule, subject: Hashable, now_ns: int, cost: int = 1) -> Verdict:
        """Count a call of `cost` (>= 1) by `subject` under `rule`. `now_ns` never decreases from call to
        call. A cost above the rule's limit is never admitted; its `retry_after_ns` is one window.
        """
        key = (rule, subject)
        window = self._windows.get(key)
        if window is None:
            window = _SlidingWindow(rule) if rule.kind is WindowKind.SLIDING else _FixedWindow(rule)
            self._windows[key] = window
        verdict = window.admit(now_ns, cost)
        self._sweep(now_ns)
        return verdict

    def reset(self) -> None:
        """Forget every call."""
        self._windows.clear()

    def __len__(self) -> int:
        """Windows held in memory."""
        return len(self._windows)

    def _sweep(self, now_ns: int) -> None:
        windows = self._windows
        for _ in range(_SWEPT_PER_CALL):
            key = next(iter(windows), None)
            if key is None:
                return
            if windows[key].idle_from_ns <= now_ns:
                del windows[key]
            else:
                windows.move_to_end(key)


class _SlidingWindow:
    """The times of the calls that still count, oldest first; a call of cost n is n entries.

    Never more than `limit` entries: with `limit` newer ones in the window, an older one cannot change an
    answer.
    """

    __slots__ = ("_limit", "_refused_calls_count", "_times", "_window_ns", "idle_from_ns")

    def __init__(self, rule: RateRule) -> None:
        self._limit = rule.limit
        self._window_ns = rule.window_ns
        self._refused_calls_count = rule.refused_calls_count
        self._times: deque[int] = deque(maxlen=rule.limit)
        self.idle_from_ns = 0

    def admit(self, now_ns: int, cost: int) -> Verdict:
        times, window_ns = self._times, self._window_ns
        expired_at = now_ns - window_ns
        while times and times[0] <= expired_at:
            times.popleft()
        remaining = self._limit - len(times)
        if cost <= remaining:
            self._count(now_ns, cost)
            return Verdict(True, remaining - cost, 0)
        if self._refused_calls_count:
            self._count(now_ns, min(cost, self._limit))
            remaining = self._limit - len(times)
        if cost > self._limit:
            return Verdict(False, remaining, window_ns)
        return Verdict(False, remaining, times[cost - remaining - 1] + window_ns - now_ns)

    def _count(self, now_ns: int, cost: int) -> None:
        if cost == 1:
            self._times.append(now_ns)
        else:
            self._times.extend([now_ns] * cost)
        self.idle_from_ns = now_ns + self._window_ns


class _FixedWindow:
    """The calls of the current window."""

    __slots__ = ("_limit", "_refused_calls_count", "_used", "_window_ns", "idle_from_ns")

    def __init__(self, rule: RateRule) -> None:
        self._limit = rule.limit
        self._window_ns = rule.window_ns
        self._refused_calls_count = rule.refused_calls_count
        self._used = 0
        self.idle_from_ns = 0  # the end of the current window

    def admit(self, now_ns: int, cost: int) -> Verdict:
        if now_ns >= self.idle_from_ns:
            self._used = 0
            self.idle_from_ns = (now_ns // self._window_ns + 1) * self._window_ns
        remaining = self._limit - self._used
        if cost <= remaining:
            self._used += cost
            return Verdict(True, remaining - cost, 0)
        if self._refused_calls_count:
            self._used = min(self._used + cost, self._limit)
            remaining = self._limit - self._used
        retry_after_ns = self._window_ns if cost > self._limit else self.idle_from_ns - now_ns
        return Verdict(False, remaining, retry_after_ns)
