"""What the published replies mean, written down by hand: the expected side of the KTX client's parsing tests.

Each case is a call, the request of the fixtures that it must put on the wire byte for byte, the reply of the fixtures, and the
value that the caller must get.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from mockex.clients.ktx import (
    Balance,
    CancelRoute,
    Contract,
    KtxClient,
    LedgerEntry,
    LedgerType,
    LimitOrder,
    MarginMethod,
    Market,
    MarketOrder,
    Order,
    OrderStatus,
    Position,
    PositionMerge,
    Side,
    Span,
    TimeFrame,
    TimeInForce,
)
from mockex.clients.ktx import market_models as m
from mockex.clients.ktx import trading_models as t
from mockex.clients.ktx.vocabulary import Action, OrderType


@dataclass(frozen=True, kw_only=True)
class Case:
    """`fixture` names the file, `request` and `reply` count its examples."""

    fixture: str
    call: Callable[[KtxClient], Awaitable[Any]]
    expected: Any
    request: int = 0
    reply: int = 0


def ms(count: int) -> datetime:
    """The moment of a wire timestamp, exactly."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)


def D(text: str) -> Decimal:  # noqa: N802 - as short as a literal, for it stands for one
    return Decimal(text)


def level(price: str, size: str) -> m.Level:
    return m.Level(price=D(price), size=D(size))


BTC = "BTC_USDT"
SWAP = "BTC_USDT_SWAP"

PERPETUAL = m.Product(
    product_id=5,
    market=Market.PERPETUAL,
    symbol=SWAP,
    taker_fee=D("0.001"),
    maker_fee=D("0.001"),
    least_quantity=D("0.0001"),
    largest_quantity=D("10000000"),
    quantity_scale=4,
    price_scale=4,
    least_value=D("0.0001"),
    largest_value=D("10000000000"),
    funding=m.Funding(
        rate=D("0.0001"),
        next_at=datetime(2024, 12, 6, 8, tzinfo=UTC),
        predicted_rate=D("0.0001"),
        mark_price=D("98042.3405"),
    ),
)
SPOT = dataclasses.replace(PERPETUAL, product_id=1, market=Market.SPOT, symbol=BTC, funding=None)
FILLER = (level("46125.7", "0.079045"),) * 3
BOOK = m.Book(update_id=1027024, at=ms(1644558642100), bids=FILLER, asks=FILLER)
CANDLE = m.Candle(
    start=ms(1644224940000),
    open=D("10190.53"),
    high=D("10192.5"),
    low=D("9806.82"),
    close=D("10127.37"),
    volume=D("0.834"),
    value=D("8370.40506"),
    first_trade_id=1,
    trade_count=278,
)
MINUTES = m.Candles(period=timedelta(minutes=1), candles=(CANDLE, CANDLE))
BUY = m.Trade(trade_id=17122255, price=D("46125.7"), quantity=D("0.079045"), taker_side=Side.BUY, at=ms(1628738748319))
TRADES = (BUY, dataclasses.replace(BUY, taker_side=Side.SELL), BUY)
TICKER = m.Ticker(
    symbol=BTC,
    last=D("98000"),
    last_quantity=D("0.3"),
    bid=D("98000"),
    bid_quantity=D("1.7"),
    ask=D("98100"),
    ask_quantity=D("0.5"),
    open=D("98000"),
    high=D("98100"),
    low=D("98000"),
    volume=D("9.41"),
    amount=D("922635"),
    change=D("0"),
    first_trade_id=1,
    trade_count=30,
    at=ms(1733474204000),
)

MARKET_CASES = (
    Case(
        fixture="rest/products",
        call=lambda client: client.market.products(Market.SPOT, symbol=BTC),
        expected=(PERPETUAL,),
    ),
    Case(
        fixture="rest/products",
        call=lambda client: client.market.products(Market.PERPETUAL),
        expected=(SPOT,),
        request=1,
        reply=1,
    ),
    Case(fixture="rest/order_book", call=lambda client: client.market.book(Market.SPOT, BTC), expected=BOOK),
    Case(
        fixture="rest/order_book",
        call=lambda client: client.market.book(Market.SPOT, BTC, levels=5, price_scale=2),
        expected=dataclasses.replace(
            BOOK,
            bids=(level("46125.69", "2"), level("46125.6", "0.4")),
            asks=(level("46125.7", "0.079045"), level("46126", "1")),
        ),
        request=1,
        reply=1,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(Market.SPOT, BTC, TimeFrame.MINUTE_1),
        expected=MINUTES,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(Market.SPOT, BTC, TimeFrame.WEEK_1, before=ms(1644224940000), limit=2),
        expected=MINUTES,
        request=1,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(Market.SPOT, BTC, TimeFrame.MONTH_1, after=ms(1644224940000)),
        expected=MINUTES,
        request=2,
    ),
    Case(fixture="rest/trades", call=lambda client: client.market.trades(Market.SPOT, BTC), expected=TRADES),
    Case(
        fixture="rest/trades",
        call=lambda client: client.market.trades(Market.SPOT, BTC, span=Span(before=17122255), limit=1000),
        expected=TRADES,
        request=1,
    ),
    Case(
        fixture="rest/trades",
        call=lambda client: client.market.trades(
            Market.SPOT, BTC, span=Span(start=ms(1628738700000), end=ms(1628738760000)), limit=10
        ),
        expected=TRADES,
        request=2,
    ),
    Case(fixture="rest/ticker", call=lambda client: client.market.tickers(Market.SPOT, BTC), expected=(TICKER,)),
    Case(
        fixture="rest/ticker",
        call=lambda client: client.market.tickers(Market.SPOT, BTC, "ETH_USDT"),
        expected=(TICKER,),
        request=1,
    ),
)

USDT = Balance(asset="USDT", balance=D("10000"), held=D("0"))
HELD = Balance(asset="USDT", balance=D("100000"), held=D("20016.997"))
ENTRY = LedgerEntry(
    entry_id=1125899906842624029,
    asset="USDT",
    amount=D("10000"),
    balance=D("10000"),
    type=LedgerType.TRANSFER,
    at=ms(1733468814795),
)
POSITION = Position(
    position_id=1125899906842624003,
    symbol=SWAP,
    quantity=D("0"),
    entry_price=D("0"),
    merge=PositionMerge.NONE,
    margin=MarginMethod.ISOLATED,
    leverage=D("10"),
    initial_rate=D("0.1"),
    maintenance_rate=D("0.005"),
    position_margin=D("0"),
    order_margin=D("1009.899"),
)
SHORT = dataclasses.replace(
    POSITION,
    position_id=1125899906842624004,
    quantity=D("-0.1"),
    entry_price=D("109398.9"),
    merge=PositionMerge.SHORT,
    margin=MarginMethod.CROSS,
    position_margin=D("1093.989"),
    order_margin=D("0"),
)
FEE = t.Fee(amount=D("0.103"), asset="USDT", value=D("0.103"))
FILLED = Order(
    order_id=4611767382287843330,
    client_order_id=None,
    symbol=BTC,
    type=OrderType.LIMIT,
    side=Side.BUY,
    quantity=D("0.01"),
    price=D("10300"),
    time_in_force=TimeInForce.GOOD_TILL_CANCELLED,
    post_only=False,
    status=OrderStatus.FILLED,
    filled_quantity=D("0.01"),
    filled_value=D("103"),
    fill_count=1,
    fills=(
        t.OrderFill(
            trade_id=1,
            at=ms(1733390650379),
            price=D("10300"),
            quantity=D("0.01"),
            profit=D("0"),
            taker=False,
            fees=(FEE,),
        ),
    ),
    fees=(FEE,),
    profit=D("0"),
    merge=PositionMerge.NONE,
    position_id=None,
    close=False,
    leverage=None,
    action=Action.UNKNOWN,
    created_at=ms(1733390630904),
    updated_at=ms(1733390650379),
)
RESTING = dataclasses.replace(
    FILLED,
    order_id=4611691515985526785,
    client_order_id=1733468814795,
    symbol=SWAP,
    quantity=D("0.1"),
    price=D("99990"),
    status=OrderStatus.ACCEPTED,
    filled_quantity=D("0"),
    filled_value=D("0"),
    fill_count=0,
    fills=(),
    fees=(),
    merge=PositionMerge.LONG,
    position_id=1125899906842624003,
    leverage=D("10"),
    action=Action.INCREASE_LONG,
    created_at=ms(1733468814795),
    updated_at=ms(1733468814795),
)
FILL = t.Fill(
    trade_id=26,
    order_id=4611772879845982371,
    symbol=SWAP,
    price=D("1000000"),
    quantity=D("0.01"),
    profit=D("-9060"),
    taker=True,
    fees=(t.Fee(amount=D("10"), asset="USDT", value=None),),
    at=ms(1733541360859),
)

ACCOUNT_CASES = (
    Case(fixture="rest/accounts", call=lambda client: client.account.balances("BTC"), expected=(USDT, USDT)),
    Case(
        fixture="rest/accounts",
        call=lambda client: client.account.balances("BTC", "ETH"),
        expected=(HELD,),
        request=1,
        reply=1,
    ),
    Case(fixture="rest/accounts", call=lambda client: client.account.balances(), expected=(USDT, USDT), request=3),
    Case(
        fixture="rest/ledger",
        call=lambda client: client.account.ledger("BTC", span=Span(end=ms(1651895799668)), limit=10),
        expected=(ENTRY,),
    ),
    Case(
        fixture="rest/ledger",
        call=lambda client: client.account.ledger("USDT", type=LedgerType.FEE, limit=10),
        expected=(ENTRY,),
        request=1,
    ),
    Case(fixture="rest/positions", call=lambda client: client.account.positions(symbol=SWAP), expected=(POSITION,)),
    Case(
        fixture="rest/positions",
        call=lambda client: client.account.position(1125899906842624003),
        expected=POSITION,
        request=1,
    ),
)
LONG_10 = Contract(merge=PositionMerge.LONG, margin=MarginMethod.ISOLATED, leverage=10)
PLACING = (
    LimitOrder(side=Side.BUY, quantity=D("0.0001"), price=D("90000")),
    None,  # the same in Python's spelling: among the samples
    LimitOrder(side=Side.SELL, quantity=D("0.01"), price=D("10300"), client_order_id=123, post_only=True),
    MarketOrder(side=Side.BUY, quantity=D("0.01")),
    LimitOrder(side=Side.BUY, quantity=D("0.01"), price=D("10300"), time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL),
    LimitOrder(side=Side.BUY, quantity=D("0.1"), price=D("99990"), client_order_id=1733468814795, contract=LONG_10),
    MarketOrder(
        side=Side.SELL,
        quantity=D("0.1"),
        contract=Contract(
            merge=PositionMerge.NONE,
            margin=MarginMethod.CROSS,
            leverage=10,
            close=True,
            position_id=1125899906842624003,
        ),
    ),
)


def _placing(order: t.NewOrder) -> Callable[[KtxClient], Awaitable[Order]]:
    return lambda client: client.trading.place_order(BTC if order.contract is None else SWAP, order)


TRADING_CASES = (
    *(
        Case(
            fixture="rest/place_order",
            call=_placing(order),
            expected=FILLED if order.contract is None else RESTING,
            request=number,
            reply=0 if order.contract is None else 1,
        )
        for number, order in enumerate(PLACING)
        if order is not None
    ),
    Case(fixture="rest/order", call=lambda client: client.trading.order(4611772879845982339), expected=FILLED),
    Case(fixture="rest/order", call=lambda client: client.trading.client_order(123), expected=RESTING, request=2, reply=1),
    Case(
        fixture="rest/orders",
        call=lambda client: client.trading.settled_orders(BTC, market=Market.SPOT, limit=2),
        expected=(FILLED,),
        request=1,
    ),
    Case(
        fixture="rest/orders",
        call=lambda client: client.trading.open_orders(symbol=BTC),
        expected=(RESTING,),
        request=2,
        reply=1,
    ),
    Case(
        fixture="rest/orders",
        call=lambda client: client.trading.settled_orders(
            BTC, span=Span(start=ms(1733390600000), end=ms(1733390700000)), limit=10
        ),
        expected=(FILLED,),
        request=3,
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_order(14244173146202090, market=Market.SPOT),
        expected=1,
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_client_order(123, market=Market.SPOT),
        expected=1,
        request=1,
    ),
    Case(
        fixture="rest/cancel_order_post",
        call=lambda client: client.trading.cancel_order(14244173146202090, route=CancelRoute.POST),
        expected=1,
    ),
    Case(fixture="rest/cancel_orders", call=lambda client: client.trading.cancel_orders(BTC), expected=2),
    Case(
        fixture="rest/cancel_orders",
        call=lambda client: client.trading.cancel_orders(BTC, market=Market.SPOT),
        expected=2,
        request=2,
    ),
    Case(
        fixture="rest/cancel_orders",
        call=lambda client: client.trading.cancel_orders(BTC, market=Market.SPOT, side=Side.BUY),
        expected=2,
        request=3,
    ),
    Case(
        fixture="rest/cancel_orders_post",
        call=lambda client: client.trading.cancel_orders(BTC, market=Market.SPOT, route=CancelRoute.POST),
        expected=2,
    ),
    Case(fixture="rest/fills", call=lambda client: client.trading.fills(Market.SPOT, symbol=BTC, limit=2), expected=(FILL,)),
    Case(
        fixture="rest/fills",
        call=lambda client: client.trading.fills(Market.PERPETUAL, order_id=4611772879845982371),
        expected=(FILL,),
        request=1,
    ),
)
