"""The reference client's driver on streams: events, local books, and time that only the runner moves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from reference_rig import BALANCES, BTC, ETH, Asked
from streams_rig import IMPATIENT_MS, next_event, on_a_private_stream

import mockex

pytestmark = pytest.mark.mockex(venues=["okcoinjp"], balances=BALANCES)


@pytest.fixture
async def alice(mockex: mockex.RunningWorld) -> AsyncIterator[Asked]:
    """With an open, private stream."""
    async with on_a_private_stream(Asked(mockex)) as asked:
        yield asked


async def nothing_more(asked: Asked, channel: str) -> bool:
    """All that was sent is here, and nothing of the channel is left."""
    await asked("settle")
    return (await asked("next_event", channel=channel, timeout_ms=0))["event"] is None


def connections(asked: Asked) -> int:
    """How many sockets the venue has open."""
    return asked.world.inside(lambda world: len(world.simulations["okcoinjp"].connections))


async def cut(asked: Asked) -> None:
    """The venue's next message ends the connection without a close frame."""
    asked.venue.plan_faults({"where": {"socket": "main"}, "when": {"nth": 1}, "what": {"action": "close", "code": 1006}})
    await asked("elapse", ms=15_000)  # the answer to the heartbeat is that message
    assert await asked("stream_state") == {"connected": False}


# --- its life


async def test_a_stream_is_connected_until_it_is_closed(alice: Asked) -> None:
    assert await alice("stream_state") == {"connected": True}

    await alice("stream_close")

    assert await alice("stream_state") == {"connected": False}
    assert (await alice.refused("subscribe", channel="ticker", symbol=BTC))["kind"] == "connection_lost"
    await alice("elapse", ms=120_000)
    assert await alice("stream_state") == {"connected": False}
    await alice("stream_open", private=False)
    assert await alice("stream_state") == {"connected": True}


async def test_a_second_stream_is_refused(alice: Asked) -> None:
    assert (await alice.refused("stream_open", private=False))["kind"] == "refused_by_client"
    assert await alice("stream_state") == {"connected": True}


async def test_a_login_that_is_refused_is_told_and_leaves_no_stream(alice: Asked) -> None:
    keys = {"api_key": "nobody", "secret": "s", "passphrase": "p"}
    await alice.start(credentials=keys)

    error = await alice.refused("stream_open", private=True)

    assert (error["kind"], error["code"]) == ("authentication", "30006")
    assert await alice("stream_state") == {"connected": False}


async def test_a_stop_closes_the_stream(alice: Asked) -> None:
    await alice("book_watch", symbol=BTC)
    await alice("stop")
    await alice.start()
    await alice("stream_open", private=False)

    assert connections(alice) == 1


# --- events


async def test_events_of_every_channel_tell_what_happened(alice: Asked) -> None:
    alice.bob("buy", "5000000", "1")
    await alice("subscribe", channel="ticker", symbol=BTC)
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("subscribe", channel="book", symbol=BTC)
    await alice("subscribe", channel="candles", symbol=BTC, interval_s=60)
    await alice("subscribe", channel="orders", symbol=BTC)
    await alice("subscribe", channel="balances", currency="BTC")
    assert (await next_event(alice, "ticker"))["ticker"]["last"] is None
    assert (await next_event(alice, "book"))["book"]["bids"] == [["5000000", "1"]]
    assert (await next_event(alice, "balances"))["balances"][0]["total"] == "10"

    receipt = await alice.sell("5000000", "0.25", client_id="Mine1")
    alice.world.clock.advance(seconds=1)

    now_ms = alice.world.clock.now_ms() - 1_000
    assert (await next_event(alice, "trades"))["trades"] == [
        {"trade_id": "1", "price": "5000000", "qty": "0.25", "side": "sell", "time_ms": now_ms}
    ]
    assert (await next_event(alice, "ticker"))["ticker"].items() >= {"symbol": BTC, "last": "5000000", "volume": "0.25"}.items()
    assert (await next_event(alice, "book"))["book"]["bids"] == [["5000000", "0.75"]]
    (candle,) = (await next_event(alice, "candles"))["candles"]
    assert (candle["close"], candle["volume"]) == ("5000000", "0.25")
    event = await next_event(alice, "orders")
    while event["orders"][0]["status"] != "filled":
        event = await next_event(alice, "orders")
    assert event["orders"][0].items() >= {"order_id": receipt["order_id"], "client_id": "Mine1", "qty": "0.25"}.items()
    assert event["fills"] == [
        {"trade_id": "1", "order_id": receipt["order_id"], "symbol": BTC, "side": "sell", "price": "5000000", "qty": "0.25",
         "time_ms": now_ms}
    ]  # fmt: skip
    balances = [(await next_event(alice, "balances"))["balances"][0]["total"]]
    while balances[-1] != "9.75":
        balances.append((await next_event(alice, "balances"))["balances"][0]["total"])


async def test_events_come_in_order_once_and_for_the_channel_that_is_asked(alice: Asked) -> None:
    for symbol in (BTC, ETH):
        await alice("subscribe", channel="trades", symbol=symbol)
    for price in ("5000000", "5000001"):
        alice.bob("buy", price, "0.1")
        await alice.sell(price, "0.1")
    alice.venue.place(account="bob", symbol=ETH, side="buy", price="400000", qty="1")
    await alice("place_order", symbol=ETH, side="sell", type="limit", price="400000", qty="1")

    (eth,) = (await next_event(alice, "trades", symbol=ETH))["trades"]
    assert eth["price"] == "400000"
    assert [(await next_event(alice, "trades"))["trades"][0]["price"] for _ in range(2)] == ["5000000", "5000001"]
    assert await nothing_more(alice, "trades")


async def test_candles_of_two_intervals_are_told_apart(alice: Asked) -> None:
    alice.bob("buy", "5000000", "1")
    await alice.sell("5000000", "0.1")
    for interval_s in (60, 86_400):
        await alice("subscribe", channel="candles", symbol=BTC, interval_s=interval_s)
    await alice("settle")

    (day,) = (await next_event(alice, "candles", symbol=BTC, interval_s=86_400))["candles"]
    (minute,) = (await next_event(alice, "candles", symbol=BTC))["candles"]
    assert minute["time_ms"] == alice.world.clock.now_ms() // 60_000 * 60_000
    assert day["time_ms"] % 86_400_000 == 16 * 3_600_000  # days open at 16:00 UTC (okj§8)
    assert await nothing_more(alice, "candles")


async def test_after_unsubscribing_nothing_comes(alice: Asked) -> None:
    await alice("subscribe", channel="trades", symbol=BTC)
    await alice("unsubscribe", channel="trades", symbol=BTC)
    alice.bob("buy", "5000000", "0.1")
    await alice.sell("5000000", "0.1")

    assert await nothing_more(alice, "trades")


async def test_a_channel_of_balances_needs_a_currency(alice: Asked) -> None:
    error = await alice.refused("subscribe", channel="balances", symbol=BTC)

    assert (error["kind"], error["message"]) == ("refused_by_client", "the channel balances needs a currency")


async def test_a_channel_that_the_venue_refuses_is_told(alice: Asked) -> None:
    error = await alice.refused("subscribe", channel="ticker", symbol="NO-JPY")

    assert (error["kind"], error["code"]) == ("bad_request", "30040")


# --- local books


async def test_a_local_book_follows_the_venue(alice: Asked) -> None:
    alice.bob("buy", "4000000", "1")
    await alice("book_watch", symbol=BTC)
    alice.bob("buy", "4000000.5", "2")
    await alice.sell("5000000", "0.5")
    alice.world.clock.advance(seconds=1)
    await alice("settle")

    view = await alice("book_view", symbol=BTC)

    assert view["in_sync"] is True
    assert view["book"]["bids"] == [["4000000.5", "2"], ["4000000", "1"]]
    assert view["book"]["asks"] == [["5000000", "0.5"]]
    assert (await alice("book_view", symbol=BTC, limit=1))["book"]["bids"] == [["4000000.5", "2"]]
    assert (await alice.refused("book_watch", symbol="btc-jpy"))["kind"] == "refused_by_client"
    await alice("book_unwatch", symbol=BTC)
    assert (await alice.refused("book_view", symbol=BTC))["kind"] == "refused_by_client"
    await alice("book_watch", symbol=BTC)
    assert (await alice("book_view", symbol=BTC))["in_sync"] is True


async def test_a_local_book_with_a_wrong_checksum_is_not_trusted_until_it_is_renewed(alice: Asked) -> None:
    await alice("book_watch", symbol=BTC)
    wrong = {"where": {"channel": "spot/depth:*"}, "what": {"action": "corrupt_checksum"}}
    alice.venue.plan_faults({**wrong, "name": "wrong"})
    alice.bob("buy", "4000000", "1")
    alice.world.clock.advance(seconds=1)
    await alice("settle")
    assert (await alice("book_view", symbol=BTC))["in_sync"] is False

    alice.venue.clear_faults("wrong")
    await eventually(alice, "book_view", lambda view: view["in_sync"], symbol=BTC)
    assert (await alice("book_view", symbol=BTC))["book"]["bids"] == [["4000000", "1"]]


async def test_a_local_book_whose_opening_is_lost_asks_for_it_again(alice: Asked) -> None:
    await alice.start(timeout_ms=IMPATIENT_MS)
    await alice("stream_open", private=False)
    alice.bob("buy", "4000000", "1")
    lost = {"where": {"channel": "spot/depth:*", "opening": True}, "when": {"nth": 1}, "what": {"action": "drop"}}
    alice.venue.plan_faults(lost)

    await alice("book_watch", symbol=BTC)

    view = await alice("book_view", symbol=BTC)
    assert (view["in_sync"], view["book"]["bids"]) == (True, [["4000000", "1"]])


# --- time


async def eventually(asked: Asked, operation: str, right: Callable[[Any], bool], *, ms: int = 1_000, **params: Any) -> None:
    """Asks until the answer is right, a little of the client's time later each time."""
    for _ in range(100):
        if right(await asked(operation, **params)):
            return
        await asked("elapse", ms=ms)
    raise AssertionError(f"{operation} never came right")


async def test_real_time_moves_no_timer_and_elapsed_time_does(alice: Asked) -> None:
    """A heartbeat is due after 15 s of silence, and the venue answers it; without an answer the line is dead after 10 more."""
    await alice("elapse", ms=14_999)
    alice.venue.plan_faults({"where": {"socket": "main"}, "what": {"action": "stall"}, "name": "stall"})
    assert alice.venue.fault_rules()[0]["matched"] == 0

    await alice("elapse", ms=1)
    await alice("settle")
    assert alice.venue.fault_rules()[0]["matched"] >= 1  # the pong, which is held back

    await alice("elapse", ms=9_999)
    assert await alice("stream_state") == {"connected": True}
    await alice("elapse", ms=1)
    assert await alice("stream_state") == {"connected": False}


async def test_a_long_time_passes_step_by_step(alice: Asked) -> None:
    """Each heartbeat in it is sent and answered at its own moment: none is missed, so the connection lasts."""
    await alice("elapse", ms=3_600_000)

    assert await alice("stream_state") == {"connected": True}
    assert connections(alice) == 1


async def test_a_lost_connection_is_renewed_after_a_second_with_all_that_was_on_it(alice: Asked) -> None:
    await alice("subscribe", channel="orders", symbol=BTC)
    await alice("book_watch", symbol=BTC)
    await cut(alice)
    assert (await alice("book_view", symbol=BTC))["in_sync"] is False

    await alice("elapse", ms=999)
    assert await alice("stream_state") == {"connected": False}
    await alice("elapse", ms=1)
    assert await alice("stream_state") == {"connected": True}

    await alice("settle")
    receipt = await alice.sell("5000000", "0.5")
    assert (await next_event(alice, "orders"))["orders"][0]["order_id"] == receipt["order_id"]
    assert (await alice("book_view", symbol=BTC))["in_sync"] is True


async def test_refused_connections_are_tried_again_after_growing_times(alice: Asked) -> None:
    rule = {"where": {"socket": "main"}, "what": {"action": "refuse", "status": 429}, "name": "refuse"}
    await cut(alice)
    alice.venue.plan_faults(rule)

    def attempts() -> int:
        return next(row["matched"] for row in alice.venue.fault_rules() if row["name"] == "refuse")

    seen = []
    for ms in (1_000, 1_999, 1, 3_999, 1, 60_000):
        await alice("elapse", ms=ms)
        seen.append(attempts())
    assert seen == [1, 1, 2, 2, 3, 6]  # 1 s, then 2, 4, and in one minute after that 8, 16 and 32

    alice.venue.clear_faults("refuse")
    await alice("elapse", ms=60_000)
    assert await alice("stream_state") == {"connected": True}
