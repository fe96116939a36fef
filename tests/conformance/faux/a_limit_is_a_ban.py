"""Sends nothing any more once it asked too often."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference
from mockex.clients.okcoinjp.errors import RateLimitError

FAILS: frozenset[str] = frozenset()


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    if self.__dict__.get("banned"):
        raise RateLimitError("banned")
    try:
        return await honest(self, method, target, **more)
    except RateLimitError:
        self.__dict__["banned"] = True
        raise


rest.RestTransport.send = send


class Driver(Reference):
    client = {**Reference.client, "name": "faux: a limit is a ban"}
