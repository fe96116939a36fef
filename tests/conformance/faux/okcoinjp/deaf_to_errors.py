"""Waits for acknowledgements and takes no notice of error events."""

from __future__ import annotations

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.errors import OkcoinError
from mockex.clients.okcoinjp.stream import OkcoinStream

FAILS = frozenset(
    {
        "common/errors/400",
        "okcoinjp/streams/080",
        "okcoinjp/streams/090",
    }
)


_on_refusal = OkcoinStream._on_refusal


def _hear_logins_only(self: OkcoinStream, error: OkcoinError) -> None:
    if not self.connected:
        _on_refusal(self, error)


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        OkcoinStream._on_refusal = _hear_logins_only
        return await super().stream_open(private)
