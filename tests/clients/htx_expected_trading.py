"""Cases of orders and fills; see `htx_expected`."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from htx_expected import Case, D, ms
from mockex.clients.htx import (
    Cursor,
    Execution,
    LimitOrder,
    MarketBuy,
    MarketSell,
    NewConditionalOrder,
    Operator,
    OrderReceipt,
    OrderState,
    OrderStateNumber,
    OrderType,
    Page,
    Side,
)
from mockex.clients.htx import conditional as c
from mockex.clients.htx import trading_models as t
from mockex.clients.htx.vocabulary import ConditionalType, Direction, Role, Sort, TimeInForce

LIMIT = LimitOrder(
    account_id=100009,
    symbol="btcusdt",
    side=Side.BUY,
    price=D("20500"),
    amount=D("0.01"),
    client_order_id="AA03022abc0d3f7e2b",
)
LIMIT_BODY = {
    "account-id": "100009",
    "symbol": "btcusdt",
    "type": "buy-limit",
    "amount": "0.01",
    "price": "20500",
    "client-order-id": "AA03022abc0d3f7e2b",
}

ADA = t.Order(
    id=357632718898331,
    client_order_id="23456",
    account_id=13496526,
    symbol="adausdt",
    type=OrderType.BUY_LIMIT_MAKER,
    type_text="buy-limit-maker",
    source="spot-api",
    state=OrderState.SUBMITTED,
    amount=D("5"),
    price=D("1"),
    filled_amount=D("0"),
    filled_cash_amount=D("0"),
    filled_fees=D("0"),
    created_at=ms(1_630_649_406_687),
    finished_at=None,
    canceled_at=None,
    stop_price=None,
    operator=None,
    canceled_source=None,
    role=None,
)
DUST = dataclasses.replace(
    ADA,
    id=345487249132375,
    client_order_id=None,
    symbol="polyusdt",
    type=OrderType.BUY_MARKET,
    type_text="buy-market",
    source="spot-web",
    state=OrderState.FILLED,
    amount=D("50"),
    price=None,
    filled_amount=D("147.928994082840236"),
    filled_cash_amount=D("49.999999999999999768"),
    filled_fees=D("0.295857988165680472"),
    created_at=ms(1_629_443_051_822),
    finished_at=ms(1_629_443_051_838),
)
CANCELLED = dataclasses.replace(
    ADA,
    id=1322796192271763,
    client_order_id="a7",
    symbol="btcusdt",
    type=OrderType.BUY_LIMIT,
    type_text="buy-limit",
    state=OrderState.CANCELLED,
    amount=D("0.01"),
    price=D("20000"),
    created_at=ms(1_736_500_000_000),
    finished_at=ms(1_736_500_001_000),
    canceled_at=ms(1_736_500_001_000),
    canceled_source="user-actively-cancels-order-web",
    role=Role.NONE,
)
OPEN = dataclasses.replace(
    ADA,
    id=357630527817871,
    client_order_id=None,
    symbol="apnusdt",
    type=OrderType.SELL_LIMIT,
    type_text="sell-limit",
    source="web",
    amount=D("572.33"),
    price=D("1.55555"),
    created_at=ms(1_630_633_835_224),
)
STOP = dataclasses.replace(
    OPEN,
    id=357630527817872,
    client_order_id="a1",
    symbol="btcusdt",
    type=OrderType.BUY_STOP_LIMIT,
    type_text="buy-stop-limit",
    source="spot-api",
    state=OrderState.CREATED,
    amount=D("0.01"),
    price=D("21000"),
    stop_price=D("20900"),
    operator=Operator.AT_OR_ABOVE,
)
POLY_FILL = t.Fill(
    id=313288753120940,
    match_id=5014,
    trade_id=1085,
    order_id=345487249132375,
    symbol="polyusdt",
    type=OrderType.BUY_MARKET,
    type_text="buy-market",
    source="spot-web",
    price=D("0.338"),
    filled_amount=D("147.928994082840236"),
    filled_fees=D("0"),
    fee_currency="poly",
    filled_points=D("0.1"),
    fee_deduct_currency="hbpoint",
    fee_deduct_state="done",
    role=Role.TAKER,
    created_at=ms(1_629_443_051_839),
)
MAKER_FILL = dataclasses.replace(
    POLY_FILL,
    id=630793863411068,
    match_id=113526568872,
    trade_id=101547647943,
    order_id=651351299131430,
    symbol="btcusdt",
    type=OrderType.BUY_LIMIT,
    type_text="buy-limit",
    source="spot-api",
    price=D("20500"),
    filled_amount=D("0.01"),
    filled_fees=D("0.00002"),
    fee_currency="btc",
    filled_points=D("0.0"),
    fee_deduct_currency=None,
    role=Role.MAKER,
    created_at=ms(1_662_000_000_000),
)
ALGO = c.ConditionalOrder(
    account_id=13496526,
    symbol="adausdt",
    client_order_id="1234567",
    side=Side.BUY,
    type=ConditionalType.LIMIT,
    time_in_force=TimeInForce.GTC,
    price=D("0.1"),
    amount=D("100"),
    value=None,
    stop_price=D("0.1"),
    source="api",
    state=OrderState.CANCELLED,
    placed_at=ms(1_630_656_758_442),
    last_act_time=ms(1_630_656_880_512),
    order_id=None,
    created_at=None,
    error_code=None,
    error_message=None,
)
START, END = ms(1_629_443_200_000), ms(1_629_616_000_000)
SPAN = "end-time=1629616000000", "start-time=1629443200000"

PLACING_CASES = [
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order(LIMIT),
        path="/v1/order/orders/place",
        body=LIMIT_BODY,
        expected=OrderReceipt(order_id="356501383558845", client_order_id="AA03022abc0d3f7e2b"),
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_order(356501495694025, symbol="btcusdt"),
        path="/v1/order/orders/356501495694025/submitcancel",
        body={"symbol": "btcusdt"},
        expected="356501495694025",
    ),
    *(
        Case(
            fixture="rest/cancel_client_order",
            reply=reply,
            call=lambda client: client.trading.cancel_client_order("AA03022abc0d3f7e2b"),
            path="/v1/order/orders/submitCancelClientOrder",
            body={"client-order-id": "AA03022abc0d3f7e2b"},
            expected=t.CancelAnswer(meaning=meaning, number=meaning),
        )
        for reply, meaning in enumerate((OrderStateNumber.CANCELLING, OrderStateNumber.NOT_FOUND, OrderStateNumber.CANCELLED))
    ),
    Case(
        fixture="rest/cancel_open_orders",
        call=lambda client: client.trading.cancel_open_orders(
            account_id=100009, symbols=["btcusdt", "ethusdt"], types=[OrderType.BUY_LIMIT], side=Side.BUY, size=2
        ),
        path="/v1/order/orders/batchCancelOpenOrders",
        body={"account-id": "100009", "symbol": "btcusdt,ethusdt", "types": "buy-limit", "side": "buy", "size": 2},
        expected=t.OpenOrdersCancelled(success_count=2, failed_count=0, next_id=5454600),
    ),
    Case(
        fixture="rest/cancel_open_orders",
        reply=1,
        call=lambda client: client.trading.cancel_open_orders(),
        path="/v1/order/orders/batchCancelOpenOrders",
        body={},
        expected=t.OpenOrdersCancelled(success_count=2, failed_count=0, next_id=None),
    ),
    Case(
        fixture="rest/cancel_all_orders",
        call=lambda client: client.trading.cancel_all_orders("btcusdt"),
        path="/v1/order/cancelAllOrders",
        query="symbol=btcusdt",
        expected=None,
    ),
    Case(
        fixture="rest/cancel_all_after",
        call=lambda client: client.trading.cancel_all_after(timedelta(seconds=10)),
        path="/v2/algo-orders/cancel-all-after",
        body={"timeout": 10},
        expected=t.CancelAllAfter(current_time=ms(1_630_491_627_230), trigger_time=ms(1_630_491_637_230)),
    ),
    Case(
        fixture="rest/cancel_all_after",
        reply=1,
        call=lambda client: client.trading.cancel_all_after(timedelta()),
        path="/v2/algo-orders/cancel-all-after",
        body={"timeout": 0},
        expected=t.CancelAllAfter(current_time=ms(1_630_491_735_012), trigger_time=None),
    ),
]

READING_CASES = [
    Case(
        fixture="rest/open_orders",
        call=lambda client: client.trading.open_orders(
            account_id=100009,
            symbol="apnusdt",
            side=Side.SELL,
            types=[OrderType.SELL_LIMIT, OrderType.SELL_IOC],
            cursor=Cursor(from_id=7, direct=Direction.PREVIOUS, size=2),
        ),
        path="/v1/order/openOrders",
        query="account-id=100009&direct=prev&from=7&side=sell&size=2&symbol=apnusdt&types=sell-limit%2Csell-ioc",
        expected=(OPEN,),
    ),
    Case(
        fixture="rest/open_orders",
        reply=1,
        call=lambda client: client.trading.open_orders(),
        path="/v1/order/openOrders",
        expected=(STOP,),
    ),
    Case(
        fixture="rest/order",
        call=lambda client: client.trading.order("357632718898331"),
        path="/v1/order/orders/357632718898331",
        expected=ADA,
    ),
    Case(
        fixture="rest/client_order",
        call=lambda client: client.trading.client_order("23456"),
        path="/v1/order/orders/getClientOrder",
        query="clientOrderId=23456",
        expected=ADA,
    ),
    Case(
        fixture="rest/orders",
        call=lambda client: client.trading.orders(
            "polyusdt",
            [OrderState.FILLED, OrderState.CANCELLED],
            types=[OrderType.BUY_MARKET],
            start=START,
            end=END,
            cursor=Cursor(from_id=7, direct=Direction.NEXT, size=10),
        ),
        path="/v1/order/orders",
        query=f"direct=next&{SPAN[0]}&from=7&size=10&{SPAN[1]}&states=filled%2Ccanceled&symbol=polyusdt&types=buy-market",
        expected=(DUST,),
    ),
    Case(
        fixture="rest/orders",
        reply=1,
        call=lambda client: client.trading.orders("btcusdt", [OrderState.CANCELLED]),
        path="/v1/order/orders",
        query="states=canceled&symbol=btcusdt",
        expected=(CANCELLED,),
    ),
    Case(
        fixture="rest/order_history",
        call=lambda client: client.trading.order_history(),
        path="/v1/order/history",
        expected=t.OrderHistory(
            rows=(ADA, dataclasses.replace(ADA, id=357632718898330, client_order_id="2345")), next_time_ms=None
        ),
    ),
    Case(
        fixture="rest/order_history",
        reply=1,
        call=lambda client: client.trading.order_history("polyusdt", start=START, end=END, direct=Direction.PREVIOUS, size=10),
        path="/v1/order/history",
        query=f"direct=prev&{SPAN[0]}&size=10&{SPAN[1]}&symbol=polyusdt",
        expected=t.OrderHistory(rows=(DUST,), next_time_ms=1_629_443_051_000),
    ),
    Case(
        fixture="rest/order_fills",
        call=lambda client: client.trading.order_fills(345487249132375),
        path="/v1/order/orders/345487249132375/matchresults",
        expected=(POLY_FILL,),
    ),
    Case(
        fixture="rest/fills",
        reply=1,
        call=lambda client: client.trading.fills(
            "btcusdt",
            types=[OrderType.BUY_LIMIT],
            start=START,
            end=END,
            cursor=Cursor(from_id=7, direct=Direction.NEXT, size=10),
        ),
        path="/v1/order/matchresults",
        query=f"direct=next&{SPAN[0]}&from=7&size=10&{SPAN[1]}&symbol=btcusdt&types=buy-limit",
        expected=(MAKER_FILL,),
    ),
    Case(
        fixture="rest/fee_rates",
        call=lambda client: client.trading.fee_rates("btcusdt", "apnusdt", "htusdt"),
        path="/v2/reference/transact-fee-rate",
        query="symbols=btcusdt%2Capnusdt%2Chtusdt",
        expected=tuple(
            t.FeeRates(symbol=symbol, maker=D("0.002"), taker=D("0.002"), actual_maker=D("0.002"), actual_taker=D("0.002"))
            for symbol in ("btcusdt", "apnusdt", "htusdt")
        ),
    ),
]

CONDITIONAL_CASES = [
    Case(
        fixture="rest/algo_place",
        call=lambda client: client.conditional.place(
            NewConditionalOrder(
                account_id=10000001,
                symbol="adausdt",
                side=Side.BUY,
                type=ConditionalType.LIMIT,
                client_order_id="a001",
                stop_price=D("0.11"),
                price=D("0.1"),
                amount=D("100"),
                time_in_force=TimeInForce.GTC,
            )
        ),
        path="/v2/algo-orders",
        body={
            "accountId": 10000001,
            "symbol": "adausdt",
            "orderSide": "buy",
            "orderType": "limit",
            "clientOrderId": "a001",
            "stopPrice": "0.11",
            "orderPrice": "0.1",
            "orderSize": "100",
            "timeInForce": "gtc",
        },
        expected="a001",
    ),
    Case(
        fixture="rest/algo_cancel",
        call=lambda client: client.conditional.cancel(["zy0002", "zy0003"]),
        path="/v2/algo-orders/cancellation",
        body={"clientOrderIds": ["zy0002", "zy0003"]},
        expected=c.ConditionalCancels(accepted=("zy0002", "zy0003"), rejected=()),
    ),
    Case(
        fixture="rest/algo_opening",
        call=lambda client: client.conditional.opening(symbol="adausdt", limit=1, from_id=3),
        path="/v2/algo-orders/opening",
        query="fromId=3&limit=1&symbol=adausdt",
        expected=Page(
            rows=(
                dataclasses.replace(
                    ALGO,
                    client_order_id="123",
                    state=OrderState.CREATED,
                    placed_at=ms(1_630_657_250_238),
                    last_act_time=ms(1_630_657_250_326),
                ),
            ),
            next_id=9585084,
        ),
    ),
    Case(
        fixture="rest/algo_history",
        call=lambda client: client.conditional.history(
            "adausdt",
            OrderState.CANCELLED,
            start=START,
            end=END,
            sort=Sort.OLDEST_FIRST,
            limit=1,
            from_id=3,
        ),
        path="/v2/algo-orders/history",
        query="endTime=1629616000000&fromId=3&limit=1&orderStatus=canceled&sort=asc&startTime=1629443200000&symbol=adausdt",
        expected=Page(rows=(ALGO,), next_id=9585084),
    ),
    Case(
        fixture="rest/algo_order",
        call=lambda client: client.conditional.order("1234567"),
        path="/v2/algo-orders/specific",
        query="clientOrderId=1234567",
        expected=ALGO,
    ),
]

#: New orders, and the `type` and other fields that they put on the wire beside account, symbol and amount.
NEW_ORDERS = [
    (LIMIT, {"type": "buy-limit", "price": "20500", "client-order-id": "AA03022abc0d3f7e2b"}),
    (dataclasses.replace(LIMIT, side=Side.SELL, client_order_id=None), {"type": "sell-limit", "price": "20500"}),
    *(
        (
            dataclasses.replace(LIMIT, execution=execution, client_order_id=None),
            {"type": f"buy-{kind}", "price": "20500"},
        )
        for execution, kind in (
            (Execution.IMMEDIATE_OR_CANCEL, "ioc"),
            (Execution.POST_ONLY, "limit-maker"),
            (Execution.FILL_OR_KILL, "limit-fok"),
        )
    ),
    *(
        (
            dataclasses.replace(
                LIMIT,
                side=Side.SELL,
                execution=execution,
                client_order_id=None,
                stop_price=D("20900"),
                operator=Operator.AT_OR_BELOW,
            ),
            {"type": kind, "price": "20500", "stop-price": "20900", "operator": "lte"},
        )
        for execution, kind in (
            (Execution.NORMAL, "sell-stop-limit"),
            (Execution.FILL_OR_KILL, "sell-stop-limit-fok"),
        )
    ),
    (
        MarketBuy(account_id=100009, symbol="btcusdt", value=D("0.01"), prevent_self_match=True),
        {"type": "buy-market", "self-match-prevent": 1},
    ),
    (
        MarketSell(account_id=100009, symbol="btcusdt", amount=D("0.01"), client_order_id="m1"),
        {"type": "sell-market", "client-order-id": "m1"},
    ),
]
