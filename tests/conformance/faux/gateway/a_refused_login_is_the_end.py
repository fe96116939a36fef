"""Gives up when its login is refused as a repetition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/faults/220",
    }
)


async def end(self: session.Session) -> None:
    await honest(self)
    self._patient = False


honest = session.Session.end


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session.end = end
        await super().start(settings)
