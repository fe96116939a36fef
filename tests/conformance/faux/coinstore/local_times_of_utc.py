"""Reads times in words as UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from mockex.clients.coinstore import fields
from mockex.clients.coinstore.driver import Driver as Reference

FAILS = frozenset(
    {
        "coinstore/funding/020",
    }
)
SHOWS_IN = frozenset({"deposits", "withdrawals"})


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        fields.VENUE_ZONE = UTC
        await super().start(settings)
