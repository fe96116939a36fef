"""HTX's public half over real sockets, read by its reference client: every answer, every topic, and books that stay in step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from mockex.clients.htx import HtxClient, LiveBook, channels
from mockex.clients.htx.events import Closed, Connected, Disconnected, Push, StreamEvent, Subscribed
from mockex.clients.htx.vocabulary import DepthStep, Period

import mockex

START = datetime(2024, 2, 15, 3, 4, 5, tzinfo=UTC)
SYMBOLS = ("btcusdt", "shibusdt")

BookLevels = Literal[5, 20, 150, 400]


@asynccontextmanager
async def live() -> AsyncIterator[tuple[mockex.RunningWorld, HtxClient]]:
    """A market with participants, whose time is moved by hand, and a client of it."""
    async with (
        mockex.World(venues=["htx"], market="live", start=START) as world,
        HtxClient(world["htx"].rest_url) as client,
    ):
        yield world, client


async def test_every_public_answer_is_one_that_the_client_reads() -> None:
    async with live() as (world, client):
        world.clock.advance(seconds=5)
        reference, market = client.reference, client.market

        rules = {row.symbol: row for row in await reference.symbols()}
        assert {row.symbol for row in (await reference.market_symbols()).rows} == set(rules)
        for settings in (
            reference.symbol_settings, reference.symbol_settings_v1, reference.currency_settings,
            reference.currency_settings_v1, reference.chain_settings,
        ):  # fmt: skip
            changes: Any = await settings()
            assert changes.rows
        assert await reference.currencies()
        assert await reference.timestamp_ms() == world.clock.now_ms()
        assert await reference.market_state()
        assert [row.symbol for row in await market.tickers()] == list(rules)
        for symbol in rules:
            assert await reference.trading_limits(symbol)
            await market.ticker(symbol)
            await market.summary(symbol)
            for step in DepthStep:
                book = await market.book(symbol, step=step, depth=5)
                assert len(book.bids) <= 5
            whole = await market.full_book(symbol)
            assert whole.bids[0].price < whole.asks[0].price
            assert await market.last_match(symbol) == (await market.matches(symbol))[0]
            for period in Period:
                assert await market.klines(symbol, period, size=3)
                await market.candles(symbol, period, start=START - timedelta(hours=1), end=START)


async def test_every_topic_is_one_that_the_client_reads() -> None:
    async with live() as (world, client):
        urls = world["htx"].ws_urls
        topics = {
            "market": [
                channels.ALL_TICKERS,
                *(channels.candles("btcusdt", period) for period in Period),
                *(channels.depth("btcusdt", step) for step in DepthStep),
                *(make("btcusdt") for make in (channels.best_prices, channels.trades, channels.summary, channels.ticker)),
            ],
            "feed": [
                *(channels.book("btcusdt", levels) for levels in (5, 20, 150, 400)),
                *(channels.book_images("btcusdt", levels) for levels in (5, 10, 20)),
            ],
        }
        for name, names in topics.items():
            heard: list[StreamEvent] = []
            async with client.market_stream(urls[name]) as stream:
                stream.listen(heard.append)
                await stream.subscribe(*names)
                for _ in range(4):
                    world.clock.advance(seconds=1)
                    await stream.round_trip()

            pushes = [event for event in heard if isinstance(event, Push)]
            assert {push.channel for push in pushes} == set(names)
            assert not [event for event in heard if isinstance(event, Disconnected)]
            assert isinstance(heard[-1], Closed)


async def test_requests_are_answered_with_what_the_client_reads() -> None:
    async with live() as (world, client):
        world.clock.advance(seconds=5)
        async with client.market_stream(world["htx"].ws_urls["market"]) as stream:
            for topic in (
                channels.candles("btcusdt", Period("1min")), channels.depth("btcusdt"), channels.trades("btcusdt"),
                channels.summary("btcusdt"),
            ):  # fmt: skip
                assert await stream.request(topic)
                world.clock.advance(seconds=1)


@pytest.mark.parametrize("levels", [5, 20, 150, 400])
async def test_books_of_a_live_market_stay_in_step(levels: BookLevels) -> None:
    async with live() as (world, client), client.market_stream(world["htx"].ws_urls["feed"]) as stream:
        books = []
        for symbol in SYMBOLS:
            world.clock.advance(seconds=1)  # one request in 100 ms
            books.append(LiveBook(stream, symbol, levels=levels))
            await books[-1].start()
        for _ in range(40):
            for _ in range(5):
                world.clock.advance(seconds="0.7")
                await stream.round_trip()
            for book in books:
                shown = await client.market.full_book(book.book.symbol)
                assert book.in_step
                assert [(level.price, level.size) for level in book.bids()] == [
                    (level.price, level.size) for level in shown.bids[:levels]
                ]
                assert [(level.price, level.size) for level in book.asks()] == [
                    (level.price, level.size) for level in shown.asks[:levels]
                ]
        assert [book.gaps for book in books] == [0, 0]
        assert all(book.best_bid is not None and book.best_bid.price > Decimal(0) for book in books)


async def test_a_client_that_answers_pings_stays() -> None:
    async with live() as (world, client), client.market_stream(world["htx"].ws_urls["market"]) as stream:
        heard: list[StreamEvent] = []
        stream.listen(heard.append)
        for _ in range(12):
            world.clock.advance(seconds=5)
            await stream.round_trip()
            await stream.round_trip()  # the answer to the ping was on its way
        assert stream.connected
        assert heard == []


async def test_a_client_that_is_given_no_time_to_answer_is_let_go_and_comes_back() -> None:
    async with live() as (world, client), client.market_stream(world["htx"].ws_urls["market"]) as stream:
        heard: list[StreamEvent] = []
        stream.listen(heard.append)
        await stream.subscribe(channels.ALL_TICKERS)
        back = asyncio.Event()
        stream.listen(lambda event: back.set() if isinstance(event, Connected) else None)
        world.clock.advance(seconds=60)
        async with asyncio.timeout(30):
            await back.wait()

        assert [type(event) for event in heard if not isinstance(event, Push)][:3] == [Subscribed, Disconnected, Connected]
