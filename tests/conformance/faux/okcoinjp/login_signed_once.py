"""Signs the login once, and sends the same one on every connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import stream
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.signing import Credentials

FAILS = frozenset({"common/time/080"})
SHOWS_IN = frozenset({"elapse"})


honest = stream.login_args
signed: dict[str, list[str]] = {}


def login_args(credentials: Credentials, *, at_ns: int) -> list[str]:
    return signed.setdefault(credentials.api_key, honest(credentials, at_ns=at_ns))


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        stream.login_args = login_args
        signed.clear()
        await super().start(settings)
