"""The past of a live market: candles of every width, a ticker of a day, and a path that ends where trading begins."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_rig import BTC_JPY, BUCKETS, DAYS, ETH_BTC, ETH_JPY, MINUTES, START_NS, LiveRig

from mockex.core.candles import DAY_NS, HOUR_NS, MINUTE_NS, BucketSpec, Candle, FixedBuckets
from mockex.market.history import timeline

HOURS = FixedBuckets(width_ns=HOUR_NS)
QUARTERS = FixedBuckets(width_ns=15 * MINUTE_NS)

THREE = (BTC_JPY, ETH_JPY, ETH_BTC)


@pytest.fixture(scope="module")
def rig() -> LiveRig:
    return LiveRig(*THREE)


def candles(rig: LiveRig, spec: BucketSpec, symbol: str = "BTC-JPY") -> list[Candle]:
    """Oldest first."""
    return rig.market(symbol).candles.candles(spec, limit=10_000)[::-1]


@given(st.integers(0, 5 * 10**18))
def test_the_timeline_has_no_gaps_and_ends_at_the_running_minute(now_ns: int) -> None:
    slots = timeline(now_ns)

    for slot, following in itertools.pairwise(slots):
        assert slot.open_ns + slot.width_ns == following.open_ns
        assert slot.width_ns >= following.width_ns
        assert slot.open_ns % slot.width_ns == 0
    if slots:
        assert slots[0].open_ns >= 0
        assert slots[-1].open_ns + slots[-1].width_ns == now_ns - now_ns % MINUTE_NS


def test_the_timeline_reaches_back_years_and_shows_the_last_hours_by_the_minute() -> None:
    slots = timeline(START_NS)

    assert START_NS - slots[0].open_ns >= 3 * 365 * DAY_NS
    assert sum(slot.width_ns == MINUTE_NS for slot in slots) >= 200
    assert len([slot for slot in slots if slot.width_ns == DAY_NS]) >= 80


@pytest.mark.parametrize("symbol", ["BTC-JPY", "ETH-JPY", "ETH-BTC"])
@pytest.mark.parametrize("spec", BUCKETS, ids=repr)
def test_every_width_has_candles_from_before_the_start(rig: LiveRig, spec: BucketSpec, symbol: str) -> None:
    rows = candles(rig, spec, symbol)

    assert len(rows) >= 4
    for candle in rows:
        assert 1 <= candle.low <= min(candle.open, candle.close)
        assert max(candle.open, candle.close) <= candle.high
        assert candle.trade_count > 0
        instrument = rig.market(symbol).instrument
        assert instrument.notional(candle.low, candle.base_qty) <= candle.quote_amount
        assert candle.quote_amount <= instrument.notional(candle.high, candle.base_qty)


@pytest.mark.parametrize("spec", BUCKETS, ids=repr)
def test_a_candle_opens_where_the_one_before_closed(rig: LiveRig, spec: BucketSpec) -> None:
    rows = candles(rig, spec)
    past = [candle for candle in rows if candle.open_ns < START_NS - START_NS % MINUTE_NS]

    assert all(later.open == earlier.close for earlier, later in itertools.pairwise(past))


def test_the_last_minutes_have_no_gaps(rig: LiveRig) -> None:
    rows = candles(rig, MINUTES)[-200:]

    assert {later.open_ns - earlier.open_ns for earlier, later in itertools.pairwise(rows)} == {MINUTE_NS}
    assert rows[-1].open_ns == START_NS - START_NS % MINUTE_NS


@pytest.mark.parametrize(("spec", "days"), [(QUARTERS, 1), (HOURS, 5), (DAYS, 85)], ids=["quarters", "hours", "days"])
def test_wider_candles_reach_further_without_gaps(rig: LiveRig, spec: FixedBuckets, days: int) -> None:
    rows = [candle for candle in candles(rig, spec) if candle.open_ns > START_NS - days * DAY_NS]

    assert {later.open_ns - earlier.open_ns for earlier, later in itertools.pairwise(rows)} == {spec.width_ns}
    assert len(rows) >= days * DAY_NS // spec.width_ns - 1


def test_no_day_counts_more_trading_than_a_day_holds(rig: LiveRig) -> None:
    """A trade a second, whatever spans meet in the day; the first trades come on top."""
    assert max(candle.trade_count for candle in candles(rig, DAYS)) <= 86_400 + 100


def test_narrow_candles_add_up_to_wide_ones(rig: LiveRig) -> None:
    hour = candles(rig, HOURS)[-2]
    minutes = [candle for candle in candles(rig, MINUTES) if hour.open_ns <= candle.open_ns < hour.open_ns + HOUR_NS]

    assert len(minutes) == 60
    assert hour.open == minutes[0].open
    assert hour.close == minutes[-1].close
    assert hour.high == max(minute.high for minute in minutes)
    assert hour.low == min(minute.low for minute in minutes)
    assert hour.base_qty == sum(minute.base_qty for minute in minutes)
    assert hour.quote_amount == sum(minute.quote_amount for minute in minutes)


def test_prices_of_the_past_stay_near_each_other_from_minute_to_minute(rig: LiveRig) -> None:
    for candle in candles(rig, MINUTES)[-200:]:
        assert (candle.high - candle.low) * 100 < candle.low


def test_the_ticker_looks_back_on_a_whole_day(rig: LiveRig) -> None:
    for symbol in rig.references:
        market = rig.market(symbol)
        view = market.ticker.at(START_NS)
        day_before = START_NS - DAY_NS
        rows = [candle for candle in candles(rig, MINUTES, symbol) if candle.open_ns >= day_before - day_before % MINUTE_NS]
        assert view.high_price == max(candle.high for candle in rows)
        assert view.low_price == min(candle.low for candle in rows)
        assert view.open_price == rows[0].open
        assert view.base_qty == sum(candle.base_qty for candle in rows)
        assert view.last_price == rig.last_price(symbol)
        assert 80_000 < view.trade_count < 87_000


def test_a_cross_has_always_stood_at_the_ratio_of_its_legs(rig: LiveRig) -> None:
    btc, eth, cross = (candles(rig, DAYS, symbol) for symbol in ("BTC-JPY", "ETH-JPY", "ETH-BTC"))

    for in_btc, in_jpy, one_btc in zip(cross, eth, btc, strict=True):
        # In ticks: ETH in 0.01 JPY over BTC in 0.1 JPY, in 0.00001 BTC.
        assert abs(in_btc.open * one_btc.open - in_jpy.open * 10_000) <= 2 * one_btc.open


def test_the_past_has_no_trades_of_its_own(rig: LiveRig) -> None:
    assert min(trade.time_ns for trade in rig.market().trades) == START_NS
    assert rig.market().trades[0].trade_id == 1


def test_trading_continues_the_newest_candles(rig: LiveRig) -> None:
    first_trades = candles(rig, MINUTES)[-1]

    assert first_trades.trade_count == len(rig.market().trades)
    assert candles(rig, DAYS)[-1].close == rig.last_price()


def test_another_seed_remembers_another_past(rig: LiveRig) -> None:
    assert candles(LiveRig(*THREE, seed="2"), DAYS) != candles(rig, DAYS)


def test_a_world_of_the_first_days_of_the_epoch_has_a_past_from_the_epoch_on() -> None:
    rig = LiveRig(start_ns=3 * DAY_NS)

    assert candles(rig, MINUTES)[0].open_ns >= 0
    rig.assert_sound()
