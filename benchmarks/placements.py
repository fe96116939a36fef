"""Signed orders of each venue that is measured over HTTP, as the bytes that a client would write.

Each kind comes in two sorts: resting ones fill two thousand price levels on both sides of a spread that nobody crosses; of
trading ones each second takes the first whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockex.clients.htx import signing as htx_signing
from mockex.clients.ktx import signing as ktx_signing
from mockex.clients.okcoinjp import signing as okcoinjp_signing

from mockex.core.orders import Side
from mockex.server.wallclock import real_now_ns
from mockex.simulation import Simulation
from mockex.wire.messages import WireRequest
from mockex.wire.timestamps import unix_seconds_ms

ACCOUNT = "alice"
NS_PER_SECOND = 1_000_000_000

Terms = Callable[[int], tuple[Side, str]]
"""Side and price of the n-th order."""

Sign = Callable[[Simulation, str], Callable[[int, Side, str], bytes]]
"""Gives, for a venue at an authority, what makes the packet of an order from its number, side and price."""


def resting(number: int) -> tuple[Side, str]:
    away = number % 1_000
    return (Side.BUY, f"{4_000 - away}") if number % 2 else (Side.SELL, f"{5_000 + away}")


def trading(number: int) -> tuple[Side, str]:
    """A sell rests, the next buy takes it whole."""
    return (Side.BUY if number % 2 else Side.SELL), "4638.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placements:
    """`target`: what part of a bare handler's speed is to be reached, if any. `rests`: whether the venue lets an account have
    as many open orders as the resting kind leaves. `manner`: how it is signed, where there are several ways.
    """

    venue: str
    sign: Sign
    target: float | None
    rests: bool = True
    manner: str = ""


def _packet(target: str, host: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    head = [
        f"POST {target} HTTP/1.1",
        f"Host: {host}",
        "Accept: */*",
        "Content-Type: application/json",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def _okcoinjp(simulation: Simulation, host: str) -> Callable[[int, Side, str], bytes]:
    path = "/api/spot/v3/orders"
    material = simulation.keys[ACCOUNT].material
    timestamp = unix_seconds_ms(real_now_ns())

    def packet(number: int, side: Side, price: str) -> bytes:
        order = {
            "instrument_id": "BTC-JPY",
            "type": "limit",
            "size": "0.01",
            "client_oid": f"b{number}",
            "side": side.name.lower(),
            "price": price,
        }
        body = json.dumps(order, separators=(",", ":")).encode()
        headers = {
            "OK-ACCESS-KEY": material.api_key,
            "OK-ACCESS-SIGN": okcoinjp_signing.sign(
                material.secret, timestamp=timestamp, method="POST", target=path, body=body
            ),
            "OK-ACCESS-TIMESTAMP": timestamp,
            "OK-ACCESS-PASSPHRASE": material.passphrase,
        }
        return _packet(path, host, body, headers)

    return packet


SPREAD_SECONDS = 290
"""HTX takes signatures of five minutes: more seconds than the server remembers heads of requests."""


def _htx(simulation: Simulation, host: str) -> Callable[[int, Side, str], bytes]:
    """The signature covers no body, so all orders of a second carry the same."""
    return _htx_signed_over(1, simulation, host)


def _htx_apart(simulation: Simulation, host: str) -> Callable[[int, Side, str], bytes]:
    """No order has the signature of one that was sent lately."""
    return _htx_signed_over(SPREAD_SECONDS, simulation, host)


def _htx_signed_over(seconds: int, simulation: Simulation, host: str) -> Callable[[int, Side, str], bytes]:
    path = "/v1/order/orders/place"
    material = simulation.keys[ACCOUNT].material
    credentials = htx_signing.Credentials(api_key=material.api_key, secret=material.secret)

    now_ns = real_now_ns()

    def signed(method: str, path: str, *, seconds_ago: int = 0) -> str:
        at_ns = now_ns - seconds_ago * NS_PER_SECOND
        return htx_signing.signed_query(credentials, method=method, host=host, path=path, params=(), at_ns=at_ns)

    listing = "/v1/account/accounts"
    answer = simulation.handle(WireRequest("GET", listing, signed("GET", listing), {"host": host}, b"", "127.0.0.1"))
    account_number = next(row["id"] for row in json.loads(answer.body)["data"] if row["type"] == "spot")
    targets = [f"{path}?{signed('POST', path, seconds_ago=number)}" for number in range(seconds)]

    def packet(number: int, side: Side, price: str) -> bytes:
        order = {
            "account-id": str(account_number),
            "symbol": "btcusdt",
            "type": f"{side.name.lower()}-limit",
            "amount": "0.01",
            "price": price,
            "source": "spot-api",
            "client-order-id": f"b{number}-{seconds}",
        }
        return _packet(targets[number % seconds], host, json.dumps(order, separators=(",", ":")).encode(), {})

    return packet


def _ktx(simulation: Simulation, host: str) -> Callable[[int, Side, str], bytes]:
    """The quantity's sign is the side."""
    material = simulation.keys[ACCOUNT].material
    credentials = ktx_signing.Credentials(api_key=material.api_key, secret=material.secret)

    def packet(number: int, side: Side, price: str) -> bytes:
        order = {
            "symbol": "BTC_USDT",
            "market": "spot",
            "type": "limit",
            "quantity": "0.01" if side is Side.BUY else "-0.01",
            "price": price,
            "client_order_id": str(number),
        }
        body = json.dumps(order, separators=(",", ":")).encode()
        return _packet("/api/v1/order", host, body, ktx_signing.signed_headers(credentials, message=body, expires_ms=None))

    return packet


ALL = (
    Placements(venue="okcoinjp", sign=_okcoinjp, target=0.6),
    Placements(venue="htx", sign=_htx, target=0.55),
    Placements(venue="htx", sign=_htx_apart, target=None, manner=", each with a signature of its own"),
    Placements(venue="ktx", sign=_ktx, target=None, rests=False),
)
