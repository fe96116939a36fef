"""Sends a request that was refused for its key four times more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset({"common/auth/140"})
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    for _ in range(4):
        try:
            return await honest(self, method, target, **more)
        except e.AuthenticationError:
            pass
    return await honest(self, method, target, **more)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
