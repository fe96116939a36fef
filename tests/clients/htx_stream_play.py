"""Shared by the tests of the HTX client's streams: spans, published frames, and the moves of a venue played by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from htx_fake_venue import AccountPeer, FakeAccount, FakeMarket, VirtualTime
from loopback import soon
from mockex.clients.htx import (
    AccountDialect,
    Credentials,
    HtxStream,
    MarketDialect,
    Push,
    ServerClock,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.shared.feed import EventFeed
from mockex.fixtures import load

# Every span differs from the others, so that a test can name the wait that it ends.
TIMING = StreamTiming(
    acknowledge_within=timedelta(seconds=11),
    silent_for=timedelta(seconds=17),
    request_spacing=timedelta(milliseconds=100),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=4),
)

_LOGIN = next(e for e in load("htx", "ws/operations")["account"] if e["id"] == "ws/operations.account.login")
LOGIN, LOGGED_IN = _LOGIN["client"][0], _LOGIN["server"][0]
CREDENTIALS = Credentials(api_key="mockkey-0001", secret="mocksecret-0001")
LOGIN_NS = 1_704_164_645_000_000_000
SIGNED_HOST = "api.huobi.pro"

BBO, TRADES = "market.btcusdt.bbo", "market.btcusdt.trade.detail"
ORDERS, BALANCES = "orders#*", "accounts.update#2"
BBO_FRAME = load("htx", "ws/bbo")["frames"][0]["frame"]
TRADES_FRAME = load("htx", "ws/trade_detail")["frames"][0]["frame"]
ORDERS_FRAME = load("htx", "ws/orders")["frames"][5]["frame"]
BALANCES_FRAME = load("htx", "ws/accounts_update")["frames"][3]["frame"]


def market_stream_of(venue: FakeMarket, time: VirtualTime) -> HtxStream:
    """Not started."""
    return HtxStream(venue.url, MarketDialect(), timing=TIMING, stopwatch=time.stopwatch())


def account_stream_of(venue: FakeAccount, time: VirtualTime) -> HtxStream:
    """Not started, with the clock of the worked login and the host that it signs."""
    dialect = AccountDialect(CREDENTIALS, clock=ServerClock(lambda: LOGIN_NS), host=SIGNED_HOST, path="/ws/v2")
    return HtxStream(venue.url, dialect, timing=TIMING, stopwatch=time.stopwatch())


async def accept_login(venue: FakeAccount) -> AccountPeer:
    peer = await venue.accept()
    assert await peer.request() == LOGIN
    await peer.send(LOGGED_IN)
    return peer


async def start_logged_in(venue: FakeAccount, stream: HtxStream) -> AccountPeer:
    starting = asyncio.create_task(stream.start())
    peer = await accept_login(venue)
    await soon(starting)
    return peer


async def subscribed(stream: HtxStream, acknowledge: Callable[[], Awaitable[str]], *channels: str) -> None:
    """Subscribe while the venue acknowledges each topic in turn."""
    subscribing = asyncio.create_task(stream.subscribe(*channels))
    assert [await acknowledge() for _ in channels] == list(channels)
    await soon(subscribing)


async def next_event(feed: EventFeed[StreamEvent]) -> StreamEvent:
    return await soon(anext(feed))


async def next_push(feed: EventFeed[StreamEvent]) -> Push:
    """The next event that is a push; what else comes before it is passed over."""
    while True:
        event = await next_event(feed)
        if isinstance(event, Push):
            return event


async def next_of(feed: EventFeed[StreamEvent], kind: type[Any]) -> Any:
    """The next event of one kind; what else comes before it is passed over."""
    while True:
        event = await next_event(feed)
        if isinstance(event, kind):
            return event
