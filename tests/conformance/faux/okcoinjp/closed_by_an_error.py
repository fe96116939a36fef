"""Closes its session after a server's trouble, and opens no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS = frozenset(
    {
        "common/errors/330",
        "common/faults/060",
        "common/faults/110",
    }
)
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    if self.__dict__.get("ended"):
        raise e.ConnectionFailedError("the session is closed")
    try:
        return await honest(self, method, target, **more)
    except e.ServerFaultError:
        self.__dict__["ended"] = True
        raise


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
