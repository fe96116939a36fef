"""Contracts through the fixture: prices, funding and positions in a program's hands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from mockex.embedded import RunningWorld, VenueHandle

pytestmark = pytest.mark.mockex(venues=["ktx", "okcoinjp"], balances={"alice": {"USDT": 100_000}, "bob": {"USDT": 100_000}})
SYMBOL = "BTC_USDT_SWAP"


def open_both(venue: VenueHandle) -> None:
    for account, side in (("alice", "buy"), ("bob", "sell")):
        venue.place(account=account, symbol=SYMBOL, side=side, price=100_000, qty="0.1", position={"leverage": 10})


def test_prices_are_set_and_left_to_the_market_again(mockex: RunningWorld) -> None:
    contract = mockex.ktx.contract(SYMBOL)
    assert contract.set_index_price("98000")["mark_price"] == "98000"
    assert contract.set_mark_price(Decimal("99000.5"))["mark_price"] == "99000.5"
    assert contract.set_mark_price(None)["mark_price"] == "98000"
    assert contract.set_index_price(None)["index_override"] is None
    assert mockex.ktx.contracts()[0] == contract.state()


def test_time_moves_to_the_funding_which_is_paid(mockex: RunningWorld) -> None:
    open_both(mockex.ktx)
    contract = mockex.ktx.contract(SYMBOL)
    contract.set_funding_rate("0.001")
    before = mockex.clock.now
    due = contract.state()["next_funding"]

    after = contract.advance_to_funding()

    assert (after["funding_rate"], contract.set_funding_rate(None)["next_funding_rate"]) == ("0.001", "0.0001")
    assert mockex.clock.now.isoformat(timespec="milliseconds").replace("+00:00", "Z") == due
    assert timedelta(0) < mockex.clock.now - before <= timedelta(hours=8)
    assert [position["position_margin"] for position in mockex.ktx.positions()] == ["990", "1000"]


def test_a_position_is_liquidated_by_a_mark_price_and_closed_by_an_order(mockex: RunningWorld) -> None:
    open_both(mockex.ktx)
    contract = mockex.ktx.contract(SYMBOL)
    assert [position["qty"] for position in contract.positions("alice")] == ["0.1"]
    contract.set_mark_price(90_000)
    assert contract.positions("alice") == []
    mockex.ktx.place(account="alice", symbol=SYMBOL, side="sell", price=95_000, qty="0.1", position={"leverage": 10})
    mockex.ktx.place(account="bob", symbol=SYMBOL, side="buy", qty="0.1", position={"close": True})
    assert [position["account"] for position in contract.positions()] == ["alice"]


def test_a_contract_that_is_not_there_is_refused_at_once(mockex: RunningWorld) -> None:
    with pytest.raises(ValueError, match="ktx has no contract 'BTC_USDT'; it has BTC_USDT_SWAP"):
        mockex.ktx.contract("BTC_USDT")
    with pytest.raises(ValueError, match="okcoinjp has no contracts"):
        mockex.okcoinjp.contracts()
    with pytest.raises(ValueError, match="leverage a whole number"):
        mockex.ktx.place(
            account="alice",
            symbol=SYMBOL,
            side="buy",
            price=1,
            qty=1,
            position={"leverage": "10"},  # type: ignore[typeddict-item]
        )
    with pytest.raises(ValueError, match="a position has no 'size'"):
        mockex.ktx.place(account="alice", symbol=SYMBOL, side="buy", price=1, qty=1, position={"size": "1"})  # type: ignore[typeddict-unknown-key]
