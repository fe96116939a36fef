"""Logs in when the first subscription has been made, and not before."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import login_args
from mockex.clients.okcoinjp.vocabulary import StreamOp

FAILS: frozenset[str] = frozenset()


class Driver(Reference):
    _late = False

    async def stream_open(self, private: bool) -> Fields:
        self._late = private
        return await super().stream_open(private=False)

    async def subscribe(self, channel: str, **narrowed: Any) -> Fields:
        try:
            return await super().subscribe(channel, **narrowed)
        finally:
            if self._late:
                self._late = False
                assert self._stream is not None
                assert self._stream._connection is not None
                assert self._credentials is not None
                args = login_args(self._credentials, at_ns=self._clock.now_ns())
                await self._stream._connection.request(StreamOp.LOGIN, args)
                await self.work_off()
