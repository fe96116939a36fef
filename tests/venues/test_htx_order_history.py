"""Lists of HTX's past orders by time: spans, their bounds, and the history in pieces (htx§3.4)."""

from __future__ import annotations

import pytest
from fixture_shapes import deviations
from htx_order_lists import ORDERS, ids_of, varied_bench
from htx_support import DAY, HOUR, MINUTE, MS, Bench
from mockex.fixtures import load

HISTORY = "/v1/order/history"


# --- spans of time


def spaced_bench() -> tuple[Bench, list[int], int]:
    """Open orders 12 hours apart, the last 6 days; oldest first. And the time of the newest, in ms."""
    bench = Bench()
    ids = []
    for index in range(13):
        if index:
            bench.clock.advance(12 * HOUR)
        ids.append(bench.place_id("buy-limit", "1", "100"))
    return bench, ids, bench.now_ms


HOUR_MS, DAY_MS = 3_600_000, 86_400_000


@pytest.mark.parametrize("path", [ORDERS, HISTORY])
@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (None, None, 8, 12),  # the last 48 hours
        (-144, None, 0, 4),  # 48 hours from its start
        (None, -96, 0, 4),  # 48 hours to its end
        (-48, 0, 8, 12),
        (-48, -24, 8, 10),
        (-49, -25, 8, 9),
        (0, 0, 12, 12),
        (-24, 100, None, None),
        (-24, 24, 10, 12),
    ],
)
def test_a_span_has_both_its_ends_and_48_hours_at_most(
    path: str, start: int | None, end: int | None, first: int | None, last: int | None
) -> None:
    bench, ids, now_ms = spaced_bench()
    params = {
        name: str(now_ms + hours * HOUR_MS) for name, hours in (("start-time", start), ("end-time", end)) if hours is not None
    }
    if path == ORDERS:
        params |= {"symbol": "btcusdt", "states": "submitted"}

    reply = bench.read(path, params)

    if first is None or last is None:
        assert reply.error[1] == "invalid-interval"
    else:
        assert [row["id"] for row in reply.body["data"]] == ids[first : last + 1][::-1]


@pytest.mark.parametrize("path", [ORDERS, HISTORY])
def test_a_span_counts_whole_milliseconds(path: str) -> None:
    bench = Bench()
    bench.clock.advance(999_999)
    order_id = bench.place_id("buy-limit", "1", "100")
    given = {"symbol": "btcusdt", "states": "submitted"} if path == ORDERS else {}
    shown = bench.read(f"{ORDERS}/{order_id}").body["data"]["created-at"]

    def found(start: int, end: int) -> list[int]:
        data = bench.read(path, given | {"start-time": str(start), "end-time": str(end)}).body["data"]
        return [row["id"] for row in data]

    assert found(shown, shown) == [order_id]
    assert found(shown - 5, shown - 1) == []
    bench.clock.advance(MINUTE)
    assert found(shown + 1, shown + 5) == []
    assert found(shown, shown + 2 * DAY_MS) == [order_id]
    assert bench.read(path, given | {"start-time": str(shown), "end-time": str(shown + 2 * DAY_MS + 1)}).error[1] == (
        "invalid-interval"
    )


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"start-time": "x"}, "invalid-start-time"),
        ({"start-time": "-1"}, "invalid-start-time"),
        ({"start-time": "9" * 16}, "invalid-start-time"),
        ({"start-time": "1707966245679"}, "invalid-start-time"),  # a millisecond from now
        ({"end-time": "x"}, "invalid-end-time"),
        ({"end-time": "1.5"}, "invalid-end-time"),
        ({"start-date": "2024-2-15"}, "invalid-start-date"),
        ({"start-date": "2024-02-30"}, "invalid-start-date"),
        ({"start-date": "2024-02-16"}, "invalid-start-date"),  # begins at 16:00 today
        ({"end-date": "x"}, "invalid-end-date"),
        ({"start-time": "1707966245678", "end-time": "1707966245677"}, "invalid-interval"),
        ({"start-date": "2024-02-13", "end-date": "2024-02-15"}, "invalid-interval"),
        ({"start-time": str(1_707_966_245_678 - 180 * DAY_MS - 1)}, "order-date-limit-error"),
        ({"start-date": "2001-01-01"}, "order-date-limit-error"),
        ({"start-date": "0001-01-01"}, "order-date-limit-error"),
    ],
    ids=str,
)
def test_a_time_that_makes_no_sense_is_named(params: dict[str, str], code: str) -> None:
    bench = Bench()

    assert bench.read(ORDERS, {"symbol": "btcusdt", "states": "filled", **params}).error[1] == code
    assert bench.read(HISTORY, params).error[1] == code


def test_180_days_back_is_as_far_as_a_list_reaches() -> None:
    bench = Bench()
    bench.trade("100", "1")
    bench.clock.advance(180 * DAY - 1)
    start = str(bench.now_ms - 180 * DAY_MS + 1)

    assert len(ids_of(bench, states="filled", start_time=start)) == 1
    bench.clock.advance(DAY)
    assert ids_of(bench, states="filled", start_time=str(bench.now_ms - 179 * DAY_MS)) == []


def test_dates_are_days_of_utc_8() -> None:
    """The bench's day of 2024-02-15 began at 16:00 of the 14th in UTC."""
    bench = Bench(start="2024-02-14T15:59:59.999Z")
    before = bench.place_id("buy-limit", "1", "100")
    bench.clock.advance(10**6)
    within = bench.place_id("buy-limit", "1", "100")
    bench.clock.advance(24 * HOUR)
    after = bench.place_id("buy-limit", "1", "100")

    assert ids_of(bench, start_date="2024-02-15", end_date="2024-02-15") == [within]
    assert ids_of(bench, start_date="2024-02-14", end_date="2024-02-15") == [within, before]
    assert ids_of(bench, start_date="2024-02-15") == [after, within]
    assert ids_of(bench, start_date="2024-02-14", start_time=str(bench.now_ms)) == [after], "milliseconds win"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, ("validation-constraints-required", "Field is missing: symbol.")),
        ({"symbol": "btcusdt"}, ("validation-constraints-required", "Field is missing: states.")),
        ({"symbol": "x", "states": "x"}, ("base-symbol-error", "The symbol is invalid")),
        ({"symbol": "btcusdt", "states": "rejected"}, ("base-argument-unsupported",)),
        ({"symbol": "btcusdt", "states": "filled,"}, ("base-argument-unsupported",)),
        ({"symbol": "btcusdt", "states": "filled", "types": "limit"}, ("order-type-invalid",)),
        ({"symbol": "btcusdt", "states": "filled", "size": "101"}, ("base-argument-unsupported",)),
        ({"symbol": "btcusdt", "states": "filled", "size": "0"}, ("base-argument-unsupported",)),
        ({"symbol": "btcusdt", "states": "filled", "from": "x"}, ("validation-format-error", "Format Error: from.")),
        ({"symbol": "btcusdt", "states": "filled", "direct": "x"}, ("base-argument-unsupported",)),
    ],
    ids=str,
)
def test_a_parameter_that_is_missing_or_out_of_its_range_is_named(params: dict[str, str], error: tuple[str, ...]) -> None:
    assert Bench().read(ORDERS, params).error[1 : 1 + len(error)] == error


def test_the_query_of_another_client_is_answered() -> None:
    fixture = load("htx", "rest/orders")["requests"][0]
    bench = Bench(start="2021-08-22T07:00:00Z")
    query = dict(pair.split("=") for pair in fixture["query"].replace("%2C", ",").replace("polyusdt", "btcusdt").split("&"))

    assert bench.read(fixture["path"], query).body == {"status": "ok", "data": []}


# --- the history


def test_the_history_has_the_shape_of_the_examples_and_all_symbols_and_states() -> None:
    bench, ids = varied_bench()
    eth = bench.place_id("buy-limit", "1", "3000", symbol="ethusdt")

    body = bench.read(HISTORY).body

    assert [row["id"] for row in body["data"]] == [eth, *list(ids.values())[::-1]]
    plain = [{name: row[name] for name in row.keys() - {"stop-price", "operator"}} for row in body["data"]]
    assert deviations(body | {"data": plain}, load("htx", "rest/order_history")["fields"]) == []
    assert "next-time" not in body
    assert ids_of(bench, HISTORY, symbol="ethusdt") == [eth]


def pieces(bench: Bench, direct: str | None) -> list[list[int]]:
    """The ids of all pieces of the history that `next-time` leads to, in the direction of the way."""
    params = {"size": "10", **({} if direct is None else {"direct": direct})}
    bound = "start-time" if direct == "prev" else "end-time"
    found = []
    for _ in range(100):
        body = bench.read(HISTORY, params).body
        piece = [row["id"] for row in body["data"]]
        found.append(piece[::-1] if direct == "prev" else piece)
        if "next-time" not in body:
            return found
        params[bound] = str(body["next-time"])
    raise AssertionError(f"there is no end: {found[-2:]}")


@pytest.mark.parametrize("direct", [None, "next", "prev"])
def test_a_history_that_is_cut_tells_where_it_goes_on(direct: str | None) -> None:
    bench = Bench()
    ids = []
    for _ in range(25):
        ids.append(bench.place_id("buy-limit", "1", "100"))
        bench.clock.advance(MINUTE)
    way = ids if direct == "prev" else ids[::-1]

    assert pieces(bench, direct) == [way[:10], way[10:20], way[20:]]


@pytest.mark.parametrize("direct", ["next", "prev"])
@pytest.mark.parametrize(
    ("groups", "back", "forward"),
    [
        ([25], [25], [25]),
        ([10], [10], [10]),
        ([11, 3], [3, 11], [11, 3]),
        ([3, 11], [11, 3], [3, 11]),
        ([4, 7, 7], [7, 7, 4], [4, 7, 7]),
        ([4, 6, 7], [7, 10], [10, 7]),
        ([1, 12, 1], [1, 12, 1], [1, 12, 1]),
    ],
    ids=str,
)
def test_whoever_follows_a_history_gets_every_order_once_however_many_share_a_millisecond(
    groups: list[int], back: list[int], forward: list[int], direct: str
) -> None:
    bench, ids = Bench(), []
    for count in groups:
        for _ in range(count):
            ids.append(bench.place_id("buy-limit", "1", "100"))
            bench.clock.advance(MS // 100)
        bench.clock.advance(MS)

    found = pieces(bench, direct)

    assert [len(piece) for piece in found] == (forward if direct == "prev" else back)
    assert [order_id for piece in found for order_id in piece] == (ids if direct == "prev" else ids[::-1])


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"symbol": "x"}, "base-symbol-error"),
        ({"size": "9"}, "base-argument-unsupported"),
        ({"size": "1001"}, "base-argument-unsupported"),
        ({"size": "x"}, "validation-format-error"),
        ({"direct": "x"}, "base-argument-unsupported"),
    ],
)
def test_a_parameter_of_the_history_out_of_its_range_is_refused(params: dict[str, str], code: str) -> None:
    assert Bench().read(HISTORY, params).error[1] == code
