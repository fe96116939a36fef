"""Signs the path of a POST without its query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"okcoinjp/auth/010"})
SHOWS_IN = frozenset({"request"})


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    if method == "POST":
        target = target.partition("?")[0]
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing.sign = sign
        await super().start(settings)
