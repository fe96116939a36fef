"""Repeats a read that came too often at once, up to twenty times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset({"common/limits/020", "common/limits/900"})
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    for _ in range(20 if method == "GET" else 0):
        try:
            return await honest(self, method, target, **more)
        except RateLimitError:
            pass
    return await honest(self, method, target, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
