"""The matching engine of the document, seen over REST: priority, the 30 % rule, order types, budgets and holds (okj§10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import SPOT, SpotBench, by_id, make_listing

MATCHING = load("okcoinjp", "matching")
FEES = load("okcoinjp", "fees")

Vector = dict[str, Any]


class Scene:
    """The vector's resting orders, placed by bob, and its taker, who is alice."""

    def __init__(self, vector: Vector) -> None:
        self.symbol = vector.get("pair", "BTC/JPY").replace("/", "-")
        self.bench = SpotBench(make_listing(self.symbol, tick="0.00001", lot="0.00000001", min_size="0.00000001"))
        self.resting = {self._place(order, who="bob"): order["order"] for order in vector["resting"]}
        self.taker = self._place(vector["taker"], who="alice")

    def _place(self, order: Vector, *, who: str) -> str:
        terms = {name: value for name, value in order.items() if name != "order"}
        return self.bench.order(
            terms.pop("side"), terms.pop("size", None), terms.pop("price", None), who=who, instrument_id=self.symbol, **terms
        )

    def trades(self) -> list[Vector]:
        """As the vectors list them: oldest first, with the maker's name."""
        makers = {row["trade_id"]: self.resting[row["order_id"]] for row in self._fills("bob")}
        rows = self.bench.rows(f"/instruments/{self.symbol}/trades")
        return [{"maker": makers[row["trade_id"]], "price": row["price"], "size": row["size"]} for row in reversed(rows)]

    def _fills(self, who: str) -> list[Vector]:
        rows: list[Vector] = self.bench.rows("/fills", f"instrument_id={self.symbol}", who=who)
        assert {row["exec_type"] for row in rows} <= {"M" if who == "bob" else "T"}
        return rows

    def taker_order(self) -> Vector:
        return self.bench.detail(self.taker, symbol=self.symbol)

    def pending(self) -> list[str]:
        return [row["order_id"] for row in self.bench.rows("/orders_pending")]


ALL = [*MATCHING["priority"], *MATCHING["price_band"]["vectors"], *MATCHING["order_types"]]


@pytest.mark.parametrize("vector", **by_id(ALL))
def test_a_vector_trades_as_the_document_says(vector: Vector) -> None:
    scene = Scene(vector)

    assert scene.trades() == vector["trades"]
    assert scene.taker_order()["state"] == vector["taker_state"]
    if "rests" in vector:
        assert scene.pending() == [scene.taker] * int(vector["rests"])


@pytest.mark.parametrize("vector", **by_id(MATCHING["priority"]))
def test_a_vectors_proceeds_are_what_the_taker_was_paid(vector: Vector) -> None:
    scene = Scene(vector)

    paid = [row for row in scene.bench.rows("/fills", "instrument_id=BTC-JPY") if row["currency"] == "JPY"]
    assert sum(Decimal(row["size"]) for row in paid) == Decimal(vector["proceeds"])
    assert scene.taker_order()["filled_notional"] == vector["proceeds"]


def test_the_taker_side_is_the_side_of_the_public_trade() -> None:
    (vector,) = [each for each in MATCHING["priority"] if "taker_side" in each]

    assert Scene(vector).bench.rows("/instruments/BTC-JPY/trades")[0]["side"] == vector["taker_side"]


@pytest.mark.parametrize("vector", **by_id([each for each in MATCHING["price_band"]["vectors"] if not each["trades"]]))
def test_an_order_beyond_the_price_band_gives_back_all_that_it_held(vector: Vector) -> None:
    scene = Scene(vector)

    order = scene.taker_order()
    assert (order["status"], order["filled_size"], order["filled_notional"]) == ("cancelled", "0", "0")
    assert {row["hold"] for row in scene.bench.rows("/accounts")} == {"0"}
    assert scene.pending() == []


def test_a_refused_price_band_leaves_the_book_as_it_was() -> None:
    vector = MATCHING["price_band"]["vectors"][-1]
    scene = Scene(vector)

    book = scene.bench.get(f"{SPOT}/instruments/BTC-JPY/book").body
    assert book["asks"] == [[order["price"], order["size"], "1"] for order in vector["resting"]]
    assert book["bids"] == []


@pytest.mark.parametrize(("worst", "state"), [("1.3", "2"), ("1.300001", "-1")])
def test_thirty_percent_is_exact_to_the_tick(worst: str, state: str) -> None:
    bench = SpotBench(make_listing(tick="0.000001"))
    for price in ("1", worst):
        bench.order("sell", "1", price, who="bob")

    assert bench.detail(bench.order("buy", "2", "2"))["state"] == state


# --- truncation and the minimum


@pytest.mark.parametrize("vector", **by_id(MATCHING["truncation"]))
def test_what_is_too_fine_is_cut_and_never_rounded(vector: Vector) -> None:
    listing = make_listing(
        tick=vector["increment"] if vector["field"] == "price" else "0.1",
        lot=vector["increment"] if vector["field"] == "size" else "0.00000001",
        min_size=vector["increment"] if vector["field"] == "size" else "0.00000001",
    )
    bench = SpotBench(listing)
    terms = {"price": "1", "size": "1", vector["field"]: vector["sent"]}

    order = bench.detail(bench.order("buy", terms["size"], terms["price"]))

    assert order[vector["field"]] == vector["used"]


@pytest.mark.parametrize("vector", **by_id(MATCHING["min_size"]))
def test_the_minimum_is_a_minimum_and_no_step(vector: Vector) -> None:
    bench = SpotBench(make_listing(lot=vector["size_increment"], min_size=vector["min_size"]))

    reply = bench.try_order("buy", vector["size"], "1")

    assert reply.status == 200 if vector["accepted"] else reply.error == (400, str(vector["code"]))


# --- budgets


def test_a_market_buy_spends_its_budget_to_the_last_lot_and_gets_the_rest_back() -> None:
    vector = MATCHING["market_buys"][0]
    bench = SpotBench(accounts={"alice": {"JPY": vector["notional"]}, "bob": {"BTC": "1"}})
    bench.order("sell", "1", vector["best_ask"], who="bob")

    order = bench.detail(bench.order("buy", None, None, type="market", notional=vector["notional"]))

    assert {name: order[name] for name in ("filled_size", "filled_notional", "state", "notional", "price", "size")} == {
        **{name: vector[name] for name in ("filled_size", "filled_notional", "state", "notional")},
        "price": "",
        "size": "",
    }
    money = bench.balance("JPY")
    assert (money["available"], money["hold"]) == (vector["released"], "0")


def test_a_market_buy_in_a_book_that_runs_dry_keeps_its_fills_and_ends_cancelled() -> None:
    vector = MATCHING["market_buys"][1]
    bench = SpotBench(accounts={"alice": {"JPY": "5000"}, "bob": {"BTC": "1"}})
    bench.order("sell", "0.001", "1000000", who="bob")

    order = bench.detail(bench.order("buy", None, None, type="market", notional="5000"))

    assert (order["state"], order["filled_size"], order["filled_notional"]) == (vector["state"], "0.001", "1000")
    assert (bench.balance("JPY")["available"], bench.balance("JPY")["hold"]) == ("4000", "0")


@pytest.mark.parametrize(("side", "terms"), [("buy", {"notional": "5000"}), ("sell", {"size": "1"})])
def test_a_market_order_into_an_empty_book_ends_cancelled_and_rests_nowhere(side: str, terms: dict[str, str]) -> None:
    bench = SpotBench()

    order = bench.detail(bench.order(side, terms.get("size"), None, type="market", notional=terms.get("notional")))

    assert (order["state"], order["status"], order["price_avg"]) == ("-1", "cancelled", "")
    assert bench.rows("/orders_pending") == []
    assert {row["hold"] for row in bench.rows("/accounts")} == {"0"}


def test_a_budget_finer_than_an_atom_is_cut() -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")

    order_id = bench.order("buy", None, None, type="market", notional="10.1234567890123456789")

    assert bench.detail(order_id)["notional"] == "10.123456789012345678"


# --- holds


def test_the_hold_of_the_documents_websocket_examples() -> None:
    (vector,) = MATCHING["holds"]["vectors"]
    bench = SpotBench(
        make_listing("LTC-JPY", tick="0.001", lot="0.000001", min_size="0.1"), accounts={"alice": {"JPY": vector["balance"]}}
    )

    order_id = bench.order(vector["side"], vector["size"], vector["price"], instrument_id="LTC-JPY")

    money = bench.balance("JPY")
    assert {name: money[name] for name in ("balance", "hold", "available")} == {
        name: vector[name] for name in ("balance", "hold", "available")
    }
    assert bench.cancel(order_id, symbol="LTC-JPY").status == 200
    money = bench.balance("JPY")
    assert (money["hold"], money["available"]) == ("0", vector["balance"])


def test_a_sell_holds_what_it_would_sell() -> None:
    bench = SpotBench()
    bench.order("sell", "1.5", "100")

    assert (bench.balance("BTC")["hold"], bench.balance("BTC")["frozen"], bench.balance("BTC")["holds"]) == ("1.5",) * 3
    assert bench.balance("JPY")["hold"] == "0"


def test_a_buy_below_its_limit_gets_the_difference_back() -> None:
    bench = SpotBench()
    before = Decimal(bench.balance("JPY")["available"])
    bench.order("sell", "1", "90", who="bob")
    bench.order("buy", "2", "100")

    assert bench.balance("JPY")["hold"] == "100", "one is bought at 90, one waits at 100"
    assert Decimal(bench.balance("JPY")["available"]) == before - 190


# --- fees, prices, self trades


@pytest.mark.parametrize("vector", **by_id(FEES["vectors"]))
def test_a_fee_is_rounded_up_to_eight_decimals(vector: Vector) -> None:
    """A sell receives the gross in JPY. The maker pays 0.1 %, the taker 0.15 %: who alice is follows from the rate."""
    price = vector.get("price", vector["gross"])
    size = vector.get("size", "1")
    bench = SpotBench(make_listing(tick="0.00000001", lot="0.001", min_size="0.001"))
    orders = [("alice", "sell"), ("bob", "buy")]
    for who, side in orders if vector["rate"] == "0.001" else reversed(orders):
        bench.order(side, size, price, who=who)

    (row,) = [row for row in bench.rows("/fills", "instrument_id=BTC-JPY") if row["currency"] == "JPY"]
    assert (row["size"], row["fee"]) == (vector["gross"], f"-{vector['fee']}")
    assert row["exec_type"] == row["liquidity"] == ("M" if vector["rate"] == "0.001" else "T")


def test_the_average_price_is_what_was_paid_by_what_was_bought() -> None:
    """okj§13 row 9: the document's examples contradict themselves."""
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")
    bench.order("sell", "2", "101", who="bob")

    order = bench.detail(bench.order("buy", "3", "110"))

    assert (order["filled_size"], order["filled_notional"], order["price_avg"]) == ("3", "302", "100.6")
    assert order["state"] == "2"


def test_self_trades_are_allowed() -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100")

    assert bench.detail(bench.order("buy", "1", "100"))["state"] == "2"
    assert len(bench.rows("/fills", "instrument_id=BTC-JPY")) == 4
