"""A venue that no exchange is like: small enough to read in one go, with what the server's tests need."""

from __future__ import annotations

from decimal import Decimal

from mockex.venues.toyx.routes import ROUTES, STAGES, render_fault
from mockex.venues.toyx.streams import MAIN_SOCKET, State

from mockex.core.candles import MINUTE_NS, FixedBuckets
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.policy import VenuePolicy
from mockex.core.rejects import RejectReason
from mockex.core.units import Asset, Wallet
from mockex.wire.faults import FaultKind, WireError
from mockex.wire.venue import Listing, Switch, Venue

STATUSES = {
    FaultKind.ROUTE_UNKNOWN: 404,
    FaultKind.METHOD_NOT_ALLOWED: 405,
    FaultKind.BODY_TOO_LARGE: 413,
    FaultKind.SIGNATURE_WRONG: 401,
    FaultKind.API_KEY_UNKNOWN: 401,
    FaultKind.INTERNAL: 500,
}
WIRE_ERRORS = {
    kind: WireError(status=STATUSES.get(kind, 400), code=kind.name, message=f"toy: {kind.name}")
    for kind in (*FaultKind, *RejectReason)
}

VENUE = Venue(
    name="toyx",
    title="Toy exchange",
    source="no document: made up for tests",
    port_offset=77,
    routes=ROUTES,
    stages=STAGES,
    sockets={"main": MAIN_SOCKET},
    fallback_socket=None,
    faults=WIRE_ERRORS,
    errors_by_code={error.code: error for error in WIRE_ERRORS.values()},
    render_fault=render_fault,
    assets=(Asset(code="AAA", decimals=8), Asset(code="BBB", decimals=8)),
    listings=(
        Listing(
            symbol="AAA-BBB",
            base="AAA",
            quote="BBB",
            tick_size=Decimal("0.1"),
            lot_size=Decimal("0.001"),
            min_qty=Decimal("0.001"),
            reference_price=Decimal(100),
        ),
    ),
    policy=VenuePolicy(fees=FeeSchedule(maker_rate=0, taker_rate=0, rounding=FeeRounding.UP, decimals=8)),
    candle_buckets=(FixedBuckets(width_ns=MINUTE_NS),),
    candles_kept=10,
    id_starts={"order": 1_000},
    make_state=State,
    demo_wallets=(Wallet.SPOT,),
    switches={
        "sockets_closed": Switch(default=False, help="every WebSocket is refused with 503"),
        "mood": Switch(default="good", choices=("good", "bad"), help="what /v1/time reports"),
        "patience": Switch(default=30, help="a number"),
    },
    max_body_bytes=10_000,
    host_names=("api.toyx.example", "stream.toyx.example"),
)
