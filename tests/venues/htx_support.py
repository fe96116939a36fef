"""A client of HTX in few words, on a simulation without sockets and with a clock that stands still.

It signs and unpacks by itself: nothing of the server's own code answers for the server. Every call is followed by the check of
all invariants, and a read, like a call that was refused, must have changed nothing.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder, SetPhase
from mockex.core.events import OrderAccepted
from mockex.core.invariants import digest, violations
from mockex.core.markets import MarketPhase
from mockex.core.orders import OrderType, Side
from mockex.core.units import Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.venues.htx import VENUE
from mockex.venues.htx.envelopes import v1
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.faults import ApiFault
from mockex.wire.messages import BINARY, WireRequest, WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route, RouteTable
from mockex.wire.venue import Listing, Venue

MS = 1_000_000
SECOND = 1_000 * MS
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

START = "2024-02-15T03:04:05.678Z"
START_MS = 1_707_966_245_678
HOST = "api.huobi.pro"
CHANGING_GETS = frozenset({"/v1/order/cancelAllOrders"})
RICH: Mapping[str, str] = {
    "USDT": "100000000000",
    "BTC": "1000000",
    "ETH": "1000000",
    "TRX": "1000000000",
    "SHIB": "1000000000000000",
}


def nanoseconds(text: str) -> int:
    """An ISO 8601 time in UTC as the virtual clock counts it."""
    since = datetime.fromisoformat(text).astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1_000


def stamp(time_ns: int) -> str:
    """The timestamp of a request made at that time."""
    return f"{datetime.fromtimestamp(time_ns // SECOND, UTC):%Y-%m-%dT%H:%M:%S}"


def signature(secret: str, payload: str | bytes) -> str:
    raw = payload.encode() if isinstance(payload, str) else payload
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def encoded(pairs: Mapping[str, str]) -> str:
    """A query, sorted and encoded as the document has it."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(pairs.items()))


def by_id(vectors: list[dict[str, Any]]) -> dict[str, Any]:
    """Arguments of parametrize: one case per vector, named by its id."""
    return {"argvalues": vectors, "ids": [vector["id"] for vector in vectors]}


def make_listing(
    base: str = "BTC", quote: str = "USDT", *, price_precision: int = 2, amount_precision: int = 4, **limits: Any
) -> Listing:
    """Without minimum or maximum to speak of, unless `limits` say otherwise."""
    return Listing(
        symbol=f"{base}{quote}".lower(),
        base=base,
        quote=quote,
        tick_size=Decimal(1).scaleb(-price_precision),
        lot_size=Decimal(1).scaleb(price_precision - 18),
        qty_step=Decimal(1).scaleb(-amount_precision),
        min_qty=Decimal(1).scaleb(-amount_precision),
        reference_price=Decimal(1),
        **limits,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response with its JSON read, fractions as Decimals. `text`: as it was written."""

    status: int
    body: Any
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> tuple[int, str, str]:
        """HTTP status, code and message of a failure, of either version."""
        if "code" in self.body:
            return self.status, str(self.body["code"]), self.body["message"]
        assert self.body["status"] == "error", self.body
        return self.status, self.body["err-code"], self.body["err-msg"]


class Bench:
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

    @property
    def now_ms(self) -> int:
        return self.clock.now_ns() // MS

    def set_phase(self, phase: MarketPhase, symbol: str = "btcusdt") -> None:
        self.desk.execute(SetPhase(symbol=symbol, phase=phase))

    def add_credential(
        self, *, api_key: str, secret: str, account: str = "alice", allowed_ips: tuple[str, ...] = ()
    ) -> Credential:
        """A key with material of the test's choice: of a published vector."""
        credential = Credential.create(
            api_key=api_key, secret=secret, account_id=account, label="vector", allowed_ips=allowed_ips
        )
        self.desk.credentials.add(credential)
        return credential

    # --- HTTP

    def get(self, path: str, query: str = "") -> Reply:
        """A public call."""
        return self.send("GET", path, query)

    def send(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        peer_ip: str = "127.0.0.1",
    ) -> Reply:
        """A request as it stands. Checks all invariants, and that a read or a failure has changed nothing."""
        before = self.digest
        response = self.simulation.handle(WireRequest(method, path, query, headers or {"host": HOST}, body, peer_ip))
        reply = read_reply(response)
        assert violations(self.desk.exchange) == []
        failed = response.status != 200 or reply.body.get("status") == "error" or reply.body.get("code", 200) != 200
        if (method == "GET" and path not in CHANGING_GETS) or failed:
            assert self.digest == before, f"{method} {path} changed something"
        return reply

    def signed_query(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        who: str = "alice",
        host: str = HOST,
        **auth: str,
    ) -> str:
        """The query of a good request, the signature last. `auth` replaces authentication parameters."""
        material = self.simulation.keys[who].material
        signed = {
            "AccessKeyId": material.api_key,
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": stamp(self.clock.now_ns()),
            **(params or {}),
            **auth,
        }
        query = encoded(signed)
        made = signature(material.secret, "\n".join((method, host, path, query)))
        return f"{query}&Signature={quote(made, safe='')}"

    def read(self, path: str, params: Mapping[str, str] | None = None, *, who: str = "alice") -> Reply:
        """A signed GET."""
        return self.send("GET", path, self.signed_query("GET", path, params, who=who))

    def write(self, path: str, body: object = None, *, who: str = "alice") -> Reply:
        """A signed POST of a JSON body; None for no body at all."""
        payload = b"" if body is None else json.dumps(body).encode()
        return self.send("POST", path, self.signed_query("POST", path, who=who), body=payload)

    def order(self, order_type: str, amount: str, price: str | None = None, *, who: str = "alice", **fields: object) -> Reply:
        """Places an order over the wire. `fields` as the venue names them, with `_` for `-`; the symbol is btcusdt if none."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        body = {
            "account-id": str(self.desk.state.identities.account_number(who)),
            "symbol": "btcusdt",
            "type": order_type,
            "amount": amount,
            **({} if price is None else {"price": price}),
            **named,
        }
        return self.write("/v1/order/orders/place", body, who=who)

    def place_id(self, order_type: str, amount: str, price: str | None = None, *, who: str = "alice", **fields: object) -> int:
        """The same for an order that must be accepted: its id."""
        reply = self.order(order_type, amount, price, who=who, **fields)
        assert reply.body["status"] == "ok", reply.body
        return int(reply.body["data"])

    def detail(self, order_id: int, *, who: str = "alice") -> dict[str, Any]:
        """The order as its owner reads it by its id."""
        body: dict[str, Any] = self.read(f"/v1/order/orders/{order_id}", who=who).body
        assert body["status"] == "ok", body
        row: dict[str, Any] = body["data"]
        return row

    # --- orders, past the wire

    def rest(self, side: str, price: str, qty: str = "1", *, who: str = "bob", symbol: str = "btcusdt") -> int:
        """A limit order that must be accepted. Gives the id."""
        events = self.place(side, price, qty, who=who, symbol=symbol)
        first = events[0]
        assert isinstance(first, OrderAccepted), first
        return first.order.order_id

    def place(self, side: str, price: str, qty: str = "1", *, who: str = "bob", symbol: str = "btcusdt") -> tuple[Any, ...]:
        instrument = self.desk.exchange.markets[symbol].instrument
        return self.desk.execute(
            PlaceOrder(
                account_id=who,
                symbol=symbol,
                side=Side[side.upper()],
                order_type=OrderType.LIMIT,
                limit_price=int(Decimal(price) / instrument.price_scale.increment),
                order_qty=int(Decimal(qty) / instrument.qty_scale.increment),
            )
        )

    def trade(self, price: str = "100", qty: str = "1", *, symbol: str = "btcusdt", taker: str = "buy") -> None:
        """One trade of a book that holds nothing better."""
        self.rest("sell" if taker == "buy" else "buy", price, qty, symbol=symbol)
        self.rest(taker, price, qty, who="alice", symbol=symbol)

    # --- WebSocket

    def connect(self, path: str = "/ws", *, ip: str = "127.0.0.1") -> Socket:
        found = self.simulation.socket_for(path)
        assert found is not None
        return Socket(self, self.simulation.open_connection(found[0], ip, lambda _: None, path=path))


def probe_venue(*routes: Route, **changes: Any) -> Venue:
    """The venue with other routes than its own: what is checked before any handler is the same for all of them."""
    return replace(VENUE, routes=RouteTable(routes), **changes)


def probe(method: str, path: str, permission: Permission | None = None, *, fault: ApiFault | None = None, **more: Any) -> Route:
    """A route that answers who has called, or fails with `fault`."""

    def handler(call: Call) -> WireResponse:
        if fault is not None:
            raise fault
        return v1(call, None if permission is None else call.account_id)

    return Route(method=method, path=path, handler=handler, permission=permission, **more)


def read_reply(response: WireResponse) -> Reply:
    text = response.body.decode()
    body = json.loads(text, parse_float=Decimal)
    return Reply(status=response.status, body=body, text=text, headers=dict(response.headers))


class Socket:
    """One client on a market WebSocket: text out, unpacked JSON in."""

    def __init__(self, bench: Bench, connection: Connection) -> None:
        self.bench = bench
        self.connection = connection

    @property
    def closing(self) -> CloseOrder | None:
        return self.connection.closing

    def texts(self) -> list[str]:
        """What has arrived since the last look, in frames that are all binary and gzip."""
        frames = self.connection.drain()
        assert {frame.wire[0] for frame in frames} <= {0x80 | BINARY}
        return [gzip.decompress(frame.payload).decode() for frame in frames]

    def messages(self) -> list[Any]:
        """The same as JSON, without pings, which are answered."""
        found = []
        for text in self.texts():
            message = json.loads(text, parse_float=Decimal)
            if "ping" in message:
                self.bench.simulation.receive(self.connection, json.dumps({"pong": message["ping"]}))
            else:
                found.append(message)
        return found

    def send(self, message: object) -> list[Any]:
        """Sends JSON, or text as it stands, and gives what came at once."""
        self.bench.simulation.receive(self.connection, message if isinstance(message, (str, bytes)) else json.dumps(message))
        return self.messages()

    def subscribe(self, topic: str) -> list[Any]:
        """Subscribes to a topic that must exist, and gives what came after the acknowledgement."""
        first, *rest = self.send({"sub": topic, "id": "id1"})
        assert first == {"id": "id1", "status": "ok", "subbed": topic, "ts": self.bench.now_ms}
        return rest

    def request(self, topic: str, **more: object) -> Any:
        """What a request for a topic that must exist is answered with."""
        (reply,) = self.send({"req": topic, "id": "id2", **more})
        assert (reply["id"], reply["rep"], reply["status"]) == ("id2", topic, "ok"), reply
        return reply["data"]

    def wait(self, span_ns: int) -> list[Any]:
        """What comes while that time passes; the client answers pings in between."""
        found, end_ns = [], self.bench.clock.now_ns() + span_ns
        while self.bench.clock.now_ns() < end_ns:
            self.bench.clock.advance_to(min(end_ns, self.bench.clock.now_ns() + SECOND))
            found += self.messages()
        return found
