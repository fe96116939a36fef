"""How Coinstore trades. Source: cs§8; what the documents leave open is the specification's proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.matching import SelfTradePolicy
from mockex.core.policy import DAY_NS, ClientIdPolicy, Refusal, VenuePolicy

MAX_OPEN_ORDERS = 50  # cs§7.7: of an account that makes no market, over all pairs

POST_ONLY_SWITCH = "post_only_refused"

POLICY = VenuePolicy(
    # cs§7.1, observed: 0.2 % for both sides, in what is received (cs§7.6). Rounding ASSUMED: below 18 decimals to the venue.
    fees=FeeSchedule(maker_rate=2_000_000, taker_rate=2_000_000, rounding=FeeRounding.UP, decimals=18),
    self_trade=SelfTradePolicy.ALLOW,
    client_ids=ClientIdPolicy.UNIQUE,
    client_id_taken_ns=DAY_NS,  # cs§8 (proposed): and as long as the order is open
    post_only_that_takes=Refusal.CANCEL,
    unfillable_fok=Refusal.CANCEL,
    public_trades_kept=1_000,
)


def adapt_policy(policy: VenuePolicy, switches: Mapping[str, object]) -> VenuePolicy:
    """What the switches change (cs§8)."""
    return replace(policy, post_only_that_takes=Refusal.REJECT) if switches[POST_ONLY_SWITCH] else policy
