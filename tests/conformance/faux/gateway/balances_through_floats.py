"""Reads balances as binary fractions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mockex.clients.gateway import driver_words
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.models import Asset
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "common/balances/020",
        "common/balances/040",
        "common/streams/080",
        "gateway/balances/010",
        "gateway/balances/060",
        "gateway/numbers/020",
    }
)

honest = driver_words.balance_fields


def balance_fields(assets: Iterable[Asset]) -> list[Fields]:
    return honest([replace(each, free=binary(each.free), total=binary(each.total)) for each in assets])


def binary(amount: Decimal) -> Decimal:
    return Decimal(float(amount))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.balance_fields = balance_fields
        await super().start(settings)
