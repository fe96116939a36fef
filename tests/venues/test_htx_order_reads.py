"""Reading HTX's orders by id, by client id and as lists of past ones: shapes, states, spans of time, pieces (htx§3.4)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, HOUR, MINUTE, MS, SECOND, Bench
from mockex.fixtures import load

from mockex.core.commands import CancelOrder
from mockex.core.orders import CancelReason
from mockex.venues.htx.order_terms import SOURCES, TYPES

ORDERS = "/v1/order/orders"
NAMED = f"{ORDERS}/getClientOrder"
HISTORY = "/v1/order/history"
STATES = load("htx", "states")
ALL_STATES = "created,submitted,partial-filled,filled,partial-canceled,canceled"


def rows(bench: Bench, path: str = ORDERS, *, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    given = {"symbol": "btcusdt", "states": ALL_STATES} if path == ORDERS else {}
    body = bench.read(path, given | {name.replace("_", "-"): value for name, value in params.items()}, who=who).body
    assert body["status"] == "ok", body
    found: list[dict[str, Any]] = body["data"]
    return found


def ids_of(bench: Bench, path: str = ORDERS, **params: str) -> list[int]:
    return [row["id"] for row in rows(bench, path, **params)]


def varied_bench() -> tuple[Bench, dict[str, int]]:
    """An order of alice's in each state, a minute apart, oldest first."""
    bench, ids = Bench(), {}
    for name, price, amount in (
        ("filled", "101", "1"),
        ("partial-canceled", "101", "2"),
        ("canceled", "99", "1"),
        ("partial-filled", "101", "2"),
        ("submitted", "98", "1"),
    ):
        bench.clock.advance(MINUTE)
        ids[name] = bench.place_id("buy-limit", amount, price, client_order_id=name)
        if price == "101":
            bench.rest("sell", "101", "1")
        if name.endswith("canceled"):
            bench.clock.advance(SECOND)
            bench.write(f"{ORDERS}/{ids[name]}/submitcancel", {})
    bench.clock.advance(MINUTE)
    ids["created"] = bench.place_id("sell-stop-limit", "1", "91", stop_price="90", operator="lte", client_order_id="created")
    return bench, ids


# --- one order


@pytest.mark.parametrize("state", ["filled", "partial-canceled", "canceled", "partial-filled", "submitted"])
@pytest.mark.parametrize("name", ["order", "client_order"])
def test_an_order_has_the_shape_of_the_example_in_each_state(name: str, state: str) -> None:
    bench, ids = varied_bench()
    path, params = (f"{ORDERS}/{ids[state]}", {}) if name == "order" else (NAMED, {"clientOrderId": state})

    body = bench.read(path, params).body

    assert deviations(body, load("htx", f"rest/{name}")["fields"]) == []
    order = body["data"]
    assert (order["id"], order["state"], order["client-order-id"]) == (ids[state], state, state)
    assert (order["finished-at"] == 0) is (state in STATES["order_states"]["open"])
    assert (order["canceled-at"] == 0) is ("canceled" not in state)


def test_an_orders_values_are_those_of_the_example() -> None:
    example = load("htx", "rest/order")["responses"][0]["body"]["data"]
    bench = Bench()

    order_id = bench.place_id(example["type"], "5", "1", client_order_id=example["client-order-id"])

    order = bench.read(f"{ORDERS}/{order_id}").body["data"]
    own = {"id": order_id, "symbol": "btcusdt", "account-id": 100_009, "created-at": bench.now_ms}
    assert order == example | own


def test_a_filled_market_buy_has_the_values_of_the_example() -> None:
    example = load("htx", "rest/orders")["responses"][0]["body"]["data"][0]
    bench = Bench()
    bench.rest("sell", "0.338", "200", symbol="trxusdt")

    order_id = bench.place_id("buy-market", "50", symbol="trxusdt", source=example["source"])

    order = bench.read(f"{ORDERS}/{order_id}").body["data"]
    names = ("amount", "price", "type", "source", "state", "client-order-id", "canceled-at")
    assert [order[name] for name in names] == [example[name] for name in names]
    # The example's pair has prices of 4 decimals, so its lots are finer: fixture `matching` is checked where orders are placed.
    assert order["field-cash-amount"].startswith("49.9999999999")
    assert order["finished-at"] == bench.now_ms


def test_a_stop_order_shows_its_trigger() -> None:
    bench, ids = varied_bench()

    order = bench.read(f"{ORDERS}/{ids['created']}").body["data"]

    assert (order["state"], order["stop-price"], order["operator"]) == ("created", "90.000000000000000000", "lte")


@pytest.mark.parametrize(
    ("order_id", "error"),
    [
        ("1", ("base-record-invalid", "record invalid")),
        ("1" * 400, ("base-record-invalid", "record invalid")),
        ("x", ("validation-format-error", "Format Error: order-id.")),
        ("1e3", ("validation-format-error", "Format Error: order-id.")),
    ],
)
def test_an_unknown_id_and_one_that_is_no_number_are_told_apart(order_id: str, error: tuple[str, str]) -> None:
    assert Bench().read(f"{ORDERS}/{order_id}").error == (200, *error)


def test_somebody_elses_order_is_unknown() -> None:
    bench, ids = varied_bench()

    assert bench.read(f"{ORDERS}/{ids['filled']}", who="bob").error[1] == "base-record-invalid"
    assert bench.read(NAMED, {"clientOrderId": "filled"}, who="bob").error[1] == "base-record-invalid"


def test_a_client_id_must_be_given() -> None:
    assert Bench().read(NAMED).error == (200, "validation-constraints-required", "Field is missing: clientOrderId.")


def test_an_order_cancelled_without_fills_is_gone_after_two_hours_and_others_stay() -> None:
    bench, ids = varied_bench()
    closed_ns = bench.clock.now_ns() - 3 * MINUTE
    bench.clock.advance_to(closed_ns + 2 * HOUR - 1)
    assert bench.read(f"{ORDERS}/{ids['canceled']}").body["status"] == "ok"
    bench.clock.advance_to(closed_ns + 2 * HOUR)

    assert bench.read(f"{ORDERS}/{ids['canceled']}").error[1] == "base-record-invalid"
    assert bench.read(f"{ORDERS}/{ids['partial-canceled']}").body["status"] == "ok"
    assert ids["canceled"] not in ids_of(bench)


def test_a_name_finds_an_open_order_for_8_hours_and_a_closed_one_for_2() -> None:
    bench, ids = varied_bench()
    bench.clock.advance(2 * HOUR)
    assert bench.read(NAMED, {"clientOrderId": "filled"}).error[1] == "base-record-invalid"
    assert bench.read(NAMED, {"clientOrderId": "submitted"}).body["data"]["id"] == ids["submitted"]
    bench.clock.advance(6 * HOUR)

    assert bench.read(NAMED, {"clientOrderId": "submitted"}).error[1] == "base-record-invalid"
    assert bench.read(f"{ORDERS}/{ids['submitted']}").body["status"] == "ok", "its id finds it still"


# --- lists


def test_listed_orders_have_the_shape_of_the_examples_newest_first() -> None:
    bench, ids = varied_bench()

    body = bench.read(ORDERS, {"symbol": "btcusdt", "states": ALL_STATES}).body

    assert [row["id"] for row in body["data"]] == list(ids.values())[::-1]
    stops = {"stop-price", "operator"}
    plain = body | {"data": [{name: row[name] for name in row.keys() - stops} for row in body["data"]]}
    assert deviations(plain, load("htx", "rest/orders")["fields"]) == []


def test_a_cancelled_order_tells_by_whom_and_when_like_the_example() -> None:
    example = load("htx", "rest/orders")["responses"][1]["body"]["data"][0]
    bench, ids = varied_bench()

    (row,) = rows(bench, states="canceled")

    assert row.keys() == example.keys()
    assert (row["id"], row["canceled-source-desc"], row["role"], row["is-ice"]) == (ids["canceled"], "api", "none", False)
    assert row["updated-at"] == row["canceled-at"] == row["finished-at"] == row["created-at"] + 1_000


@pytest.mark.parametrize("reason", CancelReason)
def test_every_reason_of_an_end_has_a_word_of_the_document_and_a_number(reason: CancelReason) -> None:
    bench = Bench()
    order_id = bench.place_id("buy-limit", "1", "100")
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id, reason=reason))

    (row,) = rows(bench)

    assert row["canceled-source-desc"] in STATES["cancelled_by"]["values"]
    known = {each["meaning"]: each["number"] for each in STATES["cancelled_by"]["numbers"]}
    assert type(row["canceled-source"]) is int
    assert row["canceled-source"] not in known.values() or known[row["canceled-source-desc"]] == row["canceled-source"]


def test_the_cause_of_an_end_at_once_is_named_after_the_type() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    bench.place_id("buy-limit-maker", "1", "100")
    bench.place_id("buy-limit-fok", "2", "100")
    bench.place_id("buy-ioc", "2", "100")
    bench.place_id("buy-market", "100")

    found = [(row["type"], row["canceled-source-desc"]) for row in rows(bench)]

    assert found == [
        ("buy-market", "market"), ("buy-ioc", "ioc"), ("buy-limit-fok", "fok"), ("buy-limit-maker", "limit_maker"),
    ]  # fmt: skip


def test_roles_are_those_of_the_fills() -> None:
    bench = Bench()
    bench.rest("sell", "100", "1")
    both = bench.place_id("buy-limit", "2", "100")
    bench.rest("sell", "100", "1")
    maker = bench.place_id("buy-limit", "1", "100")
    bench.rest("sell", "100", "1")
    bench.rest("sell", "100", "1")
    taker = bench.place_id("buy-limit", "1", "100")
    none = bench.place_id("buy-limit", "1", "100")

    assert {row["id"]: row["role"] for row in rows(bench)} == {both: "both", maker: "maker", taker: "taker", none: "none"}


@pytest.mark.parametrize("state", [each["value"] for each in STATES["order_states"]["values"]] + ["pre-submitted"])
def test_a_state_lists_the_orders_that_are_in_it(state: str) -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, states=state) == [ids[name] for name in ids if name == state]


def test_states_are_a_list_and_other_clients_send_pre_submitted() -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, states="pre-submitted,filled, canceled,filled") == [ids["canceled"], ids["filled"]]


def test_types_and_symbols_narrow_a_list() -> None:
    bench, ids = varied_bench()
    eth = bench.place_id("buy-limit", "1", "3000", symbol="ethusdt")

    assert ids_of(bench, types="sell-stop-limit,buy-ioc") == [ids["created"]]
    assert ids_of(bench, types="buy-ioc") == []
    assert ids_of(bench, symbol="ethusdt") == [eth]
    assert rows(bench, who="bob", types="buy-limit") == []


@pytest.mark.parametrize(
    ("direct", "size", "names"),
    [
        ("next", "2", ["partial-canceled", "filled"]),
        ("next", "1", ["partial-canceled"]),
        ("prev", "2", ["submitted", "partial-filled"]),
        ("prev", "100", ["created", "submitted", "partial-filled"]),
    ],
)
def test_a_piece_goes_on_from_an_id_without_it(direct: str, size: str, names: list[str]) -> None:
    bench, ids = varied_bench()

    assert ids_of(bench, size=size, direct=direct, **{"from": str(ids["canceled"])}) == [ids[name] for name in names]


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


# --- the vocabulary


def test_the_words_are_exactly_those_of_the_document() -> None:
    kinds = [kind["kind"] for kind in STATES["order_types"]["kinds"]]

    assert set(TYPES) == {f"{side}-{kind}" for side in STATES["order_types"]["sides"] for kind in kinds}
    assert list(SOURCES) == STATES["sources"]["values"]


def test_every_change_of_an_order_is_one_of_the_document() -> None:
    """States seen from outside, one after the other, of orders that live through them."""
    allowed = {tuple(pair) for pair in STATES["order_states"]["transitions"]}
    bench = Bench()
    bench.trade("100", "1")
    seen: set[tuple[str, str]] = set()
    stop = bench.place_id("buy-stop-limit", "3", "105", stop_price="103", operator="gte")
    last = "created"
    for price in ("102", "103", "105", "105", "105"):
        bench.rest("sell", price, "1")
        bench.rest("buy", price, "1", who="bob")
        state = bench.read(f"{ORDERS}/{stop}").body["data"]["state"]
        if state != last:
            seen.add((last, state))
            last = state

    assert len(seen) == 3
    assert seen <= allowed
