"""Says goodbye to a channel that it leaves."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields

FAILS = frozenset({"okcoinjp/streams/920"})


class Driver(Reference):
    async def unsubscribe(self, channel: str, **narrowed: Any) -> Fields:
        left = await super().unsubscribe(channel, **narrowed)
        assert self._stream is not None
        assert self._stream._connection is not None
        await self._stream._connection._socket.send("goodbye")
        return left
