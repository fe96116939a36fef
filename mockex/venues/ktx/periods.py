"""Time frames of KTX's candles, in UTC. Source: ktx§6 and ktx§8. Weeks open on Monday (proposed)."""

from __future__ import annotations

from collections.abc import Mapping

from mockex.core.candles import (
    DAY_NS,
    FIRST_MONDAY_NS,
    HOUR_NS,
    MINUTE_NS,
    WEEK_NS,
    BucketSpec,
    FixedBuckets,
    MonthBuckets,
)

_WIDTHS: Mapping[str, int] = {
    "1m": MINUTE_NS,
    "3m": 3 * MINUTE_NS,
    "5m": 5 * MINUTE_NS,
    "15m": 15 * MINUTE_NS,
    "30m": 30 * MINUTE_NS,
    "1h": HOUR_NS,
    "2h": 2 * HOUR_NS,
    "4h": 4 * HOUR_NS,
    "6h": 6 * HOUR_NS,
    "12h": 12 * HOUR_NS,
    "1d": DAY_NS,
    "3d": 3 * DAY_NS,
}
WEEK, MONTH = "1W", "1M"
MONTH_NS = 30 * DAY_NS  # what the venue says of a month's length

TIME_FRAMES: Mapping[str, BucketSpec] = {
    **{name: FixedBuckets(width_ns=width_ns) for name, width_ns in _WIDTHS.items()},
    WEEK: FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS),
    MONTH: MonthBuckets(months=1),
}
"""As REST spells them; case matters: 1m is a minute, 1M a month."""

STREAM_TIME_FRAMES: Mapping[str, BucketSpec] = {**TIME_FRAMES, "1w": TIME_FRAMES[WEEK]}
"""The stream spells the week in lower case; REST's spellings are taken as well (proposed)."""

CANDLES_KEPT = 2_000


def width_ms(spec: BucketSpec) -> int:
    width_ns = spec.width_ns if isinstance(spec, FixedBuckets) else MONTH_NS
    return width_ns // 1_000_000
