"""Pages by id."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.paging import OverLimit, PageMarks, PageRequest, page_limit, take_page

NEWEST_FIRST = list(range(1_000, 0, -1))


def page(**request: int) -> list[int]:
    return take_page(NEWEST_FIRST, PageRequest(**request), row_id=int)


def test_without_bounds_a_page_holds_the_newest_rows() -> None:
    assert page(limit=3) == [1_000, 999, 998]


def test_older_than_excludes_its_own_id() -> None:
    assert page(limit=2, older_than=500) == [499, 498]


def test_newer_than_excludes_its_own_id() -> None:
    assert page(limit=10, newer_than=998) == [1_000, 999]


def test_more_newer_rows_than_the_limit_gives_the_newest_ones() -> None:
    assert page(limit=2, newer_than=500) == [1_000, 999]


def test_both_bounds_give_the_open_interval() -> None:
    assert page(limit=10, newer_than=500, older_than=503) == [502, 501]


def test_crossed_bounds_give_an_empty_page() -> None:
    assert page(limit=10, newer_than=1_000, older_than=500) == []


def test_a_page_reads_no_further_than_it_must() -> None:
    def rows() -> Iterator[int]:
        yield from (5, 4, 3)
        raise AssertionError("read too far")

    assert take_page(rows(), PageRequest(limit=2), row_id=int) == [5, 4]
    assert take_page(rows(), PageRequest(limit=9, newer_than=3), row_id=int) == [5, 4]


bounds = st.none() | st.integers(0, 12)


@given(st.sets(st.integers(0, 12)), bounds, bounds, st.integers(1, 15))
def test_a_page_is_the_newest_part_of_the_interval(
    ids: set[int], older_than: int | None, newer_than: int | None, limit: int
) -> None:
    request = PageRequest(older_than=older_than, newer_than=newer_than, limit=limit)
    inside = [
        i
        for i in sorted(ids, reverse=True)
        if (older_than is None or i < older_than) and (newer_than is None or i > newer_than)
    ]
    assert take_page(sorted(ids, reverse=True), request, row_id=int) == inside[:limit]


def test_marks_are_the_first_and_last_id_of_a_page() -> None:
    assert PageMarks.of([9, 7, 4]) == PageMarks(newest=9, oldest=4)
    assert PageMarks.of([9]) == PageMarks(newest=9, oldest=9)
    assert PageMarks.of([]) is None


@pytest.mark.parametrize(
    ("requested", "over", "expected"),
    [
        (None, OverLimit.CLAMP, 50),
        (None, OverLimit.REFUSE, 50),
        (1, OverLimit.REFUSE, 1),
        (100, OverLimit.REFUSE, 100),
        (101, OverLimit.CLAMP, 100),
        (10**30, OverLimit.CLAMP, 100),
    ],
)
def test_a_limit_is_defaulted_and_clamped(requested: int | None, over: OverLimit, expected: int) -> None:
    assert page_limit(requested, default=50, maximum=100, over=over) == expected


@pytest.mark.parametrize(
    ("requested", "over", "broken"),
    [(101, OverLimit.REFUSE, "100"), (0, OverLimit.CLAMP, "1"), (-1, OverLimit.REFUSE, "1")],
)
def test_a_limit_out_of_range_is_refused_with_the_limit_it_breaks(requested: int, over: OverLimit, broken: str) -> None:
    with pytest.raises(ApiFault) as caught:
        page_limit(requested, default=50, maximum=100, over=over)
    assert caught.value.kind is FaultKind.PARAM_VALUE
    assert caught.value.detail == {"field": "limit", "value": str(requested), "limit": broken}
