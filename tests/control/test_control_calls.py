"""Control requests to responses, as values: routes, fields, and errors that say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mockex.server.control import PREFIX, Control
from mockex.server.control.routes import ControlRoute, ControlTable
from mockex.server.runner import Server, ServerSettings
from mockex.wire.messages import WireRequest
from mockex.world import WorldSettings

VENUE = "/venues/okcoinjp"
ORDER = {"account": "alice", "symbol": "BTC-JPY", "side": "sell", "price": "5000000", "qty": "0.5"}

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def server(world_settings: WorldSettings) -> Server:
    """Not listening: calls arrive as values."""
    return Server(ServerSettings(world=world_settings, clock="frozen"))


@pytest.fixture
def simulation(server: Server):
    """What `unchanged` looks at."""
    return server.world.simulations["okcoinjp"]


@pytest.fixture
def ask(server: Server) -> Ask:
    control = Control(server)

    def call(method: str, path: str, body: object = None, *, query: str = "", raw: bytes | None = None) -> tuple[int, Any]:
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = control.handle(WireRequest(method, PREFIX + path, query, {}, content, "127.0.0.1"))
        return response.status, json.loads(response.body)

    return call


def test_the_index_lists_every_call_with_one_line_and_its_fields(ask: Ask, server: Server) -> None:
    status, index = ask("GET", "/")
    assert status == 200
    calls = index["calls"]
    assert len(calls) == len(Control(server).table.routes)
    assert len({(call["method"], call["path"]) for call in calls}) == len(calls)
    assert all(call["summary"].endswith(".") and "\n" not in call["summary"] for call in calls)
    (place,) = [call for call in calls if call["method"] == "POST" and call["path"].endswith("/orders")]
    assert place["fields"]["symbol"] == "text, required"
    assert place["fields"]["price"] == "decimal number, best as text"


def test_an_order_is_placed_listed_shown_and_cancelled(ask: Ask) -> None:
    status, order = ask("POST", f"{VENUE}/orders", {**ORDER, "client_id": "mine"})
    assert (status, order["status"], order["qty"]) == (201, "open", "0.5")
    one = f"{VENUE}/orders/{order['order_id']}"
    assert ask("GET", one) == (200, order)
    assert ask("GET", f"{VENUE}/orders", query="account=alice&limit=5") == (200, {"orders": [order]})
    status, book = ask("GET", f"{VENUE}/book", query="symbol=BTC-JPY&depth=1")
    assert (status, book["asks"]) == (200, [{"price": "5000000", "qty": "0.5", "orders": 1}])
    status, cancelled = ask("DELETE", one)
    assert (status, cancelled["status"]) == (200, "cancelled")
    status, refused = ask("POST", f"{one}/cancel")
    assert (status, refused["error"]["reason"]) == (409, "order_cancelled")


def test_numbers_in_a_body_are_exact(ask: Ask) -> None:
    raw = b'{"account":"alice","symbol":"BTC-JPY","side":"sell","price":5000000.1,"qty":0.10000001}'
    status, order = ask("POST", f"{VENUE}/orders", raw=raw)
    assert (status, order["price"], order["qty"]) == (201, "5000000.1", "0.10000001")


def test_all_live_orders_of_an_account_are_cancelled_at_once(ask: Ask) -> None:
    for _ in range(2):
        ask("POST", f"{VENUE}/orders", ORDER)
    status, answer = ask("DELETE", f"{VENUE}/orders", query="account=alice&symbol=BTC-JPY")
    assert (status, len(answer["orders"])) == (200, 2)
    assert ask("GET", f"{VENUE}/orders") == (200, {"orders": []})


def test_an_account_is_opened_funded_frozen_and_given_keys(ask: Ask) -> None:
    body = {"account": "carol", "balances": {"funding": {"JPY": 10}}, "keys": [{"name": "c1", "permissions": ["read"]}]}
    status, account = ask("POST", f"{VENUE}/accounts", body)
    assert (status, account["balances"]["funding"]["JPY"]["total"]) == (201, "10")
    assert [key["name"] for key in account["keys"]] == ["c1"]
    carol = f"{VENUE}/accounts/carol"
    status, account = ask("POST", f"{carol}/deposit", {"asset": "BTC", "amount": "1.5"})
    assert (status, account["balances"]["spot"]["BTC"]["available"]) == (200, "1.5")
    status, account = ask("POST", f"{carol}/withdraw", {"asset": "BTC", "amount": "0.5", "wallet": "spot"})
    assert account["balances"]["spot"]["BTC"]["available"] == "1"
    assert ask("POST", f"{carol}/freeze", {"wallet": "funding"})[1]["frozen_wallets"] == ["funding"]
    assert ask("POST", f"{carol}/freeze")[1]["frozen"] is True
    assert ask("POST", f"{carol}/thaw")[1]["frozen"] is False
    status, key = ask("POST", f"{carol}/keys", {"name": "c2", "allowed_ips": ["127.0.0.1"]})
    assert (status, key["allowed_ips"], key["permissions"]) == (201, ["127.0.0.1"], ["read", "trade", "withdraw"])
    assert ask("POST", f"{VENUE}/keys/c2/freeze")[1]["frozen"] is True
    assert ask("POST", f"{VENUE}/keys/c2/thaw")[1]["frozen"] is False
    assert ask("DELETE", f"{VENUE}/keys/c2")[0] == 200
    assert [each["name"] for each in ask("GET", f"{carol}/keys")[1]["keys"]] == ["c1"]
    names = [each["account"] for each in ask("GET", f"{VENUE}/accounts")[1]["accounts"]]
    assert names == ["alice", "bob", "carol"]


def test_instruments_halt_resume_and_change_phase(ask: Ask) -> None:
    btc = f"{VENUE}/instruments/BTC-JPY"
    assert ask("POST", f"{btc}/halt")[1]["phase"] == "halted"
    status, refused = ask("POST", f"{VENUE}/orders", ORDER)
    assert (status, refused["error"]["reason"]) == (409, "instrument_halted")
    assert ask("POST", f"{btc}/resume")[1]["phase"] == "continuous"
    assert ask("POST", f"{btc}/phase", {"phase": "price_discovery"})[1]["phase"] == "price_discovery"
    assert ask("GET", btc)[1]["phase"] == "price_discovery"
    assert len(ask("GET", f"{VENUE}/instruments")[1]["instruments"]) == 6


def test_time_moves_payments_and_stands_still_otherwise(ask: Ask, server: Server) -> None:
    body = {"account": "alice", "kind": "coin", "asset": "BTC", "amount": "1"}
    status, payment = ask("POST", f"{VENUE}/payments", body)
    assert (status, payment["status"]) == (201, "waiting")
    status, clock = ask("POST", "/clock/advance", {"seconds": "1.5"})
    assert (status, clock) == (
        200,
        {"mode": "frozen", "now": "2026-01-01T00:00:01.500Z", "now_ns": "1767225601500000000"},
    )
    one = f"{VENUE}/payments/{payment['payment_id']}"
    assert ask("GET", one)[1]["status"] == "processing"
    assert ask("POST", f"{one}/fail")[1]["status"] == "failed"
    assert ask("GET", f"{VENUE}/payments", query="account=alice")[1]["payments"][0]["status"] == "failed"
    assert ask("GET", "/clock") == (200, clock)
    assert ask("POST", "/clock/resume")[1]["mode"] == "real"
    assert ask("POST", "/clock/freeze")[1]["mode"] == "frozen"
    assert server.clock.frozen


def test_faults_maintenance_flags_and_routes_are_switched(ask: Ask, server: Server) -> None:
    errors = ask("GET", f"{VENUE}/errors")[1]["errors"]
    assert len(errors) == len(server.world.simulations["okcoinjp"].venue.errors_by_code)
    code = errors[0]["code"]
    status, fault = ask("POST", f"{VENUE}/faults", {"code": code, "times": 3, "executed": True})
    assert (status, fault["times"], fault["executed"]) == (201, 3, True)
    assert ask("GET", f"{VENUE}/faults") == (200, {"faults": [fault]})
    assert ask("DELETE", f"{VENUE}/faults") == (200, {"faults": [fault]})
    assert ask("GET", f"{VENUE}/faults") == (200, {"faults": []})
    assert ask("POST", f"{VENUE}/maintenance", {"on": True}) == (200, {"on": True})
    assert ask("GET", f"{VENUE}/maintenance") == (200, {"on": True})
    path = "/api/spot/v3/instruments"
    status, answer = ask("POST", f"{VENUE}/routes", {"path": path, "open": False})
    assert [route["open"] for route in answer["routes"]] == [False]
    closed = [route["path"] for route in ask("GET", f"{VENUE}/routes")[1]["routes"] if not route["open"]]
    assert closed == [path]
    (flag, *_) = [view["flag"] for view in ask("GET", f"{VENUE}/flags")[1]["flags"]]
    on = ask("POST", f"{VENUE}/flags", {"flag": flag, "on": True})[1]["flags"]
    assert [view["flag"] for view in on if view["on"]] == [flag]
    (flag, *_) = [view["flag"] for view in ask("GET", f"{VENUE}/accounts/bob/flags")[1]["flags"]]
    ask("POST", f"{VENUE}/accounts/bob/flags", {"flag": flag, "on": True})
    assert ask("GET", f"{VENUE}/accounts/bob")[1]["flags"] == [flag]


def test_invariants_are_checked_for_one_venue_and_for_all(ask: Ask) -> None:
    status, one = ask("GET", f"{VENUE}/invariants")
    assert (status, one["ok"], one["violations"]) == (200, True, [])
    assert ask("GET", "/invariants") == (200, {"ok": True, "venues": {"okcoinjp": one}})
    assert ask("GET", VENUE)[1]["accounts"] == 2
    assert list(ask("GET", "/venues")[1]["venues"]) == ["okcoinjp"]
    assert ask("GET", "/healthz") == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("method", "path", "given", "status", "says"),
    [
        ("GET", "/nowhere", {}, 404, "/_mockex/v1/ lists them"),
        ("PUT", "/state", {}, 405, "this call takes GET"),
        ("GET", "/venues/mtgox/accounts", {}, 404, "no venue 'mtgox'; it has okcoinjp"),
        ("GET", f"{VENUE}/accounts/%ff", {}, 404, "has no account"),
        ("GET", f"{VENUE}/accounts/zoe", {}, 404, "no account 'zoe'; create it first"),
        ("POST", f"{VENUE}/accounts", {"body": {}}, 400, "account is missing: text"),
        ("POST", f"{VENUE}/accounts", {"body": {"account": 5}}, 400, "account must be a JSON string"),
        (
            "POST",
            f"{VENUE}/accounts",
            {"body": {"account": "c", "balance": {}}},
            400,
            "no field 'balance' here; it takes account",
        ),
        ("POST", f"{VENUE}/accounts", {"body": {"account": "c", "balances": []}}, 400, "balances must be an object"),
        ("POST", f"{VENUE}/accounts", {"body": {"account": "c", "balances": {"BTC": []}}}, 400, "BTC must be a decimal"),
        (
            "POST",
            f"{VENUE}/accounts",
            {"body": {"account": "c", "balances": {"spot": {"BTC": {}}}}},
            400,
            "BTC must be a decimal",
        ),
        ("POST", f"{VENUE}/accounts", {"body": {"account": "c", "keys": {}}}, 400, "keys must be a list of objects"),
        ("POST", f"{VENUE}/accounts", {"body": {"account": "c", "keys": ["k"]}}, 400, "keys must be a list of objects"),
        ("POST", f"{VENUE}/accounts", {"body": {"account": "c", "keys": [{}]}}, 400, "name is missing"),
        (
            "POST",
            f"{VENUE}/accounts",
            {"body": {"account": "c", "keys": [{"name": "k", "permissions": [1]}]}},
            400,
            "list of JSON",
        ),
        ("POST", f"{VENUE}/accounts", {"raw": b"{"}, 400, "the body is not JSON"),
        ("POST", f"{VENUE}/accounts", {"raw": b"\xff"}, 400, "the body is not JSON"),
        ("POST", f"{VENUE}/accounts", {"raw": b"[" * 100_000}, 400, "the body is not JSON"),
        ("POST", f"{VENUE}/accounts", {"raw": b"[]"}, 400, "must be a JSON object"),
        ("POST", f"{VENUE}/accounts", {"query": "account=c"}, 400, "from a JSON body, not from the query"),
        ("GET", f"{VENUE}/orders", {"body": {"account": "c"}}, 400, "from the query, not from a body"),
        ("GET", f"{VENUE}/orders", {"query": "limit=many"}, 400, "limit must be a whole number"),
        ("GET", f"{VENUE}/orders", {"query": "limit=" + "9" * 5_000}, 400, "limit must be a whole number"),
        ("GET", f"{VENUE}/orders", {"query": "limit=0"}, 400, "limit is 1 to 1000"),
        ("GET", f"{VENUE}/orders", {"query": "x=" + "1" * 70_000}, 400, "the query is too long"),
        ("GET", f"{VENUE}/orders", {"query": "colour=red"}, 400, "no field 'colour' here"),
        ("GET", f"{VENUE}/book", {}, 400, "symbol is missing"),
        ("POST", f"{VENUE}/orders", {"body": {**ORDER, "price": {}}}, 400, "price must be a decimal number"),
        ("POST", f"{VENUE}/orders", {"body": {**ORDER, "price": "1e999999999"}}, 400, "price must be a decimal number"),
        ("POST", f"{VENUE}/orders", {"body": {**ORDER, "qty": "nan"}}, 400, "qty must be a decimal number"),
        ("POST", f"{VENUE}/orders", {"body": {**ORDER, "post_only": 1}}, 400, "post_only must be true or false"),
        ("POST", f"{VENUE}/orders", {"body": {**ORDER, "qty": "3"}}, 409, "too little available"),
        ("DELETE", f"{VENUE}/orders", {}, 400, "account is missing"),
        ("POST", f"{VENUE}/accounts/alice/deposit", {"body": {"asset": "BTC", "amount": "-1"}}, 400, "amount must be positive"),
        ("POST", f"{VENUE}/payments/1/advance", {}, 404, "no payment '1'"),
        ("POST", f"{VENUE}/faults", {"body": {"code": "nope"}}, 400, "no error code 'nope'"),
        ("POST", f"{VENUE}/faults", {"body": {"code": "30030", "times": 1.5}}, 400, "times must be a whole number"),
        ("POST", f"{VENUE}/maintenance", {"body": {"on": "yes"}}, 400, "on must be true or false"),
        ("POST", f"{VENUE}/instruments/BTC-JPY/phase", {"body": {"phase": 1}}, 400, "phase must be a JSON string"),
        ("POST", "/clock/advance", {"body": {"seconds": -1}}, 400, "time does not go back"),
        ("POST", "/clock/advance", {"body": {"seconds": "1e-10"}}, 400, "whole nanoseconds"),
        ("POST", "/clock/advance", {"body": {"seconds": "1e12"}}, 400, "time ends at 2262-04-11"),
        ("POST", "/clock/advance", {"body": {"seconds": None}}, 400, "seconds is missing"),
        ("POST", "/reset", {"body": {"market": "wild"}}, 400, "market is one of live, quiet"),
        ("POST", "/reset", {"body": {"seed": "abc"}}, 400, "seed must be a whole number"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do_and_changes_nothing(
    ask: Ask, unchanged, server: Server, method: str, path: str, given: dict[str, Any], status: int, says: str
) -> None:
    world = server.world
    with unchanged():
        answered, body = ask(method, path, **given)
    assert answered == status
    assert says in body["error"]["message"]
    assert server.world is world


def test_paths_outside_the_prefix_are_not_served(server: Server) -> None:
    for path in ("/", "/_mockex/v2/state", "/_mockex/v1x", "/api/spot/v3/instruments"):
        response = Control(server).handle(WireRequest("GET", path, "", {}, b"", "127.0.0.1"))
        assert response.status == 404
    assert Control(server).handle(WireRequest("GET", PREFIX, "", {}, b"", "127.0.0.1")).status == 200


def test_a_method_that_a_call_does_not_take_names_those_it_takes(server: Server) -> None:
    response = Control(server).handle(WireRequest("PATCH", f"{PREFIX}{VENUE}/orders", "", {}, b"", "127.0.0.1"))
    assert response.status == 405
    assert response.headers == (("Allow", "GET, POST, DELETE"),)


def test_another_sites_page_may_not_change_the_simulator(server: Server, unchanged) -> None:
    request = WireRequest(
        "POST",
        f"{PREFIX}{VENUE}/maintenance",
        "",
        {"origin": "https://elsewhere.example", "host": "127.0.0.1:8400"},
        b'{"on":true}',
        "127.0.0.1",
    )
    with unchanged():
        assert Control(server).handle(request).status == 403
    own = request._replace(headers={"origin": "http://127.0.0.1:8400", "host": "127.0.0.1:8400"})
    assert Control(server).handle(own).status == 200


def test_text_that_cannot_be_printed_does_no_harm(ask: Ask) -> None:
    status, body = ask("GET", f"{VENUE}/accounts/\udcff")
    assert status == 404
    assert "has no account" in body["error"]["message"]


def test_a_literal_segment_wins_over_one_in_braces() -> None:
    def answer(call: object) -> object:
        return None

    table = ControlTable(
        [
            ControlRoute("GET", "/a/{any}", answer, "Any."),
            ControlRoute("GET", "/a/b", answer, "One."),
            ControlRoute("GET", "/", answer, "Top."),
        ]
    )
    assert table.find("/a/b")["GET"].route.summary == "One."
    assert table.find("/a/c%2Fd")["GET"].params == {"any": "c/d"}
    assert table.find("/a/") == {}
    assert table.find("/")["GET"].route.summary == "Top."


def test_a_reset_keeps_the_settings_apart_from_those_given(server: Server, world_settings: WorldSettings) -> None:
    first = server.world
    server.replace_world(replace(server.fresh_settings(), seed=9))
    assert server.world is not first
    assert server.world.settings == replace(world_settings, seed=9)
    server.replace_world()
    assert server.world.settings == replace(world_settings, seed=9)


def test_a_venues_own_account_action_is_a_call(ask: Ask) -> None:
    status, listed = ask("GET", f"{VENUE}/actions")
    assert status == 200
    assert "renew_deposit_address" in [action["action"] for action in listed["actions"]]
    path = f"{VENUE}/accounts/alice/actions/renew_deposit_address"
    status, renewed = ask("POST", path, {"arguments": {"currency": "BTC"}})
    assert (status, renewed["currency"]) == (200, "BTC")
    assert ask("POST", path, {"arguments": {"currency": 1}})[0] == 400
    assert ask("POST", f"{VENUE}/accounts/alice/actions/nothing", {})[0] == 404
