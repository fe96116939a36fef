"""Takes every time of the venue for Tokyo's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockex.clients.okcoinjp import driver_words
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


honest = driver_words.ms

NINE_HOURS_MS = 9 * 3_600_000


def ms(instant: datetime) -> int:
    return honest(instant) - NINE_HOURS_MS


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.ms = ms
        await super().start(settings)
