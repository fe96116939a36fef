"""Steps and limits of instruments in the configuration file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from mockex.config import read_file
from mockex.config_tables import ConfigError
from mockex.wire.venue import Listing
from mockex.world import installed_venues

TOY = "toyx"
INSTRUMENT = """
[[venues.toyx.instruments]]
symbol = "AAA2-BBB"
base = "AAA"
quote = "BBB"
tick_size = 1
lot_size = 0.01
min_qty = 1
reference_price = 250
"""
LIMITS = """
qty_step = 0.5
min_notional = 5
max_limit_buy = 60
max_limit_sell = 70
min_market_sell = 2
max_market_sell = 100
min_budget = 6
max_budget = 1000
"""


def listing_of(tmp_path: Path, text: str) -> Listing:
    path = tmp_path / "mockex.toml"
    path.write_text(text, encoding="utf-8")
    (listing,) = read_file(path, installed_venues()).venues[TOY].instruments
    return listing


def test_an_instrument_may_have_a_step_and_limits(tmp_path: Path) -> None:
    listing = listing_of(tmp_path, INSTRUMENT + LIMITS)

    assert (listing.qty_step, listing.min_notional) == (Decimal("0.5"), 5)
    assert (listing.max_limit_buy, listing.max_limit_sell) == (60, 70)
    assert (listing.min_market_sell, listing.max_market_sell) == (2, 100)
    assert (listing.min_budget, listing.max_budget) == (6, 1_000)


def test_an_instrument_need_not_have_any(tmp_path: Path) -> None:
    listing = listing_of(tmp_path, INSTRUMENT)

    assert {listing.qty_step, listing.min_notional, listing.min_market_sell, listing.max_market_sell} == {None}
    assert {listing.min_budget, listing.max_budget, listing.max_limit_buy, listing.max_limit_sell} == {None}


@pytest.mark.parametrize(
    ("terms", "complaint"),
    [
        ("qty_step = 0.015", "qty_step in lots"),
        ("qty_step = 0", "qty_step"),
        ("qty_step = 0.3", "min_qty in steps"),
        ("min_budget = 5\nmax_budget = 4", "budgets from"),
        ("min_notional = -1", "min_notional|notionals"),
    ],
)
def test_impossible_limits_are_one_clear_line(tmp_path: Path, terms: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint) as refused:
        listing_of(tmp_path, INSTRUMENT + terms)
    assert "\n" not in str(refused.value)
