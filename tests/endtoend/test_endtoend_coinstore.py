"""Coinstore over real sockets by its reference client: every answer, every channel, orders, money, and the life of a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, get_args

import pytest
from mockex.clients.coinstore import (
    CoinstoreClient,
    Credentials,
    Interval,
    LimitOrder,
    LiveBook,
    MarketBuy,
    MarketSell,
    NewWithdrawal,
    OrderReceipt,
    OrderState,
    PongForm,
    RecordFilter,
    Side,
    StreamTiming,
    TimeInForce,
    Wallet,
    channels,
)
from mockex.clients.coinstore.errors import (
    AuthenticationError,
    CoinstoreError,
    DuplicateOrderError,
    InsufficientFundsError,
    OpenOrderLimitError,
    OrderNotFoundError,
    OrderRejectedError,
    RateLimitError,
    UnknownChannelError,
    UnknownSymbolError,
)
from mockex.clients.coinstore.events import (
    Disconnected,
    ErrorReported,
    FramesLost,
    OrdersUpdate,
    OrderUpdate,
    Push,
    StreamEvent,
)
from mockex.clients.coinstore.market import Levels
from mockex.clients.coinstore.vocabulary import DepositState, Role, SideNumber, WithdrawalState

import mockex

START = datetime(2024, 2, 27, 9, 36, 38, tzinfo=UTC)
BTC = "BTCUSDT"


class Stage(NamedTuple):
    """A market with alice's client."""

    world: mockex.RunningWorld
    client: CoinstoreClient

    @property
    def venue(self) -> Any:
        return self.world["coinstore"]

    def bob(self, side: str, price: str, qty: str = "1") -> None:
        self.venue.place(account="bob", symbol=BTC, side=side, price=price, qty=qty)

    async def buy(self, price: str, qty: str = "1", **more: Any) -> OrderReceipt:
        return await self.client.trading.place_order(
            BTC, LimitOrder(side=Side.BUY, price=Decimal(price), quantity=Decimal(qty), **more)
        )


@asynccontextmanager
async def stage(market: str = "quiet", **world: Any) -> AsyncIterator[Stage]:
    """Time stands still until it is moved."""
    async with mockex.World(venues=["coinstore"], market=market, start=START, **world) as running:
        key = running["coinstore"].keys["alice"]
        async with CoinstoreClient(
            running["coinstore"].rest_url,
            credentials=Credentials(api_key=key.api_key, secret=key.secret),
            now=running.clock.now_ns,
        ) as client:
            yield Stage(running, client)


def no_trouble(heard: list[StreamEvent]) -> bool:
    return not [event for event in heard if isinstance(event, (Disconnected, ErrorReported, FramesLost))]


async def test_every_public_answer_is_one_that_the_client_reads() -> None:
    async with stage("live") as at:
        at.world.clock.advance(seconds=5)
        reference, market, aggregator = at.client.reference, at.client.market, at.client.aggregator

        rules = await reference.symbols()
        ids = {row.symbol: row.symbol_id for row in await reference.symbol_ids()}
        assert {row.symbol.upper(): row.symbol_id for row in rules} == ids
        assert [row.symbol for row in await reference.symbols(symbols=["btcusdt"], ids=[2])] == [BTC, "trxUSDT"]
        assert [row.symbol for row in await market.tickers()] == list(ids)
        for symbol in ids:
            assert (await reference.currency(symbol.removesuffix("USDT"))).chains
            for levels in get_args(Levels):
                book = await market.book(symbol, levels=levels)
                assert book.bids[0].price < book.asks[0].price
            trades = await market.trades(symbol, size=100)
            assert [(row.symbol, row.price) for row in await market.prices(symbol)] == [(symbol, trades[0].price)]
            for interval in Interval:
                assert (await market.candles(symbol, interval=interval, size=3)).candles
            pair = f"{symbol.removesuffix('USDT')}_USDT"
            assert (await aggregator.book(pair, depth=10)).bids
            assert await aggregator.trades(pair)
            assert await aggregator.historical_trades(pair)
        assert len(await market.prices()) == len(await aggregator.tickers()) == len(await aggregator.summary()) == len(ids)
        assert await aggregator.assets()


async def test_every_public_channel_is_one_that_the_client_reads_and_candles_can_be_asked_for() -> None:
    async with stage("live") as at:
        names = [
            channels.ALL_TICKERS,
            *(channels.candles(BTC, interval) for interval in Interval),
            *(channels.depth(1, levels) for levels in get_args(Levels)),
            *(make(pair) for make in (channels.trades, channels.ticker) for pair in (1, BTC)),
        ]
        heard: list[StreamEvent] = []
        async with at.client.stream(at.venue.ws_url) as stream:
            stream.listen(heard.append)
            await stream.subscribe(*names)
            for _ in range(4):
                at.world.clock.advance(seconds=1)
                await stream.round_trip()

            assert {event.channel for event in heard if isinstance(event, Push)} == set(names)
            assert no_trouble(heard)
            assert {row.name for row in await stream.subscriptions()} == set(names)
            asked = await stream.candles(1, Interval.MINUTE_1, limit=5)
            assert asked.candles == (await at.client.market.candles(BTC, interval=Interval.MINUTE_1, size=5)).candles
            with pytest.raises(UnknownChannelError):
                await stream.subscribe("foousdt@trade")


async def test_a_live_book_is_the_book() -> None:
    async with stage("live") as at, at.client.stream(at.venue.ws_url) as stream, LiveBook(stream, BTC, levels=50) as book:
        for _ in range(40):
            at.world.clock.advance(seconds="0.7")
            await stream.round_trip()
            at.world.clock.advance(seconds="0.1")
            await stream.round_trip()
            shown = await at.client.market.book(BTC, levels=50)
            assert book.in_step
            assert (book.bids(), book.asks()) == (shown.bids, shown.asks)


async def test_every_kind_of_order_is_placed_and_read_back_in_every_call() -> None:
    async with stage() as at:
        trading = at.client.trading
        at.bob("sell", "100", "3")
        filled = await at.buy("100", "1", client_order_id="a1")
        at.bob("buy", "99", "3")
        kinds = {
            OrderState.SUBMITTED: LimitOrder(side=Side.BUY, price=Decimal(98), quantity=Decimal(1), post_only=True),
            OrderState.CANCELLED: LimitOrder(
                side=Side.SELL, price=Decimal("99.5"), quantity=Decimal(1), time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL
            ),
            OrderState.FILLED: MarketBuy(amount=Decimal("50.5")),
        }
        for state, order in kinds.items():
            order_id = (await trading.place_order(BTC, order)).order_id
            older, newer = await trading.order_v1(order_id), await trading.order(order_id)
            assert older.state is newer.state is state
        await trading.place_order(BTC, MarketSell(quantity=Decimal("0.5")))

        read = await trading.client_order("a1")
        assert (read.order_id, read.state, read.filled_quantity) == (filled.order_id, OrderState.FILLED, 1)
        (fill,) = await trading.fills(BTC, order_id=filled.order_id)
        assert (fill.fee, fill.role, fill.amount) == (Decimal("0.002"), Role.TAKER, 100)
        assert len(await trading.fills(BTC, side=SideNumber.SELL)) == 1
        older_list, newer_list = await trading.open_orders_v1(), await trading.open_orders(symbol=BTC)
        assert [row.order_id for row in older_list] == [row.order_id for row in newer_list]
        assert len(newer_list) == 1
        balances = {row.currency: row for row in await at.client.account.balances()}
        assert balances["USDT"].frozen == 98


async def test_cancels_of_every_form_are_accepted_and_seen() -> None:
    async with stage() as at:
        trading = at.client.trading
        orders = [
            LimitOrder(side=Side.BUY, price=Decimal(90), quantity=Decimal(1), client_order_id=f"a{each}") for each in range(8)
        ]
        outcomes = await trading.place_orders(BTC, [*orders, orders[0]])
        ids = [each.order_id for each in outcomes if isinstance(each, OrderReceipt)]
        assert len(ids) == 8
        assert isinstance(outcomes[-1], DuplicateOrderError)

        assert (await trading.cancel_order(BTC, ids[0])).client_order_id == "a0"
        again = await trading.cancel_order(BTC, ids[0])
        assert (again.client_order_id, again.state) == (None, OrderState.CANCELLED)
        assert (await trading.cancel_client_order(BTC, "a1")).order_id == ids[1]
        some = await trading.cancel_orders(BTC, [ids[1], ids[2], 7])
        assert (some.accepted, some.rejected) == ((ids[2],), (ids[1], 7))
        named = await trading.cancel_client_orders(BTC, ["a2", "a3"])
        assert (named.accepted, named.rejected) == (("a3",), ("a2",))
        assert await trading.cancel_all(BTC) == tuple(ids[4:])
        assert await trading.cancel_all(BTC) == ()
        with pytest.raises(OrderNotFoundError):
            await trading.cancel_order(BTC, 7)


async def test_refusals_arrive_as_what_they_are() -> None:
    async with stage() as at:
        for price, qty, error in (
            ("100.001", "1", OrderRejectedError), ("100", "0.0000001", OrderRejectedError),
            ("100", "0.00001", OrderRejectedError),
            ("9999999", "999999", InsufficientFundsError),
        ):  # fmt: skip
            with pytest.raises(error):
                await at.buy(price, qty)
        with pytest.raises(UnknownSymbolError):
            await at.client.market.book("FOOUSDT")
        for _ in range(50):
            await at.buy("90", "0.001")
        with pytest.raises(OpenOrderLimitError):
            await at.buy("90", "0.001")
        stranger = Credentials(api_key="0" * 32, secret="0" * 32)
        async with CoinstoreClient(at.venue.rest_url, credentials=stranger, now=at.world.clock.now_ns) as client:
            with pytest.raises(AuthenticationError):
                await client.account.balances()


async def test_the_121st_signed_request_waits_for_the_window() -> None:
    async with stage(limits=True) as at:
        for _ in range(120):
            await at.client.account.balances()
        with pytest.raises(RateLimitError):
            await at.client.account.balances()
        at.world.clock.advance(seconds=3)
        assert await at.client.account.balances()


async def test_what_happens_to_orders_and_money_arrives_on_the_stream() -> None:
    async with stage() as at:
        heard: list[StreamEvent] = []
        async with at.client.private_stream(at.venue.ws_url, login_channels=[channels.SPOT_ASSETS]) as stream:
            stream.listen(heard.append)
            await stream.subscribe(channels.SPOT_ORDERS, channels.ALL_BALANCES, channels.orders(BTC))
            at.bob("sell", "100", "1")
            order_id = (await at.buy("100", "2")).order_id
            at.world.clock.advance(seconds=1)
            await stream.round_trip()
            await at.client.trading.cancel_order(BTC, order_id)
            at.world.clock.advance(seconds=1)
            await stream.round_trip()

        assert no_trouble(heard)
        pushes = [event.value for event in heard if isinstance(event, Push)]
        states = [order.state for value in pushes if isinstance(value, OrdersUpdate) for order in value.orders]
        assert states == [OrderState.PARTIALLY_FILLED, OrderState.CANCELLED]
        assert [value.state for value in pushes if isinstance(value, OrderUpdate)] == [OrderState.SUBMITTED, *states]
        assert {event.channel for event in heard if isinstance(event, Push)} == {
            channels.SPOT_ASSETS, channels.SPOT_ORDERS, channels.ALL_BALANCES, channels.orders(BTC),
        }  # fmt: skip


async def test_money_comes_goes_and_moves() -> None:
    async with stage() as at:
        wallet = at.client.wallet
        assert (await wallet.deposit_address("USDTTRX", "TRX")).address.startswith("T")
        before = {row.currency: row.available for row in await at.client.account.balances()}
        at.venue.start_deposit("alice", "USDT", "25", chain="TRX")
        at.world.clock.advance(seconds=10)
        (deposit,) = await wallet.deposits(RecordFilter(currency="USDT"))
        assert (deposit.amount, deposit.state, deposit.at) == (25, DepositState.DONE, START)
        await wallet.transfer("USDT", Decimal(5), source=Wallet.SPOT, target=Wallet.FUTURES)

        free = at.venue.act("alice", "show_addresses")["withdrawal_addresses"]
        address = next(row["address"] for row in free if (row["currency"], row["chain"]) == ("USDT", "TRX"))
        sent, taken_back = [
            await wallet.withdraw(NewWithdrawal(currency="USDT", amount=Decimal(10), address=address, protocol="trc20"))
            for _ in range(2)
        ]
        await wallet.cancel_withdrawal(taken_back)
        at.world.clock.advance(seconds=10)
        rows = {row.id: row.state for row in await wallet.withdrawals()}
        assert rows == {sent: WithdrawalState.DONE, taken_back: WithdrawalState.CANCELLED}
        with pytest.raises(CoinstoreError):
            await wallet.cancel_withdrawal(sent)
        after = {row.currency: row.available for row in await at.client.account.balances()}
        assert after["USDT"] - before["USDT"] == 25 - 5 - 11


@pytest.mark.parametrize("form", PongForm)
async def test_a_client_that_answers_pings_stays_for_its_day(form: PongForm) -> None:
    async with stage() as at:
        timing = StreamTiming(pong_form=form, pong_every=timedelta(days=2), renew_after=timedelta(days=2))
        async with at.client.stream(at.venue.ws_url, timing=timing) as stream:
            heard: list[StreamEvent] = []
            stream.listen(heard.append)
            await stream.subscribe(channels.trades(1))
            heard.clear()
            for _ in range(40):
                at.world.clock.advance(seconds=180)
                await stream.round_trip()
                await stream.round_trip()  # the answer to the ping was on its way

            assert stream.connected
            assert heard == []


async def test_a_push_that_is_lost_is_noticed_by_the_count() -> None:
    async with stage() as at, at.client.stream(at.venue.ws_url) as stream:
        heard: list[StreamEvent] = []
        stream.listen(heard.append)
        await stream.subscribe(channels.trades(1))
        at.venue.plan_faults({"where": {"channel": "1@trade"}, "when": {"first": 1}, "what": {"action": "drop"}})
        for _ in range(2):
            at.bob("sell", "100")
            await at.buy("100")
            at.world.clock.advance(seconds=1)
            await stream.round_trip()

        (lost,) = [event for event in heard if isinstance(event, FramesLost)]
        assert lost.first == lost.last
