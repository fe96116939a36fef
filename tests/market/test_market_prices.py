"""Fair prices and the draws behind them: bounds, reversion, impact, crosses, and numbers that no platform may change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_rig import BTC_JPY, ETH_BTC, ETH_JPY, START_NS, Terms, make_instrument

from mockex.core.candles import DAY_NS, MINUTE_NS
from mockex.market.draws import about, bell, skewed, stream
from mockex.market.fair_price import (
    HIGHEST_PPB,
    IMPACT_LASTS_NS,
    LARGEST_IMPACT_PPB,
    LOWEST_PPB,
    PPB,
    CrossPrice,
    WalkingPrice,
    find_crosses,
    spread_over,
)

SECOND_NS = 1_000_000_000

# Written down once. A change of these numbers is a change of every world that a seed has ever named.
GOLDEN_BELL = [353, -893, -543, 302, 385, -391, 707, -410]
GOLDEN_SKEWED = [1644, 2725, 2671, 19, 58, 277, 1867, 677]
GOLDEN_ABOUT = [764, 1478, 848, 1286, 500, 664, 719, 1270]


def walking(name: str = "walk") -> WalkingPrice:
    return WalkingPrice(stream("1", name), START_NS)


# --- draws


def test_draws_of_a_named_stream_are_these_numbers_everywhere() -> None:
    rng = stream("1", "golden", "BTC-JPY")

    assert [bell(rng, 1_000) for _ in range(8)] == GOLDEN_BELL
    assert [skewed(rng, 1_000) for _ in range(8)] == GOLDEN_SKEWED
    assert [about(rng, 1_000) for _ in range(8)] == GOLDEN_ABOUT


def test_streams_of_different_names_differ() -> None:
    assert stream("1", "a").getrandbits(64) != stream("1", "b").getrandbits(64)
    assert stream("1", "a").getrandbits(64) != stream("2", "a").getrandbits(64)


def test_bell_draws_have_the_spread_that_was_asked_for() -> None:
    rng = stream("1", "bell")
    draws = [bell(rng, 10_000) for _ in range(20_000)]

    assert abs(sum(draws)) < 200 * len(draws)
    assert 95 * 10**6 < sum(draw * draw for draw in draws) // len(draws) < 105 * 10**6
    assert max(map(abs, draws)) < 35_000


def test_skewed_draws_have_the_mean_that_was_asked_for_and_are_mostly_below_it() -> None:
    rng = stream("1", "skewed")
    draws = [skewed(rng, 10_000) for _ in range(20_000)]

    assert 9_700 * len(draws) < sum(draws) < 10_300 * len(draws)
    assert 0 <= min(draws) <= max(draws) < 40_000
    assert sum(draw < 10_000 for draw in draws) > 11_000


@given(st.integers(1, 10**30), st.integers(0, 2**32))
def test_about_stays_within_half_of_its_value(value: int, seed: int) -> None:
    assert value // 2 <= about(stream(str(seed)), value) <= value * 3 // 2


# --- one fair price


def test_a_fair_price_starts_at_its_reference() -> None:
    assert walking().relative_ppb == PPB


@given(st.lists(st.tuples(st.integers(0, 400 * DAY_NS), st.integers(-(10**12), 10**12)), max_size=40))
def test_a_fair_price_stays_within_its_bounds_whatever_happens(steps: list[tuple[int, int]]) -> None:
    price = walking()
    cross = CrossPrice(price, walking("other"), START_NS)
    now_ns = START_NS
    for passed_ns, pressure_ppb in steps:
        now_ns += passed_ns
        for each in (price, cross):
            each.advance(now_ns)
            each.push(pressure_ppb)
            assert LOWEST_PPB <= each.relative_ppb <= HIGHEST_PPB


def test_a_push_moves_the_price_and_most_of_it_wears_off() -> None:
    """Beside a price of the same stream that nobody pushes, so that the walk itself drops out."""
    pushed, left_alone = walking(), walking()
    pushed.push(8_000_000)
    gaps = [pushed.relative_ppb - left_alone.relative_ppb]
    for second in range(1, 10 * IMPACT_LASTS_NS // SECOND_NS):
        for price in (pushed, left_alone):
            price.advance(START_NS + second * SECOND_NS)
    gaps.append(pushed.relative_ppb - left_alone.relative_ppb)

    assert 7_900_000 < gaps[0] < 8_100_000
    assert 1_700_000 < gaps[1] < 2_300_000


def test_one_push_has_a_limit() -> None:
    price = walking()
    price.push(10**15)

    assert PPB < price.relative_ppb < PPB + 2 * LARGEST_IMPACT_PPB


def test_a_price_does_not_move_without_time() -> None:
    price = walking()
    price.advance(START_NS + MINUTE_NS)
    moved = price.relative_ppb
    price.advance(START_NS + MINUTE_NS)
    price.advance(START_NS)

    assert price.relative_ppb == moved != PPB


def test_a_year_in_one_step_is_no_wilder_than_a_day() -> None:
    moves = []
    for name in map(str, range(200)):
        price = walking(name)
        price.advance(START_NS + 365 * DAY_NS)
        moves.append(abs(price.relative_ppb - PPB))

    assert sum(moves) // len(moves) < spread_over(DAY_NS)
    assert max(moves) > spread_over(DAY_NS) // 2


# --- crosses


def test_a_cross_moves_as_the_ratio_of_its_legs() -> None:
    base, quote = walking("base"), walking("quote")
    cross = CrossPrice(base, quote, START_NS)
    base.push(20_000_000)
    quote.push(-20_000_000)

    assert cross.relative_ppb == base.relative_ppb * PPB // quote.relative_ppb
    assert cross.relative_ppb > PPB


def test_a_push_of_a_cross_leaves_its_legs_alone_and_wears_off() -> None:
    base, quote = walking("base"), walking("quote")
    cross = CrossPrice(base, quote, START_NS)
    cross.push(1_000_000)
    assert cross.relative_ppb == PPB + 1_000_000
    cross.advance(START_NS + IMPACT_LASTS_NS)

    assert [price.relative_ppb for price in (base, quote, cross)] == [PPB] * 3


def priced(*symbols: str) -> list[Terms]:
    return [(symbol, "100", "0.01", "0.01", "0.01") for symbol in symbols]


@pytest.mark.parametrize(
    ("terms", "crosses"),
    [
        ([BTC_JPY, ETH_JPY, ETH_BTC], {"ETH-BTC": ("ETH-JPY", "BTC-JPY")}),
        ([ETH_BTC, ETH_JPY, BTC_JPY], {"ETH-BTC": ("ETH-JPY", "BTC-JPY")}),
        ([BTC_JPY, ETH_JPY], {}),
        ([ETH_BTC, ETH_JPY], {}),
        (priced("B-T", "B-C", "C-T"), {"B-C": ("B-T", "C-T")}),
        # Each of these could be told from the other two; one of them is.
        (priced("A-B", "A-C", "C-B", "B-C"), {"A-B": ("A-C", "B-C")}),
        # A leg is never a cross: C-D and E-D carry C-E, and with it nothing else.
        (priced("C-E", "C-D", "E-D", "C-F", "E-F", "D-F"), {"C-E": ("C-D", "E-D")}),
    ],
)
def test_crosses_are_found_with_their_legs(terms: list[Terms], crosses: dict[str, tuple[str, str]]) -> None:
    assert find_crosses([make_instrument(each) for each in terms]) == crosses
