"""Virtual time: one clock and its timers. The only time that the core knows.

Owns the current instant and a heap of timers ordered by (due, sequence). Knows nothing of the wall clock:
somebody outside moves it with `advance_to`, a server in step with real time, a test as it likes.

Invariants:
- `now_ns` never moves back.
- Of two timers the one that is due first runs first; of two due together, the one that was scheduled first.
- A timer runs at most once, and never after it was cancelled.
- While a timer runs, `now_ns` is its due time, or the time it was scheduled at when that was already later.

Times are integer nanoseconds since 1970-01-01T00:00Z.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

# Below this many cancelled timers the heap is not swept: sweeping a few entries over and over gains nothing.
_SWEEP_FROM = 64


class Timer:
    """One scheduled call, as handed out by `VirtualClock.call_at`. Not built by hand."""

    __slots__ = ("_callback", "_clock", "due_ns")

    def __init__(self, *, due_ns: int, callback: Callable[[], None], clock: "VirtualClock") -> None:
        self.due_ns = due_ns
        self._callback: Callable[[], None] | None = callback
        self._clock = clock

    @property
    def pending(self) -> bool:
        """True until the timer runs or is cancelled."""
        return self._callback is not None

    def cancel(self) -> None:
        """Never run it. A timer that ran or was cancelled before stays as it is. Amortised O(1)."""
        if self._callback is None:
            return
        self._callback = None  # also lets go of whatever the callback holds on to
        self._clock._on_cancelled()

    def _take(self) -> Callable[[], None] | None:
        """The callback, once; None when the timer was cancelled."""
        callback, self._callback = self._callback, None
        return callback


class VirtualClock:
    """A clock that stands still until it is told to move."""

    __slots__ = ("_advancing", "_cancelled", "_heap", "_next_sequence", "_now_ns")

    def __init__(self, start_ns: int) -> None:
        self._now_ns = start_ns
        # Tuples, not timers: they compare in C. The sequence decides ties, so a timer is never compared.
        self._heap: list[tuple[int, int, Timer]] = []
        self._next_sequence = 0
        self._cancelled = 0  # how many entries of the heap are cancelled timers
        self._advancing = False

    def now_ns(self) -> int:
        """The current instant."""
        return self._now_ns

    @property
    def pending_count(self) -> int:
        """How many timers are still to run."""
        return len(self._heap) - self._cancelled

    @property
    def queued_count(self) -> int:
        """How many timers the heap holds, cancelled ones that await removal included."""
        return len(self._heap)

    def call_at(self, due_ns: int, callback: Callable[[], None]) -> Timer:
        """Run `callback` once the clock reaches `due_ns`. O(log n).

        A due time that is not in the future is allowed: the timer runs at the next advance, also at
        `advance_to(now)`, and before every timer that is due later.
        """
        timer = Timer(due_ns=due_ns, callback=callback, clock=self)
        heappush(self._heap, (due_ns, self._next_sequence, timer))
        self._next_sequence += 1
        return timer

    def call_after(self, delay_ns: int, callback: Callable[[], None]) -> Timer:
        """Run `callback` once `delay_ns` have passed. ValueError when the delay is negative."""
        if delay_ns < 0:
            raise ValueError(f"delay_ns {delay_ns} is negative")
        return self.call_at(self._now_ns + delay_ns, callback)

    def next_due_ns(self) -> int | None:
        """When the next timer is due: None without timers, in the past for an overdue one.

        Amortised O(log n): cancelled timers in front are removed on the way.
        """
        heap = self._heap
        while heap and not heap[0][2].pending:
            heappop(heap)
            self._cancelled -= 1
        return heap[0][0] if heap else None

    def advance_to(self, target_ns: int) -> None:
        """Move to `target_ns`, running every timer that is due by then, in order of (due, sequence).

        Timers that a callback schedules run too when they are due by the target. So a callback that schedules
        itself again must ask for a later time, or the clock never arrives.
        A target in the past does nothing: real time, which drives the clock of a server, may be set back.

        When a callback raises, the clock stops at that timer's due time: that timer is used up, the others
        stay scheduled and the next advance runs them.

        AssertionError when called from a timer's callback: time would move under the callback's feet.
        """
        if self._advancing:
            raise AssertionError("a timer's callback must not advance the clock")
        if target_ns < self._now_ns:
            return
        self._advancing = True
        try:
            self._run_due(target_ns)
        finally:
            self._advancing = False
        self._now_ns = target_ns

    def advance(self, delta_ns: int) -> None:
        """Move forward by `delta_ns`, like `advance_to`. ValueError when it is negative."""
        if delta_ns < 0:
            raise ValueError(f"delta_ns {delta_ns} is negative")
        self.advance_to(self._now_ns + delta_ns)

    def _run_due(self, target_ns: int) -> None:
        heap = self._heap
        while heap and heap[0][0] <= target_ns:
            due_ns, _, timer = heappop(heap)
            callback = timer._take()
            if callback is None:
                self._cancelled -= 1
                continue
            if due_ns > self._now_ns:
                self._now_ns = due_ns
            callback()

    def _on_cancelled(self) -> None:
        """Count a cancelled timer, and sweep once they are the majority.

        A sweep costs O(n) and comes after at least n/2 cancellations, so each of them pays O(1), and the heap
        never holds more than twice the pending timers (or `_SWEEP_FROM` besides them).
        """
        self._cancelled += 1
        if self._cancelled >= _SWEEP_FROM and self._cancelled * 2 > len(self._heap):
            # In place: an advance that is under way holds on to this very list.
            self._heap[:] = [entry for entry in self._heap if entry[2].pending]
            heapify(self._heap)
            self._cancelled = 0
