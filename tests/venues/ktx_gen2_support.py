"""A client of KTX's second generation in few words: it signs the time of expiry and asks below `/papi`."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ktx_support import Bench, Reply, signature
from ktx_user_client import order as placed_past_the_wire

from mockex.core.units import Wallet

EXPIRY_MS = 5_000
PERPETUAL = "BTC_USDT_SWAP"
SAMPLE = {"symbol": "BTC_USDT", "side": "buy", "quantity": "0.0001", "price": "90000", "type": "limit", "market": "spot"}


class Bench2(Bench):
    """The same simulation in the profile gen2. `data` of its replies is what they wrap."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(profile="gen2", **settings)

    def read(self, path: str, query: str = "", *, who: str = "alice") -> Reply:
        return self.send("GET", f"/papi{path}", query, headers=self.signed(query.encode(), who))

    def order(self, method: str, path: str, body: object, *, who: str = "alice") -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(method, f"/papi{path}", body=raw, headers=self.signed(raw, who))

    def post(self, path: str, *, who: str = "alice", **body: Any) -> Reply:
        return self.order("POST", path, body, who=who)

    def signed(self, text: bytes, who: str) -> dict[str, str]:
        material = self.simulation.keys[who].material
        expires = str(self.now_ms + EXPIRY_MS)
        return {
            "api-key": material.api_key,
            "api-sign": signature(material.secret, expires.encode() + text),
            "api-expire-time": expires,
        }

    def place(self, *, who: str = "alice", **changes: Any) -> Reply:
        """The document's sample of an order, with changes; None leaves a parameter out."""
        body = {**SAMPLE, **changes}
        return self.post("/v1/order", who=who, **{name: value for name, value in body.items() if value is not None})

    def place_contract(self, *, who: str = "alice", **changes: Any) -> Reply:
        """An order that opens a long, isolated, ten times levered, with changes."""
        terms = {
            "symbol": PERPETUAL,
            "market": "lpc",
            "quantity": "0.1",
            "positionMerge": "long",
            "marginMethod": "isolate",
            "leverage": 10,
        }
        return self.place(who=who, **{**terms, **changes})

    def hold_long(self, *, price: str = "100000", qty: str = "0.1", **terms: Any) -> str:
        """Gives alice a long position in BTC_USDT_SWAP at that price, bob the other side. Its id."""
        placed_past_the_wire(self, "bob", "sell", qty, price)
        unwrapped(self.place_contract(price=price, quantity=qty, **terms))
        (position,) = unwrapped(self.read("/v1/positions", "market=lpc"))
        return str(position["id"])

    def money(self, wallet: Wallet, asset: str, *, who: str = "alice") -> Decimal:
        """What of it is in that wallet, past the wire."""
        balance = self.desk.account(who).wallets[wallet].get(asset)
        return Decimal(0 if balance is None else balance.total).scaleb(-self.desk.exchange.assets[asset].decimals)


def unwrapped(reply: Reply) -> Any:
    """What a success wraps."""
    assert reply.status == 200, reply.body
    assert set(reply.body) == {"state", "result"}, reply.body
    assert reply.body["state"] == 0
    return reply.body["result"]
