"""How KTX trades. Source: ktx§10; what the documents leave open is the specification's proposal."""

from __future__ import annotations

from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.matching import SelfTradePolicy
from mockex.core.policy import DAY_NS, ClientIdPolicy, FeeAsset, Refusal, VenuePolicy

MAX_OPEN_ORDERS = 500  # proposed
FOR_EVER_NS = 36_500 * DAY_NS

POLICY = VenuePolicy(
    # ktx§6: 0.1 % for both sides. Rounding ASSUMED.
    fees=FeeSchedule(maker_rate=1_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=18),
    fee_asset=FeeAsset.QUOTE,
    self_trade=SelfTradePolicy.ALLOW,
    client_ids=ClientIdPolicy.UNIQUE,
    client_id_taken_ns=DAY_NS,
    post_only_that_takes=Refusal.CANCEL,  # such an order is kept, as rejected (ktx§10)
    numbers_changes=True,  # lists of orders are bounded by such (ktx§7)
    # ktx§7: what has traded is kept, the rest for three months.
    order_retention_ns=FOR_EVER_NS,
    unfilled_cancelled_retention_ns=90 * DAY_NS,
    fill_retention_ns=FOR_EVER_NS,
    public_trades_kept=10_000,
)
