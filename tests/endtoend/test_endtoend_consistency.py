"""A trader at random in a live market: the streams, the lists and the ledger tell one and the same story."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from endtoend_rig import BTC_JPY, Recording, Rig, buy, d, live_world, rig, sell
from mockex.clients.okcoinjp import (
    Cursor,
    Execution,
    LimitOrder,
    MarketBuy,
    MarketSell,
    OkcoinClient,
    OkcoinError,
    OrderState,
    OrderType,
    Page,
    Side,
    StateGroup,
    channels,
    older_rows,
)
from mockex.clients.okcoinjp.trading_models import Fill, Order

ORDERS, TRADES = channels.orders(BTC_JPY), channels.trades(BTC_JPY)
LIVE = {OrderState.OPEN, OrderState.PARTIALLY_FILLED}
FINAL = {OrderState.CANCELLED, OrderState.FILLED}
TICK = d("0.1")


class Gambler:
    """Places and cancels orders around the market's price, as a seed says. Some of it is refused."""

    def __init__(self, running: Rig, client: OkcoinClient, seed: int) -> None:
        self._running = running
        self._client = client
        self._rng = random.Random(seed)
        self.placed: list[str] = []
        self.refused = 0

    async def play(self, rounds: int) -> None:
        for number in range(rounds):
            try:
                await self._act(number)
            except OkcoinError:
                self.refused += 1
            self._running.advance(milliseconds=self._rng.choice([0, 40, 250, 900]))

    async def _act(self, number: int) -> None:
        rng, trading = self._rng, self._client.trading
        if self.placed and rng.random() < 0.3:
            await trading.cancel_order(BTC_JPY, rng.choice(self.placed[-20:]))
            return
        order: Any = await self._limit_order(f"g{number}")
        if rng.random() < 0.25:
            order = rng.choice(
                [
                    MarketBuy(instrument_id=BTC_JPY, notional=Decimal(rng.randint(100, 4_000_000))),
                    MarketSell(instrument_id=BTC_JPY, size=Decimal(rng.randint(1, 60_000_000)) / 10**8),
                ]
            )
        self.placed.append((await trading.place_order(order)).order_id)

    async def _limit_order(self, name: str) -> LimitOrder:
        rng = self._rng
        ticker = await self._client.market.ticker(BTC_JPY)
        side = rng.choice([sell, buy])
        price = ticker.best_ask if rng.random() < 0.5 else ticker.best_bid
        assert price is not None
        price += rng.randint(-400, 400) * rng.choice([1, 1, 1, 100]) * TICK
        size = Decimal(rng.randint(100_000, 80_000_000)) / 10**8
        execution = rng.choice([Execution.NORMAL] * 5 + list(Execution))
        return side(str(price), str(size), client_oid=name, execution=execution)


@pytest.mark.parametrize("seed", range(3))
async def test_streams_lists_and_ledger_agree(seed: int) -> None:
    async with rig(live_world(seed=seed + 1)) as running:
        running.venue.deposit("alice", "JPY", "30000000")
        alice = await running.client("alice")
        stream = await running.stream(alice, ORDERS, TRADES, channels.balance("BTC"), channels.balance("JPY"))
        gambler = Gambler(running, alice, seed)
        await gambler.play(250)
        running.advance(seconds=1)
        await stream.settled()

        pushed = check_order_pushes(stream)
        assert list(pushed) == gambler.placed
        await compare_orders(alice, pushed)
        fills = [row async for row in older_rows(page_of(alice.trading.fills), Cursor(limit=50))]
        check_fills(fills, pushed, stream)
        await check_money(alice, fills, pushed, stream)
        assert min(gambler.refused, len(fills)) > 5


def page_of(fetch: Callable[..., Awaitable[Page[Any]]], *first: Any, **more: Any) -> Callable[[Cursor], Awaitable[Page[Any]]]:
    """A list of the pair, page by page."""
    return lambda cursor: fetch(*(first or (BTC_JPY,)), cursor=cursor, **more)


def check_order_pushes(stream: Recording) -> dict[str, Order]:
    """The newest state of each order. No state follows a final one, and what is filled never shrinks."""
    newest: dict[str, Order] = {}
    for push in stream.pushes(ORDERS):
        order, before = push.order, newest.get(push.order.order_id)
        if before is None:
            assert (order.state, order.filled_size, push.last_fill) == (OrderState.OPEN, 0, None)
        else:
            assert before.state in LIVE
            grown = order.filled_size - before.filled_size
            assert grown == (push.last_fill.size if order.state is not OrderState.CANCELLED else 0)
        newest[order.order_id] = order
    return newest


async def compare_orders(alice: OkcoinClient, pushed: dict[str, Order]) -> None:
    """The lists hold what the stream has told."""
    live = [row async for row in older_rows(page_of(alice.trading.orders, state=StateGroup.UNFINISHED), Cursor(limit=9))]
    closed = [row async for row in older_rows(page_of(alice.trading.orders, state=StateGroup.FINISHED), Cursor(limit=40))]
    assert [row.order_id for row in live] == [key for key, order in reversed(pushed.items()) if order.state in LIVE]
    assert [row.order_id for row in closed] == [key for key, order in reversed(pushed.items()) if order.state in FINAL]
    for row in (*live, *closed):
        told = pushed[row.order_id]
        for name in ("client_oid", "side", "type", "execution", "price", "size", "notional", "state"):
            assert getattr(row, name) == getattr(told, name)
        assert (row.filled_size, row.filled_notional) == (told.filled_size, told.filled_notional)


def check_fills(fills: list[Fill], pushed: dict[str, Order], stream: Recording) -> None:
    """Fills add up to the orders, and each is a public trade of that price and size."""
    sizes: dict[str, Decimal] = defaultdict(Decimal)
    notionals: dict[str, Decimal] = defaultdict(Decimal)
    public = {push.trade_id: push for push in stream.pushes(TRADES)}
    for row in fills:
        if row.currency == "BTC":
            sizes[row.order_id] += row.size
            trade = public[row.trade_id]
            assert (trade.price, trade.size) == (row.price, row.size)
        else:
            notionals[row.order_id] += row.size
    assert sizes == {key: order.filled_size for key, order in pushed.items() if order.filled_size}
    assert notionals == {key: order.filled_notional for key, order in pushed.items() if order.filled_size}


async def check_money(alice: OkcoinClient, fills: list[Fill], pushed: dict[str, Order], stream: Recording) -> None:
    """Balances are what the ledger says, which is what the fills say; holds are what the live orders need."""
    needed: dict[str, Decimal] = defaultdict(Decimal)
    for order in pushed.values():
        if order.state in LIVE:
            assert order.type is OrderType.LIMIT
            assert order.size is not None
            assert order.price is not None
            rest = order.size - order.filled_size
            needed["BTC" if order.side is Side.SELL else "JPY"] += rest if order.side is Side.SELL else rest * order.price
    for currency in ("BTC", "JPY"):
        entries = [row async for row in older_rows(page_of(alice.trading.ledger, currency), Cursor(limit=30))]
        for newer, older in pairwise(entries):
            assert newer.balance == older.balance + newer.amount
        told = stream.pushes(channels.balance(currency))[-1]
        assert told == await alice.trading.account(currency)
        assert (told.balance, told.hold) == (entries[0].balance, needed[currency])
        booked = sum(row.amount for row in entries if row.type == "trade")
        received = sum(row.size + row.fee for row in fills if row.currency == currency and row.side is Side.BUY)
        paid = sum(row.size for row in fills if row.currency == currency and row.side is Side.SELL)
        assert booked == received - paid
