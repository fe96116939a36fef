"""Paths of the account's lists, which differ by generation. All others are the same in both. Source: ktx§7, ktx§14."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .vocabulary import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """`status`: whether one path of orders takes the status as a parameter."""

    accounts: str
    ledger: str
    open_orders: str
    settled_orders: str
    status: bool


PATHS: Mapping[Profile, Paths] = MappingProxyType(
    {
        Profile.GEN1: Paths(
            accounts="/v1/accounts", ledger="/v1/ledger", open_orders="/v1/orders", settled_orders="/v1/orders", status=True
        ),
        Profile.GEN2: Paths(
            accounts="/v1/trade/accounts",
            ledger="/v1/ledgers",
            open_orders="/v1/pending/orders",
            settled_orders="/v1/history/orders",
            status=False,
        ),
    }
)
