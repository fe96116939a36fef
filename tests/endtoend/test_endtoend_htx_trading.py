"""HTX's trading over real sockets by its reference client: every kind of order, batches, cancels, lists and refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from mockex.clients.htx import HtxClient
from mockex.clients.htx.errors import HtxError
from mockex.clients.htx.paging import Cursor, next_rows
from mockex.clients.htx.signing import Credentials
from mockex.clients.htx.trading_models import LimitOrder, MarketBuy, MarketSell, OrderReceipt
from mockex.clients.htx.vocabulary import Direction, Execution, Operator, OrderState, OrderStateNumber, OrderType, Role, Side

import mockex

START = datetime(2024, 2, 15, 3, 4, 5, tzinfo=UTC)


class Stage(NamedTuple):
    """An empty market with alice's client."""

    world: mockex.RunningWorld
    client: HtxClient
    account_id: int

    def order(self, side: Side, price: str, amount: str = "1", **more: Any) -> LimitOrder:
        return LimitOrder(
            account_id=self.account_id, symbol="btcusdt", side=side, price=Decimal(price), amount=Decimal(amount), **more
        )

    def bob(self, side: str, price: str, qty: str = "1") -> None:
        self.world["htx"].place(account="bob", symbol="btcusdt", side=side, price=price, qty=qty)


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    async with mockex.World(venues=["htx"], start=START) as world:
        key = world["htx"].keys["alice"]
        async with HtxClient(
            world["htx"].rest_url,
            credentials=Credentials(api_key=key.api_key, secret=key.secret),
            now=world.clock.now_ns,
        ) as client:
            (account,) = [each for each in await client.account.accounts() if each.type == "spot"]
            yield Stage(world, client, account.id)


async def test_every_kind_of_order_is_placed_and_read_back() -> None:
    async with stage() as at:
        trading = at.client.trading
        at.bob("sell", "100", "3")
        filled = await trading.place_order(at.order(Side.BUY, "100", "1", client_order_id="a1"))
        at.bob("buy", "99", "3")
        kinds = {
            OrderType.BUY_LIMIT_MAKER: at.order(Side.BUY, "98", execution=Execution.POST_ONLY),
            OrderType.SELL_IOC: at.order(Side.SELL, "99.5", execution=Execution.IMMEDIATE_OR_CANCEL),
            OrderType.SELL_LIMIT_FOK: at.order(Side.SELL, "99", execution=Execution.FILL_OR_KILL),
            OrderType.BUY_STOP_LIMIT: at.order(
                Side.BUY, "102", stop_price=Decimal(101), operator=Operator.AT_OR_ABOVE
            ),
            OrderType.BUY_MARKET: MarketBuy(account_id=at.account_id, symbol="btcusdt", value=Decimal("50.5")),
            OrderType.SELL_MARKET: MarketSell(account_id=at.account_id, symbol="btcusdt", amount=Decimal("0.5")),
        }  # fmt: skip
        states = {}
        for kind, order in kinds.items():
            read = await trading.order((await trading.place_order(order)).order_id)
            assert read.type is kind
            states[kind] = read.state

        assert list(states.values()) == [
            OrderState.SUBMITTED, OrderState.CANCELLED, OrderState.FILLED, OrderState.CREATED, OrderState.FILLED,
            OrderState.FILLED,
        ]  # fmt: skip
        read = await trading.client_order("a1")
        assert (str(read.id), read.filled_amount, read.filled_fees) == (filled.order_id, 1, Decimal("0.002"))
        assert (read.price, read.account_id, read.client_order_id) == (100, at.account_id, "a1")
        (fill,) = await trading.order_fills(read.id)
        assert (fill.order_id, fill.role, fill.fee_currency, fill.price) == (read.id, Role.TAKER, "btc", 100)
        (rates,) = await trading.fee_rates("btcusdt")
        assert (rates.maker, rates.actual_taker) == (Decimal("0.002"), Decimal("0.002"))


async def test_cancels_of_every_form_are_accepted_and_seen() -> None:
    async with stage() as at:
        trading = at.client.trading
        outcomes = await trading.place_orders([at.order(Side.BUY, "100", client_order_id=f"a{each}") for each in range(9)])
        receipts = [each for each in outcomes if isinstance(each, OrderReceipt)]
        assert [each.client_order_id for each in receipts] == [f"a{each}" for each in range(9)]
        ids = [int(each.order_id) for each in receipts]

        assert await trading.cancel_order(ids[0], symbol="btcusdt") == str(ids[0])
        assert (await trading.cancel_client_order("a1")).accepted
        assert (await trading.cancel_client_order("a1")).meaning is OrderStateNumber.CANCELLED
        assert (await trading.cancel_client_order("nobody")).meaning is OrderStateNumber.NOT_FOUND
        by_id = await trading.cancel_orders([ids[0], ids[2], 7])
        assert (by_id.accepted, [each.code for each in by_id.refused]) == (
            (str(ids[2]),), ["order-orderstate-error", "base-not-found"],
        )  # fmt: skip
        assert (await trading.cancel_client_orders(["a3"])).accepted == ("a3",)
        some = await trading.cancel_open_orders(symbols=["btcusdt"], types=[OrderType.BUY_LIMIT], side=Side.BUY, size=2)
        assert (some.success_count, some.failed_count, some.next_id) == (2, 0, ids[6])
        await trading.cancel_all_orders("ethusdt")
        assert [order.id for order in await trading.open_orders()] == ids[:5:-1]
        await trading.cancel_all_orders()

        assert await trading.open_orders() == ()
        listed = await trading.orders("btcusdt", [OrderState.CANCELLED])
        assert {order.id for order in listed} == set(ids)
        assert {order.canceled_source for order in listed} == {"api"}
        with pytest.raises(HtxError, match="Incorrect order state"):
            await trading.cancel_order(ids[0])


async def test_lists_are_read_piece_by_piece_without_a_gap() -> None:
    async with stage() as at:
        trading = at.client.trading
        for index in range(23):
            at.bob("sell", "100", "1")
            await trading.place_order(at.order(Side.BUY, "100"))
            await trading.place_order(at.order(Side.BUY, str(50 + index)))
            at.world.clock.advance(seconds=1)

        async def order_piece(cursor: Cursor) -> Any:
            return await trading.orders("btcusdt", [OrderState.FILLED], cursor=cursor)

        async def open_piece(cursor: Cursor) -> Any:
            return await trading.open_orders(cursor=cursor)

        async def fill_piece(cursor: Cursor) -> Any:
            return await trading.fills("btcusdt", cursor=cursor)

        for fetch in (order_piece, open_piece, fill_piece):
            start = Cursor(size=10, direct=Direction.NEXT)
            found = [row.id async for row in next_rows(fetch, lambda row: int(row.id), start)]
            assert len(found) == 23
            assert found == sorted(found, reverse=True)
        history = await trading.order_history(size=10)
        assert len(history.rows) == 10
        assert history.next_time_ms is not None
        spent = await trading.fills(start=START + timedelta(seconds=10), end=START + timedelta(seconds=12))
        assert [fill.created_at for fill in spent] == [START + timedelta(seconds=each) for each in (12, 11, 10)]


async def test_refusals_arrive_with_their_codes() -> None:
    async with stage() as at:
        trading = at.client.trading
        for order, code in (
            (at.order(Side.BUY, "100.001"), "order-orderprice-precision-error"),
            (at.order(Side.BUY, "100", "0.00001"), "order-limitorder-amount-min-error"),
            (at.order(Side.BUY, "100000000", "900"), "account-frozen-balance-insufficient-error"),
        ):
            with pytest.raises(HtxError) as caught:
                await trading.place_order(order)
            assert caught.value.code == code
        with pytest.raises(HtxError) as caught:
            await trading.order(1)
        assert caught.value.code == "base-record-invalid"
