"""KTX's reference driver on streams: two sockets as one stream, events, local books, and time that only the runner moves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from ktx_rig import BALANCES, BTC, ETH, LONG, PERPETUAL, VENUE, asked_of
from reference_rig import Asked
from streams_rig import events, expect_followed, next_event, on_a_private_stream, sockets

import mockex

pytestmark = pytest.mark.mockex(venues=[VENUE], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    """With an open, private stream."""
    async with on_a_private_stream(asked_of(mockex)) as asked:
        yield asked


def end_at_next_trade(asked: Asked) -> None:
    """The venue's next push of trades ends the connection."""
    channel = f"spot.{BTC}.trades"
    asked.venue.plan_faults({"where": {"channel": channel}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})


async def traded(asked: Asked, price: str = "98000") -> None:
    asked.bob("buy", price, "0.1")
    await asked.sell(price, "0.1")


# --- its life


async def test_a_socket_is_opened_when_something_of_it_is_wanted(alice: Asked) -> None:
    assert sockets(alice) == ["user"]

    for channel in ("orders", "balances", "positions"):
        await alice("subscribe", channel=channel)
    assert sockets(alice) == ["user"]
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("book_watch", symbol=BTC)
    assert sockets(alice) == ["market", "user"]

    await alice("stream_close")
    await alice("stream_open", private=False)
    assert sockets(alice) == ["market"]


async def test_a_stream_is_connected_until_it_is_closed(alice: Asked) -> None:
    assert await alice("stream_state") == {"connected": True}
    assert (await alice.refused("stream_open", private=False))["kind"] == "refused_by_client"

    await alice("stream_close")

    assert await alice("stream_state") == {"connected": False}
    await alice("elapse", ms=120_000)
    assert await alice("stream_state") == {"connected": False}


@pytest.mark.parametrize("channel", ["orders", "balances", "positions"])
async def test_private_channels_need_a_private_stream(alice: Asked, channel: str) -> None:
    await alice("stream_close")
    await alice("stream_open", private=False)

    for operation in ("subscribe", "unsubscribe"):
        assert (await alice.refused(operation, channel=channel))["kind"] == "refused_by_client"


async def test_private_channels_need_a_stream_as_well(alice: Asked) -> None:
    await alice.start()

    error = await alice.refused("subscribe", channel="orders")

    assert (error["kind"], error["message"]) == ("refused_by_client", "open the stream first")


async def test_a_socket_without_an_address_is_missed_when_it_is_wanted(alice: Asked) -> None:
    await alice.start(ws={})

    assert (await alice.refused("stream_open", private=True))["message"] == "no address of the user socket was given"


async def test_a_login_that_is_refused_is_told_and_leaves_no_stream(alice: Asked) -> None:
    await alice.start(credentials={"api_key": "nobody", "secret": "s"})

    error = await alice.refused("stream_open", private=True)

    assert (error["kind"], error["code"]) == ("authentication", "-21006")
    assert await alice("stream_state") == {"connected": False}


# --- events


async def test_events_of_market_data_tell_what_happened(alice: Asked) -> None:
    alice.bob("buy", "98000", "1")
    for channel in ("ticker", "trades", "book"):
        await alice("subscribe", channel=channel, symbol=BTC)
    await alice("subscribe", channel="candles", symbol=BTC, interval_s=60)
    for channel in ("ticker", "book", "candles"):
        await events(alice, channel)

    await alice.sell("98000", "0.25")
    traded_ms = alice.world.clock.now_ms()
    alice.world.clock.advance(seconds=1)

    ((trade,),) = [event["trades"] for event in await events(alice, "trades")]
    assert {**trade, "price": float(trade["price"]), "qty": float(trade["qty"])} == {
        "trade_id": "1", "price": 98000, "qty": 0.25, "side": "sell", "time_ms": traded_ms,
    }  # fmt: skip
    ticker = (await events(alice, "ticker"))[-1]["ticker"]
    assert (ticker["symbol"], float(ticker["last"]), float(ticker["bid"]), float(ticker["volume"])) == (BTC, 98000, 98000, 0.25)
    book = (await events(alice, "book"))[-1]["book"]
    assert [(float(price), float(qty)) for price, qty in book["bids"]] == [(98000, 0.75)]
    (candle,) = (await events(alice, "candles"))[-1]["candles"]
    assert (float(candle["close"]), float(candle["volume"])) == (98000, 0.25)


async def test_private_events_flow_once_they_are_asked_for_and_no_longer(alice: Asked) -> None:
    """They are on the line from the login on: what nobody asked for is passed over."""
    await alice.sell("99000", "0.1")
    assert await events(alice, "orders") == []
    await alice("subscribe", channel="orders", symbol=BTC)
    await alice("subscribe", channel="balances", currency="BTC")

    receipt = await alice.sell("98000", "0.25", client_id="7")
    alice.bob("buy", "98000", "0.25")

    told = [event["orders"][0] for event in await events(alice, "orders")]
    assert [(each["status"], float(each["filled_qty"])) for each in told] == [("open", 0), ("filled", 0.25)]
    assert {(each["order_id"], each["client_id"]) for each in told} == {(receipt["order_id"], "7")}
    held = [event["balances"][0] for event in await events(alice, "balances")]
    assert [(each["currency"], each["total"], each["held"], each["available"]) for each in held] == [
        ("BTC", "10", "0.35", "9.65"), ("BTC", "9.75", "0.1", "9.65"),
    ]  # fmt: skip

    await alice("unsubscribe", channel="orders", symbol=BTC)
    await alice.sell("98001", "0.1")
    assert await events(alice, "orders") == []
    assert len(await events(alice, "balances", currency="BTC")) == 1


async def test_orders_of_one_symbol_may_end_while_another_goes_on(alice: Asked) -> None:
    for symbol in (BTC, ETH):
        await alice("subscribe", channel="orders", symbol=symbol)
    await alice("unsubscribe", channel="orders", symbol=BTC)
    await alice.sell("98000", "0.1")
    await alice("place_order", symbol=ETH, side="sell", type="limit", price="3500", qty="1")

    assert [event["orders"][0]["symbol"] for event in await events(alice, "orders")] == [ETH]


async def test_positions_are_told_when_an_order_rests_when_it_fills_and_when_they_are_over(alice: Asked) -> None:
    await alice("subscribe", channel="positions", symbol=PERPETUAL)
    order = {"symbol": PERPETUAL, "type": "limit", "price": "99990", "qty": "0.1", "position": LONG}
    terms = {"margin_method": "cross", "leverage": 2}

    await alice("place_order", side="buy", **order)
    alice.venue.place(account="bob", symbol=PERPETUAL, side="sell", price="99990", qty="0.1", position=terms)
    alice.venue.place(account="bob", symbol=PERPETUAL, side="buy", price="99990", qty="0.1", position=terms)
    await alice("place_order", side="sell", **{**order, "position": {**LONG, "close": True}})

    told = [event["positions"][0] for event in await events(alice, "positions")]
    assert {each["position_id"] for each in told} == {told[0]["position_id"]}
    seen = [(float(each["qty"]), each["position_margin"], each["order_margin"]) for each in told]
    assert seen == [(0, "0", "1009.899"), (0.1, "999.9", "0"), (0, "0", "0")]  # ktx§11


async def test_events_come_in_order_once_and_for_the_channel_that_is_asked(alice: Asked) -> None:
    for symbol in (BTC, ETH):
        await alice("subscribe", channel="trades", symbol=symbol)
    for price in ("98000", "98001"):
        await traded(alice, price)
    alice.venue.place(account="bob", symbol=ETH, side="buy", price="3500", qty="1")
    await alice("place_order", symbol=ETH, side="sell", type="limit", price="3500", qty="1")

    (eth,) = await events(alice, "trades", symbol=ETH)
    assert float(eth["trades"][0]["price"]) == 3500
    assert [float(event["trades"][0]["price"]) for event in await events(alice, "trades")] == [98000, 98001]


async def test_candles_of_two_intervals_are_told_apart(alice: Asked) -> None:
    await traded(alice)
    for interval_s in (60, 604_800):
        await alice("subscribe", channel="candles", symbol=BTC, interval_s=interval_s)
    await alice("settle")

    week = (await next_event(alice, "candles", symbol=BTC, interval_s=604_800))["candles"]
    minute = (await next_event(alice, "candles", symbol=BTC))["candles"]
    assert minute[-1]["time_ms"] == alice.world.clock.now_ms() // 60_000 * 60_000
    assert week[-1]["time_ms"] % 604_800_000 == 4 * 86_400_000  # weeks start on Monday, 1970 on a Thursday


async def test_after_unsubscribing_nothing_comes(alice: Asked) -> None:
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("unsubscribe", channel="trades", symbol=BTC)
    await traded(alice)

    assert await events(alice, "trades") == []
    assert await alice("next_event", channel="trades", timeout_ms=30) == {"event": None}


async def test_a_channel_that_the_venue_refuses_is_told(alice: Asked) -> None:
    error = await alice.refused("subscribe", channel="ticker", symbol="NONE_USDT")

    assert (error["kind"], error["code"]) == ("bad_request", "-1003")


# --- local books


async def test_local_books_follow_the_venue(alice: Asked) -> None:
    alice.bob("buy", "90000", "1")
    for symbol in (BTC, PERPETUAL):
        await alice("book_watch", symbol=symbol)
    alice.bob("buy", "90000.5", "2")
    await alice.sell("98000", "0.5")

    await expect_followed(alice, BTC, bids=[(90000.5, 2), (90000, 1)], asks=[(98000, 0.5)])
    assert (await alice("book_view", symbol=PERPETUAL))["book"]["bids"] == []


# --- time


async def test_pings_keep_both_sockets_alive(alice: Asked) -> None:
    """The user's is closed after 30 s without one, the market's after 60 (ktx§8)."""
    await alice("subscribe", channel="trades", symbol=BTC)

    for _ in range(30):
        await alice("elapse", ms=5_000)
        alice.world.clock.advance(seconds=5)
        await alice("settle")

    assert await alice("stream_state") == {"connected": True}
    assert sockets(alice) == ["market", "user"]


async def test_one_lost_socket_is_a_lost_stream_until_it_is_renewed(alice: Asked) -> None:
    await alice("subscribe", channel="orders")
    await alice("subscribe", channel="trades", symbol=BTC)
    end_at_next_trade(alice)
    await traded(alice)
    await alice("settle")
    assert await alice("stream_state") == {"connected": False}

    await alice("elapse", ms=5_000)
    assert await alice("stream_state") == {"connected": True}
    await events(alice, "orders")
    await traded(alice, "98001")

    assert [float(each["price"]) for each in (await next_event(alice, "trades"))["trades"]] == [98001]
    assert (await next_event(alice, "orders"))["orders"][0]["status"] == "open"
