"""Takes the loss of one link for that of all."""

from __future__ import annotations

from typing import Any

from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.errors import NotSentError
from mockex.clients.gateway.states import Phase
from mockex.clients.shared.driver_values import Fields

FAILS = frozenset(
    {
        "gateway/faults/110",
    }
)


class Driver(Reference):
    async def place_order(self, symbol: str, side: str, type: str, **terms: Any) -> Fields:
        if any(each.phase is Phase.WAITING for each in self._sessions.values()):
            raise NotSentError("a link is lost")
        return await super().place_order(symbol, side, type, **terms)
