"""Signs the login of its stream by the clock as it was before the correction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import stream
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import Credentials
from mockex.clients.shared.clock import ServerClock

FAILS = frozenset({"common/faults/160", "common/time/040"})
SHOWS_IN = frozenset({"sync_time"})


honest = stream.login_args
clocks: list[ServerClock] = []


def login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    return honest(credentials, at_ns=at_ns - clocks[-1].offset_ns)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.login_args = login_args
        await super().start(settings)
        clocks[:] = [self.api.clock]
