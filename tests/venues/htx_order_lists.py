"""Lists of HTX's orders as a client reads them, and a bench with an order in each state."""

from __future__ import annotations

from typing import Any

from htx_support import MINUTE, SECOND, Bench

ORDERS = "/v1/order/orders"
ALL_STATES = "created,submitted,partial-filled,filled,partial-canceled,canceled"


def rows(bench: Bench, path: str = ORDERS, *, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    given = {"symbol": "btcusdt", "states": ALL_STATES} if path == ORDERS else {}
    body = bench.read(path, given | {name.replace("_", "-"): value for name, value in params.items()}, who=who).body
    assert body["status"] == "ok", body
    found: list[dict[str, Any]] = body["data"]
    return found


def ids_of(bench: Bench, path: str = ORDERS, **params: str) -> list[int]:
    return [row["id"] for row in rows(bench, path, **params)]


def varied_bench() -> tuple[Bench, dict[str, int]]:
    """An order of alice's in each state, a minute apart, oldest first."""
    bench, ids = Bench(), {}
    for name, price, amount in (
        ("filled", "101", "1"),
        ("partial-canceled", "101", "2"),
        ("canceled", "99", "1"),
        ("partial-filled", "101", "2"),
        ("submitted", "98", "1"),
    ):
        bench.clock.advance(MINUTE)
        ids[name] = bench.place_id("buy-limit", amount, price, client_order_id=name)
        if price == "101":
            bench.rest("sell", "101", "1")
        if name.endswith("canceled"):
            bench.clock.advance(SECOND)
            bench.write(f"{ORDERS}/{ids[name]}/submitcancel", {})
    bench.clock.advance(MINUTE)
    ids["created"] = bench.place_id("sell-stop-limit", "1", "91", stop_price="90", operator="lte", client_order_id="created")
    return bench, ids
