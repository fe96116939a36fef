"""Conditional orders in the hands of an operator."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from mockex.core.commands import PlaceConditional, PlaceOrder
from mockex.core.invariants import violations
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger
from mockex.core.rejects import RejectReason
from mockex.operator import conditionals, orders
from mockex.operator.refusals import NotFoundError, OperatorError, RefusedError
from mockex.server.control import PREFIX, Control
from mockex.server.runner import Server, ServerSettings
from mockex.simulation import Simulation
from mockex.wire.messages import WireRequest
from mockex.world import WorldSettings


def place(simulation: Simulation, name: str, *, symbol: str = "BTC-JPY", side: Side = Side.SELL, **terms: Any) -> str:
    """Of alice's: at a last price of 4,500,000 or less a sale of 0.01 for 4,000,000, or what `terms` say. Its id."""
    instrument = simulation.desk.exchange.markets[symbol].instrument
    trail_ppm = terms.pop("trail_ppm", None)
    sizes = {} if "budget" in terms else {"order_qty": int(Decimal("0.01") / instrument.qty_scale.increment)}
    limit = terms.pop("price", 4_000_000)
    order = PlaceOrder(
        account_id="alice",
        symbol=symbol,
        side=side,
        order_type=OrderType.LIMIT if limit else OrderType.MARKET,
        limit_price=int(limit / instrument.price_scale.increment) if limit else None,
        client_id=name,
        **sizes,
        **terms,
    )
    trigger = StopTrigger(int(4_500_000 / instrument.price_scale.increment), StopDirection.AT_OR_BELOW)
    events = simulation.desk.execute(PlaceConditional(order=order, trigger=trigger, trail_ppm=trail_ppm))
    return str(events[0].conditional.order_id)


def trade_at(simulation: Simulation, price: str) -> None:
    for side in ("buy", "sell"):
        orders.place(simulation, account="bob", symbol="BTC-JPY", side=side, price=price, qty="0.001")


def test_one_that_waits_is_seen_with_all_its_terms(simulation: Simulation) -> None:
    number = place(simulation, "mine", trail_ppm=12_500)

    (seen,) = conditionals.list_conditionals(simulation)

    assert seen == conditionals.get(simulation, number)
    assert seen == {
        "conditional_id": number, "client_id": "mine", "account": "alice", "symbol": "BTC-JPY", "side": "sell",
        "type": "limit", "time_in_force": "gtc", "post_only": False, "price": "4000000", "qty": "0.01", "notional": None,
        "trigger": {"price": "4500000", "direction": "at_or_below", "triggered": None}, "trailing_rate": "0.0125",
        "status": "waiting", "order_id": None, "failure": None,
        "created": "2026-01-01T00:00:00.000Z", "updated": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip


def test_one_that_is_cancelled_waits_no_more_and_cannot_be_cancelled_twice(simulation: Simulation, unchanged: Any) -> None:
    with unchanged():
        number = place(simulation, "mine")
        assert conditionals.cancel(simulation, number)["status"] == "cancelled"
    with unchanged(), pytest.raises(RefusedError, match="is cancelled already") as refused:
        conditionals.cancel(simulation, number)

    assert refused.value.reason is RejectReason.ORDER_CANCELLED
    assert conditionals.list_conditionals(simulation) == []
    assert conditionals.list_conditionals(simulation, status="cancelled") == [conditionals.get(simulation, number)]


def test_one_whose_trigger_has_come_tells_when_and_what_became_of_it(simulation: Simulation) -> None:
    placed, refused = place(simulation, "placed"), place(simulation, "refused", side=Side.BUY, price=None, budget=10**25)
    trade_at(simulation, "4400000")

    seen = conditionals.get(simulation, placed)
    assert (seen["status"], seen["trigger"]["triggered"]) == ("triggered", "2026-01-01T00:00:00.000Z")
    assert seen["order_id"] is not None
    assert orders.get(simulation, seen["order_id"])["client_id"] == "placed"
    failed = conditionals.get(simulation, refused)
    assert (failed["status"], failed["order_id"], failed["failure"]) == ("failed", None, "insufficient_funds")
    with pytest.raises(OperatorError, match=f"cancel the order {seen['order_id']} that it became"):
        conditionals.cancel(simulation, placed)
    with pytest.raises(OperatorError, match="the exchange has refused the order"):
        conditionals.cancel(simulation, refused)
    assert violations(simulation.desk.exchange) == []


def test_they_are_listed_newest_first_by_account_instrument_and_status(simulation: Simulation) -> None:
    first, second, third = (place(simulation, name) for name in ("1", "2", "3"))
    other = place(simulation, "4", symbol="ETH-JPY", price=300_000)
    conditionals.cancel(simulation, second)

    def listed(**how: Any) -> list[str]:
        return [each["conditional_id"] for each in conditionals.list_conditionals(simulation, **how)]

    assert listed() == [other, third, first]
    assert listed(symbol="BTC-JPY", account="alice") == [third, first]
    assert listed(status="all", limit=3) == [other, third, second]
    assert listed(account="bob") == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"status": "live"}, "status is one of waiting, triggered, failed, cancelled, all, not 'live'"),
        ({"limit": 0}, "limit is 1 to 1000, not 0"),
        ({"account": "zed"}, "zed"),
        ({"symbol": "X-Y"}, "X-Y"),
    ],
)
def test_a_list_that_cannot_be_is_refused_in_words(simulation: Simulation, how: dict[str, Any], says: str) -> None:
    with pytest.raises(OperatorError, match=says):
        conditionals.list_conditionals(simulation, **how)


@pytest.mark.parametrize("number", ["7", "x", "-1", "٣", "9" * 50])
def test_one_that_does_not_exist_is_not_found(simulation: Simulation, number: str) -> None:
    place(simulation, "mine")
    with pytest.raises(NotFoundError, match="has no conditional order"):
        conditionals.cancel(simulation, number)


def test_the_control_api_lists_shows_and_cancels_them(world_settings: WorldSettings) -> None:
    server = Server(ServerSettings(world=world_settings, clock="frozen"))
    number = place(server.world.simulations["okcoinjp"], "mine")
    control = Control(server)

    def ask(method: str, path: str) -> tuple[int, Any]:
        response = control.handle(
            WireRequest(method, f"{PREFIX}/venues/okcoinjp/conditional-orders{path}", "", {}, b"", "127.0.0.1")
        )
        return response.status, json.loads(response.body)

    status, answer = ask("GET", "")
    assert (status, [each["conditional_id"] for each in answer["conditional_orders"]]) == (200, [number])
    assert ask("GET", f"/{number}") == (200, answer["conditional_orders"][0])
    assert ask("DELETE", f"/{number}")[1]["status"] == "cancelled"
    status, refused = ask("DELETE", f"/{number}")
    assert (status, refused["error"]["reason"]) == (409, "order_cancelled")
    assert ask("GET", "/7")[0] == 404
