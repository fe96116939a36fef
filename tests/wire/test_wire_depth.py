"""The depth window: a client that applies the deltas holds the book's best levels, always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.depth import BucketEdge, DepthDelta, DepthWindow, Level, merge_levels


def window(levels: int, bids: list[Level], asks: list[Level]) -> DepthWindow:
    result = DepthWindow(levels)
    result.reset(bids, asks)
    return result


BIDS: list[Level] = [(100, 5, 1), (99, 7, 2), (98, 1, 1)]
ASKS: list[Level] = [(101, 4, 1), (103, 2, 2), (104, 9, 3)]


def test_an_unchanged_book_gives_an_empty_delta() -> None:
    depth = window(3, BIDS, ASKS)
    delta = depth.advance(list(BIDS), list(ASKS))
    assert delta == DepthDelta([], [])
    assert delta.is_empty


def test_a_changed_quantity_or_order_count_sends_the_level() -> None:
    depth = window(3, BIDS, ASKS)
    delta = depth.advance([(100, 5, 2), (99, 7, 2), (98, 1, 1)], [(101, 3, 1), (103, 2, 2), (104, 9, 3)])
    assert delta == DepthDelta([(100, 5, 2)], [(101, 3, 1)])
    assert not delta.is_empty


def test_a_level_that_left_the_book_is_deleted_and_the_one_that_moves_up_is_sent() -> None:
    depth = window(2, BIDS, ASKS)
    delta = depth.advance([(99, 7, 2), (98, 1, 1)], [(101, 4, 1), (104, 9, 3)])
    assert delta == DepthDelta([(100, 0, 0), (98, 1, 1)], [(103, 0, 0), (104, 9, 3)])


def test_a_level_that_is_pushed_out_of_the_window_is_deleted() -> None:
    depth = window(2, BIDS, ASKS)
    delta = depth.advance([(100, 5, 1), (100 - 1, 7, 2)], [(101, 4, 1), (102, 6, 1)])
    assert delta == DepthDelta([], [(102, 6, 1), (103, 0, 0)])


def test_a_level_beyond_the_window_is_neither_sent_nor_deleted() -> None:
    depth = window(2, BIDS, ASKS)
    assert depth.advance([*BIDS[:2], (98, 77, 7)], [*ASKS[:2], (105, 1, 1)]).is_empty
    assert depth.advance(BIDS[:2], ASKS[:2]).is_empty


def test_the_window_shows_what_subscribers_hold() -> None:
    depth = window(2, BIDS, ASKS)
    assert (depth.bids, depth.asks) == (BIDS[:2], ASKS[:2])
    depth.advance([], [(103, 1, 1)])
    assert (depth.bids, depth.asks) == ([], [(103, 1, 1)])


def test_a_fresh_window_sends_the_whole_book_first() -> None:
    assert DepthWindow(5).advance(BIDS, ASKS) == DepthDelta(BIDS, ASKS)


def test_the_callers_lists_stay_its_own() -> None:
    bids = list(BIDS)
    depth = window(3, bids, ASKS)
    bids.clear()
    depth.bids.clear()
    assert depth.bids == BIDS


def test_a_window_without_levels_is_refused() -> None:
    with pytest.raises(ValueError):
        DepthWindow(0)


sides = st.dictionaries(st.integers(1, 12), st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=12)
books = st.tuples(sides, sides)


def best_first(side: dict[int, tuple[int, int]], *, descending: bool) -> list[Level]:
    return [(price, *side[price]) for price in sorted(side, reverse=descending)]


def apply_delta(held: dict[int, tuple[int, int]], levels: list[Level]) -> None:
    """A strict client: it fails on a deletion of what it does not hold and on an update that changes nothing."""
    for price, qty, orders in levels:
        if qty == 0:
            assert orders == 0
            del held[price]
        else:
            assert held.get(price) != (qty, orders)
            held[price] = (qty, orders)


@given(st.integers(1, 6), st.lists(books, min_size=1, max_size=12), st.booleans())
def test_a_client_that_applies_every_delta_holds_the_true_best_levels(
    levels: int, history: list[tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]]], only_best: bool
) -> None:
    depth = DepthWindow(levels)
    first_bids, first_asks = history[0]
    depth.reset(best_first(first_bids, descending=True), best_first(first_asks, descending=False))
    held_bids = {price: (qty, orders) for price, qty, orders in depth.bids}
    held_asks = {price: (qty, orders) for price, qty, orders in depth.asks}
    for bids, asks in history:
        # Whether the caller cuts the book to the window or leaves that to it makes no difference.
        reach = levels if only_best else len(bids) + len(asks)
        true_bids = best_first(bids, descending=True)[:reach]
        true_asks = best_first(asks, descending=False)[:reach]
        delta = depth.advance(true_bids, true_asks)
        bid_prices = [level[0] for level in delta.bids]
        ask_prices = [level[0] for level in delta.asks]
        assert bid_prices == sorted(set(bid_prices), reverse=True)
        assert ask_prices == sorted(set(ask_prices))
        apply_delta(held_bids, delta.bids)
        apply_delta(held_asks, delta.asks)
        assert best_first(held_bids, descending=True) == depth.bids == true_bids[:levels]
        assert best_first(held_asks, descending=False) == depth.asks == true_asks[:levels]


def test_asks_merge_upwards() -> None:
    # okj§8: 3993.2 x 0.41600068 (1) and 3993.4 x 1.24807818 (3) at depth 0.5 give 3993.5 x 1.66407886 (4).
    asks: list[Level] = [(39932, 41600068, 1), (39934, 124807818, 3)]
    assert merge_levels(asks, 5, BucketEdge.CEILING) == [(39935, 166407886, 4)]


def test_bids_merge_downwards() -> None:
    bids: list[Level] = [(39934, 1, 1), (39932, 2, 1), (39930, 4, 2), (39929, 8, 1)]
    assert merge_levels(bids, 5, BucketEdge.FLOOR) == [(39930, 7, 4), (39925, 8, 1)]


def test_a_price_on_the_edge_stays_there() -> None:
    assert merge_levels([(40, 1, 1)], 5, BucketEdge.FLOOR) == [(40, 1, 1)]
    assert merge_levels([(40, 1, 1)], 5, BucketEdge.CEILING) == [(40, 1, 1)]


def test_merging_nothing_gives_nothing_and_a_bucket_of_one_tick_changes_nothing() -> None:
    assert merge_levels([], 5, BucketEdge.FLOOR) == []
    assert merge_levels(ASKS, 1, BucketEdge.CEILING) == ASKS


@pytest.mark.parametrize("bucket_ticks", [0, -5])
def test_a_bucket_must_be_positive(bucket_ticks: int) -> None:
    with pytest.raises(ValueError):
        merge_levels(ASKS, bucket_ticks, BucketEdge.CEILING)


@given(sides, st.integers(1, 5), st.sampled_from(BucketEdge))
def test_merging_keeps_every_lot_and_order_and_never_improves_a_price(
    side: dict[int, tuple[int, int]], bucket_ticks: int, edge: BucketEdge
) -> None:
    is_bids = edge is BucketEdge.FLOOR
    levels = best_first(side, descending=is_bids)
    merged = merge_levels(levels, bucket_ticks, edge)
    prices = [level[0] for level in merged]
    assert all(price % bucket_ticks == 0 for price in prices)
    assert prices == sorted(set(prices), reverse=is_bids)
    for price, qty, orders in merged:
        reach = range(price, price + bucket_ticks) if is_bids else range(price - bucket_ticks + 1, price + 1)
        inside = [side[p] for p in reach if p in side]
        assert (qty, orders) == (sum(q for q, _ in inside), sum(o for _, o in inside))
    assert sum(level[1] for level in merged) == sum(qty for qty, _ in side.values())
