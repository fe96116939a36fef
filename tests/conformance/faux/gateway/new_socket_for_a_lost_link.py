"""Takes a new socket when the link to the venue is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.frames import State

FAILS = frozenset(
    {
        "gateway/faults/050",
        "gateway/faults/100",
        "gateway/faults/110",
    }
)

honest = session.Session._on_state


def on_state(self: session.Session, state: State) -> None:
    honest(self, state)
    if state.code == LOST and self._exchange.connection is not None:
        self._closing = asyncio.ensure_future(self._exchange.connection.close())  # type: ignore[attr-defined]


LOST = 4


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.Session._on_state = on_state
        await super().start(settings)
