"""pybotters with its own signing, login and heartbeat for this venue, pointed at another host.

pybotters chooses all three by host name, from tables that it leaves open; the host is entered there and nothing is replaced.
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pybotters
import pybotters.auth
import pybotters.ws


@asynccontextmanager
async def connect(settings: dict[str, Any]) -> AsyncIterator[Session]:
    host = urlsplit(settings["rest"]).hostname
    pybotters.auth.Hosts.items[host] = pybotters.auth.Item("okj", pybotters.auth.Auth.okj)
    pybotters.ws.AuthHosts.items[host] = pybotters.ws.Item("okj", pybotters.ws.Auth.okj)
    pybotters.ws.HeartbeatHosts.items[host] = pybotters.ws.Heartbeat.okj
    keys = {"okj": [settings["key"], settings["secret"], settings["passphrase"]]}
    async with pybotters.Client(apis=keys, base_url=settings["rest"]) as client:
        yield Session(client, settings["ws"]["main"])


class Session:
    """REST calls, and one WebSocket whose messages are kept in order until they are asked for."""

    def __init__(self, client: Any, ws_url: str) -> None:
        self._client = client
        self._ws_url = ws_url
        self._app: Any = None
        self._messages: asyncio.Queue[Any] = asyncio.Queue()

    async def request(self, method: str, path: str, *, params: Any = None, data: Any = None) -> dict[str, Any]:
        """Status and body of one signed call."""
        async with self._client.request(method, path, params=params, data=data) as response:
            return {"status": response.status, "body": await response.json()}

    async def open(self, channels: list[str]) -> None:
        """Opens the socket. pybotters logs in first, then subscribes; it does both again whenever it reconnects."""
        subscribe = {"op": "subscribe", "args": channels}
        self._app = self._client.ws_connect(self._ws_url, send_json=subscribe, hdlr_bytes=self._keep, hdlr_str=self._keep_text)
        await self._app

    async def send(self, message: dict[str, Any] | str) -> None:
        """Text goes out as it is, anything else as JSON."""
        socket = self._app.current_ws
        await (socket.send_str(message) if isinstance(message, str) else socket.send_json(message))

    async def receive_until(self, wanted: dict[str, Any] | str, *, seconds: float = 10.0) -> list[Any]:
        """Every message up to the first that has all members of `wanted`. TimeoutError names what came instead."""
        seen: list[Any] = []
        try:
            async with asyncio.timeout(seconds):
                while not seen or not _matches(seen[-1], wanted):
                    seen.append(await self._messages.get())
        except TimeoutError:
            raise TimeoutError(f"no {wanted} in {seconds} s; came {json.dumps(seen)[:2000]}") from None
        return seen

    def _keep(self, frame: bytes, _ws: Any) -> None:
        """What the venue's users write themselves: each frame is a raw deflate stream; a pong is not JSON."""
        text = zlib.decompress(frame, -zlib.MAX_WBITS).decode()
        self._messages.put_nowait(text if text == "pong" else json.loads(text))

    def _keep_text(self, text: str, _ws: Any) -> None:
        self._messages.put_nowait({"uncompressed": text})


def _matches(message: Any, wanted: dict[str, Any] | str) -> bool:
    if isinstance(message, dict) and isinstance(wanted, dict):
        return all(message.get(name) == value for name, value in wanted.items())
    return bool(message == wanted)
