"""A request's way through a venue's stages to its handler, and the one place where a fault becomes a response."""

from __future__ import annotations

import json
from typing import Any

import pytest
from wire_rig import make_simulation, make_venue, request

from mockex.core.rejects import RejectReason
from mockex.simulation import Simulation
from mockex.wire.faults import ApiFault, FaultKind, WireError
from mockex.wire.limits import RateRule
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call, charge, find_route, read_json_body, read_query
from mockex.wire.routing import Route, RouteTable

RULE = RateRule(name="two a second", limit=2, window_ns=10**9)


def echo(call: Call) -> WireResponse:
    """What the stages have filled in."""
    seen = {"path": dict(call.path_params), "query": call.query, "body": call.body}
    return WireResponse(200, json.dumps(seen, default=str).encode())


def fail(call: Call) -> WireResponse:
    raise ApiFault(RejectReason.INSUFFICIENT_FUNDS, field="size")


def limited(call: Call) -> WireResponse:
    charge(call, RULE, call.request.peer_ip)
    return WireResponse(200, b"{}")


ROUTES = (
    Route(method="GET", path="/echo/{name}", handler=echo),
    Route(method="POST", path="/echo/{name}", handler=echo),
    Route(method="GET", path="/fail", handler=fail),
    Route(method="GET", path="/limited", handler=limited),
)


@pytest.fixture
def simulation() -> Simulation:
    return make_simulation(make_venue(ROUTES, (find_route, read_json_body, read_query)))


def answer(simulation: Simulation, *args: Any, **kwargs: Any) -> tuple[int, Any]:
    response = simulation.handle(request(*args, **kwargs))
    return response.status, json.loads(response.body)


def code(simulation: Simulation, *args: Any, **kwargs: Any) -> str:
    status, body = answer(simulation, *args, **kwargs)
    assert status == 400
    return str(body["code"])


def test_a_handler_sees_what_the_stages_have_read(simulation: Simulation) -> None:
    assert answer(simulation, "POST", "/echo/x", "a=1&b=%20", b'{"c":1.50}') == (
        200,
        {"path": {"name": "x"}, "query": {"a": "1", "b": " "}, "body": {"c": "1.50"}},
    )


def test_a_get_has_no_body_and_a_call_without_query_none(simulation: Simulation) -> None:
    assert answer(simulation, "GET", "/echo/x", body=b"{") == (200, {"path": {"name": "x"}, "query": {}, "body": None})


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("GET", "/nothing", b"", "ROUTE_UNKNOWN"),
        ("PUT", "/echo/x", b"", "METHOD_NOT_ALLOWED"),
        ("POST", "/echo/x", b"", "BODY_EMPTY"),
        ("POST", "/echo/x", b" \t\r\n", "BODY_EMPTY"),
        ("POST", "/echo/x", b"{", "BODY_NOT_JSON"),
        ("GET", "/fail", b"", "INSUFFICIENT_FUNDS"),
    ],
)
def test_a_fault_from_anywhere_is_rendered_by_the_venues_table(
    simulation: Simulation, method: str, path: str, body: bytes, kind: str
) -> None:
    assert code(simulation, method, path, body=body) == kind


def test_a_fault_is_rendered_with_what_it_quotes_and_also_before_the_route_is_known(simulation: Simulation) -> None:
    assert answer(simulation, "GET", "/fail")[1] == {
        "code": "INSUFFICIENT_FUNDS",
        "text": "INSUFFICIENT_FUNDS size",
        "routed": True,
    }
    assert answer(simulation, "GET", "/nothing")[1]["routed"] is False


@pytest.mark.parametrize(
    ("stages", "kind"),
    [((find_route, read_json_body, read_query), "BODY_EMPTY"), ((find_route, read_query, read_json_body), "PARAM_FORMAT")],
)
def test_of_two_faults_the_one_of_the_earlier_stage_wins(stages: tuple[Any, ...], kind: str) -> None:
    simulation = make_simulation(make_venue(ROUTES, stages))

    assert code(simulation, "POST", "/echo/x", "&" * 5_000) == kind


def test_a_stage_that_fails_keeps_the_handler_out() -> None:
    handled: list[Call] = []

    def never(call: Call) -> None:
        raise ApiFault(FaultKind.PERMISSION_DENIED)

    def note(call: Call) -> WireResponse:
        handled.append(call)
        return WireResponse(200, b"{}")

    route = Route(method="GET", path="/x", handler=note)
    assert code(make_simulation(make_venue((route,), (find_route, never))), "GET", "/x") == "PERMISSION_DENIED"
    assert handled == []


def test_a_route_that_is_switched_off_says_so_and_its_other_methods_do_not(simulation: Simulation) -> None:
    simulation.desk.closed_routes.add(("GET", "/echo/{name}"))

    assert code(simulation, "GET", "/echo/x") == "ROUTE_OFF"
    assert answer(simulation, "POST", "/echo/x", body=b"{}")[0] == 200


def test_a_request_that_could_not_enter_is_answered_by_the_venue_too(simulation: Simulation) -> None:
    response = simulation.refuse(request("POST", "/echo/x"), ApiFault(FaultKind.BODY_TOO_LARGE))

    assert (response.status, json.loads(response.body)["code"]) == (400, "BODY_TOO_LARGE")


def test_a_bug_is_not_mistaken_for_a_clients_fault() -> None:
    def broken(call: Call) -> WireResponse:
        raise AssertionError("an invariant")

    simulation = make_simulation(make_venue((Route(method="GET", path="/x", handler=broken),)))

    with pytest.raises(AssertionError, match="an invariant"):
        simulation.handle(request("GET", "/x"))


def test_a_public_route_that_asks_for_its_account_is_a_bug() -> None:
    venue = make_venue((Route(method="GET", path="/x", handler=lambda call: WireResponse(200, call.account_id.encode())),))

    with pytest.raises(AssertionError, match="public route"):
        make_simulation(venue).handle(request("GET", "/x"))


# --- limits


def test_a_limit_is_counted_per_subject_in_virtual_time(simulation: Simulation) -> None:
    assert [answer(simulation, "GET", "/limited")[0] for _ in range(3)] == [200, 200, 400]
    assert code(simulation, "GET", "/limited") == "RATE_LIMITED"

    simulation.clock.advance(10**9)
    assert answer(simulation, "GET", "/limited")[0] == 200


def test_limits_may_be_off() -> None:
    simulation = make_simulation(make_venue(ROUTES), limits=False)

    assert [answer(simulation, "GET", "/limited")[0] for _ in range(5)] == [200] * 5


# --- planned faults


def plan(simulation: Simulation, code: str, *, executed: bool = False, times: int = 1, **where: str) -> None:
    what = {"action": "error", "code": code, "executed": executed}
    simulation.desk.chaos.add([{"where": where, "when": {"times": times}, "what": what}], seed=1)


def fired(simulation: Simulation) -> list[int]:
    return [rule.fired for rule in simulation.desk.chaos.rules]


def test_a_planned_fault_takes_the_place_of_the_handler() -> None:
    handled: list[str] = []

    def note(call: Call) -> WireResponse:
        handled.append(call.request.path)
        return WireResponse(200, b"{}")

    simulation = make_simulation(make_venue((Route(method="GET", path="/x", handler=note),)))
    plan(simulation, "INTERNAL")
    plan(simulation, "MAINTENANCE", executed=True)

    assert [code(simulation, "GET", "/x") for _ in range(2)] == ["INTERNAL", "MAINTENANCE"]
    assert handled == ["/x"], "only the executed one was carried out"
    assert answer(simulation, "GET", "/x")[0] == 200


def test_an_executed_fault_replaces_also_the_answer_of_a_call_that_fails(simulation: Simulation) -> None:
    plan(simulation, "INTERNAL", executed=True)

    assert code(simulation, "GET", "/fail") == "INTERNAL"


@pytest.mark.parametrize(
    ("where", "meets"),
    [
        ({}, True),
        ({"route": "*"}, True),
        ({"route": "GET *"}, True),
        ({"route": "POST *"}, False),
        ({"route": "/echo/{name}"}, True),
        ({"route": "get /echo/{name}"}, True),
        ({"route": "/echo/*"}, True),
        ({"route": "/fail"}, False),
        ({"account": "alice"}, False),
    ],
    ids=str,
)
def test_a_planned_fault_meets_the_calls_that_it_is_narrowed_to(
    simulation: Simulation, where: dict[str, str], meets: bool
) -> None:
    plan(simulation, "INTERNAL", **where)

    status, _ = answer(simulation, "GET", "/echo/x")

    assert (status == 400) is meets
    assert fired(simulation) == [int(meets)]


def test_a_fault_that_a_stage_finds_uses_up_no_plan(simulation: Simulation) -> None:
    plan(simulation, "INTERNAL")

    assert code(simulation, "POST", "/echo/x", body=b"{") == "BODY_NOT_JSON"
    assert code(simulation, "POST", "/echo/x", body=b"{}") == "INTERNAL"


def test_plans_are_tried_in_order_and_counted_down(simulation: Simulation) -> None:
    plan(simulation, "INTERNAL", times=2)
    plan(simulation, "MAINTENANCE", times=2)

    assert [code(simulation, "GET", "/echo/x") for _ in range(4)] == ["INTERNAL"] * 2 + ["MAINTENANCE"] * 2
    assert answer(simulation, "GET", "/echo/x")[0] == 200


def test_equal_plans_are_two_plans(simulation: Simulation) -> None:
    for _ in range(2):
        plan(simulation, "INTERNAL")

    assert code(simulation, "GET", "/echo/x") == "INTERNAL"
    assert fired(simulation) == [1, 0]


def test_a_venue_without_routes_finds_none() -> None:
    assert code(make_simulation(make_venue(routes=())), "GET", "/") == "ROUTE_UNKNOWN"
    assert RouteTable(()).routes == ()


def test_a_response_is_known_by_the_tables_code_or_by_the_one_that_the_venue_has_chosen() -> None:
    def render(call: Call, fault: ApiFault, error: WireError) -> WireResponse:
        return WireResponse(400, b"{}", error="the other" if call.route else None)

    simulation = make_simulation(make_venue(ROUTES, render_fault=render))

    assert simulation.handle(request("GET", "/nothing")).error == "ROUTE_UNKNOWN"
    assert simulation.handle(request("GET", "/fail")).error == "the other"


def test_a_call_knows_what_its_limit_has_said() -> None:
    left: list[int | None] = []

    def look(call: Call) -> WireResponse:
        left.append(None if call.verdict is None else call.verdict.remaining)
        charge(call, RULE, "everybody")
        left.append(None if call.verdict is None else call.verdict.remaining)
        return WireResponse(200, b"{}")

    make_simulation(make_venue((Route(method="GET", path="/look", handler=look),))).handle(request("GET", "/look"))

    assert left == [None, 1]
