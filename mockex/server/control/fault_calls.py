"""Control calls about fault plans, of any venue of the world."""

from __future__ import annotations

from mockex.operator import faults
from mockex.operator.refusals import NotFoundError
from mockex.server.control.fields import INTEGER, RULES, TEXT, required
from mockex.server.control.routes import ControlCall, ControlRoute
from mockex.simulation import Simulation


def plan_faults(call: ControlCall) -> object:
    (simulation,) = _venues(call)
    return faults.plan(simulation, call.values["rules"], seed=call.values.get("seed", 1))


def list_faults(call: ControlCall) -> object:
    return {"plans": [plan for simulation in _venues(call) for plan in faults.list_plans(simulation)]}


def clear_faults(call: ControlCall) -> object:
    """One rule is cleared wherever it is; the answer is what is left."""
    rule, simulations = call.values.get("rule"), _venues(call)
    if rule is not None:
        having = [each for each in simulations if any(known.name == rule for known in each.desk.chaos.rules)]
        if not having:
            raise NotFoundError(f"there is no fault rule {rule[:64]!r}; list the faults for those there are")
        simulations = having
    for simulation in simulations:
        faults.clear(simulation, rule)
    return list_faults(call)


def list_actions(call: ControlCall) -> object:
    return {"actions": faults.list_actions()}


def _venues(call: ControlCall) -> list[Simulation]:
    """The one that was named, or all. NotFoundError if the world has none of that name."""
    simulations, name = call.server.world.simulations, call.values.get("venue")
    if name is None:
        return list(simulations.values())
    if name not in simulations:
        raise NotFoundError(f"this world has no venue {name[:64]!r}; it has {', '.join(simulations)}")
    return [simulations[name]]


ROUTES = (
    ControlRoute("GET", "/faults", list_faults, "Fault plans, and how often each rule matched and fired.", {"venue": TEXT}),
    ControlRoute(
        "POST",
        "/faults",
        plan_faults,
        "Adds a seeded plan of faults: rules that say where, when and what goes wrong.",
        {"venue": required(TEXT), "seed": INTEGER, "rules": required(RULES)},
        status=201,
    ),
    ControlRoute(
        "DELETE",
        "/faults",
        clear_faults,
        "Clears all fault rules, or one. What they hold back leaves at once.",
        {"venue": TEXT, "rule": TEXT},
    ),
    ControlRoute("GET", "/faults/actions", list_actions, "What a fault may do, with its arguments."),
)
