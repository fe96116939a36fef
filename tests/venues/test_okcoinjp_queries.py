"""Lists and details of orders: states, pairs, pages, and for how long an order is remembered (okj§2 and §9.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import DAY, HOUR, ORDERS, SPOT, SpotBench, by_id

from mockex.core.commands import AdjustBalance
from mockex.core.units import Wallet
from mockex.venues.okcoinjp import VENUE

PAGING = load("okcoinjp", "conventions")["paging"]
STATES = load("okcoinjp", "states")["order_states"]
FIRST_ID = int(PAGING["ids"][-1])

Vector = dict[str, Any]


@pytest.fixture
def bench() -> SpotBench:
    """Of alice: one order in each state that an order can be found in, named after it."""
    bench = SpotBench()
    bench.order("buy", "1", "90", client_oid="state0")
    bench.order("buy", "2", "95", client_oid="state1")
    bench.order("sell", "1", "95", who="bob")
    bench.order("buy", "1", "96", client_oid="state2")
    bench.order("sell", "1", "96", who="bob")
    bench.order("buy", "1", "80", client_oid="gone1")
    assert bench.cancel("gone1").status == 200
    bench.order("buy", "1", "90", client_oid="other1", instrument_id="ETH-JPY")
    return bench


def names(rows: list[Any]) -> list[str]:
    return [row["client_oid"] for row in rows]


# --- states


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("-2", []),
        ("-1", ["gone1"]),
        ("0", ["state0"]),
        ("1", ["state1"]),
        ("2", ["state2"]),
        ("3", []),
        ("4", []),
        ("6", ["state1", "state0"]),
        ("7", ["gone1", "state2"]),
    ],
)
def test_a_list_has_the_orders_of_its_state_newest_first(bench: SpotBench, state: str, found: list[str]) -> None:
    assert names(bench.rows("/orders", f"instrument_id=BTC-JPY&state={state}")) == found


def test_every_state_of_the_document_can_be_asked_for(bench: SpotBench) -> None:
    listed = [row["value"] for row in (*STATES["values"], *STATES["query_only"])]

    for state in listed:
        assert bench.get(ORDERS, f"instrument_id=BTC-JPY&state={state}").status == 200
    for state in sorted({str(number) for number in range(-4, 10)} - set(listed)):
        assert bench.get(ORDERS, f"instrument_id=BTC-JPY&state={state}").error == (400, "33007")


def test_a_combined_state_is_the_sum_of_its_parts(bench: SpotBench) -> None:
    for row in STATES["query_only"]:
        parts = [order for state in row["states"] for order in bench.rows("/orders", f"instrument_id=BTC-JPY&state={state}")]
        together = bench.rows("/orders", f"instrument_id=BTC-JPY&state={row['value']}")
        assert sorted(names(together)) == sorted(names(parts))


def test_state_and_status_of_an_order_belong_together(bench: SpotBench) -> None:
    words = {row["value"]: row["status"] for row in STATES["values"]}

    rows = [row for state in ("6", "7") for row in bench.rows("/orders", f"instrument_id=BTC-JPY&state={state}")]

    assert {(row["state"], row["status"]) for row in rows} == {(state, words[state]) for state in ("-1", "0", "1", "2")}


def test_status_is_an_old_name_for_state_and_state_wins(bench: SpotBench) -> None:
    assert names(bench.rows("/orders", "status=7&instrument_id=BTC-JPY")) == ["gone1", "state2"]
    assert names(bench.rows("/orders", "status=7&state=0&instrument_id=BTC-JPY")) == ["state0"]
    assert names(bench.rows("/orders", "status=7&state=&instrument_id=BTC-JPY")) == ["gone1", "state2"]


@pytest.mark.parametrize("text", ["open", "-", "--1", "1.0", "+1", "1 ", "٣", "0x1", "1e0"])
def test_a_state_must_be_a_number(bench: SpotBench, text: str) -> None:
    assert bench.get(ORDERS, f"instrument_id=BTC-JPY&state={text}").error == (400, "30025")


@pytest.mark.parametrize(("profile", "status"), [("documented", 400), ("observed", 500)])
def test_a_state_outside_the_list_breaks_the_observed_server(profile: str, status: int) -> None:
    assert SpotBench(profile=profile).get(ORDERS, "instrument_id=BTC-JPY&state=5").error == (status, "33007")


def test_pending_orders_are_those_of_one_pair_or_of_all(bench: SpotBench) -> None:
    assert names(bench.rows("/orders_pending")) == ["other1", "state1", "state0"]
    assert names(bench.rows("/orders_pending", "instrument_id=btc-jpy")) == ["state1", "state0"]
    assert names(bench.rows("/orders_pending", "instrument_id=")) == ["other1", "state1", "state0"]


def test_lists_have_only_the_callers_own_orders(bench: SpotBench) -> None:
    assert bench.rows("/orders_pending", who="bob") == []
    assert len(bench.rows("/orders", "instrument_id=BTC-JPY&state=2", who="bob")) == 2


# --- one order


@pytest.mark.parametrize(("profile", "status"), [("documented", 400), ("observed", 404)])
def test_a_missing_order_is_33014_and_not_found_in_the_observed_profile(profile: str, status: int) -> None:
    bench = SpotBench(profile=profile)
    foreign = bench.order("buy", "1", "100", who="bob")
    elsewhere = bench.order("buy", "1", "100", instrument_id="ETH-JPY")

    for reference in ("1", "nobody1", foreign, elsewhere, "%31"):
        reply = bench.get(f"{ORDERS}/{reference}", "instrument_id=BTC-JPY")
        assert reply.error == (status, "33014")
        assert reply.body["code"] == 33014


def test_a_reference_may_be_percent_encoded(bench: SpotBench) -> None:
    assert bench.detail("state%32")["client_oid"] == "state2"


# --- pages


def paged_bench() -> SpotBench:
    """Ten orders and ten ledger entries of alice with the ids of the vectors."""
    ids = {**VENUE.id_starts, "order": FIRST_ID, "ledger entry": FIRST_ID}
    bench = SpotBench(venue=replace(VENUE, id_starts=ids), accounts={"alice": {}})
    for _ in PAGING["ids"]:
        bench.desk.execute(AdjustBalance(account_id="alice", wallet=Wallet.SPOT, asset="JPY", amount=100 * 10**18))
    for _ in PAGING["ids"]:
        bench.order("buy", "1", "1")
    return bench


@pytest.mark.parametrize("vector", **by_id(PAGING["vectors"]))
@pytest.mark.parametrize(
    ("path", "query", "id_name"),
    [
        (ORDERS, "instrument_id=BTC-JPY&state=6", "order_id"),
        (f"{SPOT}/orders_pending", "instrument_id=BTC-JPY", "order_id"),
        (f"{SPOT}/orders_pending", "", "order_id"),
        (f"{SPOT}/accounts/jpy/ledger", "", "ledger_id"),
    ],
    ids=["orders", "orders_pending", "orders_pending of all pairs", "ledger"],
)
def test_a_page_holds_the_rows_of_the_vector(path: str, query: str, id_name: str, vector: Vector) -> None:
    reply = paged_bench().get(path, "&".join(filter(None, (query, vector["query"]))))

    assert [row[id_name] for row in reply.body] == vector["rows"]
    assert reply.headers == vector["headers"]


def test_closed_orders_are_paged_like_live_ones() -> None:
    bench = paged_bench()
    for order_id in PAGING["ids"]:
        bench.cancel(order_id)

    for vector in PAGING["vectors"]:
        reply = bench.get(ORDERS, f"instrument_id=BTC-JPY&state=7&{vector['query']}")
        assert [row["order_id"] for row in reply.body] == vector["rows"]
        assert reply.headers == vector["headers"]


def test_blank_cursors_are_absent() -> None:
    """The official SDK sends them all, blank ones too (okj§2)."""
    assert len(paged_bench().rows("/accounts/jpy/ledger", "after=&before=&limit=&type=")) == 10


def test_a_page_has_a_hundred_rows_unless_fewer_are_asked_for() -> None:
    bench = SpotBench()
    for _ in range(101):
        bench.order("buy", "1", "1")

    for query, count in (("", 100), ("limit=100", 100), ("limit=1000", 100), ("limit=1", 1)):
        assert len(bench.rows("/orders_pending", query)) == count


@pytest.mark.parametrize(
    ("query", "code"), [("limit=0", "30024"), ("limit=-1", "30024"), ("limit=1.5", "30025"), ("after=a", "30025")]
)
def test_a_page_that_cannot_be_is_refused(query: str, code: str) -> None:
    assert paged_bench().get(f"{SPOT}/orders_pending", query).error == (400, code)


def test_cursors_far_beyond_any_id_are_only_cursors() -> None:
    bench = paged_bench()

    assert len(bench.rows("/orders_pending", f"after={'9' * 40}")) == 10
    assert bench.rows("/orders_pending", f"before={'9' * 40}") == []
    assert len(bench.rows("/orders_pending", "before=-1")) == 10


# --- how long


def test_a_cancelled_order_without_a_fill_is_forgotten_after_exactly_two_hours(bench: SpotBench) -> None:
    order_id = bench.detail("gone1")["order_id"]

    bench.clock.advance(2 * HOUR - 1)
    assert bench.detail(order_id)["state"] == "-1"
    assert names(bench.rows("/orders", "instrument_id=BTC-JPY&state=-1")) == ["gone1"]

    bench.clock.advance(1)
    for reference in (order_id, "gone1"):
        assert bench.get(f"{ORDERS}/{reference}", "instrument_id=BTC-JPY").error == (400, "33014")
        assert bench.cancel(reference).error == (400, "33014")
    assert bench.rows("/orders", "instrument_id=BTC-JPY&state=-1") == []
    assert names(bench.rows("/orders", "instrument_id=BTC-JPY&state=7")) == ["state2"]


def test_the_two_hours_begin_with_the_cancel() -> None:
    bench = SpotBench()
    bench.order("buy", "1", "100", client_oid="old1")
    bench.clock.advance(3 * HOUR)
    bench.cancel("old1")
    bench.clock.advance(2 * HOUR - 1)

    assert bench.detail("old1")["state"] == "-1"


@pytest.mark.parametrize("order_type", ["1", "2", "3"])
def test_an_order_that_ended_by_itself_without_a_fill_is_forgotten_likewise(order_type: str) -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")
    price = "100" if order_type == "1" else "99"
    bench.order("buy", "2", price, order_type=order_type, client_oid="brief1")
    assert bench.detail("brief1")["state"] == "-1"

    bench.clock.advance(2 * HOUR)

    assert bench.get(f"{ORDERS}/brief1", "instrument_id=BTC-JPY").error == (400, "33014")


def test_a_cancelled_order_with_a_fill_is_kept_for_three_months(bench: SpotBench) -> None:
    assert bench.cancel("state1").status == 200

    bench.clock.advance(90 * DAY - 1)
    assert names(bench.rows("/orders", "instrument_id=BTC-JPY&state=7")) == ["state2", "state1"]
    bench.clock.advance(1)
    assert bench.rows("/orders", "instrument_id=BTC-JPY&state=7") == []
    assert names(bench.rows("/orders", "instrument_id=BTC-JPY&state=6")) == ["state0"], "live orders have no end"
