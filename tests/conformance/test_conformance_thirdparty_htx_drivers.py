"""Drivers of HTX's clients that other people wrote, each over the protocol.

What a reply must look like is the schema's business: `DriverProcess` refuses everything else. These tests ask each driver for
all that it offers, and compare with what the venue has in its books.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from mockex.conformance import protocol
from mockex.conformance.model import WorldWish
from mockex.conformance.simulator import Simulator
from mockex.conformance.thirdparty.environments import clients_for
from thirdparty_drivers_rig import SECONDS, Subject, amounts, subject

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
CLIENTS = ("ccxt", "huobi-sdk")
PAIR, OTHER = "btcusdt", "ethusdt"
LISTED_ADDRESS = "0xde709f2102306220921060314715629080e2fb77"  # every customer may withdraw ETH to it

WISH = WorldWish(balances={"alice": {"spot": {"BTC": "10", "ETH": "10", "USDT": "100000"}}})
"""Money that an order can exceed."""


def numbers(levels: list[list[str]]) -> list[list[Decimal]]:
    return [[Decimal(each) for each in level] for level in levels]


# --- sessions


def test_these_are_all_the_clients_that_there_are() -> None:
    assert set(CLIENTS) == set(clients_for(VENUE))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_driver_says_who_its_client_is_and_declares_nothing_that_there_is_not(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name, WISH) as s:
        said = await s.start()

        client = clients_for(VENUE)[name]
        assert (said["client"]["name"], said["client"]["version"]) == (name, client.version)
        assert s.capabilities <= protocol.capabilities()
        assert {"place_order", "balances"} <= s.capabilities


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_second_session_knows_nothing_of_the_first(name: str, simulator: Simulator) -> None:
    """Other keys, another account, no stream, no orders."""
    async with subject(simulator, name, WISH) as s:
        await s.start("alice")
        if "stream_open" in s.capabilities:
            await s.result("stream_open", private=True)
            await s.result("subscribe", channel="trades", symbol=PAIR)
        await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.02", price="60000")

        await s.start("bob")

        assert (await s.result("open_orders", symbol=PAIR))["orders"] == []
        assert amounts((await s.result("balances"))["balances"], currency="USDT")["held"] == 0
        if "stream_open" in s.capabilities:
            assert await s.result("stream_state") == {"connected": False}
            await s.wait_for_connections(0)
            assert (await s.result("next_event", channel="trades", symbol=PAIR, timeout_ms=1))["event"] is None


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_client_without_keys_reads_what_is_public(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name, WISH) as s:
        await s.start(None)
        await s.place_as_bob("sell", "0.5", "65000")

        assert numbers((await s.result("book", symbol=PAIR))["book"]["asks"]) == [[Decimal(65_000), Decimal("0.5")]]
        assert (await s.error("balances"))["kind"] in ("authentication", "refused_by_client")


# --- everything that is offered


async def look_around(s: Subject) -> None:
    """Markets and money, before anything happens."""
    await s.place_as_bob("sell", "1", "65000")
    await s.place_as_bob("buy", "1", "64000")
    for operation in ("server_time", "sync_time", "wallet", "wallet_ledger", "deposits", "withdrawals"):
        await s.if_offered(operation)
    listed = (await s.result("instruments"))["instruments"]
    assert {row["symbol"]: Decimal(row["min_qty"]) for row in listed} == {
        row["symbol"]: Decimal(row["min_qty"]) for row in s.instruments
    }
    assert {("USDT", "trc20usdt"), ("BTC", "btc")} <= {
        (row["currency"], row["chain"]) for row in (await s.result("currencies"))["currencies"]
    }
    fees = (await s.result("withdrawal_fees", currency="BTC"))["fees"]
    assert [(row["chain"], Decimal(row["minimum"])) for row in fees] == [("btc", Decimal("0.0004"))]
    rates = await s.result("fee_rates", symbol=PAIR)
    assert (Decimal(rates["maker"]), Decimal(rates["taker"])) == (Decimal("0.002"), Decimal("0.002"))
    (among_all,) = [row for row in (await s.result("tickers"))["tickers"] if row["symbol"] == PAIR]
    for ticker in ((await s.result("ticker", symbol=PAIR))["ticker"], among_all):
        assert (ticker["symbol"], Decimal(ticker["bid"]), Decimal(ticker["ask"])) == (PAIR, 64_000, 65_000)
    assert numbers((await s.result("book", symbol=PAIR, limit=5))["book"]["bids"]) == [[64_000, 1]]


async def trade(s: Subject) -> None:
    """An order that fills, one that rests and is cancelled, market orders; then what the client says of them."""
    filled = await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.01", price="65000", client_id="abc1")
    resting = await s.result(
        "place_order", symbol=PAIR, side="buy", type="limit", qty="0.02", price="63000.5", post_only=True, client_id="abc2"
    )
    await s.result("place_order", symbol=PAIR, side="buy", type="market", notional="650")
    await s.result("place_order", symbol=PAIR, side="sell", type="market", qty="0.005")
    for time_in_force in ("ioc", "fok"):
        ended = await s.result(
            "place_order", symbol=PAIR, side="buy", type="limit", qty="0.01", price="63000", time_in_force=time_in_force
        )
        assert (await s.simulator.about_venue("GET", f"/orders/{ended['order_id']}"))["status"] == "cancelled"

    at_venue = await s.simulator.about_venue("GET", f"/orders/{resting['order_id']}")
    assert (Decimal(at_venue["qty"]), Decimal(at_venue["price"])) == (Decimal("0.02"), Decimal("63000.5"))
    order = (await s.result("order", symbol=PAIR, order_id=filled["order_id"]))["order"]
    assert (order["status"], order["side"], order["type"]) == ("filled", "buy", "limit")
    assert Decimal(order["filled_qty"]) == Decimal("0.01")
    assert (await s.result("order", symbol=PAIR, client_id="abc2"))["order"]["order_id"] == resting["order_id"]
    held = amounts((await s.result("balances"))["balances"], currency="USDT")["held"]
    assert held == Decimal("0.02") * Decimal("63000.5")
    (live,) = (await s.result("open_orders", symbol=PAIR))["orders"]
    assert (live["order_id"], live["status"], live["symbol"]) == (resting["order_id"], "open", PAIR)
    await s.result("cancel_order", symbol=PAIR, client_id="abc2")
    assert (await s.simulator.about_venue("GET", f"/orders/{resting['order_id']}"))["status"] == "cancelled"

    trades = (await s.result("trades", symbol=PAIR, limit=10))["trades"]
    assert sorted(trade["side"] for trade in trades) == ["buy", "buy", "sell"]
    (candle, *_) = reversed((await s.result("candles", symbol=PAIR, interval_s=60))["candles"])
    assert Decimal(candle["volume"]) == Decimal("0.025")
    (fill,) = (await s.result("fills", symbol=PAIR, order_id=filled["order_id"]))["fills"]
    assert (fill["side"], fill["role"], fill["fee_currency"]) == ("buy", "taker", "BTC")
    assert (Decimal(fill["qty"]), Decimal(fill["fee"])) == (Decimal("0.01"), Decimal("0.00002"))
    assert len((await s.result("fills", symbol=PAIR))["fills"]) == 3
    for status, count in (("filled", 3), ("cancelled", 3), ("closed", 6)):
        assert len((await s.result("orders", symbol=PAIR, status=status))["orders"]) == count


async def trade_in_batches(s: Subject) -> None:
    def order(qty: str, price: str) -> Mapping[str, str]:
        return {"symbol": PAIR, "side": "sell", "type": "limit", "qty": qty, "price": price}

    placed = await s.result("place_orders", orders=[order("0.01", "66000"), order("1000", "66000"), order("0.01", "67000")])
    first, poor, last = placed["outcomes"]
    assert (poor["error"]["kind"], poor["error"]["code"]) == (
        "insufficient_funds",
        "account-frozen-balance-insufficient-error",
    )
    named = [{"symbol": PAIR, "order_id": each} for each in (last["order_id"], "1", first["order_id"])]
    done, unknown, too = (await s.result("cancel_orders", orders=named))["outcomes"]
    assert (done["order_id"], too["order_id"]) == (last["order_id"], first["order_id"])
    assert unknown["error"]["code"] == "base-not-found"


async def move_money(s: Subject) -> None:
    await s.if_offered("ledger", currency="USDT")
    addresses = (await s.result("deposit_addresses", currency="ETH"))["addresses"]
    assert all(row["address"].startswith("0x") for row in addresses)
    fee = (await s.result("withdrawal_fees", currency="ETH"))["fees"][0]["minimum"]
    made = await s.result("withdraw", currency="ETH", amount="0.5", address=LISTED_ADDRESS, chain="eth", fee=fee)
    (listed,) = (await s.result("withdrawals", currency="ETH"))["payments"]
    assert (listed["id"], listed["currency"], listed["chain"]) == (made["withdrawal_id"], "ETH", "eth")
    assert (Decimal(listed["amount"]), Decimal(listed["fee"])) == (Decimal("0.5"), Decimal(fee))


CHANNELS: tuple[Mapping[str, object], ...] = (
    {"channel": "ticker", "symbol": PAIR},
    {"channel": "trades", "symbol": PAIR},
    {"channel": "candles", "symbol": PAIR, "interval_s": 60},
    {"channel": "orders", "symbol": PAIR},
)


async def flowing(s: Subject, operation: str, **params: object) -> Any:
    """The venue's time moves on while the client waits, as books come by its clock."""
    asking = asyncio.ensure_future(s.result(operation, **params))
    while not (await asyncio.wait([asking], timeout=0.1))[0]:
        await s.simulator.call("POST", "/clock/advance", {"seconds": "0.1"})
    return asking.result()


async def listen(s: Subject) -> None:
    """All channels at once; a trade of one's own moves every one of them."""
    await s.result("stream_open", private=True)
    for channel in CHANNELS:
        await s.result("subscribe", **channel)
    await s.result("subscribe", channel="balances", currency="USDT")
    await flowing(s, "book_watch", symbol=PAIR)
    await s.result("settle")
    placed = await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.03", price="65000", client_id="abc3")
    await s.simulator.call("POST", "/clock/advance", {"seconds": "1"})
    await s.result("settle")
    events: dict[str, Any] = {}
    for channel in CHANNELS:
        while event := (await s.result("next_event", **channel, timeout_ms=500))["event"]:
            events[str(channel["channel"])] = event

    assert Decimal(events["ticker"]["ticker"]["last"]) == 65_000
    assert Decimal(events["trades"]["trades"][0]["qty"]) == Decimal("0.03")
    assert Decimal(events["candles"]["candles"][-1]["close"]) == 65_000
    assert (events["orders"]["orders"][-1]["order_id"], events["orders"]["orders"][-1]["status"]) == (
        placed["order_id"],
        "filled",
    )
    best_ask = Decimal((await s.simulator.about_venue("GET", f"/book?symbol={PAIR}&depth=1"))["asks"][0]["qty"])
    view = await s.result("book_view", symbol=PAIR, limit=1)
    assert (view["in_sync"], Decimal(view["book"]["asks"][0][1])) == (True, best_ask)
    await s.result("book_unwatch", symbol=PAIR)
    await s.result("unsubscribe", channel="trades", symbol=PAIR)
    await s.place_as_bob("sell", "0.1", "64000")
    await s.simulator.call("POST", "/clock/advance", {"seconds": "1"})
    await s.result("settle")
    assert (await s.result("next_event", channel="trades", symbol=PAIR, timeout_ms=1))["event"] is None
    await s.result("stream_close")
    assert await s.result("stream_state") == {"connected": False}
    await s.wait_for_connections(0)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_everything_that_a_driver_offers_is_carried_out(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name, WISH) as s:
        await s.start()
        await look_around(s)
        await trade(s)
        await trade_in_batches(s)
        await move_money(s)
        if "stream_open" in s.capabilities:
            await listen(s)

        offered = s.capabilities & set(protocol.operations())
        assert offered <= s.asked, "each operation that is offered is asked for here"


# --- failures


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_what_the_venue_refuses_is_an_error_with_its_code(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name, WISH) as s:
        await s.start()

        unknown = await s.error("cancel_order", symbol=PAIR, order_id="123")
        poor = await s.error("place_order", symbol=PAIR, side="sell", type="limit", qty="1000", price="65000")
        await s.start(credentials={**s.world.keys["alice"].credentials(), "secret": "wrong"})
        impostor = await s.error("balances")

        assert (unknown["kind"], unknown["code"]) == ("order_not_found", "base-record-invalid")
        assert (poor["kind"], poor["code"]) == ("insufficient_funds", "account-frozen-balance-insufficient-error")
        assert (impostor["kind"], impostor["code"]) == ("authentication", "api-signature-not-valid")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_stream_that_the_venue_ends_is_known_to_be_lost(simulator: Simulator) -> None:
    """A new world sends everybody away; its keys are the same."""
    async with subject(simulator, "ccxt", WISH) as s:
        await s.start()
        await s.result("stream_open", private=True)
        await s.result("subscribe", channel="orders", symbol=PAIR)
        before = s.world
        s.world = await s.simulator.reset(WISH, seed=1)
        assert s.world.keys == before.keys

        async with asyncio.timeout(SECONDS):
            while (await s.result("stream_state"))["connected"]:
                pass
        await s.result("stream_open", private=True)
        await s.result("subscribe", channel="orders", symbol=PAIR)
        assert await s.result("stream_state") == {"connected": True}
