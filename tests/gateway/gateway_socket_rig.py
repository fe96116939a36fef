"""A client of the gateway that says exactly what a test wants, over a real socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from websockets.asyncio.client import ClientConnection, connect

from mockex.embedded import RunningWorld

PATIENCE_SECONDS = 60.0
"""For what must happen; a failing test waits this long, a passing one never."""


class Talk:
    """One socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, message: Any) -> None:
        await self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return json.loads(await self.socket.recv())

    async def hear_until(self, op: str, **fields: Any) -> list[Any]:
        """All frames up to the first of that kind."""
        frames = []
        while True:
            frames.append(await self.hear())
            if frames[-1]["op"] == op and all(frames[-1].get(name) == value for name, value in fields.items()):
                return frames

    async def ask(self, op: str, **fields: Any) -> Any:
        """The reply, or the pong. What else is told meanwhile is dropped."""
        await self.say({"op": op, "cid": op, **fields})
        return (await self.hear_until("pong" if op == "ping" else op))[-1]

    async def log_in(self, world: RunningWorld, platform: str, venue: str, *, key: str = "alice", pair: str) -> str:
        """The token, once everything is allowed."""
        issued = world[venue].keys[key]
        fields = {"access_key": issued.api_key, "secret_key": issued.secret, "platform": platform, "symbols": [pair]}
        token: str = (await self.ask("login", **fields))["token"]
        await self.hear_until("state", code=6)
        return token

    async def close_code(self) -> int:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.socket.wait_closed()
        assert self.socket.close_code is not None
        return self.socket.close_code


@asynccontextmanager
async def talk(url: str) -> AsyncIterator[Talk]:
    async with connect(url, ping_interval=None) as socket:
        yield Talk(socket)


async def control(world: RunningWorld, method: str, path: str, **fields: Any) -> Any:
    """The answer of a control call, whatever its status."""
    async with (
        aiohttp.ClientSession(world.control_url) as session,
        session.request(method, f"/_mockex/v1{path}", json=fields or None) as answer,
    ):
        return await answer.json(content_type=None)
