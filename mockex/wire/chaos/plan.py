"""The fault plans of one venue: their rules, who is asked when, and what is told about them.

Owns the rules in the order in which they are tried. Knows no venue and no socket: the modules beside this one carry out what a
rule wants.

Invariants: all rules of a plan are added or none. Whenever something happens, every rule that matches counts it, and at most
one strikes: the first that is due. Conditions of the whole venue (`once` in the table of actions) strike besides. Without
rules, `active` is False and nobody asks.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from mockex.wire.chaos.actions import ACTIONS, Action, Occasion
from mockex.wire.chaos.conditions import Conditions
from mockex.wire.chaos.lag import Follower
from mockex.wire.chaos.pushes import PushLines
from mockex.wire.chaos.reading import FaultPlanError, RuleTerms, read_rule
from mockex.wire.chaos.requests import HeldReplies
from mockex.wire.chaos.rules import Rule, Scene
from mockex.wire.chaos.sockets import Stalls, meet_message
from mockex.wire.messages import Frame

if TYPE_CHECKING:
    from mockex.wire.connections import Connection
    from mockex.wire.desk import Desk
    from mockex.wire.recording import Noted

MAX_RULES = 1_000
MAX_STALE = 8  # each of them keeps a second exchange

MakeRng = Callable[[str], random.Random]
"""A fresh generator for a seed."""

_NO_RULES: Mapping[Occasion, tuple[Rule, ...]] = dict.fromkeys(Occasion, ())


@dataclass(slots=True, kw_only=True, eq=False)
class FaultPlan:
    """Rules that were planned together. `rules`: those that were not cleared."""

    seed: int
    made_ns: int
    rules: list[Rule] = field(default_factory=list)


class Chaos:
    """All fault plans of one desk. `active` is all that a bystander looks at."""

    def __init__(self, desk: Desk, make_rng: MakeRng) -> None:
        self.active = False
        self.plans: list[FaultPlan] = []
        self.corrupts = False
        """Whether a rule wants to know which pushes have a checksum."""
        self.replies = HeldReplies(desk.clock)
        self.lines = PushLines(self, desk)
        self.stalls = Stalls(desk.clock)
        self.conditions = Conditions(desk)
        self.followers: list[Follower] = []
        """Exchanges that lag behind, for stale reads; always the same list."""
        self._followers: dict[Rule, Follower] = {}
        self._desk = desk
        self._make_rng = make_rng
        self._asked = _NO_RULES
        self._numbered = 0

    # --- for whoever plans

    @property
    def rules(self) -> list[Rule]:
        """In the order in which they are tried."""
        return [rule for plan in self.plans for rule in plan.rules]

    def add(self, rules: Sequence[object], *, seed: int, shorthand: bool = False) -> FaultPlan:
        """Adds a plan of rules as their author wrote them. `FaultPlanError` if any of them cannot be; then none is added."""
        terms = self._read(rules)
        plan = FaultPlan(seed=seed, made_ns=self._desk.clock.now_ns())
        taken = {rule.name for rule in self.rules} | {each.name for each in terms}
        for each in terms:
            name = each.name or self._next_name(taken)
            plan.rules.append(
                Rule(
                    name=name,
                    action=each.action,
                    arguments=each.arguments,
                    occasions=each.occasions,
                    where=each.where,
                    when=each.when,
                    rng=self._make_rng(f"{seed}/{name}"),
                    made_ns=plan.made_ns,
                    given=each.given,
                    shorthand=shorthand,
                )
            )
        self.plans.append(plan)
        self._rearrange()
        for rule in plan.rules:
            if rule.action is Action.STALE:
                self._followers[rule] = Follower(self._desk, rule.span_ns() or 0)
                self.followers.append(self._followers[rule])
            if Occasion.MOMENT in rule.occasions:
                self.conditions.await_moment(rule, partial(self._strike_moment, rule))
        return plan

    def clear(self, name: str | None = None) -> None:
        """Takes away all rules, or the one of that name. What they held back leaves at once, and what they had begun ends."""
        gone = [rule for rule in self.rules if name in (None, rule.name)]
        self._remove(gone)
        for rule in gone:
            if rule in self._followers:
                self.followers.remove(self._followers.pop(rule))
            self.conditions.release(rule)
        self.replies.release(gone)
        for rule in gone:
            self.lines.release(rule)
            self.stalls.release(rule)

    def retire(self) -> None:
        """The world comes to an end: who waits for a reply gets none, and who was stalled may be told."""
        self.replies.cut_all()
        self.clear()

    def _read(self, rules: Sequence[object]) -> list[RuleTerms]:
        if not rules:
            raise FaultPlanError("a plan has at least one rule")
        if len(self.rules) + len(rules) > MAX_RULES:
            raise FaultPlanError(f"{self._desk.venue.name} takes {MAX_RULES} rules at a time; clear some first")
        terms = self._read_each(rules)
        stale = len(self.followers) + sum(each.action is Action.STALE for each in terms)
        if stale > MAX_STALE:
            raise FaultPlanError(f"{self._desk.venue.name} takes {MAX_STALE} rules for stale reads at a time; clear some first")
        return terms

    def _read_each(self, rules: Sequence[object]) -> list[RuleTerms]:
        terms: list[RuleTerms] = []
        taken = {rule.name for rule in self.rules}
        for number, rule in enumerate(rules, 1):
            try:
                each = read_rule(self._desk, rule)
                if each.name in taken:
                    raise FaultPlanError(f"there is a rule called {each.name!r} already")
            except FaultPlanError as mistake:
                raise FaultPlanError(f"rule {number}: {mistake}" if len(rules) > 1 else str(mistake)) from None
            if each.name is not None:
                taken.add(each.name)
            terms.append(each)
        return terms

    def _next_name(self, taken: Container[str | None]) -> str:
        """f1, f2, ..., each given once; never one that is taken."""
        while True:
            self._numbered += 1
            name = f"f{self._numbered}"
            if name not in taken:
                return name

    def _remove(self, gone: Sequence[Rule]) -> None:
        for plan in self.plans:
            plan.rules = [rule for rule in plan.rules if rule not in gone]
        self.plans = [plan for plan in self.plans if plan.rules]
        self._rearrange()

    def _rearrange(self) -> None:
        rules = self.rules
        self.active = bool(rules)
        self.corrupts = any(rule.action is Action.CORRUPT_CHECKSUM for rule in rules)
        self._asked = {occasion: tuple(rule for rule in rules if occasion in rule.occasions) for occasion in Occasion}
        for connection in self._desk.connections:
            self.watch(connection)

    # --- for whoever carries faults out

    def stale_desk(self, rule: Rule) -> Desk:
        """The desk as a stale read is to see it."""
        return self._followers[rule].view()

    def watch(self, connection: Connection) -> None:
        """Looks at what is sent on a connection from now on, if any rule wants that."""
        asked = self._asked
        connection.guard = self._meet_frame if asked[Occasion.PUSH] or asked[Occasion.MESSAGE] else None

    def forget(self, connection: Connection) -> None:
        """The socket is gone."""
        self.lines.forget(connection)
        self.stalls.forget(connection)

    def _meet_frame(self, connection: Connection, frame: Frame) -> None:
        if frame.push is None:
            meet_message(self, connection, frame)
        else:
            self.lines.meet(connection, frame, frame.push)

    def _strike_moment(self, rule: Rule) -> None:
        rule.matched += 1
        self._fire(rule, Scene(Occasion.MOMENT), None, None)

    def strike(
        self,
        scene: Scene,
        *,
        on: Noted | None = None,
        connection: Connection | None = None,
        idle: Callable[[Rule], bool] | None = None,
    ) -> Rule | None:
        """The rule that strikes at what is about to happen. `idle`: whether a rule would have no effect; then it does not.

        The fault is noted in the recording, with the request or connection that it met.
        """
        now_ns, exchange = self._desk.clock.now_ns(), self._desk.exchange
        found: Rule | None = None
        for rule in self._asked[scene.occasion]:
            if not rule.strikes(scene, exchange, now_ns):
                continue
            if ACTIONS[rule.action].once:
                self._fire(rule, scene, on, connection)
            elif found is None and not (idle is not None and idle(rule)):
                found = rule
        if found is not None:
            self._fire(found, scene, on, connection)
        return found

    def _fire(self, rule: Rule, scene: Scene, on: Noted | None, connection: Connection | None) -> None:
        rule.fired += 1
        self._desk.recorder.fault(
            rule=rule.name,
            what=rule.action.value,
            on=on,
            connection_id=None if connection is None else connection.connection_id,
            channel=scene.channel,
        )
        if ACTIONS[rule.action].once:
            self.conditions.begin(rule)
        if rule.shorthand and rule.is_spent:
            self._remove([rule])
