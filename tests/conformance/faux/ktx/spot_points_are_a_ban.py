"""Asks for nothing more once its points are used up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.ktx import rest
from mockex.clients.ktx.driver import Driver as Reference
from mockex.clients.ktx.errors import RateLimitError

FAILS = frozenset(
    {
        "ktx/limits/030",
        "ktx/limits/040",
    }
)
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, path: str, **more: Any) -> rest.Reply:
    until_ns = getattr(self, "banned_until_ns", 0)
    if self.clock.now_ns() < until_ns:
        raise RateLimitError("the points are used up")
    try:
        return await honest(self, method, path, **more)
    except RateLimitError:
        self.banned_until_ns = self.clock.now_ns() + 9_000_000_000
        raise


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
