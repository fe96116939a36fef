"""Connects again and subscribes to nothing."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.subscriptions import Subscriptions

FAILS = frozenset(
    {
        "common/faults/230",
        "common/faults/240",
        "common/faults/270",
        "common/streams/160",
        "common/streams/170",
        "common/streams/180",
        "common/streams/190",
        "common/streams/210",
        "okcoinjp/streams/130",
        "okcoinjp/streams/960",
    }
)


def _nothing(self: Subscriptions) -> tuple[str, ...]:
    return ()


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        Subscriptions.renew = _nothing
        return await super().stream_open(private)
