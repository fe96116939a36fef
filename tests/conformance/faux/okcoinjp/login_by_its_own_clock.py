"""Stamps a login with the machine's time, though requests go by the venue's."""

from __future__ import annotations

import time

from mockex.clients.okcoinjp import stream
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import Credentials, login_args

FAILS = frozenset(
    {
        "common/faults/160",
        "common/time/040",
        "common/time/080",
        "okcoinjp/streams/030",
    }
)


def _login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    return login_args(credentials, at_ns=time.time_ns())


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        stream.login_args = _login_args
        return await super().stream_open(private)
