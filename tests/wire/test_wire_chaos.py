"""When rules of a fault plan strike, and what they make of requests and pushes, without a socket and any venue's dialect."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fanout_rig import TRADES, heard
from wire_rig import MS, make_simulation, make_venue, request

from mockex.core.commands import PlaceOrder
from mockex.core.orders import OrderType, Side
from mockex.simulation import Simulation
from mockex.wire import chaos
from mockex.wire.chaos import pushes
from mockex.wire.chaos.actions import ACTIONS
from mockex.wire.chaos.reading import FaultPlanError
from mockex.wire.chaos.requests import Cut, Reply
from mockex.wire.connections import CloseOrder, Connection, SlowReaderRule
from mockex.wire.desk import Desk
from mockex.wire.fanout import EventFeed
from mockex.wire.messages import TEXT, Frame, WireResponse
from mockex.wire.pipeline import Call, serve
from mockex.wire.routing import Route
from mockex.wire.venue import SocketSpec

SYMBOL = "AAA-BBB"
CHANNEL = f"trades:{SYMBOL}"


def encode(payload: bytes) -> Frame:
    return Frame.of(payload, TEXT)


def on_message(desk: Desk, connection: Connection, message: str | bytes) -> None:
    """Every message is the name of an operation."""
    operation = message if isinstance(message, str) else message.decode()
    failure = desk.operate(connection, operation, lambda: connection.send(encode(f"did {operation}".encode())))
    if failure is not None:
        connection.send(encode(failure.encode()))


SOCKET = SocketSpec(
    paths=("/ws",),
    encode=encode,
    on_message=on_message,
    slow_reader=SlowReaderRule(10**6, CloseOrder(4002, "")),
    operations=("hello", "help"),
    channels=lambda desk: (CHANNEL, "quotes:*"),
    corrupt_checksum=lambda payload: payload + b"!" if payload.endswith(b"3") else None,
)


def answer(call: Call) -> WireResponse:
    return WireResponse(200, json.dumps(call.desk.clock.now_ns()).encode())


def broken(call: Call) -> WireResponse:
    raise RuntimeError("the handler is broken")


ROUTES = (
    Route(method="GET", path="/x", handler=answer),
    Route(method="POST", path="/x", handler=answer),
    Route(method="GET", path="/x/{name}", handler=answer),
    Route(method="GET", path="/broken", handler=broken),
)


@pytest.fixture
def simulation() -> Simulation:
    return make_simulation(make_venue(ROUTES, sockets={"main": SOCKET}))


def plan(simulation: Simulation, *rules: dict[str, Any], seed: int = 1) -> None:
    simulation.desk.chaos.add(rules, seed=seed)


def rule(
    action: str, when: dict[str, Any] | None = None, where: dict[str, Any] | None = None, **arguments: Any
) -> dict[str, Any]:
    return {"where": where or {}, "when": when or {}, "what": {"action": action, **arguments}}


def counts(simulation: Simulation) -> list[tuple[int, int]]:
    return [(each.matched, each.fired) for each in simulation.desk.chaos.rules]


def ask(simulation: Simulation, method: str = "GET", path: str = "/x") -> Reply:
    return serve(Call(simulation.desk, request(method, path)))


def fate(reply: Reply) -> object:
    return reply.cut or (None if reply.response is None else reply.response.status)


def fates(simulation: Simulation, count: int) -> list[object]:
    return [fate(ask(simulation)) for _ in range(count)]


# --- when


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 3}, [3]),
        ({"first": 2}, [1, 2]),
        ({"after": 4}, [5, 6]),
        ({"after": 0, "times": 2}, [1, 2]),
        ({"every": 2}, [2, 4, 6]),
        ({"every": 2, "times": 2}, [2, 4]),
        ({"percent": "100"}, [1, 2, 3, 4, 5, 6]),
    ],
    ids=str,
)
def test_a_rule_strikes_at_the_matches_that_it_asks_for(
    simulation: Simulation, when: dict[str, Any], struck: list[int]
) -> None:
    plan(simulation, rule("http_error", when))

    statuses = fates(simulation, 6)

    assert [number for number, status in enumerate(statuses, 1) if status == 502] == struck
    assert counts(simulation) == [(6, len(struck))]


def test_every_rule_counts_though_another_strikes_first(simulation: Simulation) -> None:
    plan(simulation, rule("http_error", {"every": 2}), rule("reset", {"every": 3}), rule("http_error", {"nth": 3}, status=599))

    assert fates(simulation, 6) == [200, 502, Cut.RESET, 502, 200, 502]
    assert counts(simulation) == [(6, 3), (6, 1), (6, 0)]


def test_a_rule_that_came_too_late_has_its_times_left(simulation: Simulation) -> None:
    plan(simulation, rule("http_error", {"times": 1}), rule("reset", {"times": 1}))

    assert fates(simulation, 3) == [502, Cut.RESET, 200]


def test_a_share_is_drawn_from_the_rules_own_generator(simulation: Simulation) -> None:
    share = rule("http_error", {"percent": "12.5"})
    plan(simulation, {**share, "name": "a"}, seed=9)
    alone = fates(simulation, 800)
    assert 60 < alone.count(502) < 140

    crowded = make_simulation(make_venue(ROUTES))
    plan(crowded, {**rule("reset", {"percent": "40", "times": 1}), "name": "b"}, {**share, "name": "a"}, seed=9)
    differing = [pair for pair in zip(alone, fates(crowded, 800), strict=True) if pair[0] != pair[1]]
    assert [other for _, other in differing] == [Cut.RESET], "another rule takes none of its draws"


def test_other_seeds_and_other_names_draw_otherwise() -> None:
    seen = []
    for seed, name in ((1, "a"), (2, "a"), (1, "b"), (1, "a")):
        fresh = make_simulation(make_venue(ROUTES))
        plan(fresh, {**rule("http_error", {"percent": "50"}), "name": name}, seed=seed)
        seen.append(fates(fresh, 64))
    assert seen[0] == seen[3]
    assert seen[0] != seen[1] != seen[2] != seen[0]


@pytest.mark.parametrize(
    ("route", "met"),
    [
        ("GET /x", ["GET /x"]),
        ("get /x", ["GET /x"]),
        ("/x", ["GET /x", "POST /x"]),
        ("* /x", ["GET /x", "POST /x"]),
        ("GET *", ["GET /x", "GET /x/y"]),
        ("/x/{name}", ["GET /x/y"]),
        ("/x*", ["GET /x", "POST /x", "GET /x/y"]),
    ],
)
def test_a_route_is_a_template_with_or_without_a_method(simulation: Simulation, route: str, met: list[str]) -> None:
    plan(simulation, rule("http_error", where={"route": route}))

    targets = ("GET /x", "POST /x", "GET /x/y")

    assert [target for target in targets if fate(ask(simulation, *target.split(" "))) == 502] == met


@pytest.mark.parametrize("route", ["/x/y", "/X", "PUT /x", "/x?", "[/]x"])
def test_a_route_that_no_template_fits_is_refused(simulation: Simulation, route: str) -> None:
    with pytest.raises(FaultPlanError, match="has no route"):
        plan(simulation, rule("reset", where={"route": route}))
    assert not simulation.desk.watched


def test_the_reference_names_every_action_and_argument() -> None:
    reference = (chaos.__doc__ or "").partition("what (")[2]

    for action, spec in ACTIONS.items():
        found = re.search(rf"\b{action.value}\b(?: \{{(.*?)\}})?", reference)
        assert found is not None, action
        arguments = [name if argument.required else f"{name}?" for name, argument in spec.takes.items()]
        assert (found[1] or "") == ", ".join(arguments)


# --- replies


def test_late_replies_settle_in_their_own_order(simulation: Simulation) -> None:
    plan(
        simulation, rule("delay", {"nth": 1}, ms=30), rule("delay_before", {"nth": 2}, ms=10), rule("delay", {"nth": 3}, ms=10)
    )
    settled: list[str] = []
    for name in ("first", "second", "third"):
        ask(simulation).when_settled(lambda reply, name=name: settled.append(f"{name} {reply.response.body.decode()}"))

    simulation.clock.advance_to(9 * MS)
    assert settled == []
    simulation.clock.advance_to(100 * MS)

    assert settled == [f"second {10 * MS}", "third 0", "first 0"]
    assert len(simulation.desk.chaos.replies) == 0


def test_a_handler_that_fails_late_leaves_nobody_waiting(simulation: Simulation) -> None:
    plan(simulation, rule("delay_before", ms=1))
    reply = ask(simulation, "GET", "/broken")

    with pytest.raises(RuntimeError, match="the handler is broken"):
        simulation.clock.advance_to(MS)

    assert reply.cut is Cut.RESET


def test_the_end_of_a_world_settles_everything_and_carries_out_nothing_more(simulation: Simulation) -> None:
    plan(simulation, rule("delay", {"nth": 1}, ms=1), rule("delay_before", {"nth": 2}, ms=1))
    replies = [ask(simulation), ask(simulation, "GET", "/broken")]

    simulation.desk.chaos.retire()
    simulation.clock.advance_to(MS)

    assert [(reply.cut, reply.response) for reply in replies] == [(Cut.RESET, None)] * 2
    assert not simulation.desk.watched


# --- operations


@pytest.mark.parametrize(
    ("what", "said", "closing"),
    [
        (rule("error", where={"operation": "hel*"}, code="INTERNAL"), ["INTERNAL"], None),
        (rule("error", where={"operation": "hello"}, code="INTERNAL", executed=True), ["did hello", "INTERNAL"], None),
        (rule("error", code="INTERNAL"), ["INTERNAL"], None),
        (rule("error", where={"operation": "help"}, code="INTERNAL"), ["did hello"], None),
        (rule("error", where={"route": "*"}, code="INTERNAL"), ["did hello"], None),
        (rule("close", where={"operation": "hello"}), [], CloseOrder(1011, "")),
        (rule("close", where={"operation": "*"}, before=False, code=4001, reason="x"), ["did hello"], CloseOrder(4001, "x")),
    ],
    ids=str,
)
def test_an_operation_meets_the_rules_about_it(
    simulation: Simulation, what: dict[str, Any], said: list[str], closing: CloseOrder | None
) -> None:
    plan(simulation, what)
    connection = simulation.open_connection("main", "127.0.0.1", lambda _: None)

    simulation.receive(connection, "hello")

    assert (heard(connection), connection.closing) == (said, closing)


# --- pushes


def listen(simulation: Simulation) -> Connection:
    connection = simulation.open_connection("main", "127.0.0.1", lambda _: None)

    def make_feed() -> EventFeed:
        return EventFeed(TRADES, render=lambda event: str(event.price).encode())

    simulation.desk.hub.subscribe(connection, CHANNEL, make_feed, encode, name=CHANNEL)
    return connection


def trade(simulation: Simulation, *prices: int) -> None:
    for price in prices:
        for who, side in (("bob", Side.SELL), ("alice", Side.BUY)):
            command = PlaceOrder(
                account_id=who, symbol=SYMBOL, side=side, order_type=OrderType.LIMIT, limit_price=price, order_qty=1
            )
            simulation.desk.execute(command)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule("drop", {"nth": 2}), rule("duplicate", {"nth": 2})], ["1", "3", "4"]),
        ([rule("reorder", {"nth": 1}), rule("drop", {"nth": 2})], ["3", "1", "4"]),
        ([rule("reorder", {"nth": 1}), rule("duplicate", {"nth": 2})], ["2", "2", "1", "3", "4"]),
        ([rule("reorder", {"nth": 4})], ["1", "2", "3"]),
        ([rule("corrupt_checksum")], ["1", "2", "3!", "4"]),
        ([rule("corrupt_checksum", {"nth": 2})], ["1", "2", "3", "4"]),
        ([rule("delay", {"nth": 3}, {"channel": CHANNEL}, ms=5)], ["1", "2"]),
        ([rule("close", {"nth": 2}, {"channel": CHANNEL})], ["1"]),
        ([rule("close", {"nth": 2}, before=False)], ["1", "2"]),
        ([rule("drop", where={"channel": "quotes:*"})], ["1", "2", "3", "4"]),
    ],
    ids=str,
)
def test_pushes_meet_the_rules_about_them(simulation: Simulation, rules: list[dict[str, Any]], said: list[str]) -> None:
    plan(simulation, *rules)
    connection = listen(simulation)

    trade(simulation, 1, 2, 3, 4)

    assert heard(connection) == said


def test_a_swapped_push_waits_with_its_successor_if_that_is_late(simulation: Simulation) -> None:
    plan(simulation, rule("reorder", {"nth": 1}), rule("delay", {"nth": 2}, {"channel": CHANNEL}, ms=5))
    connection = listen(simulation)

    trade(simulation, 1, 2, 3)
    assert heard(connection) == []
    simulation.clock.advance_to(5 * MS)

    assert heard(connection) == ["2", "1", "3"]


def test_a_push_that_leaves_late_may_close_the_connection_over_it(simulation: Simulation) -> None:
    plan(simulation, rule("delay", {"nth": 1}, {"channel": CHANNEL}, ms=5), rule("close", {"nth": 2}, before=False))
    connection = listen(simulation)

    trade(simulation, 1, 2, 3)
    assert connection.closing is None
    simulation.clock.advance_to(5 * MS)

    assert (heard(connection), connection.closing) == (["1", "2"], CloseOrder(1011, ""))


def test_a_line_holds_only_so_much_and_lets_go_of_the_oldest(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushes, "MAX_HELD", 3)
    plan(simulation, rule("delay", where={"channel": CHANNEL}, ms=5))
    connection = listen(simulation)

    trade(simulation, 1, 2, 3, 4, 5)

    assert heard(connection) == ["1", "2"]
    simulation.clock.advance_to(5 * MS)
    assert heard(connection) == ["3", "4", "5"]


def test_nothing_is_left_of_a_connection_that_is_gone(simulation: Simulation) -> None:
    plan(simulation, rule("delay", {"nth": 1}, {"channel": CHANNEL}, ms=5), rule("stall", {"nth": 1}, ms=5))
    late, stalled = listen(simulation), listen(simulation)
    trade(simulation, 1)
    assert (late.stalled, stalled.stalled) == (False, True)
    pending = simulation.clock.pending_count

    for connection in (late, stalled):
        simulation.close_connection(connection)

    assert simulation.clock.pending_count == pending - 2
    simulation.clock.advance_to(5 * MS)


def test_a_stall_that_lasts_is_not_begun_again(simulation: Simulation) -> None:
    plan(simulation, rule("stall", where={"channel": CHANNEL}, ms=5))
    connection = listen(simulation)

    trade(simulation, 1, 2, 3)
    assert counts(simulation) == [(3, 1)]
    simulation.clock.advance_to(5 * MS)
    assert not connection.stalled
    trade(simulation, 4)

    assert counts(simulation) == [(4, 2)]
    assert connection.stalled
