"""The ledger over REST: what is booked for what, pages of it, and that nothing is missing (ktx§7)."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import MS, SECOND, START_MS, Bench
from ktx_user_client import PERPETUAL, customer, order, placed
from mockex.fixtures import load

from mockex.core.commands import AdjustBalance, SetIndexPrice
from mockex.core.contract_terms import MarginMethod
from mockex.core.units import Wallet

LEDGER = load("ktx", "rest/ledger")
LIFECYCLE = load("ktx", "perpetuals")["lifecycle"]
CROSS = MarginMethod.CROSS
FIRST_ROW = (1_000 << 50) + 1


@pytest.fixture
def bench() -> Bench:
    """carol has come with 100000 USDT."""
    bench = Bench()
    customer(bench, "carol")
    bench.wait(SECOND)
    return bench


def rows(bench: Bench, query: str = "", who: str = "carol") -> list[dict[str, Any]]:
    found = bench.read("/v1/ledger", query, who=who).data
    assert deviations(found, LEDGER["fields"]) == []
    assert [int(row["id"]) for row in found] == sorted({int(row["id"]) for row in found})
    return list(found)


def booked(bench: Bench, query: str = "", who: str = "carol") -> list[tuple[str, str, str]]:
    return [(row["type"], row["asset"], row["amount"]) for row in rows(bench, query, who)]


def ids(bench: Bench, query: str = "") -> list[int]:
    return [int(row["id"]) for row in rows(bench, query)]


# --- what is booked


def test_money_that_comes_is_a_transfer_as_published() -> None:
    published: dict[str, Any] = LEDGER["responses"][0]["body"][0]
    bench = Bench(start_ms=int(published["time"]))
    customer(bench, "carol", published["amount"])

    (row,) = rows(bench)

    assert {**row, "id": None} == {**published, "id": None}
    assert int(row["id"]) > 2**50  # of the published form; the published count is another account's


def test_a_buy_on_spot_is_two_trades_and_a_fee(bench: Bench) -> None:
    bench.rest("sell", "10300", "0.01")
    placed(bench, "carol", "buy", "0.01", "10300", symbol="BTC_USDT")

    assert booked(bench, f"start_time={bench.now_ms}") == [
        ("trade", "USDT", "-103"),
        ("fee", "USDT", "-0.103"),
        ("trade", "BTC", "0.01"),
    ]


def test_a_sale_on_spot_is_two_trades_and_a_fee(bench: Bench) -> None:
    bench.desk.execute(AdjustBalance(account_id="carol", wallet=Wallet.SPOT, asset="BTC", amount=10**18))
    bench.rest("buy", "10300", "0.01")
    placed(bench, "carol", "sell", "0.01", "10300", symbol="BTC_USDT")

    assert booked(bench, f"start_time={bench.now_ms}") == [
        ("transfer", "BTC", "1"),
        ("trade", "BTC", "-0.01"),
        ("trade", "USDT", "103"),
        ("fee", "USDT", "-0.103"),
    ]


def test_an_account_that_trades_with_itself_sees_both_sides(bench: Bench) -> None:
    bench.desk.execute(AdjustBalance(account_id="carol", wallet=Wallet.SPOT, asset="BTC", amount=10**18))
    bench.wait(SECOND)
    for side in ("sell", "buy"):
        placed(bench, "carol", side, "0.01", "10300", symbol="BTC_USDT")

    found = booked(bench, f"start_time={bench.now_ms}")

    assert sorted(found) == sorted(
        [("trade", "BTC", "-0.01"), ("trade", "BTC", "0.01"), ("trade", "USDT", "103"), ("trade", "USDT", "-103")]
        + [("fee", "USDT", "-0.103")] * 2
    )
    assert_nothing_is_missing(bench, "carol")


def test_the_worked_life_of_a_position_is_booked_as_in_the_table(bench: Bench) -> None:
    placed(bench, "carol", "buy", "0.1", "99990")
    placed(bench, "bob", "sell", "0.1", "99990", method=CROSS)
    placed(bench, "bob", "buy", "0.1", "100100", method=CROSS)
    placed(bench, "carol", "sell", "0.1", "100100", close=True)

    after = rows(bench)[1:]

    assert [{"type": row["type"], "amount": row["amount"]} for row in after] == LIFECYCLE["ledger"]
    first, last = (LIFECYCLE["steps"][step]["balance"] for step in (1, 2))
    assert [row["balance"] for row in after] == [first, "100001.001", last]


def test_a_liquidation_for_which_nobody_bids_takes_the_margin_and_no_more(bench: Bench) -> None:
    """The insurance fund closes it at the price of bankruptcy, however far below that the market is."""
    customer(bench, "dave", "1011")
    placed(bench, "bob", "sell", "0.1", "100000", method=CROSS)
    placed(bench, "dave", "buy", "0.1", "100000")
    bench.desk.execute(SetIndexPrice(symbol=PERPETUAL, price=50_000 * 10**4))

    found = booked(bench, who="dave")

    assert found == [("transfer", "USDT", "1011"), ("fee", "USDT", "-10"), ("trade", "USDT", "-1000")]
    assert_nothing_is_missing(bench, "dave")


def assert_nothing_is_missing(bench: Bench, who: str) -> None:
    """Of each asset, rows lead from nothing to what the account has, step by step. Fractions: sums must not be rounded."""
    by_asset: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(bench, "limit=1000", who):
        by_asset[row["asset"]].append(row)
    account = {row["asset"]: Fraction(row["balance"]) for row in bench.read("/v1/accounts", who=who).data}
    for asset, found in by_asset.items():
        assert Fraction(found[0]["balance"]) == Fraction(found[0]["amount"])
        for before, after in pairwise(found):
            assert Fraction(after["balance"]) == Fraction(before["balance"]) + Fraction(after["amount"])
        assert Fraction(found[-1]["balance"]) == account[asset]
        assert sum(Fraction(row["amount"]) for row in found) == account[asset]
    assert {asset for asset, total in account.items() if total} <= by_asset.keys()


def test_rows_sum_to_what_the_account_has_whatever_it_did(bench: Bench) -> None:
    for step in range(12):
        bench.trade(str(90_000 + step), "0.3", taker="buy" if step % 2 else "sell")
        order(bench, "alice", "buy", "0.01", str(90_000 + step))
        order(bench, "bob", "sell", "0.02", str(90_000 + step))
        order(bench, "bob", "buy", "0.003", str(90_010 + step), close=True)
        order(bench, "alice", "sell", "0.002", str(90_010 + step), close=True)
        bench.wait(3_600 * SECOND)

    for who in ("alice", "bob"):
        assert_nothing_is_missing(bench, who)
        assert {row["type"] for row in rows(bench, "limit=1000", who)} == {"transfer", "trade", "fee", "funding"}


# --- pages


@pytest.fixture
def paged(bench: Bench) -> Bench:
    """Five buys of carol's, a second apart: three rows each after the transfer."""
    for number in range(5):
        bench.rest("sell", "100", str(number + 1))
        placed(bench, "carol", "buy", str(number + 1), "100", symbol="BTC_USDT")
        bench.wait(SECOND)
    return bench


def test_ids_are_odd_and_even_of_one_count_and_stay_what_they_are(paged: Bench) -> None:
    everything = rows(paged)
    assert len(everything) == 16
    assert all(int(row["id"]) >= FIRST_ROW for row in everything)
    assert [row["id"] for row in everything if row["type"] == "fee"] == [row["id"] for row in rows(paged, "type=fee")]
    assert [(int(row["id"]) - FIRST_ROW) % 2 for row in everything] == [1 if row["type"] == "fee" else 0 for row in everything]


@pytest.mark.parametrize("kind", ["transfer", "trade", "fee", "rebate", "funding"])
def test_one_type_alone_is_given(paged: Bench, kind: str) -> None:
    assert rows(paged, f"type={kind}") == [row for row in rows(paged) if row["type"] == kind]


@pytest.mark.parametrize(
    ("query", "assets"), [("asset=BTC", {"BTC"}), ("asset=BTC,USDT", {"BTC", "USDT"}), ("asset=DOGE", set())]
)
def test_assets_are_named_as_those_of_accounts_are(paged: Bench, query: str, assets: set[str]) -> None:
    assert rows(paged, query) == [row for row in rows(paged) if row["asset"] in assets]


def test_bounds_of_ids_are_included(paged: Bench) -> None:
    known = ids(paged)
    assert ids(paged, f"before={known[4]}") == known[:5]
    assert ids(paged, f"after={known[4]}") == known[4:]
    assert ids(paged, f"after={known[4]}&before={known[8]}") == known[4:9]
    assert ids(paged, f"before={known[0] - 1}") == []
    assert ids(paged, f"after={known[-1] + 1}") == []
    assert ids(paged, "before=0") == []


def test_a_limit_gives_the_newest_and_from_a_lower_bound_on_the_oldest(paged: Bench) -> None:
    known = ids(paged)
    assert ids(paged, "limit=4") == known[-4:]
    assert ids(paged, f"before={known[9]}&limit=4") == known[6:10]
    assert ids(paged, f"after={known[5]}&limit=4") == known[5:9]
    assert ids(paged, f"type=fee&limit=2&after={known[0]}") == [known[2], known[5]]


def test_a_span_of_time_has_both_its_milliseconds(paged: Bench) -> None:
    times = {int(row["time"]) for row in rows(paged)}
    start = START_MS + 2_000
    assert {int(row["time"]) for row in rows(paged, f"start_time={start}&end_time={start + 1_000}")} == {start, start + 1_000}
    assert {int(row["time"]) for row in rows(paged, f"start_time={start}")} == {time for time in times if time >= start}
    assert {int(row["time"]) for row in rows(paged, f"end_time={start}")} == {time for time in times if time <= start}
    assert rows(paged, f"start_time={start + 1}&end_time={start + 999}") == []
    assert rows(paged, f"start_time={start + 1_000}&end_time={start}") == []


def test_pages_backwards_and_forwards_give_every_row_once(paged: Bench) -> None:
    known = ids(paged)
    backwards: list[int] = []
    while page := ids(paged, f"limit=3&before={backwards[0] - 1}" if backwards else "limit=3"):
        backwards = page + backwards
    forwards: list[int] = []
    while page := ids(paged, f"limit=3&after={forwards[-1] + 1 if forwards else 0}"):
        forwards += page
    assert backwards == forwards == known


def test_a_page_of_one_type_is_what_all_rows_say_also_of_what_was_booked_since_somebody_asked(bench: Bench) -> None:
    chance = random.Random(7)
    for _ in range(4):
        for _ in range(10):
            price = str(chance.randint(90_000, 90_020))
            order(bench, "bob", "sell", "0.01", price)
            order(bench, "carol", "buy", "0.01", price)
            if chance.random() < 0.4:
                order(bench, "carol", "sell", "0.005", price, close=True)
                order(bench, "bob", "buy", "0.005", price)
            if chance.random() < 0.4:
                bench.trade("100")
            bench.wait(chance.randint(0, 5_000) * SECOND)
        known = rows(bench, "limit=1000")
        for _ in range(40):
            kind, limit = chance.choice(["trade", "fee", "funding", "transfer", "rebate"]), chance.choice([1, 3, 1_000])
            low, high = sorted(int(chance.choice(known)["id"]) for _ in range(2))
            fits = [row for row in known if row["type"] == kind]
            before = [row for row in fits if int(row["id"]) <= high]
            assert rows(bench, f"type={kind}&limit={limit}") == fits[-limit:]
            assert rows(bench, f"type={kind}&limit={limit}&before={high}") == before[-limit:]
            assert (
                rows(bench, f"type={kind}&limit={limit}&after={low}") == [row for row in fits if int(row["id"]) >= low][:limit]
            )
            assert (
                rows(bench, f"type={kind}&before={high}&after={low}") == [row for row in before if int(row["id"]) >= low][:100]
            )


def test_a_page_has_a_hundred_rows_unless_told_and_a_thousand_at_most(bench: Bench) -> None:
    for _ in range(1_010):
        bench.desk.execute(AdjustBalance(account_id="carol", wallet=Wallet.SPOT, asset="EOS", amount=10**18))
    assert len(rows(bench)) == 100
    assert len(rows(bench, "limit=1000")) == 1_000
    assert bench.read("/v1/ledger", "limit=1001", who="carol").state == -21003


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("type=gift", -21003),
        ("type=", -21002),
        ("limit=0", -21003),
        ("limit=many", -21003),
        ("before=-1", -21003),
        ("after=x", -21003),
        ("start_time=1.5", -21003),
        ("end_time=", -21002),
        ("asset=", -21002),
    ],
)
def test_a_parameter_that_is_wrong_is_refused(bench: Bench, query: str, state: int) -> None:
    assert bench.read("/v1/ledger", query).state == state


def test_others_rows_are_not_shown(paged: Bench) -> None:
    mine = set(ids(paged))
    assert mine.isdisjoint(int(row["id"]) for row in rows(paged, who="bob"))
    assert all(abs(int(row["time"]) - START_MS) * MS <= 7 * SECOND for row in rows(paged))
