"""Positions over REST: which are there, and each of their fields in the published numbers (ktx§9, ktx§11, ktx§14)."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from fixture_shapes import deviations
from ktx_support import Bench, by_id
from ktx_user_client import PERPETUAL, cancel, customer, placed
from mockex.fixtures import load

from mockex.core.contract_terms import MarginMethod, PositionMerge
from mockex.venues.ktx.instruments import TIERS

FIELDS = load("ktx", "rest/positions")["fields"]
PUSHED = [each["frame"]["data"] for each in load("ktx", "ws/position")["frames"]]
PERPETUALS = load("ktx", "perpetuals")
CROSS, SPLIT, SHORT = MarginMethod.CROSS, PositionMerge.SPLIT, PositionMerge.SHORT
NUMBERS = ("quantity", "entryPrice", "initMargin", "maintMargin", "posMargin", "orderMargin")


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    customer(bench, "carol")
    return bench


def positions(bench: Bench, query: str = "", who: str = "carol") -> list[dict[str, Any]]:
    found = bench.read("/v1/positions", query, who=who).data
    assert deviations(found, FIELDS) == []
    return list(found)


def position(bench: Bench, who: str = "carol") -> dict[str, Any]:
    (found,) = positions(bench, who=who)
    return found


def numbers(row: dict[str, Any]) -> dict[str, Any]:
    """Trailing zeros are not significant (ktx§2)."""
    return {name: Decimal(value) if name in NUMBERS else value for name, value in row.items()}


# --- the numbers


def test_a_resting_order_has_the_published_position(bench: Bench) -> None:
    placed(bench, "carol", "buy", "1", "9999", merge=SPLIT)
    expected = {**PUSHED[0], "id": None}
    assert {**numbers(position(bench)), "id": None} == numbers(expected)


def test_a_cross_short_has_the_inferred_position(bench: Bench) -> None:
    placed(bench, "carol", "sell", "0.1", "109398.9", method=CROSS)
    placed(bench, "bob", "buy", "0.1", "109398.9")
    expected = {**PUSHED[1], "id": None}
    assert {**numbers(position(bench)), "id": None} == numbers(expected)


def test_ids_count_on_from_the_published_form(bench: Bench) -> None:
    placed(bench, "carol", "buy", "0.1", "100", merge=SPLIT)
    placed(bench, "carol", "sell", "0.1", "200", merge=SPLIT)
    assert [int(row["id"]) - (1_000 << 50) for row in positions(bench)] == [1, 2]


@pytest.mark.parametrize("row", **by_id(PERPETUALS["order_margins"]))
def test_order_margins_are_those_of_the_table(row: dict[str, Any]) -> None:
    bench = Bench()
    placed(bench, "alice", "buy", row["remaining"], row["price"])
    assert Decimal(position(bench, "alice")["orderMargin"]) == Decimal(row["orderMargin"])


@pytest.mark.parametrize("row", **by_id(PERPETUALS["position_margins"]))
def test_position_margins_are_those_of_the_table(row: dict[str, Any]) -> None:
    bench = Bench()
    is_short = row["quantity"].startswith("-")
    for who, side in (("alice", "sell" if is_short else "buy"), ("bob", "buy" if is_short else "sell")):
        placed(bench, who, side, row["quantity"].lstrip("-"), row["entryPrice"])
    mine = position(bench, "alice")
    assert (mine["quantity"], mine["entryPrice"], mine["posMargin"]) == (row["quantity"], row["entryPrice"], row["posMargin"])


@pytest.mark.parametrize("row", **by_id(PERPETUALS["initial_margins"]))
def test_initial_margins_are_those_of_leverage_or_tier(row: dict[str, Any]) -> None:
    """The tier of a value of 1000000 and less, or of more."""
    bench = Bench()
    qty = {"0.01": "1", "0.015": "11"}[row["tier"]]
    leverage = min(row["leverage"], 67) if qty == "11" else row["leverage"]
    placed(bench, "alice", "buy", qty, "100000", leverage=leverage)
    placed(bench, "bob", "sell", qty, "100000", method=CROSS)
    assert position(bench, "alice")["initMargin"] == row["initMargin"]


@pytest.mark.parametrize("row", **by_id(PERPETUALS["tiers"]))
def test_tiers_are_those_of_the_table(row: dict[str, Any]) -> None:
    tier = next(each for each in TIERS if each.max_value == Decimal(row["value_to"]))
    assert tier.maintenance_rate == Decimal(row["maintMargin"])
    assert tier.initial_rate == Decimal(row["initMargin"])
    assert tier.max_leverage == row["leverage"]


def test_tiers_go_on_doubling_until_a_position_is_paid_in_full() -> None:
    doubled = TIERS[1:]
    for lower, upper in pairwise(doubled):
        assert (upper.maintenance_rate, upper.initial_rate) == (2 * lower.maintenance_rate, 2 * lower.initial_rate)
        assert lower.max_value is not None
        assert upper.max_value in (None, 2 * lower.max_value)
    assert (TIERS[-1].max_value, TIERS[-1].max_leverage) == (None, 1)


def test_the_maintenance_margin_is_that_of_the_positions_worth() -> None:
    bench = Bench()
    seen = []
    for qty in ("10", "10", "20", "40", "640"):
        for who, side in (("alice", "buy"), ("bob", "sell")):
            placed(bench, who, side, qty, "100000", leverage=1)
        seen.append(position(bench, "alice")["maintMargin"])
    assert seen == ["0.005", "0.0075", "0.015", "0.03", "0.48"]


@pytest.mark.parametrize("row", **by_id(PERPETUALS["entries"]))
def test_entry_prices_are_those_of_the_table(row: dict[str, Any]) -> None:
    bench = Bench()
    for price, qty in row["adds"]:
        for who, side in (("alice", "buy"), ("bob", "sell")):
            placed(bench, who, side, qty, price)
    if "reduces" in row:
        placed(bench, "bob", "buy", row["reduces"], "101", close=True)
        placed(bench, "alice", "sell", row["reduces"], "101", close=True)
    mine = position(bench, "alice")
    assert (mine["quantity"], mine["entryPrice"]) == (row["quantity"], row["entryPrice"])
    assert mine["posMargin"] == row.get("posMargin", mine["posMargin"])


def test_an_entry_price_and_a_rate_that_never_end_are_cut_to_eight_decimals(bench: Bench) -> None:
    for price, qty in (("100", "0.1"), ("101", "0.2")):
        placed(bench, "carol", "buy", qty, price, leverage=3)
        placed(bench, "bob", "sell", qty, price)
    mine = position(bench)
    assert (mine["entryPrice"], mine["initMargin"], mine["leverage"]) == ("100.66666667", "0.33333333", "3.0")


# --- which are there


@pytest.fixture
def several(bench: Bench) -> Bench:
    """carol has an order for a long, a short, and two split positions of another contract."""
    bench.rest("sell", "3500", "1", symbol="ETH_USDT")
    bench.rest("buy", "3500", "1", symbol="ETH_USDT", who="alice")
    placed(bench, "carol", "buy", "0.1", "90000")
    placed(bench, "carol", "sell", "0.1", "100000", method=CROSS)
    placed(bench, "bob", "buy", "0.1", "100000")
    for _ in range(2):
        placed(bench, "carol", "buy", "1", "3500", symbol="ETH_USDT_SWAP", merge=SPLIT)
        placed(bench, "bob", "sell", "1", "3500", symbol="ETH_USDT_SWAP")
    return bench


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["symbol"], row["mergeMode"], row["quantity"]) for row in rows]


EVERYTHING = [
    ("BTC_USDT_SWAP", "long", "0"),
    ("BTC_USDT_SWAP", "short", "-0.1"),
    ("ETH_USDT_SWAP", "none", "1"),
    ("ETH_USDT_SWAP", "none", "1"),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYTHING),
        ("market=lpc", EVERYTHING),
        ("market=spot", []),
        ("market=lpc&symbol=BTC_USDT_SWAP", EVERYTHING[:2]),
        ("symbol=ETH_USDT_SWAP", EVERYTHING[2:]),
        ("symbol=EOS_USDT_SWAP", []),
        ("market=spot&symbol=BTC_USDT", []),
    ],
)
def test_positions_are_listed_by_market_and_symbol(several: Bench, query: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(positions(several, query)) == expected


def test_one_position_is_asked_for_by_its_id(several: Bench) -> None:
    for row in positions(several):
        assert positions(several, f"position_id={row['id']}") == [row]
        assert positions(several, f"position_id={row['id']}&symbol=EOS_USDT_SWAP") == []


def test_an_id_of_nothing_or_of_somebody_elses_has_no_position(several: Bench) -> None:
    (others,) = positions(several, f"symbol={PERPETUAL}", who="bob")
    assert positions(several, f"position_id={others['id']}") == []
    assert positions(several, "position_id=7") == []


def test_a_position_without_quantity_and_orders_is_gone(bench: Bench) -> None:
    rested = placed(bench, "carol", "buy", "0.1", "99990")
    assert len(positions(bench)) == 1
    cancel(bench, "carol", rested)
    assert positions(bench) == []


def test_a_liquidated_position_is_gone(bench: Bench) -> None:
    """Of 90452.26: 9000 / (0.1 x 0.995)."""
    for who, side in (("carol", "buy"), ("bob", "sell")):
        placed(bench, who, side, "0.1", "100000")
    bench.trade("80906")
    assert len(positions(bench)) == 1  # the mean of 80906 and the last 100000
    bench.trade("80904")
    assert positions(bench) == []


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("market=futures", -21003),
        ("market=", -21002),
        ("symbol=DOGE_USDT_SWAP", -22003),
        ("market=lpc&symbol=BTC_USDT", -22003),
        ("market=spot&symbol=BTC_USDT_SWAP", -22003),
        ("position_id=first", -21003),
        ("position_id=-1", -21003),
        ("position_id=", -21002),
    ],
)
def test_a_parameter_that_is_wrong_is_refused(bench: Bench, query: str, state: int) -> None:
    assert bench.read("/v1/positions", query, who="carol").state == state


def test_either_permission_will_do_and_no_key_will_not(several: Bench) -> None:
    assert several.read("/v1/positions", who="viewer").data == several.read("/v1/positions").data
    assert several.get("/v1/positions").state == -21004


def test_the_reply_is_bare_unless_asked_for_otherwise() -> None:
    assert Bench().read("/v1/positions").body == []
    assert Bench(wrap_result=True).read("/v1/positions").body == {"state": 0, "result": []}
