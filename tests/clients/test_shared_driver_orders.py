"""Which terms of a spot order go together in the words of the driver protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from mockex.clients.shared.driver_orders import LimitTerms, SellTerms, SpendTerms, spot_terms

NOTHING: dict[str, Any] = {"price": None, "qty": None, "notional": None, "time_in_force": None, "post_only": False}


@pytest.mark.parametrize(
    ("side", "type", "given", "expected"),
    [
        ("buy", "limit", {"price": "100.50", "qty": "2"}, LimitTerms(price=Decimal("100.50"), qty=Decimal(2))),
        (
            "sell",
            "limit",
            {"price": "1e-7", "qty": "2.0", "time_in_force": "ioc", "post_only": True},
            LimitTerms(price=Decimal("1e-7"), qty=Decimal("2.0")),
        ),
        ("buy", "market", {"notional": "50"}, SpendTerms(notional=Decimal(50))),
        ("sell", "market", {"qty": "0.10", "time_in_force": "gtc"}, SellTerms(qty=Decimal("0.10"))),
    ],
)
def test_terms_that_go_together_are_read_with_every_digit(
    side: str, type: str, given: dict[str, Any], expected: LimitTerms | SpendTerms | SellTerms
) -> None:
    read = spot_terms(side, type, **NOTHING | given)

    assert read == expected
    assert repr(read) == repr(expected)  # decimals that are equal may differ in digits


@pytest.mark.parametrize(
    ("side", "type", "given", "refusal"),
    [
        ("buy", "limit", {"qty": "2"}, "a limit order has a price and a quantity, and no notional"),
        ("sell", "limit", {"price": "100"}, "a limit order has a price and a quantity, and no notional"),
        ("buy", "limit", {"price": "100", "qty": "2", "notional": "200"}, "a limit order has a price"),
        ("buy", "limit", {"price": "ten", "qty": "2"}, "'ten' is not a decimal number"),
        ("buy", "market", {"notional": "50", "price": "100"}, "a market order has no price and no conditions"),
        ("buy", "market", {"notional": "50", "post_only": True}, "a market order has no price and no conditions"),
        ("sell", "market", {"qty": "2", "time_in_force": "ioc"}, "a market order has no price and no conditions"),
        ("buy", "market", {"qty": "2"}, "a market buy names the notional to spend, and no quantity"),
        ("buy", "market", {"qty": "2", "notional": "50"}, "a market buy names the notional to spend, and no quantity"),
        ("sell", "market", {"notional": "50"}, "a market sell names the quantity to sell, and no notional"),
        ("sell", "market", {"qty": "2", "notional": "50"}, "a market sell names the quantity to sell, and no notional"),
    ],
)
def test_terms_that_do_not_go_together_are_refused(side: str, type: str, given: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        spot_terms(side, type, **NOTHING | given)
