"""Loopback stand-ins for the venue, written for the tests of its client; see `loopback`."""

from __future__ import annotations

import json
import zlib
from typing import Any

import loopback
from loopback import FakeRest, ManualTime, Received, SocketServer, soon
from mockex.clients.okcoinjp import Stopwatch

__all__ = ["FakeRest", "FakeStream", "Peer", "Received", "VirtualTime", "deflated", "soon"]


def deflated(text: str) -> bytes:
    """A frame as the venue makes it: one complete raw-deflate stream."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(text.encode()) + packer.flush()


class Peer(loopback.Peer):
    """The venue's end of one connection."""

    async def send(self, payload: Any) -> None:
        """A JSON message in a deflated binary frame."""
        await self.socket.send_bytes(deflated(json.dumps(payload, separators=(",", ":"))))

    async def acknowledge(self) -> list[str]:
        """Take one request for channels, acknowledge each of them, and return them."""
        request = await self.request()
        for channel in request["args"]:
            await self.send({"event": request["op"], "channel": channel})
        return list(request["args"])

    async def refuse(self, code: int | str, message: str) -> None:
        """An error event."""
        await self.send({"event": "error", "message": message, "errorCode": code})


class FakeStream(SocketServer[Peer]):
    """The venue's socket."""

    def __init__(self) -> None:
        super().__init__("/ws/v3", Peer)


class VirtualTime(ManualTime):
    """The client's stopwatch, moved by hand."""

    def stopwatch(self) -> Stopwatch:
        return Stopwatch(monotonic_ns=self.monotonic_ns, sleep=self.sleep)
