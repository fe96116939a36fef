"""Reads `code` and `message` in what failed of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.coinstore import trading_models as m
from mockex.clients.coinstore.driver import Driver as Reference
from mockex.clients.coinstore.errors import CoinstoreError
from mockex.clients.coinstore.fields import Row

FAILS = frozenset(
    {
        "coinstore/orders/050",
    }
)
SHOWS_IN = frozenset({"place_orders"})


def outcome(row: Row) -> m.BatchOutcome:
    if not row.blank("ordId"):
        return m.decode_receipt(row)
    return CoinstoreError(row.optional_text("message") or "failed")


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        m._outcome = outcome
        await super().start(settings)
