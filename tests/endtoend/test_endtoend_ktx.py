"""KTX over real sockets by its reference client: both ways into the user socket, orders over REST with their pushes, and eight
hours of a contract with its funding and its liquidation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from mockex.clients.ktx import (
    Balance,
    Credentials,
    Disconnected,
    ErrorReported,
    KtxClient,
    KtxStream,
    LoginWay,
    Profile,
    Push,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.ktx.errors import AuthenticationError, ConnectionLostError, KtxError, RequestExpiredError
from mockex.clients.ktx.trading_models import Order

import mockex

START = datetime(2024, 12, 6, 0, 0, 1, tzinfo=UTC)
SPOT, PERPETUAL = "BTC_USDT", "BTC_USDT_SWAP"
PATIENCE_SECONDS = 30
EAGER = StreamTiming(ping_every=timedelta(milliseconds=5), pong_within=timedelta(seconds=PATIENCE_SECONDS))


class Ear:
    """What a stream has told."""

    def __init__(self, stream: KtxStream) -> None:
        self.stream = stream
        self.events: list[StreamEvent] = []
        stream.listen(self.events.append)

    async def said(self) -> list[Any]:
        """The values that were pushed since the last look."""
        await self.stream.round_trip()
        assert not [event for event in self.events if not isinstance(event, Push)], self.events
        values = [event.value for event in self.events if isinstance(event, Push)]
        self.events.clear()
        return values


class Stage(NamedTuple):
    """A market with a customer's client. Time stands still until it is moved."""

    world: mockex.RunningWorld
    client: KtxClient

    @property
    def venue(self) -> Any:
        return self.world["ktx"]

    @property
    def user_url(self) -> str:
        return str(self.venue.ws_urls["user"])

    def user_stream(self, **how: Any) -> KtxStream:
        return self.client.user_stream(how.pop("url", self.user_url), **how)

    @asynccontextmanager
    async def ear(self, **how: Any) -> AsyncIterator[Ear]:
        async with self.user_stream(**how) as stream:
            yield Ear(stream)

    def rest(self, who: str, side: str, price: str, qty: str = "1") -> None:
        """An order of spot."""
        self.venue.place(account=who, symbol=SPOT, side=side, price=price, qty=qty)


def client_of(
    world: mockex.RunningWorld, who: str, *, secret: str | None = None, late: timedelta = timedelta(0), **how: Any
) -> KtxClient:
    """`late`: by how much its clock is."""

    def now_ns() -> int:
        return world.clock.now_ns() - late // timedelta(microseconds=1) * 1_000

    venue = world["ktx"]
    key = venue.keys[who]
    credentials = Credentials(api_key=key.api_key, secret=secret or key.secret)
    return KtxClient(f"{venue.rest_url}/api", credentials=credentials, now=now_ns, **how)


@asynccontextmanager
async def stage(who: str = "alice", *, profile: str = "gen1", **how: Any) -> AsyncIterator[Stage]:
    async with mockex.World(venues=["ktx"], start=START, profiles={"ktx": profile}) as world:
        spoken = Profile.GEN2 if profile == "gen2" else Profile.GEN1
        async with client_of(world, who, profile=spoken, **how) as client:
            yield Stage(world, client)


# --- the socket


@pytest.mark.parametrize("profile", ["gen1", "gen2"])
@pytest.mark.parametrize("login", LoginWay)
@pytest.mark.parametrize("who", ["alice", "viewer"])
async def test_a_client_that_logs_in_either_way_hears_of_its_orders_and_its_money(
    login: LoginWay, profile: str, who: str
) -> None:
    async with stage(who, profile=profile) as at, at.ear(login=login) as ear:
        at.rest("alice", "buy", "100")
        order, balance = await ear.said()
        assert isinstance(order, Order)
        assert isinstance(balance, Balance)
        assert (order.symbol, balance.asset) == (SPOT, "USDT")
        at.rest("bob", "buy", "99")
        assert await ear.said() == []


async def test_the_query_of_an_upgrade_is_what_its_headers_sign() -> None:
    async with stage() as at, at.ear(login=LoginWay.HEADERS, url=f"{at.user_url}?b=2&a=%201") as ear:
        at.rest("alice", "buy", "100")
        assert len(await ear.said()) == 2


async def test_a_client_that_pings_keeps_its_socket() -> None:
    async with stage() as at, at.ear() as ear:
        for _ in range(100):
            at.world.clock.advance(seconds=29)
            assert await ear.said() == []


async def test_a_client_that_says_nothing_is_let_go() -> None:
    async with stage() as at, at.user_stream(timing=StreamTiming(ping_every=timedelta(hours=1))) as stream:
        lost = heard_of(stream, Disconnected)
        at.world.clock.advance(seconds=30)
        event = await lost
        assert isinstance(event.error, ConnectionLostError)
        assert event.error.code == 1000


async def test_a_wrong_secret_is_told_and_the_socket_closed() -> None:
    async with stage(secret="0" * 40) as at:
        with pytest.raises(AuthenticationError):
            await at.user_stream().start()


async def test_wrong_headers_are_told_and_the_socket_closed() -> None:
    async with stage(secret="0" * 40) as at:
        stream = at.user_stream(login=LoginWay.HEADERS)
        told, lost = heard_of(stream, ErrorReported), heard_of(stream, Disconnected)
        await stream.start()
        assert isinstance((await told).error, AuthenticationError)
        assert getattr((await lost).error, "code", None) == 1008
        await stream.close()


async def test_headers_that_have_expired_are_told() -> None:
    async with stage() as at, client_of(at.world, "alice", late=timedelta(seconds=6)) as client:
        stream = client.user_stream(at.user_url, login=LoginWay.HEADERS)
        told = heard_of(stream, ErrorReported)
        await stream.start()
        assert isinstance((await told).error, RequestExpiredError)
        await stream.close()


async def test_a_client_loses_its_socket_when_its_key_is_deleted() -> None:
    async with stage() as at, at.user_stream(timing=EAGER) as stream:
        lost = heard_of(stream, Disconnected)
        at.venue.remove_key("alice")
        assert isinstance((await lost).error, KtxError)
        assert getattr((await lost).error, "code", None) == 1008


def heard_of(stream: KtxStream, kind: type[Any]) -> asyncio.Future[Any]:
    """The next event of that kind."""
    found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def look(event: StreamEvent) -> None:
        if isinstance(event, kind) and not found.done():
            found.set_result(event)

    stream.listen(look)
    return asyncio.ensure_future(asyncio.wait_for(found, PATIENCE_SECONDS))
