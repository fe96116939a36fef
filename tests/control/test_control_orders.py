"""Orders that an operator places for any account."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mockex.core import invariants
from mockex.core.commands import PlaceOrder
from mockex.core.orders import OrderType, Side, StopDirection, StopTrigger
from mockex.core.rejects import RejectReason
from mockex.operator import instruments, orders
from mockex.operator.refusals import NotFoundError, OperatorError, RefusedError
from mockex.simulation import Simulation


def test_a_limit_order_rests_in_the_book_and_holds_its_worst_cost(simulation: Simulation) -> None:
    order = orders.place(simulation, account="alice", symbol="BTC-JPY", side="buy", price="5000000", qty="0.01")
    assert order == {
        "order_id": "2510789768709120",
        "client_id": None,
        "account": "alice",
        "symbol": "BTC-JPY",
        "side": "buy",
        "type": "limit",
        "time_in_force": "gtc",
        "post_only": False,
        "price": "5000000",
        "qty": "0.01",
        "notional": None,
        "trigger": None,
        "filled_qty": "0",
        "filled_notional": "0",
        "remaining_qty": "0.01",
        "status": "open",
        "cancel_reason": None,
        "position": None,
        "fills": [],
        "created": "2026-01-01T00:00:00.000Z",
        "updated": "2026-01-01T00:00:00.000Z",
    }
    assert instruments.book(simulation, "BTC-JPY") == {
        "symbol": "BTC-JPY",
        "phase": "continuous",
        "bids": [{"price": "5000000", "qty": "0.01", "orders": 1}],
        "asks": [],
    }


def test_a_crossing_order_trades_and_shows_its_fills_and_fees(simulation: Simulation) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000.1", qty="0.02")
    taker = orders.place(simulation, account="bob", symbol="BTC-JPY", side="buy", price="6000000", qty="0.01")
    assert taker["status"] == "filled"
    assert taker["filled_notional"] == "50000.001"
    # Taker fee 0.15 % of the 0.01 BTC received (okj§9.1).
    assert [(fill["price"], fill["qty"], fill["fee"], fill["fee_asset"], fill["liquidity"]) for fill in taker["fills"]] == [
        ("5000000.1", "0.01", "0.000015", "BTC", "taker")
    ]
    (maker,) = orders.list_orders(simulation, account="alice")
    assert (maker["status"], maker["remaining_qty"]) == ("partially_filled", "0.01")
    assert invariants.violations(simulation.desk.exchange) == []


def test_a_market_buy_may_say_what_to_spend(simulation: Simulation) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000", qty="1")
    order = orders.place(simulation, account="bob", symbol="BTC-JPY", side="buy", notional="50000")
    assert (order["type"], order["qty"], order["notional"], order["remaining_qty"]) == ("market", None, "50000", None)
    assert (order["filled_qty"], order["filled_notional"]) == ("0.01", "50000")


def test_a_market_order_takes_a_quantity(simulation: Simulation) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="buy", price="5000000", qty="0.1")
    order = orders.place(simulation, account="bob", symbol="BTC-JPY", side="sell", qty=Decimal("0.05"))
    assert (order["type"], order["price"], order["filled_qty"], order["status"]) == ("market", None, "0.05", "filled")


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"price": "5000000.05", "qty": "1"}, "price 5000000.05 is not a multiple of 0.1"),
        ({"price": "5000000", "qty": "0.000000001"}, "qty 1E-9 is not a multiple of 0.00000001"),
        ({"price": "0", "qty": "1"}, "price must be positive"),
        ({"price": "5000000", "qty": "-1"}, "qty must be positive"),
        ({"price": "5000000"}, "exactly one of qty and notional"),
        ({"qty": "1", "notional": "1"}, "exactly one of qty and notional"),
        ({"price": "5000000", "notional": "1000"}, "a limit order takes qty"),
        ({"side": "sell", "notional": "1000"}, "only a market buy takes notional"),
        ({"notional": "0.0000000000000000001"}, "more than 18 decimals"),
        ({"price": "1e99", "qty": "1"}, "price must be a decimal number"),
        ({"price": 5000000.0, "qty": "1"}, "price must be a decimal number"),
        ({"price": True, "qty": "1"}, "price must be a decimal number"),
        ({"side": "hold", "price": "5000000", "qty": "1"}, "side is one of buy, sell, not 'hold'"),
        ({"price": "5000000", "qty": "1", "time_in_force": "day"}, "time_in_force is one of gtc, ioc, fok"),
        ({"price": "5000000", "qty": "1", "client_id": "a b"}, "client_id is 1 to 64 printable"),
        ({"symbol": "DOGE-JPY", "price": "1", "qty": "1"}, "no instrument 'DOGE-JPY'"),
        ({"account": "carol", "price": "1", "qty": "1"}, "no account 'carol'"),
    ],
)
def test_terms_that_do_not_fit_are_refused_in_words_and_change_nothing(simulation, unchanged, terms, says) -> None:
    with unchanged(), pytest.raises(OperatorError, match=says.replace("(", r"\(")):
        orders.place(simulation, **{"account": "alice", "symbol": "BTC-JPY", "side": "buy", **terms})


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"price": "5000000", "qty": "1"}, RejectReason.INSUFFICIENT_FUNDS),
        ({"price": "5000000", "qty": "0.0001"}, RejectReason.QTY_BELOW_MINIMUM),
        ({"price": "5000000", "qty": "0.01", "post_only": True, "time_in_force": "ioc"}, RejectReason.ORDER_TERMS_INVALID),
    ],
    ids=lambda value: value.name if isinstance(value, RejectReason) else "",
)
def test_a_refusal_of_the_exchange_names_its_reason_and_changes_nothing(simulation, unchanged, terms, reason) -> None:
    with unchanged(), pytest.raises(RefusedError) as refused:
        orders.place(simulation, account="alice", symbol="BTC-JPY", side="buy", **terms)
    assert refused.value.reason is reason


def test_a_cancelled_order_gives_its_hold_back_and_cannot_be_cancelled_twice(simulation: Simulation, unchanged) -> None:
    with unchanged():
        order = orders.place(simulation, account="alice", symbol="BTC-JPY", side="buy", price="5000000", qty="0.01")
        cancelled = orders.cancel(simulation, order["order_id"])
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "operator")
    with unchanged(), pytest.raises(RefusedError) as refused:
        orders.cancel(simulation, order["order_id"])
    assert refused.value.reason is RejectReason.ORDER_CANCELLED


def place_stop(simulation: Simulation, price: int, client_id: str) -> str:
    """A sell of 0.01 BTC at 4,000,000 that waits for a last price of `price` ticks or less. Its id."""
    instrument = simulation.desk.exchange.markets["BTC-JPY"].instrument
    events = simulation.desk.execute(
        PlaceOrder(
            account_id="alice",
            symbol="BTC-JPY",
            side=Side.SELL,
            order_type=OrderType.LIMIT,
            limit_price=int(Decimal(4_000_000) / instrument.price_scale.increment),
            order_qty=int(Decimal("0.01") / instrument.qty_scale.increment),
            trigger=StopTrigger(int(Decimal(price) / instrument.price_scale.increment), StopDirection.AT_OR_BELOW),
            client_id=client_id,
        )
    )
    return str(events[0].order.order_id)


def test_a_waiting_stop_order_is_seen_with_its_trigger_and_cancelled_like_any_other(simulation: Simulation) -> None:
    order_id = place_stop(simulation, 4_500_000, "stop")

    (order,) = orders.list_orders(simulation, account="alice")
    assert (order["order_id"], order["status"]) == (order_id, "waiting")
    assert order["trigger"] == {"price": "4500000", "direction": "at_or_below", "triggered": None}
    assert orders.list_orders(simulation, status="waiting") == [order]
    assert instruments.book(simulation, "BTC-JPY")["asks"] == []

    cancelled = orders.cancel(simulation, order_id)
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "operator")
    assert orders.list_orders(simulation, status="waiting") == []
    place_stop(simulation, 4_500_000, "next")
    assert len(orders.cancel_all(simulation, "alice")) == 1
    assert invariants.violations(simulation.desk.exchange) == []


def test_a_triggered_stop_order_tells_when(simulation: Simulation) -> None:
    order_id = place_stop(simulation, 4_500_000, "stop")
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="buy", price="4400000", qty="0.01")
    orders.place(simulation, account="bob", symbol="BTC-JPY", side="sell", price="4400000", qty="0.01")

    order = orders.get(simulation, order_id)
    assert (order["status"], order["trigger"]) == (
        "open",
        {"price": "4500000", "direction": "at_or_below", "triggered": "2026-01-01T00:00:00.000Z"},
    )


@pytest.mark.parametrize("order_id", ["1", "x", "", "-1", "1.0", "9" * 5_000])
def test_an_order_that_does_not_exist_is_not_found(simulation: Simulation, order_id: str) -> None:
    for call in (orders.get, orders.cancel):
        with pytest.raises(NotFoundError, match="has no order"):
            call(simulation, order_id)


def test_cancel_all_cancels_one_account_in_one_instrument(simulation: Simulation) -> None:
    place = {"side": "sell", "price": "9000000", "qty": "0.01", "symbol": "BTC-JPY"}
    first = orders.place(simulation, account="alice", **place)
    kept = orders.place(simulation, account="bob", **place)
    second = orders.place(simulation, account="alice", **place)
    other = orders.place(simulation, account="alice", symbol="ETH-BTC", side="buy", price="0.01", qty="1")
    cancelled = orders.cancel_all(simulation, "alice", "BTC-JPY")
    assert [order["order_id"] for order in cancelled] == [first["order_id"], second["order_id"]]
    live = orders.list_orders(simulation)
    assert [order["order_id"] for order in live] == [other["order_id"], kept["order_id"]]


def test_orders_are_listed_newest_first_by_account_instrument_and_status(simulation: Simulation) -> None:
    place = {"symbol": "BTC-JPY", "qty": "0.01"}
    sold = orders.place(simulation, account="alice", side="sell", price="5000000", **place)
    bought = orders.place(simulation, account="bob", side="buy", price="5000000", **place)
    resting = orders.place(simulation, account="bob", side="buy", price="4000000", **place)
    dropped = orders.place(simulation, account="bob", side="buy", price="4000000", time_in_force="ioc", **place)

    def ids(**filters) -> list[str]:
        return [order["order_id"] for order in orders.list_orders(simulation, **filters)]

    assert ids(status="all") == [each["order_id"] for each in (dropped, resting, bought, sold)]
    assert ids(status="all", limit=2) == [dropped["order_id"], resting["order_id"]]
    assert ids(status="filled", account="bob") == [bought["order_id"]]
    assert ids(status="cancelled") == [dropped["order_id"]]
    assert ids(symbol="ETH-JPY", status="all") == []
    with pytest.raises(OperatorError, match="status is one of live, waiting, filled, cancelled, all"):
        ids(status="open")
    with pytest.raises(OperatorError, match="limit is 1 to 1000, not 0"):
        ids(limit=0)
