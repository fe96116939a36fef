"""Shared by the tests of the client's stream: spans, published frames, and the moves of a venue played by hand."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from loopback import while_playing
from mockex.clients.okcoinjp import Credentials, OkcoinStream, Push, ServerClock, StreamEvent, StreamTiming
from mockex.clients.shared.feed import EventFeed
from mockex.fixtures import load
from okcoinjp_fake_venue import FakeStream, Peer, VirtualTime, soon

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    heartbeat_after=timedelta(seconds=20),
    pong_within=timedelta(seconds=7),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)

LOGIN_VECTOR = next(v for v in load("okcoinjp", "signing")["vectors"] if v["id"] == "signing.ws-login")
CREDENTIALS = Credentials(api_key="key-1", secret=LOGIN_VECTOR["secret"], passphrase="phrase-1")
LOGIN_ARGS = ["key-1", "phrase-1", "1707966245.678", LOGIN_VECTOR["signature"]]
LOGGED_IN = {"event": "login", "success": True}

TICKER, TRADE, ORDER = "spot/ticker:ETH-JPY", "spot/trade:ETH-JPY", "spot/order:LTC-JPY"
TICKER_FRAME = load("okcoinjp", "ws/ticker")["frames"][0]["frame"]
TRADE_FRAME = load("okcoinjp", "ws/trade")["frames"][0]["frame"]
ORDER_FRAME = load("okcoinjp", "ws/order")["frames"][0]["frame"]


def public_stream(venue: FakeStream, time: VirtualTime) -> OkcoinStream:
    """Not started, without credentials."""
    return OkcoinStream(venue.url, timing=TIMING, stopwatch=time.stopwatch())


def private_stream_of(venue: FakeStream, time: VirtualTime) -> OkcoinStream:
    """Not started, with credentials and the fixed clock of the worked login example."""
    return OkcoinStream(
        venue.url,
        credentials=CREDENTIALS,
        clock=ServerClock(lambda: 1_707_966_245_678_000_000),
        timing=TIMING,
        stopwatch=time.stopwatch(),
    )


async def subscribed(stream: OkcoinStream, peer: Peer, *channels: str) -> None:
    await while_playing(peer.acknowledge(), stream.subscribe(*channels))


async def accept_login(venue: FakeStream) -> Peer:
    peer = await venue.accept()
    assert await peer.request() == {"op": "login", "args": LOGIN_ARGS}
    await peer.send(LOGGED_IN)
    return peer


async def next_event(feed: EventFeed[StreamEvent]) -> StreamEvent:
    return await soon(anext(feed))


async def next_push(feed: EventFeed[StreamEvent]) -> Push:
    event = await next_event(feed)
    assert isinstance(event, Push)
    return event


async def start_logged_in(venue: FakeStream, stream: OkcoinStream) -> Peer:
    starting = asyncio.create_task(stream.start())
    peer = await accept_login(venue)
    await soon(starting)
    return peer
