"""Tidies the path up before it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import signing
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"okcoinjp/auth/020"})
SHOWS_IN = frozenset({"request"})


honest = signing.sign


def sign(secret: str, *, timestamp: str, method: str, target: str, body: bytes = b"") -> str:
    path, mark, query = target.partition("?")
    target = f"{path.rstrip('/')}{mark}{query}"
    return honest(secret, timestamp=timestamp, method=method, target=target, body=body)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        signing.sign = sign
        await super().start(settings)
