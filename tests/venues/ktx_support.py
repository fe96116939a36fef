"""A client of KTX in few words, on a simulation without sockets and with a clock that stands still.

It signs by itself: nothing of the server's own code answers for the server. Every call is followed by the check of all
invariants, and a read, like a call that was refused, must have changed nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder
from mockex.core.events import OrderAccepted
from mockex.core.invariants import digest, violations
from mockex.core.orders import OrderType, Side
from mockex.core.units import Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.venues.ktx import VENUE
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.messages import TEXT, WireRequest
from mockex.wire.routing import RouteTable
from mockex.wire.venue import Venue

MS = 1_000_000
SECOND = 1_000 * MS
START_MS = 1_733_390_630_904

RICH: Mapping[str, str] = {"USDT": "100000000000", "BTC": "1000000", "ETH": "1000000", "EOS": "1000000000"}
KEYS = {"alice": frozenset(Permission), "bob": frozenset(Permission), "viewer": frozenset({Permission.READ})}


def by_id(vectors: list[dict[str, Any]]) -> dict[str, Any]:
    """Arguments of parametrize: one case per vector, named by its id."""
    return {"argvalues": vectors, "ids": [vector["id"] for vector in vectors]}


def signature(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def probe_venue(*routes: Any, **changes: Any) -> Venue:
    """The venue with other routes than its own: what is checked before any handler is the same for all of them."""
    table = RouteTable(routes)
    others = {name: replace(venue, routes=table, **changes) for name, venue in VENUE.by_profile.items()}
    return replace(VENUE, routes=table, by_profile=others, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def state(self) -> int:
        """The code of a failure."""
        assert isinstance(self.body, dict), self.body
        assert set(self.body) == {"state", "msg"}, self.body
        assert type(self.body["state"]) is int
        return int(self.body["state"])

    @property
    def failed(self) -> bool:
        return isinstance(self.body, dict) and set(self.body) == {"state", "msg"}

    @property
    def data(self) -> Any:
        assert self.status == 200, self.body
        assert not self.failed, self.body
        return self.body

    @property
    def usage(self) -> str:
        return self.headers["Ktx-Usage"]


class Bench:
    """One simulated venue with two rich accounts, each with a key of its own name, and a key `viewer` that may only read."""

    def __init__(
        self, *, start_ms: int = START_MS, limits: bool = False, venue: Venue = VENUE, profile: str = "gen1", **switches: object
    ) -> None:
        self.clock = VirtualClock(start_ms * MS)
        self.simulation = Simulation(
            venue,
            clock=self.clock,
            seed=1,
            settings=SimulationSettings(switches=switches, limits_enabled=limits, profile=profile),
        )
        for name in ("alice", "bob"):
            self.simulation.open_account(name, {(Wallet.SPOT, asset): Decimal(amount) for asset, amount in RICH.items()})
        for name, permissions in KEYS.items():
            self.simulation.add_key(name, "alice" if name == "viewer" else name, permissions=permissions)

    def open(self, name: str, **amounts: str) -> None:
        """A further account with a key of its name, and no more than that."""
        self.simulation.open_account(name, {(Wallet.SPOT, asset): Decimal(amount) for asset, amount in amounts.items()})
        self.simulation.add_key(name, name)

    @property
    def desk(self) -> Desk:
        return self.simulation.desk

    @property
    def digest(self) -> str:
        return digest(self.desk.exchange)

    @property
    def now_ms(self) -> int:
        return self.clock.now_ns() // MS

    def wait(self, span_ns: int) -> None:
        self.clock.advance_to(self.clock.now_ns() + span_ns)

    def add_credential(self, *, api_key: str, secret: str, allowed_ips: tuple[str, ...] = ()) -> None:
        """A key of alice with material of the test's choice: of a published vector."""
        self.desk.credentials.add(
            Credential.create(api_key=api_key, secret=secret, account_id="alice", label="vector", allowed_ips=allowed_ips)
        )

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
        response = self.simulation.handle(
            WireRequest(method, path, query, {"host": "127.0.0.1", **(headers or {})}, body, peer_ip)
        )
        reply = Reply(
            status=response.status,
            body=json.loads(response.body, parse_float=Decimal),
            headers=dict(response.headers),
        )
        assert violations(self.desk.exchange) == []
        if method == "GET" or reply.failed:
            assert self.digest == before, f"{method} {path} changed something"
        return reply

    def get(self, path: str, query: str = "") -> Reply:
        """A public call."""
        return self.send("GET", f"/api{path}", query)

    def read(self, path: str, query: str = "", *, who: str = "alice") -> Reply:
        """A private read, signed with that key."""
        return self.send("GET", f"/api{path}", query, headers=self.signed(query.encode(), who))

    def order(self, method: str, path: str, body: object, *, who: str = "alice") -> Reply:
        """A private call with a JSON body, or with one that is spelled already."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(method, f"/api{path}", body=raw, headers=self.signed(raw, who))

    def signed(self, text: bytes, who: str) -> dict[str, str]:
        material = self.simulation.keys[who].material
        return {"api-key": material.api_key, "api-sign": signature(material.secret, text)}

    # --- orders, past the wire

    def rest(self, side: str, price: str, qty: str = "1", *, who: str = "bob", symbol: str = "BTC_USDT") -> None:
        """A limit order that must be accepted."""
        instrument = self.desk.exchange.markets[symbol].instrument
        first = self.desk.execute(
            PlaceOrder(
                account_id=who,
                symbol=symbol,
                side=Side[side.upper()],
                order_type=OrderType.LIMIT,
                limit_price=int(Decimal(price) / instrument.price_scale.increment),
                order_qty=int(Decimal(qty) / instrument.qty_scale.increment),
            )
        )[0]
        assert isinstance(first, OrderAccepted), first

    def trade(self, price: str = "100", qty: str = "1", *, symbol: str = "BTC_USDT", taker: str = "buy") -> None:
        """One trade of a book that holds nothing better."""
        self.rest("sell" if taker == "buy" else "buy", price, qty, symbol=symbol)
        self.rest(taker, price, qty, who="alice", symbol=symbol)

    # --- WebSocket

    def connect(self, path: str = "/market", *, host: str = "") -> Socket:
        found = self.simulation.socket_for(path, host)
        assert found is not None
        return Socket(self, self.simulation.open_connection(found[0], "127.0.0.1", lambda _: None, path=path))


class Socket:
    """One client on the market socket."""

    def __init__(self, bench: Bench, connection: Connection) -> None:
        self.bench = bench
        self.connection = connection

    @property
    def closing(self) -> CloseOrder | None:
        return self.connection.closing

    def messages(self) -> list[Any]:
        """What has arrived since the last look."""
        frames = self.connection.drain()
        assert all(frame.wire[0] == 0x80 | TEXT for frame in frames)
        return [json.loads(frame.payload, parse_float=Decimal) for frame in frames]

    def send(self, message: object) -> list[Any]:
        """Sends JSON, or text as it stands, and gives what came at once."""
        text = message if isinstance(message, (str, bytes)) else json.dumps(message)
        self.bench.simulation.receive(self.connection, text)
        return self.messages()

    def subscribe(self, *streams: str) -> list[Any]:
        """Subscribes to streams that must exist, and gives what came after the acknowledgement."""
        answer, *rest = self.send({"method": "SUBSCRIBE", "params": list(streams)})
        assert answer == {"result": "success", "op": "SUBSCRIBE", "events": list(streams)}
        return rest

    def wait(self, span_ns: int) -> list[Any]:
        """What comes while that time passes."""
        self.bench.wait(span_ns)
        return self.messages()
