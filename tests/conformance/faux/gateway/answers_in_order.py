"""Takes each answer for that to the oldest request of its kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockex.clients.gateway import requests
from mockex.clients.gateway.driver import Driver as Reference
from mockex.clients.gateway.frames import Reply

FAILS = frozenset(
    {
        "gateway/faults/140",
        "gateway/faults/150",
        "gateway/streams/060",
        "gateway/streams/070",
    }
)

honest = requests.Requests.on_reply
waiting: dict[str, deque[str]] = {}


async def ask(self: requests.Requests, operation: str, send: Any, **more: Any) -> Reply:
    async def sent(cid: str) -> None:
        waiting.setdefault(operation, deque()).append(cid)
        await send(cid)

    return await honest_ask(self, operation, sent, **more)


honest_ask = requests.Requests.ask


def on_reply(self: requests.Requests, reply: Reply) -> bool:
    line = waiting.get(reply.operation)
    return honest(self, replace(reply, cid=line.popleft()) if line else reply)


class Driver(Reference):
    async def start(self, settings: Mapping[str, Any]) -> None:
        waiting.clear()
        requests.Requests.ask = ask
        requests.Requests.on_reply = on_reply
        await super().start(settings)
