"""The client in the profile gen2 against the simulated venue in that profile: what it asks for is there, and is understood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
from mockex.clients.ktx import (
    Contract,
    Credentials,
    KtxClient,
    LimitOrder,
    MarginMethod,
    Market,
    PositionMerge,
    Profile,
    Side,
    TimeInForce,
    TransferWay,
)
from mockex.clients.ktx.account_models import decode_balance, decode_position
from mockex.clients.ktx.errors import InsufficientFundsError, NotFoundError, OrderRejectedError
from mockex.clients.ktx.fields import Row
from mockex.clients.ktx.market_models import decode_book, decode_trade
from mockex.clients.ktx.trading_models import decode_fill, decode_order
from mockex.fixtures import load

import mockex

D = Decimal
BODIES = {row["path"]: row["body"] for row in load("ktx", "gen2")["responses"]}
SPOT, PERPETUAL = "BTC_USDT", "BTC_USDT_SWAP"


@asynccontextmanager
async def trader() -> AsyncIterator[tuple[mockex.RunningWorld, KtxClient]]:
    async with mockex.World(venues=["ktx"], profiles={"ktx": "gen2"}) as world:
        key, now_ns = world["ktx"].keys["alice"], world.clock.now_ns
        credentials = Credentials(api_key=key.api_key, secret=key.secret)
        url = f"{world['ktx'].rest_url}/api"
        async with KtxClient(url, credentials=credentials, profile=Profile.GEN2, now=now_ns) as client:
            yield world, client


# --- what is printed


def test_printed_objects_are_understood() -> None:
    order = decode_order(Row.of(BODIES["/v1/order"], "order"))
    fill = decode_fill(Row.of(BODIES["/v1/fills"][0], "fill"))
    position = decode_position(Row.of(BODIES["/v1/positions"][0], "position"))
    balance = decode_balance(Row.of(BODIES["/v1/trade/accounts"][0], "balance"))
    trade = decode_trade(Row.of(BODIES["/v1/trades"][0], "trade"))

    assert (order.update_id, order.margin, order.liquidates, order.mark_price) == (
        1125899907137993336,
        MarginMethod.CROSS,
        False,
        D("10000"),
    )
    assert (fill.fill_id, fill.side) == (4611471874845582393, Side.BUY)
    assert (position.quantity, position.closable_quantity) == (D("-0.1"), D("0.1"))
    assert (balance.balance, balance.held) == (D(100), D(0))
    assert (trade.trade_id, trade.taker_side) == (17122255, Side.BUY)
    assert decode_book(Row.of(BODIES["/v1/order_book"], "book")).update_id == 1027024


def test_an_order_that_liquidates_says_so() -> None:
    assert decode_order(Row.of(BODIES["/v1/order"] | {"origin": -1}, "order")).liquidates


# --- at the venue


async def test_orders_are_placed_listed_filled_and_cancelled() -> None:
    async with trader() as (_, client):
        rests = await client.trading.place_order(SPOT, LimitOrder(side=Side.BUY, quantity=D("0.01"), price=D("100")))
        seller = LimitOrder(side=Side.SELL, quantity=D("0.01"), price=D("100"))
        sold = await client.trading.place_order(SPOT, seller)
        gone = await client.trading.place_order(SPOT, seller)

        assert [each.order_id for each in await client.trading.open_orders(market=Market.SPOT)] == [gone.order_id]
        assert await client.trading.cancel_order(gone.order_id) == 1
        settled = await client.trading.settled_orders(SPOT, market=Market.SPOT)
        assert {each.order_id for each in settled} == {rests.order_id, sold.order_id, gone.order_id}
        fills = [fill async for fill in client.trading.older_fills(Market.SPOT, SPOT, limit=2)]
        assert len(fills) == 2
        assert len({fill.fill_id for fill in fills}) == 2
        with pytest.raises(NotFoundError):
            await client.trading.cancel_order(gone.order_id)


async def test_an_order_that_must_be_filled_at_once_is_refused() -> None:
    async with trader() as (_, client):
        order = LimitOrder(side=Side.BUY, quantity=D("0.01"), price=D("100"), time_in_force=TimeInForce.FILL_OR_KILL)
        with pytest.raises(OrderRejectedError):
            await client.trading.place_order(SPOT, order)


async def test_money_goes_between_the_accounts() -> None:
    async with trader() as (_, client):
        (before,) = await client.account.balances("USDT")

        left = await client.account.transfer("USDT", D("12.5"), TransferWay.INTO_MAIN)

        assert left == before.balance - D("12.5")
        assert [balance.free for balance in await client.account.main_balances("USDT")] == [D("12.5")]
        assert (await client.account.ledger("USDT"))[-1].amount == D("-12.5")
        with pytest.raises(InsufficientFundsError):
            await client.account.transfer("USDT", D(13), TransferWay.INTO_TRADING)


async def test_leverage_and_margin_of_a_position_are_changed() -> None:
    def terms(merge: PositionMerge) -> Contract:
        return Contract(merge=merge, margin=MarginMethod.ISOLATED, leverage=10)

    async with trader() as (_, client):
        for side, merge in ((Side.SELL, PositionMerge.SHORT), (Side.BUY, PositionMerge.LONG)):
            order = LimitOrder(side=side, quantity=D("0.001"), price=D("100000"), contract=terms(merge))
            await client.trading.place_order(PERPETUAL, order)
        (position,) = [each for each in await client.account.positions() if each.merge is PositionMerge.LONG]

        await client.account.change_leverage(position.position_id, 20)
        await client.account.move_margin(position.position_id, D("1.5"))
        await client.account.move_margin(position.position_id, D("-0.5"))

        changed = await client.account.position(position.position_id)
        assert changed is not None
        assert (changed.leverage, changed.position_margin, changed.closable_quantity) == (D(20), D(6), D("0.001"))
