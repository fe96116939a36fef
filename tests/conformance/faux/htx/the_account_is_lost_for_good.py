"""Never connects to the account socket again."""

from __future__ import annotations

from mockex.clients.htx import driver_streams, stream
from mockex.clients.htx.driver import Driver as Reference
from mockex.clients.htx.driver_streams import Address

FAILS = frozenset(
    {
        "common/faults/230",
        "common/streams/180",
        "htx/faults/040",
    }
)
SHOWS_IN = frozenset({"next_event"})


class Driver(Reference):
    async def _open(self, address: Address) -> stream.HtxStream:
        opened = await super()._open(address)
        if address is Address.ACCOUNT:
            opened.listen(self._give_up)
        return opened

    def _give_up(self, event: driver_streams.StreamEvent) -> None:
        line = self._lines.get(Address.ACCOUNT)
        if isinstance(event, stream.Disconnected) and line is not None and line.stream._lifeline._runner is not None:
            line.stream._lifeline._runner.cancel()
