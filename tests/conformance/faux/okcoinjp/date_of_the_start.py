"""Signs with the date on which it was started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import TimestampStyle

FAILS = frozenset({"common/time/060"})
SHOWS_IN = frozenset({"elapse"})


honest = rest.timestamp
dates: list[str] = []


def timestamp(at_ns: int, style: TimestampStyle) -> str:
    date, _, clock = honest(at_ns, style).partition("T")
    dates.append(date)
    return f"{dates[0]}T{clock}"


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.timestamp = timestamp
        dates.clear()
        await super().start(settings)
