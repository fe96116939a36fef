"""Says that it is connected from the first connection on."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset(
    {
        "common/streams/200",
    }
)


class Driver(Reference):
    def stream_state(self) -> Fields:
        return {"connected": self._stream is not None and not self._stream.closed}
