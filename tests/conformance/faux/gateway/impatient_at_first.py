"""Takes a venue that is not reached at the first attempt for trouble."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.gateway import session, states
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.states import Phase
from mockex.clients.gateway.vocabulary import StateCode

FAILS = frozenset(
    {
        "gateway/faults/010",
    }
)

honest = states.next_phase


def next_phase(phase: Phase, code: StateCode, *, has_been_ready: bool) -> Phase:
    if code is StateCode.CONNECT_FAILED and not has_been_ready:
        return Phase.TROUBLED
    return honest(phase, code, has_been_ready=has_been_ready)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        session.next_phase = next_phase
        await super().start(settings)
