"""Tells of positions what the stream last said, and asks only before it said anything."""

from __future__ import annotations

from mockex.clients.ktx.account_models import Position
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.driver_words import Fields, position_fields
from mockex.clients.ktx.events import Push, StreamEvent

FAILS = frozenset(
    {
        "ktx/faults/530",
        "ktx/streams/610",
    }
)
SHOWS_IN = frozenset({"positions"})


class Driver(Reference):
    def __init__(self) -> None:
        super().__init__()
        self._pushed: dict[int, Position] = {}

    def _keep(self, event: StreamEvent) -> None:
        if isinstance(event, Push) and isinstance(event.value, Position):
            self._pushed[event.value.position_id] = event.value
        super()._keep(event)

    async def positions(self, symbol: str | None = None, position_id: str | None = None) -> Fields:
        if not self._pushed:
            return await super().positions(symbol, position_id)
        there = [each for each in self._pushed.values() if each.quantity or each.order_margin]
        return {"positions": [position_fields(each) for each in there if symbol in (None, each.symbol)]}
