"""How one venue's trading differs from another's, as data. The core reads these fields and never a venue's name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mockex.core.fees import FeeSchedule
from mockex.core.matching import SelfTradePolicy

SECOND_NS = 1_000_000_000
DAY_NS = 86_400 * SECOND_NS


PPM = 1_000_000


class Refusal(Enum):
    """What becomes of an order that cannot trade the way it asks to."""

    REJECT = "reject"  # refused; it never existed
    CANCEL = "cancel"  # accepted, then cancelled at once without a trade


class ClientIdPolicy(Enum):
    """What a second order with the same client id of the same account meets."""

    NEWEST = "newest"  # accepted; the id then means the newest order
    UNIQUE_LIVE = "unique among live orders"
    UNIQUE = "unique among remembered orders"


class FeeAsset(Enum):
    """In which asset of a spot trade each side pays its fee."""

    RECEIVED = "received"
    QUOTE = "quote"


class BeyondBand(Enum):
    """What becomes of an order that would trade outside its price band."""

    REJECT = "reject"  # refused whole; it never existed
    CANCEL = "cancel"  # accepted, then cancelled whole without a trade
    CUT = "cut"  # it trades up to the edge; the rest is cancelled, also of an order that could rest


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """How far from the best opposite price an order may trade: `reach_ppm` millionths of that price, either way."""

    reach_ppm: int
    beyond: BeyondBand
    market_orders_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPriceBand:
    """How far beyond the last price a limit order's price may lie, in millionths of that price: a buy's above it, a sell's
    below. Anywhere while nothing has traded. A stop order's is measured from its trigger price.
    """

    buy_above_ppm: int
    sell_below_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePolicy:
    """Every field is a decision that venues take differently. Times in nanoseconds of virtual time."""

    fees: FeeSchedule
    fee_asset: FeeAsset = FeeAsset.RECEIVED
    self_trade: SelfTradePolicy = SelfTradePolicy.ALLOW
    client_ids: ClientIdPolicy = ClientIdPolicy.NEWEST
    post_only_that_takes: Refusal = Refusal.CANCEL
    unfillable_fok: Refusal = Refusal.CANCEL
    price_band: PriceBand | None = None
    last_price_band: LastPriceBand | None = None
    # A market buy by budget may go down to single lots where orders have a coarser step (`Instrument.qty_step`).
    budgets_buy_single_lots: bool = False
    # With UNIQUE client ids: how long one stays taken after its order came, or as long as that lives. None: while remembered.
    client_id_taken_ns: int | None = None
    max_open_orders: int | None = None  # per account and instrument; an order that can neither rest nor wait is none
    # How long an order is found by its client id: after it came while it is live, and after it ended. None: as long as it is
    # remembered. Whether a client id is taken does not depend on it.
    client_id_live_ns: int | None = None
    client_id_closed_ns: int | None = None
    # Whether changes of orders have numbers, and orders that have ended are paged by them (`order_changes.NumberedOrders`).
    numbers_changes: bool = False
    # How long closed orders, fills and ledger entries are remembered.
    order_retention_ns: int = 90 * DAY_NS
    unfilled_cancelled_retention_ns: int = 90 * DAY_NS
    fill_retention_ns: int = 90 * DAY_NS
    ledger_retention_ns: int = 90 * DAY_NS
    public_trades_kept: int = 1_000  # per instrument
    # Pause between two steps of a deposit or withdrawal; None: only on request.
    payment_step_ns: int | None = SECOND_NS
