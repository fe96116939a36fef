"""Closes its session after a server's trouble, and opens no other."""

from __future__ import annotations

from typing import Any

from mockex.clients.okcoinjp import errors as e
from mockex.clients.okcoinjp import rest
from mockex.clients.okcoinjp.driver import Driver as Reference

FAILS: frozenset[str] = frozenset()


honest = rest.RestTransport.send


async def send(self: rest.RestTransport, method: str, target: str, **more: Any) -> rest.Reply:
    if self.__dict__.get("ended"):
        raise e.ConnectionFailedError("the session is closed")
    try:
        return await honest(self, method, target, **more)
    except e.ServerFaultError:
        self.__dict__["ended"] = True
        raise


rest.RestTransport.send = send


class Driver(Reference):
    client = {**Reference.client, "name": "faux: closed by an error"}
