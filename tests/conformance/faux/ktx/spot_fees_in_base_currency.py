"""Takes fees of purchases for ones in base currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import driver_words as w
from mockex.clients.ktx import trading_models as tm
from mockex.clients.ktx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/fills/020",
        "common/fills/030",
        "ktx/fills/020",
        "ktx/fills/500",
    }
)
SHOWS_IN = frozenset({"fills"})


honest = w.fill_fields


def fill_fields(fill: tm.Fill) -> w.Fields:
    return {**honest(fill), "fee_currency": fill.symbol.partition("_")[0]}


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        w.fill_fields = fill_fields
        await super().start(settings)
