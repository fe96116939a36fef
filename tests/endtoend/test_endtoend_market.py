"""Public data and the venue's time, as the client reads them from the simulator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from endtoend_rig import BTC_JPY, START, Rig, balance, buy, d, sell
from mockex.clients.okcoinjp import Credentials, Granularity, OkcoinClient, Side, TimestampStyle, errors
from mockex.clients.okcoinjp.market_models import BookLevel, Instrument

MINUTE = timedelta(minutes=1)


def levels(found: tuple[BookLevel, ...]) -> list[tuple[str, str, int]]:
    """Price and size as they were sent, and the count of orders."""
    return [(level.price_text, level.size_text, level.orders) for level in found]


async def trade_at(alice: OkcoinClient, bob: OkcoinClient, price: str, size: str) -> None:
    """One trade with bob as the taker; the book is empty before and after."""
    await alice.trading.place_order(sell(price, size))
    await bob.trading.place_order(buy(price, size))


# --- time


async def test_the_venues_time_is_the_worlds(quiet: Rig) -> None:
    anyone = await quiet.client(None)
    assert (await anyone.server_time()).iso == START
    quiet.advance(hours=1, seconds=0.001)
    told = await anyone.server_time()
    assert told.iso == START + timedelta(hours=1, seconds=0.001)
    assert told.epoch_ns == 1_709_289_015_251_000_000


async def test_a_client_with_another_clock_is_refused_until_it_asks_for_the_time(quiet: Rig) -> None:
    late_ns = quiet.world.clock.now_ns() - 31 * 10**9
    async with OkcoinClient(
        quiet.venue.rest_url, credentials=Credentials(**quiet.venue.keys["alice"]), now=lambda: late_ns
    ) as client:
        with pytest.raises(errors.TimestampError) as refused:
            await client.trading.accounts()
        assert (refused.value.code, refused.value.http_status) == (30008, 400)
        assert await client.sync_time() == 31 * 10**9
        assert await client.trading.account("BTC") == balance("BTC", "10")
        quiet.advance(seconds=30)
        assert await client.trading.account("BTC") == balance("BTC", "10")  # 30 s exactly are still accepted
        quiet.advance(seconds=0.001)
        with pytest.raises(errors.TimestampError):
            await client.trading.accounts()


async def test_both_spellings_of_the_timestamp_are_taken(quiet: Rig) -> None:
    for style in TimestampStyle:
        async with OkcoinClient(
            quiet.venue.rest_url,
            credentials=Credentials(**quiet.venue.keys["alice"]),
            now=quiet.world.clock.now_ns,
            timestamp_style=style,
        ) as client:
            assert await client.trading.account("BTC") == balance("BTC", "10")


@pytest.mark.parametrize(
    ("change", "code"),
    [({"api_key": "nobody"}, 30006), ({"secret": "wrong"}, 30013), ({"passphrase": "wrong"}, 30015)],
)
async def test_wrong_credentials_are_authentication_errors(quiet: Rig, change: dict[str, str], code: int) -> None:
    credentials = Credentials(**{**quiet.venue.keys["alice"], **change})
    async with OkcoinClient(quiet.venue.rest_url, credentials=credentials, now=quiet.world.clock.now_ns) as client:
        with pytest.raises(errors.AuthenticationError) as refused:
            await client.trading.accounts()
        assert refused.value.code == code
        with pytest.raises(errors.AuthenticationError) as refused:
            await client.stream(quiet.venue.ws_url).start()
    assert refused.value.code == (30027 if code == 30015 else code)  # the socket has no code of its own for it


# --- instruments and books


async def test_the_documented_pairs_have_the_documented_rules(quiet: Rig) -> None:
    listed = {found.instrument_id: found for found in await (await quiet.client(None)).market.instruments()}
    assert listed[BTC_JPY] == Instrument(
        instrument_id=BTC_JPY,
        base_currency="BTC",
        quote_currency="JPY",
        min_size=d("0.001"),
        size_increment=d("0.00000001"),
        tick_size=d("0.1"),
    )
    assert (listed["ETH-JPY"].size_increment, listed["ETH-JPY"].tick_size) == (d("0.000001"), d("0.01"))


async def test_a_book_is_cut_and_merged_as_asked(alice: OkcoinClient, bob: OkcoinClient) -> None:
    for price, size in (("3993.2", "0.41600068"), ("3993.4", "1"), ("3993.4", "0.24807818"), ("3994.1", "2")):
        await alice.trading.place_order(sell(price, size))
    for price, size in (("3990.4", "1"), ("3990.1", "2"), ("3989.9", "3")):
        await bob.trading.place_order(buy(price, size))

    whole = await alice.market.book("btc-jpy")
    assert levels(whole.asks) == [("3993.2", "0.41600068", 1), ("3993.4", "1.24807818", 2), ("3994.1", "2", 1)]
    assert levels(whole.bids) == [("3990.4", "1", 1), ("3990.1", "2", 1), ("3989.9", "3", 1)]
    assert (whole.instrument_id, whole.timestamp) == (BTC_JPY, START)

    merged = await alice.market.book(BTC_JPY, depth=d("0.5"))  # asks: the example of the specification, section 8
    assert levels(merged.asks) == [("3993.5", "1.66407886", 3), ("3994.5", "2", 1)]
    assert levels(merged.bids) == [("3990", "3", 2), ("3989.5", "3", 1)]

    best = await alice.market.book(BTC_JPY, size=1)
    assert (levels(best.asks), levels(best.bids)) == ([("3993.2", "0.41600068", 1)], [("3990.4", "1", 1)])
    nothing = await alice.market.book(BTC_JPY, size=0)
    assert (nothing.asks, nothing.bids) == ((), ())


async def test_a_pair_without_anything_to_show_has_no_ticker(quiet: Rig, alice: OkcoinClient) -> None:
    assert await alice.market.tickers() == ()
    with pytest.raises(errors.NoDataError) as refused:
        await alice.market.ticker(BTC_JPY)
    assert refused.value.code == 30036
    assert await alice.market.trades(BTC_JPY) == ()
    assert await alice.market.candles(BTC_JPY) == ()
    for call in (alice.market.ticker, alice.market.book, alice.market.trades, alice.market.candles):
        with pytest.raises(errors.UnknownInstrumentError) as unknown:
            await call("DOGE-JPY")
        assert (unknown.value.code, unknown.value.http_status) == (30032, 400)


# --- trades, tickers, candles


async def test_sixty_trades_are_shown_newest_first(alice: OkcoinClient, bob: OkcoinClient) -> None:
    for number in range(65):
        await trade_at(alice, bob, str(7_000_000 + number), "0.001")
    shown = await bob.market.trades(BTC_JPY, limit=100)
    assert [trade.trade_id for trade in shown] == [str(number) for number in range(65, 5, -1)]
    assert (shown[0].price, shown[0].size, shown[0].side) == (d("7000064"), d("0.001"), Side.BUY)
    assert await bob.market.trades(BTC_JPY) == shown
    assert await bob.market.trades(BTC_JPY, limit=3) == shown[:3]


async def test_the_ticker_looks_back_24_hours(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    await trade_at(alice, bob, "7000000", "0.5")
    quiet.advance(hours=12)
    await trade_at(alice, bob, "7200000", "0.1")
    await trade_at(alice, bob, "6900000", "0.2")
    ticker = await alice.market.ticker(BTC_JPY)
    assert (ticker.last, ticker.last_qty, ticker.high_24h, ticker.low_24h) == (
        d("6900000"),
        d("0.2"),
        d("7200000"),
        d("6900000"),
    )
    assert (ticker.open_24h, ticker.base_volume_24h, ticker.quote_volume_24h) == (d("7000000"), d("0.8"), d("5600000"))

    quiet.advance(hours=12, minutes=1)
    ticker = await alice.market.ticker(BTC_JPY)
    assert (ticker.base_volume_24h, ticker.quote_volume_24h) == (d("0.3"), d("2100000"))
    assert (ticker.open_24h, ticker.high_24h, ticker.low_24h) == (d("7000000"), d("7200000"), d("6900000"))

    quiet.advance(hours=12)
    ticker = await alice.market.ticker(BTC_JPY)
    assert (ticker.last, ticker.base_volume_24h, ticker.best_ask, ticker.best_bid) == (d("6900000"), d("0"), None, None)


async def test_candles_open_where_the_venue_opens_them(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    for price in ("7000000", "7100000", "6900000", "7050000"):
        await trade_at(alice, bob, price, "0.1")
    opens = {
        Granularity.ONE_MINUTE: datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
        Granularity.FOUR_HOURS: datetime(2024, 3, 1, 8, tzinfo=UTC),
        Granularity.SIX_HOURS: datetime(2024, 3, 1, 4, tzinfo=UTC),  # midnight in UTC+8 is 16:00Z
        Granularity.ONE_DAY: datetime(2024, 2, 29, 16, tzinfo=UTC),
        Granularity.ONE_MONTH: datetime(2024, 2, 29, 16, tzinfo=UTC),
        Granularity.ONE_YEAR: datetime(2023, 12, 31, 16, tzinfo=UTC),
    }
    for granularity, opening in opens.items():
        (candle,) = await bob.market.candles(BTC_JPY, granularity=granularity)
        assert candle.time == opening
        assert (candle.open, candle.high, candle.low, candle.close, candle.volume) == (
            d("7000000"), d("7100000"), d("6900000"), d("7050000"), d("0.4"),
        )  # fmt: skip


async def test_candles_between_two_times(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    first = START.replace(second=0, microsecond=0)
    for number in range(10):
        await trade_at(alice, bob, str(7_000_000 + number), "0.1")
        quiet.advance(minutes=1)

    found = await bob.market.candles(
        BTC_JPY, granularity=Granularity.ONE_MINUTE, start=first + 2 * MINUTE, end=first + 4 * MINUTE
    )
    assert [(candle.time, candle.close) for candle in found] == [
        (first + 4 * MINUTE, d("7000004")),
        (first + 3 * MINUTE, d("7000003")),
        (first + 2 * MINUTE, d("7000002")),
    ]
    latest = await bob.market.candles(BTC_JPY, start=first)  # one of the two alone is ignored
    assert [candle.time for candle in latest] == [first + number * MINUTE for number in range(10, -1, -1)]
    quiet.advance(hours=5)
    assert len(await bob.market.candles(BTC_JPY)) == 200
