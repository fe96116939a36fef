"""Candle periods of Coinstore, and the four ways in which it spells them. Source: cs§7.17 and cs§9.3.

Days, half days and weeks open at midnight of UTC+8, weeks on Monday: the weekly sample does; the others are proposed.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.candles import DAY_NS, FIRST_MONDAY_NS, HOUR_NS, MINUTE_NS, WEEK_NS, FixedBuckets

_OFFSET_NS = -8 * HOUR_NS

_WIDTHS: Mapping[str, int] = {
    "min_1": MINUTE_NS,
    "min_5": 5 * MINUTE_NS,
    "min_15": 15 * MINUTE_NS,
    "min_30": 30 * MINUTE_NS,
    "hour_1": HOUR_NS,
    "hour_4": 4 * HOUR_NS,
    "hour_12": 12 * HOUR_NS,
    "day_1": DAY_NS,
}

INTERVALS: Mapping[str, FixedBuckets] = {
    **{name: FixedBuckets(width_ns=width_ns, offset_ns=_OFFSET_NS) for name, width_ns in _WIDTHS.items()},
    "week_1": FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS + _OFFSET_NS),
}
"""By the name that channels and rows have."""

PERIODS: Mapping[str, str] = {
    "1min": "min_1",
    "5min": "min_5",
    "15min": "min_15",
    "30min": "min_30",
    "60min": "hour_1",
    "4hour": "hour_4",
    "12hour": "hour_12",
    "1day": "day_1",
    "1week": "week_1",
}
"""What REST calls them."""

CANDLES_KEPT = 2_000  # cs§7.17: the most that one call can ask for
