"""What the document's examples mean, written down by hand: the expected side of the client's parsing tests.

Each case is a call, the request that it must put on the wire, the example reply that the venue's document prints for
it, and the value that the caller must get.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mockex.clients.okcoinjp import Cursor, Granularity, LimitOrder, MarketBuy, MarketSell, OkcoinClient, OrderReceipt, Page
from mockex.clients.okcoinjp import funding_models as f
from mockex.clients.okcoinjp import market_models as m
from mockex.clients.okcoinjp import trading_models as t
from mockex.clients.okcoinjp.vocabulary import (
    Account,
    DepositStatus,
    Execution,
    FundingEntryKind,
    JpyDepositStatus,
    JpyWithdrawalStatus,
    Liquidity,
    OrderState,
    OrderType,
    Side,
    SpotEntryKind,
    StateGroup,
    WithdrawalReason,
    WithdrawalStatus,
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """`fixture` names the example reply, `headers` are sent with it."""

    fixture: str
    call: Callable[[OkcoinClient], Awaitable[Any]]
    target: str
    expected: Any
    method: str = "GET"
    body: bytes = b""
    public: bool = False
    headers: tuple[tuple[str, str], ...] = ()


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)


def level(price: str, size: str, orders: int) -> m.BookLevel:
    return m.BookLevel(price=Decimal(price), size=Decimal(size), orders=orders, price_text=price, size_text=size)


def balance(currency: str, total: str, hold: str = "0") -> t.Balance:
    return t.Balance(currency=currency, balance=Decimal(total), hold=Decimal(hold), available=Decimal(total) - Decimal(hold))


PAGE_HEADERS = (("OK-BEFORE", "90"), ("OK-AFTER", "10"))


def page(*rows: Any) -> Page[Any]:
    return Page(rows=rows, newest_id="90", oldest_id="10")


def fee(currency: str, low: str, high: str) -> f.WithdrawalFee:
    return f.WithdrawalFee(currency=currency, chain=currency, min_fee=Decimal(low), max_fee=Decimal(high))


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


TICKER = m.Ticker(
    instrument_id="BTC-JPY",
    last=Decimal("722220"),
    last_qty=Decimal("0.00136237"),
    best_ask=Decimal("722220"),
    best_ask_size=Decimal("0.09207739"),
    best_bid=Decimal("722210"),
    best_bid_size=Decimal("3.61314948"),
    open_24h=Decimal("735680"),
    high_24h=Decimal("736770"),
    low_24h=Decimal("71600"),
    base_volume_24h=Decimal("18577.2"),
    quote_volume_24h=Decimal("134899542.8"),
    timestamp=at("2019-12-11 07:48:04.014"),
)

PUBLIC_CASES = [
    Case(
        fixture="rest/time",
        call=lambda client: client.server_time(),
        target="/api/general/v3/time",
        expected=m.ServerTime(iso=at("2015-01-07 23:47:25.201"), epoch_ns=1_420_674_445_201_000_000),
        public=True,
    ),
    Case(
        fixture="rest/instruments",
        call=lambda client: client.market.instruments(),
        target="/api/spot/v3/instruments",
        expected=(
            m.Instrument(
                instrument_id="BTC-JPY",
                base_currency="BTC",
                quote_currency="JPY",
                min_size=Decimal("0.001"),
                size_increment=Decimal("0.00000001"),
                tick_size=Decimal("0.1"),
            ),
            m.Instrument(
                instrument_id="ETH-JPY",
                base_currency="ETH",
                quote_currency="JPY",
                min_size=Decimal("0.001"),
                size_increment=Decimal("0.000001"),
                tick_size=Decimal("0.01"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/book",
        call=lambda client: client.market.book("btc-jpy", size=5, depth=Decimal("0.2")),
        target="/api/spot/v3/instruments/btc-jpy/book?size=5&depth=0.2",
        expected=m.BookSnapshot(
            instrument_id="BTC-JPY",
            asks=(level("3993.2", "0.41600068", 1), level("3993.4", "1.24807818", 3)),
            bids=(level("3993", "0.15149658", 2), level("3992.8", "1.19046818", 1)),
            timestamp=at("2019-03-20 03:55:37.888"),
        ),
        public=True,
    ),
    Case(
        fixture="rest/ticker",
        call=lambda client: client.market.ticker("BTC-JPY"),
        target="/api/spot/v3/instruments/BTC-JPY/ticker",
        expected=TICKER,
        public=True,
    ),
    Case(
        fixture="rest/trades",
        call=lambda client: client.market.trades("LTC-JPY", limit=20),
        target="/api/spot/v3/instruments/LTC-JPY/trades?limit=20",
        expected=(
            m.Trade(
                trade_id="1296412902",
                price=Decimal("4913.4"),
                size=Decimal("0.00990734"),
                side=Side.BUY,
                timestamp=at("2019-04-12 02:07:30.523"),
            ),
            m.Trade(
                trade_id="1296412899",
                price=Decimal("4913.2"),
                size=Decimal("0.17820096"),
                side=Side.SELL,
                timestamp=at("2019-04-12 02:07:30.455"),
            ),
        ),
        public=True,
    ),
    Case(
        fixture="rest/candles",
        call=lambda client: client.market.candles(
            "BTC-JPY",
            granularity=Granularity.ONE_DAY,
            start=at("2019-03-19 16:00:00.000"),
            end=at("2019-03-20 16:00:00.000"),
        ),
        target="/api/spot/v3/instruments/BTC-JPY/candles?granularity=86400"
        "&start=2019-03-19T16%3A00%3A00.000Z&end=2019-03-20T16%3A00%3A00.000Z",
        expected=(
            m.Candle(
                time=at("2019-03-19 16:00:00.000"),
                open=Decimal("3997.3"),
                high=Decimal("4031.9"),
                low=Decimal("3982.5"),
                close=Decimal("3998.7"),
                volume=Decimal("26175.21141385"),
            ),
            m.Candle(
                time=at("2019-03-18 16:00:00.000"),
                open=Decimal("3980.6"),
                high=Decimal("4014.6"),
                low=Decimal("3968.9"),
                close=Decimal("3997.3"),
                volume=Decimal("33053.48725643"),
            ),
        ),
        public=True,
    ),
]

FUNDING_CASES = [
    Case(
        fixture="rest/wallet",
        call=lambda client: client.funding.wallet(),
        target="/api/account/v3/wallet",
        expected=(balance("ETH", "37.11827078"), balance("BTC", "0")),
    ),
    Case(
        fixture="rest/wallet_currency",  # the example row does not name its currency
        call=lambda client: client.funding.wallet_of("xmr"),
        target="/api/account/v3/wallet/xmr",
        expected=balance("XMR", "300.00000000"),
    ),
    Case(
        fixture="rest/currencies",
        call=lambda client: client.funding.currencies(),
        target="/api/account/v3/currencies",
        expected=tuple(
            f.Currency(
                currency="PLT", chain=chain, name=None, can_deposit=True, can_withdraw=True, min_withdrawal=Decimal("0.1")
            )
            for chain in ("Palette(pPLT)", "Ethereum(ePLT)")
        ),
    ),
    Case(
        fixture="rest/asset_valuation",  # the example balance is an unquoted number
        call=lambda client: client.funding.asset_valuation(Account.SPOT),
        target="/api/account/v3/asset-valuation?account_type=1",
        expected=f.AssetValuation(
            account_type=Account.TOTAL,
            balance=Decimal("0.00878181"),
            valuation_currency="JPY",
            timestamp=at("2019-12-09 10:28:23.002"),
        ),
    ),
    Case(
        fixture="rest/transfer",
        call=lambda client: client.funding.transfer(
            currency="ltc", amount=Decimal("0.1"), source=Account.FUNDING, target=Account.SPOT
        ),
        method="POST",
        target="/api/account/v3/transfer",
        body=b'{"currency":"ltc","amount":"0.1","from":"6","to":"1"}',
        expected=f.TransferReceipt(
            transfer_id="754147", currency="LTC", source=Account.FUNDING, target=Account.SPOT, amount=Decimal("0.1")
        ),
    ),
    Case(
        fixture="rest/account_ledger",
        call=lambda client: client.funding.ledger(
            currency="btc", kind=FundingEntryKind.WITHDRAWAL, cursor=Cursor(after="9260348", limit=10)
        ),
        target="/api/account/v3/ledger?type=2&currency=btc&after=9260348&limit=10",
        headers=PAGE_HEADERS,
        expected=page(
            f.FundingLedgerEntry(
                ledger_id="9260348",
                currency="BTC",
                amount=Decimal("-0.00100941"),
                balance=Decimal("0"),
                fee=Decimal("0"),
                type="To spot account",
                timestamp=at("2018-10-19 01:12:21.000"),
            ),
            f.FundingLedgerEntry(
                ledger_id="8987285",
                currency="BTC",
                amount=Decimal("0.00051843"),
                balance=Decimal("0.00100941"),
                fee=Decimal("0"),
                type="Get from activity",
                timestamp=at("2018-10-12 11:01:14.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/jpy_withdrawal",  # the example withdraw_id is an unquoted integer
        call=lambda client: client.funding.withdraw_jpy(amount=Decimal("10000"), trade_pwd="123456"),
        method="POST",
        target="/api/account/v3/jpywithdrawal",
        body=b'{"amount":"10000","trade_pwd":"123456"}',
        expected=f.JpyWithdrawalReceipt(withdraw_id="74629", amount=Decimal("10000")),
    ),
    Case(
        fixture="rest/jpy_withdrawal_history",
        call=lambda client: client.funding.jpy_withdrawals(),
        target="/api/account/v3/jpyWithdrawal/history",
        expected=(
            f.JpyWithdrawal(
                amount=Decimal("10000"),
                fee=Decimal("400"),
                status=JpyWithdrawalStatus.PENDING,
                status_code="1",
                timestamp=at("2018-09-30 02:49:29.001"),
            ),
            f.JpyWithdrawal(
                amount=Decimal("19800"),
                fee=Decimal("400"),
                status=JpyWithdrawalStatus.DONE,
                status_code="4",
                timestamp=at("2018-09-28 01:09:19.022"),
            ),
        ),
    ),
    Case(
        fixture="rest/jpy_deposit_history",
        call=lambda client: client.funding.jpy_deposits(),
        target="/api/account/v3/jpyDeposit/history",
        expected=(
            f.JpyDeposit(
                amount=Decimal("10000"),
                status=JpyDepositStatus.ACCEPTED,
                status_code="1",
                timestamp=at("2019-11-30 02:39:29.012"),
            ),
            f.JpyDeposit(
                amount=Decimal("7800"),
                status=JpyDepositStatus.DONE,
                status_code="4",
                timestamp=at("2019-10-21 02:04:49.122"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal",
        call=lambda client: client.funding.withdraw(
            f.NewWithdrawal(
                currency="BTC",
                amount=Decimal("1"),
                to_address="17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",
                trade_pwd="123456",
                fee=Decimal("0.0005"),
                chain="BTC",
                confirms_usage=True,
                reason=WithdrawalReason.INVESTMENT,
            )
        ),
        method="POST",
        target="/api/account/v3/withdrawal",
        body=b'{"currency":"BTC","amount":"1","destination":"-1","to_address":"17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw",'
        b'"trade_pwd":"123456","fee":"0.0005","chain":"BTC","usage_agreement":"1","reason":"2"}',
        expected=f.WithdrawalReceipt(withdraw_id="67485", currency="BTC", chain="BTC", amount=Decimal("0.1")),
    ),
    Case(
        fixture="rest/withdrawal_history",
        call=lambda client: client.funding.withdrawals(),
        target="/api/account/v3/withdrawal/history",
        expected=(
            f.Withdrawal(
                withdraw_id="1",
                currency="ETH",
                chain="ETH",
                amount=Decimal("0.094"),
                fee=Decimal("0.01000000"),
                fee_currency="ETH",
                status=WithdrawalStatus.WITHDRAWING,
                status_code="2",
                sender="13426335357",
                recipient="0xA41446125D0B5b6785f6898c9D67874D763A1519",
                tag=None,
                txid="0x62477bac6509a04512819bb1455e923a60dea5966c7caeaa0b24eb8fb0432b85",
                timestamp=at("2018-04-22 23:09:45.000"),
            ),
            f.Withdrawal(
                withdraw_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01"),
                fee=Decimal("0"),
                fee_currency="BTC",
                status=WithdrawalStatus.DONE,
                status_code="4",
                sender="13426335357",
                recipient="13426335357",
                tag=None,
                txid=None,
                timestamp=at("2018-05-17 02:43:08.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal_history_currency",
        call=lambda client: client.funding.withdrawals("btc"),
        target="/api/account/v3/withdrawal/history/btc",
        expected=tuple(
            f.Withdrawal(
                withdraw_id=withdraw_id,
                currency="BTC",
                chain="BTC",
                amount=Decimal(amount),
                fee=Decimal("0"),
                fee_currency="BTC",
                status=WithdrawalStatus.WITHDRAWING,
                status_code="2",
                sender="13426335357",
                recipient="13426335357",
                tag=None,
                txid=txid,
                timestamp=when,
            )
            for withdraw_id, amount, txid, when in (
                (
                    "1",
                    "0.01105486",
                    "66602e279569ba319a929f5bda731d228962bc67cd89dfa0d432d82722681d66",
                    at("2018-09-30 02:49:29.000"),
                ),
                (
                    "2",
                    "0.01144408",
                    "66602e279569ba319a929f5bda731d228962456475467d89dfa0d432d82722681d66",
                    at("2018-09-18 00:44:56.000"),
                ),
            )
        ),
    ),
    Case(
        fixture="rest/deposit_address",
        call=lambda client: client.funding.deposit_addresses("btc"),
        target="/api/account/v3/deposit/address?currency=btc",
        expected=(f.DepositAddress(address="2Mti44L7thuxyzYiGzZyCcm9R7d7jgGwzZK", tag=None, chain="BTC", currency=None),),
    ),
    Case(
        fixture="rest/deposit_history",
        call=lambda client: client.funding.deposits(),
        target="/api/account/v3/deposit/history",
        expected=(
            f.Deposit(
                deposit_id="1",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01044408"),
                recipient=None,
                tag=None,
                txid="1915737_3_0_0_WALLET",
                status=DepositStatus.AWAITING_CONFIRMATION,
                status_code="1",
                timestamp=at("2018-09-30 02:45:50.000"),
            ),
            f.Deposit(
                deposit_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("491.6784211"),
                recipient=None,
                tag=None,
                txid="1744594_3_184_0_WALLET",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-08-21 08:03:10.000"),
            ),
            f.Deposit(
                deposit_id="3",
                currency="ETH",
                chain="ETH",
                amount=Decimal("223.18782496"),
                recipient="39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD",
                tag=None,
                txid="6d892c669225b1092c780bf0da0c6f912fc7dc8f6b8cc53b003288624c",
                status=DepositStatus.DONE,
                status_code="4",
                timestamp=at("2018-08-17 09:18:40.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/deposit_history_currency",
        call=lambda client: client.funding.deposits("btc"),
        target="/api/account/v3/deposit/history/btc",
        expected=(
            f.Deposit(
                deposit_id="1",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.0835"),
                recipient="39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD",
                tag=None,
                txid="6d892c669225b1092c780bf0da0c6f912fc3e8f997dc8f6b8cc53b003288624c",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-06-09 07:57:09.000"),
            ),
            f.Deposit(
                deposit_id="2",
                currency="BTC",
                chain="BTC",
                amount=Decimal("0.01"),
                recipient=None,
                tag=None,
                txid="590426_1_0_WALLET",
                status=DepositStatus.CREDITING,
                status_code="2",
                timestamp=at("2018-05-30 01:33:40.000"),
            ),
        ),
    ),
    Case(
        fixture="rest/withdrawal_fee",
        call=lambda client: client.funding.withdrawal_fees(),
        target="/api/account/v3/withdrawal/fee",
        expected=(fee("BTC", "0.0005", "0.02"), fee("LTC", "0.001", "0.2"), fee("ETH", "0.01", "0.2")),
    ),
]

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

CASES = [*PUBLIC_CASES, *FUNDING_CASES, *TRADING_CASES]
