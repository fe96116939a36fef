"""Rounds the time with which it asks for balances down to five seconds."""

from __future__ import annotations

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import TimestampStyle

FAILS = frozenset({"okcoinjp/time/020"})


honest = rest.timestamp

FIVE_SECONDS_NS = 5_000_000_000


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    return honest(at_ns // FIVE_SECONDS_NS * FIVE_SECONDS_NS, style)


class Driver(Reference):
    async def balances(self) -> Fields:
        rest.timestamp = timestamp
        try:
            return await super().balances()
        finally:
            rest.timestamp = honest
