"""A venue without a dialect, for tests of the mechanisms that venues share."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.clock import VirtualClock
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.policy import VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.units import Asset, Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.json import dumps
from mockex.wire.messages import WireRequest, WireResponse
from mockex.wire.pipeline import Call, Stage, find_route
from mockex.wire.routing import Route, RouteTable
from mockex.wire.venue import Listing, Venue

ERRORS = {kind: WireError(status=400, code=kind.name, message=f"{kind.name} {{field}}") for kind in (*FaultKind, *RejectReason)}
MS = 1_000_000


def render_fault(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
    """The code, and whether the route was known by then."""
    return WireResponse(
        error.status, dumps({"code": error.code, "text": error.text(fault.detail), "routed": call.route is not None})
    )


def make_venue(routes: Sequence[Route] = (), stages: Sequence[Stage] = (find_route,), **changes: Any) -> Venue:
    terms: dict[str, Any] = {
        "name": "plain",
        "title": "Plain",
        "source": "made up",
        "port_offset": 1,
        "routes": RouteTable(routes),
        "stages": tuple(stages),
        "sockets": {},
        "fallback_socket": None,
        "faults": ERRORS,
        "errors_by_code": {error.code: error for error in ERRORS.values()},
        "render_fault": render_fault,
        "assets": (Asset(code="AAA", decimals=8), Asset(code="BBB", decimals=8)),
        "listings": (
            Listing(
                symbol="AAA-BBB",
                base="AAA",
                quote="BBB",
                tick_size=Decimal(1),
                lot_size=Decimal(1),
                min_qty=Decimal(1),
                reference_price=Decimal(100),
            ),
        ),
        "policy": VenuePolicy(fees=FeeSchedule(maker_rate=0, taker_rate=0, rounding=FeeRounding.UP, decimals=8)),
        "candle_buckets": (FixedBuckets(width_ns=MINUTE_NS),),
        "candles_kept": 10,
        "id_starts": {},
        "make_state": lambda desk: None,
        "demo_wallets": (Wallet.SPOT,),
    }
    return Venue(**terms | changes)


def make_simulation(venue: Venue | None = None, *, start_ns: int = 0, limits: bool = True) -> Simulation:
    """With two rich accounts."""
    settings = SimulationSettings(limits_enabled=limits)
    simulation = Simulation(venue or make_venue(), clock=VirtualClock(start_ns), seed=1, settings=settings)
    for name in ("alice", "bob"):
        wealth = {(Wallet.SPOT, asset): Decimal(1_000_000) for asset in ("AAA", "BBB")}
        simulation.open_account(name, wealth)
    return simulation


def request(method: str = "GET", path: str = "/", query: str = "", body: bytes = b"") -> WireRequest:
    return WireRequest(method, path, query, {}, body, "127.0.0.1")
