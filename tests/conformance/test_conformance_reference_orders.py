"""The reference client's driver on orders and money: terms, states, batches, pages, fills and balances."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from mockex.clients.okcoinjp import OkcoinError
from mockex.clients.okcoinjp.driver_words import fills_fields, order_status
from mockex.clients.okcoinjp.fields import Row
from mockex.clients.okcoinjp.trading_models import decode_fill, decode_order
from reference_rig import BALANCES, BTC, ETH, NO_ORDERS, Asked, in_a_session

import mockex

pytestmark = pytest.mark.mockex(venues=["okcoinjp"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(Asked(mockex)) as asked:
        yield asked


# --- orders


@pytest.mark.parametrize(
    ("terms", "wire"),
    [
        ({"type": "limit", "price": "4000000", "qty": "0.10"}, {"price": "4000000", "size": "0.10", "order_type": "0"}),
        (
            {"type": "limit", "price": "4E+6", "qty": "1e-2", "post_only": True, "client_id": "mine1"},
            {"price": "4000000", "size": "0.01", "order_type": "1", "client_oid": "mine1"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "gtc"},
            {"price": "4000000", "size": "1", "order_type": "0"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "ioc"},
            {"price": "4000000", "size": "1", "order_type": "3"},
        ),
        (
            {"type": "limit", "price": "4000000", "qty": "1", "time_in_force": "fok"},
            {"price": "4000000", "size": "1", "order_type": "2"},
        ),
        ({"type": "market", "notional": "5000.5"}, {"notional": "5000.5"}),
    ],
)
async def test_the_terms_of_an_order_travel_in_the_venues_words(
    alice: Asked, monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], wire: dict[str, str]
) -> None:
    sent: list[tuple[str, Any]] = []

    async def keep(_self: object, path: str, payload: object) -> None:
        sent.append((path, payload))
        raise OkcoinError("not today")

    monkeypatch.setattr("mockex.clients.okcoinjp.rest.RestTransport.post_private", keep)
    await alice.refused("place_order", symbol=BTC, side="buy", **terms)

    expected = {"instrument_id": BTC, "side": "buy", "type": terms["type"], **wire}
    assert sent == [("/api/spot/v3/orders", expected)]


@pytest.mark.parametrize("terms", NO_ORDERS)
async def test_terms_that_the_venue_has_no_order_for_are_refused_before_anything_is_sent(
    alice: Asked, terms: dict[str, Any]
) -> None:
    await alice.expect_no_order(**terms)


async def test_an_order_is_shown_with_all_that_the_client_knows(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "0.50", client_id="Mine1")
    alice.bob("buy", "5000000", "0.2")

    assert receipt["client_id"] == "Mine1"
    by_id = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]
    assert by_id == {
        "order_id": receipt["order_id"],
        "client_id": "Mine1",
        "symbol": BTC,
        "side": "sell",
        "type": "limit",
        "price": "5000000",
        "qty": "0.5",
        "filled_qty": "0.2",
        "average_price": "5000000",
        "status": "partly_filled",
        "created_ms": alice.world.clock.now_ms() // 1_000 * 1_000,
    }
    assert (await alice("order", symbol=BTC, client_id="Mine1"))["order"] == by_id
    assert (await alice("open_orders", symbol=BTC))["orders"] == [by_id]


async def test_an_order_that_was_cancelled_after_a_fill_is_cancelled(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "0.5", client_id="Mine1")
    alice.bob("buy", "5000000", "0.2")

    assert await alice("cancel_order", symbol=BTC, client_id="Mine1") == receipt

    (order,) = (await alice("orders", symbol=BTC, status="cancelled"))["orders"]
    assert (order["status"], order["filled_qty"]) == ("cancelled", "0.2")
    assert (await alice("orders", symbol=BTC, status="closed"))["orders"] == [order]
    assert (await alice("orders", symbol=BTC, status="filled"))["orders"] == []


@pytest.mark.parametrize(
    ("state", "filled", "status"),
    [
        ("-2", "0", "rejected"), ("-1", "0", "cancelled"), ("-1", "1", "cancelled"), ("0", "0", "open"),
        ("1", "1", "partly_filled"), ("2", "2", "filled"), ("3", "0", "open"), ("4", "0", "open"), ("4", "1", "partly_filled"),
    ],
)  # fmt: skip
def test_every_state_of_an_order_has_a_status(state: str, filled: str, status: str) -> None:
    row = {
        "order_id": "1", "instrument_id": BTC, "side": "buy", "type": "limit", "order_type": "0", "price": "1", "size": "2",
        "filled_size": filled, "filled_notional": filled, "state": state, "timestamp": "2024-01-01T00:00:00Z",
        "created_at": "2024-01-01T00:00:00Z",
    }  # fmt: skip

    assert order_status(decode_order(Row(row, "order"))) == status


@pytest.mark.parametrize("name", [{}, {"order_id": "1", "client_id": "a"}, {"client_id": "123"}])
async def test_an_order_is_named_in_one_way_that_cannot_be_mistaken(alice: Asked, name: dict[str, str]) -> None:
    for operation in ("order", "cancel_order"):
        assert (await alice.refused(operation, symbol=BTC, **name))["kind"] == "refused_by_client"
    batch = [{"symbol": BTC, **name}]
    assert (await alice.refused("cancel_orders", orders=batch))["kind"] == "refused_by_client"


async def test_outcomes_of_a_batch_stand_in_the_order_asked(alice: Asked) -> None:
    orders = [
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1", "client_id": "b1"},
        {"symbol": "eth-jpy", "side": "sell", "type": "limit", "price": "400000", "qty": "1", "client_id": "e1"},
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "1000", "client_id": "b2"},
        {"symbol": ETH, "side": "sell", "type": "limit", "price": "400000", "qty": "2", "client_id": "e2"},
        {"symbol": BTC, "side": "sell", "type": "limit", "price": "5000000", "qty": "2", "client_id": "b3"},
    ]

    outcomes = (await alice("place_orders", orders=orders))["outcomes"]

    assert [outcome.get("client_id") for outcome in outcomes] == ["b1", "e1", None, "e2", "b3"]
    assert outcomes[2]["error"].items() >= {"kind": "insufficient_funds", "code": "33017"}.items()
    live = {order["client_id"]: order["order_id"] for order in (await alice("open_orders"))["orders"]}
    assert live == {outcome["client_id"]: outcome["order_id"] for outcome in outcomes if "error" not in outcome}

    wanted = [(ETH, "e1"), (BTC, "b3"), (ETH, "nobody"), (BTC, "b1")]
    cancelled = (await alice("cancel_orders", orders=[{"symbol": s, "client_id": name} for s, name in wanted]))["outcomes"]
    assert [outcome.get("client_id") for outcome in cancelled] == ["e1", "b3", None, "b1"]
    assert cancelled[2]["error"].items() >= {"kind": "order_not_found", "code": "33014"}.items()
    assert [order["client_id"] for order in (await alice("open_orders"))["orders"]] == ["e2"]


async def test_a_batch_cancel_by_both_kinds_of_id_is_refused(alice: Asked) -> None:
    receipt = await alice.sell("5000000", "1", client_id="b1")
    both = [{"symbol": BTC, "client_id": "b1"}, {"symbol": BTC, "order_id": receipt["order_id"]}]

    assert (await alice.refused("cancel_orders", orders=both))["kind"] == "refused_by_client"
    assert len((await alice("open_orders"))["orders"]) == 1


async def test_every_page_is_read_when_all_is_asked_for(alice: Asked) -> None:
    for _ in range(103):
        alice.venue.place(account="alice", symbol=BTC, side="sell", price="5000000", qty="0.001")
    ids = [order["order_id"] for order in alice.venue.orders("alice", limit=200)]

    assert [each["order_id"] for each in (await alice("open_orders"))["orders"]] == ids[:100]
    assert [each["order_id"] for each in (await alice("open_orders", all=True))["orders"]] == ids
    alice.bob("buy", "5000000", "0.103")
    assert [each["order_id"] for each in (await alice("orders", symbol=BTC, status="filled", all=True))["orders"]] == ids
    assert [each["order_id"] for each in (await alice("fills", symbol=BTC))["fills"]] == ids[:50]
    assert [each["order_id"] for each in (await alice("fills", symbol=BTC, all=True))["fills"]] == ids
    assert len((await alice("ledger", currency="BTC"))["entries"]) == 100
    assert len((await alice("ledger", currency="BTC", all=True))["entries"]) == 104


# --- fills, balances, fees


async def test_the_two_rows_of_a_fill_are_one_with_its_cost(alice: Asked) -> None:
    alice.bob("buy", "5000000", "0.3")
    taker = await alice.sell("5000000", "0.3")
    await alice("transfer", currency="JPY", amount="500000", source="funding", target="spot")
    maker = await alice("place_order", symbol=BTC, side="buy", type="limit", price="4000000", qty="0.1")
    alice.bob("sell", "4000000", "0.1")

    fills = (await alice("fills", symbol=BTC, all=True))["fills"]

    common = {"symbol": BTC, "time_ms": alice.world.clock.now_ms() // 1_000 * 1_000}
    rates = await alice("fee_rates", symbol=BTC)
    assert (rates["maker"], rates["taker"]) == ("0.001", "0.0015")
    assert fills == [
        {"trade_id": "2", "order_id": maker["order_id"], "side": "buy", "price": "4000000", "qty": "0.1", "fee": "0.0001",
         "fee_currency": "BTC", "role": "maker", **common},
        {"trade_id": "1", "order_id": taker["order_id"], "side": "sell", "price": "5000000", "qty": "0.3", "fee": "2250",
         "fee_currency": "JPY", "role": "taker", **common},
    ]  # fmt: skip
    assert (await alice("fills", symbol=BTC, order_id=taker["order_id"]))["fills"] == fills[1:]


async def test_a_trade_with_oneself_is_a_fill_of_each_order(alice: Asked) -> None:
    await alice("transfer", currency="JPY", amount="500000", source="funding", target="spot")
    maker = await alice.sell("1000000", "0.1")
    taker = await alice("place_order", symbol=BTC, side="buy", type="limit", price="1000000", qty="0.1")

    fills = (await alice("fills", symbol=BTC))["fills"]

    seen = {(fill["order_id"], fill["side"], fill["role"], fill["qty"]) for fill in fills}
    assert seen == {(maker["order_id"], "sell", "maker", "0.1"), (taker["order_id"], "buy", "taker", "0.1")}
    assert len(fills) == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"currency": "BTC", "side": "buy", "fee": "-0.0001"}, ("buy", "0.1", "0.0001", "BTC")),
        ({"currency": "BTC", "side": "sell", "fee": "0"}, ("sell", "0.1", None, None)),
        ({"currency": "JPY", "side": "buy", "fee": "2.50"}, ("sell", None, "-2.50", "JPY")),
        ({"currency": "JPY", "side": "sell", "fee": "0"}, ("buy", None, None, None)),
    ],
)
def test_half_a_fill_tells_only_what_it_knows(row: dict[str, str], told: tuple[str | None, ...]) -> None:
    """A page may end between the two rows."""
    usual = {
        "ledger_id": "1", "trade_id": "2", "instrument_id": BTC, "order_id": "3", "price": "5", "size": "0.1", "exec_type": "M",
        "timestamp": "2024-01-01T00:00:00Z",
    }  # fmt: skip

    (fill,) = fills_fields([decode_fill(Row({**usual, **row}, "fill"))])

    assert (fill["side"], fill["qty"], fill["fee"], fill["fee_currency"]) == told


async def test_balances_add_up(alice: Asked) -> None:
    await alice.sell("5000000", "1.5")

    assert (await alice("balances"))["balances"] == [
        {"currency": "BTC", "total": "10", "available": "8.5", "held": "1.5"},
        {"currency": "ETH", "total": "100", "available": "100", "held": "0"},
    ]
    assert (await alice("wallet"))["balances"] == [
        {"currency": "BTC", "total": "5", "available": "5", "held": "0"},
        {"currency": "JPY", "total": "500000", "available": "500000", "held": "0"},
    ]
