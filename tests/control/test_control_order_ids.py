"""Operators name orders as the venue's clients do, also where those ids are not the exchange's own numbers."""

from __future__ import annotations

import pytest

import mockex

# 2**62 and the product's number shifted by 40 bits, ktx§10: products 1 and 2, orders 1 and 2.
FIRST, SECOND = "4611687117939015681", "4611688217450643458"

pytestmark = pytest.mark.mockex(venues=["ktx"], balances={"alice": {"spot": {"BTC": "10", "ETH": "10"}}})


def sell(venue: mockex.RunningVenue, symbol: str, price: str) -> str:
    return str(venue.place(account="alice", symbol=symbol, side="sell", price=price, qty="1")["order_id"])


def test_an_order_has_the_id_that_its_account_is_told(mockex: mockex.RunningWorld) -> None:
    venue = mockex["ktx"]

    assert [sell(venue, "BTC_USDT", "98000"), sell(venue, "ETH_USDT", "3500")] == [FIRST, SECOND]
    assert [order["order_id"] for order in venue.orders("alice")] == [SECOND, FIRST]
    assert venue.order(FIRST)["symbol"] == "BTC_USDT"


def test_an_order_is_cancelled_by_it(mockex: mockex.RunningWorld) -> None:
    venue = mockex["ktx"]
    for symbol, price in (("BTC_USDT", "98000"), ("ETH_USDT", "3500")):
        sell(venue, symbol, price)

    assert venue.cancel(SECOND)["status"] == "cancelled"
    assert [order["order_id"] for order in venue.cancel_all("alice")] == [FIRST]


# The exchange's number alone, the other product's, none of an order, no number, and one too long to be one.
@pytest.mark.parametrize("order_id", ["1", "4611688217450643457", "4611687117939015689", "-1", "²", "9" * 40])
def test_nothing_else_names_an_order(mockex: mockex.RunningWorld, order_id: str) -> None:
    venue = mockex["ktx"]
    sell(venue, "BTC_USDT", "98000")

    with pytest.raises(ValueError, match="ktx has no order"):
        venue.cancel(order_id)
    assert venue.order(FIRST)["status"] == "open"
