"""Closes its socket without logging out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/auth/080",
    }
)


async def leave(self: session.Session) -> None:
    self._token = None


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session._leave = leave
        await super().start(settings)
