"""Stamps a login with Unix milliseconds."""

from __future__ import annotations

from mockex.clients.okcoinjp import stream
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import Credentials, sign

FAILS = frozenset(
    {
        "common/auth/060",
        "common/auth/300",
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
        "common/streams/180",
        "common/streams/250",
        "common/time/040",
        "common/time/080",
        "okcoinjp/auth/920",
        "okcoinjp/streams/010",
        "okcoinjp/streams/020",
        "okcoinjp/streams/030",
        "okcoinjp/streams/040",
        "okcoinjp/streams/110",
        "okcoinjp/streams/120",
        "okcoinjp/streams/140",
        "okcoinjp/streams/960",
        "okcoinjp/time/060",
    }
)


def _login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    moment = str(at_ns // 1_000_000)
    signature = sign(credentials.secret, timestamp=moment, method="GET", target="/users/self/verify")
    return [credentials.api_key, credentials.passphrase, moment, signature]


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        stream.login_args = _login_args
        return await super().stream_open(private)
