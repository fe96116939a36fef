"""Drivers of OKCoin Japan's clients that other people wrote, each over the protocol.

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

VENUE = "okcoinjp"
CLIENTS = ("ccxt", "okex-node", "pybotters")
PAIR = "BTC-JPY"
VERIFIED_ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"  # every account may withdraw to it
FUNDS_PASSWORD = "123456"


# --- sessions


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_driver_says_who_its_client_is_and_declares_nothing_that_there_is_not(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name) as s:
        said = await s.start()

        client = clients_for(VENUE)[name]
        assert (said["client"]["name"], said["client"]["version"]) == (name, client.version)
        assert s.capabilities <= protocol.capabilities()
        assert {"place_order", "subscribe"} <= s.capabilities


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_second_session_knows_nothing_of_the_first(name: str, simulator: Simulator) -> None:
    """Other keys, no stream, no orders, no books."""
    async with subject(simulator, name) as s:
        await s.start("alice")
        await s.result("stream_open", private=True)
        await s.result("subscribe", channel="trades", symbol=PAIR)
        await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.02", price="6000000")

        await s.start("bob")

        assert await s.result("stream_state") == {"connected": False}
        await s.wait_for_connections(0)
        assert (await s.result("open_orders", symbol=PAIR))["orders"] == []
        assert amounts((await s.result("balances"))["balances"], currency="JPY")["held"] == 0
        assert (await s.result("next_event", channel="trades", symbol=PAIR, timeout_ms=1))["event"] is None


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_stop_leaves_no_socket_open(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name) as s:
        await s.start()
        await s.result("stream_open", private=True)
        assert await s.result("stream_state") == {"connected": True}
        await s.wait_for_connections(1)

        await s.result("stop")

        await s.wait_for_connections(0)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_client_without_keys_reads_what_is_public(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name) as s:
        await s.start(None)
        await s.place_as_bob("sell", "0.5", "7000000")

        if "book" in s.capabilities:
            assert [[Decimal(each) for each in level] for level in (await s.result("book", symbol=PAIR))["book"]["asks"]] == [
                [Decimal(7_000_000), Decimal("0.5")]
            ]
        await s.result("stream_open", private=False)
        await s.result("subscribe", channel="ticker", symbol=PAIR)
        await s.result("settle")
        event = (await s.result("next_event", channel="ticker", symbol=PAIR, timeout_ms=0))["event"]
        assert Decimal(event["ticker"]["ask"]) == 7_000_000
        assert (await s.error("balances"))["kind"] in ("authentication", "refused_by_client")


# --- everything that is offered


async def look_around(s: Subject) -> None:
    """Markets and money, before anything happens."""
    await s.place_as_bob("sell", "1", "7000000")
    await s.place_as_bob("buy", "1", "6900000")
    for operation in ("server_time", "valuation", "wallet_ledger", "deposits", "withdrawals", "fee_rates", "wallet"):
        await s.if_offered(operation)
    listed = await s.if_offered("instruments")
    assert listed is None or {row["symbol"] for row in listed["instruments"]} == {row["symbol"] for row in s.instruments}
    held = await s.if_offered("currencies")
    assert held is None or {"BTC", "JPY"} <= {row["currency"] for row in held["currencies"]}
    fees = await s.if_offered("withdrawal_fees", currency="BTC")
    assert fees is None or [Decimal(row["minimum"]) for row in fees["fees"]] == [Decimal("0.0005")]
    tickers = [await s.if_offered("ticker", symbol=PAIR), await s.if_offered("tickers")]
    for ticker in [tickers[0]["ticker"], *tickers[1]["tickers"]] if tickers[0] else []:
        assert (ticker["symbol"], Decimal(ticker["bid"]), Decimal(ticker["ask"])) == (PAIR, 6_900_000, 7_000_000)
    book = await s.if_offered("book", symbol=PAIR, limit=5)
    assert book is None or [[Decimal(each) for each in level] for level in book["book"]["bids"]] == [[6_900_000, 1]]


async def trade(s: Subject) -> None:
    """An order that fills, one that rests and is cancelled, market orders, batches; then what the client says of them."""
    filled = await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.01", price="7000000", client_id="abc1")
    resting = await s.result(
        "place_order", symbol=PAIR, side="buy", type="limit", qty="0.02", price="6800000.5", post_only=True, client_id="abc2"
    )
    assert (filled["client_id"], resting["client_id"]) == ("abc1", "abc2")
    await s.result("place_order", symbol=PAIR, side="buy", type="market", notional="70000")
    await s.result("place_order", symbol=PAIR, side="sell", type="market", qty="0.005")

    at_venue = await s.simulator.about_venue("GET", f"/orders/{resting['order_id']}")
    assert (Decimal(at_venue["qty"]), Decimal(at_venue["price"])) == (Decimal("0.02"), Decimal("6800000.5"))
    order = (await s.result("order", symbol=PAIR, order_id=filled["order_id"]))["order"]
    assert (order["status"], Decimal(order["filled_qty"]), Decimal(order["average_price"])) == (
        "filled",
        Decimal("0.01"),
        7_000_000,
    )
    assert (await s.result("order", symbol=PAIR, client_id="abc2"))["order"]["order_id"] == resting["order_id"]
    held = amounts((await s.result("balances"))["balances"], currency="JPY")["held"]
    assert held == Decimal("0.02") * Decimal("6800000.5")
    (live,) = (await s.result("open_orders", symbol=PAIR))["orders"]
    assert (live["order_id"], live["status"], live["symbol"]) == (resting["order_id"], "open", PAIR)
    assert (await s.result("cancel_order", symbol=PAIR, client_id="abc2"))["order_id"] == resting["order_id"]

    await s.if_offered("candles", symbol=PAIR, interval_s=60)
    trades = await s.if_offered("trades", symbol=PAIR)
    assert trades is None or [trade["side"] for trade in trades["trades"]] == ["sell", "buy", "buy"]
    fills = await s.if_offered("fills", symbol=PAIR, order_id=filled["order_id"])
    for fill in fills["fills"] if fills else []:
        assert (fill["side"], fill["role"], fill["fee_currency"]) == ("buy", "taker", "BTC")
        assert (Decimal(fill["qty"]), Decimal(fill["fee"])) == (Decimal("0.01"), Decimal("0.000015"))
    for status, count in (("filled", 3), ("cancelled", 1), ("closed", 4)):
        found = await s.if_offered("orders", symbol=PAIR, status=status)
        assert found is None or len(found["orders"]) == count


async def trade_in_batches(s: Subject) -> None:
    """Of two pairs in turns, so that the venue's order is not the request's."""

    def order(symbol: str, qty: str, price: str) -> Mapping[str, str]:
        return {"symbol": symbol, "side": "buy", "type": "limit", "qty": qty, "price": price}

    placed = await s.if_offered(
        "place_orders",
        orders=[order(PAIR, "0.01", "6800000"), order("ETH-JPY", "0.1", "100000"), order(PAIR, "1000000", "6800000")],
    )
    if placed is None:
        return
    first, second, third = placed["outcomes"]
    assert (third["error"]["kind"], third["error"]["code"]) == ("insufficient_funds", "33017")
    outcomes = await s.result(
        "cancel_orders",
        orders=[
            {"symbol": PAIR, "order_id": first["order_id"]},
            {"symbol": "ETH-JPY", "order_id": second["order_id"]},
            {"symbol": PAIR, "order_id": "1"},
        ],
    )
    assert [outcome.get("order_id") for outcome in outcomes["outcomes"][:2]] == [first["order_id"], second["order_id"]]
    assert outcomes["outcomes"][2]["error"]["kind"] == "order_not_found"


async def move_money(s: Subject) -> None:
    await s.if_offered("ledger", currency="JPY")
    moved = await s.if_offered("transfer", currency="BTC", amount="1.25", source="spot", target="funding")
    if moved is None:
        return
    wallet = {row["currency"]: Decimal(row["total"]) for row in (await s.result("wallet"))["balances"]}
    account = await s.simulator.about_venue("GET", "/accounts/alice")
    assert wallet["BTC"] == Decimal(account["balances"]["funding"]["BTC"]["total"])
    addresses = (await s.result("deposit_addresses", currency="BTC"))["addresses"]
    assert all(row["address"] for row in addresses)
    await s.result(
        "withdraw", currency="BTC", amount="0.1", address=VERIFIED_ADDRESS, chain="BTC", fee="0.001", password=FUNDS_PASSWORD
    )


CHANNELS: tuple[Mapping[str, object], ...] = (
    {"channel": "ticker", "symbol": PAIR},
    {"channel": "trades", "symbol": PAIR},
    {"channel": "book", "symbol": PAIR},
    {"channel": "candles", "symbol": PAIR, "interval_s": 60},
    {"channel": "orders", "symbol": PAIR},
    {"channel": "balances", "currency": "JPY"},
)


async def listen(s: Subject) -> None:
    """All channels at once; a trade of one's own moves every one of them."""
    await s.result("stream_open", private=True)
    for channel in CHANNELS:
        await s.result("subscribe", **channel)
    await s.if_offered("book_watch", symbol=PAIR)
    await s.result("settle")
    placed = await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.03", price="7000000", client_id="abc3")
    await s.simulator.call("POST", "/clock/advance", {"seconds": "1"})
    await s.result("settle")
    events: dict[str, Any] = {}
    for channel in CHANNELS:
        while event := (await s.result("next_event", **channel, timeout_ms=500))["event"]:
            events[str(channel["channel"])] = event

    assert Decimal(events["ticker"]["ticker"]["last"]) == 7_000_000
    assert Decimal(events["trades"]["trades"][0]["qty"]) == Decimal("0.03")
    assert Decimal(events["candles"]["candles"][-1]["close"]) == 7_000_000
    assert (events["orders"]["orders"][-1]["order_id"], events["orders"]["orders"][-1]["status"]) == (
        placed["order_id"],
        "filled",
    )
    account = await s.simulator.about_venue("GET", "/accounts/alice")
    total = Decimal(account["balances"]["spot"]["JPY"]["total"])
    assert amounts(events["balances"]["balances"], currency="JPY")["total"] == total
    best_ask = Decimal((await s.simulator.about_venue("GET", f"/book?symbol={PAIR}&depth=1"))["asks"][0]["qty"])
    assert Decimal(events["book"]["book"]["asks"][0][1]) == best_ask
    view = await s.if_offered("book_view", symbol=PAIR, limit=1)
    assert view is None or (view["in_sync"], Decimal(view["book"]["asks"][0][1])) == (True, best_ask)
    await s.if_offered("book_unwatch", symbol=PAIR)
    await s.if_offered("unsubscribe", channel="trades", symbol=PAIR)
    await s.result("stream_close")
    assert await s.result("stream_state") == {"connected": False}
    await s.wait_for_connections(0)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_everything_that_a_driver_offers_is_carried_out(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name) as s:
        await s.start()
        await look_around(s)
        await trade(s)
        await trade_in_batches(s)
        await move_money(s)
        await listen(s)
        sent = await s.if_offered(
            "request", method="GET", path="/api/spot/v3/orders", query=[["instrument_id", PAIR], ["state", "2"]], signed=True
        )
        assert sent is None or (sent["status"], len(sent["body"])) == (200, 4)

        offered = s.capabilities & set(protocol.operations())
        assert offered <= s.asked, "each operation that is offered is asked for here"


# --- failures


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_what_the_venue_refuses_is_an_error_with_its_code(name: str, simulator: Simulator) -> None:
    async with subject(simulator, name) as s:
        await s.start()

        unknown = await s.error("cancel_order", symbol=PAIR, order_id="123")
        poor = await s.error("place_order", symbol=PAIR, side="buy", type="limit", qty="1000000", price="7000000")
        await s.start(credentials={**s.world.keys["alice"].credentials(), "secret": "wrong"})
        impostor = await s.error("balances")

        assert (unknown["kind"], unknown["code"]) == ("order_not_found", "33014")
        assert (poor["kind"], poor["code"]) == ("insufficient_funds", "33017")
        assert (impostor["kind"], impostor["code"]) == ("authentication", "30013")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_stream_that_the_venue_ends_is_known_to_be_lost_or_renewed_with_all_that_it_had(
    name: str, simulator: Simulator
) -> None:
    """A new world sends everybody away; its keys are the same."""
    async with subject(simulator, name) as s:
        await s.start()
        await s.result("stream_open", private=True)
        await s.result("subscribe", channel="orders", symbol=PAIR)
        before = s.world
        s.world = await s.simulator.reset(WorldWish(), seed=1)
        assert s.world.keys == before.keys

        if "reconnect" in s.capabilities:
            async with asyncio.timeout(SECONDS):
                event = None
                while event is None:
                    await s.result("place_order", symbol=PAIR, side="buy", type="limit", qty="0.01", price="6000000")
                    event = (await s.result("next_event", channel="orders", symbol=PAIR, timeout_ms=200))["event"]
            assert await s.result("stream_state") == {"connected": True}
            return
        async with asyncio.timeout(SECONDS):
            while (await s.result("stream_state"))["connected"]:
                pass
        await s.result("stream_open", private=True)
        await s.result("subscribe", channel="orders", symbol=PAIR)
        assert await s.result("stream_state") == {"connected": True}
