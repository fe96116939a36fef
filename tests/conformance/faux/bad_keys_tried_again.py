"""Sends a request that was refused for its key four times more."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    for _ in range(4):
        try:
            return await honest(self, method, target, **more)
        except e.AuthenticationError:
            pass
    return await honest(self, method, target, **more)


rest.RestTransport.send = send


class Driver(Reference):
    client = {**Reference.client, "name": "faux: bad keys tried again"}
