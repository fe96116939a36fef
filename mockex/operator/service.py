"""What goes wrong with the venue's service, on purpose: planned faults, maintenance, switched-off routes, the venue's own
conditions (flags).
"""

from __future__ import annotations

from typing import TypedDict

from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.operator.words import the_account
from mockex.simulation import Simulation
from mockex.wire.chaos.actions import Action
from mockex.wire.chaos.reading import FaultPlanError
from mockex.wire.chaos.rules import Rule
from mockex.wire.routing import Route

MAX_TIMES = 1_000_000

SOCKET = "WS"
"""Stands in a planned fault for the method that requests on a WebSocket do not have."""


class FaultView(TypedDict):
    """`message`: what the venue says with this code; braces stand for details of a call. `times`: how often still."""

    code: str
    message: str
    times: int
    method: str | None
    path: str | None
    account: str | None
    executed: bool


class ErrorView(TypedDict):
    """One row of the venue's error table, as a planned fault may ask for it."""

    code: str
    status: int
    message: str


class FlagView(TypedDict):
    """A condition that the venue knows: what it does, and whether it is on. Of an account if `per_account`."""

    flag: str
    help: str
    per_account: bool
    on: bool


class RouteView(TypedDict):
    """`permission`: what a key needs, None for a public route."""

    method: str
    path: str
    permission: str | None
    open: bool


def list_errors(simulation: Simulation) -> list[ErrorView]:
    return [
        ErrorView(code=code, status=error.status, message=error.message)
        for code, error in simulation.venue.errors_by_code.items()
    ]


def plan_fault(
    simulation: Simulation,
    *,
    code: str,
    method: str | None = None,
    path: str | None = None,
    account: str | None = None,
    times: int = 1,
    executed: bool = False,
) -> FaultView:
    """The next `times` matching calls answer the venue's error `code`; `executed` ones are carried out all the same.

    `path` is a route's template or a path that it serves; with the method "WS" the name of an operation on a WebSocket.
    OperatorError if the venue has no such code, NotFoundError if no route matches: a fault that can never happen is a mistake.
    """
    if code not in simulation.venue.errors_by_code:
        raise OperatorError(f"{simulation.venue.name} has no error code {code!r}; {_some_codes(simulation)}")
    if not 1 <= times <= MAX_TIMES:
        raise OperatorError(f"times is 1 to {MAX_TIMES}, not {times}")
    if account is not None:
        the_account(simulation, account)
    method = None if method is None else method.upper()
    if method == SOCKET:
        place = {"operation": path or "*"}
    else:
        place = {"route": f"{method or '*'} {_template(simulation, method, path) or '*'}"}
    if account is not None:
        place["account"] = account
    rule = {
        "where": place,
        "when": {"times": times},
        "what": {"action": Action.ERROR.value, "code": code, "executed": executed},
    }
    try:
        (made,) = simulation.desk.chaos.add([rule], seed=0, shorthand=True).rules
    except FaultPlanError as mistake:
        raise OperatorError(str(mistake)) from None
    return _fault_view(simulation, made)


def list_faults(simulation: Simulation) -> list[FaultView]:
    """Those still to come, in the order in which they are tried. Rules that were planned otherwise are not among them."""
    return [_fault_view(simulation, rule) for rule in simulation.desk.chaos.rules if rule.shorthand]


def clear_faults(simulation: Simulation) -> list[FaultView]:
    """Forgets everything that was planned to go wrong, and gives what was left of these faults."""
    left = list_faults(simulation)
    simulation.desk.chaos.clear()
    return left


def set_maintenance(simulation: Simulation, *, on: bool) -> bool:
    """Maintenance as the venue has it: some close their doors, others only stop trading."""
    simulation.desk.in_maintenance = on
    return on


def list_flags(simulation: Simulation, account: str | None = None) -> list[FlagView]:
    """The venue's own conditions, or those that an account may be in. NotFoundError if there is no such account."""
    desk = simulation.desk
    if account is None:
        known, on = simulation.venue.flags, desk.flags
    else:
        the_account(simulation, account)
        known, on = simulation.venue.account_flags, desk.account_flags.get(account, set())
    return [FlagView(flag=flag, help=text, per_account=account is not None, on=flag in on) for flag, text in known.items()]


def set_flag(simulation: Simulation, flag: str, *, on: bool, account: str | None = None) -> list[FlagView]:
    """Puts the venue, or one account, into a condition that the venue knows, or out of it. OperatorError lists those."""
    flags = list_flags(simulation, account)
    known = [view["flag"] for view in flags]
    if flag not in known:
        whose = simulation.venue.name if account is None else f"an account of {simulation.venue.name}"
        raise OperatorError(f"{whose} has no flag {flag!r}; it has {', '.join(known) or 'none'}")
    desk = simulation.desk
    active = desk.flags if account is None else desk.account_flags.setdefault(account, set())
    if on:
        active.add(flag)
    else:
        active.discard(flag)
    return list_flags(simulation, account)


def list_routes(simulation: Simulation) -> list[RouteView]:
    return [_route_view(simulation, route) for route in simulation.venue.routes.routes]


def set_route(simulation: Simulation, *, path: str, open_: bool, method: str | None = None) -> list[RouteView]:
    """Switches the routes of a path on or off, of one method or of all. NotFoundError if there is none."""
    routes = _routes_at(simulation, path, None if method is None else method.upper())
    closed = simulation.desk.closed_routes
    for route in routes:
        if open_:
            closed.discard((route.method, route.path))
        else:
            closed.add((route.method, route.path))
    return [_route_view(simulation, route) for route in routes]


def _routes_at(simulation: Simulation, path: str, method: str | None) -> list[Route]:
    """Every route of a template, or of a path that a template serves; at least one, all of one template."""
    table = simulation.venue.routes
    at_path = [route for route in table.routes if route.path == path]
    if not at_path:
        matches = [table.find(each, path) for each in table.methods(path)]
        at_path = [match.route for match in matches if match is not None]
    routes = [route for route in at_path if method in (None, route.method)]
    if not routes:
        methods = ", ".join(route.method for route in at_path)
        known = f"it takes {methods}" if methods else "list the routes for those it has"
        raise NotFoundError(f"{simulation.venue.name} has no route {method or ''} {path}; {known}".replace("  ", " "))
    return routes


def _template(simulation: Simulation, method: str | None, path: str | None) -> str | None:
    """The template of a path, None for any path. NotFoundError if no route can meet the fault."""
    if path is not None:
        return _routes_at(simulation, path, method)[0].path
    methods = {route.method for route in simulation.venue.routes.routes}
    if method is not None and method not in methods:
        raise NotFoundError(f"{simulation.venue.name} has no route of method {method}; it has {', '.join(sorted(methods))}")
    return None


def _some_codes(simulation: Simulation) -> str:
    """Enough to see what this venue's codes look like; there may be hundreds."""
    codes = list(simulation.venue.errors_by_code)
    return f"its {len(codes)} codes run from {codes[0]} to {codes[-1]}" if codes else "it has none"


def _fault_view(simulation: Simulation, rule: Rule) -> FaultView:
    place, code = rule.given["where"], str(rule.arguments["code"])
    if "operation" in place:
        method, path = SOCKET, place["operation"]
    else:
        method, _, path = str(place["route"]).partition(" ")
    return FaultView(
        code=code,
        message=simulation.venue.errors_by_code[code].message,
        times=(rule.when.times or 0) - rule.fired,
        method=None if method == "*" else method,
        path=None if path == "*" else str(path),
        account=rule.where.account_id,
        executed=bool(rule.arguments["executed"]),
    )


def _route_view(simulation: Simulation, route: Route) -> RouteView:
    return RouteView(
        method=route.method,
        path=route.path,
        permission=None if route.permission is None else route.permission.name.lower(),
        open=(route.method, route.path) not in simulation.desk.closed_routes,
    )
