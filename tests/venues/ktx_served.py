"""KTX in a server's world that does not listen: customers over REST, the operator over the control API, time that stands still.

Every call is followed by the check of all invariants.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from ktx_support import MS, Bench
from ktx_user_client import PERPETUAL

from mockex.core.units import Wallet
from mockex.server.control import PREFIX, Control
from mockex.server.runner import Server, ServerSettings
from mockex.simulation import SimulationSettings
from mockex.wire.messages import WireRequest
from mockex.world import WorldSettings

VENUE = "/venues/ktx"
CONTRACT = f"{VENUE}/contracts/{PERPETUAL}"
START_MS = 1_733_443_200_000  # 2024-12-06T00:00:00Z: the next funding is at the published time


class ServedBench(Bench):
    """alice and bob have 100000 USDT each, and whoever else is named what is said."""

    def __init__(self, **balances: str) -> None:
        money = {"alice": "100000", "bob": "100000", **balances}
        settings = SimulationSettings(
            balances={name: {(Wallet.SPOT, "USDT"): Decimal(amount)} for name, amount in money.items()}, limits_enabled=False
        )
        world = WorldSettings(start_ns=START_MS * MS, venues=("ktx",), market="quiet", venue_settings={"ktx": settings})
        self.server = Server(ServerSettings(world=world, clock="frozen"))
        self.simulation = self.server.world.simulations["ktx"]
        self.clock = self.server.world.clock
        self._control = Control(self.server)

    # --- the operator

    def control(self, method: str, path: str, body: object = None) -> Any:
        """A control call that must succeed."""
        content = b"" if body is None else json.dumps(body).encode()
        response = self._control.handle(WireRequest(method, PREFIX + path, "", {}, content, "127.0.0.1"))
        assert response.status in (200, 201), response.body
        assert self.control_is_sound
        return json.loads(response.body)

    @property
    def control_is_sound(self) -> bool:
        response = self._control.handle(WireRequest("GET", f"{PREFIX}/invariants", "", {}, b"", "127.0.0.1"))
        return bool(json.loads(response.body)["ok"])

    def index_at(self, price: str, symbol: str = PERPETUAL) -> Any:
        return self.control("POST", f"{VENUE}/contracts/{symbol}/index-price", {"price": price})

    def mark_at(self, price: str, symbol: str = PERPETUAL) -> Any:
        return self.control("POST", f"{VENUE}/contracts/{symbol}/mark-price", {"price": price})

    def next_funding(self) -> Any:
        return self.control("POST", f"{CONTRACT}/next-funding")

    # --- customers

    def buy(self, who: str, qty: str, price: str, **terms: Any) -> dict[str, Any]:
        """Opens or adds to a long; with `close`, reduces a short. Isolated and ten times leveraged unless told."""
        return self._order(who, qty, price, "short" if terms.get("close") else "long", terms)

    def sell(self, who: str, qty: str, price: str, **terms: Any) -> dict[str, Any]:
        return self._order(who, f"-{qty}", price, "long" if terms.get("close") else "short", terms)

    def _order(self, who: str, quantity: str, price: str, merge: str, terms: dict[str, Any]) -> dict[str, Any]:
        body = {"symbol": PERPETUAL, "market": "lpc", "type": "limit", "quantity": quantity, "price": price}
        defaults = {"positionMerge": merge, "marginMethod": "isolate", "leverage": 10, "close": False}
        reply = self.order("POST", "/v1/order", {**body, **defaults, **terms}, who=who)
        return dict(reply.data)

    def usdt(self, who: str) -> tuple[Decimal, Decimal]:
        """Balance and holds."""
        (row,) = self.read("/v1/accounts", "asset=USDT", who=who).data
        return Decimal(row["balance"]), Decimal(row["holds"])

    def booked(self, who: str) -> list[tuple[str, str]]:
        """Type and amount of all that was booked after the first money."""
        return [(row["type"], row["amount"]) for row in self.read("/v1/ledger", "limit=1000", who=who).data[1:]]

    def positions(self, who: str) -> list[dict[str, Any]]:
        return list(self.read("/v1/positions", who=who).data)

    def position(self, who: str) -> dict[str, Any]:
        (row,) = self.positions(who)
        return row

    def orders(self, who: str, status: str = "unsettled") -> list[dict[str, Any]]:
        query = "status=unsettled" if status == "unsettled" else f"market=lpc&status=settled&symbol={PERPETUAL}"
        return list(self.read("/v1/orders", query, who=who).data)
