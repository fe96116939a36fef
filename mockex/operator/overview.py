"""A world at a glance, and the check that nothing in it is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from mockex.core import invariants
from mockex.operator.refusals import OperatorError
from mockex.operator.words import Amount, amount
from mockex.simulation import Simulation
from mockex.wire.decimals import DecimalError, exact_units
from mockex.wire.timestamps import iso_ms

if TYPE_CHECKING:
    from mockex.world import SimulatedWorld

LATEST_NS = 2**63 - 1  # the year 2262: later times do not fit what many clients keep nanoseconds in
_NS_DECIMALS = 9


class VenueView(TypedDict):
    title: str
    source: str
    profile: str
    switches: dict[str, object]
    limits_enabled: bool
    in_maintenance: bool
    flags: list[str]
    instruments: int
    accounts: int
    live_orders: int
    connections: int
    planned_faults: int
    closed_routes: int


class WorldView(TypedDict):
    """`now_ns` is text: it is too long for a JSON reader that makes doubles of numbers."""

    now: str
    now_ns: str
    start: str
    seed: int
    market: str
    venues: dict[str, VenueView]


class InvariantsView(TypedDict):
    """`digest`: equal for venues in equal states."""

    ok: bool
    violations: list[str]
    digest: str


def world_state(world: SimulatedWorld) -> WorldView:
    now_ns = world.clock.now_ns()
    return WorldView(
        now=iso_ms(now_ns),
        now_ns=str(now_ns),
        start=iso_ms(world.settings.start_ns),
        seed=world.settings.seed,
        market=world.settings.market,
        venues={name: venue_state(simulation) for name, simulation in world.simulations.items()},
    )


def venue_state(simulation: Simulation) -> VenueView:
    desk, exchange = simulation.desk, simulation.desk.exchange
    return VenueView(
        title=simulation.venue.title,
        source=simulation.venue.source,
        profile=desk.settings.profile,
        switches=dict(desk.settings.switches),
        limits_enabled=desk.settings.limits_enabled,
        in_maintenance=desk.in_maintenance,
        flags=sorted(desk.flags),
        instruments=len(exchange.markets),
        accounts=len(exchange.accounts),
        live_orders=sum(1 for _ in exchange.orders.live_orders()),
        connections=len(simulation.connections),
        planned_faults=len(desk.chaos.rules),
        closed_routes=len(desk.closed_routes),
    )


def check_invariants(simulation: Simulation) -> InvariantsView:
    """O(everything)."""
    violations = invariants.violations(simulation.desk.exchange)
    return InvariantsView(ok=not violations, violations=violations, digest=invariants.digest(simulation.desk.exchange))


def seconds_ns(seconds: Amount) -> int:
    """Seconds in nanoseconds. OperatorError for what is finer."""
    try:
        return exact_units(amount(seconds, "seconds"), _NS_DECIMALS)
    except DecimalError:
        raise OperatorError("the clock counts whole nanoseconds") from None


def check_advance(delta_ns: int, now_ns: int) -> None:
    """OperatorError for a way that no clock goes: backwards, or past the year 2262."""
    if delta_ns < 0:
        raise OperatorError("time does not go back; reset the world instead")
    if now_ns + delta_ns > LATEST_NS:
        raise OperatorError(f"time ends at {iso_ms(LATEST_NS)}")
