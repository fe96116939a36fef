"""Loopback stand-in for the venue's stream, written for the tests of its client; see `loopback`.

Also the moves of a venue played by hand, and spans that a test can name the wait by.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import timedelta
from typing import Any

import loopback
from loopback import ManualTime, SocketServer, soon
from mockex.clients.coinstore import (
    CoinstoreStream,
    Credentials,
    PongForm,
    Push,
    ServerClock,
    Stopwatch,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.shared.feed import EventFeed
from mockex.fixtures import load

EXCHANGES = {e["id"].rpartition(".")[2]: e for e in load("coinstore", "ws/operations")["exchanges"]}
SID = EXCHANGES["established"]["server"][0]["sid"]
CREDENTIALS = Credentials(api_key="mockex-key", secret="mockex-secret")
LOGIN_NS = 1_629_291_143_107 * 1_000_000

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    close_within=timedelta(milliseconds=50),  # real time, for a venue that does not answer the closing
    pong_every=timedelta(minutes=3),
    probe_after=timedelta(seconds=60),
    probe_within=timedelta(seconds=13),
    renew_after=timedelta(hours=23),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)


def compact(payload: Any) -> str:
    return json.dumps(payload, separators=(",", ":"))


class CoinstorePeer(loopback.Peer):
    """The venue's end of a connection: it numbers what it sends."""

    frames = 0

    async def send(self, payload: dict[str, Any]) -> None:
        """A message with the next number in front."""
        self.frames += 1
        await self.socket.send_str(compact({"S": self.frames} | {k: v for k, v in payload.items() if k != "S"}))

    async def establish(self) -> None:
        await self.send(EXCHANGES["established"]["server"][0])

    async def echo(self, command: dict[str, Any]) -> None:
        """Say that a command was received."""
        await self.send({"T": "echo", "sid": SID, "C": 200, "M": "command.received", "echo": command})

    async def respond(self, slug: str, *, code: int = 200, **more: Any) -> None:
        """Say what became of a command."""
        await self.send({"T": "resp", "sid": SID, "C": code, "M": slug, **more})

    async def acknowledge(self) -> dict[str, Any]:
        """Take one command, echo it, acknowledge it, and return it."""
        command = await self.request()
        await self.echo(command)
        slugs = {"SUB": "sub.channel.success", "UNSUB": "unsub.channel.success", "login": "login.success"}
        await self.respond(slugs[command["op"]])
        return command

    async def refuse(self, code: int, slug: str, **more: Any) -> dict[str, Any]:
        """Take one command, echo it, refuse it, and return it."""
        command = await self.request()
        await self.echo(command)
        await self.respond(slug, code=code, **more)
        return command


class FakeCoinstore(SocketServer[CoinstorePeer]):
    """The stream's endpoint."""

    def __init__(self) -> None:
        super().__init__("/s/ws", CoinstorePeer)

    async def established(self) -> CoinstorePeer:
        """The next connection, greeted."""
        peer = await self.accept()
        await peer.establish()
        return peer


class CoinstoreTime(ManualTime):
    """The client's stopwatch, moved by hand."""

    def stopwatch(self) -> Stopwatch:
        return Stopwatch(monotonic_ns=self.monotonic_ns, sleep=self.sleep)


def stream_of(
    venue: FakeCoinstore, time: CoinstoreTime, *, private: bool = False, pong_form: PongForm = PongForm.FRAME
) -> CoinstoreStream:
    """Not started, with the clock of the worked login."""
    return CoinstoreStream(
        venue.url,
        credentials=CREDENTIALS if private else None,
        login_channels=("spot_asset",) if private else (),
        clock=ServerClock(lambda: LOGIN_NS),
        timing=dataclasses.replace(TIMING, pong_form=pong_form),
        stopwatch=time.stopwatch(),
    )


async def start(venue: FakeCoinstore, stream: CoinstoreStream) -> CoinstorePeer:
    """Start a stream while the venue greets it."""
    starting = asyncio.create_task(stream.start())
    peer = await venue.established()
    await soon(starting)
    return peer


async def subscribe(stream: CoinstoreStream, peer: CoinstorePeer, *channels: str) -> None:
    """Subscribe while the venue acknowledges each channel in turn."""
    subscribing = asyncio.create_task(stream.subscribe(*channels))
    assert [(await peer.acknowledge())["channel"] for _ in channels] == [[channel] for channel in channels]
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
