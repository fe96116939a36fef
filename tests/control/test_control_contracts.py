"""Contracts in the hands of an operator: prices and funding that are set and left to the market again, and positions."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest

from mockex.core.invariants import violations
from mockex.core.units import Wallet
from mockex.server.control import PREFIX, Control
from mockex.server.runner import Server, ServerSettings
from mockex.simulation import Simulation, SimulationSettings
from mockex.wire.messages import WireRequest
from mockex.world import WorldSettings

START_NS = 1_733_443_200_000_000_000  # 2024-12-06T00:00:00Z
VENUE = "/venues/ktx"
SYMBOL = "BTC_USDT_SWAP"
CONTRACT = f"{VENUE}/contracts/{SYMBOL}"
RICH = {(Wallet.SPOT, "USDT"): Decimal(100_000), (Wallet.SPOT, "BTC"): Decimal(10)}

Ask = Callable[..., tuple[int, Any]]
Unchanged = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def server() -> Server:
    balances = SimulationSettings(balances={"alice": RICH, "bob": RICH})
    world = WorldSettings(
        start_ns=START_NS, venues=("ktx", "okcoinjp"), seed=7, market="quiet", venue_settings={"ktx": balances}
    )
    return Server(ServerSettings(world=world, clock="frozen"))


@pytest.fixture
def simulation(server: Server) -> Simulation:
    """What `unchanged` looks at."""
    return server.world.simulations["ktx"]


@pytest.fixture
def ask(server: Server, simulation: Simulation) -> Ask:
    """Every call is followed by the check of all invariants."""
    control = Control(server)

    def call(method: str, path: str, body: object = None, *, query: str = "") -> tuple[int, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        response = control.handle(WireRequest(method, PREFIX + path, query, {}, content, "127.0.0.1"))
        assert violations(simulation.desk.exchange) == []
        return response.status, json.loads(response.body)

    return call


def said(answer: tuple[int, Any], status: int) -> str:
    """The words of a refusal."""
    assert answer[0] == status, answer
    return str(answer[1]["error"]["message"])


def order(ask: Ask, account: str, side: str, price: str | None = "100000", qty: str = "0.1", **position: Any) -> Any:
    body = {"account": account, "symbol": SYMBOL, "side": side, "qty": qty, "position": {"leverage": 10, **position}}
    status, placed = ask("POST", f"{VENUE}/orders", body if price is None else {**body, "price": price})
    assert status == 201, placed
    return placed


def open_both(ask: Ask, **position: Any) -> None:
    """alice is 0.1 long and bob as much short, at 100000."""
    order(ask, "alice", "buy", **position)
    order(ask, "bob", "sell", **position)


def positions(ask: Ask, query: str = "") -> list[Any]:
    status, answer = ask("GET", f"{VENUE}/positions", query=query)
    assert status == 200
    return list(answer["positions"])


def spot_trade(ask: Ask, price: str) -> None:
    for account, side in (("alice", "sell"), ("bob", "buy")):
        body = {"account": account, "symbol": "BTC_USDT", "side": side, "price": price, "qty": "0.01"}
        assert ask("POST", f"{VENUE}/orders", body)[0] == 201


# --- prices


def test_a_contract_of_a_quiet_market_has_no_prices_and_a_time_of_funding(ask: Ask) -> None:
    assert ask("GET", CONTRACT) == (
        200,
        {
            "symbol": "BTC_USDT_SWAP",
            "index_symbol": "BTC_USDT",
            "index_price": None,
            "index_override": None,
            "mark_price": None,
            "mark_override": None,
            "funding_rate": None,
            "next_funding_rate": "0.0001",
            "funding_rate_override": None,
            "next_funding": "2024-12-06T08:00:00.000Z",
            "positions": 0,
            "insurance_qty": "0",
        },
    )


def test_all_contracts_are_listed(ask: Ask) -> None:
    status, listed = ask("GET", f"{VENUE}/contracts")
    assert status == 200
    assert [row["symbol"] for row in listed["contracts"]] == ["BTC_USDT_SWAP", "ETH_USDT_SWAP", "EOS_USDT_SWAP"]
    assert listed["contracts"][0] == ask("GET", CONTRACT)[1]


def test_an_index_price_is_set_and_left_to_the_spot_pair_again(ask: Ask) -> None:
    spot_trade(ask, "98000")
    assert ask("GET", CONTRACT)[1]["index_price"] == "98000"
    _, contract = ask("POST", f"{CONTRACT}/index-price", {"price": "99000.5"})
    assert (contract["index_price"], contract["index_override"], contract["mark_price"]) == ("99000.5", "99000.5", "99000.5")
    spot_trade(ask, "97000")
    assert ask("GET", CONTRACT)[1]["index_price"] == "99000.5"
    _, contract = ask("DELETE", f"{CONTRACT}/index-price")
    assert (contract["index_price"], contract["index_override"], contract["mark_price"]) == ("97000", None, "97000")


def test_a_mark_price_is_set_and_left_to_the_market_again(ask: Ask) -> None:
    spot_trade(ask, "98000")
    _, contract = ask("POST", f"{CONTRACT}/mark-price", {"price": 50_000})
    assert (contract["index_price"], contract["mark_price"], contract["mark_override"]) == ("98000", "50000", "50000")
    spot_trade(ask, "97000")
    assert ask("GET", CONTRACT)[1]["mark_price"] == "50000"
    _, contract = ask("DELETE", f"{CONTRACT}/mark-price")
    assert (contract["mark_price"], contract["mark_override"]) == ("97000", None)


def test_one_contract_has_its_price_and_the_others_keep_theirs(ask: Ask) -> None:
    ask("POST", f"{CONTRACT}/index-price", {"price": "98000"})
    _, listed = ask("GET", f"{VENUE}/contracts")
    assert [row["mark_price"] for row in listed["contracts"]] == ["98000", None, None]


@pytest.mark.parametrize("what", ["index-price", "mark-price"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "price is missing"),
        ({"price": None}, "price is missing"),
        ({"price": "0"}, "price must be positive"),
        ({"price": "-5"}, "price must be positive"),
        ({"price": "98000.00001"}, "not a multiple of 0.0001"),
        ({"price": "much"}, "price must be a decimal number"),
        ({"rate": "1"}, "there is no field 'rate' here; it takes price"),
    ],
)
def test_a_price_that_is_none_is_refused(ask: Ask, unchanged: Unchanged, what: str, body: Any, words: str) -> None:
    with unchanged():
        assert words in said(ask("POST", f"{CONTRACT}/{what}", body), 400)


# --- funding


def test_a_funding_rate_is_set_and_left_to_the_premium_again(ask: Ask) -> None:
    _, contract = ask("POST", f"{CONTRACT}/funding-rate", {"rate": "-0.003"})
    assert (contract["next_funding_rate"], contract["funding_rate_override"]) == ("-0.003", "-0.003")
    _, contract = ask("DELETE", f"{CONTRACT}/funding-rate")
    assert (contract["next_funding_rate"], contract["funding_rate_override"]) == ("0.0001", None)


@pytest.mark.parametrize(
    ("rate", "words"),
    [("1.1", "from -1 to 1"), ("-2", "from -1 to 1"), ("0.0000000001", "more than 9 decimals"), ("high", "decimal number")],
)
def test_a_rate_that_is_none_is_refused(ask: Ask, unchanged: Unchanged, rate: str, words: str) -> None:
    with unchanged():
        assert words in said(ask("POST", f"{CONTRACT}/funding-rate", {"rate": rate}), 400)


def test_the_clock_moves_to_the_next_funding_and_it_is_paid(ask: Ask, simulation: Simulation) -> None:
    open_both(ask)
    ask("POST", f"{CONTRACT}/index-price", {"price": "100000"})
    ask("POST", f"{CONTRACT}/funding-rate", {"rate": "0.001"})
    _, contract = ask("POST", f"{CONTRACT}/next-funding")
    assert (contract["funding_rate"], contract["next_funding"]) == ("0.001", "2024-12-06T16:00:00.000Z")
    assert ask("GET", "/clock")[1]["now"] == "2024-12-06T08:00:00.000Z"
    assert [row["position_margin"] for row in positions(ask)] == ["990", "1000"]  # 10000 x 0.1 % out of the long's
    bob = simulation.desk.exchange.accounts["bob"].balance(Wallet.SPOT, "USDT")
    assert bob.total == 100_000 * 10**18  # less 10 of fees, and 10 came
    _, contract = ask("POST", f"{CONTRACT}/next-funding")
    assert contract["next_funding"] == "2024-12-07T00:00:00.000Z"


def test_time_that_runs_reaches_the_funding_too(server: Server) -> None:
    server.clock.resume()
    response = Control(server).handle(WireRequest("POST", f"{PREFIX}{CONTRACT}/next-funding", "", {}, b"", "127.0.0.1"))
    assert json.loads(response.body)["next_funding"] == "2024-12-06T16:00:00.000Z"
    assert server.clock.now_ns() >= START_NS + 8 * 3_600 * 10**9


# --- positions


def test_positions_are_shown_with_what_they_risk(ask: Ask) -> None:
    open_both(ask)
    ask("POST", f"{CONTRACT}/mark-price", {"price": "100500"})
    mine = {
        "account": "alice",
        "symbol": "BTC_USDT_SWAP",
        "merge": "long",
        "margin_method": "isolated",
        "leverage": 10,
        "qty": "0.1",
        "closable_qty": "0.1",
        "entry_price": "100000",
        "mark_price": "100500",
        "maintenance_margin_rate": "0.005",
        "position_margin": "1000",
        "order_margin": "0",
        "unrealised_profit": "50",
        "liquidation_price": "90452.261306532663",  # 9000 / (0.1 x 0.995)
        "created": "2024-12-06T00:00:00.000Z",
    }
    (row,) = positions(ask, "account=alice")
    assert {**row, "position_id": None} == {**mine, "position_id": None}
    (short,) = positions(ask, "account=bob")
    assert (short["qty"], short["merge"], short["unrealised_profit"]) == ("-0.1", "short", "-50")


def test_positions_are_listed_of_all_accounts_or_one_and_of_all_contracts_or_one(ask: Ask) -> None:
    assert positions(ask) == []
    open_both(ask)
    assert [row["account"] for row in positions(ask)] == ["alice", "bob"]
    assert [row["account"] for row in positions(ask, "account=bob")] == ["bob"]
    assert [row["account"] for row in positions(ask, f"account=bob&symbol={SYMBOL}")] == ["bob"]
    assert positions(ask, "symbol=ETH_USDT_SWAP") == []
    assert ask("GET", CONTRACT)[1]["positions"] == 2
    assert ask("GET", f"{VENUE}/accounts/bob")[1]["positions"] == positions(ask, "account=bob")
    assert ask("GET", "/venues/okcoinjp/accounts/bob")[1]["positions"] == []


def test_a_position_whose_mark_price_comes_is_gone_when_the_call_returns(ask: Ask) -> None:
    open_both(ask)
    ask("POST", f"{CONTRACT}/mark-price", {"price": "90453"})
    assert len(positions(ask)) == 2
    _, contract = ask("POST", f"{CONTRACT}/mark-price", {"price": "90452"})
    assert [row["account"] for row in positions(ask)] == ["bob"]
    assert contract["insurance_qty"] == "0.1"


def test_a_cross_position_has_no_price_of_its_own(ask: Ask) -> None:
    open_both(ask, margin_method="cross")
    assert [(row["margin_method"], row["liquidation_price"]) for row in positions(ask)] == [("cross", None)] * 2


# --- orders


def test_an_order_tells_which_position_it_opens_and_which_it_closes(ask: Ask) -> None:
    opening = order(ask, "alice", "buy")
    order(ask, "bob", "sell")
    (position,) = positions(ask, "account=alice")
    terms = {
        "position_id": position["position_id"],
        "merge": "long",
        "margin_method": "isolated",
        "leverage": 10,
        "forced": False,
    }
    assert opening["position"] == {**terms, "close": False}
    order(ask, "bob", "buy", "101000", "0.05", merge="long")
    closing = order(ask, "alice", "sell", None, "0.05", close=True, position_id=position["position_id"])
    assert closing["position"] == {**terms, "close": True}
    assert [(fill["profit"], fill["fee"], fill["fee_asset"]) for fill in closing["fills"]] == [("50", "5.05", "USDT")]
    assert positions(ask, "account=alice")[0]["qty"] == "0.05"


def test_split_positions_are_opened_one_by_one(ask: Ask) -> None:
    for _ in range(2):
        open_both(ask, merge="split")
    assert [(row["account"], row["merge"], row["qty"]) for row in positions(ask)] == [
        ("alice", "split", "0.1"),
        ("bob", "split", "-0.1"),
    ] * 2


BUY = {"account": "alice", "symbol": SYMBOL, "side": "buy", "price": "100000", "qty": "0.1"}


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({}, 400, 'BTC_USDT_SWAP is a contract: say what the order does to a position, such as position={"leverage": 10}'),
        ({"symbol": "BTC_USDT", "position": {}}, 400, "BTC_USDT is no contract; leave the position out"),
        ({"position": 10}, 400, 'position must be an object such as {"leverage": 10}'),
        ({"position": {"size": "1"}}, 400, "there is no field 'size' here; it takes merge, margin_method"),
        ({"position": {"merge": "both"}}, 400, "merge is one of split, long, short, not 'both'"),
        ({"position": {"margin_method": "none"}}, 400, "margin_method is one of isolated, cross"),
        ({"position": {"leverage": "1.5"}}, 400, "leverage must be a whole number"),
        ({"position": {"leverage": 101}}, 409, "the leverage must be at least 1 and at most"),
        ({"position": {"close": True}}, 409, "the quantity is more than the position has"),
        ({"position": {"close": True, "position_id": "7"}}, 409, "the account has no such position"),
        ({"position": {"close": True, "position_id": "²"}}, 409, "the account has no such position"),
        ({"position": {"merge": "short"}}, 409, "a long position opens with a buy"),
    ],
)
def test_an_order_with_terms_that_do_not_fit_is_refused(
    ask: Ask, unchanged: Unchanged, change: dict[str, Any], status: int, words: str
) -> None:
    with unchanged():
        assert words in said(ask("POST", f"{VENUE}/orders", {**BUY, **change}), status)


# --- what is not there


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/contracts"),
        ("GET", "/positions"),
        ("GET", "/contracts/BTC-JPY"),
        ("DELETE", "/contracts/BTC-JPY/mark-price"),
        ("POST", "/contracts/BTC-JPY/next-funding"),
    ],
)
def test_a_venue_without_contracts_says_so(ask: Ask, method: str, path: str) -> None:
    assert said(ask(method, f"/venues/okcoinjp{path}"), 404) == "okcoinjp has no contracts, it trades spot alone"


@pytest.mark.parametrize("symbol", ["BTC_USDT", "DOGE_USDT_SWAP"])
def test_what_is_no_contract_is_not_found(ask: Ask, symbol: str) -> None:
    words = f"ktx has no contract {symbol!r}; it has BTC_USDT_SWAP, ETH_USDT_SWAP, EOS_USDT_SWAP"
    assert said(ask("GET", f"{VENUE}/contracts/{symbol}"), 404) == words
    assert said(ask("POST", f"{VENUE}/contracts/{symbol}/next-funding"), 404) == words
    assert said(ask("GET", f"{VENUE}/positions", query=f"symbol={symbol}"), 404) == words
    assert "has no account 'nobody'" in said(ask("GET", f"{VENUE}/positions", query="account=nobody"), 404)
