"""Frames of the account socket: typed pushes, and the names of topics."""

import dataclasses
from typing import Any

import pytest
from htx_expected import D, ms
from htx_frames_play import ACCOUNT, published, push
from mockex.clients.htx import channels, errors
from mockex.clients.htx import stream_models as s
from mockex.clients.htx.account_models import BalanceUpdate
from mockex.clients.htx.vocabulary import DepthStep, OrderEventType, OrderState, OrderType, Period, Side
from mockex.fixtures import load

# --- pushes of the account socket ---

TERMS = s.OrderTerms(
    order_id=27163533,
    client_order_id="abc123",
    symbol="ethbtc",
    type=OrderType.SELL_LIMIT,
    type_text="sell-limit",
    source="spot-api",
    price=D("15000"),
    size=D("0.01"),
    value=None,
    account_id=None,
)
ENDED = s.ConditionalEnded(
    event=OrderEventType.DELETION,
    client_order_id="abc123",
    symbol="ltcbtc",
    side=Side.BUY,
    state=OrderState.CANCELLED,
    last_act_time=ms(1_583_853_365_586),
    error_code=None,
    error_message=None,
)
ORDER_EVENTS = [
    s.OrderCreated(
        order=dataclasses.replace(TERMS, price=D("77"), size=D("2"), account_id=992701),
        state=OrderState.SUBMITTED,
        created_at=ms(1_583_853_365_586),
    ),
    s.OrderTraded(
        order=dataclasses.replace(TERMS, order_id=27163536),
        state=OrderState.FILLED,
        trade_id=301,
        trade_price=D("76"),
        trade_volume=D("1.0131578947368421"),
        trade_time=ms(1_583_854_188_883),
        aggressor=True,
        executed=D("2"),
        remaining=D("4E-16"),
    ),
    s.OrderCancelled(
        order=TERMS,
        state=OrderState.CANCELLED,
        executed=D("2"),
        remaining=D("2"),
        last_act_time=ms(1_583_853_475_406),
        canceled_source=None,
    ),
    ENDED,
    dataclasses.replace(
        ENDED,
        event=OrderEventType.TRIGGER,
        state=OrderState.REJECTED,
        error_code=2002,
        error_message="invalid.client.order.id (NT)",
    ),
    s.OrderTraded(
        order=s.OrderTerms(
            order_id=345487249132375,
            client_order_id=None,
            symbol="polyusdt",
            type=OrderType.BUY_MARKET,
            type_text="buy-market",
            source="spot-web",
            price=None,
            size=None,
            value=D("50"),
            account_id=13496526,
        ),
        state=OrderState.FILLED,
        trade_id=1085,
        trade_price=D("0.338"),
        trade_volume=D("147.928994082840236"),
        trade_time=ms(1_629_443_051_839),
        aggressor=True,
        executed=D("49.999999999999999768"),
        remaining=D("0.000000000000000232"),
    ),
    s.OrderCancelled(
        order=s.OrderTerms(
            order_id=1322796192271763,
            client_order_id="a7",
            symbol="btcusdt",
            type=OrderType.BUY_LIMIT_MAKER,
            type_text="buy-limit-maker",
            source="spot-api",
            price=D("20000"),
            size=D("0.01"),
            value=None,
            account_id=None,
        ),
        state=OrderState.CANCELLED,
        executed=D("0"),
        remaining=D("0.01"),
        last_act_time=ms(1_736_500_001_000),
        canceled_source="limit_maker",
    ),
]


@pytest.mark.parametrize(
    ("index", "expected"),
    [*enumerate(ORDER_EVENTS)],
    ids=[entry["shows"] for entry in load("htx", "ws/orders")["frames"]],
)
def test_published_event_of_an_order_is_read(index: int, expected: object) -> None:
    assert push(ACCOUNT, published("orders", index)) == expected


def test_every_published_event_of_an_order_is_covered() -> None:
    assert len(load("htx", "ws/orders")["frames"]) == len(ORDER_EVENTS)


CLEARED = s.OrderTerms(
    order_id=99998888,
    client_order_id="a001",
    symbol="ltcbtc",
    type=OrderType.BUY_LIMIT,
    type_text="buy-limit",
    source="spot-api",
    price=D("10000"),
    size=D("1"),
    value=None,
    account_id=9912791,
)


def test_published_clearing_of_a_trade_and_of_a_cancellation_are_read() -> None:
    assert push(ACCOUNT, published("trade_clearing", 0)) == s.ClearedTrade(
        order=CLEARED,
        side=Side.BUY,
        state=OrderState.PARTIALLY_FILLED,
        trade_id=919219323232,
        trade_price=D("9999.99"),
        trade_volume=D("0.96"),
        trade_time=ms(998_787_897_878),
        aggressor=True,
        transact_fee=D("19.88"),
        fee_currency="btc",
        fee_deduct=D("0"),
        fee_deduct_type=None,
        order_created_at=ms(998_787_897_878),
        stop_price=None,
        operator=None,
    )
    assert push(ACCOUNT, published("trade_clearing", 1)) == s.ClearedCancellation(
        order=CLEARED,
        side=Side.BUY,
        state=OrderState.PARTIALLY_CANCELLED,
        remaining=D("0.04"),
        order_created_at=ms(998_787_897_878),
        stop_price=None,
        operator=None,
    )


def test_clearing_of_anything_else_is_malformed() -> None:
    message = published("trade_clearing")
    message["data"]["eventType"] = "creation"

    with pytest.raises(errors.MalformedReplyError, match="clearing of a creation"):
        push(ACCOUNT, message)


def test_balance_updates_of_each_mode_hold_what_was_sent() -> None:
    total, available, total_too, both = (push(ACCOUNT, published("accounts_update", index)) for index in range(4))

    assert total == BalanceUpdate(
        account_id=123456,
        account_type="trade",
        currency="btc",
        balance=D("23.111"),
        available=None,
        change_type="transfer",
        change_time=ms(1_568_601_800_000),
        seq_num=86872993928,
    )
    assert (available.balance, available.available) == (None, D("2028.699426619837209087"))
    assert (total_too.balance, total_too.available) == (D("2065.100267619837209301"), None)
    assert (both.balance, both.available, both.change_type, both.change_time) == (D("23.111"), D("23.111"), None, None)


@pytest.mark.parametrize("seq_num", [477, "477"])
def test_sequence_number_of_a_balance_is_read_in_both_types(seq_num: Any) -> None:
    message = published("accounts_update")
    message["data"]["seqNum"] = seq_num

    assert push(ACCOUNT, message).seq_num == 477


# --- names of topics ---


def test_topics_are_spelled_as_published() -> None:
    assert channels.candles("btcusdt", Period.ONE_MINUTE) == "market.btcusdt.kline.1min"
    assert channels.depth("btcusdt") == "market.btcusdt.depth.step0"
    assert channels.depth("btcusdt", DepthStep.STEP_5) == "market.btcusdt.depth.step5"
    assert channels.best_prices("btcusdt") == "market.btcusdt.bbo"
    assert channels.trades("btcusdt") == "market.btcusdt.trade.detail"
    assert channels.summary("btcusdt") == "market.btcusdt.detail"
    assert channels.ticker("btcusdt") == "market.btcusdt.ticker"
    assert channels.book("btcusdt") == "market.btcusdt.mbp.150"
    assert channels.book_images("btcusdt", 5) == "market.btcusdt.mbp.refresh.5"
    assert channels.orders() == "orders#*"
    assert channels.orders("btcusdt") == "orders#btcusdt"
    assert channels.clearing() == "trade.clearing#*#0"
    assert channels.clearing("btcusdt", with_cancellations=True) == "trade.clearing#btcusdt#1"
    assert channels.balances() == "accounts.update#2"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("accounts.update", "accounts.update#0", True),
        ("accounts.update", "accounts.update#1", False),
        ("trade.clearing#*", "trade.clearing#*#0", True),
        ("trade.clearing#*", "trade.clearing#*#1", False),
        ("trade.clearing#*#0", "trade.clearing#btcusdt#0", False),
        ("orders#*", "orders#*", True),
        ("orders#*", "orders#btcusdt", False),
    ],
)
def test_mode_that_is_left_out_is_0(one: str, other: str, same: bool) -> None:
    assert channels.same(one, other) is same
    assert channels.same(other, one) is same
