"""How one venue's trading differs from another's, as data. The core reads these fields and never a venue's name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mockex.core.fees import FeeSchedule
from mockex.core.matching import SelfTradePolicy

SECOND_NS = 1_000_000_000
DAY_NS = 86_400 * SECOND_NS


class Refusal(Enum):
    """What becomes of an order that cannot trade the way it asks to."""

    REJECT = "reject"  # refused; it never existed
    CANCEL = "cancel"  # accepted, then cancelled at once without a trade


class ClientIdPolicy(Enum):
    """What a second order with the same client id of the same account meets."""

    NEWEST = "newest"  # accepted; the id then means the newest order
    UNIQUE_LIVE = "unique among live orders"
    UNIQUE = "unique among remembered orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePolicy:
    """Every field is a decision that venues take differently. Times in nanoseconds of virtual time."""

    fees: FeeSchedule
    self_trade: SelfTradePolicy = SelfTradePolicy.ALLOW
    client_ids: ClientIdPolicy = ClientIdPolicy.NEWEST
    post_only_that_takes: Refusal = Refusal.CANCEL
    unfillable_fok: Refusal = Refusal.CANCEL
    # An order that would trade further from the best opposite price than this many millionths of it is stopped whole.
    price_band_ppm: int | None = None
    outside_price_band: Refusal = Refusal.CANCEL
    max_open_orders: int | None = None  # per account and instrument; an order that cannot rest is none
    # How long closed orders, fills and ledger entries are remembered.
    order_retention_ns: int = 90 * DAY_NS
    unfilled_cancelled_retention_ns: int = 90 * DAY_NS
    fill_retention_ns: int = 90 * DAY_NS
    ledger_retention_ns: int = 90 * DAY_NS
    public_trades_kept: int = 1_000  # per instrument
    # Pause between two steps of a deposit or withdrawal; None: only on request.
    payment_step_ns: int | None = SECOND_NS
