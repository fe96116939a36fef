"""Faults of WebSockets: upgrades that are refused, operations that fail, connections that stall or close.

Owns which connections are stalled. Knows no venue: the venue names the operation and says how it is carried out. Nothing is cut
here: a connection that is to be cut is closed with the code 1006, and whoever writes to its socket knows what that means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mockex.core.clock import Timer, VirtualClock
from mockex.wire.chaos.actions import Action, Occasion
from mockex.wire.chaos.requests import gateway_page
from mockex.wire.chaos.rules import Rule, Scene
from mockex.wire.connections import CloseOrder
from mockex.wire.messages import Frame, WireResponse

if TYPE_CHECKING:
    from mockex.wire.chaos.plan import Chaos
    from mockex.wire.connections import Connection


class _Stall(NamedTuple):
    rule: Rule
    timer: Timer | None


class Stalls:
    """Connections on which nothing leaves."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._stalled: dict[Connection, _Stall] = {}

    def begin(self, rule: Rule, connection: Connection) -> None:
        """From now on, for as long as the rule says."""
        connection.stalled = True
        span_ns = rule.span_ns()
        timer = None if span_ns is None else self._clock.call_after(span_ns, lambda: self._end(connection))
        self._stalled[connection] = _Stall(rule, timer)

    def release(self, rule: Rule) -> None:
        """What that rule has stalled goes on."""
        for connection in [connection for connection, stall in self._stalled.items() if stall.rule is rule]:
            self._end(connection)

    def forget(self, connection: Connection) -> None:
        """The socket is gone."""
        stall = self._stalled.pop(connection, None)
        if stall is not None and stall.timer is not None:
            stall.timer.cancel()

    def _end(self, connection: Connection) -> None:
        self.forget(connection)
        connection.stalled = False
        connection.wake(connection)


def refusal(chaos: Chaos, socket_name: str) -> WireResponse | None:
    """What an upgrade is answered with instead; None: it may go on."""
    rule = chaos.strike(Scene(Occasion.UPGRADE, socket=socket_name))
    return None if rule is None else gateway_page(int(rule.arguments["status"]))


def meet_operation(chaos: Chaos, connection: Connection, operation: str, carry_out: Callable[[], None]) -> str | None:
    """Carries out a request on a socket, unless a rule says otherwise. The venue's code of a planned error, None if there is
    none: to be told after whatever the operation itself has said.
    """
    rule = chaos.strike(
        scene_of(connection, Occasion.OPERATION, operation=operation), connection=connection, idle=_nothing_to_stall(connection)
    )
    if rule is None:
        carry_out()
        return None
    match rule.action:
        case Action.ERROR:
            if rule.arguments["executed"]:
                carry_out()
            return str(rule.arguments["code"])
        case Action.CLOSE:
            if rule.arguments["before"]:
                connection.close(close_order(rule))
            else:
                connection.close_after = close_order(rule)
                carry_out()
        case Action.STALL:
            chaos.stalls.begin(rule, connection)
            carry_out()
        case _:
            raise AssertionError(f"{rule.action} meets no operation")
    return None


def meet_message(chaos: Chaos, connection: Connection, frame: Frame) -> None:
    """Sends a message that no fault of pushes keeps back, unless the connection stalls or closes over it."""
    channel = None if frame.push is None else frame.push.channel
    rule = None
    if not connection.stalled:
        rule = chaos.strike(scene_of(connection, Occasion.MESSAGE, channel=channel), connection=connection)
    if rule is None:
        connection.send(frame, checked=True)
    else:
        stop_over(chaos, rule, connection, frame)


def stop_over(chaos: Chaos, rule: Rule, connection: Connection, frame: Frame) -> None:
    """Stalls or closes the connection, with this message as the first that does not leave, or the last that does."""
    if rule.action is Action.STALL:
        chaos.stalls.begin(rule, connection)
        connection.send(frame, checked=True)
        return
    assert rule.action is Action.CLOSE, f"{rule.action} meets no message"
    if not rule.arguments["before"]:
        connection.send(frame, checked=True)
    connection.close(close_order(rule))


def close_order(rule: Rule) -> CloseOrder:
    return CloseOrder(int(rule.arguments["code"]), str(rule.arguments["reason"]))


def scene_of(connection: Connection, occasion: Occasion, *, operation: str | None = None, channel: str | None = None) -> Scene:
    """What concerns a connection, and so the account that has logged in on it."""
    credential = connection.credential
    return Scene(
        occasion,
        None if credential is None else credential.account_id,
        operation=operation,
        socket=connection.socket_name,
        channel=channel,
    )


def _nothing_to_stall(connection: Connection) -> Callable[[Rule], bool]:
    return lambda rule: rule.action is Action.STALL and connection.stalled
