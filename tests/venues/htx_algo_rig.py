"""Conditional orders of HTX in few words, and the tables of their replies."""

from __future__ import annotations

from typing import Any

from htx_support import Bench, Reply
from mockex.fixtures import load

from mockex.core.units import Wallet

PATH = "/v2/algo-orders"


def fixture_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = load("htx", f"rest/{name}")
    return found


def fields(name: str, *optional: str) -> list[dict[str, Any]]:
    """The table of a reply, with fields that its example lacks; `message` is in every reply of v2."""
    more = [("message", "string"), *((f"{where}{field}", kind) for where, field, kind in (o.split(":") for o in optional))]
    return [*fixture_of(name)["fields"], *({"path": path, "type": kind, "presence": "optional"} for path, kind in more)]


def terms(bench: Bench, who: str = "alice", **changes: object) -> dict[str, object]:
    """A limit buy that waits for 105. A change to None leaves the field out."""
    account = bench.desk.state.identities.account_number(who)
    named: dict[str, object] = {
        "accountId": account,
        "symbol": "btcusdt",
        "orderSide": "buy",
        "orderType": "limit",
        "clientOrderId": "a001",
        "stopPrice": "105",
        "orderPrice": "104",
        "orderSize": "1",
        **changes,
    }
    return {name: value for name, value in named.items() if value is not None}


MARKET_BUY = {"orderType": "market", "orderPrice": None, "orderSize": None, "orderValue": "50"}
MARKET_SELL = {"orderSide": "sell", "orderType": "market", "orderPrice": None}


def place(bench: Bench, who: str = "alice", **changes: object) -> Reply:
    return bench.write(PATH, terms(bench, who, **changes), who=who)


def placed(bench: Bench, who: str = "alice", **changes: object) -> str:
    """One that must be accepted: its client id."""
    reply = place(bench, who, **changes)
    assert reply.body["code"] == 200, reply.body
    name: str = reply.body["data"]["clientOrderId"]
    return name


def row(bench: Bench, client_id: str = "a001", who: str = "alice") -> dict[str, Any]:
    data: dict[str, Any] = bench.read(f"{PATH}/specific", {"clientOrderId": client_id}, who=who).body["data"]
    return data


def trade_at(bench: Bench, *prices: str) -> None:
    """bob trades with himself, in a book that has nothing better."""
    for price in prices:
        bench.rest("sell", price, "1")
        bench.rest("buy", price, "1")


def held(bench: Bench) -> int:
    return sum(balance.held for balance in bench.desk.account("alice").wallets[Wallet.SPOT].values())


def live(bench: Bench) -> list[Any]:
    return list(bench.desk.exchange.orders.live(bench.desk.account("alice"), "btcusdt").values())
