"""A client of OKCoin Japan's spot side in few words, on a simulation without sockets and with a clock that stands still.

It signs, inflates and merges by itself: nothing of the server's own code answers for the server. Every call is followed by the
check of all invariants, and a call that was refused must have changed nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder, SetPhase
from mockex.core.events import OrderAccepted
from mockex.core.invariants import digest, violations
from mockex.core.markets import MarketPhase
from mockex.core.orders import OrderType, Side
from mockex.core.units import Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.venues.okcoinjp import VENUE
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.messages import WireRequest
from mockex.wire.venue import Listing, Venue

MS = 1_000_000
SECOND = 1_000 * MS
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SPOT = "/api/spot/v3"
ORDERS = f"{SPOT}/orders"
START = "2024-02-15T03:04:05.678Z"
RICH: Mapping[str, str] = {"JPY": "100000000000", "BTC": "1000000", "ETH": "1000000", "XRP": "10000000"}


def nanoseconds(text: str) -> int:
    """An ISO 8601 time in UTC as the virtual clock counts it. Read with the standard library, not with the server's parser."""
    since = datetime.fromisoformat(text).astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1_000


def iso(time_ns: int) -> str:
    """The timestamp of a request made at that time."""
    moment = datetime.fromtimestamp(time_ns // SECOND, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time_ns % SECOND // MS:03d}Z"


def signature(secret: str, prehash: str | bytes) -> str:
    raw = prehash.encode() if isinstance(prehash, str) else prehash
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def by_id(vectors: list[dict[str, Any]]) -> dict[str, Any]:
    """Arguments of parametrize: one case per vector, named by its id."""
    return {"argvalues": vectors, "ids": [vector["id"] for vector in vectors]}


def make_listing(symbol: str = "BTC-JPY", *, tick: str = "0.1", lot: str = "0.00000001", min_size: str = "0.001") -> Listing:
    base, quote = symbol.split("-")
    return Listing(
        symbol=symbol,
        base=base,
        quote=quote,
        tick_size=Decimal(tick),
        lot_size=Decimal(lot),
        min_qty=Decimal(min_size),
        reference_price=Decimal(1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response with its JSON read. Numbers with a fraction would be Decimals; there are none on the spot side."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> tuple[int, str]:
        """HTTP status and error code of a failure."""
        return self.status, str(self.body["error_code"])


class SpotBench:
    """One simulated venue with some rich accounts, each with a key of its own name, and a key `viewer` that may only read."""

    def __init__(
        self,
        *listings: Listing,
        accounts: Mapping[str, Mapping[str, str]] | None = None,
        start: str = START,
        profile: str | None = None,
        limits: bool = False,
        venue: Venue = VENUE,
        **switches: object,
    ) -> None:
        self.clock = VirtualClock(nanoseconds(start))
        self.simulation = Simulation(
            venue,
            clock=self.clock,
            seed=1,
            settings=SimulationSettings(profile=profile, switches=switches, listings=listings, limits_enabled=limits),
        )
        for name, balances in (accounts or {"alice": RICH, "bob": RICH}).items():
            self.simulation.open_account(name, {(Wallet.SPOT, asset): Decimal(amount) for asset, amount in balances.items()})
            self.simulation.add_key(name, name)
        self.simulation.add_key("viewer", "alice", permissions=frozenset({Permission.READ}))

    @property
    def desk(self) -> Desk:
        return self.simulation.desk

    @property
    def digest(self) -> str:
        return digest(self.desk.exchange)

    def set_phase(self, phase: MarketPhase, symbol: str = "BTC-JPY") -> None:
        self.desk.execute(SetPhase(symbol=symbol, phase=phase))

    def add_credential(
        self, *, api_key: str, secret: str, passphrase: str, account: str = "alice", allowed_ips: tuple[str, ...] = ()
    ) -> Credential:
        """A key with material of the test's choice: of a published vector."""
        credential = Credential.create(
            api_key=api_key,
            secret=secret,
            passphrase=passphrase,
            account_id=account,
            label="vector",
            permissions=frozenset(Permission),
            allowed_ips=allowed_ips,
        )
        self.desk.credentials.add(credential)
        return credential

    # --- HTTP

    def get(self, path: str, query: str = "", *, who: str | None = "alice") -> Reply:
        return self.call("GET", path, query, who=who)

    def post(self, path: str, body: object, *, who: str | None = "alice") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, body=raw, who=who)

    def call(self, method: str, path: str, query: str = "", *, body: bytes = b"", who: str | None = "alice") -> Reply:
        headers = {} if who is None else self.sign(method, f"{path}?{query}" if query else path, body, who=who)
        return self.send(method, path, query, headers=headers, body=body)

    def send(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        peer_ip: str = "127.0.0.1",
    ) -> Reply:
        """A request as it stands. Checks all invariants, and that a failure has changed nothing."""
        before = self.digest
        response = self.simulation.handle(WireRequest(method, path, query, headers, body, peer_ip))
        reply = Reply(status=response.status, body=json.loads(response.body), headers=dict(response.headers))
        assert violations(self.desk.exchange) == []
        accepted = response.status == 200 and not (isinstance(reply.body, dict) and reply.body.get("result") is False)
        if method == "GET" or not accepted:
            assert self.digest == before, f"{method} {path} changed something"
        return reply

    def sign(self, method: str, target: str, body: bytes = b"", *, who: str = "alice", timestamp: str = "") -> dict[str, str]:
        """The headers of a good request."""
        material = self.simulation.keys[who].material
        assert material.passphrase is not None
        timestamp = timestamp or iso(self.clock.now_ns())
        # Bytes that are no UTF-8 reach a request as lone surrogates; what is signed is the bytes.
        head = f"{timestamp}{method}{target}".encode("utf-8", "surrogateescape")
        return {
            "ok-access-key": material.api_key,
            "ok-access-sign": signature(material.secret, head + body),
            "ok-access-timestamp": timestamp,
            "ok-access-passphrase": material.passphrase,
            "content-type": "application/json",
        }

    # --- orders

    def try_order(self, side: str, size: str | None, price: str | None, *, who: str = "alice", **more: Any) -> Reply:
        """A limit order unless `type` says otherwise; None leaves a field out."""
        body = {"instrument_id": "BTC-JPY", "side": side, "size": size, "price": price, **more}
        return self.post(ORDERS, {name: value for name, value in body.items() if value is not None}, who=who)

    def order(self, side: str, size: str | None, price: str | None, *, who: str = "alice", **more: Any) -> str:
        """Places an order that must be accepted, and gives its id."""
        reply = self.try_order(side, size, price, who=who, **more)
        assert (reply.status, reply.body["result"]) == (200, True), reply
        order_id = reply.body["order_id"]
        assert isinstance(order_id, str)
        return order_id

    def rest(self, side: str, ticks: int, *, lots: int = 10**8, who: str = "bob", symbol: str = "BTC-JPY") -> int:
        """The same past the wire, in whole ticks and lots: for books of many orders. Gives the id."""
        command = PlaceOrder(
            account_id=who,
            symbol=symbol,
            side=Side[side.upper()],
            order_type=OrderType.LIMIT,
            limit_price=ticks,
            order_qty=lots,
        )
        first = self.desk.execute(command)[0]
        assert isinstance(first, OrderAccepted), first
        return first.order.order_id

    def cancel(self, reference: str, *, who: str = "alice", symbol: str = "BTC-JPY") -> Reply:
        return self.post(f"{SPOT}/cancel_orders/{reference}", {"instrument_id": symbol}, who=who)

    def detail(self, reference: str, *, who: str = "alice", symbol: str = "BTC-JPY") -> dict[str, Any]:
        reply = self.get(f"{ORDERS}/{reference}", f"instrument_id={symbol}", who=who)
        assert reply.status == 200, reply
        assert isinstance(reply.body, dict)
        return reply.body

    def balance(self, currency: str, *, who: str = "alice") -> dict[str, Any]:
        reply = self.get(f"{SPOT}/accounts/{currency}", who=who)
        assert isinstance(reply.body, dict)
        return reply.body

    def rows(self, path: str, query: str = "", *, who: str = "alice") -> list[Any]:
        reply = self.get(f"{SPOT}{path}", query, who=who)
        assert reply.status == 200, reply
        assert isinstance(reply.body, list)
        return reply.body

    # --- WebSocket

    def connect(self, *, ip: str = "127.0.0.1", path: str = "/ws/v3") -> Socket:
        found = self.simulation.socket_for(path)
        assert found is not None
        return Socket(self, self.simulation.open_connection(found[0], ip, lambda _: None))


class Socket:
    """One client on the WebSocket: text out, inflated JSON in."""

    def __init__(self, bench: SpotBench, connection: Connection) -> None:
        self.bench = bench
        self.connection = connection

    @property
    def closing(self) -> CloseOrder | None:
        return self.connection.closing

    def texts(self) -> list[str]:
        """What has arrived since the last look."""
        return [inflate(frame.payload) for frame in self.connection.drain()]

    def messages(self) -> list[Any]:
        """The same as JSON; `pong` is the one message that is none."""
        return [text if text == "pong" else json.loads(text) for text in self.texts()]

    def send(self, message: object) -> list[Any]:
        """Sends JSON, or text as it stands, and gives what came at once."""
        self.bench.simulation.receive(self.connection, message if isinstance(message, (str, bytes)) else json.dumps(message))
        return self.messages()

    def login(self, who: str = "alice") -> None:
        assert self.send({"op": "login", "args": login_args(self.bench, who)}) == [{"event": "login", "success": True}]

    def subscribe(self, *names: str) -> list[Any]:
        """Subscribes to channels that must exist, and gives what came after the acknowledgements."""
        messages = self.send({"op": "subscribe", "args": list(names)})
        assert messages[: len(names)] == [{"event": "subscribe", "channel": name} for name in names]
        return messages[len(names) :]

    def unsubscribe(self, *names: str) -> list[Any]:
        messages = self.send({"op": "unsubscribe", "args": list(names)})
        assert messages[: len(names)] == [{"event": "unsubscribe", "channel": name} for name in names]
        return messages[len(names) :]

    def rows(self, table: str) -> list[Any]:
        """The pushed rows of one channel that have arrived."""
        return [row for message in self.messages() if message.get("table") == table for row in message["data"]]


def login_args(bench: SpotBench, who: str = "alice", *, timestamp: str = "") -> list[str]:
    material = bench.simulation.keys[who].material
    assert material.passphrase is not None
    now_ns = bench.clock.now_ns()
    timestamp = timestamp or f"{now_ns // SECOND}.{now_ns % SECOND // MS:03d}"
    return [
        material.api_key,
        material.passphrase,
        timestamp,
        signature(material.secret, f"{timestamp}GET/users/self/verify"),
    ]


def inflate(payload: bytes) -> str:
    """One message: a complete raw-deflate stream and nothing after it."""
    stream = zlib.decompressobj(-15)
    text = stream.decompress(payload) + stream.flush()
    assert stream.eof
    assert not stream.unused_data
    return text.decode()
