"""The rolling ticker: what the window holds, what opens it, silence, jumps of time, and seeds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.core.candles import DAY_NS, HOUR_NS, MINUTE_NS, Candle
from mockex.core.ticker import RollingTicker, TickerView

SECOND_NS = 1_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ns(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1) * 1_000


T0 = ns("2024-02-14T08:23:00Z")


def make_candle(open_ns: int, open_: int, high: int, low: int, close: int, qty: int) -> Candle:
    return Candle(
        open_ns=open_ns, open=open_, high=high, low=low, close=close, base_qty=qty, quote_amount=qty * 7, trade_count=2
    )


@pytest.fixture
def ticker() -> RollingTicker:
    return RollingTicker()


NOTHING_TRADED = TickerView(
    last_price=None, last_qty=None, last_time_ns=None, open_price=None, high_price=None, low_price=None,
    base_qty=0, quote_amount=0, trade_count=0,
)  # fmt: skip


def test_a_ticker_without_trades_has_no_prices(ticker: RollingTicker) -> None:
    assert ticker.at(T0) == NOTHING_TRADED
    assert ticker.at(T0 + 3 * DAY_NS) == NOTHING_TRADED


def test_a_trade_shows_at_once(ticker: RollingTicker) -> None:
    ticker.on_trade(T0 + 5, 100, 3, 301)
    assert ticker.at(T0 + 5) == TickerView(
        last_price=100, last_qty=3, last_time_ns=T0 + 5, open_price=100, high_price=100, low_price=100,
        base_qty=3, quote_amount=301, trade_count=1,
    )  # fmt: skip


def test_high_low_and_sums_cover_all_minutes_of_the_window(ticker: RollingTicker) -> None:
    for minute, price, qty in [(0, 100, 1), (0, 104, 2), (0, 99, 3), (5, 90, 4), (7, 120, 5), (7, 110, 6), (9, 101, 7)]:
        ticker.on_trade(T0 + minute * MINUTE_NS, price, qty, price * qty)
    assert ticker.at(T0 + 10 * MINUTE_NS) == TickerView(
        last_price=101, last_qty=7, last_time_ns=T0 + 9 * MINUTE_NS, open_price=100, high_price=120, low_price=90,
        base_qty=28, quote_amount=100 + 208 + 297 + 360 + 600 + 660 + 707, trade_count=7,
    )  # fmt: skip


def test_high_and_low_fall_back_to_the_next_extreme_when_theirs_leaves(ticker: RollingTicker) -> None:
    for hour, price in [(0, 100), (1, 120), (2, 80), (3, 110), (4, 90), (5, 100)]:
        ticker.on_trade(T0 + hour * HOUR_NS, price, 1, price)
    seen = []
    for hour in range(6):
        view = ticker.at(T0 + DAY_NS + hour * HOUR_NS + MINUTE_NS)
        seen.append((view.high_price, view.low_price, view.base_qty))
    assert seen == [(120, 80, 5), (110, 80, 4), (110, 90, 3), (100, 90, 2), (100, 100, 1), (100, 100, 0)]


def test_the_open_is_that_of_the_minute_24_hours_earlier(ticker: RollingTicker) -> None:
    """okj§8: at 08:23:45 use yesterday 08:23:00."""
    ticker.on_trade(ns("2024-02-14T08:22:59Z"), 70, 1, 70)
    ticker.on_trade(ns("2024-02-14T08:23:10Z"), 100, 1, 100)
    ticker.on_trade(ns("2024-02-14T08:23:50Z"), 101, 1, 101)
    ticker.on_trade(ns("2024-02-14T08:24:00Z"), 130, 1, 130)
    view = ticker.at(ns("2024-02-15T08:23:45Z"))
    assert (view.open_price, view.high_price, view.low_price, view.base_qty) == (100, 130, 100, 3)
    view = ticker.at(ns("2024-02-15T08:24:00Z"))
    assert (view.open_price, view.high_price, view.low_price, view.base_qty) == (130, 130, 130, 1)


def test_without_trades_in_that_minute_the_open_is_the_last_close_before_it(ticker: RollingTicker) -> None:
    ticker.on_trade(T0, 100, 1, 100)
    ticker.on_trade(T0 + 1, 105, 1, 105)
    ticker.on_trade(T0 + 5 * MINUTE_NS, 130, 1, 130)
    assert ticker.at(T0 + DAY_NS + 3 * MINUTE_NS).open_price == 105


def test_without_any_trade_before_the_open_is_the_first_one_after(ticker: RollingTicker) -> None:
    ticker.on_trade(T0 + 5 * MINUTE_NS, 130, 1, 130)
    ticker.on_trade(T0 + 6 * MINUTE_NS, 140, 1, 140)
    assert ticker.at(T0 + 6 * MINUTE_NS).open_price == 130
    assert ticker.at(T0 + DAY_NS).open_price == 130


def test_after_a_day_of_silence_the_volume_is_zero_and_the_last_price_stands(ticker: RollingTicker) -> None:
    ticker.on_trade(T0, 100, 1, 100)
    ticker.on_trade(T0 + 1, 105, 3, 315)
    silent = TickerView(
        last_price=105, last_qty=3, last_time_ns=T0 + 1, open_price=105, high_price=105, low_price=105,
        base_qty=0, quote_amount=0, trade_count=0,
    )  # fmt: skip
    assert ticker.at(T0 + DAY_NS + MINUTE_NS - 1).base_qty == 4
    assert ticker.at(T0 + DAY_NS + MINUTE_NS) == silent
    assert ticker.at(T0 + 400 * DAY_NS) == silent


def test_trading_goes_on_after_time_jumped_by_days(ticker: RollingTicker) -> None:
    for minute in range(1_000):
        ticker.on_trade(T0 + minute * MINUTE_NS, 500 + minute, 1, 1)
    later_ns = T0 + 30 * DAY_NS
    ticker.on_trade(later_ns, 70, 2, 140)
    assert ticker.at(later_ns) == TickerView(
        last_price=70, last_qty=2, last_time_ns=later_ns, open_price=1_499, high_price=70, low_price=70,
        base_qty=2, quote_amount=140, trade_count=1,
    )  # fmt: skip


def test_another_window_may_be_chosen() -> None:
    ticker = RollingTicker(window_ns=HOUR_NS)
    ticker.on_trade(T0, 100, 1, 100)
    ticker.on_trade(T0 + 30 * MINUTE_NS, 90, 2, 180)
    view = ticker.at(T0 + HOUR_NS + MINUTE_NS)
    assert (view.open_price, view.high_price, view.base_qty) == (100, 90, 2)


@pytest.mark.parametrize("window_ns", [0, -MINUTE_NS, 90 * SECOND_NS])
def test_a_window_that_is_not_whole_minutes_is_refused(window_ns: int) -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        RollingTicker(window_ns=window_ns)


def test_time_that_goes_back_is_a_bug_and_changes_nothing(ticker: RollingTicker) -> None:
    ticker.on_trade(T0, 100, 1, 100)
    ticker.at(T0 + MINUTE_NS)
    before = ticker.at(T0 + 3 * MINUTE_NS)
    with pytest.raises(AssertionError, match="is before the newest minute"):
        ticker.on_trade(T0 + 3 * MINUTE_NS - 1, 90, 1, 90)
    with pytest.raises(AssertionError, match="is before the newest minute"):
        ticker.at(T0 + 2 * MINUTE_NS)
    assert ticker.at(T0 + 3 * MINUTE_NS) == before


def test_seeds_fill_the_window_but_are_no_last_trade(ticker: RollingTicker) -> None:
    ticker.seed(make_candle(T0 - MINUTE_NS, 40, 60, 30, 50, 9))
    ticker.seed(make_candle(T0, 50, 55, 45, 52, 4))
    ticker.seed(make_candle(T0 + 10 * MINUTE_NS, 52, 58, 47, 51, 5))
    assert ticker.at(T0 + DAY_NS) == TickerView(
        last_price=51, last_qty=None, last_time_ns=None, open_price=50, high_price=58, low_price=45,
        base_qty=9, quote_amount=63, trade_count=4,
    )  # fmt: skip


def test_trades_go_on_in_the_minute_of_the_last_seed(ticker: RollingTicker) -> None:
    ticker.seed(make_candle(T0, 50, 55, 45, 52, 4))
    ticker.on_trade(T0 + SECOND_NS, 60, 1, 60)
    assert ticker.at(T0 + MINUTE_NS) == TickerView(
        last_price=60, last_qty=1, last_time_ns=T0 + SECOND_NS, open_price=50, high_price=60, low_price=45,
        base_qty=5, quote_amount=88, trade_count=3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("open_ns", "problem"),
    [
        (T0 + 90 * SECOND_NS, "does not open on a whole minute"),
        (T0, "is not newer than the minute"),
        (T0 - MINUTE_NS, "is not newer than the minute"),
    ],
)
def test_a_seed_out_of_place_is_refused_and_changes_nothing(ticker: RollingTicker, open_ns: int, problem: str) -> None:
    ticker.on_trade(T0, 100, 1, 100)
    before = ticker.at(T0)
    with pytest.raises(ValueError, match=problem):
        ticker.seed(make_candle(open_ns, 50, 55, 45, 52, 4))
    assert ticker.at(T0) == before


def naive_view(trades: list[tuple[int, int, int]], now_ns: int, window_ns: int) -> TickerView:
    """The documented rules, over all trades anew."""
    if not trades:
        return NOTHING_TRADED
    first_ns = now_ns // MINUTE_NS * MINUTE_NS - window_ns
    before = [price for time_ns, price, _ in trades if time_ns < first_ns]
    inside = [trade for trade in trades if trade[0] >= first_ns]
    opening = [price for time_ns, price, _ in inside if time_ns < first_ns + MINUTE_NS]
    last_time_ns, last_price, last_qty = trades[-1]
    if opening:
        open_price = opening[0]
    elif before:
        open_price = before[-1]
    else:
        open_price = inside[0][1]
    return TickerView(
        last_price=last_price,
        last_qty=last_qty,
        last_time_ns=last_time_ns,
        open_price=open_price,
        high_price=max((price for _, price, _ in inside), default=last_price),
        low_price=min((price for _, price, _ in inside), default=last_price),
        base_qty=sum(qty for _, _, qty in inside),
        quote_amount=sum(price * qty for _, price, qty in inside),
        trade_count=len(inside),
    )


@given(
    st.integers(1, 6),
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 20, 59, 60, 61, 180, 300, 100_000]),  # seconds that pass
            st.none() | st.tuples(st.integers(1, 9), st.integers(1, 5)),  # a trade, or a reading
        ),
        max_size=60,
    ),
)
def test_every_reading_is_that_of_all_trades_counted_anew(
    window_minutes: int, steps: list[tuple[int, tuple[int, int] | None]]
) -> None:
    window_ns = window_minutes * MINUTE_NS
    ticker = RollingTicker(window_ns)
    trades: list[tuple[int, int, int]] = []
    now_ns = T0
    for seconds, trade in steps:
        now_ns += seconds * SECOND_NS
        if trade is None:
            assert ticker.at(now_ns) == naive_view(trades, now_ns, window_ns)
        else:
            price, qty = trade
            trades.append((now_ns, price, qty))
            ticker.on_trade(now_ns, price, qty, price * qty)
    assert ticker.at(now_ns) == naive_view(trades, now_ns, window_ns)


def test_the_first_price_is_that_of_the_windows_first_trade_whatever_stood_before_it(ticker: RollingTicker) -> None:
    assert ticker.first_price(T0) is None
    ticker.on_trade(T0, 70, 1, 70)
    ticker.on_trade(T0 + HOUR_NS, 100, 1, 100)
    ticker.on_trade(T0 + 2 * HOUR_NS, 130, 1, 130)

    later_ns = T0 + DAY_NS + MINUTE_NS
    assert ticker.first_price(T0 + 2 * HOUR_NS) == 70
    assert (ticker.first_price(later_ns), ticker.at(later_ns).open_price) == (100, 70)
    assert ticker.first_price(T0 + 3 * DAY_NS) == 130, "nothing has traded since"
