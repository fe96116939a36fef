"""When a topic speaks that does not speak at every event: on the lines of a grid of virtual time.

Grids start at the epoch, so topics of one interval speak together. Knows nothing of what is said.
"""

from __future__ import annotations

from collections.abc import Callable

from mockex.core.clock import Timer, VirtualClock


class Cadence:
    """Runs `speak` on the next grid line after `mark`; marks until then count once. Without marks there is no timer."""

    __slots__ = ("_clock", "_interval_ns", "_marked", "_speak", "_stopped")

    def __init__(self, clock: VirtualClock, interval_ns: int, speak: Callable[[], None]) -> None:
        self._clock = clock
        self._interval_ns = interval_ns
        self._speak = speak
        self._marked = False
        self._stopped = False

    def mark(self) -> None:
        if not self._marked:
            self._marked = True
            self._clock.call_at(_next_line(self._clock.now_ns(), self._interval_ns), self._due)

    def stop(self) -> None:
        self._stopped = True

    def _due(self) -> None:
        self._marked = False
        if not self._stopped:
            self._speak()


class Metronome:
    """Runs `speak` on every grid line from `start` until `stop`, whether or not there is anything new."""

    __slots__ = ("_clock", "_interval_ns", "_speak", "_timer")

    def __init__(self, clock: VirtualClock, interval_ns: int, speak: Callable[[], None]) -> None:
        self._clock = clock
        self._interval_ns = interval_ns
        self._speak = speak
        self._timer: Timer | None = None

    def start(self) -> None:
        self._timer = self._clock.call_at(_next_line(self._clock.now_ns(), self._interval_ns), self._due)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _due(self) -> None:
        self.start()  # first, so that `speak` may stop it
        self._speak()


def _next_line(now_ns: int, interval_ns: int) -> int:
    return (now_ns // interval_ns + 1) * interval_ns
