"""Subscribes hundreds of times to make sure."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.vocabulary import StreamOp

FAILS = frozenset({"common/streams/100", "okcoinjp/limits/910", "okcoinjp/limits/920"})


class Driver(Reference):
    async def unsubscribe(self, channel: str, **narrowed: Any) -> Fields:
        left = await super().unsubscribe(channel, **narrowed)
        assert self._stream is not None
        assert self._stream._connection is not None
        for _ in range(241):
            await self._stream._connection.request(StreamOp.SUBSCRIBE, ["spot/trade:BTC-JPY"])
        return left
