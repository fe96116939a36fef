"""One bot trades on four platforms over one socket while a venue dies, comes back, falls silent and comes back (gw§8)."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from endtoend_gateway import MARKETS, WORKERS, Bot, Market, Trader, as_told, bot
from endtoend_rig import PATIENCE_SECONDS, until
from mockex.clients.gateway import OrderStatus
from mockex.clients.gateway.errors import VenueLostError

OPEN = (OrderStatus.SUBMITTED, OrderStatus.PARTIALLY_FILLED)

ENTRY_PRICE_ROUNDED = Decimal("1e-8")
"""The venue tells entry prices with eight decimals, and profits not at all."""

STATUSES = {
    "open": OrderStatus.SUBMITTED,
    "partially_filled": OrderStatus.PARTIALLY_FILLED,
    "filled": OrderStatus.FILLED,
    "cancelled": OrderStatus.CANCELLED,
}


@pytest.mark.parametrize("market", MARKETS, ids=str)
async def test_a_bot_survives_a_venue_that_dies_and_one_that_falls_silent(market: Market) -> None:
    async with bot() as running:
        trader, line = running.traders[market.platform], running.lines[market.venue]
        others = [each for each in running.traders.values() if each is not trader]
        before = {each: len(each.codes()) for each in running.traders.values()}
        running.start()
        await running.more(*running.traders.values())

        # The venue takes orders whose answers never come, and dies.
        line.hold_answers()
        await until(lambda: trader.under_way == WORKERS)
        await running.settle()
        taken = len(_rows(running, trader))
        unanswered = asyncio.create_task(trader.place(taking=False))
        await until(lambda: len(_rows(running, trader)) > taken)
        waiting = trader.under_way
        line.fail()
        await until(lambda: trader.codes()[-1] == 4)
        await running.settle()
        assert await unanswered is None
        assert trader.under_way == 0
        lost = trader.lost
        assert lost >= waiting  # and whoever asked again before the loss was told
        _trade_behind_its_back(running, trader)
        await running.more(*others)
        await running.advance(5)
        await until(lambda: trader.codes()[-1] == 3)
        line.mend()
        await running.advance(5)
        await trader.session.ready()
        await running.more(*running.traders.values())

        # The venue hears nothing and says nothing, until that is noticed.
        line.stall()
        await until(lambda: trader.under_way == WORKERS)
        await running.settle()  # what came before the silence has been heard
        await running.advance(55)
        assert trader.codes()[-1] == 6
        await running.advance(5)
        await until(lambda: trader.codes()[-1] == 4)
        await running.settle()
        assert trader.under_way == 0
        assert trader.lost >= lost + WORKERS
        line.cut()
        line.mend()
        await running.advance(5)
        await trader.session.ready()
        await running.more(*running.traders.values())
        await running.stop()

        assert trader.codes()[before[trader] :] == [4, 5, 3, 5, 2, 6, 4, 5, 2, 6]
        for each in others:
            assert each.codes()[before[each] :] == []
        for each in running.traders.values():
            await _come_to_agree(running, each)
        sizes = {Decimal(row["qty"]) for row in _rows(running, trader)}
        assert {each.quantity in sizes for each in trader.sent if isinstance(each.error, VenueLostError)} == {True, False}


def _rows(running: Bot, trader: Trader) -> list[Any]:
    """All orders of the bot, by the venue's own ledger."""
    return list(running.venue(trader.market).orders("alice", status="all", limit=1_000))


def _trade_behind_its_back(running: Bot, trader: Trader) -> None:
    """While nobody can hear: one bid is filled, one in part, one is cancelled."""
    market, venue = trader.market, running.venue(trader.market)
    filled, partly, cancelled = [row["order_id"] for row in venue.orders("alice", symbol=market.symbol)][:3]
    venue.cancel(cancelled)
    for row in venue.orders("alice", symbol=market.symbol):
        if row["order_id"] not in (filled, partly):
            venue.cancel(row["order_id"])
    lots = sum(Decimal(venue.order(each)["qty"] or 0) for each in (filled, partly)) - Decimal("0.0011")
    position = {"leverage": 10} if market.contract else None
    venue.place(account="bob", symbol=market.symbol, side="sell", price=market.price - 1_000, qty=lots, position=position)


async def _come_to_agree(running: Bot, trader: Trader) -> None:
    """The last pushes are on their way for as long as a busy machine's sockets take, but for no time of the world's."""
    patient_until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await _check_everything(running, trader)
        except AssertionError:
            if time.monotonic() > patient_until:
                raise
        await asyncio.sleep(0.01)


async def _check_everything(running: Bot, trader: Trader) -> None:
    """What the bot was told, what the gateway answers and what the venue's ledgers say is all the same."""
    market, venue, trading = trader.market, running.venue(trader.market), trader.session.trading
    rows = _rows(running, trader)

    # Nothing was sent twice: sizes tell orders apart.
    assert {row["symbol"] for row in rows} == {market.symbol}
    times = Counter(Decimal(row["qty"] or 0) for row in rows)
    assert set(times.values()) == {1}
    numbers = {Decimal(row["qty"] or 0): row["order_id"] for row in rows}
    for sent in trader.sent:
        if sent.error is None:
            assert numbers[sent.quantity] == sent.order_no
        elif not sent.error.outcome_unknown:
            assert sent.quantity not in numbers

    # Every order, as it was last told.
    told = trader.last_told()
    assert told.keys() == {row["order_id"] for row in rows}
    for row in rows:
        order = told[row["order_id"]]
        assert order.status is STATUSES[row["status"]], row
        assert (order.quantity, order.filled) == (as_told(row["qty"] or 0), as_told(row["filled_qty"])), row
    assert trader.vanished() == []

    # Every fill, once.
    fills = Counter((fill.order_no, fill.fill_no, fill.price, fill.quantity) for fill in trader.fills())
    assert fills == Counter(
        (row["order_id"], fill["trade_id"], as_told(fill["price"]), as_told(fill["qty"]))
        for row in rows
        for fill in row["fills"]
    )

    # What is open, and what there is.
    live = {
        row["order_id"]: as_told(row["remaining_qty"] or 0) for row in rows if row["status"] in ("open", "partially_filled")
    }
    assert {order.order_no: order.remaining for order in trader.session.account.open_orders.values()} == live
    assert {order.order_no: order.remaining for order in await trading.open_orders(market.pair)} == live
    told_assets = trader.session.account.assets
    assert await trading.assets() == told_assets
    balances = venue.balances("alice")["spot"]
    if not market.contract:
        assert {coin: (each.free, each.locked, each.total) for coin, each in told_assets.items()} == {
            coin: (as_told(each.available), as_told(each.held), as_told(each.total))
            for coin, each in balances.items()
            if each.total
        }
        return
    (row,) = venue.positions("alice")
    position = trader.session.account.positions[market.pair]
    asked = await trading.position(market.pair)
    assert (asked.long, asked.short) == (position.long, position.short)
    assert (position.long.quantity, position.short.quantity) == (as_told(row["qty"]), 0)
    usdt, profit = balances["USDT"], Decimal(row["unrealised_profit"])
    assert (told_assets["USDT"].free, told_assets["USDT"].locked) == (as_told(usdt.available), as_told(usdt.held))
    assert position.long.unrealised_profit == pytest.approx(profit, abs=ENTRY_PRICE_ROUNDED)
    assert told_assets["USDT"].total == pytest.approx(usdt.total + profit, abs=ENTRY_PRICE_ROUNDED)
