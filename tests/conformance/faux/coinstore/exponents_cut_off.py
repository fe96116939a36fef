"""Reads the digits before an exponent alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/fills/010",
    }
)
SHOWS_IN = frozenset({"fills"})


honest = m.decode_fill


def decode_fill(row: Row) -> m.Fill:
    return replace(honest(row), fee=Decimal(str(row.raw["fee"]).partition("E")[0]))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_fill = decode_fill
        await super().start(settings)
