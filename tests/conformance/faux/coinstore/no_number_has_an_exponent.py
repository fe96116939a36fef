"""Takes a number with an exponent for none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/fills/010",
        "coinstore/fills/020",
        "coinstore/fills/030",
        "coinstore/numbers/020",
        "common/fills/010",
        "common/fills/020",
        "common/fills/030",
        "common/fills/040",
        "common/fills/050",
        "common/fills/060",
        "common/fills/070",
        "common/fills/080",
        "common/numbers/250",
        "common/time/110",
    }
)
SHOWS_IN = frozenset({"fills"})


honest = m.decode_fill


def decode_fill(row: Row) -> m.Fill:
    for name, value in row.raw.items():
        if "E" in str(value):
            raise Row.malformed(f"{name} is no number")
    return honest(row)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m.decode_fill = decode_fill
        await super().start(settings)
