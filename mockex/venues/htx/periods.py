"""Candle periods of HTX. Source: htx§3.2.

Days, weeks, months and years open at midnight of UTC+8; that weeks open on Monday is inferred (fixture `candles`). Shorter
periods divide a day, so their boundaries are those of UTC as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.candles import DAY_NS, FIRST_MONDAY_NS, HOUR_NS, MINUTE_NS, WEEK_NS, BucketSpec, FixedBuckets, MonthBuckets

_OFFSET_NS = -8 * HOUR_NS

DAY = FixedBuckets(width_ns=DAY_NS, offset_ns=_OFFSET_NS)

PERIODS: Mapping[str, BucketSpec] = {
    **{
        name: FixedBuckets(width_ns=width_ns, offset_ns=_OFFSET_NS)
        for name, width_ns in (
            ("1min", MINUTE_NS),
            ("5min", 5 * MINUTE_NS),
            ("15min", 15 * MINUTE_NS),
            ("30min", 30 * MINUTE_NS),
            ("60min", HOUR_NS),
            ("4hour", 4 * HOUR_NS),
        )
    },
    "1day": DAY,
    "1week": FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS + _OFFSET_NS),
    "1mon": MonthBuckets(months=1, offset_ns=_OFFSET_NS),
    "1year": MonthBuckets(months=12, offset_ns=_OFFSET_NS),
}

GUIDE_PERIODS: Mapping[str, str] = {"1hour": "60min"}
"""Names of a widespread guide, taken with the switch `seed_compat` (htx§2)."""

CANDLES_KEPT = 2_000  # htx§3.2: the most that one call can ask for
