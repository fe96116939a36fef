"""HTX's reference driver on orders and money: terms, states, batches, pages, fills and balances."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import mockex.clients.htx
import pytest
from htx_rig import BALANCES, BTC, ETH, asked_of
from mockex.clients.htx import HtxError
from mockex.clients.htx.driver_words import order_status
from mockex.clients.htx.vocabulary import OrderState
from reference_rig import NO_ORDERS, Asked, in_a_session

import mockex

pytestmark = pytest.mark.mockex(venues=["htx"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    async with in_a_session(asked_of(mockex)) as asked:
        yield asked


# --- orders


@pytest.mark.parametrize(
    ("terms", "wire"),
    [
        ({"type": "limit", "price": "6e4", "qty": "0.10"}, {"type": "buy-limit", "price": "60000", "amount": "0.10"}),
        (
            {"type": "limit", "price": "6", "qty": "1", "post_only": True, "client_id": "mine-1"},
            {"type": "buy-limit-maker", "price": "6", "amount": "1", "client-order-id": "mine-1"},
        ),
        (
            {"type": "limit", "price": "6", "qty": "1", "time_in_force": "gtc"},
            {"type": "buy-limit", "price": "6", "amount": "1"},
        ),
        ({"type": "limit", "price": "6", "qty": "1", "time_in_force": "ioc"}, {"type": "buy-ioc", "price": "6", "amount": "1"}),
        (
            {"type": "limit", "price": "6", "qty": "1", "time_in_force": "fok"},
            {"type": "buy-limit-fok", "price": "6", "amount": "1"},
        ),
        ({"type": "market", "notional": "5000.5"}, {"type": "buy-market", "amount": "5000.5"}),
        ({"type": "market", "side": "sell", "qty": "0.5"}, {"type": "sell-market", "amount": "0.5"}),
    ],
)
async def test_the_terms_of_an_order_travel_in_the_venues_words(
    alice: Asked, monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], wire: dict[str, str]
) -> None:
    sent: list[tuple[str, Any]] = []

    async def keep(_self: object, path: str, payload: object) -> None:
        sent.append((path, payload))
        raise HtxError("not today")

    monkeypatch.setattr("mockex.clients.htx.rest.RestTransport.post_private", keep)
    await alice.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    ((path, payload),) = sent
    assert path == "/v1/order/orders/place"
    assert payload.pop("account-id").isdigit()
    assert payload == {"symbol": BTC, **wire}


@pytest.mark.parametrize("terms", NO_ORDERS)
async def test_terms_that_the_venue_has_no_order_for_are_refused_before_anything_is_sent(
    mockex: mockex.RunningWorld, terms: dict[str, Any]
) -> None:
    """Not even the number of the account is asked for: without a key that would be another mistake."""
    asked = asked_of(mockex)
    await asked.start(None)

    error = await asked.refused("place_order", **{"symbol": BTC, "side": "buy", **terms})

    assert error["kind"] == "refused_by_client"
    assert "credentials" not in error["message"]
    await asked.end()


async def test_an_order_is_shown_with_all_that_the_client_knows(alice: Asked) -> None:
    receipt = await alice.sell("60000", "0.50", client_id="Mine_1")
    alice.bob("buy", "60000", "0.2")

    assert receipt["client_id"] == "Mine_1"
    by_id = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]
    numbers = {name: float(by_id.pop(name)) for name in ("price", "qty", "filled_qty", "average_price")}
    assert by_id == {
        "order_id": receipt["order_id"],
        "client_id": "Mine_1",
        "symbol": BTC,
        "side": "sell",
        "type": "limit",
        "status": "partly_filled",
        "created_ms": alice.world.clock.now_ms(),
    }
    assert numbers == {"price": 60000, "qty": 0.5, "filled_qty": 0.2, "average_price": 60000}
    by_client_id = (await alice("order", symbol=BTC, client_id="Mine_1"))["order"]
    listed = (await alice("open_orders", symbol=BTC))["orders"]
    assert by_client_id["order_id"] == receipt["order_id"]
    assert [(order["order_id"], order["status"]) for order in listed] == [(receipt["order_id"], "partly_filled")]


async def test_a_market_buy_has_no_quantity(alice: Asked) -> None:
    """What it names is money."""
    alice.venue.deposit("alice", "USDT", "6000")
    alice.bob("sell", "60000", "1")
    receipt = await alice("place_order", symbol=BTC, side="buy", type="market", notional="6000")

    order = (await alice("order", symbol=BTC, order_id=receipt["order_id"]))["order"]

    assert (order["type"], order["side"], order["qty"], order["price"]) == ("market", "buy", None, None)
    assert (order["status"], float(order["filled_qty"])) == ("filled", 0.1)


async def test_an_order_that_was_cancelled_after_a_fill_is_cancelled(alice: Asked) -> None:
    receipt = await alice.sell("60000", "0.5", client_id="Mine1")
    alice.bob("buy", "60000", "0.2")

    assert await alice("cancel_order", symbol=BTC, client_id="Mine1") == {"client_id": "Mine1"}

    (order,) = (await alice("orders", symbol=BTC, status="cancelled"))["orders"]
    assert (order["order_id"], order["status"], float(order["filled_qty"])) == (receipt["order_id"], "cancelled", 0.2)
    assert (await alice("orders", symbol=BTC, status="closed"))["orders"] == [order]
    assert (await alice("orders", symbol=BTC, status="filled"))["orders"] == []


@pytest.mark.parametrize(
    ("client_id", "error"),
    [("gone", ("invalid_order", "7")), ("full", ("invalid_order", "6")), ("nobody", ("order_not_found", "0"))],
)
async def test_a_cancel_by_client_id_that_the_venue_does_not_take_is_an_error(
    alice: Asked, client_id: str, error: tuple[str, str]
) -> None:
    """The venue answers it with a number under `status` ok (htx§3.4)."""
    gone = await alice.sell("60000", "0.1", client_id="gone")
    await alice("cancel_order", symbol=BTC, order_id=gone["order_id"])
    alice.bob("buy", "60000", "0.1")
    await alice.sell("60000", "0.1", client_id="full")

    told = await alice.refused("cancel_order", symbol=BTC, client_id=client_id)

    assert (told["kind"], told["code"]) == error


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_of_an_order_has_a_status(state: OrderState) -> None:
    live = {OrderState.CREATED, OrderState.PRE_SUBMITTED, OrderState.SUBMITTED, OrderState.CANCELLING, OrderState.TRIGGERED}

    assert (order_status(state, filled=False) == "open") is (state in live)


def test_an_order_that_is_being_cancelled_is_still_live() -> None:
    assert order_status(OrderState.CANCELLING, filled=True) == "partly_filled"


@pytest.mark.parametrize("name", [{}, {"order_id": "1", "client_id": "a"}])
async def test_an_order_is_named_in_one_way(alice: Asked, name: dict[str, str]) -> None:
    for operation in ("order", "cancel_order"):
        assert (await alice.refused(operation, symbol=BTC, **name))["kind"] == "refused_by_client"
    assert (await alice.refused("cancel_orders", orders=[{"symbol": BTC, **name}]))["kind"] == "refused_by_client"


async def test_outcomes_of_a_batch_stand_in_the_order_asked(alice: Asked) -> None:
    def order(symbol: str, price: str, qty: str, client_id: str) -> dict[str, str]:
        return {"symbol": symbol, "side": "sell", "type": "limit", "price": price, "qty": qty, "client_id": client_id}

    orders = [
        order(BTC, "60000", "1", "b1"),
        order(ETH, "3000", "1", "e1"),
        order(BTC, "60000", "100", "b2"),
        order(ETH, "3000", "2", "e2"),
    ]

    outcomes = (await alice("place_orders", orders=orders))["outcomes"]

    assert [outcome.get("client_id") for outcome in outcomes] == ["b1", "e1", None, "e2"]
    assert outcomes[2]["error"]["kind"] == "insufficient_funds"
    wanted = [(ETH, "e1"), (ETH, "nobody"), (BTC, "b1")]
    cancelled = (await alice("cancel_orders", orders=[{"symbol": s, "client_id": name} for s, name in wanted]))["outcomes"]
    assert [outcome.get("client_id") for outcome in cancelled] == ["e1", None, "b1"]
    assert cancelled[1]["error"]["kind"] == "order_not_found"
    assert [each["client_id"] for each in (await alice("open_orders"))["orders"]] == ["e2"]
    by_id = [{"symbol": ETH, "order_id": outcomes[place]["order_id"]} for place in (0, 3)]
    again = (await alice("cancel_orders", orders=by_id))["outcomes"]
    assert again[0]["error"]["kind"] == "invalid_order"
    assert again[1] == {"order_id": outcomes[3]["order_id"]}
    both = [{"symbol": BTC, "client_id": "b1"}, {"symbol": BTC, "order_id": "1"}]
    assert (await alice.refused("cancel_orders", orders=both))["kind"] == "refused_by_client"


async def test_all_orders_of_a_pair_are_cancelled_at_once_or_those_of_one_side(alice: Asked) -> None:
    alice.venue.deposit(account="alice", asset="USDT", amount="1000")
    kept = await alice("place_order", symbol=ETH, side="sell", type="limit", price="3000", qty="1")
    for price in ("60000", "61000"):
        await alice.sell(price, "1")
    bought = await alice("place_order", symbol=BTC, side="buy", type="limit", price="100", qty="1")

    assert await alice("cancel_all", symbol=BTC, side="sell") == {"count": 2}
    assert [each["order_id"] for each in (await alice("open_orders", symbol=BTC))["orders"]] == [bought["order_id"]]
    assert await alice("cancel_all", symbol=BTC) == {}
    assert [each["order_id"] for each in (await alice("open_orders"))["orders"]] == [kept["order_id"]]


async def test_every_page_is_read_when_all_is_asked_for(alice: Asked) -> None:
    for _ in range(103):
        alice.venue.place(account="alice", symbol=BTC, side="sell", price="60000", qty="0.001")
    ids = [order["order_id"] for order in alice.venue.orders("alice", limit=200)]

    assert len((await alice("open_orders"))["orders"]) == 100
    assert sorted(each["order_id"] for each in (await alice("open_orders", all=True))["orders"]) == sorted(ids)
    alice.bob("buy", "60000", "0.103")
    filled = (await alice("orders", symbol=BTC, status="filled", all=True))["orders"]
    assert sorted(each["order_id"] for each in filled) == sorted(ids)
    assert len((await alice("fills", symbol=BTC))["fills"]) == 100
    assert sorted(each["order_id"] for each in (await alice("fills", symbol=BTC, all=True))["fills"]) == sorted(ids)
    assert len((await alice("ledger", currency="BTC"))["entries"]) == 100
    entries = (await alice("ledger", currency="BTC", all=True))["entries"]
    assert len({entry["id"] for entry in entries}) == len(entries) >= 103


# --- fills, balances, fees


async def test_a_fill_has_its_cost_in_what_was_received(alice: Asked) -> None:
    alice.bob("buy", "60000", "0.3")
    taker = await alice.sell("60000", "0.3")

    (fill,) = (await alice("fills", symbol=BTC))["fills"]

    numbers = {name: float(fill.pop(name)) for name in ("price", "qty", "fee")}
    (public,) = (await alice("trades", symbol=BTC))["trades"]
    assert fill == {
        "trade_id": public["trade_id"], "order_id": taker["order_id"], "symbol": BTC, "side": "sell", "fee_currency": "USDT",
        "role": "taker", "time_ms": alice.world.clock.now_ms(),
    }  # fmt: skip
    assert numbers == {"price": 60000, "qty": 0.3, "fee": 36}
    assert len((await alice("fills", symbol=BTC, order_id=taker["order_id"]))["fills"]) == 1
    rates = await alice("fee_rates", symbol=BTC)
    assert (float(rates["maker"]), float(rates["taker"])) == (0.002, 0.002)
    assert (await alice.refused("fee_rates"))["kind"] == "refused_by_client"


async def test_balances_add_up_in_both_wallets(alice: Asked) -> None:
    await alice.sell("60000", "1.5")

    spot = {row["currency"]: row for row in (await alice("balances"))["balances"]}
    funding = {row["currency"]: row for row in (await alice("wallet"))["balances"]}

    assert [float(spot["BTC"][name]) for name in ("total", "available", "held")] == [10, 8.5, 1.5]
    assert [float(spot["USDT"][name]) for name in ("total", "available", "held")] == [0, 0, 0]
    assert float(funding["BTC"]["total"]) == 5


async def test_a_transfer_moves_money_and_stands_in_both_ledgers(alice: Asked) -> None:
    assert (await alice("transfer", currency="BTC", amount="1.50", source="funding", target="spot"))["transfer_id"].isdigit()

    spot = (await alice("ledger", currency="BTC"))["entries"][0]
    funding = (await alice("wallet_ledger", currency="BTC"))["entries"][0]
    assert (spot["currency"], float(spot["amount"]), float(spot["balance"])) == ("BTC", 1.5, 11.5)
    assert (float(funding["amount"]), float(funding["balance"])) == (-1.5, 3.5)
    error = await alice.refused("transfer", currency="BTC", amount="1", source="spot", target="futures")
    assert (error["kind"], error["message"]) == ("refused_by_client", "this venue has no futures wallet")
