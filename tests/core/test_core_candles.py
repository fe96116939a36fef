"""Candles: that every trade counts once in every width, paging, gaps, seeds and retention."""

import gc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

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
    Candle,
    CandleSeries,
    FixedBuckets,
    MonthBuckets,
)

SECOND_NS = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UTC_PLUS_8_NS = -8 * HOUR_NS  # buckets open eight hours before UTC says so

MINUTES = FixedBuckets(width_ns=MINUTE_NS)
FIVE_MINUTES = FixedBuckets(width_ns=5 * MINUTE_NS)
HOURS = FixedBuckets(width_ns=HOUR_NS)
DAYS = FixedBuckets(width_ns=DAY_NS, offset_ns=UTC_PLUS_8_NS)
WEEKS = FixedBuckets(width_ns=WEEK_NS, offset_ns=FIRST_MONDAY_NS + UTC_PLUS_8_NS)
MONTHS = MonthBuckets(months=1, offset_ns=UTC_PLUS_8_NS)

Trade = tuple[int, int, int]  # time_ns, price, qty


def ns(text: str) -> int:
    """`2019-03-19T16:00:00.123Z` as nanoseconds since 1970."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1) * 1_000


def iso(time_ns: int) -> str:
    return (EPOCH + timedelta(microseconds=time_ns // 1_000)).strftime("%Y-%m-%dT%H:%MZ")


def make_series(trades: Iterable[Trade], *specs: BucketSpec, retention: int = 1440) -> CandleSeries:
    series = CandleSeries(specs, retention)
    for time_ns, price, qty in trades:
        series.on_trade(time_ns, price, qty, price * qty)
    return series


def make_candle(open_ns: int, open_: int, high: int, low: int, close: int, qty: int, trades: int = 1) -> Candle:
    return Candle(
        open_ns=open_ns,
        open=open_,
        high=high,
        low=low,
        close=close,
        base_qty=qty,
        quote_amount=qty * 7,
        trade_count=trades,
    )


def flat(open_ns: int, price: int) -> Candle:
    return Candle(open_ns=open_ns, open=price, high=price, low=price, close=price, base_qty=0, quote_amount=0, trade_count=0)


def one_trade(open_ns: int, price: int, qty: int) -> Candle:
    return Candle(
        open_ns=open_ns,
        open=price,
        high=price,
        low=price,
        close=price,
        base_qty=qty,
        quote_amount=price * qty,
        trade_count=1,
    )


def naive_candles(trades: Iterable[Trade], spec: BucketSpec) -> list[Candle]:
    """Newest first, from all trades anew."""
    buckets: dict[int, list[Trade]] = {}
    for trade in trades:
        buckets.setdefault(spec.open_of(trade[0]), []).append(trade)
    return [
        Candle(
            open_ns=open_ns,
            open=inside[0][1],
            high=max(price for _, price, _ in inside),
            low=min(price for _, price, _ in inside),
            close=inside[-1][1],
            base_qty=sum(qty for _, _, qty in inside),
            quote_amount=sum(price * qty for _, price, qty in inside),
            trade_count=len(inside),
        )
        for open_ns, inside in sorted(buckets.items(), reverse=True)
    ]


# --- trades ------------------------------------------------------

T0 = ns("2024-02-15T08:20:00Z")


def test_a_candle_holds_the_trades_of_its_bucket() -> None:
    series = CandleSeries([MINUTES])
    series.on_trade(T0, 100, 5, 501)
    series.on_trade(T0 + 1, 103, 1, 104)
    series.on_trade(T0 + 30 * SECOND_NS, 98, 2, 196)
    series.on_trade(T0 + MINUTE_NS - 1, 99, 4, 396)
    expected = Candle(open_ns=T0, open=100, high=103, low=98, close=99, base_qty=12, quote_amount=1_197, trade_count=4)
    assert series.latest(MINUTES) == expected
    assert series.candles(MINUTES, limit=10) == [expected]


def test_an_unfinished_minute_counts_at_once_in_every_width() -> None:
    series = make_series([(T0, 100, 1), (T0 + MINUTE_NS, 110, 2)], MINUTES, FIVE_MINUTES, DAYS)
    assert series.candles(MINUTES, limit=10) == [
        one_trade(T0 + MINUTE_NS, 110, 2),
        one_trade(T0, 100, 1),
    ]
    both = {"open": 100, "high": 110, "low": 100, "close": 110, "base_qty": 3, "quote_amount": 320, "trade_count": 2}
    assert series.candles(FIVE_MINUTES, limit=10) == [Candle(open_ns=T0, **both)]
    assert series.latest(DAYS) == Candle(open_ns=ns("2024-02-14T16:00:00Z"), **both)


def test_reading_changes_nothing() -> None:
    trades = [(T0 + i * 20 * SECOND_NS, 100 + i % 7, 1) for i in range(100)]
    read, unread = CandleSeries([MINUTES, FIVE_MINUTES]), CandleSeries([MINUTES, FIVE_MINUTES])
    for time_ns, price, qty in trades:
        unread.on_trade(time_ns, price, qty, price)
        read.on_trade(time_ns, price, qty, price)
        read.latest(FIVE_MINUTES)
        read.candles(MINUTES, limit=3)
        read.filled(FIVE_MINUTES, now_ns=time_ns, limit=3)
    assert read.candles(FIVE_MINUTES, limit=99) == unread.candles(FIVE_MINUTES, limit=99)


def test_a_bucket_without_trades_has_no_candle() -> None:
    series = make_series([(T0, 100, 1), (T0 + 3 * MINUTE_NS, 101, 1)], MINUTES)
    assert [candle.open_ns for candle in series.candles(MINUTES, limit=10)] == [T0 + 3 * MINUTE_NS, T0]


def test_without_trades_there_are_no_candles() -> None:
    series = CandleSeries([MINUTES])
    assert series.latest(MINUTES) is None
    assert series.candles(MINUTES, limit=10) == []
    assert series.filled(MINUTES, now_ns=T0, limit=10) == []


def test_a_trade_that_goes_back_behind_the_newest_minute_is_a_bug_and_changes_nothing() -> None:
    series = make_series([(T0, 100, 1), (T0 + MINUTE_NS, 101, 1)], MINUTES)
    before = series.candles(MINUTES, limit=10)
    with pytest.raises(AssertionError, match="comes after a candle that opened at"):
        series.on_trade(T0 + MINUTE_NS - 1, 102, 1, 102)
    assert series.candles(MINUTES, limit=10) == before


def test_a_spec_that_the_series_was_not_made_for_is_a_bug() -> None:
    series = make_series([(T0, 100, 1)], MINUTES)
    with pytest.raises(KeyError):
        series.candles(HOURS, limit=1)
    with pytest.raises(KeyError):
        series.latest(HOURS)


@pytest.mark.parametrize(
    "spec",
    [
        FixedBuckets(width_ns=90 * SECOND_NS),
        FixedBuckets(width_ns=HOUR_NS, offset_ns=30 * SECOND_NS),
        MonthBuckets(months=1, offset_ns=1),
    ],
)
def test_a_spec_whose_buckets_cut_a_minute_is_refused(spec: BucketSpec) -> None:
    with pytest.raises(ValueError, match="does not divide"):
        CandleSeries([MINUTES, spec])


def test_a_finer_base_allows_candles_finer_than_a_minute() -> None:
    seconds = FixedBuckets(width_ns=SECOND_NS)
    series = CandleSeries([seconds, MINUTES], base_ns=SECOND_NS)
    for i in range(130):
        series.on_trade(T0 + i * SECOND_NS // 2, 100 + i, 1, 100)
    assert [(candle.open_ns, candle.trade_count) for candle in series.candles(MINUTES, limit=9)] == [
        (T0 + MINUTE_NS, 10),
        (T0, 120),
    ]
    assert len(series.candles(seconds, limit=99)) == 65


@given(
    st.lists(st.tuples(st.sampled_from([0, 1, 20, 60, 300, 7_200, 400_000]), st.integers(1, 9), st.integers(1, 5))),
    st.integers(1, 8),
)
def test_candles_are_those_of_all_trades_sorted_into_buckets_anew(steps: list[tuple[int, int, int]], retention: int) -> None:
    specs: list[BucketSpec] = [MINUTES, FIVE_MINUTES, HOURS, DAYS, WEEKS, MONTHS]
    series = CandleSeries(specs, retention)
    trades: list[Trade] = []
    time_ns = T0
    for seconds, price, qty in steps:
        time_ns += seconds * SECOND_NS
        trades.append((time_ns, price, qty))
        series.on_trade(time_ns, price, qty, price * qty)
        for spec in specs:
            expected = naive_candles(trades, spec)[:retention]
            assert series.candles(spec, limit=100) == expected
            assert series.latest(spec) == expected[0]


# --- paging ------------------------------------------------------


@pytest.fixture
def ten_minutes() -> CandleSeries:
    """A trade in each of ten minutes, priced 0 to 9."""
    return make_series([(T0 + i * MINUTE_NS, i, 1) for i in range(10)], MINUTES, FIVE_MINUTES)


def closes(candles: list[Candle]) -> list[int]:
    return [candle.close for candle in candles]


def test_candles_are_newest_first_and_at_most_limit(ten_minutes: CandleSeries) -> None:
    assert closes(ten_minutes.candles(MINUTES, limit=3)) == [9, 8, 7]
    assert closes(ten_minutes.candles(MINUTES, limit=1)) == [9]
    assert closes(ten_minutes.candles(MINUTES, limit=0)) == []
    assert closes(ten_minutes.candles(FIVE_MINUTES, limit=1)) == [9]


@pytest.mark.parametrize(
    ("start", "end", "limit", "expected"),
    [
        pytest.param(3, 5, 9, [5, 4, 3], id="both ends are inclusive"),
        pytest.param(3, 5, 2, [5, 4], id="more than the limit: the newest"),
        pytest.param(8, None, 9, [9, 8], id="start only"),
        pytest.param(None, 2, 9, [2, 1, 0], id="end only"),
        pytest.param(None, 2, 1, [2], id="end only, limited"),
        pytest.param(9, 9, 9, [9], id="the unfinished one"),
        pytest.param(7, 99, 2, [9, 8], id="unfinished and finished, limited"),
        pytest.param(10, 99, 9, [], id="after the newest"),
        pytest.param(-5, -1, 9, [], id="before the oldest"),
        pytest.param(5, 3, 9, [], id="upside down"),
    ],
)
def test_a_time_range_selects_by_open(
    ten_minutes: CandleSeries, start: int | None, end: int | None, limit: int, expected: list[int]
) -> None:
    found = ten_minutes.candles(
        MINUTES,
        start_ns=None if start is None else T0 + start * MINUTE_NS,
        end_ns=None if end is None else T0 + end * MINUTE_NS,
        limit=limit,
    )
    assert closes(found) == expected


def test_a_range_between_opens_takes_the_opens_inside(ten_minutes: CandleSeries) -> None:
    found = ten_minutes.candles(MINUTES, start_ns=T0 + 3 * MINUTE_NS + 1, end_ns=T0 + 6 * MINUTE_NS - 1, limit=9)
    assert closes(found) == [5, 4]


def test_a_captured_range_of_four_hour_candles_gives_the_captured_rows() -> None:
    """okj§8 [V]: 14400 from 2020-12-15T08:28:48.899Z to 2020-12-19T09:28:48.899Z gave 24 rows, first 12-19T08:00."""
    four_hours = FixedBuckets(width_ns=4 * HOUR_NS, offset_ns=UTC_PLUS_8_NS)
    first_trade_ns = ns("2020-12-10T00:30:00Z")
    series = make_series([(first_trade_ns + i * HOUR_NS, 100, 1) for i in range(15 * 24)], four_hours)
    found = series.candles(
        four_hours, start_ns=ns("2020-12-15T08:28:48.899Z"), end_ns=ns("2020-12-19T09:28:48.899Z"), limit=200
    )
    assert len(found) == 24
    assert iso(found[0].open_ns) == "2020-12-19T08:00Z"
    assert iso(found[-1].open_ns) == "2020-12-15T12:00Z"


@pytest.mark.parametrize("read", [CandleSeries.candles, CandleSeries.filled])
def test_a_negative_limit_is_refused(ten_minutes: CandleSeries, read: Callable[..., list[Candle]]) -> None:
    arguments = {"now_ns": T0} if read is CandleSeries.filled else {}
    with pytest.raises(ValueError, match="limit -1 is negative"):
        read(ten_minutes, MINUTES, limit=-1, **arguments)


def test_only_the_newest_candles_are_kept() -> None:
    trades = [(T0 + i * MINUTE_NS, i, 1) for i in range(1_000)]
    series = make_series(trades, MINUTES, HOURS, retention=7)
    assert closes(series.candles(MINUTES, limit=100)) == [999, 998, 997, 996, 995, 994, 993]
    assert closes(series.candles(MINUTES, end_ns=T0 + 994 * MINUTE_NS, limit=100)) == [994, 993]
    assert closes(series.candles(MINUTES, start_ns=0, end_ns=T0 + 992 * MINUTE_NS, limit=100)) == []
    assert len(series.candles(HOURS, limit=100)) == 7
    assert series.candles(HOURS, limit=1)[0].high == 999


def test_candles_beyond_the_retention_are_let_go() -> None:
    before = sum(type(thing) is Candle for thing in gc.get_objects())
    series = make_series([(T0 + i * MINUTE_NS, i, 1) for i in range(2_000)], MINUTES, retention=80)
    alive = sum(type(thing) is Candle for thing in gc.get_objects()) - before
    assert len(series.candles(MINUTES, limit=100)) == 80
    assert alive <= 90


def test_a_retention_below_one_candle_is_refused() -> None:
    with pytest.raises(ValueError, match="retention 0 is below one candle"):
        CandleSeries([MINUTES], 0)


# --- gaps --------------------------------------------------------


def test_filled_candles_carry_the_last_close_through_gaps_and_up_to_now() -> None:
    series = CandleSeries([MINUTES])
    series.on_trade(T0, 100, 2, 200)
    series.on_trade(T0 + 1, 105, 1, 105)
    series.on_trade(T0 + 3 * MINUTE_NS, 90, 1, 90)
    assert series.filled(MINUTES, now_ns=T0 + 5 * MINUTE_NS + 1, limit=10) == [
        flat(T0 + 5 * MINUTE_NS, 90),
        flat(T0 + 4 * MINUTE_NS, 90),
        one_trade(T0 + 3 * MINUTE_NS, 90, 1),
        flat(T0 + 2 * MINUTE_NS, 105),
        flat(T0 + MINUTE_NS, 105),
        Candle(open_ns=T0, open=100, high=105, low=100, close=105, base_qty=3, quote_amount=305, trade_count=2),
    ]


def test_filled_candles_are_cut_to_range_and_limit() -> None:
    series = make_series([(T0, 100, 1), (T0 + 6 * MINUTE_NS, 90, 1)], MINUTES)
    now_ns = T0 + 8 * MINUTE_NS
    middle = series.filled(MINUTES, now_ns=now_ns, start_ns=T0 + 2 * MINUTE_NS, end_ns=T0 + 4 * MINUTE_NS + 1, limit=10)
    assert middle == [flat(T0 + minute * MINUTE_NS, 100) for minute in (4, 3, 2)]
    assert series.filled(MINUTES, now_ns=now_ns, limit=2) == [flat(T0 + minute * MINUTE_NS, 90) for minute in (8, 7)]
    assert series.filled(MINUTES, now_ns=now_ns, limit=0) == []
    assert series.filled(MINUTES, now_ns=now_ns, start_ns=now_ns + 1, limit=10) == []
    assert series.filled(MINUTES, now_ns=now_ns, end_ns=T0 - 1, limit=10) == []


def test_flat_candles_count_towards_the_retention() -> None:
    series = make_series([(T0, 100, 1), (T0 + 6 * MINUTE_NS, 90, 1)], MINUTES, retention=4)
    filled = series.filled(MINUTES, now_ns=T0 + 7 * MINUTE_NS, limit=100)
    assert [(candle.open_ns - T0) // MINUTE_NS for candle in filled] == [7, 6, 5, 4]
    assert closes(filled) == [90, 90, 100, 100]


def test_months_are_filled_too() -> None:
    series = make_series([(ns("2023-11-15T00:00:00Z"), 100, 1), (ns("2024-02-15T00:00:00Z"), 90, 1)], MONTHS)
    filled = series.filled(MONTHS, now_ns=ns("2024-02-29T16:00:00Z"), limit=10)
    assert [(iso(candle.open_ns), candle.close, candle.trade_count) for candle in filled] == [
        ("2024-02-29T16:00Z", 90, 0),
        ("2024-01-31T16:00Z", 90, 1),
        ("2023-12-31T16:00Z", 100, 0),
        ("2023-11-30T16:00Z", 100, 0),
        ("2023-10-31T16:00Z", 100, 1),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 9)), min_size=1, max_size=20),
    st.integers(0, 10),
    st.integers(1, 30),
    st.none() | st.integers(-5, 60),
    st.none() | st.integers(-5, 60),
    st.integers(0, 20),
)
def test_filled_candles_are_those_of_a_walk_over_every_minute(
    steps: list[tuple[int, int]], idle: int, retention: int, start: int | None, end: int | None, limit: int
) -> None:
    trades: list[Trade] = []
    minute = 0
    for gap, price in steps:
        minute += gap
        trades.append((T0 + minute * MINUTE_NS, price, 1))
    now = minute + idle
    kept = {candle.open_ns: candle for candle in naive_candles(trades, MINUTES)[:retention]}
    walked: list[Candle] = []
    for open_ns in range(T0, T0 + now * MINUTE_NS + 1, MINUTE_NS):
        if open_ns in kept:
            walked.append(kept[open_ns])
        elif walked:
            walked.append(flat(open_ns, walked[-1].close))
    expected = [
        candle
        for candle in reversed(walked[-retention:])
        if (start is None or candle.open_ns >= T0 + start * MINUTE_NS)
        and (end is None or candle.open_ns <= T0 + end * MINUTE_NS)
    ]
    found = make_series(trades, MINUTES, retention=retention).filled(
        MINUTES,
        now_ns=T0 + now * MINUTE_NS + 59 * SECOND_NS,
        start_ns=None if start is None else T0 + start * MINUTE_NS,
        end_ns=None if end is None else T0 + end * MINUTE_NS,
        limit=limit,
    )
    assert found == expected[:limit]


# --- seeds -------------------------------------------------------


def test_a_seed_counts_in_every_width_that_is_at_least_as_wide() -> None:
    series = CandleSeries([MINUTES, FIVE_MINUTES, HOURS, DAYS, MONTHS])
    series.seed(make_candle(ns("2024-02-15T06:00:00Z"), 10, 15, 8, 12, 100, trades=9), HOUR_NS)
    series.seed(make_candle(ns("2024-02-15T07:00:00Z"), 12, 13, 11, 11, 50, trades=4), HOUR_NS)
    assert series.candles(MINUTES, limit=9) == []
    assert series.candles(FIVE_MINUTES, limit=9) == []
    assert series.candles(HOURS, limit=9) == [
        make_candle(ns("2024-02-15T07:00:00Z"), 12, 13, 11, 11, 50, trades=4),
        make_candle(ns("2024-02-15T06:00:00Z"), 10, 15, 8, 12, 100, trades=9),
    ]
    assert series.candles(DAYS, limit=9) == [make_candle(ns("2024-02-14T16:00:00Z"), 10, 15, 8, 11, 150, trades=13)]
    assert series.candles(MONTHS, limit=9) == [make_candle(ns("2024-01-31T16:00:00Z"), 10, 15, 8, 11, 150, trades=13)]


def test_trades_go_on_in_the_bucket_where_seeds_ended() -> None:
    series = CandleSeries([MINUTES, HOURS])
    series.seed(make_candle(T0 - MINUTE_NS, 10, 12, 9, 11, 4), MINUTE_NS)
    series.seed(make_candle(T0, 11, 11, 8, 8, 2), MINUTE_NS)
    series.on_trade(T0 + 30 * SECOND_NS, 20, 1, 20)
    assert series.candles(MINUTES, limit=9) == [
        Candle(open_ns=T0, open=11, high=20, low=8, close=20, base_qty=3, quote_amount=34, trade_count=2),
        make_candle(T0 - MINUTE_NS, 10, 12, 9, 11, 4),
    ]
    hour = series.latest(HOURS)
    assert hour == Candle(
        open_ns=ns("2024-02-15T08:00:00Z"),
        open=10,
        high=20,
        low=8,
        close=20,
        base_qty=7,
        quote_amount=62,
        trade_count=3,
    )


def test_seeds_may_grow_finer_towards_the_present() -> None:
    series = CandleSeries([MINUTES, HOURS, DAYS])
    series.seed(make_candle(ns("2024-02-13T16:00:00Z"), 10, 19, 5, 12, 100), DAY_NS)
    series.seed(make_candle(ns("2024-02-14T16:00:00Z"), 12, 14, 11, 13, 10), HOUR_NS)
    series.seed(make_candle(ns("2024-02-14T17:00:00Z"), 13, 15, 13, 14, 1), MINUTE_NS)
    assert [closes(series.candles(spec, limit=9)) for spec in (MINUTES, HOURS, DAYS)] == [[14], [14, 13], [14, 12]]


def test_a_seed_that_reaches_into_the_next_bucket_counts_where_it_opens() -> None:
    series = CandleSeries([WEEKS, MONTHS])
    week_ns = WEEKS.open_of(ns("2024-02-29T00:00:00Z"))  # 2024-02-25 to 03-03
    series.seed(make_candle(week_ns, 10, 12, 9, 11, 4), WEEK_NS)
    assert series.candles(MONTHS, limit=9) == [make_candle(ns("2024-01-31T16:00:00Z"), 10, 12, 9, 11, 4)]


def test_a_seed_as_wide_as_one_month_counts_in_that_month_only_when_it_fits() -> None:
    january, february = ns("2023-12-31T16:00:00Z"), ns("2024-01-31T16:00:00Z")
    series = CandleSeries([MONTHS])
    series.seed(make_candle(january, 10, 12, 9, 11, 4), 31 * DAY_NS)
    series.seed(make_candle(february, 11, 12, 9, 12, 4), 31 * DAY_NS)
    assert [candle.open_ns for candle in series.candles(MONTHS, limit=9)] == [january]


def test_seeds_are_kept_up_to_the_retention() -> None:
    series = CandleSeries([MINUTES], 5)
    for i in range(100):
        series.seed(make_candle(T0 + i * MINUTE_NS, i, i, i, i, 1), MINUTE_NS)
    assert closes(series.candles(MINUTES, limit=100)) == [99, 98, 97, 96, 95]


def test_a_seed_that_overlaps_the_one_before_is_refused_and_changes_nothing() -> None:
    series = CandleSeries([MINUTES, HOURS])
    first = make_candle(T0, 10, 12, 9, 11, 4)
    series.seed(first, 5 * MINUTE_NS)
    with pytest.raises(ValueError, match="opens before the last seed ends"):
        series.seed(make_candle(T0 + 4 * MINUTE_NS, 1, 99, 1, 1, 1), MINUTE_NS)
    assert series.candles(MINUTES, limit=9) == []
    assert closes(series.candles(HOURS, limit=9)) == [11]
    series.seed(make_candle(T0 + 5 * MINUTE_NS, 11, 11, 11, 11, 1), MINUTE_NS)
    assert closes(series.candles(MINUTES, limit=9)) == [11]


def test_a_seed_after_a_trade_is_a_bug_and_changes_nothing() -> None:
    series = make_series([(T0, 100, 1)], MINUTES)
    before = series.candles(MINUTES, limit=9)
    with pytest.raises(AssertionError, match="before the first trade"):
        series.seed(make_candle(T0 + MINUTE_NS, 1, 1, 1, 1, 1), MINUTE_NS)
    assert series.candles(MINUTES, limit=9) == before


def test_a_trade_before_the_newest_seed_is_a_bug() -> None:
    series = CandleSeries([MINUTES])
    series.seed(make_candle(T0, 10, 12, 9, 11, 4), MINUTE_NS)
    with pytest.raises(AssertionError, match="comes after a candle that opened at"):
        series.on_trade(T0 - 1, 10, 1, 10)
    assert closes(series.candles(MINUTES, limit=9)) == [11]
