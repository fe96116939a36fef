"""Stamps a login with Unix milliseconds."""

from __future__ import annotations

from mockex.clients.okcoinjp import stream
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.driver_words import Fields
from mockex.clients.okcoinjp.signing import Credentials, sign

FAILS: frozenset[str] = frozenset()


def _login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    moment = str(at_ns // 1_000_000)
    signature = sign(credentials.secret, timestamp=moment, method="GET", target="/users/self/verify")
    return [credentials.api_key, credentials.passphrase, moment, signature]


class Driver(Reference):
    async def stream_open(self, private: bool) -> Fields:
        stream.login_args = _login_args
        return await super().stream_open(private)
