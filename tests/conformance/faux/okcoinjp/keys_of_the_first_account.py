"""Keeps the key with which it was started, when it is started anew with another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/auth/070",
        "common/auth/120",
        "common/auth/200",
        "common/auth/210",
        "common/auth/300",
        "common/auth/310",
        "common/balances/110",
        "common/streams/140",
        "okcoinjp/auth/080",
        "okcoinjp/auth/090",
        "okcoinjp/streams/040",
    }
)

ended: list[tuple[object, Any]] = []
"""The newest session: in which task it was ended, and its key. A new start ends the session before in its own task."""


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        self.key = settings["credentials"]
        if ended and ended[-1][0] is asyncio.current_task():
            self.key = ended[-1][1]
        await super().start({**settings, "credentials": self.key})

    async def stop(self) -> None:
        ended[:] = [(asyncio.current_task(), self.key)]
        await super().stop()
