"""The tables and worked numbers of the specification that are no endpoint's own, held against the venue."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from ktx_served import ServedBench
from ktx_support import MS, Bench, Reply, by_id, signature
from ktx_user_client import PERPETUAL
from mockex.fixtures import load

from mockex.venues.ktx import VENUE, gen1
from mockex.venues.ktx.ids import ROW_BASE, exchange_order_id, order_number, split_order_number
from mockex.venues.ktx.ledger_reads import TYPES
from mockex.venues.ktx.order_words import MARGIN_METHODS, MERGES, ORDER_TYPES, SIDES
from mockex.wire.messages import WireRequest

ERRORS, NUMBERS, STATES = load("ktx", "errors"), load("ktx", "numbers"), load("ktx", "states")
BODIES = {row["id"].removeprefix("errors.body."): row["body"] for row in ERRORS["bodies"]}
MERGED = {row["id"].removeprefix("ws/order_book.merge."): row for row in load("ktx", "ws/order_book")["merging"]}
SPOT = {"market": "spot", "symbol": "BTC_USDT", "type": "limit", "quantity": "0.01", "price": "10300"}
PAIR = "market=spot&symbol=BTC_USDT"


# --- errors


def test_every_code_of_the_table_is_there_with_its_name_and_no_other() -> None:
    known = {int(code): error.message for code, error in VENUE.errors_by_code.items()}

    assert known == {row["code"]: row["name"].lower() for row in ERRORS["codes"]}


def wrongly_signed(bench: Bench) -> Reply:
    material = bench.simulation.keys["alice"].material
    headers = {"api-key": material.api_key, "api-sign": signature("another secret", b"")}
    return bench.send("GET", "/api/v1/accounts", headers=headers)


def count(bench: Bench) -> None:
    """A request, without a look at what it has changed."""
    bench.simulation.handle(WireRequest("GET", "/api/v1/nothing", "", {}, b"", "127.0.0.1"))


def without_money(bench: Bench) -> Reply:
    bench.open("carol", USDT="103.1029")
    return bench.order("POST", "/v1/order", SPOT, who="carol")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("signature", wrongly_signed),
        ("order", lambda bench: bench.read("/v1/order", "id=c:123")),
        ("order", lambda bench: bench.order("DELETE", "/v1/order", {"id": "c:123", "market": "spot"})),
        ("funds", without_money),
        ("requests", lambda bench: [count(bench) for _ in range(10_000)] and bench.get("/v1/trades", PAIR)),
        ("usage", lambda bench: [bench.send("DELETE", "/api/v1/orders") for _ in range(1_001)][-1]),
    ],
)
def test_an_error_says_what_it_is_about(name: str, answer: Any) -> None:
    reply = answer(Bench(limits=True))

    assert (reply.status, reply.body) == (200, BODIES[name])


def test_a_sale_lacks_what_it_sells() -> None:
    bench = Bench()
    bench.open("carol", USDT="1000")

    assert bench.order("POST", "/v1/order", SPOT | {"quantity": "-1"}, who="carol").body["msg"] == "insufficient: BTC"


# --- words and hosts


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("order_types", ORDER_TYPES),
        ("sides", SIDES),
        ("times_in_force", gen1.SPOKEN.reading.times_in_force),
        ("position_merges", MERGES),
        ("margin_methods", MARGIN_METHODS),
        ("ledger_types", TYPES),
    ],
)
def test_words_are_those_of_the_tables(name: str, words: Any) -> None:
    assert list(words) == STATES[name]["values"]


def test_every_host_of_the_document_is_the_venues() -> None:
    hosts = {urlsplit(row["url"]).hostname for row in load("ktx", "conventions")["hosts"] if row["generation"] == "gen1"}

    assert hosts <= set(VENUE.host_names)


# --- numbers


@pytest.mark.parametrize("row", **by_id(NUMBERS["order_ids"]))
def test_ids_of_orders_are_made_of_a_product_and_a_count(row: dict[str, Any]) -> None:
    assert str(order_number(row["sequence"], row["product"])) == row["text"]
    assert split_order_number(int(row["text"])) == (row["sequence"], row["product"])
    assert exchange_order_id(row["text"]) == row["sequence"]


@pytest.mark.parametrize("row", **by_id(NUMBERS["row_ids"]))
def test_ids_of_rows_and_positions_count_on_from_one_number(row: dict[str, Any]) -> None:
    assert str(ROW_BASE + row["sequence"]) == row["text"]


def test_the_first_row_and_the_first_position_have_the_first_of_these_numbers() -> None:
    """A money movement has two numbers, of which the second is its fee's."""
    bench = ServedBench()
    bench.buy("alice", "0.1", "100")

    assert bench.position("alice")["id"] == str(ROW_BASE + 1)
    first = min(int(row["id"]) for who in ("alice", "bob") for row in bench.read("/v1/ledger", who=who).data)
    assert first == ROW_BASE + 1


@pytest.mark.parametrize("row", **by_id(NUMBERS["changes"]))
def test_the_change_of_a_ticker_is_that_of_the_table(row: dict[str, Any]) -> None:
    bench = Bench()
    bench.trade(row["open"])
    bench.trade(row["last"])

    (ticker,) = bench.get("/v1/ticker", PAIR).data
    assert (ticker["open"], ticker["last"], ticker["change"]) == (row["open"], row["last"], row["change"])


def test_the_increment_of_the_worked_book_is_pushed() -> None:
    row = MERGED["absolute"]
    bench = Bench()
    for price, qty in row["full"]["b"]:
        bench.rest("buy", price, qty)
    socket = bench.connect()
    (full,) = socket.subscribe("spot.BTC_USDT.order_book.5")
    assert numbers(full["data"]) == numbers(row["full"])

    bench.rest("sell", "100", "1", who="alice")
    bench.rest("buy", "99", "1")
    (increment,) = socket.wait(100 * MS)
    assert numbers(increment["data"]) == numbers(row["increments"][0])
    assert numbers(bench.get("/v1/order_book", f"{PAIR}&level=5").data) == numbers(row["book"])


def numbers(book: dict[str, Any]) -> list[list[tuple[float, float]]]:
    return [[(float(price), float(qty)) for price, qty in book[side]] for side in ("b", "a")]


@pytest.mark.parametrize("row", **by_id(load("ktx", "perpetuals")["unrealised"]))
def test_the_unrealised_profit_that_an_operator_sees_is_that_of_the_table(row: dict[str, Any]) -> None:
    bench = ServedBench()
    mine, theirs = (bench.buy, bench.sell) if row["side"] == "long" else (bench.sell, bench.buy)
    mine("alice", row["quantity"], row["entryPrice"])
    theirs("bob", row["quantity"], row["entryPrice"])
    bench.mark_at(row["markPrice"])

    (seen,) = (each for each in bench.control("GET", "/venues/ktx/positions")["positions"] if each["account"] == "alice")
    assert (seen["symbol"], seen["unrealised_profit"]) == (PERPETUAL, row["profit"])
