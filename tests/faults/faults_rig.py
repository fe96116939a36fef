"""A quiet venue over real sockets whose time stands still, and clients that see every byte and how a connection ends.

They sign, inflate and frame by themselves: nothing of the server's own code answers for the server.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

import mockex
from mockex.embedded.venue import VenueHandle
from mockex.simulation import Simulation

VENUE = "okcoinjp"
PATIENCE_SECONDS = 60.0
"""For what must happen; a failing test waits this long, a passing one never."""

START = datetime(2026, 1, 1, tzinfo=UTC)
SPOT = "/api/spot/v3"
ORDERS = f"{SPOT}/orders"
ACCOUNTS = f"{SPOT}/accounts"
BOOK = f"{SPOT}/instruments/BTC-JPY/book"
TIME = "/api/general/v3/time"
BALANCES = {name: {"spot": {"JPY": "100000000", "BTC": "10"}, "funding": {"JPY": "1000"}} for name in ("alice", "bob")}

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_MASK = b"\x12\x34\x56\x78"

Rule = dict[str, Any]

over_both = pytest.mark.parametrize("quiet", [False, True], indirect=True, ids=["plain", "TLS"])
"""For tests of what depends on the connection: once as usual, once with clients that all come over TLS."""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Rig:
    """A running world, and clients that are closed with it. `tls`: they come over TLS."""

    def __init__(self, world: mockex.RunningWorld, stack: AsyncExitStack, *, tls: bool) -> None:
        self.world = world
        self.tls = tls
        self.venue: VenueHandle = world[VENUE]
        self._stack = stack

    @property
    def simulation(self) -> Simulation:
        return self.world.inside(lambda world: world.simulations[VENUE])

    def plan(self, action: str, *, where: Rule | None = None, when: Rule | None = None, seed: int = 1, **arguments: Any) -> str:
        """Plans one rule, and gives its name."""
        rule = {"where": where or {}, "when": when or {}, "what": {"action": action, **arguments}}
        return self.venue.plan_faults(rule, seed=seed)["rules"][0]["name"]

    def fired(self) -> list[tuple[int, int]]:
        """How often each rule matched and fired."""
        return [(rule["matched"], rule["fired"]) for rule in self.venue.fault_rules()]

    def record(self) -> None:
        self.simulation.desk.recorder.start(lambda: 0)

    def recording(self) -> list[Rule]:
        return self.simulation.desk.recorder.after(0)

    def advance(self, seconds: float) -> None:
        self.world.clock.advance(seconds=seconds)

    def live_orders(self) -> list[str]:
        """Client ids of live orders, oldest first."""
        return [str(order["client_id"]) for order in reversed(self.venue.orders())]

    async def client(self) -> Client:
        return await self._stack.enter_async_context(Client(self))

    async def stream(self, *channels: str, login: str | None = None) -> Stream:
        """A WebSocket that is logged in, subscribed, and has read what that brought."""
        self.advance(1)  # one connection a second
        stream = await self._stack.enter_async_context(Stream(self))
        if login is not None:
            await stream.log_in(login)
        if channels:
            await stream.subscribe(*channels)
        return stream


@asynccontextmanager
async def rig(*, tls: bool = False, **options: Any) -> AsyncIterator[Rig]:
    """Runs a world and checks at the end that nothing in it is broken."""
    terms = {"venues": [VENUE], "seed": 7, "start": START, "balances": BALANCES, "tls": tls, **options}
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(mockex.World(**terms))
        yield Rig(running, stack, tls=tls)
        running.check()


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that must come to pass."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  # what is waited for happens in the server, which tells nobody
            await asyncio.sleep(0.001)


async def never(reader: asyncio.StreamReader) -> None:
    """Asserts that nothing has arrived, once the server has had its turns to send something."""
    for _ in range(20):
        await asyncio.sleep(0)
    await asyncio.sleep(0.02)  # over TLS and through the loopback a send takes more than turns; what never comes has no event
    assert not bytes(reader._buffer), "something has left after all"  # type: ignore[attr-defined]
    assert not reader.at_eof(), "the connection has ended"


class Connected:
    """One TCP connection to the venue. Leave with `async with`."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.seen = b""

    async def __aenter__(self) -> Any:
        address = urlsplit(self.rig.venue.tls_rest_url if self.rig.tls else self.rig.venue.rest_url)
        context = ssl.create_default_context(cafile=self.rig.world.tls_ca) if self.rig.tls else None
        self.reader, self.writer = await asyncio.open_connection(address.hostname, address.port, limit=2**24, ssl=context)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def exactly(self, size: int) -> bytes:
        async with asyncio.timeout(PATIENCE_SECONDS):
            data = await self.reader.readexactly(size)
        self.seen += data
        return data

    async def head(self) -> str:
        async with asyncio.timeout(PATIENCE_SECONDS):
            data = await self.reader.readuntil(b"\r\n\r\n")
        self.seen += data
        return data.decode("latin-1")

    async def ending(self) -> str:
        """How the server ends the connection: "reset" or "closed", with the bytes that came before."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                rest = await self.reader.read()
            except ConnectionResetError:
                return "reset"
        return "closed" if not rest else f"closed after {rest!r}"

    def cut(self) -> None:
        """Leaves without a word."""
        self.writer.transport.abort()

    def signed(self, method: str, target: str, body: bytes, who: str) -> list[str]:
        key = self.rig.venue.keys[who]
        timestamp = self.rig.world.clock.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        assert key.passphrase is not None
        return [
            f"OK-ACCESS-KEY: {key.api_key}",
            f"OK-ACCESS-SIGN: {signature(key.secret, f'{timestamp}{method}{target}'.encode() + body)}",
            f"OK-ACCESS-TIMESTAMP: {timestamp}",
            f"OK-ACCESS-PASSPHRASE: {key.passphrase}",
            "Content-Type: application/json",
        ]


class Client(Connected):
    """HTTP on one connection that is kept alive."""

    def send(self, method: str, target: str, body: object = None, *, who: str | None = None) -> None:
        raw = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {target} HTTP/1.1", "Host: venue", f"Content-Length: {len(raw)}"]
        lines += [] if who is None else self.signed(method, target, raw, who)
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + raw)

    async def answer(self) -> Answer:
        status_line, *lines = (await self.head()).removesuffix("\r\n\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await self.exactly(int(headers["content-length"]))
        return Answer(int(status_line.split(" ")[1]), headers, body)

    async def ask(self, method: str, target: str, body: object = None, *, who: str | None = None) -> Answer:
        self.send(method, target, body, who=who)
        return await self.answer()

    def order(self, name: str, *, side: str = "sell", price: str = "7000000", size: str = "1", who: str = "alice") -> None:
        """Sends an order, without waiting for the answer."""
        terms = {"instrument_id": "BTC-JPY", "side": side, "size": size, "price": price, "client_oid": name}
        self.send("POST", ORDERS, terms, who=who)

    async def place(self, name: str, **terms: str) -> str:
        """An order that must be accepted; its id."""
        self.order(name, **terms)
        answer = await self.answer()
        assert answer.status == 200, answer
        order_id = answer.json["order_id"]
        assert isinstance(order_id, str)
        return order_id


class Stream(Connected):
    """A WebSocket. Every message is read as JSON, apart from `pong`."""

    async def __aenter__(self) -> Stream:
        await super().__aenter__()
        answer = await self.upgrade()
        assert answer.startswith("HTTP/1.1 101"), answer
        return self

    async def upgrade(self, path: str = "/ws/v3") -> str:
        key = base64.b64encode(b"0123456789abcdef").decode()
        lines = [f"GET {path} HTTP/1.1", "Host: venue", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self.writer.write("\r\n".join(lines).encode())
        return await self.head()

    def say(self, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        self.frame(TEXT, text.encode())

    def frame(self, opcode: int, payload: bytes) -> None:
        """A masked frame of at most 65,535 bytes."""
        size = bytes((0x80 | len(payload),)) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        masked = bytes(byte ^ _MASK[index % 4] for index, byte in enumerate(payload))
        self.writer.write(bytes((0x80 | opcode,)) + size + _MASK + masked)

    async def next_frame(self) -> tuple[int, bytes]:
        first, size = await self.exactly(2)
        if size == 126:
            size = int.from_bytes(await self.exactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await self.exactly(8), "big")
        return first & 0x0F, await self.exactly(size)

    async def next(self) -> Any:
        """The next message."""
        opcode, payload = await self.next_frame()
        assert opcode == BINARY, (opcode, payload)
        text = zlib.decompress(payload, -15).decode()
        return text if text == "pong" else json.loads(text)

    async def collect(self, count: int) -> list[Any]:
        return [await self.next() for _ in range(count)]

    async def close_code(self) -> tuple[int, str]:
        """Of the close frame, which must come next."""
        opcode, payload = await self.next_frame()
        assert opcode == CLOSE, (opcode, payload)
        return int.from_bytes(payload[:2], "big"), payload[2:].decode()

    async def settled(self) -> list[Any]:
        """Everything that was sent so far: the answer to a ping comes after it."""
        self.say("ping")
        heard = []
        while (message := await self.next()) != "pong":
            heard.append(message)
        return heard

    def log_in_message(self, who: str) -> Rule:
        key, second = self.rig.venue.keys[who], str(self.rig.world.clock.now_ns() // 10**9)
        sign = signature(key.secret, f"{second}GET/users/self/verify".encode())
        return {"op": "login", "args": [key.api_key, key.passphrase, second, sign]}

    async def log_in(self, who: str) -> None:
        self.say(self.log_in_message(who))
        assert await self.next() == {"event": "login", "success": True}

    async def subscribe(self, *channels: str) -> list[Any]:
        """What the channels say at once."""
        self.say({"op": "subscribe", "args": channels})
        said = await self.settled()
        return [message for message in said if "event" not in message]


def signature(secret: str, message: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
