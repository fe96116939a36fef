"""The market maker's ladder as arithmetic: its shape, what fits it, and touches that never cross; and the sizes it takes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_rig import BTC_JPY, ETH_BTC, ETH_JPY, Terms, make_instrument

from mockex.core.units import Asset, Instrument
from mockex.market.fair_price import HIGHEST_PPB, LOWEST_PPB
from mockex.market.ladder import LadderShape, backstops, fit, most_quoted, priced_at, touches
from mockex.market.sizing import NANO, Sizing, accepted_qty, asset_worths

SHAPE = LadderShape.at(70_000_000 * NANO, 20_000_000)
REFERENCES = st.integers(1, 10**15 * NANO)


@given(REFERENCES, st.integers(1, 40))
def test_levels_stand_apart_by_a_tick_at_least(reference: int, levels: int) -> None:
    shape = LadderShape.at(reference, 1, levels=levels)

    assert shape.offsets[0] == 0
    assert all(nearer < further for nearer, further in zip(shape.offsets, shape.offsets[1:], strict=False))
    assert len(shape.offsets) == len(shape.lowest) == len(shape.highest) == len(shape.sizes) == min(levels, 36)


@given(REFERENCES, st.integers(LOWEST_PPB, HIGHEST_PPB), st.integers(LOWEST_PPB, HIGHEST_PPB))
def test_bids_stay_below_asks_whatever_fair_price_they_were_made_for(reference: int, now: int, before: int) -> None:
    """Touches of one price, old quotes that a new touch still accepts, and backstops: no bid reaches an ask."""
    bid, ask = touches(priced_at(reference, now))
    far_bid, far_ask = backstops(reference)
    slack = -LadderShape.at(reference, 1).lowest[0]

    assert 1 <= far_bid < far_ask
    assert 1 <= bid < ask
    assert bid + slack < ask - slack or slack == 0
    assert far_bid < ask
    assert bid < far_ask
    old_bid, old_ask = touches(priced_at(reference, before))
    if old_bid <= bid + slack and old_ask >= ask - slack:
        assert old_bid < ask
        assert bid < old_ask


def test_a_full_ladder_stays_as_it_is() -> None:
    assert fit(SHAPE.offsets, SHAPE) == (list(range(36)), [], [])


def test_an_empty_ladder_lacks_everything() -> None:
    assert fit([], SHAPE) == ([], [], list(range(36)))


@pytest.mark.parametrize("drift", [-3_000, 3_000, 7_000])
def test_a_small_move_changes_nothing(drift: int) -> None:
    kept, spare, vacant = fit([offset + drift for offset in SHAPE.offsets], SHAPE)

    assert (len(kept), spare, vacant) == (36, [], [])


def test_a_market_that_moves_away_gets_a_new_level_at_the_touch() -> None:
    """By 200 millionths, the first gap: the old touch becomes the second level, and one level further out is too many."""
    gap = SHAPE.offsets[1]
    kept, spare, vacant = fit([offset + gap for offset in SHAPE.offsets], SHAPE)

    assert vacant == [0]
    assert len(spare) <= 1
    assert len(kept) + len(spare) == 36


def test_quotes_better_than_the_touch_are_spare() -> None:
    gap = SHAPE.offsets[1]
    _, spare, _ = fit([-gap, 0, *SHAPE.offsets[1:]], SHAPE)

    assert spare == [0]


@given(st.lists(st.integers(-(10**6), 3 * 10**7), max_size=80).map(sorted))
def test_every_quote_is_kept_or_spare_and_every_slot_served_or_vacant(distances: list[int]) -> None:
    kept, spare, vacant = fit(distances, SHAPE)

    assert sorted(kept + spare) == list(range(len(distances)))
    assert len(kept) + len(vacant) == 36
    assert all(distances[index] >= SHAPE.lowest[0] for index in kept)


@given(st.lists(st.integers(-(10**6), 3 * 10**7), max_size=80).map(sorted))
def test_a_refilled_ladder_is_full(distances: list[int]) -> None:
    kept, _, vacant = fit(distances, SHAPE)
    refilled = sorted([*(distances[index] for index in kept), *(SHAPE.offsets[slot] for slot in vacant)])

    again = fit(refilled, SHAPE)

    assert len(again.vacant) <= len(again.spare) + 1
    assert len(refilled) == 36


def test_the_most_quoted_covers_every_draw_of_sizes() -> None:
    assert most_quoted(20_000_000, 7) == sum(SHAPE.sizes) * 3 // 2 + 7


# --- sizes


def sizing(terms: Terms, quote_worth: str = "1", max_qty: str | None = None) -> Sizing:
    return Sizing.of(make_instrument(terms, max_qty), Decimal(terms[1]), Decimal(quote_worth))


def test_sizes_follow_the_smallest_order_where_that_is_worth_much() -> None:
    """200 times 0.001 BTC a level, a tenth of it an order; 0.2 BTC are 1,400,000 JPY, more than the fixed 20,000."""
    assert sizing(BTC_JPY).level_qty == 20_000_000
    assert sizing(BTC_JPY).trade_qty == 2_000_000


def test_sizes_follow_the_fixed_worth_where_the_smallest_order_is_tiny() -> None:
    terms = ("BTC-USD", "50000", "0.01", "0.00001", "0.00001")

    assert sizing(terms).level_qty == 40_000  # 0.4 BTC are 20,000 USD
    assert sizing(terms).backstop_qty == 40_000_000_000  # 400,000 BTC are 20,000,000,000 USD


def test_sizes_in_another_money_are_worth_as_much() -> None:
    """ETH at 0.05 BTC, a BTC at 50,000: 20,000 are 8 ETH."""
    terms = ("ETH-BTC", "0.05", "0.00001", "0.001", "0.001")

    assert sizing(terms, "50000").level_qty == 8_000


def test_sizes_keep_to_the_largest_quantity() -> None:
    assert sizing(BTC_JPY, max_qty="0.1").level_qty == sizing(BTC_JPY, max_qty="0.1").backstop_qty == 10_000_000


@pytest.mark.parametrize("side", ["max_limit_buy", "max_limit_sell"])
def test_sizes_keep_to_the_largest_quantity_of_either_side(side: str) -> None:
    instrument = make_instrument(BTC_JPY, **{side: Decimal("0.1")})

    assert accepted_qty(instrument, 10**12) == 10_000_000


def test_an_accepted_quantity_is_the_nearest_that_the_instrument_takes() -> None:
    instrument = make_instrument(BTC_JPY, "2")

    assert [accepted_qty(instrument, qty) for qty in (0, 99_999, 100_001, 10**12)] == [
        100_000,
        100_000,
        100_001,
        200_000_000,
    ]


@pytest.mark.parametrize(("price", "worth"), [("0", "1"), ("-1", "1"), ("1", "0")])
def test_nothing_is_worth_nothing(price: str, worth: str) -> None:
    with pytest.raises(ValueError, match="BTC-JPY"):
        Sizing.of(make_instrument(BTC_JPY), Decimal(price), Decimal(worth))


def test_assets_are_worth_what_the_commonest_money_pays_for_them() -> None:
    listed = [(make_instrument(terms), Decimal(terms[1])) for terms in (ETH_BTC, BTC_JPY, ETH_JPY)]

    assert asset_worths(listed) == {"BTC": Decimal(7_000_000), "ETH": Decimal(350_000), "JPY": Decimal(1)}
    assert asset_worths([]) == {}


def test_sizes_are_orders_that_an_instrument_with_a_step_and_a_least_notional_takes() -> None:
    """At 3 dollars a coin, in steps of 0.07: a level is worth 200 of the smallest orders, which are 500 dollars."""
    base, quote = Asset(code="AAA", decimals=18), Asset(code="USD", decimals=20)
    instrument = Instrument.create(
        symbol="AAA-USD",
        base=base,
        quote=quote,
        tick_size=Decimal("0.01"),
        lot_size=Decimal("1E-18"),
        min_qty=Decimal("0.07"),
        qty_step=Decimal("0.07"),
        min_notional=Decimal(500),
    )
    sizes = Sizing.of(instrument, Decimal(3), Decimal(1))

    for qty in (sizes.level_qty, sizes.trade_qty, sizes.backstop_qty):
        assert qty % instrument.qty_step == 0
        assert instrument.notional(300, qty) >= 500 * 10**20
    assert sizes.level_qty * 3 // 10**18 == 99_999  # 200 orders of 500 dollars, in whole steps
    assert accepted_qty(instrument, 10 * instrument.qty_step - 1) == 9 * instrument.qty_step
