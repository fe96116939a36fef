"""(d) One change of a book on its way to a thousand readers, against a bare loop that sends each of them a ready frame.

The readers are a process of their own, so what reading costs is in no figure of CPU; the server and the bare listener share
this one and its event loop. The venue's side is all that a push takes: the order, the increment, its JSON, gzip, and a place in
a thousand queues. The bare side has the compressed bytes ready and calls `send_bytes` of aiohttp's WebSockets. Turns are short
and alternate; a figure is the median of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aiohttp import web

from benchmarks.measure import Row
from benchmarks.readers import Readers
from benchmarks.serving import bare_listener, run_as_server
from mockex.core.commands import CancelOrder, PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.orders import OrderType, Side
from mockex.server.process import spare_the_collector
from mockex.server.runner import Server, ServerSettings
from mockex.server.wallclock import real_now_ns
from mockex.simulation import Simulation
from mockex.wire.messages import BINARY, Frame
from mockex.world import WorldSettings

VENUE, SYMBOL = "htx", "btcusdt"
READERS = 1_000
FRAMES = 32  # of one turn, for each reader
BURST = 8
ROUNDS = 9
WARM_UP = 1

ATTENTIVE = 4  # readers beside the one that stops reading
LEVELS = 200
SECOND_NS = 1_000_000_000

Send = Callable[[int], Awaitable[None]]
"""Sends that many frames to every reader of one side."""


def run() -> list[Row]:
    return run_as_server(_run)


async def _run() -> list[Row]:
    world = WorldSettings(start_ns=real_now_ns(), venues=(VENUE,), market="quiet")
    async with Server(ServerSettings(world=world, clock="frozen")) as server, Readers.running(2 * READERS) as readers:
        stage = Stage(server)
        spare_the_collector()
        return [*await _increments(stage, readers), *await _images(stage, readers), await _slow_reader(stage, readers)]


# --- what is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`greetings`: how many frames a new reader gets at once. `interval_ns`: what each frame has to wait for; 0: nothing."""

    socket: str
    channel: str
    greetings: int
    interval_ns: int

    @property
    def name(self) -> str:
        return f"market.{SYMBOL}.{self.channel}"


INCREMENTS = Topic(socket="feed", channel="mbp.20", greetings=1, interval_ns=0)
IMAGES = Topic(socket="market", channel="depth.step0", greetings=2, interval_ns=SECOND_NS)


class Stage:
    """A server whose venue has one full book. Each `change` adds an order among the best twenty, or takes it away again."""

    def __init__(self, server: Server) -> None:
        self.simulation: Simulation = server.world.simulations[VENUE]
        self.clock = server.clock
        self.urls = server.urls.venues[VENUE].ws
        self._rng = random.Random(7)
        self._added: int | None = None
        for distance in range(1, 1 + LEVELS):
            self._place(Side.BUY, 1_000_000 - 10 * distance)
            self._place(Side.SELL, 1_000_000 + 10 * distance)

    def change(self) -> None:
        if self._added is None:
            self._added = self._place(Side.BUY, 1_000_000 - 10 * self._rng.randrange(1, 20) + 3)
        else:
            self.simulation.desk.execute(CancelOrder(account_id="alice", order_id=self._added))
            self._added = None

    def _place(self, side: Side, price: int) -> int:
        desk = self.simulation.desk
        steps = self._rng.randrange(1_000, 100_000)
        command = PlaceOrder(
            account_id="alice",
            symbol=SYMBOL,
            side=side,
            order_type=OrderType.LIMIT,
            limit_price=price,
            order_qty=steps * desk.exchange.markets[SYMBOL].instrument.qty_step,
        )
        accepted = desk.execute(command)[0]
        assert isinstance(accepted, OrderAccepted), accepted
        return accepted.order.order_id

    def speaker(self, topic: Topic, *, burst: int = 1) -> Send:
        """Has the venue send frames of that topic, `burst` of them in each pass of the loop."""

        async def speak(frames: int) -> None:
            for _ in range(frames // burst):
                for _ in range(burst):
                    self.change()
                    self.clock.advance(topic.interval_ns)
                await asyncio.sleep(0)

        return speak

    def payload(self, topic: Topic) -> bytes:
        """What a frame of that topic carries, gzip and all. It comes from a reader without a socket, who leaves again."""
        connection = self.simulation.open_connection(topic.socket, "", lambda _: None)
        self.simulation.receive(connection, json.dumps({"sub": topic.name}))
        connection.drain()
        self.change()
        self.clock.advance(topic.interval_ns)
        (frame,) = connection.drain()
        self.simulation.close_connection(connection)
        return frame.payload

    def calm(self) -> None:
        """No pings any more: nobody here answers them, and time jumps."""
        for connection in self.simulation.connections:
            if connection.heartbeat is not None:
                connection.heartbeat.stop()

    async def emptied(self) -> None:
        """Returns once every socket is gone."""
        while self.simulation.connections:  # noqa: ASYNC110  # the server tells nobody
            await asyncio.sleep(0.01)


class BareSockets:
    """A handler that keeps the sockets of whoever comes, and says nothing by itself."""

    def __init__(self) -> None:
        self._sockets: list[web.WebSocketResponse] = []
        self._transports: list[asyncio.Transport] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        assert request.transport is not None
        self._sockets.append(socket)
        self._transports.append(request.transport)
        await socket.receive()
        return socket

    def sender(self, payload: bytes) -> Send:
        async def send(frames: int) -> None:
            for _ in range(frames):
                for socket in self._sockets:
                    await socket.send_bytes(payload)
                await asyncio.sleep(0)

        return send

    def writer(self, payload: bytes) -> Send:
        """Hands bytes to transports: what no server can do without."""
        wire = Frame.of(payload, BINARY).wire

        async def send(frames: int) -> None:
            for _ in range(frames):
                for transport in self._transports:
                    transport.write(wire)
                await asyncio.sleep(0)

        return send


# --- who hears it


class Turn(NamedTuple):
    """What some deliveries took: `elapsed` seconds until the last was read, and `busy` ones of this process's CPU."""

    deliveries: int
    elapsed: float
    busy: float

    @property
    def per_second(self) -> float:
        return self.deliveries / self.elapsed

    def __str__(self) -> str:
        return f"{self.per_second / 1e3:.0f} k/s, {self.busy / self.deliveries * 1e6:.1f} us of CPU each"


class Crowd:
    """Readers of one side, and how many frames they have had."""

    def __init__(self, readers: Readers, name: str) -> None:
        self._readers = readers
        self._name = name
        self._count = 0
        self._frames = 0

    async def gather(self, url: str, count: int, *, greetings: int = 0, subscribe: str | None = None) -> None:
        """Connects that many. `greetings`: how many frames each of them gets then; `subscribe`: to which topic."""
        message = None if subscribe is None else {"sub": subscribe}
        await self._readers.connect(self._name, url, count=count, message=message)
        self._count = count
        await self._arrival(greetings)

    async def hear(self, send: Send) -> Turn:
        """What it takes that each of them has read FRAMES frames."""
        begun, begun_busy = time.perf_counter(), time.process_time()
        await send(FRAMES)
        await self._arrival(FRAMES)
        return Turn(FRAMES * self._count, time.perf_counter() - begun, time.process_time() - begun_busy)

    async def leave(self) -> None:
        await self._readers.leave(self._name)

    async def stop_reading(self) -> None:
        await self._readers.stop_reading(self._name)

    async def _arrival(self, frames: int) -> None:
        self._frames += frames * self._count
        await self._readers.arrival(self._name, self._frames)


# --- speed


async def _increments(stage: Stage, readers: Readers) -> list[Row]:
    """Small frames, one after every change of the book."""
    bare = BareSockets()
    payload = stage.payload(INCREMENTS)
    senders = {"aiohttp": bare.sender(payload), "writes": bare.writer(payload)}
    speakers = {"venue": stage.speaker(INCREMENTS), "bursts": stage.speaker(INCREMENTS, burst=BURST)}
    turns = await _take_turns(stage, readers, INCREMENTS, bare=bare, senders=senders, speakers=speakers)
    return [
        *_against_aiohttp(f"increments of {len(payload)} bytes", turns),
        _row("the same / bytes written to transports", turns["venue"], turns["writes"], _rates),
        _row(f"the same, {BURST} changes at a time / one at a time", turns["bursts"], turns["venue"], _rates, target=3.0),
    ]


async def _images(stage: Stage, readers: Readers) -> list[Row]:
    """Large frames, one a second."""
    bare = BareSockets()
    payload = stage.payload(IMAGES)
    senders, speakers = {"aiohttp": bare.sender(payload)}, {"venue": stage.speaker(IMAGES)}
    turns = await _take_turns(stage, readers, IMAGES, bare=bare, senders=senders, speakers=speakers)
    return _against_aiohttp(f"books of {len(payload):,} bytes", turns)


async def _take_turns(
    stage: Stage,
    readers: Readers,
    topic: Topic,
    *,
    bare: BareSockets,
    senders: Mapping[str, Send],
    speakers: Mapping[str, Send],
) -> dict[str, list[Turn]]:
    """Each of them in each round, by its name. `senders` send from the bare listener, `speakers` make the venue send."""
    crowd, bare_crowd = Crowd(readers, topic.name), Crowd(readers, f"bare {topic.name}")
    await crowd.gather(stage.urls[topic.socket], READERS, greetings=topic.greetings, subscribe=topic.name)
    stage.calm()
    turns: dict[str, list[Turn]] = {name: [] for name in (*senders, *speakers)}
    async with bare_listener(bare) as authority:
        await bare_crowd.gather(f"ws://{authority}/", READERS)
        for _ in range(WARM_UP + ROUNDS):
            for name, send in senders.items():
                turns[name].append(await bare_crowd.hear(send))
            for name, speak in speakers.items():
                turns[name].append(await crowd.hear(speak))
        await bare_crowd.leave()
    await crowd.leave()
    await stage.emptied()
    return {name: each[WARM_UP:] for name, each in turns.items()}


def _rates(ours: Turn, theirs: Turn) -> float:
    return ours.per_second / theirs.per_second


def _frugality(ours: Turn, theirs: Turn) -> float:
    return theirs.busy / theirs.deliveries / (ours.busy / ours.deliveries)


def _against_aiohttp(what: str, turns: Mapping[str, Sequence[Turn]]) -> list[Row]:
    venue, aiohttp = turns["venue"], turns["aiohttp"]
    return [
        _row(f"fan-out of {what} to {READERS:,} readers / bare aiohttp", venue, aiohttp, _rates, target=0.7),
        _row("the same in CPU: bare aiohttp / fan-out", venue, aiohttp, _frugality, target=0.7),
    ]


def _row(
    name: str,
    ours: Sequence[Turn],
    theirs: Sequence[Turn],
    compare: Callable[[Turn, Turn], float],
    *,
    target: float | None = None,
) -> Row:
    """The middle one of the rounds."""
    rounds = sorted(zip(ours, theirs, strict=True), key=lambda pair: compare(*pair))
    mine, other = rounds[len(rounds) // 2]
    return Row(name=name, value=compare(mine, other), unit="x", detail=f"{mine} against {other}", target=target)


# --- memory


async def _slow_reader(stage: Stage, readers: Readers) -> Row:
    """What comes free when a reader that has stopped reading is closed: all that was held for it at the worst moment."""
    attentive, deaf = Crowd(readers, "attentive"), Crowd(readers, "deaf")
    url = stage.urls[IMAGES.socket]
    await deaf.gather(url, 1, greetings=IMAGES.greetings, subscribe=IMAGES.name)
    (slow,) = stage.simulation.connections
    await attentive.gather(url, ATTENTIVE, greetings=IMAGES.greetings, subscribe=IMAGES.name)
    stage.calm()
    await deaf.stop_reading()
    speak, frames, most_bytes = stage.speaker(IMAGES), 0, 0
    tracemalloc.start()
    while slow.closing is None:
        most_bytes = _traced_bytes()
        await attentive.hear(speak)
        frames += FRAMES
    while slow in stage.simulation.connections:  # it has a while to answer the close frame
        await attentive.hear(speak)
    held_bytes = most_bytes - _traced_bytes()
    tracemalloc.stop()
    await attentive.leave()
    await stage.emptied()
    bound_bytes = slow.slow_reader.max_bytes
    return Row(
        name="memory of a reader that does not read",
        value=held_bytes / bound_bytes,
        unit="x the venue's bound",
        detail=f"{held_bytes / 1e6:.2f} MB, all free again; closed after {frames:,} frames that {ATTENTIVE} others have read",
        target=1.5,
        at_least=False,
    )


def _traced_bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
