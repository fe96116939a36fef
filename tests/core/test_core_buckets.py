"""When buckets open and end: fixed widths, weeks and calendar months, with the day of another time zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UTC_PLUS_8_NS = -8 * HOUR_NS  # buckets open eight hours before UTC says so

MINUTES = FixedBuckets(width_ns=MINUTE_NS)
DAYS = FixedBuckets(width_ns=DAY_NS, offset_ns=UTC_PLUS_8_NS)
WEEKS = FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS + UTC_PLUS_8_NS)
MONTHS = MonthBuckets(months=1, offset_ns=UTC_PLUS_8_NS)


def ns(text: str) -> int:
    """`2019-03-19T16:00:00.123Z` as nanoseconds since 1970."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1) * 1_000


def iso(time_ns: int) -> str:
    return (EPOCH + timedelta(microseconds=time_ns // 1_000)).strftime("%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize(
    ("spec", "time", "opens", "ends"),
    [
        pytest.param(MINUTES, "2024-02-15T08:23:45Z", "2024-02-15T08:23Z", "2024-02-15T08:24Z", id="minute"),
        pytest.param(
            FixedBuckets(width_ns=4 * HOUR_NS, offset_ns=UTC_PLUS_8_NS),
            "2024-02-15T08:23:45Z", "2024-02-15T08:00Z", "2024-02-15T12:00Z",
            id="4 h: UTC+8 makes no difference",
        ),
        pytest.param(
            FixedBuckets(width_ns=6 * HOUR_NS, offset_ns=UTC_PLUS_8_NS),
            "2024-02-15T08:23:45Z", "2024-02-15T04:00Z", "2024-02-15T10:00Z",
            id="6 h of UTC+8",
        ),
        pytest.param(
            FixedBuckets(width_ns=12 * HOUR_NS, offset_ns=UTC_PLUS_8_NS),
            "2024-02-15T03:59:59Z", "2024-02-14T16:00Z", "2024-02-15T04:00Z",
            id="12 h of UTC+8",
        ),
        # Rows of the document's own candle example open at 16:00Z (okj§8).
        pytest.param(DAYS, "2019-03-20T15:59:59.999Z", "2019-03-19T16:00Z", "2019-03-20T16:00Z", id="end of a day"),
        pytest.param(DAYS, "2019-03-19T16:00:00Z", "2019-03-19T16:00Z", "2019-03-20T16:00Z", id="start of a day"),
        pytest.param(
            FixedBuckets(width_ns=DAY_NS, offset_ns=16 * HOUR_NS),
            "2019-03-20T15:59:59.999Z", "2019-03-19T16:00Z", "2019-03-20T16:00Z",
            id="day, offset given the other way round",
        ),
        # 2024-02-15 was a Thursday, the 11th a Sunday, the 12th a Monday.
        pytest.param(
            FixedBuckets(width_ns=WEEK_NS),
            "2024-02-20T00:00:00Z", "2024-02-15T00:00Z", "2024-02-22T00:00Z",
            id="week without offset opens on Thursday",
        ),
        pytest.param(
            FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS),
            "2024-02-15T08:23:45Z", "2024-02-12T00:00Z", "2024-02-19T00:00Z",
            id="week from Monday",
        ),
        pytest.param(WEEKS, "2024-02-15T08:23:45Z", "2024-02-11T16:00Z", "2024-02-18T16:00Z", id="week of UTC+8"),
        pytest.param(
            MonthBuckets(months=1), "2024-02-29T23:59:59Z", "2024-02-01T00:00Z", "2024-03-01T00:00Z", id="leap February"
        ),
        pytest.param(MONTHS, "2024-02-15T00:00:00Z", "2024-01-31T16:00Z", "2024-02-29T16:00Z", id="month of UTC+8"),
        pytest.param(MONTHS, "2024-02-29T16:00:00Z", "2024-02-29T16:00Z", "2024-03-31T16:00Z", id="start of a month"),
        pytest.param(
            MonthBuckets(months=3, offset_ns=UTC_PLUS_8_NS),
            "2024-06-30T15:59:59Z", "2024-03-31T16:00Z", "2024-06-30T16:00Z",
            id="quarter",
        ),
        pytest.param(
            MonthBuckets(months=6), "2023-12-31T23:59:59Z", "2023-07-01T00:00Z", "2024-01-01T00:00Z", id="half-year"
        ),
        pytest.param(
            MonthBuckets(months=12, offset_ns=UTC_PLUS_8_NS),
            "2023-12-31T16:00:00Z", "2023-12-31T16:00Z", "2024-12-31T16:00Z",
            id="year",
        ),
        pytest.param(
            MonthBuckets(months=12), "1969-12-31T23:59:59Z", "1969-01-01T00:00Z", "1970-01-01T00:00Z", id="before 1970"
        ),
    ],
)  # fmt: skip
def test_a_bucket_opens_and_ends(spec: BucketSpec, time: str, opens: str, ends: str) -> None:
    open_ns = spec.open_of(ns(time))
    assert iso(open_ns) == opens
    assert iso(spec.next_open(open_ns)) == ends


ANY_SPEC = st.one_of(
    st.builds(FixedBuckets, width_ns=st.integers(1, 2 * WEEK_NS), offset_ns=st.integers(-WEEK_NS, WEEK_NS)),
    st.builds(MonthBuckets, months=st.sampled_from([1, 2, 3, 4, 6, 12]), offset_ns=st.integers(-DAY_NS, DAY_NS)),
)
ANY_TIME = st.integers(ns("1960-01-01T00:00:00Z"), ns("2100-01-01T00:00:00Z"))


@given(ANY_SPEC, ANY_TIME)
def test_buckets_cover_time_without_gap_or_overlap(spec: BucketSpec, time_ns: int) -> None:
    open_ns = spec.open_of(time_ns)
    end_ns = spec.next_open(open_ns)
    assert open_ns <= time_ns < end_ns
    assert spec.open_of(open_ns) == open_ns
    assert spec.open_of(end_ns - 1) == open_ns
    assert spec.open_of(end_ns) == end_ns
    assert spec.shift(end_ns, -1) == open_ns
    assert spec.shift(spec.shift(open_ns, 5), -5) == open_ns


@given(ANY_TIME)
def test_a_month_of_utc_plus_8_is_the_one_a_calendar_of_that_zone_shows(time_ns: int) -> None:
    local = EPOCH.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=time_ns // 1_000)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert MONTHS.open_of(time_ns) == (first - EPOCH) // timedelta(microseconds=1) * 1_000


def test_months_stop_at_the_first_year_of_the_calendar() -> None:
    open_ns = MONTHS.open_of(ns("2024-02-15T00:00:00Z"))
    assert MONTHS.shift(open_ns, -100_000) == MONTHS.shift(open_ns, -200_000) < ns("0002-01-01T00:00:00Z")


@pytest.mark.parametrize("width_ns", [0, -60])
def test_a_width_that_is_not_positive_is_refused(width_ns: int) -> None:
    with pytest.raises(ValueError, match=f"width_ns {width_ns} is not positive"):
        FixedBuckets(width_ns=width_ns)


@pytest.mark.parametrize("months", [0, -1, 5, 24])
def test_months_that_do_not_divide_a_year_are_refused(months: int) -> None:
    with pytest.raises(ValueError, match=f"{months} months do not divide a year"):
        MonthBuckets(months=months)
