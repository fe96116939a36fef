"""HTX's account socket and conditional orders over real sockets, by its reference client: it logs in, hears of all that it
does, and is let go when its key is deleted.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from mockex.clients.htx import HtxClient, channels
from mockex.clients.htx.account_models import BalanceUpdate
from mockex.clients.htx.conditional import NewConditionalOrder
from mockex.clients.htx.errors import HtxError
from mockex.clients.htx.events import Disconnected, Push, StreamEvent
from mockex.clients.htx.signing import Credentials
from mockex.clients.htx.stream import HtxStream
from mockex.clients.htx.stream_models import ClearedTrade, ConditionalEnded, OrderCancelled, OrderCreated, OrderTraded
from mockex.clients.htx.trading_models import LimitOrder
from mockex.clients.htx.vocabulary import ConditionalType, OrderEventType, OrderState, Side

import mockex

START = datetime(2024, 2, 15, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An empty market with alice's client, and all that her stream has heard."""

    world: mockex.RunningWorld
    client: HtxClient
    stream: HtxStream
    account_id: int
    heard: list[StreamEvent]

    async def said(self) -> list[object]:
        """The values that were pushed since the last look."""
        await self.stream.round_trip()
        values = [event.value for event in self.heard if isinstance(event, Push)]
        self.heard.clear()
        return values

    def bob(self, side: str, price: str) -> None:
        """Another customer's order of one."""
        self.world["htx"].place(account="bob", symbol="btcusdt", side=side, price=price, qty="1")

    def order(self, side: Side, price: str, amount: str = "1") -> LimitOrder:
        return LimitOrder(account_id=self.account_id, symbol="btcusdt", side=side, price=Decimal(price), amount=Decimal(amount))


@asynccontextmanager
async def stage(signed_host: str | None = None) -> AsyncIterator[Stage]:
    async with mockex.World(venues=["htx"], start=START) as world:
        venue = world["htx"]
        key = venue.keys["alice"]
        credentials = Credentials(api_key=key.api_key, secret=key.secret)
        async with HtxClient(
            venue.rest_url, credentials=credentials, now=world.clock.now_ns, signed_host=signed_host
        ) as client:
            accounts = await client.account.accounts()
            account_id = next(account.id for account in accounts if account.type == "spot")
            async with client.account_stream(venue.ws_urls["account"]) as stream:
                heard: list[StreamEvent] = []
                await stream.subscribe(channels.orders(), channels.clearing(with_cancellations=True), channels.balances())
                stream.listen(heard.append)
                yield Stage(world=world, client=client, stream=stream, account_id=account_id, heard=heard)


@pytest.mark.parametrize("signed_host", [None, "api.huobi.pro"])
async def test_a_client_hears_of_its_order_its_fill_and_its_money(signed_host: str | None) -> None:
    async with stage(signed_host) as it:
        receipt = await it.client.trading.place_order(it.order(Side.BUY, "100", "2"))
        created, locked = await it.said()
        assert isinstance(created, OrderCreated)
        assert isinstance(locked, BalanceUpdate)
        assert (str(created.order.order_id), created.state, created.order.account_id) == (
            receipt.order_id, OrderState.SUBMITTED, it.account_id,
        )  # fmt: skip

        it.bob("sell", "100")
        traded, cleared, *balances = await it.said()
        assert isinstance(traded, OrderTraded)
        assert isinstance(cleared, ClearedTrade)
        assert (traded.executed, traded.remaining, traded.aggressor) == (1, 1, False)
        assert (cleared.trade_id, cleared.transact_fee, cleared.fee_currency) == (traded.trade_id, Decimal("0.002"), "btc")
        now = await it.client.account.balances(it.account_id)
        told = {update.currency: update for update in balances if isinstance(update, BalanceUpdate)}
        for currency in ("usdt", "btc"):
            assert told[currency].balance == now.of(currency).total
            assert told[currency].available == now.of(currency).trade
            assert {row.seq_num for row in now.rows if row.currency == currency} == {told[currency].seq_num}

        await it.client.trading.cancel_order(receipt.order_id)
        cancelled, *_ = await it.said()
        assert isinstance(cancelled, OrderCancelled)
        assert (cancelled.state, cancelled.canceled_source) == (OrderState.PARTIALLY_CANCELLED, "api")


async def test_a_client_uses_conditional_orders_from_end_to_end() -> None:
    async with stage() as it:
        it.bob("sell", "100")
        it.bob("buy", "100")

        def conditional(name: str, stop_price: str) -> NewConditionalOrder:
            return NewConditionalOrder(
                account_id=it.account_id, symbol="btcusdt", side=Side.BUY, type=ConditionalType.LIMIT, client_order_id=name,
                stop_price=Decimal(stop_price), price=Decimal("99"), amount=Decimal(1),
            )  # fmt: skip

        for name, stop_price in (("near", "105"), ("far", "150")):
            assert await it.client.conditional.place(conditional(name, stop_price)) == name
        assert [row.client_order_id for row in (await it.client.conditional.opening()).rows] == ["far", "near"]
        assert await it.said() == []

        it.bob("sell", "105")
        it.bob("buy", "105")
        created, _ = await it.said()
        assert isinstance(created, OrderCreated)
        near = await it.client.conditional.order("near")
        assert (near.state, near.order_id) == (OrderState.TRIGGERED, created.order.order_id)

        cancels = await it.client.conditional.cancel(["far", "near"])
        assert (cancels.accepted, cancels.rejected) == (("far",), ("near",))
        (ended,) = await it.said()
        assert isinstance(ended, ConditionalEnded)
        assert (ended.event, ended.client_order_id) == (OrderEventType.DELETION, "far")
        history = await it.client.conditional.history("btcusdt", OrderState.CANCELLED)
        assert [row.client_order_id for row in history.rows] == ["far"]


async def test_an_operator_sees_and_cancels_what_a_client_lets_wait() -> None:
    async with stage() as it:
        await it.client.conditional.place(
            NewConditionalOrder(
                account_id=it.account_id, symbol="btcusdt", side=Side.BUY, type=ConditionalType.LIMIT, client_order_id="mine",
                stop_price=Decimal("105"), price=Decimal("104"), amount=Decimal(1),
            )
        )  # fmt: skip

        (seen,) = it.world["htx"].conditional_orders("alice", symbol="btcusdt")
        assert (seen["client_id"], seen["status"], seen["trigger"]["price"]) == ("mine", "waiting", "105")
        assert it.world["htx"].cancel_conditional(seen["conditional_id"])["status"] == "cancelled"

        (ended,) = await it.said()
        assert isinstance(ended, ConditionalEnded)
        assert (ended.event, ended.client_order_id) == (OrderEventType.DELETION, "mine")


async def test_a_client_that_falls_silent_loses_its_orders() -> None:
    async with stage() as it:
        await it.client.trading.place_order(it.order(Side.BUY, "100"))
        switch = await it.client.trading.cancel_all_after(timedelta(seconds=10))
        assert switch.trigger_time == START + timedelta(seconds=10)
        await it.said()

        it.world.clock.advance(seconds=10)

        cancelled, *_ = await it.said()
        assert isinstance(cancelled, OrderCancelled)
        assert cancelled.canceled_source == "timeout-canceled-order"


async def test_a_client_that_answers_pings_stays_until_its_key_is_deleted() -> None:
    async with stage() as it:
        for _ in range(10):
            it.world.clock.advance(seconds=20)
            await it.stream.round_trip()
            await it.stream.round_trip()  # the answer to the ping was on its way
        assert it.stream.connected
        gone = asyncio.Event()
        it.stream.listen(lambda event: gone.set() if isinstance(event, Disconnected) else None)

        it.world["htx"].remove_key("alice")
        it.world.clock.advance(seconds=20)

        async with asyncio.timeout(30):
            await gone.wait()


async def test_a_wrong_secret_is_told_as_such() -> None:
    async with mockex.World(venues=["htx"], start=START) as world:
        venue = world["htx"]
        credentials = Credentials(api_key=venue.keys["alice"].api_key, secret="wrong")
        async with HtxClient(venue.rest_url, credentials=credentials, now=world.clock.now_ns) as client:
            with pytest.raises(HtxError, match=r"auth\.fail"):
                async with client.account_stream(venue.ws_urls["account"]):
                    pass
