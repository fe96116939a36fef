"""Takes every time of the venue for Tokyo's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockex.clients.okcoinjp import driver_words
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.shared import driver_words as shared_words

FAILS = frozenset(
    {
        "common/market/110",
        "common/market/130",
        "common/market/140",
        "common/streams/040",
        "common/time/100",
        "common/time/110",
        "common/time/120",
        "common/time/130",
        "okcoinjp/market/040",
        "okcoinjp/time/050",
        "okcoinjp/time/060",
    }
)


honest = driver_words.ms

NINE_HOURS_MS = 9 * 3_600_000


def ms(instant: datetime) -> int:
    return honest(instant) - NINE_HOURS_MS


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        driver_words.ms = shared_words.ms = ms
        await super().start(settings)
