"""Loopback stand-ins for the venue, written for the tests of its client; see `loopback`."""

from __future__ import annotations

import gzip
import json
from typing import Any

import loopback
from loopback import ManualTime, SocketServer
from mockex.clients.htx import Stopwatch


def gzipped(text: str) -> bytes:
    """A frame as the market sockets make it: one gzip member."""
    return gzip.compress(text.encode(), mtime=0)


def compact(payload: Any) -> str:
    return json.dumps(payload, separators=(",", ":"))


class MarketPeer(loopback.Peer):
    """The venue's end of a connection to `/ws` or `/feed`."""

    async def send(self, payload: Any) -> None:
        """A JSON message in a gzip frame."""
        await self.send_text(compact(payload))

    async def send_text(self, text: str) -> None:
        """A gzip frame of exactly this text."""
        await self.socket.send_bytes(gzipped(text))

    async def acknowledge(self) -> str:
        """Take one request to subscribe or unsubscribe, acknowledge it, and return its topic."""
        request = await self.request()
        op = "sub" if "sub" in request else "unsub"
        await self.send({"id": request["id"], "status": "ok", f"{op}bed": request[op], "ts": 1489474081631})
        return str(request[op])

    async def refuse(self, request_id: Any, message: str, *, code: str = "bad-request") -> None:
        """A refusal of the request with this id."""
        await self.send({"status": "error", "ts": 1489474081631, "id": request_id, "err-code": code, "err-msg": message})

    async def answer(self, data: Any) -> dict[str, Any]:
        """Take one request for data, answer it, and return it."""
        request = await self.request()
        await self.send({"id": request["id"], "rep": request["req"], "status": "ok", "ts": 1489474081631, "data": data})
        return request


class AccountPeer(loopback.Peer):
    """The venue's end of a connection to `/ws/v2`."""

    async def send(self, payload: Any) -> None:
        """A JSON message in a text frame."""
        await self.socket.send_str(compact(payload))

    async def acknowledge(self) -> str:
        """Take one request to subscribe or unsubscribe, acknowledge it, and return its topic."""
        request = await self.request()
        await self.send({"action": request["action"], "code": 200, "ch": request["ch"], "data": {}})
        return str(request["ch"])

    async def refuse(self, action: str, channel: str, code: int, message: str) -> None:
        """A refusal."""
        await self.send({"action": action, "code": code, "ch": channel, "message": message})


class FakeMarket(SocketServer[MarketPeer]):
    """The market socket. Nothing tells `/feed` from it but what it offers."""

    def __init__(self) -> None:
        super().__init__("/ws", MarketPeer)


class FakeAccount(SocketServer[AccountPeer]):
    """The account socket."""

    def __init__(self) -> None:
        super().__init__("/ws/v2", AccountPeer)


class VirtualTime(ManualTime):
    """The client's stopwatch, moved by hand."""

    def stopwatch(self) -> Stopwatch:
        return Stopwatch(monotonic_ns=self.monotonic_ns, sleep=self.sleep)
