"""Cases of the private spot endpoints; see `okcoinjp_expected`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mockex.clients.okcoinjp import Cursor, LimitOrder, MarketBuy, MarketSell, OrderReceipt
from mockex.clients.okcoinjp import trading_models as t
from mockex.clients.okcoinjp.vocabulary import (
    Execution,
    Liquidity,
    OrderState,
    OrderType,
    Side,
    SpotEntryKind,
    StateGroup,
)
from okcoinjp_expected import PAGE_HEADERS, Case, at, balance, page


def filled_order(order_id: str, client_oid: str, price: str, notional: str, state: OrderState, when: datetime) -> t.Order:
    return t.Order(
        order_id=order_id,
        client_oid=client_oid,
        instrument_id="BTC-JPY",
        side=Side.BUY,
        type=OrderType.LIMIT,
        execution=Execution.NORMAL,
        price=Decimal(price),
        size=Decimal("0.001"),
        notional=None,
        filled_size=Decimal("0.001"),
        filled_notional=Decimal(notional),
        price_avg=Decimal(price),
        state=state,
        timestamp=when,
        created_at=when,
    )


TRADING_CASES = [
    Case(
        fixture="rest/accounts",
        call=lambda client: client.trading.accounts(),
        target="/api/spot/v3/accounts",
        expected=(balance("BTC", "0.0049925"), balance("JPY", "226.74061435"), balance("ETH", "0.4925")),
    ),
    Case(
        fixture="rest/account",
        call=lambda client: client.trading.account("btc"),
        target="/api/spot/v3/accounts/btc",
        expected=balance("BTC", "0.0049925"),
    ),
    Case(
        fixture="rest/accounts_ledger",
        call=lambda client: client.trading.ledger(
            "btc", kind=SpotEntryKind.BUY, cursor=Cursor(after="2500723297813504", limit=3)
        ),
        target="/api/spot/v3/accounts/btc/ledger?type=7&after=2500723297813504&limit=3",
        headers=PAGE_HEADERS,
        expected=page(
            *(
                t.SpotLedgerEntry(
                    ledger_id=ledger_id,
                    currency="BTC",
                    amount=Decimal("0.0009985"),
                    balance=Decimal(after),
                    type="trade",
                    timestamp=when,
                    order_id=order_id,
                    instrument_id="BTC-JPY",
                )
                for ledger_id, after, order_id, when in (
                    ("3995466151", "0.0049925", "2500723297813504", at("2019-03-18 07:26:50.000")),
                    ("3995466150", "0.003994", "2500723297223680", at("2019-03-18 07:26:50.000")),
                    ("3995334780", "0.0029955", "2500650881647616", at("2019-03-18 07:08:25.000")),
                )
            )
        ),
    ),
    Case(
        fixture="rest/trade_fee",
        call=lambda client: client.trading.trade_fee(),
        target="/api/spot/v3/trade_fee",
        expected=t.FeeRates(maker=Decimal("0.001"), taker=Decimal("0.0015"), timestamp=at("2019-12-05 09:06:20.260")),
    ),
    Case(
        fixture="rest/place_order",
        call=lambda client: client.trading.place_order(
            LimitOrder(
                instrument_id="BTC-JPY",
                side=Side.BUY,
                price=Decimal("4638.51"),
                size=Decimal("0.001"),
                execution=Execution.IMMEDIATE_OR_CANCEL,
                client_oid="oktspot79",
            )
        ),
        method="POST",
        target="/api/spot/v3/orders",
        body=b'{"instrument_id":"BTC-JPY","side":"buy","type":"limit","order_type":"3","price":"4638.51",'
        b'"size":"0.001","client_oid":"oktspot79"}',
        expected=OrderReceipt(order_id="2510789768709120", client_oid="oktspot79"),
    ),
    Case(
        fixture="rest/batch_orders",  # the example key is btc_jpy
        call=lambda client: client.trading.place_orders(
            [
                LimitOrder(
                    instrument_id="btc-jpy", side=Side.SELL, price=Decimal("100010"), size=Decimal("0.001"), client_oid="a1"
                ),
                MarketBuy(instrument_id="btc-jpy", notional=Decimal("5000")),
                MarketSell(instrument_id="btc-jpy", size=Decimal("0.00000001")),
            ]
        ),
        method="POST",
        target="/api/spot/v3/batch_orders",
        body=b'[{"instrument_id":"btc-jpy","side":"sell","type":"limit","order_type":"0","price":"100010",'
        b'"size":"0.001","client_oid":"a1"},'
        b'{"instrument_id":"btc-jpy","side":"buy","type":"market","notional":"5000"},'
        b'{"instrument_id":"btc-jpy","side":"sell","type":"market","size":"0.00000001"}]',
        expected={
            "BTC-JPY": (
                OrderReceipt(order_id="2510832677159936", client_oid="oktspot80"),
                OrderReceipt(order_id="2510832677225472", client_oid="oktspot81"),
                OrderReceipt(order_id="2510832677225473", client_oid="oktspot82"),
            )
        },
    ),
    Case(
        fixture="rest/cancel_order",
        call=lambda client: client.trading.cancel_order("btc-jpy", "a123"),
        method="POST",
        target="/api/spot/v3/cancel_orders/a123",
        body=b'{"instrument_id":"btc-jpy"}',
        expected=OrderReceipt(order_id="4407638476788736", client_oid="order123"),
    ),
    Case(
        fixture="rest/cancel_batch_orders",  # the example keys are btc-jpy and eth-jpy
        call=lambda client: client.trading.cancel_orders(
            [
                t.CancelByClientOid(instrument_id="btc-jpy", client_oids=("a123", "a1234")),
                t.CancelByClientOid(instrument_id="eth-jpy", client_oids=("a12345", "a123456")),
            ]
        ),
        method="POST",
        target="/api/spot/v3/cancel_batch_orders",
        body=b'[{"instrument_id":"btc-jpy","client_oids":["a123","a1234"]},'
        b'{"instrument_id":"eth-jpy","client_oids":["a12345","a123456"]}]',
        expected={
            "BTC-JPY": (
                OrderReceipt(order_id="2510832677225473", client_oid="a123"),
                OrderReceipt(order_id="2510832677225474", client_oid="a1234"),
            ),
            "ETH-JPY": (
                OrderReceipt(order_id="2510832677225475", client_oid="a12345"),
                OrderReceipt(order_id="2510832677225476", client_oid="a123456"),
            ),
        },
    ),
    Case(
        fixture="rest/orders",
        call=lambda client: client.trading.orders(
            "BTC-JPY", state=StateGroup.FINISHED, cursor=Cursor(after="2500723297223680", before="1", limit=100)
        ),
        target="/api/spot/v3/orders?instrument_id=BTC-JPY&state=7&after=2500723297223680&before=1&limit=100",
        headers=PAGE_HEADERS,
        # The example contradicts itself: state "-2" beside a full fill. The client reports what stands there.
        expected=page(
            filled_order("2500723297813504", "oktspot76", "4013", "3.9734", OrderState.FAILED, at("2019-03-18 07:26:49.000"))
        ),
    ),
    Case(
        fixture="rest/orders_pending",
        call=lambda client: client.trading.open_orders("BTC-JPY", cursor=Cursor(after="2500723297223680", limit=2)),
        target="/api/spot/v3/orders_pending?instrument_id=BTC-JPY&after=2500723297223680&limit=2",
        headers=PAGE_HEADERS,
        expected=page(
            t.Order(
                order_id="2511109744100352",
                client_oid="oktspot86",
                instrument_id="BTC-JPY",
                side=Side.BUY,
                type=OrderType.LIMIT,
                execution=Execution.NORMAL,
                price=Decimal("3594.7"),
                size=Decimal("0.001"),
                notional=None,
                filled_size=Decimal("0"),
                filled_notional=Decimal("0"),
                price_avg=None,
                state=OrderState.OPEN,
                timestamp=at("2019-03-20 03:28:14.000"),
                created_at=at("2019-03-20 03:28:14.000"),
            )
        ),
    ),
    Case(
        fixture="rest/order",
        call=lambda client: client.trading.order("BTC-JPY", "23356"),
        target="/api/spot/v3/orders/23356?instrument_id=BTC-JPY",
        expected=filled_order(
            "2482659399697408", "oktspot70", "3927.3", "3.8886", OrderState.FILLED, at("2019-03-15 02:52:56.000")
        ),
    ),
    Case(
        fixture="rest/fills",
        call=lambda client: client.trading.fills("btc-jpy", order_id="23212", cursor=Cursor(after="2", before="4", limit=2)),
        target="/api/spot/v3/fills?instrument_id=btc-jpy&order_id=23212&after=2&before=4&limit=2",
        headers=PAGE_HEADERS,
        expected=page(
            *(
                t.Fill(
                    ledger_id=ledger_id,
                    trade_id=trade_id,
                    instrument_id="BCH-JPY",
                    order_id="3927696997697536",
                    price=Decimal("1.7793"),
                    size=Decimal(size),
                    side=side,
                    currency=currency,
                    fee=Decimal(charged),
                    exec_type=Liquidity.MAKER,
                    timestamp=at("2019-11-25 07:45:05.000"),
                )
                for ledger_id, trade_id, size, side, currency, charged in (
                    ("8161858573", "67", "19.1541645", Side.BUY, "JPY", "-0.01915417"),
                    ("8161858572", "68", "10.765", Side.SELL, "BCH", "0"),
                )
            )
        ),
    ),
]
