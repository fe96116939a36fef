"""Closes the connection at every error event and connects anew."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import ConnectionLostError, OkcoinError
from mockex.clients.okcoinjp.stream import OkcoinStream

FAILS = frozenset(
    {
        "common/streams/110",
    }
)


_on_refusal = OkcoinStream._on_refusal


def _refuse_and_leave(self: OkcoinStream, error: OkcoinError) -> None:
    connected = self.connected
    _on_refusal(self, error)
    if connected:
        raise ConnectionLostError("an error event")


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        OkcoinStream._on_refusal = _refuse_and_leave
        return await super().stream_open(private)
