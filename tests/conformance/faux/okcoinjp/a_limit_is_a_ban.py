"""Sends nothing any more once it asked too often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS = frozenset(
    {
        "common/limits/050",
        "common/limits/060",
        "okcoinjp/limits/110",
    }
)
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    if self.__dict__.get("banned"):
        raise RateLimitError("banned")
    try:
        return await honest(self, method, target, **more)
    except RateLimitError:
        self.__dict__["banned"] = True
        raise


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
