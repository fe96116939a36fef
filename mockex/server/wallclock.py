"""Real time, read in this one place, and how it drives a world's virtual clock.

While time runs, virtual now is real now plus an offset: the server calls `step` before it touches the world and `settle`
afterwards, and between requests an alarm rings when the next timer is due. Frozen, the clock moves only by `advance`.

Invariants: a world's time never goes back, whether the machine's clock is set back, frozen, resumed or advanced. A timer that
fails is logged and used up; the others run. Everything happens on the event loop's thread.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Literal, TypeAlias

from mockex.core.clock import VirtualClock

ClockMode: TypeAlias = Literal["real", "frozen"]
"""Whether a world's time follows real time or stands still until it is told to move."""

logger = logging.getLogger("mockex.server")

_NS_PER_SECOND = 1_000_000_000
_LONGEST_SLEEP_SECONDS = 60.0  # the machine's clock may be set forward while we wait
_FAILURES_PER_STEP = 100  # a timer that always fails and comes back at once must not hang the server


def real_now_ns() -> int:
    """Nanoseconds since 1970 by the machine's clock. Looked up at every call, so that a test may freeze it."""
    return time.time_ns()


def steady_ns() -> int:
    """Nanoseconds of a clock of the machine that never goes back, since nobody knows when."""
    return time.monotonic_ns()


class WorldTime:
    """Drives the clock of one world at a time; `drive` hands it the next one."""

    def __init__(self, *, read_ns: Callable[[], int] = real_now_ns) -> None:
        self._read_ns = read_ns
        self._clock = VirtualClock(0)
        self._move_to: Callable[[int], None] = self._clock.advance_to
        self._frozen = True
        self._offset_ns = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_due_ns = 0

    # --- for whoever operates the world

    @property
    def frozen(self) -> bool:
        return self._frozen

    def now_ns(self) -> int:
        """Virtual time, brought up to date."""
        self.step()
        return self._clock.now_ns()

    def freeze(self) -> None:
        """Time stands still from now on."""
        self.step()
        self._frozen = True
        self._silence()

    def resume(self) -> None:
        """Time runs on from where it stands."""
        if self._frozen:
            self._frozen = False
            self._offset_ns = self._clock.now_ns() - self._read_ns()
            self.settle()

    def advance(self, delta_ns: int) -> int:
        """Moves on by `delta_ns`, frozen or not, and runs what becomes due. The new time. ValueError if it is negative."""
        if delta_ns < 0:
            raise ValueError(f"time does not go back: {delta_ns} ns")
        self.step()
        if not self._frozen:
            self._offset_ns += delta_ns
        self._advance_to(self._clock.now_ns() + delta_ns)
        self.settle()
        return self._clock.now_ns()

    # --- for the server

    def drive(
        self,
        clock: VirtualClock,
        *,
        mode: ClockMode,
        since_ns: int,
        move_to: Callable[[int], None] | None = None,
    ) -> None:
        """Takes over a world's clock, which was right at real time `since_ns`: building a world takes a while.

        `move_to` is how the world wants its clock to be advanced; None: by the clock's own `advance_to`.
        """
        self._silence()
        self._clock = clock
        self._move_to = move_to or clock.advance_to
        self._frozen = mode == "frozen"
        self._offset_ns = clock.now_ns() - since_ns
        self.step()
        self.settle()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """From here on timers also run while no request comes."""
        self._loop = loop
        self.step()
        self.settle()

    def stop(self) -> None:
        """No timer runs any more."""
        self._loop = None
        self._silence()

    def step(self) -> None:
        """To call before the world is touched: brings it to the present."""
        if not self._frozen:
            self._advance_to(self._read_ns() + self._offset_ns)

    def settle(self) -> None:
        """To call after the world was touched: what is overdue runs, and the alarm is set for what comes next."""
        if self._frozen:
            self._advance_to(self._clock.now_ns())
            return
        due_ns = self._clock.next_due_ns()
        if due_ns is None or (self._alarm is not None and self._alarm_due_ns <= due_ns):
            return  # an alarm that rings early only looks again
        self._silence()
        if self._loop is not None:
            self._alarm_due_ns = due_ns
            delay = (due_ns - self._clock.now_ns()) / _NS_PER_SECOND
            self._alarm = self._loop.call_later(min(max(delay, 0.0), _LONGEST_SLEEP_SECONDS), self._ring)

    def _ring(self) -> None:
        self._alarm = None
        self.step()
        self.settle()

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _advance_to(self, target_ns: int) -> None:
        for _ in range(_FAILURES_PER_STEP):
            try:
                self._move_to(target_ns)
                return
            except Exception:
                logger.exception("a timer of the simulated world failed")
