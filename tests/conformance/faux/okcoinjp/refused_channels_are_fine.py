"""Takes a channel that the venue refuses for subscribed."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/errors/400",
        "common/streams/110",
        "okcoinjp/streams/080",
    }
)


class Driver(Reference):
    async def subscribe(self, channel: str, **of: Any) -> Fields:
        try:
            return await super().subscribe(channel, **of)
        except e.InvalidRequestError:
            return {}
