"""How HTX trades. Source: htx§4; what the documents leave open is the specification's proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from mockex.core.fees import FeeRounding, FeeSchedule, RebateAsset
from mockex.core.matching import SelfTradePolicy
from mockex.core.policy import (
    DAY_NS,
    PPM,
    SECOND_NS,
    BeyondBand,
    ClientIdPolicy,
    LastPriceBand,
    PriceBand,
    Refusal,
    VenuePolicy,
)

HOUR_NS = 3_600 * SECOND_NS

# htx§3.1, of every recorded symbol: how far a limit buy may lie above the last price, a limit sell below it, and how far from
# the best price a market order may trade.
BUY_LIMIT_RATIO = Decimal("1.1")
SELL_LIMIT_RATIO = Decimal("0.9")
MARKET_RATIO = Decimal("0.1")

POLICY = VenuePolicy(
    # htx§4.5: 0.2 % for both sides, in what is received. Rounding is ASSUMED: what falls below 18 decimals is the venue's.
    # Rebates are paid in the other currency.
    fees=FeeSchedule(
        maker_rate=2_000_000, taker_rate=2_000_000, rounding=FeeRounding.UP, decimals=18, rebate_in=RebateAsset.PAID
    ),
    self_trade=SelfTradePolicy.ALLOW,  # htx§4.7: unless the order asks for something else
    client_ids=ClientIdPolicy.UNIQUE_LIVE,  # htx§4.6 (proposed)
    post_only_that_takes=Refusal.CANCEL,  # htx§4.1 (proposed): an id, then canceled
    unfillable_fok=Refusal.CANCEL,
    # htx§4.3: without a last price there is no band. That a market order's rest is cancelled at its bound is proposed.
    last_price_band=LastPriceBand(
        buy_above_ppm=int((BUY_LIMIT_RATIO - 1) * PPM), sell_below_ppm=int((1 - SELL_LIMIT_RATIO) * PPM)
    ),
    price_band=PriceBand(reach_ppm=int(MARKET_RATIO * PPM), beyond=BeyondBand.CUT, market_orders_only=True),
    budgets_buy_single_lots=True,  # htx§4.1
    client_id_live_ns=8 * HOUR_NS,  # htx§4.6
    client_id_closed_ns=2 * HOUR_NS,  # htx§4.6
    order_retention_ns=180 * DAY_NS,  # htx§3.4
    unfilled_cancelled_retention_ns=2 * HOUR_NS,  # htx§3.4
    fill_retention_ns=120 * DAY_NS,  # htx§3.4
    ledger_retention_ns=180 * DAY_NS,  # htx§3.3
    # The most matches that one call can ask for are 2,000 (htx§3.2), and a match may have several trades.
    public_trades_kept=10_000,
)

# What the switch `open_order_cap` may say, in open orders of one account in one pair. No source gives a figure (htx§7).
OPEN_ORDER_CAPS: Mapping[str, int | None] = {"none": None, "10": 10, "100": 100, "500": 500}


def adapt_policy(policy: VenuePolicy, switches: Mapping[str, object]) -> VenuePolicy:
    """`reused_client_ids`: an open order's client id may be used again, as documents since 2021 say (htx§4.6)."""
    return replace(
        policy,
        client_ids=ClientIdPolicy.NEWEST if switches["reused_client_ids"] else policy.client_ids,
        max_open_orders=OPEN_ORDER_CAPS[str(switches["open_order_cap"])],
    )
