"""What brings each error about (okj§5.1 and §5.2). The bench asserts after each call that a refusal has changed nothing.

Who calls is the business of the tests of the order of checks; the funding codes have tests of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_support import ORDERS, SPOT, Reply, SpotBench, make_listing

from mockex.core.commands import FreezeAccount
from mockex.core.markets import MarketPhase
from mockex.core.units import Wallet
from mockex.venues.okcoinjp import VENUE
from mockex.venues.okcoinjp.policy import POLICY

ROWS = {str(row["code"]): row for row in load("okcoinjp", "errors")["codes"]}
BATCH, CANCEL_BATCH = f"{SPOT}/batch_orders", f"{SPOT}/cancel_batch_orders"
LIMIT = {"instrument_id": "BTC-JPY", "side": "buy", "size": "1", "price": "100"}

Trigger = Callable[[SpotBench], Reply]


def place(**changes: Any) -> Trigger:
    """A limit order with some fields changed; None leaves one out."""
    body = {name: value for name, value in (LIMIT | changes).items() if value is not None}
    return lambda bench: bench.post(ORDERS, body)


def post(path: str, body: object) -> Trigger:
    return lambda bench: bench.post(path, body)


def get(path: str, query: str = "") -> Trigger:
    return lambda bench: bench.get(f"{SPOT}{path}", query)


def cancel_foreign(bench: SpotBench) -> Reply:
    return bench.cancel(bench.order("buy", "1", "100", who="bob"), who="alice")


def cancel_by_anothers_client_id(bench: SpotBench) -> Reply:
    bench.order("buy", "1", "100", who="bob", client_oid="b1")
    return bench.cancel("b1", who="alice")


def cancel_in_another_pair(bench: SpotBench) -> Reply:
    return bench.cancel(bench.order("buy", "1", "100"), symbol="ETH-JPY")


def cancel_filled(**terms: Any) -> Trigger:
    terms = {"size": "1", "price": "100"} | terms

    def trigger(bench: SpotBench) -> Reply:
        bench.order("sell", "5", "100", who="bob")
        return bench.cancel(bench.order("buy", **terms))

    return trigger


def cancel_ioc_in_another_pair(bench: SpotBench) -> Reply:
    return bench.cancel(bench.order("buy", "1", "100", order_type="3"), symbol="ETH-JPY")


def cancel_twice(bench: SpotBench) -> Reply:
    order_id = bench.order("buy", "1", "100")
    assert bench.cancel(order_id).status == 200
    return bench.cancel(order_id)


def cancel_in_phase(phase: MarketPhase) -> Trigger:
    def trigger(bench: SpotBench) -> Reply:
        order_id = bench.order("buy", "1", "100")
        bench.set_phase(phase)
        return bench.cancel(order_id)

    return trigger


def place_in_phase(phase: MarketPhase, **changes: Any) -> Trigger:
    def trigger(bench: SpotBench) -> Reply:
        bench.set_phase(phase)
        return place(**changes)(bench)

    return trigger


def in_maintenance(then: Trigger) -> Trigger:
    def trigger(bench: SpotBench) -> Reply:
        bench.desk.in_maintenance = True
        return then(bench)

    return trigger


def without_trading(then: Trigger) -> Trigger:
    def trigger(bench: SpotBench) -> Reply:
        bench.desk.flags.add("trading_off")
        return then(bench)

    return trigger


def on_a_closed_route(bench: SpotBench) -> Reply:
    bench.desk.closed_routes.add(("GET", f"{SPOT}/accounts"))
    return bench.get(f"{SPOT}/accounts")


def with_small_budget(bench: SpotBench) -> Reply:
    """0.001 BTC at 100 cost 0.1."""
    bench.order("sell", "1", "100", who="bob")
    return bench.try_order("buy", None, None, type="market", notional="0.0999")


MARKET_BUY = {"type": "market", "size": None, "price": None}
PAIRS = ["BTC-JPY", "ETH-JPY", "XRP-JPY", "LTC-JPY", "BCH-JPY"]
BY_ID = {"instrument_id": "BTC-JPY", "order_ids": ["1"]}
BY_CLIENT_ID = {"instrument_id": "BTC-JPY", "client_oids": ["a1"]}


def cancels(pair: str, order_ids: list[str]) -> dict[str, object]:
    return {"instrument_id": pair, "order_ids": order_ids}


TRIGGERS: list[tuple[str, str, Trigger]] = [
    ("30019", "a route that is switched off", on_a_closed_route),
    ("30020", "an empty body", post(ORDERS, b"")),
    ("30020", "an empty batch", post(BATCH, [])),
    ("30021", "broken JSON", post(ORDERS, b"{")),
    ("30021", "an array for an order", post(ORDERS, [LIMIT])),
    ("30021", "an object for a batch", post(BATCH, LIMIT)),
    ("30023", "no pair", place(instrument_id=None)),
    ("30023", "a blank pair", place(instrument_id="")),
    ("30023", "no side", place(side=None)),
    ("30023", "a limit order without a price", place(price=None)),
    ("30023", "a limit order with a blank size", place(size="")),
    ("30023", "a market buy without a notional", place(**MARKET_BUY | {"size": "1"})),
    ("30023", "a market sell without a size", place(type="market", side="sell", size=None, notional="100")),
    ("30023", "a cancel without a pair", post(f"{SPOT}/cancel_orders/1", {})),
    ("30023", "orders without a pair", get("/orders", "state=2")),
    ("30023", "orders without a state", get("/orders", "instrument_id=BTC-JPY")),
    ("30023", "one order without a pair", get("/orders/1")),
    ("30023", "fills without a pair", get("/fills")),
    ("30024", "an unknown side", place(side="long")),
    ("30024", "an unknown type", place(type="stop")),
    ("30024", "an unknown order type", place(order_type="4")),
    ("30024", "a market order that is post-only", place(**MARKET_BUY | {"notional": "100", "order_type": "1"})),
    ("30024", "a negative price", place(price="-1")),
    ("30024", "a client id without a letter", place(client_oid="123456")),
    ("30024", "an unlisted granularity", get("/instruments/BTC-JPY/candles", "granularity=61")),
    ("30024", "a limit of no rows", get("/orders_pending", "limit=0")),
    ("30024", "an unlisted ledger type", get("/accounts/BTC/ledger", "type=6")),
    ("30025", "a price in words", place(price="cheap")),
    ("30025", "a limit in words", get("/orders_pending", "limit=few")),
    ("30025", "a cursor in words", get("/fills", "instrument_id=BTC-JPY&after=first")),
    ("30025", "a state in words", get("/orders", "instrument_id=BTC-JPY&state=filled")),
    ("30025", "a time in words", get("/instruments/BTC-JPY/candles", "start=monday&end=2024-01-01T00:00:00.000Z")),
    ("30027", "a cancel of another user's order", cancel_foreign),
    ("30031", "an unknown currency", get("/accounts/BLA")),
    ("30031", "the ledger of an unknown currency", get("/accounts/BLA/ledger")),
    ("30032", "an order in an unknown pair", place(instrument_id="BTC-EUR")),
    ("30032", "a book of an unknown pair", get("/instruments/BTC-EUR/book")),
    ("30032", "orders of an unknown pair", get("/orders", "instrument_id=BTC-EUR&state=2")),
    ("30035", "an order while the site does not trade", without_trading(place())),
    ("30035", "a cancel while the site does not trade", without_trading(post(f"{SPOT}/cancel_orders/1", LIMIT))),
    ("30036", "the ticker of a pair that has neither trades nor orders", get("/instruments/BTC-JPY/ticker")),
    ("30037", "an endpoint of newer SDKs", get("/trade_fee_all")),
    ("30038", "an order in maintenance", in_maintenance(place())),
    ("30038", "a cancel in maintenance", in_maintenance(post(f"{SPOT}/cancel_orders/1", LIMIT))),
    ("33007", "a state outside the list", get("/orders", "instrument_id=BTC-JPY&state=5")),
    ("33007", "a state of many digits", get("/orders", f"instrument_id=BTC-JPY&state={'7' * 5_000}")),
    ("33010", "a cancel in price discovery", cancel_in_phase(MarketPhase.PRICE_DISCOVERY)),
    ("33013", "an order in a halted pair", place_in_phase(MarketPhase.HALTED)),
    ("33014", "a cancel of an unknown order", lambda bench: bench.cancel("12345")),
    ("33014", "a cancel of an unknown client id", lambda bench: bench.cancel("nobody")),
    ("33014", "another user's client id", cancel_by_anothers_client_id),
    ("33014", "a look at an unknown order", get("/orders/12345", "instrument_id=BTC-JPY")),
    ("33014", "fills of a client id", get("/fills", "instrument_id=BTC-JPY&order_id=abc1")),
    ("33015", "more than 10 orders of a pair", post(BATCH, [LIMIT] * 11)),
    ("33015", "more than 4 pairs", post(BATCH, [LIMIT | {"instrument_id": pair} for pair in PAIRS])),
    ("33015", "more than 10 cancels of a pair", post(CANCEL_BATCH, [cancels("BTC-JPY", ["1"] * 11)])),
    ("33015", "cancels of more than 4 pairs", post(CANCEL_BATCH, [cancels(pair, ["1"]) for pair in PAIRS])),
    ("33017", "a buy beyond the balance", place(size="1000000", price="100001")),
    ("33017", "a sell beyond the balance", place(side="sell", size="1000000.00000001")),
    ("33017", "a market buy beyond the balance", place(**MARKET_BUY | {"notional": "100000000000.1"})),
    ("33020", "a margin endpoint", lambda bench: bench.post("/api/margin/v3/orders", LIMIT)),
    ("33022", "a cancel in another pair than the order's", cancel_in_another_pair),
    ("33022", "a cancel of an IOC order in another pair", cancel_ioc_in_another_pair),
    ("33023", "a limit order in price discovery", place_in_phase(MarketPhase.PRICE_DISCOVERY)),
    ("33024", "less than the minimum", place(size="0.00099999")),
    ("33024", "a size of zero", place(size="0")),
    ("33024", "a market sell below the minimum", place(type="market", side="sell", size="0.0009")),
    ("33024", "a budget below the minimum at the best ask", with_small_budget),
    ("33024", "a budget of zero", place(**MARKET_BUY | {"notional": "0"})),
    ("33026", "a cancel of a filled order", cancel_filled()),
    ("33026", "a cancel of a filled market order", cancel_filled(**MARKET_BUY, notional="100")),
    ("33027", "a second cancel", cancel_twice),
    ("33027", "a cancel of a post-only order that would have taken", cancel_filled(order_type="1")),
    ("33034", "a market order in a call auction", place_in_phase(MarketPhase.CALL_AUCTION, **MARKET_BUY | {"notional": "1"})),
    ("33035", "a cancel of a FOK order", cancel_filled(order_type="2")),
    ("33035", "a cancel of an IOC order", cancel_filled(order_type="3", size="10")),
    ("33045", "a price of zero", place(price="0")),
    ("33045", "a price below one tick", place(price="0.09")),
    ("33059", "a cancel without an id", post(f"{SPOT}/cancel_orders", {"instrument_id": "BTC-JPY"})),
    ("33059", "a batch item without ids", post(CANCEL_BATCH, [{"instrument_id": "BTC-JPY"}])),
    ("33060", "a cancel with both ids", post(f"{SPOT}/cancel_orders", {**LIMIT, "order_id": "1", "client_oid": "a1"})),
    ("33060", "an id in the path and another in the body", post(f"{SPOT}/cancel_orders/1", {**LIMIT, "client_oid": "a1"})),
    ("33060", "a batch item with both kinds of ids", post(CANCEL_BATCH, [{**BY_ID, **BY_CLIENT_ID}])),
    ("33060", "a batch of both kinds of ids", post(CANCEL_BATCH, [BY_ID, BY_CLIENT_ID])),
]  # fmt: skip


@pytest.mark.parametrize(("code", "what", "trigger"), TRIGGERS, ids=[f"{code} {what}" for code, what, _ in TRIGGERS])
def test_an_error_comes_of_its_cause(code: str, what: str, trigger: Trigger) -> None:
    reply = trigger(SpotBench())

    assert reply.error == (ROWS[code]["http_status"], code)


# Tested with who calls and how often: test_okcoinjp_check_order, test_okcoinjp_limits. Below: 30029 to 33036.
ELSEWHERE = {
    *("30001", "30002", "30003", "30004", "30005", "30006", "30007", "30008", "30011", "30012", "30013", "30014", "30015"),
    *("30022", "30026", "30029"),
    *("33028", "33029", "33036"),
}
# The document's fallbacks; nothing here ends in them. They can be planned.
NEVER_OF_THEMSELVES = {"33012", "33025"}


def test_every_error_of_the_spot_side_has_a_cause_here() -> None:
    caused = {
        code
        for code, row in ROWS.items()
        if row["section"] in ("okj§5.1", "okj§5.2") and not row["fault_injection_only"] and code != "0"
    }

    assert caused == {code for code, _, _ in TRIGGERS} | ELSEWHERE | NEVER_OF_THEMSELVES


# --- causes that need more than a call


def test_a_suspended_account_is_told_so_and_nothing_else() -> None:
    bench = SpotBench()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True))

    assert bench.get(f"{SPOT}/accounts").error == (400, "30029")
    assert bench.try_order("buy", "1", "100").error == (400, "30029")
    assert bench.get(f"{SPOT}/accounts", who="bob").status == 200


def test_an_order_from_a_frozen_wallet_is_refused() -> None:
    bench = SpotBench()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.SPOT))

    assert bench.try_order("buy", "1", "100").error == (400, "34016")


def test_maintenance_stops_orders_and_nothing_else() -> None:
    bench = SpotBench()
    bench.desk.in_maintenance = True

    reply = bench.try_order("buy", "1", "100")

    assert (reply.status, reply.body["order_id"], reply.body["result"]) == (400, "-1", False)
    assert bench.get(f"{SPOT}/accounts").status == 200
    assert bench.get(f"{SPOT}/instruments").status == 200


def test_a_batch_in_maintenance_answers_item_by_item() -> None:
    bench = SpotBench()
    bench.desk.in_maintenance = True

    placed = bench.post(BATCH, [LIMIT, LIMIT])
    cancelled = bench.post(CANCEL_BATCH, [{"instrument_id": "BTC-JPY", "order_ids": ["1"]}])

    assert (placed.status, cancelled.status) == (200, 200)
    assert [row["error_code"] for row in placed.body["btc_jpy"]] == ["30038", "30038"]
    assert [row["error_code"] for row in cancelled.body["btc-jpy"]] == ["30038"]


@pytest.mark.parametrize(("changes", "code"), [({"price": "100.01"}, "33028"), ({"size": "1.000000001"}, "33029")])
def test_too_many_decimals_are_refused_only_when_precision_is_strict(changes: dict[str, str], code: str) -> None:
    assert place(**changes)(SpotBench()).status == 200
    assert place(**changes)(SpotBench(strict_precision=True)).error == (400, code)
    assert place(price="100.10", size="1.000000000")(SpotBench(strict_precision=True)).status == 200


def test_open_orders_are_capped_only_when_told_so() -> None:
    bench = SpotBench(open_order_cap="10")
    for _ in range(10):
        bench.order("buy", "1", "100")

    assert bench.try_order("buy", "1", "100").error == (400, "33036")
    assert bench.try_order("buy", "1", "100", instrument_id="ETH-JPY").status == 200, "each pair has its own cap"
    assert bench.try_order("buy", "1", "100", who="bob").status == 200, "and each account"

    assert bench.try_order("buy", "1", "100", order_type="3").status == 200, "what cannot rest is not counted"
    assert bench.try_order("sell", "1", None, type="market", who="alice").status == 200

    bench.order("buy", "1", "100")
    oldest = bench.rows("/orders_pending", "instrument_id=BTC-JPY")[-1]["order_id"]
    assert bench.cancel(oldest).status == 200
    assert bench.try_order("buy", "1", "100").status == 200, "only live orders count"


def test_a_policy_may_cap_open_orders_too() -> None:
    bench = SpotBench(venue=replace(VENUE, policy=replace(POLICY, max_open_orders=1)))
    bench.order("buy", "1", "100")

    assert bench.try_order("buy", "1", "100").error == (400, "33036")


def test_a_size_above_the_listings_maximum_is_refused() -> None:
    bench = SpotBench(replace(make_listing(), max_qty=make_listing().min_qty * 5))

    assert bench.try_order("buy", "0.005", "100").status == 200
    assert bench.try_order("buy", "0.00500001", "100").error == (400, "33036")
