"""A user's money: balances, the spot ledger, fills with two rows each, and the fee rates (okj§9.1 and §9.4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import DAY, HOUR, SECOND, SPOT, SpotBench, make_listing

from mockex.core.commands import AdjustBalance, TransferFunds
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.units import Wallet
from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.policy import POLICY

LEDGER = load("okcoinjp", "ledger")
PAIR = "instrument_id=BTC-JPY"


# --- balances


def test_accounts_list_only_what_is_held() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "100", "BTC": "0"}, "bob": {"BTC": "1"}})
    assert [row["currency"] for row in bench.rows("/accounts")] == ["JPY"]

    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")

    assert [row["currency"] for row in bench.rows("/accounts")] == ["BTC"], "what was spent is gone, what was bought is there"


def test_one_account_that_was_never_held_shows_zeros_and_leaves_no_trace() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "100"}})

    assert bench.balance("eth") == {
        "currency": "ETH",
        "balance": "0",
        "hold": "0",
        "available": "0",
        "frozen": "0",
        "holds": "0",
        "id": "",
    }
    assert bench.rows("/accounts/eth/ledger") == []
    assert [row["currency"] for row in bench.rows("/accounts")] == ["JPY"]


def test_balance_is_available_plus_hold() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "100.5"}})
    bench.order("buy", "1", "30.2")

    row = bench.balance("JPY")
    assert (row["balance"], row["hold"], row["available"]) == ("100.5", "30.2", "70.3")


@pytest.mark.parametrize(("maker", "word"), [(1_000_000, "0.001"), (-250_000, "-0.00025"), (0, "0")])
def test_a_cost_is_positive_and_a_rebate_negative_in_the_fee_rates(maker: int, word: str) -> None:
    fees = FeeSchedule(maker_rate=maker, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8)
    bench = SpotBench(venue=replace(VENUE, policy=replace(POLICY, fees=fees)))

    body = bench.get(f"{SPOT}/trade_fee").body

    assert body == {"maker": word, "taker": "0.0015", "timestamp": "2024-02-15T03:04:05.678Z"}


def test_a_rebate_is_positive_in_the_fills() -> None:
    fees = FeeSchedule(maker_rate=-1_000_000, taker_rate=1_500_000, rounding=FeeRounding.UP, decimals=8)
    bench = SpotBench(venue=replace(VENUE, policy=replace(POLICY, fees=fees)))
    bench.order("sell", "1", "1000", who="bob")
    bench.order("buy", "1", "1000")

    assert [row["fee"] for row in bench.rows("/fills", PAIR, who="bob")] == ["1", "0"]
    assert [row["fee"] for row in bench.rows("/fills", PAIR, who="alice")] == ["-0.0015", "0"]


# --- fills


def test_a_fill_has_the_two_rows_of_the_documents_example() -> None:
    """A sell of 10.765 BCH at 1.7793; the example's maker. Ledger ids ascend, and the received row has the higher one."""
    example = load("okcoinjp", "rest/fills")["responses"][0]["body"]
    bench = SpotBench(
        make_listing("BCH-JPY", tick="0.0001", lot="0.001"), accounts={"alice": {"BCH": "100"}, "bob": {"JPY": "1000"}}
    )
    bench.order("sell", "10.765", "1.7793", instrument_id="BCH-JPY")
    bench.order("buy", "10.765", "1.7793", instrument_id="BCH-JPY", who="bob")

    rows = bench.rows("/fills", "instrument_id=BCH-JPY")

    volatile = ("created_at", "timestamp", "trade_id", "ledger_id", "order_id")
    assert [{k: v for k, v in row.items() if k not in volatile} for row in rows] == [
        {k: v for k, v in row.items() if k not in volatile} for row in example
    ]
    assert int(rows[0]["ledger_id"]) > int(rows[1]["ledger_id"])
    assert rows[0]["trade_id"] == rows[1]["trade_id"], "okj§13 row 3: with two ids, clients that pair rows find nothing"
    assert rows[0]["order_id"] == rows[1]["order_id"]


def test_the_rows_of_a_fill_are_rows_of_the_ledger() -> None:
    bench = SpotBench()
    bench.order("sell", "2", "100", who="bob")
    bench.order("buy", "2", "100")

    bought, paid = bench.rows("/fills", PAIR)

    coin, money = bench.rows("/accounts/BTC/ledger")[0], bench.rows("/accounts/JPY/ledger")[0]
    assert (bought["ledger_id"], paid["ledger_id"]) == (coin["ledger_id"], money["ledger_id"])
    assert Decimal(coin["amount"]) == Decimal(bought["size"]) + Decimal(bought["fee"]), "the ledger is net of the fee"
    assert Decimal(money["amount"]) == -Decimal(paid["size"])


def traded_bench(trades: int) -> SpotBench:
    """Alice buys lot by lot from bob, and the last time from herself."""
    bench = SpotBench()
    for index in range(trades):
        who = "bob" if index < trades - 1 else "alice"
        bench.order("sell", "1", "100", who=who)
        bench.order("buy", "1", "100")
    return bench


def ledger_ids(rows: list[Any]) -> list[int]:
    return [int(row["ledger_id"]) for row in rows]


@pytest.mark.parametrize("limit", range(1, 9))
def test_pages_of_fills_of_any_size_join_to_the_whole(limit: int) -> None:
    """Also where a page ends between the two rows of one fill, or between the four of a trade with oneself."""
    bench = traded_bench(5)
    whole = ledger_ids(bench.rows("/fills", PAIR))
    assert len(whole) == 2 * 5 + 2
    assert whole == sorted(set(whole), reverse=True)

    joined: list[int] = []
    query = f"{PAIR}&limit={limit}"
    while (page := bench.get(f"{SPOT}/fills", query)).body:
        assert len(page.body) <= limit
        assert (page.headers["OK-BEFORE"], page.headers["OK-AFTER"]) == (
            page.body[0]["ledger_id"],
            page.body[-1]["ledger_id"],
        )
        joined += ledger_ids(page.body)
        query = f"{PAIR}&limit={limit}&after={page.headers['OK-AFTER']}"

    assert joined == whole


def test_every_cursor_of_fills_cuts_exactly_there() -> None:
    bench = traded_bench(4)
    whole = ledger_ids(bench.rows("/fills", PAIR))
    edges = range(min(whole) - 2, max(whole) + 3)

    for cursor in edges:
        older, newer = bench.rows("/fills", f"{PAIR}&after={cursor}"), bench.rows("/fills", f"{PAIR}&before={cursor}")
        assert ledger_ids(older) == [row_id for row_id in whole if row_id < cursor]
        assert ledger_ids(newer) == [row_id for row_id in whole if row_id > cursor]
        between = bench.rows("/fills", f"{PAIR}&after={cursor}&before={cursor - 5}&limit=2")
        assert ledger_ids(between) == [row_id for row_id in whole if cursor - 5 < row_id < cursor][:2]


def test_fills_of_one_order_are_paged_alike() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "3", "100")
    for _ in range(3):
        bench.order("sell", "1", "100", who="bob")
    other = bench.order("sell", "1", "50", who="bob")
    bench.order("buy", "1", "50")

    rows = bench.rows("/fills", f"{PAIR}&order_id={order_id}")

    assert len(rows) == 6
    assert {row["order_id"] for row in rows} == {order_id}
    after = rows[2]["ledger_id"]
    assert bench.rows("/fills", f"{PAIR}&order_id={order_id}&after={after}&limit=2") == rows[3:5]
    assert bench.rows("/fills", f"{PAIR}&order_id={other}") == [], "another user's order has no fills of mine"
    assert bench.rows("/fills", f"{PAIR}&order_id=1") == []
    assert bench.rows("/fills", f"instrument_id=ETH-JPY&order_id={order_id}") == []


def test_fills_are_kept_for_three_months_also_those_of_a_live_order() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "2", "100")
    bench.order("sell", "1", "100", who="bob")
    for query in (PAIR, f"{PAIR}&order_id={order_id}"):
        assert len(bench.rows("/fills", query)) == 2

    bench.clock.advance(90 * DAY - 1)
    assert [len(bench.rows("/fills", query)) for query in (PAIR, f"{PAIR}&order_id={order_id}")] == [2, 2]
    bench.clock.advance(1)
    assert [len(bench.rows("/fills", query)) for query in (PAIR, f"{PAIR}&order_id={order_id}")] == [0, 0]
    assert bench.detail(order_id)["filled_size"] == "1"


# --- ledger


def test_the_ledger_books_the_documents_chain() -> None:
    """Three buys of 0.001 at 0.15 %: each books 0.0009985."""
    (chain,) = LEDGER["chains"]
    bench = SpotBench(accounts={"alice": {"JPY": "1000000", "BTC": chain["opening_balance"]}, "bob": {"BTC": "1"}})
    orders = []
    for _ in chain["rows"]:
        bench.order("sell", chain["gross"], "1000", who="bob")
        orders.append(bench.order("buy", chain["gross"], "1000"))
        bench.clock.advance(SECOND)

    rows = bench.rows("/accounts/btc/ledger", "type=7")

    assert [(row["amount"], row["balance"]) for row in reversed(rows)] == [
        (row["amount"], row["balance"]) for row in chain["rows"]
    ]
    assert [row["details"] for row in reversed(rows)] == [
        {"instrument_id": "BTC-JPY", "order_id": order_id, "product_id": "BTC-JPY"} for order_id in orders
    ]
    assert {row["type"] for row in rows} == {"trade"}


def test_every_balance_of_the_ledger_follows_from_the_row_before() -> None:
    bench = traded_bench(6)

    for currency in ("BTC", "JPY"):
        rows = bench.rows(f"/accounts/{currency}/ledger")
        for newer, older in pairwise(rows):
            assert Decimal(newer["balance"]) == Decimal(older["balance"]) + Decimal(newer["amount"])
        assert rows[0]["balance"] == bench.balance(currency)["balance"]


def test_the_ledger_narrows_to_one_kind_of_movement() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "10000", "BTC": "10"}, "bob": {"JPY": "10000", "BTC": "10"}})
    jpy = {"account_id": "alice", "asset": "JPY"}
    bench.order("sell", "1", "100", who="bob")
    bench.order("buy", "1", "100")
    bench.order("buy", "1", "90", who="bob")
    bench.order("sell", "1", "90")
    bench.desk.execute(TransferFunds(**jpy, amount=7 * 10**18, source=Wallet.SPOT, target=Wallet.FUNDING))
    bench.desk.execute(TransferFunds(**jpy, amount=3 * 10**18, source=Wallet.FUNDING, target=Wallet.SPOT))
    bench.desk.execute(AdjustBalance(**jpy, wallet=Wallet.SPOT, amount=-(10**18)))

    found = {
        number: [row["amount"] for row in bench.rows("/accounts/jpy/ledger", f"type={number}")]
        for number in (row["value"] for row in load("okcoinjp", "states")["spot_ledger_types"]["values"])
    }

    assert {number: amounts for number, amounts in found.items() if amounts} == {
        "1": ["3", "10000"],
        "2": ["-1", "-7"],
        "7": ["-100"],
        "8": ["89.865"],
        "9": ["3"],
        "14": ["-7"],
    }


def test_what_is_no_trade_has_no_details() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "10000"}})

    (row,) = bench.rows("/accounts/jpy/ledger")

    assert (row["type"], "details" in row) == ("transfer", False)


def test_the_ledger_reaches_back_three_months() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "10000"}})

    bench.clock.advance(90 * DAY - 1)
    assert len(bench.rows("/accounts/jpy/ledger")) == 1
    bench.clock.advance(1)
    assert bench.rows("/accounts/jpy/ledger") == []
    assert bench.balance("JPY")["balance"] == "10000"


def test_holds_write_no_ledger_rows() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "10000"}})
    bench.cancel(bench.order("buy", "1", "100"))
    bench.clock.advance(HOUR)

    assert len(bench.rows("/accounts/jpy/ledger")) == 1
