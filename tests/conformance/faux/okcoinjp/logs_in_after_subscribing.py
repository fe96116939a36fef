"""Logs in when the first subscription has been made, and not before."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import login_args
from mockex.clients.okcoinjp.vocabulary import StreamOp

FAILS = frozenset(
    {
        "common/auth/300",
        "common/auth/310",
        "common/faults/160",
        "common/faults/170",
        "common/faults/180",
        "common/faults/190",
        "common/faults/210",
        "common/faults/220",
        "common/faults/230",
        "common/faults/280",
        "common/streams/050",
        "common/streams/060",
        "common/streams/070",
        "common/streams/080",
        "common/streams/130",
        "common/streams/140",
        "common/streams/180",
        "common/streams/250",
        "common/time/080",
        "okcoinjp/auth/110",
        "okcoinjp/streams/010",
        "okcoinjp/streams/020",
        "okcoinjp/streams/030",
        "okcoinjp/streams/040",
        "okcoinjp/streams/120",
        "okcoinjp/streams/140",
        "okcoinjp/streams/930",
        "okcoinjp/streams/960",
        "okcoinjp/time/060",
    }
)


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
