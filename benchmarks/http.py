"""(c) Signed orders over HTTP against a bare aiohttp handler that reads the same body and answers the same bytes.

Server, handler and clients share one process and one event loop, so the clients' work counts on both sides. The requests are
signed beforehand. A round sends the same packets to both; the figure is the median of the rounds' ratios.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from aiohttp import web
from mockex.clients.okcoinjp.signing import sign

from benchmarks.measure import Row
from mockex.server.listeners import Handler, Listener, bind_all
from mockex.server.process import fastest_loop, spare_the_collector
from mockex.server.runner import Server, ServerSettings
from mockex.server.wallclock import real_now_ns
from mockex.simulation import AccessKey, SimulationSettings
from mockex.wire.timestamps import unix_seconds_ms
from mockex.world import WorldSettings

VENUE = "okcoinjp"
PATH = "/api/spot/v3/orders"
CONNECTIONS = 32
ROUNDS = 5
REQUESTS = 6_000  # of one round; signed just before it, because a signature is good for 30 seconds

NS_PER_MS = 1_000_000


def run() -> list[Row]:
    thresholds = gc.get_threshold()
    try:
        with asyncio.Runner(loop_factory=fastest_loop()) as runner:
            return runner.run(_run())
    finally:  # what `spare_the_collector` did is not for the benchmarks after this one
        gc.set_threshold(*thresholds)
        gc.unfreeze()


async def _run() -> list[Row]:
    world = WorldSettings(
        start_ns=real_now_ns(),
        venues=(VENUE,),
        market="quiet",
        venue_settings={VENUE: SimulationSettings(limits_enabled=False)},
    )
    async with Server(ServerSettings(world=world)) as server:
        key = server.world.simulations[VENUE].keys["alice"]
        spare_the_collector()
        return [
            _row("signed orders over HTTP / bare aiohttp", await _compare(server, key, _resting), target=0.6),
            _row("the same, every second order trades", await _compare(server, key, _trading), target=None),
        ]


def _row(name: str, rounds: Sequence[_Round], *, target: float | None) -> Row:
    middle = sorted(rounds, key=lambda each: each.ratio)[len(rounds) // 2]
    return Row(
        name=name,
        value=middle.ratio,
        unit="x",
        detail=f"{middle.venue} against {middle.bare}, {CONNECTIONS} connections",
        target=target,
    )


# --- what is sent


def _resting(number: int) -> dict[str, str]:
    """Two thousand price levels on both sides of a spread that nobody crosses."""
    away = number % 1_000
    return {"side": "buy", "price": f"{4_000 - away}"} if number % 2 else {"side": "sell", "price": f"{5_000 + away}"}


def _trading(number: int) -> dict[str, str]:
    """A sell rests, the next buy takes it whole."""
    return {"side": "buy" if number % 2 else "sell", "price": "4638.5"}


def _packets(key: AccessKey, terms: Callable[[int], dict[str, str]]) -> list[bytes]:
    """Signed placements, each ready to be written in one go."""
    timestamp = unix_seconds_ms(real_now_ns())
    packets = []
    for number in range(REQUESTS):
        order = {"instrument_id": "BTC-JPY", "type": "limit", "size": "0.01", "client_oid": f"b{number}", **terms(number)}
        body = json.dumps(order, separators=(",", ":")).encode()
        signature = sign(key.material.secret, timestamp=timestamp, method="POST", target=PATH, body=body)
        head = [
            f"POST {PATH} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: */*",
            "Content-Type: application/json",
            f"OK-ACCESS-KEY: {key.material.api_key}",
            f"OK-ACCESS-SIGN: {signature}",
            f"OK-ACCESS-TIMESTAMP: {timestamp}",
            f"OK-ACCESS-PASSPHRASE: {key.material.passphrase}",
            f"Content-Length: {len(body)}",
        ]
        packets.append("\r\n".join([*head, "", ""]).encode() + body)
    return packets


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


async def _compare(server: Server, key: AccessKey, terms: Callable[[int], dict[str, str]]) -> list[_Round]:
    venue_url = server.urls.venues[VENUE].rest
    listener = await Listener.open(
        bind_all("127.0.0.1", {"bare": 0})["bare"],
        _bare_handler(await _an_answer(venue_url, key, terms)),
        now_ns=time.time_ns,
    )
    bare_url = f"http://{listener.authority}"
    rounds = []
    for _ in range(1 + ROUNDS):
        packets = _packets(key, terms)
        rounds.append(_Round(bare=await _load(bare_url, packets), venue=await _load(venue_url, packets)))
    listener.stop_accepting()
    await listener.close()
    return rounds[1:]  # the first one warms up


async def _an_answer(url: str, key: AccessKey, terms: Callable[[int], dict[str, str]]) -> bytes:
    """A body of the very length that the venue answers with."""
    reader, writer = await asyncio.open_connection(*_host_and_port(url))
    writer.write(_packets(key, terms)[0])
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
