"""Cuts the times of orders and fills to seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockex.clients.gateway import driver_words
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/time/010",
        "gateway/time/020",
    }
)

honest = driver_words.ms


def ms(moment: datetime) -> int:
    return honest(moment) // 1_000 * 1_000


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.ms = ms
        await super().start(settings)
