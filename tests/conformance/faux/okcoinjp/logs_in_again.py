"""Logs in once more whenever it leaves a channel."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import login_args
from mockex.clients.okcoinjp.vocabulary import StreamOp

FAILS = frozenset({"okcoinjp/streams/900"})


class Driver(Reference):
    async def unsubscribe(self, channel: str, **narrowed: Any) -> Fields:
        left = await super().unsubscribe(channel, **narrowed)
        assert self._stream is not None
        assert self._stream._connection is not None
        assert self._credentials is not None
        args = login_args(self._credentials, at_ns=self._clock.now_ns())
        await self._stream._connection.request(StreamOp.LOGIN, args)
        return left
