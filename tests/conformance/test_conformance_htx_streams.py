"""HTX's reference driver on streams: three sockets as one stream, events, local books, and time that only the runner moves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from htx_rig import BALANCES, BTC, ETH, VENUE, asked_of
from reference_rig import Asked
from streams_rig import events, expect_followed, next_event, on_a_private_stream, sockets

import mockex

MBP = "market.btcusdt.mbp.150"
pytestmark = pytest.mark.mockex(venues=[VENUE], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    """With an open, private stream."""
    async with on_a_private_stream(asked_of(mockex)) as asked:
        yield asked


async def cut(asked: Asked, socket: str, code: int = 1006) -> None:
    """The venue's next message on that socket, a ping, ends the connection."""
    rule = {"where": {"socket": socket}, "when": {"nth": 1}, "what": {"action": "close", "code": code}}
    asked.venue.plan_faults(rule)
    asked.world.clock.advance(seconds=20 if socket == "account" else 5)
    await asked("settle")


# --- its life


async def test_a_socket_is_opened_when_something_of_it_is_wanted(alice: Asked) -> None:
    assert sockets(alice) == ["account"]

    await alice("subscribe", channel="trades", symbol=BTC)
    assert sockets(alice) == ["account", "market"]
    await alice("book_watch", symbol=BTC)
    assert sockets(alice) == ["account", "feed", "market"]

    await alice("stream_close")
    await alice("stream_open", private=False)
    assert sockets(alice) == ["market"]


async def test_a_stream_is_connected_until_it_is_closed(alice: Asked) -> None:
    assert await alice("stream_state") == {"connected": True}
    assert (await alice.refused("stream_open", private=False))["kind"] == "refused_by_client"

    await alice("stream_close")

    assert await alice("stream_state") == {"connected": False}
    assert (await alice.refused("subscribe", channel="ticker", symbol=BTC))["message"] == "open the stream first"
    await alice("elapse", ms=120_000)
    assert await alice("stream_state") == {"connected": False}


async def test_private_channels_need_a_private_stream(alice: Asked) -> None:
    await alice("stream_close")
    await alice("stream_open", private=False)

    assert (await alice.refused("subscribe", channel="orders", symbol=BTC))["kind"] == "refused_by_client"


async def test_a_login_that_is_refused_is_told_and_leaves_no_stream(alice: Asked) -> None:
    await alice.start(credentials={"api_key": "nobody", "secret": "s"})

    error = await alice.refused("stream_open", private=True)

    assert (error["kind"], error["code"]) == ("authentication", "2002")
    assert await alice("stream_state") == {"connected": False}


async def test_one_lost_socket_is_a_lost_stream(alice: Asked) -> None:
    await alice("subscribe", channel="trades", symbol=BTC)
    await cut(alice, "market")

    assert await alice("stream_state") == {"connected": False}

    await alice("elapse", ms=1_000)
    assert await alice("stream_state") == {"connected": True}
    assert sockets(alice) == ["account", "market"]


# --- events


async def test_events_of_every_channel_tell_what_happened(alice: Asked) -> None:
    alice.bob("buy", "60000", "1")
    for channel in ("ticker", "trades", "book", "orders"):
        await alice("subscribe", channel=channel, symbol=BTC)
    await alice("subscribe", channel="candles", symbol=BTC, interval_s=60)
    await alice("subscribe", channel="balances", currency="BTC")
    for channel in ("ticker", "book", "candles"):
        await events(alice, channel)
    opening = await events(alice, "balances", currency="BTC")
    assert [row["total"] for event in opening for row in event["balances"]] == ["10"]

    receipt = await alice.sell("60000", "0.25", client_id="Mine1")
    alice.world.clock.advance(seconds=1)

    now_ms = alice.world.clock.now_ms() - 1_000
    ((trade,),) = [event["trades"] for event in await events(alice, "trades")]
    assert (float(trade["price"]), trade["qty"], trade["side"], trade["time_ms"]) == (60000, "0.25", "sell", now_ms)
    ticker = (await events(alice, "ticker"))[-1]["ticker"]
    assert (ticker["symbol"], float(ticker["last"]), float(ticker["bid"]), float(ticker["volume"])) == (BTC, 60000, 60000, 0.25)
    book = (await events(alice, "book"))[-1]["book"]
    assert [(float(price), float(qty)) for price, qty in book["bids"]] == [(60000, 0.75)]
    (candle,) = (await events(alice, "candles"))[-1]["candles"]
    assert (float(candle["close"]), float(candle["volume"])) == (60000, 0.25)
    told = await events(alice, "orders")
    assert [event["orders"][0]["status"] for event in told] == ["open", "filled"]
    assert [float(event["orders"][0]["filled_qty"]) for event in told] == [0, 0.25]
    assert {event["orders"][0]["order_id"] for event in told} == {receipt["order_id"]}
    assert "fills" not in told[0]
    (fill,) = told[1]["fills"]
    assert (fill["trade_id"], fill["order_id"], fill["side"], fill["role"]) == (
        trade["trade_id"], receipt["order_id"], "sell", "taker",
    )  # fmt: skip
    totals = [row["total"] for event in await events(alice, "balances", currency="BTC") for row in event["balances"]]
    assert float(totals[-1]) == 9.75


async def test_a_market_buy_is_told_without_a_quantity(alice: Asked) -> None:
    """What it names, and what is executed of it, is money (htx§6)."""
    alice.venue.deposit("alice", "USDT", "6000")
    alice.bob("sell", "60000", "1")
    await alice("subscribe", channel="orders", symbol=BTC)

    await alice("place_order", symbol=BTC, side="buy", type="market", notional="6000")

    last = (await events(alice, "orders"))[-1]
    assert (last["orders"][0]["qty"], last["orders"][0]["filled_qty"], last["orders"][0]["status"]) == (None, None, "filled")
    assert float(last["fills"][0]["qty"]) == 0.1


async def test_events_come_in_order_once_and_for_the_channel_that_is_asked(alice: Asked) -> None:
    for symbol in (BTC, ETH):
        await alice("subscribe", channel="trades", symbol=symbol)
    for price in ("60000", "60001"):
        alice.bob("buy", price, "0.1")
        await alice.sell(price, "0.1")
    alice.venue.place(account="bob", symbol=ETH, side="buy", price="3000", qty="1")
    await alice("place_order", symbol=ETH, side="sell", type="limit", price="3000", qty="1")

    (eth,) = await events(alice, "trades", symbol=ETH)
    assert float(eth["trades"][0]["price"]) == 3000
    assert [float(event["trades"][0]["price"]) for event in await events(alice, "trades")] == [60000, 60001]


async def test_candles_of_two_intervals_are_told_apart(alice: Asked) -> None:
    alice.bob("buy", "60000", "1")
    await alice.sell("60000", "0.1")
    for interval_s in (60, 86_400):
        await alice("subscribe", channel="candles", symbol=BTC, interval_s=interval_s)
    await alice("settle")

    (day,) = (await next_event(alice, "candles", symbol=BTC, interval_s=86_400))["candles"]
    (minute,) = (await next_event(alice, "candles", symbol=BTC))["candles"]
    assert minute["time_ms"] == alice.world.clock.now_ms() // 60_000 * 60_000
    assert day["time_ms"] % 86_400_000 == 16 * 3_600_000  # days open at midnight of UTC+8 (htx§3.2)


async def test_balances_of_one_currency_may_end_while_another_goes_on(alice: Asked) -> None:
    """The venue has one topic for all of them."""
    for currency in ("BTC", "USDT"):
        await alice("subscribe", channel="balances", currency=currency)
    await events(alice, "balances")
    await alice("unsubscribe", channel="balances", currency="BTC")
    alice.venue.deposit("alice", "USDT", "7")
    assert [float(event["balances"][0]["total"]) for event in await events(alice, "balances", currency="USDT")] == [7]

    await alice("unsubscribe", channel="balances", currency="USDT")
    alice.venue.deposit("alice", "USDT", "7")
    assert await events(alice, "balances") == []


async def test_after_unsubscribing_nothing_comes(alice: Asked) -> None:
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("unsubscribe", channel="trades", symbol=BTC)
    alice.bob("buy", "60000", "0.1")
    await alice.sell("60000", "0.1")

    assert await events(alice, "trades") == []


@pytest.mark.parametrize(("channel", "code"), [("ticker", "bad-request"), ("orders", "2001")])
async def test_a_channel_that_the_venue_refuses_is_told(alice: Asked, channel: str, code: str) -> None:
    error = await alice.refused("subscribe", channel=channel, symbol="nousdt")

    assert (error["kind"], error["code"]) == ("bad_symbol", code)


# --- local books


async def test_local_books_follow_the_venue(alice: Asked) -> None:
    """Two of them: the second whole book is asked for no sooner than the venue allows, which takes no time of the runner."""
    alice.bob("buy", "50000", "1")
    await alice("book_watch", symbol=BTC)
    await alice("book_watch", symbol=ETH)
    alice.bob("buy", "50000.5", "2")
    await alice.sell("60000", "0.5")

    await expect_followed(alice, BTC, bids=[(50000.5, 2), (50000, 1)], asks=[(60000, 0.5)])
    assert (await alice("book_view", symbol=ETH))["book"]["bids"] == []


async def test_a_local_book_with_a_gap_asks_for_the_whole_one(alice: Asked) -> None:
    alice.bob("buy", "50000", "1")
    await alice("book_watch", symbol=BTC)
    alice.venue.plan_faults({"where": {"channel": MBP}, "when": {"nth": 1}, "what": {"action": "drop"}})
    alice.bob("buy", "50001", "1")
    alice.world.clock.advance(seconds=1)
    await alice("settle")

    for _ in range(100):
        view = await alice("book_view", symbol=BTC)
        if view["in_sync"]:
            break
        await alice("elapse", ms=1_000)

    assert [float(price) for price, _ in view["book"]["bids"]] == [50001, 50000]


# --- time


async def test_real_time_moves_no_timer_and_elapsed_time_does(alice: Asked) -> None:
    """Nothing is heard of a venue that stands still: a market socket is given up after 15 s, the account socket after 60."""
    await alice("subscribe", channel="trades", symbol=BTC)

    await alice("elapse", ms=14_999)
    assert await alice("stream_state") == {"connected": True}
    await alice("elapse", ms=1)
    assert await alice("stream_state") == {"connected": False}


async def test_pings_are_answered_in_time_on_every_socket(alice: Asked) -> None:
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("book_watch", symbol=BTC)

    for _ in range(50):
        await alice("elapse", ms=5_000)
        alice.world.clock.advance(seconds=5)
        await alice("settle")

    assert await alice("stream_state") == {"connected": True}
    assert sockets(alice) == ["account", "feed", "market"]


async def test_a_lost_connection_is_renewed_after_a_second_with_all_that_was_on_it(alice: Asked) -> None:
    await alice("subscribe", channel="orders", symbol=BTC)
    await cut(alice, "account")
    assert await alice("stream_state") == {"connected": False}

    await alice("elapse", ms=999)
    assert await alice("stream_state") == {"connected": False}
    await alice("elapse", ms=1)
    assert await alice("stream_state") == {"connected": True}

    await alice("settle")
    receipt = await alice.sell("60000", "0.5")
    assert (await next_event(alice, "orders"))["orders"][0]["order_id"] == receipt["order_id"]
