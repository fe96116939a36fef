"""Leaves a login that is wrong as it is, and its socket open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.states import Phase
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/auth/040",
    }
)

honest = session.Session._leave


async def leave(self: session.Session) -> None:
    if self.phase is not Phase.FAILED:
        await honest(self)


class Driver(Reference):
    failing = False

    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session._leave = leave
        await super().start(settings)

    async def _ready(self, platform: str) -> session.Session:
        self.failing = True
        try:
            return await super()._ready(platform)
        finally:
            self.failing = False

    async def stream_close(self) -> Fields:
        return {} if self.failing else await super().stream_close()
