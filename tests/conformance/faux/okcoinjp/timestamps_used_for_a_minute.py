"""Makes a timestamp once a minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import TimestampStyle

FAILS = frozenset({"common/time/050", "okcoinjp/time/020"})
SHOWS_IN = frozenset({"elapse"})


honest = rest.timestamp
made: list[tuple[int, str]] = []

MINUTE_NS = 60_000_000_000


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    if not made or not 0 <= at_ns - made[-1][0] < MINUTE_NS:
        made[:] = [(at_ns, honest(at_ns, style))]
    return made[-1][1]


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.timestamp = timestamp
        made.clear()
        await super().start(settings)
