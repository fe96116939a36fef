"""Sends nothing any more once it asked too often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.htx import errors as e
from mockex.clients.htx import rest
from mockex.clients.htx.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/limits/050",
        "common/limits/060",
        "htx/limits/100",
    }
)
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, *, body: bytes = b"") -> rest.Reply:
    if self.__dict__.get("banned"):
        raise e.RateLimitError("banned")
    try:
        return await honest(self, method, target, body=body)
    except e.RateLimitError:
        self.__dict__["banned"] = True
        raise


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
