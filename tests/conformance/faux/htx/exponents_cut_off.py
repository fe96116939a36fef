"""Reads numbers up to their exponent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mockex.clients.htx import connection, rest
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/reference/030",
        "htx/books/210",
        "htx/numbers/010",
        "htx/numbers/020",
        "htx/numbers/030",
        "htx/reference/040",
    }
)
SHOWS_IN = frozenset({"book", "book_view", "candles", "instruments", "next_event", "ticker", "tickers", "trades"})


def _cut(text: str) -> Decimal:
    return Decimal(text.split("E")[0])


def parse_json(raw: bytes | str) -> object:
    return json.loads(raw, parse_float=_cut)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.parse_json = parse_json
        connection.parse_json = parse_json
        await super().start(settings)
