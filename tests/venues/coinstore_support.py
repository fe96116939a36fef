"""A client of Coinstore in few words, on a simulation without sockets and with a clock that stands still.

It signs by itself: nothing of the server's own code answers for the server. Every call is followed by the check of all
invariants, and a read, like a call that was refused, must have changed nothing. A socket counts the frames that it gets.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from mockex.venues.coinstore import VENUE
from mockex.wire.connections import CloseOrder, Connection
from mockex.wire.credentials import Credential, Permission
from mockex.wire.desk import Desk
from mockex.wire.messages import PING, TEXT, WireRequest
from mockex.wire.routing import RouteTable
from mockex.wire.venue import Listing, Venue

MS = 1_000_000
SECOND = 1_000 * MS
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

START = "2024-02-27T09:36:38.123Z"
START_S = 1_709_026_598
START_MS = 1_709_026_598_123

RICH: Mapping[str, str] = {
    "USDT": "100000000000",
    "BTC": "1000000",
    "ETH": "1000000",
    "TRX": "1000000000",
    "LUFFY": "1000000000000000",
}
PLACE = "/api/trade/order/place"
INFO = "/api/trade/order/orderInfo"
INFO_V2 = "/api/v2/trade/order/orderInfo"
ACTIVE = "/api/trade/order/active"
ACTIVE_V2 = "/api/v2/trade/order/active"
MATCHES = "/api/trade/match/accountMatches"
BALANCES = "/api/spot/accountList"


def nanoseconds(text: str) -> int:
    """An ISO 8601 time in UTC as the virtual clock counts it."""
    since = datetime.fromisoformat(text).astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1_000


def signature(secret: str, expires: str | int, payload: bytes) -> str:
    """Two passes: the half minute makes a key, whose hexadecimal text signs."""
    bucket = str(int(expires) // 30_000)
    key = hmac.new(secret.encode(), bucket.encode(), hashlib.sha256).hexdigest()
    return hmac.new(key.encode(), payload, hashlib.sha256).hexdigest()


def by_id(vectors: list[dict[str, Any]]) -> dict[str, Any]:
    """Arguments of parametrize: one case per vector, named by its id."""
    return {"argvalues": vectors, "ids": [vector["id"] for vector in vectors]}


def make_listing(base: str = "BTC", *, price_decimals: int = 2, qty_decimals: int = 4, **limits: Any) -> Listing:
    """Against USDT; the smallest lot is enough, unless `limits` say otherwise."""
    lot = Decimal(1).scaleb(-qty_decimals)
    return Listing(
        symbol=f"{base}USDT",
        base=base,
        quote="USDT",
        tick_size=Decimal(1).scaleb(-price_decimals),
        lot_size=lot,
        reference_price=Decimal(1),
        **{"min_qty": lot, **limits},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A response with its JSON read, fractions as Decimals. `text`: as it was written."""

    status: int
    body: Any
    text: str
    headers: dict[str, str]

    @property
    def data(self) -> Any:
        """Of a success of any family."""
        assert self.status == 200, self.text
        assert self.body["code"] in (0, "0"), self.text
        return self.body["data"]

    @property
    def error(self) -> tuple[int, str]:
        """Code and slug of a failure in the venue's own body."""
        assert set(self.body) in ({"message", "code"}, {"msg", "code", "data"}), self.text
        assert type(self.body["code"]) is int, self.text
        return self.body["code"], self.body.get("message", self.body.get("msg"))

    @property
    def failed(self) -> bool:
        return self.status != 200 or self.body["code"] not in (0, "0")


class Bench:
    """One simulated venue with some rich accounts, each with a key of its own name, and a key `viewer` that may only read."""

    def __init__(
        self,
        *listings: Listing,
        accounts: Mapping[str, Mapping[str, str]] | None = None,
        start: str = START,
        limits: bool = False,
        venue: Venue = VENUE,
        **switches: object,
    ) -> None:
        self.clock = VirtualClock(nanoseconds(start))
        self.simulation = Simulation(
            venue,
            clock=self.clock,
            seed=1,
            settings=SimulationSettings(switches=switches, listings=listings, limits_enabled=limits),
        )
        for name, balances in (accounts or {"alice": RICH, "bob": RICH}).items():
            self.simulation.open_account(name, {(Wallet.SPOT, asset): Decimal(amount) for asset, amount in balances.items()})
            self.simulation.add_key(name, name)
        self.simulation.add_key("viewer", next(iter(accounts or {"alice": 0})), permissions=frozenset({Permission.READ}))

    @property
    def desk(self) -> Desk:
        return self.simulation.desk

    @property
    def digest(self) -> str:
        return digest(self.desk.exchange)

    @property
    def now_ms(self) -> int:
        return self.clock.now_ns() // MS

    @property
    def now_s(self) -> int:
        return self.clock.now_ns() // SECOND

    def set_phase(self, phase: MarketPhase, symbol: str = "BTCUSDT") -> None:
        self.desk.execute(SetPhase(symbol=symbol, phase=phase))

    def flag(self, account: str, *flags: str) -> None:
        self.desk.account_flags.setdefault(account, set()).update(flags)

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
        request = WireRequest(method, path, query, {"host": "127.0.0.1", **(headers or {})}, body, peer_ip)
        response = self.simulation.handle(request)
        text = response.body.decode()
        reply = Reply(
            status=response.status,
            body=json.loads(text, parse_float=Decimal),
            text=text,
            headers=dict(response.headers),
        )
        assert violations(self.desk.exchange) == []
        if method == "GET" or reply.failed:
            assert self.digest == before, f"{method} {path} changed something"
        return reply

    def get(self, path: str, query: str = "") -> Reply:
        """A public call."""
        return self.send("GET", path, query)

    def signed_headers(
        self, query: str, body: bytes, *, who: str = "alice", expires: str | int | None = None
    ) -> dict[str, str]:
        material = self.simulation.keys[who].material
        sent = str(self.now_ms if expires is None else expires)
        return {
            "x-cs-apikey": material.api_key,
            "x-cs-expires": sent,
            "x-cs-sign": signature(material.secret, sent, query.encode() + body),
            "content-type": "application/json",
        }

    def read(self, path: str, query: str = "", *, who: str = "alice", body: bytes = b"") -> Reply:
        """A signed GET."""
        return self.send("GET", path, query, headers=self.signed_headers(query, body, who=who), body=body)

    def write(self, path: str, body: object, *, who: str = "alice", query: str = "") -> Reply:
        """A signed POST of JSON, or of bytes as they stand."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, query, headers=self.signed_headers(query, payload, who=who), body=payload)

    def order(
        self, side: str, price: str | None = None, qty: str | None = None, *, who: str = "alice", **fields: object
    ) -> Reply:
        """Places an order over the wire: a limit order of BTCUSDT, unless `fields` say otherwise."""
        given = {"symbol": "BTCUSDT", "side": side, "ordType": "LIMIT", "ordPrice": price, "ordQty": qty, **fields}
        return self.write(PLACE, {name: value for name, value in given.items() if value is not None}, who=who)

    def place_id(self, side: str, price: str | None = None, qty: str | None = None, **fields: Any) -> int:
        """The same for an order that must be accepted: its id."""
        order_id = self.order(side, price, qty, **fields).data["ordId"]
        assert type(order_id) is int
        return order_id

    def info(self, order_id: int, *, who: str = "alice") -> dict[str, Any]:
        """One order by the newer call."""
        found = self.read(INFO_V2, f"ordId={order_id}", who=who).data
        assert isinstance(found, dict)
        return found

    def balances(self, who: str = "alice") -> dict[str, tuple[str, str]]:
        """Free and frozen, by currency."""
        rows = self.write(BALANCES, {}, who=who).data
        found: dict[str, dict[str, str]] = {}
        for row in rows:
            found.setdefault(row["currency"], {})[row["typeName"]] = row["balance"]
        return {code: (kinds["AVAILABLE"], kinds["FROZEN"]) for code, kinds in found.items()}

    # --- orders, past the wire

    def rest(self, side: str, price: str, qty: str = "1", *, who: str = "bob", symbol: str = "BTCUSDT") -> int:
        """A limit order that must be accepted. Gives the id."""
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
        return first.order.order_id

    def trade(self, price: str = "100", qty: str = "1", *, symbol: str = "BTCUSDT", taker: str = "buy") -> None:
        """One trade of a book that holds nothing better."""
        self.rest("sell" if taker == "buy" else "buy", price, qty, symbol=symbol)
        self.rest(taker, price, qty, who="alice", symbol=symbol)

    # --- WebSocket

    def connect(self, path: str = "/s/ws", *, ip: str = "127.0.0.1") -> Socket:
        found = self.simulation.socket_for(path)
        assert found is not None
        return Socket(self, self.simulation.open_connection(found[0], ip, lambda _: None, path=path))


def probe_venue(*routes: Any, **changes: Any) -> Venue:
    """The venue with other routes than its own: what is checked before any handler is the same for all of them."""
    return replace(VENUE, routes=RouteTable(routes), **changes)


class Socket:
    """One client on `/s/ws`. Every message must have the number that follows the one before."""

    def __init__(self, bench: Bench, connection: Connection) -> None:
        self.bench = bench
        self.connection = connection
        self.last = 0
        self.pings = 0
        (self.established,) = self.messages()

    @property
    def closing(self) -> CloseOrder | None:
        return self.connection.closing

    @property
    def sid(self) -> str:
        return str(self.established["sid"])

    def messages(self) -> list[Any]:
        """What has arrived since the last look. Pings are counted and not answered."""
        found = []
        for frame in self.connection.drain():
            if frame.wire[0] == 0x80 | PING:
                self.pings += 1
                continue
            assert frame.wire[0] == 0x80 | TEXT
            message = json.loads(frame.payload, parse_float=Decimal)
            self.last += 1
            assert message["S"] == self.last, message
            assert next(iter(message)) == "S"
            found.append(message)
        return found

    def send(self, message: object) -> list[Any]:
        """Sends JSON, or text as it stands, and gives what came at once."""
        self.bench.simulation.receive(self.connection, message if isinstance(message, (str, bytes)) else json.dumps(message))
        return self.messages()

    def subscribe(self, *channels: str, **more: object) -> list[Any]:
        """Subscribes to channels that must exist, and gives what came after the acknowledgement."""
        echo, answer, *rest = self.send({"op": "SUB", "channel": list(channels), "id": 1, **more})
        assert (echo["T"], echo["C"], echo["M"]) == ("echo", 200, "command.received")
        assert (answer["T"], answer["C"], answer["M"]) == ("resp", 200, "sub.channel.success")
        return rest

    def login(self, *channels: str, who: str = "alice", expires: int | None = None) -> list[Any]:
        """Everything that a login is answered with."""
        material = self.bench.simulation.keys[who].material
        sent = self.bench.now_ms if expires is None else expires
        auth = {
            "token": material.api_key,
            "type": "apikey",
            "expires": sent,
            "signature": signature(material.secret, sent, str(sent).encode()),
        }
        return self.send({"op": "login", "channel": list(channels), "auth": auth, "params": {}})

    def logged_in(self, *channels: str, who: str = "alice") -> list[Any]:
        """What comes after a login that must succeed."""
        echo, answer, *rest = self.login(*channels, who=who)
        assert echo["M"] == "command.received"
        assert (answer["C"], answer["M"]) == (200, "login.success")
        return rest

    def wait(self, span_ns: int) -> list[Any]:
        """What comes while that time passes; the client answers pings as they come."""
        found, end_ns = [], self.bench.clock.now_ns() + span_ns
        while self.bench.clock.now_ns() < end_ns:
            self.bench.clock.advance_to(min(end_ns, self.bench.clock.now_ns() + MINUTE))
            before = self.pings
            found += self.messages()
            if self.pings > before:
                self.pong()
        return found

    def pong(self) -> None:
        """A pong frame."""
        self.bench.simulation.receive_pong(self.connection)
