"""Instruments, planned faults, routes and conditions in an operator's hands."""

from __future__ import annotations

import pytest

from mockex.core.rejects import RejectReason
from mockex.operator import instruments, orders, overview, service
from mockex.operator.refusals import NotFoundError, OperatorError, RefusedError
from mockex.simulation import Simulation
from mockex.wire.messages import WireRequest
from mockex.world import SimulatedWorld

INSTRUMENTS_PATH = "/api/spot/v3/instruments"
BOOK_PATH = "/api/spot/v3/instruments/{instrument_id}/book"


def get(simulation: Simulation, path: str) -> tuple[int, bytes]:
    response = simulation.handle(WireRequest("GET", path, "", {}, b"", "127.0.0.1"))
    return response.status, response.body


def test_an_instrument_shows_its_grid_and_best_prices(simulation: Simulation) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000.5", qty="0.01")
    orders.place(simulation, account="bob", symbol="BTC-JPY", side="buy", price="5000000.5", qty="0.004")
    orders.place(simulation, account="bob", symbol="BTC-JPY", side="buy", price="4999999", qty="0.01")
    assert instruments.get_instrument(simulation, "BTC-JPY") == {
        "symbol": "BTC-JPY",
        "base": "BTC",
        "quote": "JPY",
        "tick_size": "0.1",
        "lot_size": "0.00000001",
        "min_qty": "0.001",
        "max_qty": None,
        "phase": "continuous",
        "best_bid": "4999999",
        "best_ask": "5000000.5",
        "last_price": "5000000.5",
    }
    assert [each["symbol"] for each in instruments.list_instruments(simulation)][:2] == ["BTC-JPY", "ETH-JPY"]


@pytest.mark.parametrize(
    ("phase", "order", "reason"),
    [
        ("halted", {"price": "5000000", "qty": "0.01"}, RejectReason.INSTRUMENT_HALTED),
        ("call_auction", {"qty": "0.01"}, RejectReason.AUCTION_LIMIT_ONLY),
        ("price_discovery", {"price": "5000000", "qty": "0.01"}, RejectReason.AUCTION_MARKET_ONLY),
    ],
)
def test_a_phase_decides_what_an_instrument_takes(simulation: Simulation, unchanged, phase, order, reason) -> None:
    assert instruments.set_phase(simulation, "BTC-JPY", phase)["phase"] == phase
    with unchanged(), pytest.raises(RefusedError) as refused:
        orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", **order)
    assert refused.value.reason is reason
    assert instruments.resume(simulation, "BTC-JPY")["phase"] == "continuous"
    assert orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="9000000", qty="0.01")


def test_a_halt_keeps_resting_orders_and_takes_cancels(simulation: Simulation) -> None:
    order = orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="9000000", qty="0.01")
    instruments.halt(simulation, "BTC-JPY")
    assert instruments.book(simulation, "BTC-JPY")["asks"] == [{"price": "9000000", "qty": "0.01", "orders": 1}]
    assert orders.cancel(simulation, order["order_id"])["status"] == "cancelled"


def test_an_unknown_phase_or_instrument_changes_nothing(simulation: Simulation, unchanged) -> None:
    with unchanged(), pytest.raises(OperatorError, match="continuous, halted, call_auction, price_discovery, not 'shut'"):
        instruments.set_phase(simulation, "BTC-JPY", "shut")
    with unchanged(), pytest.raises(NotFoundError, match="has no instrument 'X'"):
        instruments.halt(simulation, "X")
    with pytest.raises(OperatorError, match="depth is 1 to 1000"):
        instruments.book(simulation, "BTC-JPY", 0)


def test_a_planned_fault_answers_the_next_matching_calls_with_the_venues_error(simulation: Simulation) -> None:
    planned = service.plan_fault(simulation, code="30030", path=INSTRUMENTS_PATH, times=2)
    assert (planned["times"], planned["path"]) == (2, INSTRUMENTS_PATH)
    assert get(simulation, "/api/spot/v3/instruments/BTC-JPY/book")[0] == 200  # another route
    for left in (1, 0):
        status, body = get(simulation, INSTRUMENTS_PATH)
        assert status == simulation.venue.errors_by_code["30030"].status
        assert b"30030" in body
        assert [fault["times"] for fault in service.list_faults(simulation)] == [left] * (left > 0)
    assert get(simulation, INSTRUMENTS_PATH)[0] == 200


def test_a_fault_may_name_a_path_that_a_template_serves(simulation: Simulation) -> None:
    planned = service.plan_fault(simulation, code="30030", method="get", path="/api/spot/v3/instruments/BTC-JPY/book")
    assert planned["method"] == "GET"
    assert planned["path"] == BOOK_PATH
    assert service.clear_faults(simulation) == [planned]
    assert service.list_faults(simulation) == []


def test_a_fault_may_wait_for_an_operation_on_a_websocket(simulation: Simulation) -> None:
    assert service.plan_fault(simulation, code="30030", method="ws", path="login")["method"] == "WS"
    assert get(simulation, INSTRUMENTS_PATH)[0] == 200


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"code": "99999999"}, "has no error code '99999999'"),
        ({"code": "30030", "times": 0}, "times is 1 to"),
        ({"code": "30030", "path": "/nowhere"}, "has no route /nowhere"),
        ({"code": "30030", "path": INSTRUMENTS_PATH, "method": "DELETE"}, "it takes GET"),
        ({"code": "30030", "method": "BREW"}, "no route of method BREW"),
        ({"code": "30030", "account": "carol"}, "no account 'carol'"),
    ],
)
def test_a_fault_that_can_never_happen_is_not_planned(simulation: Simulation, unchanged, fault, says) -> None:
    with unchanged(), pytest.raises(OperatorError, match=says):
        service.plan_fault(simulation, **fault)


def test_maintenance_is_shown_while_it_lasts(simulation: Simulation) -> None:
    service.set_maintenance(simulation, on=True)
    assert overview.venue_state(simulation)["in_maintenance"]
    service.set_maintenance(simulation, on=False)
    assert not overview.venue_state(simulation)["in_maintenance"]


def test_a_closed_route_answers_that_it_is_off_and_its_neighbours_do_not(simulation: Simulation, unchanged) -> None:
    (closed,) = service.set_route(simulation, path=INSTRUMENTS_PATH, open_=False)
    assert closed == {"method": "GET", "path": INSTRUMENTS_PATH, "permission": None, "open": False}
    assert get(simulation, INSTRUMENTS_PATH)[0] != 200
    assert get(simulation, "/api/spot/v3/instruments/BTC-JPY/book")[0] == 200
    (opened,) = service.set_route(simulation, path=INSTRUMENTS_PATH, open_=True, method="get")
    assert opened["open"]
    assert get(simulation, INSTRUMENTS_PATH)[0] == 200
    with unchanged(), pytest.raises(NotFoundError, match="has no route /nowhere; list the routes"):
        service.set_route(simulation, path="/nowhere", open_=False)


def test_a_condition_that_the_venue_knows_goes_on_and_off(simulation: Simulation, unchanged) -> None:
    flag = next(iter(simulation.venue.account_flags))
    on = service.set_flag(simulation, flag, on=True, account="alice")
    assert [view["flag"] for view in on if view["on"]] == [flag]
    assert simulation.desk.flagged("alice", flag)
    assert not simulation.desk.flagged("bob", flag)
    service.set_flag(simulation, flag, on=False, account="alice")
    assert not simulation.desk.flagged("alice", flag)
    with unchanged(), pytest.raises(OperatorError, match="has no flag 'bad_hair'; it has"):
        service.set_flag(simulation, "bad_hair", on=True)


def test_the_state_counts_what_there_is(world: SimulatedWorld, simulation: Simulation) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="9000000", qty="0.01")
    state = overview.world_state(world)
    assert (state["now"], state["seed"], state["market"]) == ("2026-01-01T00:00:00.000Z", 7, "quiet")
    venue = state["venues"]["okcoinjp"]
    assert (venue["accounts"], venue["live_orders"], venue["profile"], venue["limits_enabled"]) == (2, 1, "documented", False)


def test_broken_books_are_reported_in_words(simulation: Simulation) -> None:
    assert overview.check_invariants(simulation)["ok"]
    whole = overview.check_invariants(simulation)["digest"]
    simulation.desk.exchange.accounts["alice"].wallets[simulation.venue.demo_wallets[0]]["BTC"].total += 1
    broken = overview.check_invariants(simulation)
    assert not broken["ok"]
    assert "BTC is not conserved: 1 atoms too many" in broken["violations"]
    assert broken["digest"] != whole
