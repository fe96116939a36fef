"""Alice and bob trade through the client. What the venue then tells each of them, to the last digit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from endtoend_rig import BTC_JPY, FIRST_ORDER_ID, START, Rig, balance, buy, d, sell
from mockex.clients.okcoinjp import (
    Execution,
    MarketBuy,
    MarketSell,
    OkcoinClient,
    OrderState,
    OrderType,
    Side,
    StateGroup,
)
from mockex.clients.okcoinjp.trading_models import Fill, Order, SpotLedgerEntry
from mockex.clients.okcoinjp.vocabulary import Liquidity, SpotEntryKind

SECOND = timedelta(seconds=1)
WHOLE_START = START.replace(microsecond=0)  # REST times of orders and fills end in .000Z

ASK, BID = FIRST_ORDER_ID, str(int(FIRST_ORDER_ID) + 1)


async def trade(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    """Alice offers 0.5 at 7,000,000; a second later bob takes 0.2 of it."""
    await alice.trading.place_order(sell("7000000", "0.5", client_oid="ask1"))
    quiet.advance(seconds=1)
    await bob.trading.place_order(buy("7100000", "0.2", client_oid="bid1"))


# --- one trade, seen from everywhere


async def test_both_sides_see_their_order(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    await trade(quiet, alice, bob)

    resting = await alice.trading.order(BTC_JPY, ASK)
    assert resting == Order(
        order_id=ASK,
        client_oid="ask1",
        instrument_id=BTC_JPY,
        side=Side.SELL,
        type=OrderType.LIMIT,
        execution=Execution.NORMAL,
        price=d("7000000"),
        size=d("0.5"),
        notional=None,
        filled_size=d("0.2"),
        filled_notional=d("1400000"),
        price_avg=d("7000000"),
        state=OrderState.PARTIALLY_FILLED,
        timestamp=WHOLE_START,
        created_at=WHOLE_START,
    )
    taken = await bob.trading.order("btc-jpy", "bid1")
    assert taken == Order(
        order_id=BID,
        client_oid="bid1",
        instrument_id=BTC_JPY,
        side=Side.BUY,
        type=OrderType.LIMIT,
        execution=Execution.NORMAL,
        price=d("7100000"),
        size=d("0.2"),
        notional=None,
        filled_size=d("0.2"),
        filled_notional=d("1400000"),
        price_avg=d("7000000"),
        state=OrderState.FILLED,
        timestamp=WHOLE_START + SECOND,
        created_at=WHOLE_START + SECOND,
    )
    assert (await alice.trading.open_orders()).rows == (resting,)
    assert (await alice.trading.open_orders(BTC_JPY)).rows == (resting,)
    assert (await alice.trading.orders(BTC_JPY, state=StateGroup.UNFINISHED)).rows == (resting,)
    assert (await bob.trading.orders(BTC_JPY, state=OrderState.FILLED)).rows == (taken,)
    assert (await bob.trading.open_orders()).rows == ()


async def test_each_side_has_two_rows_for_its_fill(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    await trade(quiet, alice, bob)

    page = await alice.trading.fills(BTC_JPY)
    common = {"trade_id": "1", "instrument_id": BTC_JPY, "price": d("7000000"), "timestamp": WHOLE_START + SECOND}
    alices = {**common, "order_id": ASK, "exec_type": Liquidity.MAKER}
    received, paid = page.rows
    assert received == Fill(
        **alices, ledger_id=received.ledger_id, side=Side.BUY, currency="JPY", size=d("1400000"), fee=d("-1400")
    )
    assert paid == Fill(**alices, ledger_id=paid.ledger_id, side=Side.SELL, currency="BTC", size=d("0.2"), fee=d("0"))
    assert (page.newest_id, page.oldest_id) == (received.ledger_id, paid.ledger_id)
    assert int(received.ledger_id) > int(paid.ledger_id)

    received, paid = (await bob.trading.fills(BTC_JPY, order_id=BID)).rows
    bobs = {**common, "order_id": BID, "exec_type": Liquidity.TAKER}
    assert received == Fill(
        **bobs, ledger_id=received.ledger_id, side=Side.BUY, currency="BTC", size=d("0.2"), fee=d("-0.0003")
    )
    assert paid == Fill(**bobs, ledger_id=paid.ledger_id, side=Side.SELL, currency="JPY", size=d("1400000"), fee=d("0"))


async def test_balances_and_ledgers_agree_with_the_fills(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    await trade(quiet, alice, bob)

    # 0.1 % of 1,400,000 from the maker, 0.15 % of 0.2 from the taker.
    assert await alice.trading.accounts() == (balance("BTC", "9.8", "0.3"), balance("ETH", "100"), balance("JPY", "1398600"))
    assert await bob.trading.accounts() == (balance("JPY", "98600000"), balance("BTC", "0.1997"))
    assert await bob.trading.account("btc") == balance("BTC", "0.1997")

    def entry(found: SpotLedgerEntry) -> tuple[object, ...]:
        return found.type, found.amount, found.balance, found.order_id, found.instrument_id, found.timestamp

    bought = await bob.trading.ledger("BTC", kind=SpotEntryKind.BUY)
    assert [entry(row) for row in bought.rows] == [("trade", d("0.1997"), d("0.1997"), BID, BTC_JPY, WHOLE_START + SECOND)]
    paid, given = (await bob.trading.ledger("JPY")).rows
    assert entry(paid) == ("trade", d("-1400000"), d("98600000"), BID, BTC_JPY, WHOLE_START + SECOND)
    assert entry(given) == ("transfer", d("100000000"), d("100000000"), None, None, WHOLE_START)
    earned = await alice.trading.ledger("JPY", kind=SpotEntryKind.SELL)
    assert [entry(row) for row in earned.rows] == [("trade", d("1398600"), d("1398600"), ASK, BTC_JPY, WHOLE_START + SECOND)]
    fills = await bob.trading.fills(BTC_JPY)
    assert [row.ledger_id for row in fills.rows] == [bought.rows[0].ledger_id, paid.ledger_id]


async def test_the_streams_of_both_tell_the_same_story(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    private = ("spot/order:BTC-JPY", "spot/account:BTC", "spot/account:JPY")
    alices = await quiet.stream(alice, *private)
    bobs = await quiet.stream(bob, *private)
    await trade(quiet, alice, bob)
    await alices.settled()
    await bobs.settled()

    states = [OrderState.OPEN, OrderState.PARTIALLY_FILLED]
    placed, filled = alices.pushes("spot/order:BTC-JPY")
    assert [placed.order.state, filled.order.state] == states
    assert (placed.last_fill, placed.order.timestamp, placed.order.client_oid) == (None, START, "ask1")
    assert (filled.order.timestamp, filled.order.created_at, filled.order.filled_size) == (START + SECOND, START, d("0.2"))
    last = filled.last_fill
    assert (last.trade_id, last.price, last.size, last.time) == ("1", d("7000000"), d("0.2"), START + SECOND)
    assert alices.pushes("spot/account:BTC") == [
        balance("BTC", "10"),
        balance("BTC", "10", "0.5"),
        balance("BTC", "9.8", "0.3"),
    ]
    assert alices.pushes("spot/account:JPY") == [balance("JPY", "0"), balance("JPY", "1398600")]

    assert [push.order.state for push in bobs.pushes("spot/order:BTC-JPY")] == [OrderState.OPEN, OrderState.FILLED]
    assert bobs.pushes("spot/order:BTC-JPY")[1].last_fill == last
    assert bobs.pushes("spot/account:BTC") == [balance("BTC", "0"), balance("BTC", "0.1997")]
    assert bobs.pushes("spot/account:JPY")[0] == balance("JPY", "100000000")
    assert bobs.pushes("spot/account:JPY")[-1] == balance("JPY", "98600000")


async def test_the_public_sees_one_trade(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    await trade(quiet, alice, bob)
    quiet.advance(seconds=60)
    anyone = await quiet.client(None)

    (seen,) = await anyone.market.trades(BTC_JPY)
    assert (seen.trade_id, seen.price, seen.size, seen.side, seen.timestamp) == (
        "1", d("7000000"), d("0.2"), Side.BUY, START + SECOND,
    )  # fmt: skip
    ticker = await anyone.market.ticker(BTC_JPY)
    assert (ticker.last, ticker.last_qty, ticker.best_ask, ticker.best_ask_size) == (
        d("7000000"), d("0.2"), d("7000000"), d("0.3"),
    )  # fmt: skip
    assert (ticker.best_bid, ticker.open_24h, ticker.high_24h, ticker.low_24h) == (
        None, d("7000000"), d("7000000"), d("7000000"),
    )  # fmt: skip
    assert (ticker.base_volume_24h, ticker.quote_volume_24h) == (d("0.2"), d("1400000"))
    assert ticker.timestamp == START + 61 * SECOND
    assert await anyone.market.tickers() == (ticker,)
    flat, traded = await anyone.market.candles(BTC_JPY)
    assert (traded.time, traded.open, traded.high, traded.low, traded.close, traded.volume) == (
        START.replace(second=0, microsecond=0), *[d("7000000")] * 4, d("0.2"),
    )  # fmt: skip
    assert (flat.time, flat.close, flat.volume) == (traded.time + timedelta(minutes=1), d("7000000"), d("0"))
    book = await anyone.market.book(BTC_JPY)
    assert [(level.price, level.size, level.orders) for level in book.asks] == [(d("7000000"), d("0.3"), 1)]
    assert (book.bids, book.timestamp, book.instrument_id) == ((), START + 61 * SECOND, BTC_JPY)


# --- kinds of orders


async def test_a_market_buy_spends_what_it_can_and_gives_the_rest_back(
    quiet: Rig, alice: OkcoinClient, bob: OkcoinClient
) -> None:
    await alice.trading.place_order(sell("722220", "1"))
    receipt = await bob.trading.place_order(MarketBuy(instrument_id=BTC_JPY, notional=d("5000")))

    order = await bob.trading.order(BTC_JPY, receipt.order_id)  # the figures are those of the specification, section 10.1
    assert (order.type, order.notional, order.price, order.size) == (OrderType.MARKET, d("5000"), None, None)
    assert (order.state, order.filled_size, order.filled_notional) == (OrderState.FILLED, d("0.00692309"), d("4999.9940598"))
    assert await bob.trading.account("JPY") == balance("JPY", "99995000.0059402")


async def test_a_market_sell_sweeps_the_bids_best_first(quiet: Rig, alice: OkcoinClient, bob: OkcoinClient) -> None:
    for price, size in (("9900", "1"), ("10100", "2"), ("9900", "1.5")):
        await bob.trading.place_order(buy(price, size))
    receipt = await alice.trading.place_order(MarketSell(instrument_id=BTC_JPY, size=d("4.5")))

    order = await alice.trading.order(BTC_JPY, receipt.order_id)  # specification, section 10.2, vector 1
    assert (order.state, order.filled_size, order.filled_notional) == (OrderState.FILLED, d("4.5"), d("44950"))
    assert order.price_avg == d("9988.8")  # 44950 / 4.5, cut to the tick
    assert [trade.price for trade in await bob.market.trades(BTC_JPY)] == [d("9900"), d("9900"), d("10100")]
    assert await alice.trading.account("JPY") == balance("JPY", "44882.575")  # 44950 less 0.15 %
    assert await bob.trading.account("BTC") == balance("BTC", "4.4955")  # 4.5 less 0.1 %


@pytest.mark.parametrize(
    ("execution", "size", "state", "filled"),
    [
        (Execution.POST_ONLY, "0.1", OrderState.CANCELLED, "0"),
        (Execution.FILL_OR_KILL, "0.6", OrderState.CANCELLED, "0"),
        (Execution.FILL_OR_KILL, "0.5", OrderState.FILLED, "0.5"),
        (Execution.IMMEDIATE_OR_CANCEL, "0.6", OrderState.CANCELLED, "0.5"),
        (Execution.NORMAL, "0.6", OrderState.PARTIALLY_FILLED, "0.5"),
    ],
)
async def test_what_does_not_trade_at_once_follows_the_execution(
    alice: OkcoinClient, bob: OkcoinClient, execution: Execution, size: str, state: OrderState, filled: str
) -> None:
    await alice.trading.place_order(sell("7000000", "0.5"))
    receipt = await bob.trading.place_order(buy("7000000", size, execution=execution))

    order = await bob.trading.order(BTC_JPY, receipt.order_id)
    assert (order.execution, order.state, order.filled_size) == (execution, state, d(filled))
    held = d("700000") if state is OrderState.PARTIALLY_FILLED else d("0")
    assert (await bob.trading.account("JPY")).hold == held


async def test_an_order_that_would_move_the_price_by_over_30_percent_is_cancelled_whole(
    alice: OkcoinClient, bob: OkcoinClient
) -> None:
    await alice.trading.place_order(sell("100", "1"))
    await alice.trading.place_order(sell("130.1", "5"))
    receipt = await bob.trading.place_order(buy("200", "3"))

    order = await bob.trading.order(BTC_JPY, receipt.order_id)
    assert (order.state, order.filled_size) == (OrderState.CANCELLED, d("0"))
    assert await bob.trading.account("JPY") == balance("JPY", "100000000")
    assert await bob.market.trades(BTC_JPY) == ()


async def test_prices_and_sizes_are_cut_to_their_steps(alice: OkcoinClient) -> None:
    receipt = await alice.trading.place_order(sell("4638.51", "0.123456789"))
    order = await alice.trading.order(BTC_JPY, receipt.order_id)
    assert (order.price, order.size) == (d("4638.5"), d("0.12345678"))
