"""Orders from their acceptance to their end: what rests, what trades, what is held, what the events tell."""

from decimal import Decimal

import pytest
from exchange_rig import PLAIN, Rig, describe, make_instrument, make_policy, rich_rig, whole_funds

from mockex.core.commands import CancelOrder, TransferFunds
from mockex.core.events import (
    BalanceChanged,
    OrderAccepted,
    Trade,
)
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.orders import (
    LIVE,
    ORDER_TRANSITIONS,
    CancelReason,
    Liquidity,
    OrderEvent,
    OrderStatus,
    Side,
    TimeInForce,
)
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet

BUY, SELL = Side.BUY, Side.SELL
FOK, IOC = TimeInForce.FOK, TimeInForce.IOC


@pytest.fixture
def rig() -> Rig:
    """alice and bob have 1000 COIN and 100000 CASH each."""
    return rich_rig()


# --- the table of states


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("event", OrderEvent)
def test_only_a_live_order_can_fill_or_be_cancelled(status: OrderStatus, event: OrderEvent) -> None:
    expected = {
        (OrderStatus.NEW, OrderEvent.ACCEPT): OrderStatus.OPEN,
        (OrderStatus.NEW, OrderEvent.WAIT): OrderStatus.WAITING,
        (OrderStatus.WAITING, OrderEvent.TRIGGER): OrderStatus.OPEN,
        (OrderStatus.WAITING, OrderEvent.CANCEL): OrderStatus.CANCELLED,
        (OrderStatus.OPEN, OrderEvent.FILL): OrderStatus.PARTIALLY_FILLED,
        (OrderStatus.OPEN, OrderEvent.COMPLETE): OrderStatus.FILLED,
        (OrderStatus.OPEN, OrderEvent.CANCEL): OrderStatus.CANCELLED,
        (OrderStatus.PARTIALLY_FILLED, OrderEvent.FILL): OrderStatus.PARTIALLY_FILLED,
        (OrderStatus.PARTIALLY_FILLED, OrderEvent.COMPLETE): OrderStatus.FILLED,
        (OrderStatus.PARTIALLY_FILLED, OrderEvent.CANCEL): OrderStatus.CANCELLED,
    }
    assert ORDER_TRANSITIONS.get((status, event)) == expected.get((status, event))


def test_a_live_status_is_open_partially_filled_or_waiting() -> None:
    assert {OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.WAITING} == LIVE


# --- good till cancelled


def test_a_limit_order_that_meets_nobody_rests_whole(rig: Rig) -> None:
    order = rig.buy("alice", 5, 90)
    assert (order.status, order.is_live, order.filled_qty) == (OrderStatus.OPEN, True, 0)
    assert rig.levels() == {"bids": [(90, [5])], "asks": []}
    assert rig.trades() == []


def test_a_limit_order_trades_what_it_can_and_rests_the_remainder(rig: Rig) -> None:
    maker = rig.sell("bob", 3, 90)
    taker = rig.buy("alice", 5, 95)
    assert (maker.status, taker.status) == (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED)
    assert rig.fills_of(taker) == rig.fills_of(maker) == [(90, 3)]
    assert (taker.filled_qty, taker.remaining_qty, taker.filled_notional) == (3, 2, 270)
    assert rig.levels() == {"bids": [(95, [2])], "asks": []}
    assert whole_funds(rig, "alice") == {"COIN": (1_003, 0), "CASH": (100_000 - 270, 190)}
    assert whole_funds(rig, "bob") == {"COIN": (997, 0), "CASH": (100_270, 0)}


def test_a_better_price_gives_back_what_was_held_too_much_at_once(rig: Rig) -> None:
    rig.sell("bob", 3, 50)
    taker = rig.buy("alice", 10, 95)
    assert taker.hold_left == 7 * 95
    assert whole_funds(rig, "alice")["CASH"] == (100_000 - 150, 7 * 95)


def test_a_resting_buy_trades_at_its_own_price(rig: Rig) -> None:
    rig.buy("alice", 3, 95)
    rig.sell("bob", 2, 50)
    assert whole_funds(rig, "alice") == {"COIN": (1_002, 0), "CASH": (100_000 - 190, 95)}
    assert whole_funds(rig, "bob") == {"COIN": (998, 0), "CASH": (100_190, 0)}


def test_an_order_filled_in_parts_ends_filled_and_holds_nothing(rig: Rig) -> None:
    order = rig.sell("alice", 5, 90)
    seen = [order.status]
    for qty in (1, 1, 3):
        rig.buy("bob", qty, 90)
        seen.append(order.status)
    assert seen == [OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED]
    assert [(fill.order_status, fill.order_filled_qty, fill.order_filled_notional) for fill in order.fills or []] == [
        (OrderStatus.PARTIALLY_FILLED, 1, 90),
        (OrderStatus.PARTIALLY_FILLED, 2, 180),
        (OrderStatus.FILLED, 5, 450),
    ]
    assert (order.hold_left, order.remaining_qty, order.level) == (0, 0, None)


# --- what one command tells


def test_the_events_of_a_trade_tell_the_maker_before_the_taker_and_balances_last(rig: Rig) -> None:
    first, second = rig.sell("bob", 1, 90), rig.sell("bob", 5, 91)
    rig.clock.advance(7)
    events = rig.execute(rig.order("alice", BUY, 3, 91))
    taker = rig.exchange.orders.by_id(3)
    assert taker is not None
    assert [describe(event) for event in events] == [
        ("accepted", taker),
        ("trade", 1, 90, 1, BUY),
        ("filled", first, 90, 1, Liquidity.MAKER),
        ("filled", taker, 90, 1, Liquidity.TAKER),
        ("trade", 2, 91, 2, BUY),
        ("filled", second, 91, 2, Liquidity.MAKER),
        ("filled", taker, 91, 2, Liquidity.TAKER),
        ("balance", "alice", "CASH", 100_000 - 272, 0),
        ("balance", "bob", "COIN", 997, 3),
        ("balance", "bob", "CASH", 100_272, 0),
        ("balance", "alice", "COIN", 1_003, 0),
    ]
    assert {event.time_ns for event in events if isinstance(event, Trade | OrderAccepted | BalanceChanged)} == {7}


def test_the_events_of_a_resting_order_end_with_its_hold(rig: Rig) -> None:
    events = rig.execute(rig.order("alice", SELL, 3, 91))
    order = rig.exchange.orders.by_id(1)
    assert [describe(event) for event in events] == [
        ("accepted", order),
        ("rested", order),
        ("balance", "alice", "COIN", 1_000, 3),
    ]


def test_an_immediate_remainder_is_cancelled_after_the_fills(rig: Rig) -> None:
    rig.sell("bob", 1, 90)
    events = rig.execute(rig.order("alice", BUY, 3, 95, time_in_force=IOC))
    assert [describe(event)[0] for event in events][:5] == ["accepted", "trade", "filled", "filled", "cancelled"]


def test_trades_count_per_instrument_and_fills_count_over_all(rig: Rig) -> None:
    other = make_instrument("ETH-CASH", tick="1", lot="1", decimals=0)
    rig = Rig(PLAIN, other)
    for account_id in ("alice", "bob"):
        rig.open(account_id, COIN=100, CASH=100_000, ETH=100)
    for symbol in ("PLAIN", "ETH-CASH", "PLAIN"):
        rig.sell("bob", 1, 90, symbol=symbol)
        rig.buy("alice", 1, symbol=symbol)
    assert [(trade.symbol, trade.trade_id) for trade in rig.trades()] == [("PLAIN", 1), ("ETH-CASH", 1), ("PLAIN", 2)]
    account = rig.exchange.accounts["alice"]
    fills = [fill.fill_id for symbol in rig.instruments for fill in rig.exchange.fills(account, symbol, limit=9)]
    assert len(set(fills)) == 3
    assert whole_funds(rig, "alice") == {"COIN": (102, 0), "CASH": (100_000 - 270, 0), "ETH": (101, 0)}


# --- fees


def fee_rig(maker_rate: int, taker_rate: int) -> Rig:
    fees = FeeSchedule(maker_rate=maker_rate, taker_rate=taker_rate, rounding=FeeRounding.UP, decimals=8)
    rig = Rig(PLAIN, policy=make_policy(fees=fees))
    rig.open("alice", CASH=100_000)
    rig.open("bob", COIN=1_000)
    return rig


def test_each_side_pays_its_fee_out_of_what_it_receives() -> None:
    rig = fee_rig(10_000_000, 20_000_000)  # 1 % and 2 %
    rig.sell("bob", 200, 10)
    rig.buy("alice", 200, 10)
    assert whole_funds(rig, "alice") == {"COIN": (196, 0), "CASH": (98_000, 0)}
    assert whole_funds(rig, "bob") == {"COIN": (800, 0), "CASH": (1_980, 0)}
    assert dict(rig.exchange.ledger.fees) == {"COIN": 4, "CASH": 20}


def test_a_rebate_is_paid_by_the_venue() -> None:
    rig = fee_rig(-10_000_000, 20_000_000)
    rig.sell("bob", 200, 10)
    order = rig.buy("alice", 200, 10)
    assert whole_funds(rig, "bob")["CASH"] == (2_020, 0)
    assert dict(rig.exchange.ledger.fees) == {"COIN": 4, "CASH": -20}
    (fill,) = order.fills or []
    assert fill.fee == 4


# --- cancelling


def test_a_cancelled_order_leaves_the_book_and_gives_back_its_hold(rig: Rig) -> None:
    order = rig.buy("alice", 5, 90)
    rig.clock.advance(3)
    events = rig.cancel(order)
    assert [describe(event) for event in events] == [
        ("cancelled", order, CancelReason.REQUESTED, True),
        ("balance", "alice", "CASH", 100_000, 0),
    ]
    assert (order.status, order.updated_ns, order.created_ns) == (OrderStatus.CANCELLED, 3, 0)
    assert rig.levels() == {"bids": [], "asks": []}


def test_a_partly_filled_order_keeps_its_fills_when_it_is_cancelled(rig: Rig) -> None:
    order = rig.buy("alice", 5, 90)
    rig.sell("bob", 2)
    rig.cancel(order)
    assert (order.status, order.filled_qty) == (OrderStatus.CANCELLED, 2)
    assert whole_funds(rig, "alice") == {"COIN": (1_002, 0), "CASH": (100_000 - 180, 0)}


def test_a_cancel_may_name_its_reason(rig: Rig) -> None:
    order = rig.buy("alice", 5, 90)
    rig.cancel(order, reason=CancelReason.SELF_TRADE, symbol="PLAIN")
    assert order.cancel_reason is CancelReason.SELF_TRADE


def test_cancelled_and_filled_orders_cannot_be_cancelled_nor_those_of_others() -> None:
    rig = Rig(PLAIN, make_instrument("ETH-CASH", tick="1", lot="1", decimals=0))
    rig.open("alice", CASH=1_000)
    rig.open("bob", COIN=10)
    cancelled, filled, live = rig.buy("alice", 1, 80), rig.buy("alice", 1, 90), rig.buy("alice", 1, 70)
    rig.cancel(cancelled)
    rig.sell("bob", 1)

    def refused(order_id: int, account_id: str = "alice", symbol: str | None = None) -> RejectReason:
        return rig.refused(CancelOrder(account_id=account_id, order_id=order_id, symbol=symbol))

    assert refused(cancelled.order_id) is RejectReason.ORDER_CANCELLED
    assert refused(filled.order_id) is RejectReason.ORDER_FILLED
    assert refused(999) is RejectReason.ORDER_UNKNOWN
    assert refused(live.order_id, "bob") is RejectReason.ORDER_UNKNOWN
    assert refused(live.order_id, "nobody") is RejectReason.ORDER_UNKNOWN
    assert refused(live.order_id, symbol="ETH-CASH") is RejectReason.ORDER_SYMBOL_MISMATCH
    assert live.status is OrderStatus.OPEN


# --- several wallets


def test_an_instrument_trades_out_of_its_own_wallet() -> None:
    rig = Rig(make_instrument("COIN-CASH", tick="1", lot="1", decimals=0, wallet=Wallet.FUNDING))
    rig.open("alice", CASH=1_000)
    assert rig.refused(rig.order("alice", BUY, 1, 90)) is RejectReason.INSUFFICIENT_FUNDS
    rig.execute(TransferFunds(account_id="alice", asset="CASH", amount=90, source=Wallet.SPOT, target=Wallet.FUNDING))
    rig.buy("alice", 1, 90)
    assert rig.funds("alice", "CASH", Wallet.FUNDING) == (Decimal(90), Decimal(90))


# --- read models


def test_the_newest_public_trades_are_kept_and_no_more() -> None:
    rig = rich_rig(public_trades_kept=3)
    for _ in range(5):
        rig.sell("bob", 1, 90)
        rig.buy("alice", 1)
    market = rig.exchange.markets["PLAIN"]
    assert [trade.trade_id for trade in market.newest_trades(2)] == [5, 4]
    assert [trade.trade_id for trade in market.newest_trades(60)] == [5, 4, 3]
    assert market.newest_trades(0) == []


def test_trades_feed_the_ticker_and_the_candles(rig: Rig) -> None:
    for price, qty in ((90, 1), (95, 2), (85, 3)):
        rig.sell("bob", qty, price)
        rig.buy("alice", qty)
    view = rig.exchange.markets["PLAIN"].ticker.at(0)
    assert (view.last_price, view.last_qty, view.high_price, view.low_price) == (85, 3, 95, 85)
    assert (view.base_qty, view.quote_amount, view.trade_count) == (6, 535, 3)


# --- what only comes with it


def test_an_order_keeps_its_remark_and_nothing_follows_from_it(rig: Rig) -> None:
    with_one = rig.buy("alice", 1, 80, remark="from the web")
    without = rig.buy("alice", 1, 80)
    rig.sell("bob", 2, 80)

    assert (with_one.remark, without.remark) == ("from the web", None)
    assert [order.status for order in (with_one, without)] == [OrderStatus.FILLED] * 2
