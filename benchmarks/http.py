"""(c) Signed orders over HTTP against a bare aiohttp handler that reads the same body and answers the same bytes.

Server, handler and clients share one process and one event loop, so the clients' work counts on both sides. The requests are
signed beforehand. A round sends the same packets to both; the figure is the median of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from aiohttp import web

from benchmarks import placements
from benchmarks.measure import Row
from benchmarks.placements import Placements, Terms
from benchmarks.serving import bare_listener, run_as_server
from mockex.server.listeners import Handler
from mockex.server.process import spare_the_collector
from mockex.server.runner import Server, ServerSettings
from mockex.server.wallclock import real_now_ns
from mockex.simulation import SimulationSettings
from mockex.world import WorldSettings

CONNECTIONS = 32
ROUNDS = 5
REQUESTS = 6_000  # of one round; signed just before it, because a signature is good for 30 seconds

NS_PER_MS = 1_000_000


def run() -> list[Row]:
    return run_as_server(_run)


async def _run() -> list[Row]:
    venues = tuple({each.venue: None for each in placements.ALL})
    world = WorldSettings(
        start_ns=real_now_ns(),
        venues=venues,
        market="quiet",
        venue_settings=dict.fromkeys(venues, SimulationSettings(limits_enabled=False)),
    )
    rows = []
    async with Server(ServerSettings(world=world)) as server:
        spare_the_collector()
        for each in placements.ALL:
            clients = _Clients(server, each)
            name = f"signed orders over HTTP, {each.venue}{each.manner} / bare aiohttp"
            if each.rests:
                rows.append(_row(name, await clients.compare(placements.resting), target=each.target))
                rows.append(_row("the same, every second order trades", await clients.compare(placements.trading), target=None))
            else:
                trading = await clients.compare(placements.trading)
                rows.append(_row(f"{name}, every second order trades", trading, target=each.target))
    return rows


def _row(name: str, rounds: Sequence[_Round], *, target: float | None) -> Row:
    middle = sorted(rounds, key=lambda each: each.ratio)[len(rounds) // 2]
    return Row(
        name=name,
        value=middle.ratio,
        unit="x",
        detail=f"{middle.venue} against {middle.bare}, {CONNECTIONS} connections",
        target=target,
    )


# --- who sends it


class Load(NamedTuple):
    """What a load brought: calls per second, and how long a client waited."""

    per_second: float
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return f"{self.per_second / 1e3:.1f} k/s (p50 {self.p50_ms:.2f} ms, p99 {self.p99_ms:.2f} ms)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    bare: Load
    venue: Load

    @property
    def ratio(self) -> float:
        return self.venue.per_second / self.bare.per_second


class _Client(asyncio.Protocol):
    """Sends the next packet as soon as the last one is answered. Does as little as a client can."""

    def __init__(self, packets: Iterator[bytes], waits_ns: list[int]) -> None:
        self.finished = asyncio.get_running_loop().create_future()
        self._packets = packets
        self._waits_ns = waits_ns
        self._sent_ns = 0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send_next(self) -> None:
        packet = next(self._packets, None)
        if packet is None:
            self.finished.set_result(None)
            return
        self._sent_ns = time.perf_counter_ns()
        self.transport.write(packet)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        _, _, length = head.partition(b"Content-Length: ")
        if not end or len(body) < int(length.partition(b"\r\n")[0]):
            return
        assert head.startswith(b"HTTP/1.1 200 "), self._received
        self._received = b""
        self._waits_ns.append(time.perf_counter_ns() - self._sent_ns)
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(ConnectionResetError("the server closed the connection"))


async def _load(url: str, packets: list[bytes]) -> Load:
    host, port = _host_and_port(url)
    remaining, waits_ns = iter(packets), list[int]()
    clients = []
    for _ in range(CONNECTIONS):
        _, client = await asyncio.get_running_loop().create_connection(lambda: _Client(remaining, waits_ns), host, port)
        clients.append(client)
    begun_ns = time.perf_counter_ns()
    for client in clients:
        client.send_next()
    await asyncio.gather(*(client.finished for client in clients))
    elapsed_ns = time.perf_counter_ns() - begun_ns
    for client in clients:
        client.transport.close()
    percentiles = statistics.quantiles(waits_ns, n=100)
    return Load(len(packets) * 1e9 / elapsed_ns, percentiles[49] / NS_PER_MS, percentiles[98] / NS_PER_MS)


# --- the two sides


class _Clients:
    """Clients of one venue, and of a bare handler beside it."""

    def __init__(self, server: Server, orders: Placements) -> None:
        self._url = server.urls.venues[orders.venue].rest
        self._simulation = server.world.simulations[orders.venue]
        self._orders = orders
        self._numbers = itertools.count()  # an open order's client id may not come again everywhere

    async def compare(self, terms: Terms) -> list[_Round]:
        answer = await _answer(self._url, self._packets(terms, 1)[0])
        rounds = []
        async with bare_listener(_bare_handler(answer)) as authority:
            for _ in range(1 + ROUNDS):
                packets = self._packets(terms, REQUESTS)
                rounds.append(_Round(bare=await _load(f"http://{authority}", packets), venue=await _load(self._url, packets)))
        return rounds[1:]  # the first one warms up

    def _packets(self, terms: Terms, count: int) -> list[bytes]:
        """Signed placements, each ready to be written in one go."""
        make = self._orders.sign(self._simulation, urlsplit(self._url).netloc)
        return [make(next(self._numbers), *terms(number)) for number in range(count)]


async def _answer(url: str, packet: bytes) -> bytes:
    """A body of the very length that the venue answers with."""
    reader, writer = await asyncio.open_connection(*_host_and_port(url))
    writer.write(packet)
    head = await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
    writer.close()
    await writer.wait_closed()
    return body


def _host_and_port(url: str) -> tuple[str, int]:
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    return address.hostname, address.port


def _bare_handler(answer: bytes) -> Handler:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        return web.Response(body=answer, content_type="application/json")

    return handle
