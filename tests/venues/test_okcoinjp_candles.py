"""Candles over REST: when they open, which a request gets, and how far back they go (okj§8)."""

from __future__ import annotations

from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import DAY, HOUR, MINUTE, SECOND, SPOT, Reply, SpotBench, by_id, iso, nanoseconds

CANDLES = load("okcoinjp", "candles")
LIMITS = CANDLES["limits"]
RANGES = {vector["id"]: vector for vector in CANDLES["ranges"]}

Vector = dict[str, Any]


class Tape:
    """A market that trades one lot at a time, at the price and the time it is told."""

    def __init__(self, start: str) -> None:
        self.bench = SpotBench(start=start)
        self.bench.order("sell", "1000", "100", who="bob")

    def trade_at(self, time_ns: int, price: str | None = None) -> None:
        self.bench.clock.advance_to(time_ns)
        if price is not None:
            self.bench.order("sell", "0.001", price, who="bob")
        self.bench.order("buy", "0.001", price or "100", order_type="3")

    def ask(self, query: str = "") -> Reply:
        return self.bench.get(f"{SPOT}/instruments/BTC-JPY/candles", query, who=None)

    def rows(self, query: str = "") -> list[list[str]]:
        reply = self.ask(query)
        assert reply.status == 200, reply
        assert isinstance(reply.body, list)
        return reply.body

    def times(self, query: str = "") -> list[str]:
        return [row[0] for row in self.rows(query)]


# --- one candle


def test_a_candle_has_time_open_high_low_close_and_volume_as_text() -> None:
    tape = Tape("2024-02-15T03:04:05Z")
    start_ns = tape.bench.clock.now_ns()
    for seconds, price in ((0, "90"), (1, "95"), (2, "85"), (3, "88")):
        tape.trade_at(start_ns + seconds * SECOND, price)

    assert tape.rows() == [["2024-02-15T03:04:00.000Z", "90", "95", "85", "88", "0.004"]]


def test_the_document_examples_are_rows_of_this_form() -> None:
    for row in load("okcoinjp", "rest/candles")["responses"][0]["body"]:
        assert [type(cell) for cell in row] == [str] * 6


@pytest.mark.parametrize("vector", **by_id(CANDLES["alignment"]))
def test_candles_open_where_the_vector_says(vector: Vector) -> None:
    """A trade in the middle of each; nothing but the flat ones may stand between them."""
    opens = [nanoseconds(text) for text in vector["opens"]]
    tape = Tape(iso(opens[0] - DAY))
    width_ns = int(vector["granularity"]) * SECOND
    for open_ns in opens:
        tape.trade_at(open_ns, "90")
        tape.trade_at(open_ns + width_ns - 1, "91")

    rows = tape.rows(f"granularity={vector['granularity']}&start={vector['opens'][0]}&end={vector['opens'][-1]}")

    assert [row[0] for row in reversed(rows)] == vector["opens"]
    assert {(row[1], row[4], row[5]) for row in rows} == {("90", "91", "0.002")}


@pytest.mark.parametrize(
    ("granularity", "open_text"),
    [
        ("604800", "2024-02-11T16:00:00.000Z"),  # Sunday 16:00Z is Monday 00:00 in UTC+8
        ("2678400", "2024-01-31T16:00:00.000Z"),
        ("8035200", "2023-12-31T16:00:00.000Z"),
        ("16070400", "2023-12-31T16:00:00.000Z"),
        ("31536000", "2023-12-31T16:00:00.000Z"),
    ],
)
def test_weeks_months_and_years_open_at_midnight_of_the_same_zone(granularity: str, open_text: str) -> None:
    tape = Tape("2024-02-15T03:04:05Z")
    tape.trade_at(tape.bench.clock.now_ns())

    assert tape.times(f"granularity={granularity}") == [open_text]


@pytest.mark.parametrize("vector", CANDLES["granularities"], ids=[row["name"] for row in CANDLES["granularities"]])
def test_every_documented_granularity_is_served(vector: Vector) -> None:
    tape = Tape("2024-02-15T03:04:05Z")
    tape.trade_at(tape.bench.clock.now_ns())

    assert len(tape.rows(f"granularity={vector['seconds']}")) == 1


@pytest.mark.parametrize("granularity", ["0", "-60", "61", "120", "1", "99999999999999999999"])
def test_no_other_granularity_is(granularity: str) -> None:
    assert Tape("2024-02-15T03:04:05Z").ask(f"granularity={granularity}").error == (400, "30024")


def test_a_minute_is_the_default() -> None:
    tape = Tape("2024-02-15T03:04:05Z")
    tape.trade_at(tape.bench.clock.now_ns())

    assert tape.rows() == tape.rows(f"granularity={LIMITS['default_granularity']}")


# --- ranges


def test_the_captured_range_has_the_captured_rows() -> None:
    vector = RANGES["candles.range.captured"]
    tape = Tape("2020-12-14T00:00:00Z")
    for hours in range(0, 6 * 24, 4):
        tape.trade_at(nanoseconds("2020-12-14T00:00:00Z") + hours * HOUR + MINUTE)

    times = tape.times(f"granularity={vector['granularity']}&start={vector['start']}&end={vector['end']}")

    assert times == vector["times"]
    assert (str(len(times)), times[0]) == (vector["count"], vector["first"])


def test_ccxts_escaped_times_are_the_same_times() -> None:
    tape = minutes(10)
    start, end = iso(tape.bench.clock.now_ns() - 5 * MINUTE), iso(tape.bench.clock.now_ns())

    plain = tape.times(f"start={start}&end={end}")

    assert len(plain) == 5
    assert tape.times(f"start={start.replace(':', '%3A')}&end={end.replace(':', '%3A')}") == plain


def minutes(count: int) -> Tape:
    """One trade in each of the last `count` minutes, the present one included."""
    tape = Tape("2024-02-01T00:00:00Z")
    start_ns = tape.bench.clock.now_ns()
    for index in range(count):
        tape.trade_at(start_ns + index * MINUTE + SECOND)
    return tape


def test_both_ends_of_a_range_belong_to_it() -> None:
    tape = minutes(4)

    found = tape.times("start=2024-02-01T00:01:00.000Z&end=2024-02-01T00:02:00.000Z")

    assert found == ["2024-02-01T00:02:00.000Z", "2024-02-01T00:01:00.000Z"]


@pytest.mark.parametrize("query", ["start=2024-02-01T00:01:00.000Z", "end=2024-02-01T00:01:00.000Z", "start=&end=", ""])
def test_with_one_end_missing_both_are_ignored(query: str) -> None:
    assert RANGES["candles.range.one-end-missing"]["rule"] == "both ends are ignored: the newest 200"
    tape = minutes(205)

    times = tape.times(query)

    assert (len(times), times[0]) == (int(LIMITS["default_rows"]), "2024-02-01T03:24:00.000Z")


def test_of_a_range_that_is_too_long_the_newest_rows_are_kept() -> None:
    tape = minutes(205)

    times = tape.times("start=2024-02-01T00:00:00.000Z&end=2024-02-01T03:23:00.000Z")

    assert (len(times), times[0], times[-1]) == (
        int(LIMITS["max_rows"]),
        "2024-02-01T03:23:00.000Z",
        "2024-02-01T00:04:00.000Z",
    )


def test_a_range_that_ends_before_it_starts_is_empty() -> None:
    assert minutes(3).rows("start=2024-02-01T00:02:00.000Z&end=2024-02-01T00:01:00.000Z") == []


@pytest.mark.parametrize("text", ["yesterday", "1706745600", "2024-02-30T00:00:00Z", "2024-02-01T00:00:00+08:00"])
@pytest.mark.parametrize("name", ["start", "end"])
def test_a_time_that_is_none_is_refused(name: str, text: str) -> None:
    assert minutes(1).ask(f"{name}={text}").error == (400, "30025")


# --- history


def test_the_history_ends_1440_candles_ago() -> None:
    """okj§13 row 1: the FAQ says 2000."""
    history = int(LIMITS["history_rows"])
    tape = minutes(2)
    start_ns = nanoseconds("2024-02-01T00:00:00Z")
    tape.trade_at(start_ns + history * MINUTE)  # the first minute is now one too old

    found = tape.times(f"start={iso(start_ns)}&end={iso(start_ns + 5 * MINUTE)}")

    assert found[-1] == "2024-02-01T00:01:00.000Z"
    assert len(found) == 5


def test_minutes_without_trades_are_flat_at_the_last_close() -> None:
    """As the candle of the document's subscribe example, whose volume is 0."""
    tape = minutes(1)
    tape.trade_at(tape.bench.clock.now_ns(), "90")
    tape.bench.clock.advance(2 * MINUTE)

    assert tape.rows() == [
        ["2024-02-01T00:02:00.000Z", "90", "90", "90", "90", "0"],
        ["2024-02-01T00:01:00.000Z", "90", "90", "90", "90", "0"],
        ["2024-02-01T00:00:00.000Z", "100", "100", "90", "90", "0.002"],
    ]


def test_there_are_no_candles_before_the_first_trade() -> None:
    assert Tape("2024-02-15T03:04:05Z").rows() == []
