"""Gives up for good once a signature was too old."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import TimestampError

FAILS = frozenset({"common/time/070"})
SHOWS_IN = frozenset({"error"})


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    if self.__dict__.get("dead"):
        raise TimestampError("expired before: start again")
    try:
        return await honest(self, method, target, **more)
    except TimestampError:
        self.__dict__["dead"] = True
        raise


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        rest.RestTransport.send = send
        await super().start(settings)
