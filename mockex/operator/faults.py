"""Fault plans as an operator makes, lists and clears them, and the list of what a fault may do.

Owns how a plan is shown. What a rule means is the business of `mockex.wire.chaos`, whose table of actions is listed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.simulation import Simulation
from mockex.wire.chaos.actions import ACTIONS
from mockex.wire.chaos.plan import FaultPlan
from mockex.wire.chaos.reading import FaultPlanError, places_of
from mockex.wire.chaos.rules import Rule


class RuleView(TypedDict):
    """`where`, `when` and `what` as they were planned; `matched`: how often it met something, `fired`: struck."""

    name: str
    where: Mapping[str, object]
    when: Mapping[str, object]
    what: Mapping[str, object]
    matched: int
    fired: int


class PlanView(TypedDict):
    """Rules that were planned together. `made_ns`: virtual time as text, which their spans count from."""

    venue: str
    seed: int
    made_ns: str
    rules: list[RuleView]


class ArgumentView(TypedDict):
    """`default` None: left out, it has no value."""

    name: str
    help: str
    required: bool
    default: bool | int | str | None


class FaultActionView(TypedDict):
    """`where`: what may narrow a rule with this action."""

    action: str
    help: str
    where: list[str]
    arguments: list[ArgumentView]


def plan(simulation: Simulation, rules: Sequence[object], *, seed: int = 1) -> PlanView:
    """Adds rules to what is planned already: all of them, or none if one cannot be (OperatorError)."""
    try:
        made = simulation.desk.chaos.add(rules, seed=seed)
    except FaultPlanError as mistake:
        raise OperatorError(str(mistake)) from None
    return _plan_view(simulation, made)


def list_plans(simulation: Simulation) -> list[PlanView]:
    """In the order in which their rules are tried."""
    return [_plan_view(simulation, made) for made in simulation.desk.chaos.plans]


def clear(simulation: Simulation, rule: str | None = None) -> None:
    """Takes away one rule, or all. What they hold back leaves at once, and what they have begun ends.

    NotFoundError if there is no such rule.
    """
    chaos = simulation.desk.chaos
    if rule is not None and all(each.name != rule for each in chaos.rules):
        known = ", ".join(each.name for each in chaos.rules) or "none"
        raise NotFoundError(f"{simulation.venue.name} has no fault rule {rule[:64]!r}; it has {known}")
    chaos.clear(rule)


def list_actions() -> list[FaultActionView]:
    """Everything that a fault may do, at any venue."""
    return [
        FaultActionView(
            action=action.value,
            help=spec.help,
            where=places_of(spec),
            arguments=[
                ArgumentView(name=name, help=argument.help, required=argument.required, default=argument.default)
                for name, argument in spec.takes.items()
            ],
        )
        for action, spec in ACTIONS.items()
    ]


def rule_view(rule: Rule) -> RuleView:
    return RuleView(
        name=rule.name,
        where=rule.given["where"],
        when=rule.given["when"],
        what=rule.given["what"],
        matched=rule.matched,
        fired=rule.fired,
    )


def _plan_view(simulation: Simulation, made: FaultPlan) -> PlanView:
    return PlanView(
        venue=simulation.venue.name,
        seed=made.seed,
        made_ns=str(made.made_ns),
        rules=[rule_view(rule) for rule in made.rules],
    )
