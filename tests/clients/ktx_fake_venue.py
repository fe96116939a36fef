"""Loopback stand-in for the KTX streams, written for the tests of their client; see `loopback`.

Also the moves of a venue played by hand, and spans that a test can name the wait by.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import loopback
from aiohttp import web
from loopback import ManualTime, SocketServer, soon
from mockex.clients.ktx import (
    Credentials,
    KtxStream,
    LoginWay,
    PingForm,
    Profile,
    Push,
    ServerClock,
    Stopwatch,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.shared.feed import EventFeed
from mockex.fixtures import load

EXCHANGES = {e["id"].partition(".")[2]: e for e in load("ktx", "ws/operations")["exchanges"]}
VECTORS = {vector["id"].partition(".")[2]: vector for vector in load("ktx", "signing")["vectors"]}
CREDENTIALS = Credentials(api_key=VECTORS["login-b"]["key"], secret=VECTORS["login-b"]["secret"])
NOW_MS = 1_733_390_630_904

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    close_within=timedelta(milliseconds=50),  # real time, for a venue that does not answer the closing
    ping_every=timedelta(seconds=20),
    pong_within=timedelta(seconds=5),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)


def compact(payload: Any) -> str:
    return json.dumps(payload, separators=(",", ":"))


class KtxPeer(loopback.Peer):
    """The venue's end of a connection."""

    headers: Mapping[str, str] = {}

    async def send(self, payload: Any) -> None:
        await self.socket.send_str(compact(payload))

    async def push(self, stream: str, data: Any) -> None:
        """A message of a stream."""
        await self.send({"stream": stream, "data": data})

    async def acknowledge(self) -> dict[str, Any]:
        """Take one command, carry it out, and return it."""
        command = await self.request()
        echoed = {"id": command["id"]} if "id" in command else {}
        events = {"events": command["params"]} if "params" in command else {}
        await self.send({"result": "success", "op": command["method"], **echoed, **events})
        return command

    async def refuse(self, error: int) -> dict[str, Any]:
        """Take one command, refuse it, and return it."""
        command = await self.request()
        echoed = {"id": command["id"]} if "id" in command else {}
        await self.send({**echoed, "error": error, "message": "refused"})
        return command


class FakeKtx(SocketServer[KtxPeer]):
    """Either stream's endpoint."""

    def __init__(self) -> None:
        super().__init__("/ktx/ws", self._peer)
        self._headers: Mapping[str, str] = {}

    def _peer(self, socket: web.WebSocketResponse, transport: asyncio.BaseTransport) -> KtxPeer:
        peer = KtxPeer(socket, transport)
        peer.headers = self._headers
        return peer

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._headers = request.headers.copy()
        return await super()._handle(request)


class KtxTime(ManualTime):
    """The client's stopwatch, moved by hand."""

    def stopwatch(self) -> Stopwatch:
        return Stopwatch(monotonic_ns=self.monotonic_ns, sleep=self.sleep)


def stream_of(
    venue: FakeKtx,
    time: KtxTime,
    *,
    login: LoginWay | None = None,
    ping_form: PingForm = PingForm.FRAME,
    profile: Profile = Profile.GEN1,
) -> KtxStream:
    """Not started; of the user with a way to log in."""
    return KtxStream(
        venue.url,
        credentials=None if login is None else CREDENTIALS,
        login=login or LoginWay.MESSAGE,
        profile=profile,
        clock=ServerClock(lambda: NOW_MS * 1_000_000),
        timing=dataclasses.replace(TIMING, ping_form=ping_form),
        stopwatch=time.stopwatch(),
    )


async def start(venue: FakeKtx, stream: KtxStream) -> KtxPeer:
    """Start a stream of market data."""
    starting = asyncio.create_task(stream.start())
    peer = await venue.accept()
    await soon(starting)
    return peer


async def subscribe(stream: KtxStream, peer: KtxPeer, *channels: str) -> None:
    """Subscribe while the venue acknowledges each stream in turn."""
    subscribing = asyncio.create_task(stream.subscribe(*channels))
    assert [(await peer.acknowledge())["params"] for _ in channels] == [[channel] for channel in channels]
    await soon(subscribing)


async def next_of(feed: EventFeed[StreamEvent], kind: type[Any]) -> Any:
    """The next event of one kind; what else comes before it is passed over."""
    while True:
        event = await soon(anext(feed))
        if isinstance(event, kind):
            return event


async def next_push(feed: EventFeed[StreamEvent]) -> Push:
    push = await next_of(feed, Push)
    assert isinstance(push, Push)
    return push
