"""Every channel of the stream in a quiet world: what comes at once, what comes when, and what does not come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from endtoend_rig import BTC_JPY, START, Rig, balance, buy, d, sell
from mockex.clients.okcoinjp import ChannelRefused, Connected, Granularity, OkcoinClient, OrderBook, Side, channels, errors
from mockex.clients.okcoinjp.market_models import BookLevel, Candle
from mockex.clients.okcoinjp.vocabulary import DepthAction

TICKER, TRADES, DEPTH5 = (name(BTC_JPY) for name in (channels.ticker, channels.trades, channels.depth5))
DEPTHS = (channels.depth(BTC_JPY), channels.depth_tick_by_tick(BTC_JPY))

LINE = START + timedelta(milliseconds=50)  # the next tenth of a second
STREAMED = [granularity for granularity in Granularity if int(granularity) <= 604_800]


def brief(levels: tuple[BookLevel, ...]) -> list[tuple[str, str, int]]:
    return [(level.price_text, level.size_text, level.orders) for level in levels]


# --- one channel after the other


async def test_the_ticker_comes_at_most_ten_times_a_second_and_is_not_repeated(
    quiet: Rig, alice: OkcoinClient, bob: OkcoinClient
) -> None:
    stream = await quiet.stream(alice, TICKER)
    await alice.trading.place_order(sell("7000000", "0.5"))
    await bob.trading.place_order(buy("7000000", "0.2"))
    await bob.trading.place_order(buy("6900000", "0.1"))
    await stream.settled()
    assert stream.pushes(TICKER) == []
    quiet.advance(seconds=5)
    await stream.settled()

    (ticker,) = stream.pushes(TICKER)
    assert ticker.timestamp == LINE
    assert (ticker.last, ticker.last_qty) == (d("7000000"), d("0.2"))
    assert (ticker.best_ask, ticker.best_ask_size) == (d("7000000"), d("0.3"))
    assert (ticker.best_bid, ticker.best_bid_size) == (d("6900000"), d("0.1"))
    assert (ticker.base_volume_24h, ticker.quote_volume_24h) == (d("0.2"), d("1400000"))
    late = await quiet.stream(bob, TICKER)
    (at_once,) = await late.count(TICKER, 1)
    assert (at_once.last, at_once.timestamp) == (d("7000000"), START + timedelta(seconds=5))


async def test_every_trade_is_pushed_and_the_last_one_comes_at_once(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    stream = await quiet.stream(alice, TRADES)
    await stream.settled()
    assert stream.pushes(TRADES) == []
    await alice.trading.place_order(sell("7000000", "0.1"))
    await alice.trading.place_order(sell("7000001", "0.1"))
    await bob.trading.place_order(buy("7000001", "0.2"))
    await bob.trading.place_order(buy("6999999", "0.3"))
    await alice.trading.place_order(sell("6999999", "0.3"))
    await stream.settled()
    trades = stream.pushes(TRADES)
    assert [(push.trade_id, push.price, push.size, push.side) for push in trades] == [
        ("1", d("7000000"), d("0.1"), Side.BUY),
        ("2", d("7000001"), d("0.1"), Side.BUY),
        ("3", d("6999999"), d("0.3"), Side.SELL),
    ]
    assert {push.timestamp for push in trades} == {START}

    late = await quiet.stream(bob, TRADES)
    await late.settled()
    assert late.pushes(TRADES) == trades[-1:]


async def test_depth5_shows_the_best_five(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, DEPTH5)
    for number in range(7):
        await alice.trading.place_order(sell(str(7_000_000 + number), "0.1"))
    await stream.settled()
    (empty,) = stream.pushes(DEPTH5)
    assert (empty.asks, empty.bids, empty.timestamp) == ((), (), START)
    quiet.advance(milliseconds=50)
    await stream.settled()
    _, best = stream.pushes(DEPTH5)
    assert brief(best.asks) == [(str(7_000_000 + number), "0.1", 1) for number in range(5)]
    assert (best.bids, best.timestamp, best.instrument_id) == ((), LINE, BTC_JPY)

    await alice.trading.place_order(sell("7000010", "0.1"))  # outside of the five: nothing changes
    quiet.advance(seconds=1)
    await stream.settled()
    assert len(stream.pushes(DEPTH5)) == 2


@pytest.mark.parametrize("channel", DEPTHS)
async def test_a_book_is_followed_by_its_changes(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient, channel: str) -> None:
    quiet.venue.deposit("alice", "BTC", "10")
    await alice.trading.place_order(sell("3366.8", "9"))
    await alice.trading.place_order(sell("3368", "1"))
    await bob.trading.place_order(buy("3366.1", "7"))
    stream = await quiet.stream(alice, channel)
    await alice.trading.place_order(sell("3368", "7"))
    quiet.advance(milliseconds=50)
    await bob.trading.place_order(buy("3366", "6"))
    quiet.advance(milliseconds=100)
    await bob.trading.place_order(buy("3366.8", "9"))
    quiet.advance(milliseconds=100)
    await stream.settled()

    book = OrderBook(BTC_JPY)
    pushes = stream.pushes(channel)
    assert [push.action for push in pushes] == [DepthAction.PARTIAL, *[DepthAction.UPDATE] * 3]
    assert [book.apply(push) for push in pushes] == [True] * 4
    whole, added, below, taken = pushes
    assert (brief(whole.asks), brief(whole.bids)) == ([("3366.8", "9", 1), ("3368", "1", 1)], [("3366.1", "7", 1)])
    assert (brief(added.asks), brief(added.bids)) == ([("3368", "8", 2)], [])
    assert (brief(below.asks), brief(below.bids)) == ([], [("3366", "6", 1)])
    assert (brief(taken.asks), brief(taken.bids)) == ([("3366.8", "0", 0)], [])
    assert below.checksum == -1881014294  # the first example of the document: 3366.1:7:3366.8:9:3366:6:3368:8
    assert book.checksum_text() == "3366.1:7:3368:8:3366:6"


async def test_a_change_undone_within_the_interval_is_no_change(quiet: Rig, alice: OkcoinClient) -> None:
    batched, single = DEPTHS
    stream = await quiet.stream(alice, *DEPTHS)
    receipt = await alice.trading.place_order(sell("7000000", "1"))
    await alice.trading.cancel_order(BTC_JPY, receipt.order_id)
    quiet.advance(seconds=1)
    await stream.settled()
    assert len(stream.pushes(batched)) == 1
    assert [brief(push.asks) for push in stream.pushes(single)] == [[], [("7000000", "1", 1)], [("7000000", "0", 0)]]


async def test_candles_of_every_length_come_twice_a_second(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    names = [channels.candles(BTC_JPY, granularity) for granularity in STREAMED]
    assert len(names) == 12
    stream = await quiet.stream(alice, *names)
    for price in ("7000000", "7100000", "6900000"):
        await alice.trading.place_order(sell(price, "0.1"))
        await bob.trading.place_order(buy(price, "0.1"))
    quiet.advance(milliseconds=249)
    await stream.settled()
    assert [push for name in names for push in stream.pushes(name)] == []
    quiet.advance(milliseconds=1)
    quiet.advance(seconds=10)
    await stream.settled()

    openings = ["03-01 09:30"] * 5 + ["03-01 09:00"] + ["03-01 08:00"] * 2 + ["03-01 04:00"] * 2
    openings += ["02-29 16:00", "02-25 16:00"]  # days open at midnight in UTC+8, weeks on Monday
    for name, opening in zip(names, openings, strict=True):
        (candle,) = stream.pushes(name)
        assert candle == Candle(
            time=datetime.fromisoformat(f"2024-{opening}Z"),
            open=d("7000000"),
            high=d("7100000"),
            low=d("6900000"),
            close=d("6900000"),
            volume=d("0.3"),
            instrument_id=BTC_JPY,
        )


async def test_a_balance_comes_at_once_and_after_every_change(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, "spot/account:btc", "spot/account:XRP")
    await stream.count("spot/account:XRP", 1)
    quiet.venue.deposit("alice", "BTC", "1.25")
    quiet.venue.deposit("alice", "BTC", "1.25", wallet="funding")
    await stream.settled()
    assert stream.pushes("spot/account:BTC") == [balance("BTC", "10"), balance("BTC", "11.25")]
    assert stream.pushes("spot/account:XRP") == [balance("XRP", "0")]


# --- subscribing


async def test_nothing_comes_after_the_end_of_a_subscription(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice, TICKER, *DEPTHS)
    await stream.stream.unsubscribe(TICKER, *DEPTHS)
    before = len(stream.events)
    await alice.trading.place_order(sell("7000000", "1"))
    quiet.advance(seconds=1)
    await stream.settled()
    assert len(stream.events) == before
    assert stream.stream.channels == ()


async def test_a_channel_that_does_not_exist_is_refused_and_the_others_stand(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice)
    for wrong in ("spot/depth:DOGE-JPY", "spot/funding_rate:BTC-JPY", "spot/ticker", "futures/ticker:BTC-JPY"):
        with pytest.raises(errors.UnknownChannelError) as refused:
            await stream.stream.subscribe(TRADES, wrong, DEPTH5)
        assert refused.value.code == 30040
        assert stream.stream.channels == (TRADES, DEPTH5)
    assert stream.kinds() == [Connected, *[ChannelRefused] * 4]


async def test_private_channels_need_a_login(quiet: Rig) -> None:
    stream = await quiet.stream(await quiet.client(None))
    with pytest.raises(errors.AuthenticationError) as refused:
        await stream.stream.subscribe("spot/order:BTC-JPY", TRADES)
    assert refused.value.code == 30041
    assert stream.stream.channels == (TRADES,)


async def test_each_sees_only_their_own_orders(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    name = channels.orders(BTC_JPY)
    alices, bobs = await quiet.stream(alice, name), await quiet.stream(bob, name)
    viewers = await quiet.stream(await quiet.client("viewer"), name)
    await alice.trading.place_order(sell("7000000", "1"))
    await bob.trading.place_order(buy("6000000", "1"))
    for stream in (alices, bobs, viewers):
        await stream.settled()
    (mine,), (his,) = alices.pushes(name), bobs.pushes(name)
    assert (mine.order.side, his.order.side) == (Side.SELL, Side.BUY)
    assert viewers.pushes(name) == [mine]  # a key of the same account


async def test_more_names_than_fit_one_request_are_all_subscribed(quiet: Rig, alice: OkcoinClient) -> None:
    stream = await quiet.stream(alice)
    pairs = [found.instrument_id for found in await alice.market.instruments()]
    names = [
        name
        for pair in (*pairs, *(pair.lower() for pair in pairs))  # either spelling is a name of its own
        for name in (
            channels.ticker(pair),
            channels.trades(pair),
            channels.depth5(pair),
            channels.depth(pair),
            channels.depth_tick_by_tick(pair),
            *(channels.candles(pair, granularity) for granularity in STREAMED),
        )
    ]
    assert sum(map(len, names)) > channels.MAX_REQUEST_BYTES
    await stream.stream.subscribe(*names)
    assert stream.stream.channels == tuple(names)
    assert len(quiet.simulation().desk.hub) == len(names) / 2
