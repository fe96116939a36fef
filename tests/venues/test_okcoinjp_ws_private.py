"""The account and order channels: their shape, and one push for each state that an order passes through (okj§11.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from mockex.fixtures import load
from okcoinjp_support import DAY, SECOND, Socket, SpotBench, make_listing

from mockex.core.commands import AdjustBalance, TransferFunds
from mockex.core.units import Wallet

ORDER = load("okcoinjp", "ws/order")
ACCOUNT = load("okcoinjp", "ws/account")


def private(bench: SpotBench, *channels: str, who: str = "alice") -> Socket:
    socket = bench.connect()
    socket.login(who)
    socket.subscribe(*channels)
    return socket


def states(rows: list[Any]) -> list[tuple[str, str]]:
    """State and filled size of each push."""
    return [(row["state"], row["filled_size"]) for row in rows]


# --- orders: shape


def test_an_order_push_is_that_of_the_document() -> None:
    """The example's order: a buy of 0.1 LTC at 5.826, which rests. It lacks `last_fill_id`, which the table has."""
    example = ORDER["frames"][0]["frame"]
    printed = example["data"][0]
    bench = SpotBench(make_listing("LTC-JPY", tick="0.001", lot="0.000001"), start=printed["timestamp"])
    socket = private(bench, "spot/order:ltc-jpy")

    bench.order(printed["side"], printed["size"], printed["price"], instrument_id=printed["instrument_id"])

    (push,) = socket.messages()
    assert deviations(push, ORDER["fields"]) == []
    row = push["data"][0]
    assert row.pop("last_fill_id") == ORDER["without_fill"]["last_fill_id"]
    assert row.pop("order_id").isdigit()
    del printed["order_id"]
    assert push == example


def test_nothing_is_pushed_on_arrival_even_with_orders_in_the_book() -> None:
    bench = SpotBench()
    bench.order("buy", "1", "100")
    socket = bench.connect()
    socket.login()

    assert socket.subscribe("spot/order:BTC-JPY") == []


def test_a_push_agrees_with_the_order_over_rest() -> None:
    bench = SpotBench()
    socket = private(bench, "spot/order:BTC-JPY")
    order_id = bench.order("buy", "3", "100.5", order_type="1", client_oid="mine1")
    bench.order("sell", "1", "100.5", who="bob")

    row, rest = socket.rows("spot/order")[-1], bench.detail(order_id)

    common = set(row) & set(rest) - {"timestamp", "created_at"}
    assert common == set(rest) - {"product_id", "funds", "price_avg", "timestamp", "created_at"}
    assert {name: row[name] for name in common} == {name: rest[name] for name in common}


# --- orders: sequence


def test_a_resting_order_passes_from_open_over_partly_filled_to_filled() -> None:
    bench = SpotBench()
    socket = private(bench, "spot/order:BTC-JPY")
    bench.order("buy", "3", "100")
    for size in ("1", "0.5", "1.5"):
        bench.clock.advance(SECOND)
        bench.order("sell", size, "99", who="bob")

    rows = socket.rows("spot/order")

    assert states(rows) == [("0", "0"), ("1", "1"), ("1", "1.5"), ("2", "3")]
    assert [row["filled_notional"] for row in rows] == ["0", "100", "150", "300"]
    assert [row["last_fill_qty"] for row in rows] == ["0", "1", "0.5", "1.5"]
    assert [row["last_fill_px"] for row in rows] == ["0", "100", "100", "100"]
    assert [row["last_fill_id"] for row in rows] == ["0", "1", "2", "3"]
    times = ["2024-02-15T03:04:05.678Z", *(f"2024-02-15T03:04:0{second}.678Z" for second in (6, 7, 8))]
    assert [row["timestamp"] for row in rows] == times, "the time of the change"
    assert [row["last_fill_time"] for row in rows] == ["1970-01-01T00:00:00.000Z", *times[1:]]
    assert {row["created_at"] for row in rows} == {times[0]}


def test_a_sweep_shows_every_state_in_between() -> None:
    """One command, four fills: no push may show what only a later fill did."""
    bench = SpotBench()
    for price, size in (("100", "1"), ("100", "2"), ("101", "0.5"), ("102", "10")):
        bench.order("sell", size, price, who="bob")
    taker, makers = private(bench, "spot/order:BTC-JPY"), private(bench, "spot/order:BTC-JPY", who="bob")

    bench.order("buy", "5", "103")

    rows = taker.rows("spot/order")
    assert states(rows) == [("0", "0"), ("1", "1"), ("1", "3"), ("1", "3.5"), ("2", "5")]
    assert [row["filled_notional"] for row in rows] == ["0", "100", "300", "350.5", "503.5"]
    assert [(row["last_fill_px"], row["last_fill_qty"]) for row in rows][1:] == [
        ("100", "1"), ("100", "2"), ("101", "0.5"), ("102", "1.5"),
    ]  # fmt: skip
    assert [row["status"] for row in rows] == ["open", *["part_filled"] * 3, "filled"]
    assert states(makers.rows("spot/order")) == [("2", "1"), ("2", "2"), ("2", "0.5"), ("1", "1.5")]


@pytest.mark.parametrize(
    ("terms", "sequence"),
    [
        ({"size": "3", "price": "100", "order_type": "3"}, [("0", "0"), ("1", "1"), ("-1", "1")]),
        ({"size": "3", "price": "100", "order_type": "2"}, [("0", "0"), ("-1", "0")]),
        ({"size": "1", "price": "100", "order_type": "2"}, [("0", "0"), ("2", "1")]),
        ({"size": "1", "price": "100", "order_type": "1"}, [("0", "0"), ("-1", "0")]),
        ({"size": "2", "price": "300", "order_type": "0"}, [("0", "0"), ("-1", "0")]),  # beyond 30 %
        ({"size": None, "price": None, "type": "market", "notional": "50"}, [("0", "0"), ("2", "0.5")]),
    ],
    ids=["IOC", "FOK", "filled FOK", "post-only", "price band", "market"],
)
def test_an_order_that_ends_by_itself_is_pushed_as_open_and_then_as_it_ended(
    terms: dict[str, Any], sequence: list[tuple[str, str]]
) -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")
    bench.order("sell", "1", "200", who="bob")
    socket = private(bench, "spot/order:BTC-JPY")

    bench.order("buy", **terms)

    assert states(socket.rows("spot/order")) == sequence


def test_a_cancel_keeps_what_was_filled_and_tells_its_own_time() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "2", "100")
    bench.order("sell", "0.5", "100", who="bob")
    socket = private(bench, "spot/order:BTC-JPY")
    bench.clock.advance(SECOND)
    bench.cancel(order_id)

    (row,) = socket.rows("spot/order")

    assert (row["state"], row["status"], row["filled_size"], row["last_fill_qty"]) == ("-1", "cancelled", "0.5", "0.5")
    assert (row["timestamp"], row["last_fill_time"]) == ("2024-02-15T03:04:06.678Z", "2024-02-15T03:04:05.678Z")


def test_a_refused_order_pushes_nothing() -> None:
    bench = SpotBench()
    socket = private(bench, "spot/order:BTC-JPY", "spot/account:JPY")
    bench.try_order("buy", "1000000", "100000000")

    assert socket.messages() == []


def test_orders_of_other_pairs_and_other_people_are_not_pushed() -> None:
    bench = SpotBench()
    socket = private(bench, "spot/order:BTC-JPY")
    bench.order("buy", "1", "100", instrument_id="ETH-JPY")
    bench.order("buy", "1", "100", who="bob")

    assert socket.messages() == []


def test_a_trade_with_oneself_pushes_both_orders() -> None:
    bench = SpotBench()
    maker = bench.order("sell", "1", "100")
    socket = private(bench, "spot/order:BTC-JPY")
    taker = bench.order("buy", "1", "100")

    assert [(row["order_id"], row["state"]) for row in socket.rows("spot/order")] == [(taker, "0"), (maker, "2"), (taker, "2")]


def test_two_sockets_of_one_account_hear_the_same() -> None:
    bench = SpotBench()
    first, second = private(bench, "spot/order:BTC-JPY"), private(bench, "spot/order:btc-jpy")
    bench.order("buy", "1", "100")

    assert first.texts() == second.texts() != []


# --- account


def test_the_present_row_comes_on_arrival_in_the_documented_shape() -> None:
    """The balance, hold and available of the example, whose order is the one of the order example."""
    printed = ACCOUNT["frames"][0]["frame"]
    bench = SpotBench(
        make_listing("LTC-JPY", tick="0.001", lot="0.000001"), accounts={"alice": {"JPY": printed["data"][0]["balance"]}}
    )
    bench.order("buy", "0.1", "5.826", instrument_id="LTC-JPY")
    socket = bench.connect()
    socket.login()

    (push,) = socket.subscribe("spot/account:jpy")

    assert push == printed
    assert list(push["data"][0]) == list(printed["data"][0])
    assert deviations(push, ACCOUNT["fields"]) == []


def test_a_currency_never_held_starts_at_zero() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "1"}})
    socket = bench.connect()
    socket.login()

    (push,) = socket.subscribe("spot/account:ETH")

    assert (push["data"][0]["balance"], push["data"][0]["available"], push["data"][0]["hold"]) == ("0", "0", "0")


def test_each_change_is_pushed_once_with_the_state_after_it() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "1000"}, "bob": {"BTC": "10"}})
    socket = private(bench, "spot/account:JPY")

    order_id = bench.order("buy", "2", "100")
    bench.order("sell", "1", "100", who="bob")
    bench.cancel(order_id)

    rows = socket.rows("spot/account")
    assert [(row["balance"], row["hold"], row["available"]) for row in rows] == [
        ("1000", "200", "800"),
        ("900", "100", "800"),
        ("900", "0", "900"),
    ]


def test_a_sweep_of_many_fills_is_one_change_of_the_balance() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "1000"}, "bob": {"BTC": "10"}})
    for price in ("10", "11", "12"):
        bench.order("sell", "1", price, who="bob")
    socket = private(bench, "spot/account:JPY", "spot/account:BTC")

    bench.order("buy", "3", "12")

    rows = {row["currency"]: row for row in socket.rows("spot/account")}
    assert (rows["JPY"]["balance"], rows["JPY"]["hold"]) == ("967", "0")
    assert Decimal(rows["BTC"]["balance"]) == Decimal("2.9955"), "less three fees of 0.15 %"


def test_money_that_comes_or_goes_otherwise_is_pushed_too() -> None:
    bench = SpotBench(accounts={"alice": {"JPY": "1000"}})
    socket = private(bench, "spot/account:JPY")
    jpy = {"account_id": "alice", "asset": "JPY"}
    bench.desk.execute(AdjustBalance(**jpy, wallet=Wallet.SPOT, amount=10**18))
    bench.desk.execute(TransferFunds(**jpy, amount=5 * 10**18, source=Wallet.SPOT, target=Wallet.FUNDING))
    bench.desk.execute(AdjustBalance(**jpy, wallet=Wallet.FUNDING, amount=10**18))

    assert [row["balance"] for row in socket.rows("spot/account")] == ["1001", "996"], "the funding wallet is not spot"


def test_an_order_is_pushed_before_the_money_that_it_moved() -> None:
    bench = SpotBench()
    socket = private(bench, "spot/account:JPY", "spot/order:BTC-JPY")
    bench.order("buy", "1", "100")

    assert [message["table"] for message in socket.messages()] == ["spot/order", "spot/account"]


def test_pushes_come_in_the_order_of_what_happened() -> None:
    bench = SpotBench()
    bench.order("sell", "1", "100", who="bob")
    socket = private(bench, "spot/account:JPY", "spot/trade:BTC-JPY", "spot/order:BTC-JPY")
    bench.order("buy", "1", "100")

    heard = [(message["table"], message["data"][0].get("state")) for message in socket.messages()]

    assert heard == [("spot/order", "0"), ("spot/trade", None), ("spot/order", "2"), ("spot/account", None)]


def test_an_order_that_is_forgotten_pushes_nothing() -> None:
    bench = SpotBench()
    order_id = bench.order("buy", "1", "100")
    bench.cancel(order_id)
    bench.clock.advance(DAY)
    socket = private(bench, "spot/order:BTC-JPY")

    assert bench.cancel(order_id).error == (400, "33014")
    assert socket.messages() == []
