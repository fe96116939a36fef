"""KTX over real sockets by its reference client: both ways into the user socket, orders over REST with their pushes, and eight
hours of a contract with its funding and its liquidation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from mockex.clients.ktx import (
    Balance,
    Contract,
    Credentials,
    Disconnected,
    ErrorReported,
    KtxClient,
    KtxStream,
    LedgerType,
    LimitOrder,
    LoginWay,
    MarginMethod,
    Market,
    OrderStatus,
    PositionMerge,
    Profile,
    Push,
    Side,
    StreamEvent,
    StreamTiming,
)
from mockex.clients.ktx.errors import (
    AuthenticationError,
    ConnectionLostError,
    KtxError,
    OrderRejectedError,
    RequestExpiredError,
)
from mockex.clients.ktx.trading_models import Order
from mockex.fixtures import load

import mockex

START = datetime(2024, 12, 6, 0, 0, 1, tzinfo=UTC)
SPOT, PERPETUAL = "BTC_USDT", "BTC_USDT_SWAP"
PATIENCE_SECONDS = 60
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


# --- orders over REST, and what is pushed of them


async def test_what_is_pushed_of_an_order_is_what_rest_says_of_it() -> None:
    async with stage() as at, at.ear() as ear:
        placed = await at.client.trading.place_order(SPOT, buy("100", "2", client_order_id=77))
        accepted, held = await ear.said()
        assert accepted == placed == await at.client.trading.client_order(77)
        assert held.held == Decimal("200.2")  # with the fee

        at.rest("bob", "sell", "100")
        filled, *balances = await ear.said()
        assert filled == await at.client.trading.order(placed.order_id)
        assert (filled.status, filled.fees[0].amount) == (OrderStatus.PARTIALLY_FILLED, Decimal("0.1"))
        assert {each.asset: each for each in balances} == {
            each.asset: each for each in await at.client.account.balances("BTC", "USDT")
        }

        assert await at.client.trading.cancel_order(placed.order_id, market=Market.SPOT) == 1
        cancelled, released = await ear.said()
        assert cancelled == await at.client.trading.order(placed.order_id)
        assert (cancelled.status, released.held) == (OrderStatus.PARTIALLY_CANCELLED, 0)


async def test_an_order_that_would_cross_is_refused_and_pushed_as_rejected() -> None:
    async with stage() as at, at.ear() as ear:
        at.rest("bob", "sell", "100")
        with pytest.raises(OrderRejectedError):
            await at.client.trading.place_order(SPOT, buy("100", post_only=True))
        (rejected,) = await ear.said()
        assert rejected.status is OrderStatus.REJECTED
        assert rejected == await at.client.trading.order(rejected.order_id)


def buy(price: str, qty: str = "1", **more: Any) -> LimitOrder:
    return LimitOrder(side=Side.BUY, price=Decimal(price), quantity=Decimal(qty), **more)


# --- a contract


async def test_eight_hours_of_a_contract_and_its_end_by_force() -> None:
    """A long of 0.1 at 98042.3405 pays the worked funding, and is liquidated when the price falls."""
    payment = load("ktx", "perpetuals")["funding"]["payments"][0]
    price, qty, pays = (Decimal(payment[name]) for name in ("markPrice", "quantity", "pays"))
    long = Contract(merge=PositionMerge.LONG, margin=MarginMethod.ISOLATED, leverage=10)
    async with stage() as at:
        at.venue.create_account("dave", {"USDT": "100000"})
        contract = at.venue.contract(PERPETUAL)
        async with client_of(at.world, "dave") as dave:
            async with dave.user_stream(at.user_url) as stream:
                ear = Ear(stream)
                at.venue.place(
                    account="bob", symbol=PERPETUAL, side="sell", price=str(price), qty=str(qty), position={"leverage": 10}
                )
                opened = await dave.trading.place_order(PERPETUAL, buy(str(price), str(qty), contract=long))
                accepted, filled, position, balance = await ear.said()
                assert (accepted.status, accepted.order_id) == (OrderStatus.ACCEPTED, opened.order_id)
                assert filled == opened
                assert (position.quantity, position.entry_price, position.position_id) == (qty, price, opened.position_id)
                assert (position,) == await dave.account.positions()
                assert (balance,) == await dave.account.balances("USDT")
                assert balance.held == position.position_margin == price * qty / 10

            contract.set_mark_price(str(price))
            contract.set_funding_rate("0.0001")
            at.world.clock.advance(seconds=8 * 3_600 - 11)  # nobody pings while time jumps: the socket is opened anew
            async with dave.user_stream(at.user_url) as stream:
                ear = Ear(stream)
                contract.advance_to_funding()
                funded, paid = await ear.said()
                assert position.position_margin - funded.position_margin == balance.balance - paid.balance == pays
                (entry,) = await dave.account.ledger("USDT", type=LedgerType.FUNDING)
                assert (entry.amount, entry.at) == (-pays, datetime(2024, 12, 6, 8, tzinfo=UTC))

                takes = LimitOrder(side=Side.SELL, price=price * 2, quantity=qty, contract=replace(long, close=True))
                resting = await dave.trading.place_order(PERPETUAL, takes)
                assert await ear.said() == [resting]
                at.venue.place(
                    account="bob", symbol=PERPETUAL, side="buy", price="90000", qty="0.05", position={"leverage": 10}
                )
                contract.set_mark_price("88000")
                cancelled, *forced, over, left = await ear.said()
                assert (cancelled.order_id, cancelled.status) == (resting.order_id, OrderStatus.CANCELLED)
                assert [each.status for each in forced] == [
                    OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED, OrderStatus.PARTIALLY_CANCELLED,
                ]  # fmt: skip
                assert (over.position_id, over.quantity, over.position_margin) == (position.position_id, 0, 0)
                assert left.held == 0

            assert await dave.account.positions() == ()
            assert (left,) == await dave.account.balances("USDT")
            rows = await dave.account.ledger("USDT")
            assert sum(row.amount for row in rows) == left.balance == rows[-1].balance
            settled = await dave.trading.settled_orders(PERPETUAL, market=Market.PERPETUAL)
            assert {order.order_id for order in settled} == {opened.order_id, resting.order_id, forced[0].order_id}
