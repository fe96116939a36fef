"""Fault plans over the control API: added, listed, cleared; and every way in which a plan cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from mockex.operator import faults, service
from mockex.operator.refusals import NotFoundError, OperatorError
from mockex.server.control import Control
from mockex.simulation import Simulation
from mockex.wire.messages import WireRequest
from mockex.world import SimulatedWorld

INSTRUMENTS = "/api/spot/v3/instruments"
RESET = {"action": "reset"}

Rule = dict[str, Any]
Unchanged = Callable[[], AbstractContextManager[None]]


class OneWorld:
    """What fault calls need of a server."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world


@pytest.fixture
def ask(world: SimulatedWorld) -> Callable[..., tuple[int, Any]]:
    control = Control(OneWorld(world))  # type: ignore[arg-type]  # the rest of a server is not asked for

    def call(method: str, path: str, body: object = None, query: str = "") -> tuple[int, Any]:
        raw = b"" if body is None else json.dumps(body).encode()
        response = control.handle(WireRequest(method, f"/_mockex/v1{path}", query, {}, raw, "127.0.0.1"))
        return response.status, json.loads(response.body)

    return call


def get(simulation: Simulation, path: str) -> tuple[int, bytes]:
    response = simulation.handle(WireRequest("GET", path, "", {}, b"", "127.0.0.1"))
    return response.status, response.body


def test_a_plan_is_added_listed_counted_and_cleared(ask, simulation: Simulation) -> None:
    rules = [
        {"where": {"route": f"GET {INSTRUMENTS}"}, "when": {"nth": 2}, "what": {"action": "http_error", "status": 503}},
        {"name": "later", "what": {"action": "rate_limited"}, "when": {"after": 9, "percent": None}},
    ]

    status, plan = ask("POST", "/faults", {"venue": "okcoinjp", "seed": 7, "rules": rules})

    assert status == 201
    assert (plan["venue"], plan["seed"], plan["made_ns"]) == ("okcoinjp", 7, "1767225600000000000")
    assert plan["rules"] == [
        {
            "name": "f1",
            "where": {"route": f"GET {INSTRUMENTS}"},
            "when": {"nth": 2},
            "what": {"action": "http_error", "status": 503, "executed": False},
            "matched": 0,
            "fired": 0,
        },
        {"name": "later", "where": {}, "when": {"after": 9}, "what": {"action": "rate_limited"}, "matched": 0, "fired": 0},
    ]
    assert [get(simulation, INSTRUMENTS)[0] for _ in range(3)] == [200, 503, 200]
    status, listed = ask("GET", "/faults")
    assert status == 200
    assert [(rule["matched"], rule["fired"]) for rule in listed["plans"][0]["rules"]] == [(3, 1), (3, 0)]
    assert ask("GET", "/faults", query="venue=okcoinjp") == (200, listed)
    status, left = ask("DELETE", "/faults", query="rule=f1")
    assert (status, [rule["name"] for rule in left["plans"][0]["rules"]]) == (200, ["later"])
    assert ask("DELETE", "/faults", query="venue=okcoinjp") == (200, {"plans": []})
    assert not simulation.desk.watched


def test_a_second_plan_adds_to_the_first_and_its_rules_get_further_names(ask) -> None:
    for _ in range(2):
        ask("POST", "/faults", {"venue": "okcoinjp", "rules": [{"what": RESET}, {"name": "f3", "what": RESET}][:1]})
    ask("POST", "/faults", {"venue": "okcoinjp", "rules": [{"name": "f3", "what": RESET}, {"what": RESET}]})

    _, listed = ask("GET", "/faults")

    assert [[rule["name"] for rule in plan["rules"]] for plan in listed["plans"]] == [["f1"], ["f2"], ["f3", "f4"]]


def test_the_actions_are_listed_with_what_they_take(ask) -> None:
    status, listed = ask("GET", "/faults/actions")

    assert status == 200
    by_name = {each["action"]: each for each in listed["actions"]}
    assert set(by_name) >= {"delay", "reset", "drop", "stall", "close", "refuse", "clock_skew", "stale"}
    assert by_name["delay"]["arguments"] == [
        {"name": "ms", "help": "milliseconds of virtual time", "required": True, "default": None}
    ]
    assert by_name["refuse"]["where"] == ["socket"]
    assert by_name["drop"]["where"] == ["channel", "socket", "account", "opening"]
    assert all(each["help"].endswith(".") for each in listed["actions"])


def test_the_call_is_in_the_index(ask) -> None:
    _, index = ask("GET", "/")

    calls = {(call["method"], call["path"]): call["fields"] for call in index["calls"]}
    assert set(calls[("POST", "/_mockex/v1/faults")]) == {"venue", "seed", "rules"}
    assert ("GET", "/_mockex/v1/faults/actions") in calls


def test_the_old_call_adds_a_rule_and_its_clearing_clears_all(simulation: Simulation) -> None:
    planned = service.plan_fault(simulation, code="30030", method="get", path=INSTRUMENTS, account="alice", times=2)
    faults.plan(simulation, [{"what": RESET}])

    (old, new) = [rule for plan in faults.list_plans(simulation) for rule in plan["rules"]]
    assert old == {
        "name": "f1",
        "where": {"route": f"GET {INSTRUMENTS}", "account": "alice"},
        "when": {"times": 2},
        "what": {"action": "error", "code": "30030", "executed": False},
        "matched": 0,
        "fired": 0,
    }
    assert new["what"] == RESET
    assert service.list_faults(simulation) == [planned]
    assert service.clear_faults(simulation) == [planned]
    assert faults.list_plans(simulation) == []


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("reset", "a rule is an object with name, where, when, what"),
        ({}, "what is missing"),
        ({"what": "reset"}, "what is missing"),
        ({"what": RESET, "why": 1}, "a rule takes no 'why'"),
        ({"what": RESET, "name": "a b"}, "name is 1 to 64 printable"),
        ({"what": RESET, "name": ""}, "name is 1 to 64 printable"),
        ({"what": {"action": "explode"}}, "there is no action 'explode'; there are delay"),
        ({"what": {"action": "reset", "ms": 5}}, "reset takes no argument 'ms'; it takes none"),
        ({"what": {"action": "delay"}}, "delay needs ms: milliseconds of virtual time"),
        ({"what": {"action": "delay", "ms": 0}}, "ms is a whole number from 1 to"),
        ({"what": {"action": "delay", "ms": "soon"}}, "ms is a whole number from 1 to"),
        ({"what": {"action": "delay", "ms": True}}, "ms is a whole number from 1 to"),
        ({"what": {"action": "delay", "ms": 1.5}}, "ms is a whole number from 1 to"),
        ({"what": {"action": "http_error", "status": 404}}, "status is a whole number from 500 to 599"),
        ({"what": {"action": "http_error", "body": 7}}, "body is a text"),
        ({"what": {"action": "http_error", "executed": "yes"}}, "executed is true or false"),
        ({"what": {"action": "error", "code": "99999999"}}, "okcoinjp has no error code '99999999'; its"),
        ({"what": {"action": "error"}}, "error needs code"),
        ({"what": {"action": "close", "code": 1005}}, "code is 1000 to 1003"),
        ({"what": {"action": "close", "code": 2000}}, "code is 1000 to 1003"),
        ({"what": {"action": "close", "reason": "x" * 124}}, "reason is a text of at most 123 bytes"),
        ({"what": {"action": "refuse", "status": 200}}, "status is a whole number from 400 to 599"),
        ({"what": {"action": "halt", "symbol": "X"}}, "okcoinjp has no instrument 'X'; it has BTC-JPY"),
        ({"what": RESET, "where": []}, "where is an object"),
        ({"what": RESET, "where": {"path": "/x"}}, "where takes no 'path'"),
        ({"what": RESET, "where": {"route": "/nowhere"}}, "okcoinjp has no route '/nowhere'"),
        ({"what": RESET, "where": {"route": f"DELETE {INSTRUMENTS}"}}, "okcoinjp has no route"),
        ({"what": RESET, "where": {"route": "x" * 201}}, "route is a text of at most 200"),
        ({"what": RESET, "where": {"account": "carol"}}, "okcoinjp has no account 'carol'"),
        ({"what": RESET, "where": {"account": ["alice"]}}, "okcoinjp has no account"),
        ({"what": RESET, "where": {"channel": "spot/depth:BTC-JPY"}}, "reset meets no channel; where takes route, account"),
        ({"what": RESET, "where": {"operation": "login"}}, "reset meets no operation"),
        ({"what": {"action": "drop"}, "where": {"channel": "spot/depth:X"}}, "okcoinjp has no channel 'spot/depth:X'"),
        ({"what": {"action": "drop"}, "where": {"channel": "spot/depth:btc-jpy"}}, "okcoinjp has no channel"),
        ({"what": {"action": "drop"}, "where": {"opening": "yes"}}, "opening is true or false"),
        ({"what": {"action": "drop"}, "where": {"socket": "side"}}, "okcoinjp has no socket 'side'; it has main, fallback"),
        ({"what": {"action": "drop"}, "where": {"route": "*"}}, "drop meets no route"),
        ({"what": {"action": "close"}, "where": {"operation": "order"}}, "okcoinjp has no operation 'order'; it has sub"),
        (
            {"what": {"action": "close"}, "where": {"operation": "login", "channel": "*"}},
            "with close, operation and channel never come together",
        ),
        (
            {"what": {"action": "error", "code": "30030"}, "where": {"operation": "login", "route": "*"}},
            "with error, route and operation never come together",
        ),
        ({"what": {"action": "corrupt_checksum"}, "where": {"socket": "fallback"}}, "nothing that okcoinjp pushes there"),
        ({"what": {"action": "stale", "ms": 5}, "where": {"route": "POST *"}}, "a stale answer is one to a GET"),
        ({"what": {"action": "refuse"}, "where": {"account": "alice"}}, "refuse meets no account"),
        ({"what": {"action": "refuse"}, "when": {"state": "order_open"}}, "refuse meets no account, so no order"),
        ({"what": RESET, "when": {"nth": 1, "every": 2}}, "when takes one of nth, .*, not nth and every together"),
        ({"what": RESET, "when": {"nth": 0}}, "nth is a whole number from 1"),
        ({"what": RESET, "when": {"sometimes": 1}}, "when takes no 'sometimes'"),
        ({"what": RESET, "when": {"percent": "101"}}, "percent is more than 0 and at most 100"),
        ({"what": RESET, "when": {"percent": "1e1"}}, "percent is a percentage as text"),
        ({"what": RESET, "when": {"percent": "1.0000001"}}, "with at most 6 decimals"),
        ({"what": RESET, "when": {"state": "asleep"}}, "state is one of order_open, .*, not 'asleep'"),
        ({"what": RESET, "when": {"from_ms": 10, "until_ms": 10}}, "until_ms 10 is not after from_ms 10"),
        ({"what": RESET, "when": {"times": 0}}, "times is a whole number from 1"),
        ({"what": {"action": "maintenance"}, "when": {"times": 2}}, "maintenance fires once: leave out times"),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_is_refused_in_one_line_and_nothing_is_added(
    ask, simulation: Simulation, unchanged: Unchanged, rule: Rule, says: str
) -> None:
    with unchanged(), pytest.raises(OperatorError, match=says) as refused:
        faults.plan(simulation, [rule])
    assert "\n" not in str(refused.value)
    with unchanged():
        status, body = ask("POST", "/faults", {"venue": "okcoinjp", "rules": [{"what": RESET}, rule]})
    assert status == 400
    assert body["error"]["message"].startswith("rule 2: ")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"rules": [{"what": RESET}]}, "venue is missing"),
        ({"venue": "okcoinjp"}, "rules is missing"),
        ({"venue": "okcoinjp", "rules": {"what": RESET}}, "rules must be a list"),
        ({"venue": "okcoinjp", "rules": []}, "a plan has at least one rule"),
        ({"venue": "okcoinjp", "rules": [{"what": RESET}] * 1001}, "takes 1000 rules at a time"),
        ({"venue": "okcoinjp", "rules": [{"name": "a", "what": RESET}] * 2}, "rule 2: there is a rule called 'a' already"),
        ({"venue": "okcoinjp", "rules": [{"what": RESET}], "seed": "x"}, "seed must be a whole number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_plan_that_cannot_be_is_refused(ask, unchanged: Unchanged, body: object, says: str) -> None:
    with unchanged():
        status, answer = ask("POST", "/faults", body)
    assert status == 400
    assert says in answer["error"]["message"]


def test_unknown_venues_and_rules_are_not_found(ask, simulation: Simulation) -> None:
    assert ask("POST", "/faults", {"venue": "nowhere", "rules": [{"what": RESET}]})[0] == 404
    assert ask("GET", "/faults", query="venue=nowhere")[0] == 404
    assert ask("DELETE", "/faults", query="rule=f1")[0] == 404
    with pytest.raises(NotFoundError, match="has no fault rule 'f1'; it has none"):
        faults.clear(simulation, "f1")
