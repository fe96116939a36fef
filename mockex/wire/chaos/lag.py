"""Stale reads: a second exchange that follows the first one at a distance.

Owns the followers. A follower begins as a fork of the exchange when its rule is planned and is fed the same commands that much
virtual time later, at the very times at which they were carried out: ids, timestamps and candles are those of then.
Without such a rule there is no follower, and the exchange is not even asked.
Invariant: a follower never gets ahead of its distance, nor behind when it is read; it keeps only the commands in between.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from mockex.core.clock import VirtualClock
from mockex.core.commands import Command, OpenAccount
from mockex.core.exchange import Exchange

if TYPE_CHECKING:
    from mockex.wire.desk import Desk


class Follower:
    """One exchange as it was `lag_ns` ago; until that much time has passed, as it was when this began."""

    def __init__(self, desk: Desk, lag_ns: int) -> None:
        """O(everything in the exchange)."""
        self._desk = desk
        self._lag_ns = lag_ns
        self._clock = VirtualClock(desk.clock.now_ns())
        self._exchange: Exchange = desk.exchange.fork(clock=self._clock, schedule=_nothing)
        self._commands: deque[tuple[int, Command]] = deque()

    def follow(self, command: Command) -> None:
        """A command was carried out just now."""
        now_ns = self._desk.clock.now_ns()
        if isinstance(command, OpenAccount):  # at once: whoever reads must be known, even if nothing else is yet
            self._exchange.execute(command)
        else:
            self._commands.append((now_ns, command))
        self._catch_up(now_ns)

    def view(self) -> Desk:
        """The desk with the exchange, and its clock, of then. Everything else about it is of now."""
        self._catch_up(self._desk.clock.now_ns())
        return self._desk.with_exchange(self._exchange)

    def _catch_up(self, now_ns: int) -> None:
        target_ns = now_ns - self._lag_ns
        commands = self._commands
        while commands and commands[0][0] <= target_ns:
            time_ns, command = commands.popleft()
            self._clock.advance_to(time_ns)
            self._exchange.execute(command)
        self._clock.advance_to(target_ns)  # does nothing while that lies before the beginning


def _nothing(due_ns: int, command: Command) -> None:
    """What the exchange wants done later reaches the follower as the command that the first one is given."""
