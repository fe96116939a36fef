"""Names the channels of candles by minutes."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import channels
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.vocabulary import Granularity

FAILS = frozenset(
    {
        "common/streams/040",
        "okcoinjp/streams/100",
        "okcoinjp/streams/130",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        channels.candles = _by_minutes
        return await super().subscribe(channel, **narrowed)


def _by_minutes(instrument_id: str, granularity: Granularity) -> str:
    return f"spot/candle{granularity // 60}m:{instrument_id}"
