"""How OKCoin Japan v3 trades. Source: okj§9 and §10; what the document leaves open is the specification's proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.matching import SelfTradePolicy
from mockex.core.policy import DAY_NS, SECOND_NS, BeyondBand, ClientIdPolicy, PriceBand, Refusal, VenuePolicy

HOUR_NS = 3_600 * SECOND_NS

POLICY = VenuePolicy(
    # okj§9.1: maker 0.1 %, taker 0.15 %. okj§10.3: charged in what is received, rounded up to 8 decimals.
    fees=FeeSchedule(maker_rate=1_000_000, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8),
    self_trade=SelfTradePolicy.ALLOW,  # okj§10.1: none documented
    client_ids=ClientIdPolicy.NEWEST,  # okj§9.2: duplicates are accepted, the newest is found
    post_only_that_takes=Refusal.CANCEL,  # okj§10.1
    unfillable_fok=Refusal.CANCEL,
    price_band=PriceBand(reach_ppm=300_000, beyond=BeyondBand.CANCEL),  # okj§10.1: the 30 % rule
    order_retention_ns=90 * DAY_NS,  # okj§9.4: 3 months
    unfilled_cancelled_retention_ns=2 * HOUR_NS,  # okj§9.4
    fill_retention_ns=90 * DAY_NS,
    ledger_retention_ns=90 * DAY_NS,  # okj§9.1; the funding ledger shows its last month only, see its handler
    public_trades_kept=60,  # okj§8: the most that one call can ask for
)

# What the switch `payment_step` may say: the pause before each step of a deposit or withdrawal. okj§7: 1 s (proposed).
PAYMENT_STEPS: Mapping[str, int | None] = {
    "1s": SECOND_NS,
    "10s": 10 * SECOND_NS,
    "60s": 60 * SECOND_NS,
    "600s": 600 * SECOND_NS,
    "by hand": None,
}


def adapt_policy(policy: VenuePolicy, switches: Mapping[str, object]) -> VenuePolicy:
    """The pace of payments that was chosen."""
    return replace(policy, payment_step_ns=PAYMENT_STEPS[str(switches["payment_step"])])
