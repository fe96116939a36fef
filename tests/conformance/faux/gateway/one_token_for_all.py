"""Goes on with the first token that it was ever given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session
from mockex.clients.gateway.driver import Driver as Reference

FAILS = frozenset(
    {
        "gateway/auth/090",
        "gateway/auth/100",
        "gateway/auth/120",
        "gateway/auth/900",
        "gateway/faults/110",
        "gateway/faults/200",
        "gateway/faults/210",
        "gateway/faults/220",
        "gateway/faults/240",
        "gateway/streams/070",
        "gateway/streams/110",
    }
)

first: list[str] = []
honest = session.Session._ready_token


def ready_token(self: session.Session) -> str:
    first.append(honest(self))
    return first[0]


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        first.clear()
        session.Session._ready_token = ready_token
        await super().start(settings)
