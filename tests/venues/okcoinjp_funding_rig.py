"""A signed caller of OKCoin Japan's funding endpoints, on a simulation without sockets.

Every call is followed by the check of all invariants, and a call that was refused must have changed nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from mockex.fixtures import load

from mockex.core.clock import VirtualClock
from mockex.core.commands import Command, StartPayment, StepPayment
from mockex.core.events import Event, PaymentChanged, Rejected
from mockex.core.invariants import digest, violations
from mockex.core.payments import Payment, PaymentEvent, PaymentKind
from mockex.core.units import Wallet
from mockex.simulation import Simulation, SimulationSettings
from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.chains import chains_of
from mockex.venues.okcoinjp.state import OkState
from mockex.wire.desk import Desk
from mockex.wire.messages import WireRequest
from mockex.wire.timestamps import parse_iso_ns

SECOND = 1_000_000_000
ACCOUNT = "/api/account/v3"
START = "2024-02-15T03:04:05.678Z"

WEALTH: Mapping[tuple[Wallet, str], Decimal] = {
    (Wallet.FUNDING, "JPY"): Decimal(100_000_000),
    (Wallet.FUNDING, "BTC"): Decimal(1_000),
    (Wallet.FUNDING, "ETH"): Decimal(10),
    (Wallet.FUNDING, "XRP"): Decimal(1_000),
    (Wallet.FUNDING, "NEO"): Decimal(20),
    (Wallet.FUNDING, "PLT"): Decimal(500),
    (Wallet.SPOT, "BTC"): Decimal("0.5"),
}


class Reply(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The error code of a failed call."""
        return str(self.body["error_code"])

    @property
    def message(self) -> str:
        return str(self.body["message"])


class Bench:
    """alice is rich, bob has nothing; both have a key of their name, and alice one more that may only read: `viewer`."""

    def __init__(self, *, profile: str | None = None, limits: bool = False, **switches: object) -> None:
        start_ns = parse_iso_ns(START)
        assert start_ns is not None
        self.clock = VirtualClock(start_ns)
        self.simulation = Simulation(
            VENUE,
            clock=self.clock,
            seed=1,
            settings=SimulationSettings(profile=profile, switches=switches, limits_enabled=limits),
        )
        self.simulation.open_account("alice", WEALTH)
        self.simulation.open_account("bob", {})
        for name in ("alice", "bob"):
            self.simulation.add_key(name, name)
        read = frozenset(p for p in self.simulation.keys["alice"].permissions if p.name == "READ")
        self.simulation.add_key("viewer", "alice", permissions=read)

    @property
    def desk(self) -> Desk:
        return self.simulation.desk

    @property
    def state(self) -> OkState:
        state = self.desk.state
        assert isinstance(state, OkState)
        return state

    # --- calls

    def get(self, path: str, query: str = "", *, who: str | None = "alice") -> Reply:
        return self._call("GET", path, query, b"", who)

    def post(self, path: str, body: object, *, who: str = "alice") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._call("POST", path, "", raw, who)

    def rows(self, path: str, query: str = "", *, who: str = "alice") -> list[dict[str, Any]]:
        """The rows of a list that must be answered."""
        reply = self.get(f"{ACCOUNT}{path}", query, who=who)
        assert reply.status == 200, reply
        assert isinstance(reply.body, list)
        return reply.body

    def transfer(self, who: str = "alice", **changes: object) -> Reply:
        body = {"currency": "BTC", "amount": "1.5", "from": "6", "to": "1"} | changes
        return self.post(f"{ACCOUNT}/transfer", without_none(body), who=who)

    def withdraw(self, who: str = "alice", **changes: object) -> Reply:
        """The document's example, to alice's own address; a change to None leaves the field out."""
        body: dict[str, object] = {
            "currency": "BTC",
            "amount": "1",
            "destination": "-1",
            "trade_pwd": "123456",
            "fee": "0.0005",
        } | changes
        if "to_address" not in body:
            body["to_address"] = self.own_address("BTC", who=who)
        return self.post(f"{ACCOUNT}/withdrawal", without_none(body), who=who)

    def withdraw_cash(self, who: str = "alice", **changes: object) -> Reply:
        body = {"amount": "10000", "trade_pwd": "123456"} | changes
        return self.post(f"{ACCOUNT}/jpywithdrawal", without_none(body), who=who)

    def _call(self, method: str, path: str, query: str, body: bytes, who: str | None) -> Reply:
        headers = {} if who is None else self._signed(method, f"{path}?{query}" if query else path, body, who)
        before = digest(self.desk.exchange)
        response = self.simulation.handle(
            WireRequest(method=method, path=path, query=query, headers=headers, body=body, peer_ip="127.0.0.1")
        )
        assert violations(self.desk.exchange) == []
        if response.status != 200 or method == "GET":
            assert digest(self.desk.exchange) == before, f"{method} {path} changed something"
        return Reply(response.status, json.loads(response.body), dict(response.headers))

    def _signed(self, method: str, target: str, body: bytes, who: str) -> dict[str, str]:
        material = self.simulation.keys[who].material
        assert material.passphrase is not None
        seconds, rest = divmod(self.clock.now_ns(), SECOND)
        timestamp = f"{seconds}.{rest:09d}"
        prehash = f"{timestamp}{method}{target}".encode() + body
        signature = hmac.new(material.secret.encode(), prehash, hashlib.sha256).digest()
        return {
            "ok-access-key": material.api_key,
            "ok-access-sign": base64.b64encode(signature).decode(),
            "ok-access-timestamp": timestamp,
            "ok-access-passphrase": material.passphrase,
            "content-type": "application/json",
        }

    # --- the world around

    def own_address(self, asset: str, *, chain: str | None = None, who: str = "alice") -> str:
        """A verified address of the account, with its tag."""
        for entry in self.state.customer(who).address_book:
            if entry.chain.asset == asset and chain in (None, entry.chain.name):
                return f"{entry.address}:{entry.tag}" if entry.tag else entry.address
        raise LookupError(f"{who} has no address for {asset}")

    def email(self, who: str) -> str:
        return self.desk.people[who].email

    def flag(self, name: str, who: str = "alice") -> None:
        assert name in VENUE.account_flags
        self.desk.account_flags.setdefault(who, set()).add(name)

    def execute(self, command: Command) -> tuple[Event, ...]:
        events = self.desk.execute(command)
        assert violations(self.desk.exchange) == []
        assert not isinstance(events[0], Rejected), events[0]
        return events

    def deposit(self, asset: str, amount: str, *, kind: PaymentKind = PaymentKind.COIN_DEPOSIT, **terms: Any) -> Payment:
        """A deposit that an operator lets come to alice."""
        changed = self.execute(
            StartPayment(
                account_id="alice",
                kind=kind,
                asset=asset,
                amount=atoms(amount),
                wallet=Wallet.FUNDING,
                **terms,
            )
        )[0]
        assert isinstance(changed, PaymentChanged)
        return changed.payment

    def step(self, payment_id: int, event: PaymentEvent) -> None:
        self.execute(StepPayment(payment_id=payment_id, event=event))

    def wait(self, seconds: int = 1) -> None:
        self.clock.advance(seconds * SECOND)
        assert violations(self.desk.exchange) == []

    def funds(self, asset: str, who: str = "alice") -> tuple[str, str]:
        """(balance, hold) of the funding account, as the venue prints them."""
        (row,) = self.rows(f"/wallet/{asset}", who=who)
        return row["balance"], row["hold"]


def without_none(body: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if value is not None}


def atoms(amount: str) -> int:
    return int(Decimal(amount) * 10**18)


def chain_names(asset: str) -> list[str]:
    return [chain.name for chain in chains_of(asset)]


_JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}


def assert_shape(fixture: str, body: Any) -> None:
    """The reply has the documented fields with their JSON types, and no others. Lists must have rows."""
    fields = load("okcoinjp", fixture)["fields"]
    rows = body
    if fields[0]["path"].startswith("[]."):
        assert isinstance(body, list)
        assert body, "an empty list shows no shape"
    else:
        rows = [body]
    for row in rows:
        expected = {field["path"].removeprefix("[]."): field for field in fields}
        assert set(row) <= set(expected)
        for name, field in expected.items():
            if name in row:
                assert isinstance(row[name], _JSON_TYPES[field["type"]]), name
                assert field["type"] == "boolean" or not isinstance(row[name], bool)
            else:
                assert field["presence"] == "optional", f"{name} is missing"
