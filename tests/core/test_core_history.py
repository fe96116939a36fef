"""Logs and indexes by id: order, paging in both directions, filters and retention."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.core.history import IdIndex, Log

AnyHistory = Log[str] | IdIndex[str]


def make_log(*ids: int) -> Log[str]:
    """A log of rows named after their ids; row n was made at n seconds, counted in tens."""
    log: Log[str] = Log()
    for row_id in ids:
        log.append(row_id, row_id * 10, f"row {row_id}")
    return log


def made_ns(row: str) -> int:
    return int(row.removeprefix("row ")) * 10


def make_index(*ids: int) -> IdIndex[str]:
    index: IdIndex[str] = IdIndex(made_ns)
    for row_id in ids:
        index.add(row_id, f"row {row_id}")
    return index


@pytest.fixture(params=[make_log, make_index], ids=["log", "index"])
def make(request: pytest.FixtureRequest) -> Callable[..., AnyHistory]:
    factory: Callable[..., AnyHistory] = request.param
    return factory


def rows(*ids: int) -> list[str]:
    return [f"row {row_id}" for row_id in ids]


def test_a_page_is_newest_first_and_at_most_limit_long(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2, 5, 9)
    assert history.page(limit=3) == rows(9, 5, 2)
    assert history.page(limit=100) == rows(9, 5, 2, 1)
    assert history.newest(2) == rows(9, 5)


def test_an_empty_history_has_empty_pages(make: Callable[..., AnyHistory]) -> None:
    history = make()
    assert len(history) == 0
    assert history.page(limit=10) == []
    assert history.page(older_than=5, newer_than=1, limit=10, where=bool) == []


def test_older_than_is_exclusive(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2, 5, 9)
    assert history.page(older_than=5, limit=10) == rows(2, 1)
    assert history.page(older_than=6, limit=2) == rows(5, 2)
    assert history.page(older_than=1, limit=10) == []


def test_newer_than_is_exclusive(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2, 5, 9)
    assert history.page(newer_than=2, limit=10) == rows(9, 5)
    assert history.page(newer_than=3, limit=10) == rows(9, 5)
    assert history.page(newer_than=9, limit=10) == []


def test_when_more_rows_are_newer_than_the_limit_the_newest_are_given(
    make: Callable[..., AnyHistory],
) -> None:
    assert make(1, 2, 3, 4, 5).page(newer_than=1, limit=2) == rows(5, 4)


def test_both_ends_together_are_an_open_interval(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2, 3, 4, 5)
    assert history.page(older_than=5, newer_than=1, limit=10) == rows(4, 3, 2)
    assert history.page(older_than=5, newer_than=1, limit=2) == rows(4, 3)
    assert history.page(older_than=3, newer_than=2, limit=10) == []


def test_an_interval_that_is_upside_down_is_empty(make: Callable[..., AnyHistory]) -> None:
    """okj§2 [B]: `before=1000&after=500` returns 200 and an empty list."""
    history = make(*range(100, 2_000, 100))
    assert history.page(older_than=500, newer_than=1_000, limit=10) == []
    assert history.page(older_than=500, newer_than=1_000, limit=10, where=bool) == []
    assert history.page(older_than=500, newer_than=500, limit=10) == []


def test_where_skips_rows_that_do_not_count_towards_the_limit(make: Callable[..., AnyHistory]) -> None:
    history = make(11, 20, 31, 40, 51)
    assert history.page(limit=2, where=lambda row: row.endswith("1")) == rows(51, 31)
    assert history.page(limit=9, older_than=51, newer_than=11, where=lambda row: row.endswith("1")) == rows(31)


def test_where_is_asked_about_no_more_rows_than_the_page_needs(make: Callable[..., AnyHistory]) -> None:
    asked: list[str] = []

    def even(row: str) -> bool:
        asked.append(row)
        return int(row.removeprefix("row ")) % 2 == 0

    assert make(*range(1, 1_000)).page(older_than=100, limit=2, where=even) == rows(98, 96)
    assert asked == rows(99, 98, 97, 96)


def test_a_span_of_time_includes_both_its_ends(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2, 5, 9)
    assert history.page(span_ns=(20, 50), limit=10) == rows(5, 2)
    assert history.page(span_ns=(21, 49), limit=10) == []
    assert history.page(span_ns=(0, 20), limit=10) == rows(2, 1)
    assert history.page(span_ns=(50, 1_000), limit=1) == rows(9)
    assert history.page(span_ns=(91, 1_000), limit=10) == history.page(span_ns=(0, 9), limit=10) == []
    assert history.page(span_ns=(50, 20), limit=10) == [], "upside down"


def test_a_span_of_time_and_bounds_of_ids_are_kept_together(make: Callable[..., AnyHistory]) -> None:
    history = make(*range(1, 10))
    assert history.page(span_ns=(30, 70), older_than=6, limit=10) == rows(5, 4, 3)
    assert history.page(span_ns=(30, 70), newer_than=5, limit=10) == rows(7, 6)
    assert history.page(span_ns=(30, 70), newer_than=4, older_than=6, limit=10) == rows(5)
    assert history.page(span_ns=(30, 70), newer_than=1, older_than=9, limit=2) == rows(7, 6)
    assert history.page(span_ns=(30, 70), older_than=3, limit=10) == []
    assert history.page(span_ns=(30, 70), newer_than=8, limit=10) == []


def test_nobody_looks_at_rows_outside_of_a_span(make: Callable[..., AnyHistory]) -> None:
    asked: list[str] = []

    def never(row: str) -> bool:
        asked.append(row)
        return False

    assert make(*range(1, 1_000)).page(span_ns=(500, 520), limit=9, where=never) == []
    assert asked == rows(52, 51, 50)


@given(st.lists(st.integers(0, 20), unique=True), st.integers(0, 210), st.integers(0, 210), st.integers(0, 20))
def test_a_span_of_a_log_is_that_of_an_index(ids: list[int], first_ns: int, last_ns: int, older_than: int) -> None:
    log, index = make_log(*sorted(ids)), make_index(*ids)
    span_ns = (first_ns, last_ns)
    within = [row_id for row_id in sorted(ids, reverse=True) if first_ns <= row_id * 10 <= last_ns and row_id < older_than]
    assert log.page(span_ns=span_ns, older_than=older_than, limit=7) == rows(*within[:7])
    assert index.page(span_ns=span_ns, older_than=older_than, limit=7) == rows(*within[:7])


@given(
    st.lists(st.integers(0, 20), unique=True),
    st.none() | st.tuples(st.integers(0, 210), st.integers(0, 210)),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
    st.sampled_from([None, {0, 1}]),
)
def test_the_oldest_are_given_from_the_oldest_on(
    ids: list[int],
    span_ns: tuple[int, int] | None,
    older_than: int | None,
    newer_than: int | None,
    thirds: set[int] | None,
) -> None:
    where = None if thirds is None else lambda row: made_ns(row) // 10 % 3 in thirds
    within = [
        row_id
        for row_id in sorted(ids)
        if (span_ns is None or span_ns[0] <= row_id * 10 <= span_ns[1])
        and (older_than is None or row_id < older_than)
        and (newer_than is None or row_id > newer_than)
        and (thirds is None or row_id % 3 in thirds)
    ]
    for history in (make_log(*sorted(ids)), make_index(*ids)):
        page = history.page(
            span_ns=span_ns, older_than=older_than, newer_than=newer_than, limit=7, where=where, oldest_first=True
        )
        assert page == rows(*within[:7])


def test_a_limit_of_zero_gives_nothing_and_a_negative_one_is_refused(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2)
    assert history.page(limit=0) == []
    assert history.page(limit=0, where=bool) == []
    with pytest.raises(ValueError, match="limit -1 is negative"):
        history.page(limit=-1)
    with pytest.raises(ValueError, match="limit -1 is negative"):
        history.newest(-1)


def test_following_the_oldest_id_of_each_page_visits_every_row_once(make: Callable[..., AnyHistory]) -> None:
    history = make(*range(3, 300, 7))
    visited: list[str] = []
    page = history.page(limit=10)
    while page:
        visited += page
        page = history.page(older_than=int(page[-1].removeprefix("row ")), limit=10)
    assert visited == rows(*reversed(range(3, 300, 7)))


def test_a_page_is_a_copy(make: Callable[..., AnyHistory]) -> None:
    history = make(1, 2)
    history.page(limit=10).clear()
    assert history.page(limit=10) == rows(2, 1)


@pytest.mark.parametrize("row_id", [4, 5])
def test_a_log_refuses_an_id_that_does_not_ascend(row_id: int) -> None:
    log = make_log(1, 5)
    with pytest.raises(AssertionError, match=f"row id {row_id} does not follow 5"):
        log.append(row_id, 1_000, "late")
    assert log.page(limit=10) == rows(5, 1)


def test_a_log_refuses_a_time_that_goes_back() -> None:
    log = make_log(1, 5)
    with pytest.raises(AssertionError, match="time 49 of row 6 is before 50"):
        log.append(6, 49, "late")
    assert log.page(limit=10) == rows(5, 1)
    assert log.since(0) == rows(5, 1)


def test_a_log_gives_the_rows_since_a_time_newest_first() -> None:
    log = make_log(1, 2, 3)
    log.append(4, 30, "row 4")
    assert log.since(30) == rows(4, 3)
    assert log.since(21) == rows(4, 3)
    assert log.since(20) == rows(4, 3, 2)
    assert log.since(0) == rows(4, 3, 2, 1)
    assert log.since(31) == []


def test_trimming_drops_the_rows_before_a_time_and_keeps_those_at_it() -> None:
    log = make_log(1, 2, 3, 4)
    log.trim(30)
    assert len(log) == 2
    assert log.page(limit=10) == rows(4, 3)
    assert log.page(older_than=4, limit=10) == rows(3)
    assert log.page(newer_than=0, limit=10, where=bool) == rows(4, 3)
    assert log.since(0) == rows(4, 3)
    log.trim(30)
    assert len(log) == 2


def test_ids_keep_ascending_after_every_row_was_trimmed() -> None:
    log = make_log(*range(1, 101))
    log.trim(1_001)
    assert len(log) == 0
    assert log.page(limit=10) == []
    with pytest.raises(AssertionError, match="row id 100 does not follow 100"):
        log.append(100, 1_000, "again")
    log.append(101, 1_010, "row 101")
    assert log.page(limit=10) == rows(101)


def test_a_trimmed_log_lets_go_of_its_rows() -> None:
    """Retention bounds memory: a log that runs for long holds less than twice what it keeps."""
    alive = 0

    class Row:
        def __init__(self) -> None:
            nonlocal alive
            alive += 1

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    log: Log[Row] = Log()
    most_alive = 0
    for row_id in range(10_000):
        log.append(row_id, row_id, Row())
        log.trim(row_id - 99)
        most_alive = max(most_alive, alive)
    assert len(log) == 100
    assert most_alive <= 201


@given(st.data())
def test_a_log_behaves_like_a_plain_list(data: st.DataObject) -> None:
    log: Log[int] = Log()
    model: list[tuple[int, int]] = []
    ids = count(1)
    time_ns = 0
    for _ in range(data.draw(st.integers(0, 200))):
        row_id = next(ids) * 3
        time_ns += data.draw(st.integers(0, 3))
        log.append(row_id, time_ns, row_id)
        model.append((row_id, time_ns))
        if data.draw(st.integers(0, 9)) == 0:
            before_ns = data.draw(st.integers(0, time_ns + 1))
            log.trim(before_ns)
            model = [row for row in model if row[1] >= before_ns]
    bound = st.none() | st.integers(0, 620)
    older_than, newer_than, limit = data.draw(bound), data.draw(bound), data.draw(st.integers(0, 30))
    expected = [
        row_id
        for row_id, _ in reversed(model)
        if (older_than is None or row_id < older_than) and (newer_than is None or row_id > newer_than)
    ]
    assert len(log) == len(model)
    assert log.page(older_than=older_than, newer_than=newer_than, limit=limit) == expected[:limit]
    odd = [row_id for row_id in expected if row_id % 2][:limit]
    assert log.page(older_than=older_than, newer_than=newer_than, limit=limit, where=lambda n: n % 2 == 1) == odd
    since_ns = data.draw(st.integers(0, time_ns + 1))
    assert log.since(since_ns) == [row_id for row_id, at_ns in reversed(model) if at_ns >= since_ns]


def test_an_index_takes_ids_in_any_order() -> None:
    assert make_index(5, 1, 9, 2).page(limit=10) == rows(9, 5, 2, 1)


def test_rows_leave_an_index_from_the_middle() -> None:
    index = make_index(1, 2, 5, 9)
    index.discard(5)
    assert 5 not in index
    assert 2 in index
    assert len(index) == 3
    assert index.page(newer_than=1, limit=10) == rows(9, 2)


def test_discarding_an_id_that_is_not_there_changes_nothing() -> None:
    index = make_index(1, 2)
    index.discard(3)
    assert index.page(limit=10) == rows(2, 1)


def test_adding_an_id_again_replaces_its_row() -> None:
    index = make_index(1, 2, 3)
    index.add(2, "newer row 2")
    assert index.page(limit=10) == ["row 3", "newer row 2", "row 1"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20))), st.integers(0, 20), st.integers(0, 20))
def test_an_index_behaves_like_a_dictionary_that_is_sorted_for_each_page(
    changes: list[tuple[bool, int]], older_than: int, newer_than: int
) -> None:
    index: IdIndex[str] = IdIndex()
    model: dict[int, str] = {}
    for adds, row_id in changes:
        if adds:
            index.add(row_id, f"row {row_id}")
            model[row_id] = f"row {row_id}"
        else:
            index.discard(row_id)
            model.pop(row_id, None)
    between = [row_id for row_id in sorted(model, reverse=True) if newer_than < row_id < older_than]
    assert index.page(older_than=older_than, newer_than=newer_than, limit=7) == rows(*between[:7])
