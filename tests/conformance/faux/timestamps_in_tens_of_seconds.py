"""Rounds its timestamps down to ten seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import TimestampStyle

FAILS = frozenset({"okcoinjp/time/020"})
SHOWS_IN = frozenset({"elapse"})


honest = rest.timestamp

TEN_SECONDS_NS = 10_000_000_000


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    return honest(at_ns // TEN_SECONDS_NS * TEN_SECONDS_NS, style)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.timestamp = timestamp
        await super().start(settings)
