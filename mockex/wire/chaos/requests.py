"""Faults of requests over HTTP: what a rule makes of a call that the venue would have carried out.

Owns replies that are held back. Knows no socket: a `Reply` says what is to be done with the connection, and the server does it.
Invariant: a reply is settled exactly once, with a response or with a cut, also when its rule is cleared or its world ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING

from mockex.core.clock import Timer, VirtualClock
from mockex.wire.chaos.actions import Action, Occasion
from mockex.wire.chaos.rules import Rule, Scene
from mockex.wire.faults import ApiFault, FaultKind, PlannedFailure
from mockex.wire.messages import WireResponse

if TYPE_CHECKING:
    from mockex.wire.pipeline import Call

Run = Callable[[], WireResponse]


class Cut(Enum):
    """How a connection ends on which no reply is sent."""

    RESET = auto()
    CLOSED = auto()


class Reply:
    """What becomes of one request. Settled, it has a `response`, a `cut`, or both: a response that gets lost.

    `after_pushes`: it leaves after the pushes that wait to be sent. `delayed`: it leaves later than it was asked for.
    """

    __slots__ = ("_deliver", "after_pushes", "cut", "delayed", "response")

    def __init__(self) -> None:
        self.response: WireResponse | None = None
        self.cut: Cut | None = None
        self.after_pushes = False
        self.delayed = False
        self._deliver: Callable[[Reply], None] | None = None

    @classmethod
    def of(cls, response: WireResponse) -> Reply:
        """One that can be sent at once."""
        reply = cls()
        reply.response = response
        return reply

    @property
    def is_settled(self) -> bool:
        return self.response is not None or self.cut is not None

    def settle(self, response: WireResponse | None = None, *, cut: Cut | None = None) -> None:
        """With a response or a cut; with both the response is lost."""
        assert not self.is_settled
        assert response is not None or cut is not None
        self.response, self.cut = response, cut
        if self._deliver is not None:
            self._deliver(self)

    def when_settled(self, deliver: Callable[[Reply], None]) -> None:
        """Calls `deliver` with this reply once it is settled, maybe at once. In a timer of the world, so it may not wait."""
        if self.is_settled:
            deliver(self)
        else:
            self._deliver = deliver


class _Held:
    """A reply that waits for its time. `finish` gives the response, and may carry out the request to get it."""

    __slots__ = ("finish", "reply", "rule", "timer")

    def __init__(self, rule: Rule, reply: Reply, finish: Run) -> None:
        self.rule = rule
        self.reply = reply
        self.finish = finish
        self.timer: Timer | None = None


class HeldReplies:
    """Replies that wait for virtual time to pass."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._held: dict[_Held, None] = {}

    def __len__(self) -> int:
        return len(self._held)

    def hold(self, rule: Rule, reply: Reply, finish: Run) -> None:
        """Settles `reply` with what `finish` gives once the rule's time is over."""
        held = _Held(rule, reply, finish)
        self._held[held] = None
        reply.delayed = True
        held.timer = self._clock.call_after(rule.span_ns() or 0, lambda: self._finish(held))

    def release(self, rules: Collection[Rule]) -> None:
        """What those rules hold back leaves at once, in the order in which it was asked for."""
        for held in [held for held in self._held if held.rule in rules]:
            self._finish(held)

    def cut_all(self) -> None:
        """Nobody gets a reply any more, and what was not carried out yet never is."""
        waiting, self._held = self._held, {}
        for held in waiting:
            self._stop(held)
            held.reply.settle(cut=Cut.RESET)

    def _finish(self, held: _Held) -> None:
        del self._held[held]
        self._stop(held)
        try:
            response = held.finish()
        except Exception:
            held.reply.settle(cut=Cut.RESET)  # nobody is left waiting when venue code fails, and whoever runs the timer says so
            raise
        held.reply.settle(response)

    def _stop(self, held: _Held) -> None:
        if held.timer is not None:
            held.timer.cancel()


def meet(call: Call, carry_out: Run, render: Callable[[ApiFault], WireResponse]) -> Reply:
    """What becomes of a call that has passed the venue's stages. `carry_out` gives its answer, or the venue's refusal."""
    route, credential, desk = call.route, call.authenticated, call.desk
    assert route is not None, "no stage has found the route"
    account_id = None if credential is None else credential.account_id
    rule = desk.chaos.strike(Scene(Occasion.REQUEST, account_id, route), on=call.noted)
    if rule is None:
        return Reply.of(carry_out())
    reply = Reply()
    if rule.arguments.get("executed"):
        carry_out()  # whatever the call's own answer is, the planned one takes its place
    match rule.action:
        case Action.ERROR:
            reply.settle(render(PlannedFailure(str(rule.arguments["code"]))))
        case Action.HTTP_ERROR:
            page = rule.arguments.get("body")
            reply.settle(gateway_page(int(rule.arguments["status"]), None if page is None else str(page)))
        case Action.RATE_LIMITED:
            reply.settle(render(ApiFault(FaultKind.RATE_LIMITED)))
        case Action.RESET:
            reply.settle(cut=Cut.RESET)
        case Action.LOSE_REPLY:
            reply.settle(carry_out(), cut=Cut.CLOSED)
        case Action.REPLY_AFTER_PUSH:
            reply.after_pushes = True
            reply.settle(carry_out())
        case Action.STALE:
            call.desk = desk.chaos.stale_desk(rule)
            try:
                reply.settle(carry_out())
            finally:
                call.desk = desk
        case Action.DELAY:
            response = carry_out()
            desk.chaos.replies.hold(rule, reply, lambda: response)
        case Action.DELAY_BEFORE:
            desk.chaos.replies.hold(rule, reply, carry_out)
        case _:
            raise AssertionError(f"{rule.action} meets no request")
    return reply


def gateway_page(status: int, page: str | None = None) -> WireResponse:
    """What stands in front of a venue says when the venue itself does not answer."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Error"
    if page is None:
        title = f"{status} {phrase}"
        page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center></body>\r\n</html>\r\n"
    return WireResponse(status, page.encode("utf-8"), content_type="text/html")
