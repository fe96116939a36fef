"""The terms of a spot order in the words of the driver protocol, and what no venue has an order for.

Must not know any venue: what a venue lacks besides, its driver says.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .driver_values import decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTerms:
    """`qty` is base currency."""

    price: Decimal
    qty: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendTerms:
    """A market buy: so much quote currency."""

    notional: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SellTerms:
    """A market sell: so much base currency."""

    qty: Decimal


def spot_terms(
    side: str,
    type: str,
    *,
    price: str | None,
    qty: str | None,
    notional: str | None,
    time_in_force: str | None,
    post_only: bool,
) -> LimitTerms | SpendTerms | SellTerms:
    """ValueError for terms that do not go together: nothing is dropped silently."""
    if type == "limit":
        if price is None or qty is None or notional is not None:
            raise ValueError("a limit order has a price and a quantity, and no notional")
        return LimitTerms(price=decimal(price), qty=decimal(qty))
    if price is not None or post_only or time_in_force not in (None, "gtc"):
        raise ValueError("a market order has no price and no conditions")
    if side == "buy":
        if notional is None or qty is not None:
            raise ValueError("a market buy names the notional to spend, and no quantity")
        return SpendTerms(notional=decimal(notional))
    if qty is None or notional is not None:
        raise ValueError("a market sell names the quantity to sell, and no notional")
    return SellTerms(qty=decimal(qty))
