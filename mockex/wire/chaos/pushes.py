"""Faults of pushes: lost, doubled, swapped, late and with a wrong checksum, on one connection at a time.

Owns what is held back, a line for each channel of each connection. Invariants: a line keeps its order, apart from the one push
that a rule has swapped with its successor; what is held leaves when it is due, when its rule is cleared, or never if its socket
is gone first. A line holds no more than MAX_HELD pushes: then the oldest leave early.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from mockex.core.clock import Timer
from mockex.wire.chaos.actions import Action, Occasion
from mockex.wire.chaos.rules import Rule
from mockex.wire.chaos.sockets import meet_message, scene_of, stop_over
from mockex.wire.messages import Frame, Push

if TYPE_CHECKING:
    from mockex.wire.chaos.plan import Chaos
    from mockex.wire.connections import Connection
    from mockex.wire.desk import Desk

MAX_HELD = 10_000


class _Held:
    """A push that waits. `rule` None: only for those before it."""

    __slots__ = ("due_ns", "frame", "rule")

    def __init__(self, frame: Frame, rule: Rule | None, due_ns: int) -> None:
        self.frame = frame
        self.rule = rule
        self.due_ns = due_ns


class _Line:
    """One channel on one connection. `swapped` leaves behind the next push."""

    __slots__ = ("connection", "held", "swapped", "timer")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.held: deque[_Held] = deque()
        self.swapped: _Held | None = None
        self.timer: Timer | None = None

    @property
    def is_free(self) -> bool:
        return not self.held and self.swapped is None


class PushLines:
    """All pushes that are held back."""

    def __init__(self, chaos: Chaos, desk: Desk) -> None:
        self._chaos = chaos
        self._desk = desk
        self._lines: dict[Connection, dict[str, _Line]] = {}

    def meet(self, connection: Connection, frame: Frame, push: Push) -> None:
        """Sends a push, unless a rule says otherwise."""
        line = self._lines.get(connection, {}).get(push.channel) or _Line(connection)
        wrong = self._with_wrong_checksum(connection, frame, push)
        scene = scene_of(connection, Occasion.PUSH, channel=push.channel)._replace(
            opening=push.opening, event=self._desk.hub.cause, has_checksum=wrong is not None
        )

        def idle(rule: Rule) -> bool:
            """Two pushes are swapped with each other, not each with the next. A stalled connection stalls no further."""
            if rule.action is Action.REORDER:
                return line.swapped is not None
            return rule.action is Action.STALL and connection.stalled

        rule = self._chaos.strike(scene, connection=connection, idle=idle)
        action = None if rule is None else rule.action
        if rule is None or action is Action.DELAY:
            self._send(line, push.channel, (frame,), rule)
        elif action is Action.DUPLICATE:
            self._send(line, push.channel, (frame, frame))
        elif action is Action.CORRUPT_CHECKSUM:
            assert wrong is not None
            self._send(line, push.channel, (wrong,))
        elif action is Action.REORDER:
            line.swapped = _Held(frame, rule, 0)
            self._keep(line, push.channel)
        elif action is not Action.DROP:
            stop_over(self._chaos, rule, connection, frame)

    def release(self, rule: Rule) -> None:
        """What that rule holds back leaves at once, in order, with what waits behind it."""
        for lines in list(self._lines.values()):
            for channel, line in list(lines.items()):
                if line.swapped is not None and line.swapped.rule is rule:
                    swapped, line.swapped = line.swapped, None
                    line.held.append(_Held(swapped.frame, None, 0))
                for held in line.held:
                    if held.rule is rule:
                        held.due_ns = 0
                self._run(line, channel)

    def left(self, connection: Connection, channel: str) -> None:
        """The connection reads that channel no more: there is no next push to come before a swapped one."""
        line = self._lines.get(connection, {}).get(channel)
        if line is not None:
            line.swapped = None
            self._forget_if_free(line, channel)

    def forget(self, connection: Connection) -> None:
        """The socket is gone."""
        for line in self._lines.pop(connection, {}).values():
            if line.timer is not None:
                line.timer.cancel()

    def _send(self, line: _Line, channel: str, frames: tuple[Frame, ...], delay: Rule | None = None) -> None:
        """At once, or behind what is held already. `delay`: the rule that keeps them back."""
        now_ns = self._desk.clock.now_ns()
        due_ns = now_ns + ((delay.span_ns() or 0) if delay is not None else 0)
        line.held.extend(_Held(frame, delay, due_ns) for frame in frames)
        if line.swapped is not None:
            line.held.append(_Held(line.swapped.frame, None, 0))
            line.swapped = None
        self._keep(line, channel)
        self._run(line, channel)

    def _run(self, line: _Line, channel: str) -> None:
        """Lets go of what is due, and comes back for the rest."""
        now_ns = self._desk.clock.now_ns()
        while line.held and (line.held[0].due_ns <= now_ns or len(line.held) > MAX_HELD):
            meet_message(self._chaos, line.connection, line.held.popleft().frame)
        due_ns = line.held[0].due_ns if line.held else None
        if line.timer is not None and line.timer.due_ns != due_ns:
            line.timer.cancel()
            line.timer = None
        if due_ns is not None and (line.timer is None or not line.timer.pending):
            line.timer = self._desk.clock.call_at(due_ns, lambda: self._run(line, channel))
        self._forget_if_free(line, channel)

    def _keep(self, line: _Line, channel: str) -> None:
        self._lines.setdefault(line.connection, {})[channel] = line

    def _forget_if_free(self, line: _Line, channel: str) -> None:
        if line.is_free:
            lines = self._lines.get(line.connection, {})
            lines.pop(channel, None)
            if not lines:
                self._lines.pop(line.connection, None)

    def _with_wrong_checksum(self, connection: Connection, frame: Frame, push: Push) -> Frame | None:
        """The push as `corrupt_checksum` would send it. None if it has no checksum, or no rule asks for it."""
        spec = self._desk.sockets[connection.socket_name]
        if not self._chaos.corrupts or spec.corrupt_checksum is None:
            return None
        payload = spec.corrupt_checksum(frame.message)
        return None if payload is None else spec.encode(payload).pushed(push)
