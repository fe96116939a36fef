"""Balances over REST: numbers, both ways to name assets, and what is held (ktx§7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import Bench
from ktx_user_client import cancel, customer, placed
from mockex.fixtures import load

ACCOUNTS = load("ktx", "rest/accounts")


def balances(bench: Bench, query: str = "", who: str = "alice") -> dict[str, tuple[Decimal, Decimal]]:
    rows = bench.read("/v1/accounts", query, who=who).data
    assert deviations(rows, ACCOUNTS["fields"]) == []
    found = {row["asset"]: (Decimal(row["balance"]), Decimal(row["holds"])) for row in rows}
    assert len(found) == len(rows)
    return found


def test_without_assets_all_are_told_also_those_that_the_account_never_had() -> None:
    bench = Bench()
    customer(bench, "carol", "10000")

    rows = bench.read("/v1/accounts", who="carol").data

    assert rows == [
        {"asset": "USDT", "balance": 10000, "holds": 0},
        {"asset": "BTC", "balance": 0, "holds": 0},
        {"asset": "ETH", "balance": 0, "holds": 0},
        {"asset": "EOS", "balance": 0, "holds": 0},
    ]


@pytest.mark.parametrize("query", ["asset=BTC,ETH", "asset=BTC&asset=ETH", "asset=BTC%2CETH", "asset=BTC,ETH&asset=BTC"])
def test_several_assets_are_named_in_either_form_and_each_is_told_once(query: str) -> None:
    assert list(balances(Bench(), query)) == ["BTC", "ETH"]


@pytest.mark.parametrize(("query", "told"), [("asset=DOGE", []), ("asset=DOGE,EOS", ["EOS"]), ("asset=btc", [])])
def test_an_asset_that_the_venue_does_not_have_is_left_out(query: str, told: list[str]) -> None:
    assert list(balances(Bench(), query)) == told


@pytest.mark.parametrize("query", ["asset=", "asset=BTC,", "asset=&asset=BTC"])
def test_an_asset_without_a_name_is_an_empty_parameter(query: str) -> None:
    assert Bench().read("/v1/accounts", query).state == -21002


def test_numbers_have_all_their_digits() -> None:
    bench = Bench()
    customer(bench, "carol", "12345678901.123456789012345678")

    response = bench.read("/v1/accounts", "asset=USDT", who="carol").data

    assert str(response[0]["balance"]) == "12345678901.123456789012345678"


def test_the_hold_of_the_published_push_is_a_number_here() -> None:
    """19997 x 1.001 of a resting buy."""
    bench = Bench()
    customer(bench, "carol")
    rested = placed(bench, "carol", "buy", "1", "19997", symbol="BTC_USDT")
    published: Any = ACCOUNTS["responses"][1]["body"]

    assert bench.read("/v1/accounts", "asset=USDT", who="carol").data == [
        {"asset": "USDT", "balance": published[0]["balance"], "holds": Decimal(str(published[0]["holds"]))}
    ]
    cancel(bench, "carol", rested)
    assert balances(bench, "asset=USDT", "carol") == {"USDT": (Decimal(100_000), Decimal(0))}


def test_what_positions_and_their_orders_hold_is_held_of_the_same_balance() -> None:
    """Spot 0.1 x 1.001, an order's 1009.899 and a position's 999.9 (ktx§11)."""
    bench = Bench()
    customer(bench, "carol")
    placed(bench, "carol", "buy", "0.1", "1", symbol="BTC_USDT")
    placed(bench, "carol", "buy", "0.1", "99990")
    assert balances(bench, "asset=USDT", "carol")["USDT"] == (Decimal(100_000), Decimal("1009.9991"))
    placed(bench, "bob", "sell", "0.1", "99990")
    assert balances(bench, "asset=USDT", "carol")["USDT"] == (Decimal("99990.001"), Decimal("1000.0001"))


def test_either_permission_will_do_and_no_key_will_not() -> None:
    bench = Bench()
    assert bench.read("/v1/accounts", who="viewer").data == bench.read("/v1/accounts").data
    assert bench.get("/v1/accounts").state == -21004


def test_a_wrapped_reply_holds_the_same_rows() -> None:
    bench = Bench(wrap_result=True)
    assert bench.read("/v1/accounts", "asset=EOS").body == {
        "state": 0, "result": [{"asset": "EOS", "balance": 1000000000, "holds": 0}],
    }  # fmt: skip
