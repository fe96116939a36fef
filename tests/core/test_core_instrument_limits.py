"""Steps and limits of an instrument, price bands around the last and the best price, rules of single orders, causes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from exchange_rig import Rig, make_instrument, make_policy, rich_rig, whole_funds

from mockex.core.commands import AdjustBalance, StartPayment, StepPayment, TransferFunds
from mockex.core.events import BalanceChanged, Event, OrderCancelled, Rejected
from mockex.core.ledger import BalanceCause
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import CancelReason, OrderStatus, Side, TimeInForce
from mockex.core.payments import PaymentEvent, PaymentKind
from mockex.core.policy import SECOND_NS, BeyondBand, ClientIdPolicy, LastPriceBand, PriceBand
from mockex.core.rejects import RejectReason
from mockex.core.units import NO_LIMITS, Instrument, Wallet

BUY, SELL = Side.BUY, Side.SELL
FOK, IOC = TimeInForce.FOK, TimeInForce.IOC


def make_rig(policy: dict[str, Any] | None = None, **terms: Any) -> Rig:
    """One tick is one CASH; lots are tenths of a COIN. alice and bob have 1000 COIN and 100000 CASH each."""
    decimals = {name: Decimal(value) for name, value in terms.items()}
    rig = Rig(make_instrument("COIN-CASH", tick="1", lot="0.1", decimals=1, **decimals), policy=make_policy(**policy or {}))
    for account_id in ("alice", "bob"):
        rig.open(account_id, COIN=1_000, CASH=100_000)
    return rig


def stepped_rig(**policy: Any) -> Rig:
    """Orders come in whole coins, lots are tenths."""
    return make_rig(policy, qty_step="1", min_qty="1")


# --- steps


@pytest.mark.parametrize("price", [None, 90], ids=["market", "limit"])
@pytest.mark.parametrize("side", [BUY, SELL])
def test_a_quantity_off_the_step_is_refused(side: Side, price: int | None) -> None:
    rig = stepped_rig()
    (event,) = rig.execute(rig.order("alice", side, "1.5", price))
    assert event == Rejected(RejectReason.QTY_OFF_STEP, "15", "10")
    rig.place(rig.order("alice", side, 2, price))


@pytest.mark.parametrize(
    ("single_lots", "fills", "spent"), [(False, [(30, 30)], 90), (True, [(30, 33)], 99)], ids=["whole steps", "single lots"]
)
def test_a_budget_goes_down_to_single_lots_only_where_the_policy_says_so(
    single_lots: bool, fills: list[tuple[int, int]], spent: int
) -> None:
    rig = stepped_rig(budgets_buy_single_lots=single_lots)
    maker = rig.sell("bob", 5, 30)
    order = rig.buy("alice", budget=100)
    assert rig.fills_of(order) == fills
    assert (order.status, order.hold_left) == (OrderStatus.FILLED, 0)
    assert rig.funds("alice", "CASH") == (Decimal(100_000 - spent), 0)
    assert maker.remaining_qty == 50 - fills[0][1]


def test_a_remainder_off_the_step_trades_like_any_other() -> None:
    rig = stepped_rig(budgets_buy_single_lots=True)
    maker = rig.sell("bob", 5, 30)
    rig.buy("alice", budget=100)
    order = rig.buy("alice", 2, 30)
    assert rig.fills_of(order) == [(30, 17)]
    assert (maker.status, order.status, order.remaining_qty) == (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED, 3)


@pytest.mark.parametrize(("single_lots", "status"), [(False, OrderStatus.FILLED), (True, OrderStatus.CANCELLED)])
def test_a_budget_is_spent_when_its_rest_buys_not_one_step_more(single_lots: bool, status: OrderStatus) -> None:
    rig = stepped_rig(budgets_buy_single_lots=single_lots)
    rig.sell("bob", 1, 30)
    order = rig.buy("alice", budget=50)
    assert (order.status, order.filled_qty) == (status, 10)


def test_a_fok_budget_counts_in_steps_too() -> None:
    rig = stepped_rig()
    rig.sell("bob", 1, 30)
    assert rig.buy("alice", budget=50, time_in_force=FOK).status is OrderStatus.FILLED


def test_a_budget_is_spent_to_less_than_one_lot_of_18_decimals() -> None:
    """As htx§4.1 tells it: 49.999999999999999768 of 50 were spent."""
    price = Decimal("30210.87")
    instrument = make_instrument(
        "BTC-USDT",
        tick="0.01",
        lot="1E-18",
        decimals=20,
        qty_step=Decimal("0.000001"),
        min_qty="0.0001",
        min_budget=Decimal(5),
    )
    rig = Rig(instrument, policy=make_policy(budgets_buy_single_lots=True))
    rig.open("alice", USDT=50)
    rig.open("bob", BTC=1)
    rig.sell("bob", "0.01", price)
    assert rig.refused(rig.order("alice", SELL, "0.0010001", price)) is RejectReason.QTY_OFF_STEP
    order = rig.buy("alice", budget=50)
    spent = rig.amount(order.filled_notional, "USDT")
    assert order.status is OrderStatus.FILLED
    assert 0 < 50 - spent < price * Decimal("1E-18")
    assert rig.funds("alice", "USDT") == (50 - spent, 0)
    assert order.filled_qty == 1_655_033_436_640_520


@pytest.mark.parametrize(
    "terms",
    [
        {"qty_step": "0.15"},
        {"qty_step": "0"},
        {"qty_step": "-1"},
        {"qty_step": "1", "min_qty": "1.5"},
        {"qty_step": "1", "min_qty": "1", "max_qty": "2.5"},
        {"qty_step": "1", "min_qty": "1", "min_market_sell": "0.5"},
        {"min_market_sell": "3", "max_market_sell": "2"},
        {"min_qty": "2", "max_limit_buy": "1"},
        {"max_qty": "2", "max_limit_sell": "3"},
        {"min_budget": "3", "max_budget": "2"},
        {"min_budget": "0"},
        {"max_budget": "-1"},
        {"min_notional": "0"},
        {"min_notional": "0.05"},  # finer than an atom
    ],
    ids=str,
)
def test_an_instrument_of_impossible_limits_is_refused(terms: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"COIN-CASH|increment"):
        make_rig(None, **terms)


def test_an_instrument_without_limits_shares_the_empty_ones() -> None:
    rig = make_rig()
    instrument: Instrument = rig.instruments["COIN-CASH"]
    assert (instrument.qty_step, instrument.limits is NO_LIMITS) == (1, True)


# --- limits


@pytest.mark.parametrize(
    ("terms", "refused", "limit", "accepted"),
    [
        (
            {"min_notional": "50"},
            {"qty": "4.9", "price": 10},
            ("NOTIONAL_BELOW_MINIMUM", "490", "500"),
            {"qty": 5, "price": 10},
        ),
        ({"min_notional": "50"}, {"qty": 1, "price": 10}, ("NOTIONAL_BELOW_MINIMUM", "100", "500"), {"qty": 1}),
        ({"min_market_sell": "3"}, {"qty": 2}, ("MARKET_SELL_BELOW_MINIMUM", "20", "30"), {"qty": 2, "price": 500}),
        ({"min_market_sell": "3", "min_qty": "5"}, {"qty": 2}, ("MARKET_SELL_BELOW_MINIMUM", "20", "30"), {"qty": 3}),
        ({"min_market_sell": "3"}, {"qty": 2}, ("MARKET_SELL_BELOW_MINIMUM", "20", "30"), {"qty": 2, "side": BUY}),
        ({"min_qty": "5"}, {"qty": 2}, ("QTY_BELOW_MINIMUM", "20", "50"), {"qty": 5}),
        ({"max_market_sell": "7"}, {"qty": 8}, ("MARKET_SELL_ABOVE_MAXIMUM", "80", "70"), {"qty": 8, "price": 500}),
        ({"max_market_sell": "7", "max_qty": "5"}, {"qty": 8}, ("MARKET_SELL_ABOVE_MAXIMUM", "80", "70"), {"qty": 7}),
        ({"max_qty": "5"}, {"qty": 8}, ("QTY_ABOVE_MAXIMUM", "80", "50"), {"qty": 5}),
        (
            {"max_limit_sell": "4", "max_qty": "5"},
            {"qty": "4.1", "price": 500},
            ("QTY_ABOVE_MAXIMUM", "41", "40"),
            {"qty": 4, "price": 500},
        ),
        (
            {"max_limit_buy": "4"},
            {"qty": 5, "price": 500, "side": BUY},
            ("QTY_ABOVE_MAXIMUM", "50", "40"),
            {"qty": 5, "price": 500},
        ),
        (
            {"max_limit_sell": "4"},
            {"qty": 5, "price": 500},
            ("QTY_ABOVE_MAXIMUM", "50", "40"),
            {"qty": 5, "price": 500, "side": BUY},
        ),
        ({"max_limit_sell": "4", "max_qty": "5"}, {"qty": 6}, ("QTY_ABOVE_MAXIMUM", "60", "50"), {"qty": 5}),
        ({"min_budget": "5"}, {"budget": "4.9"}, ("BUDGET_BELOW_MINIMUM", "49", "50"), {"budget": 5}),
        ({"max_budget": "100"}, {"budget": "100.1"}, ("BUDGET_ABOVE_MAXIMUM", "1001", "1000"), {"budget": 100}),
    ],
    ids=str,
)
def test_a_limit_refuses_what_it_is_about_and_nothing_else(
    terms: dict[str, str], refused: dict[str, Any], limit: tuple[str, str, str], accepted: dict[str, Any]
) -> None:
    rig = make_rig(None, **terms)
    side = BUY if "budget" in refused else SELL
    reason, subject, bound = limit
    (event,) = rig.execute(rig.order("alice", **{"side": side, **refused}))
    assert event == Rejected(RejectReason[reason], subject, bound)
    rig.place(rig.order("alice", **{"side": side, **accepted}))


def test_with_a_smallest_budget_a_budget_need_not_buy_the_smallest_quantity() -> None:
    rig = make_rig(None, min_qty="5", min_budget="5")
    rig.sell("bob", 5, 30)
    assert rig.buy("alice", budget=6).filled_qty == 2


# --- bands


def banded_rig(**band: Any) -> Rig:
    """bob sells 3 each at 100, 105, 110 and 111, and buys 3 each at 95, 90, 86 and 85."""
    rig = rich_rig(price_band=PriceBand(**{"reach_ppm": 100_000, "beyond": BeyondBand.CUT, **band}))
    for ask, bid in ((100, 95), (105, 90), (110, 86), (111, 85)):
        rig.sell("bob", 3, ask)
        rig.buy("bob", 3, bid)
    return rig


@pytest.mark.parametrize(
    ("order", "fills"),
    [
        ({"side": BUY, "qty": 12}, [(100, 3), (105, 3), (110, 3)]),
        ({"side": BUY, "budget": 2_000}, [(100, 3), (105, 3), (110, 3)]),
        ({"side": SELL, "qty": 12}, [(95, 3), (90, 3), (86, 3)]),  # 85.5 is the edge
        ({"side": BUY, "qty": 12, "price": 111}, [(100, 3), (105, 3), (110, 3)]),
        ({"side": SELL, "qty": 12, "price": 1}, [(95, 3), (90, 3), (86, 3)]),
        ({"side": SELL, "qty": 12, "price": 1, "time_in_force": IOC}, [(95, 3), (90, 3), (86, 3)]),
    ],
    ids=str,
)
def test_a_cutting_band_lets_an_order_trade_to_its_edge_and_cancels_the_rest(
    order: dict[str, Any], fills: list[tuple[int, int]]
) -> None:
    rig = banded_rig()
    taker = rig.place(rig.order("alice", **order))
    assert rig.fills_of(taker) == fills
    assert (taker.status, taker.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.PRICE_BAND)
    assert [held for _, held in whole_funds(rig, "alice").values()] == [0, 0]


@pytest.mark.parametrize(
    ("order", "status", "reason"),
    [
        ({"qty": 9}, OrderStatus.FILLED, None),
        ({"qty": 9, "price": 1_000}, OrderStatus.FILLED, None),
        ({"qty": 10, "price": 110}, OrderStatus.OPEN, None),
        ({"qty": 10, "price": 110, "time_in_force": IOC}, OrderStatus.CANCELLED, CancelReason.IMMEDIATE_REMAINDER),
        ({"qty": 10, "price": 200, "time_in_force": FOK}, OrderStatus.CANCELLED, CancelReason.NOT_FILLABLE),
        ({"budget": 945}, OrderStatus.FILLED, None),
        ({"budget": 1_050}, OrderStatus.FILLED, None),  # the rest buys nothing at 110, nor behind it
    ],
    ids=str,
)
def test_a_cutting_band_leaves_alone_what_stays_within_it(
    order: dict[str, Any], status: OrderStatus, reason: CancelReason | None
) -> None:
    taker = (rig := banded_rig()).place(rig.order("alice", BUY, **order))
    expected = OrderStatus.PARTIALLY_FILLED if status is OrderStatus.OPEN else status
    assert (taker.status, taker.cancel_reason) == (expected, reason)


@pytest.mark.parametrize("beyond", list(BeyondBand), ids=lambda beyond: beyond.name)
def test_a_band_for_market_orders_only_leaves_limit_orders_alone(beyond: BeyondBand) -> None:
    rig = banded_rig(market_orders_only=True, beyond=beyond)
    assert rig.buy("alice", 12, 200).status is OrderStatus.FILLED


def test_a_market_buy_holds_only_what_it_may_buy_within_the_band() -> None:
    rig = banded_rig()
    rig.open("carol", CASH=945)
    assert rig.buy("carol", 12).filled_notional == 945


@pytest.mark.parametrize(
    ("side", "edge", "beyond", "reason"),
    [(BUY, 111, 112, RejectReason.PRICE_ABOVE_BAND), (SELL, 81, 80, RejectReason.PRICE_BELOW_BAND)],
)
@pytest.mark.parametrize("terms", [{}, {"time_in_force": IOC}, {"time_in_force": FOK}], ids=["gtc", "ioc", "fok"])
def test_a_limit_price_too_far_beyond_the_last_price_is_refused_with_the_edge(
    side: Side, edge: int, beyond: int, reason: RejectReason, terms: dict[str, Any]
) -> None:
    rig = rich_rig(last_price_band=LastPriceBand(buy_above_ppm=100_000, sell_below_ppm=200_000))
    rig.place(rig.order("alice", side, 1, beyond, **terms))  # nothing has traded: no band
    for account_id in ("alice", "bob"):
        for order in list(rig.exchange.orders.live(rig.exchange.accounts[account_id], "PLAIN").values()):
            rig.cancel(order)
    rig.sell("bob", 1, 101)
    rig.buy("alice", 1, 101)
    assert rig.execute(rig.order("alice", side, 1, beyond, **terms)) == (Rejected(reason, str(beyond), str(edge)),)
    rig.place(rig.order("alice", side, 1, edge, **terms))
    rig.place(rig.order("alice", BUY if side is SELL else SELL, 1, beyond, **terms))
    rig.place(rig.order("alice", side, 1))


# --- one order's rule against self-trades


@pytest.mark.parametrize("rule", list(SelfTradePolicy), ids=lambda rule: rule.name)
@pytest.mark.parametrize("venue", list(SelfTradePolicy), ids=lambda rule: rule.name)
def test_an_order_rule_against_self_trades_stands_in_for_the_venue_rule(venue: SelfTradePolicy, rule: SelfTradePolicy) -> None:
    def outcome(policy: SelfTradePolicy, override: SelfTradePolicy | None) -> tuple[Any, ...]:
        rig = rich_rig(self_trade=policy)
        rig.sell("alice", 1, 90)
        rig.sell("bob", 1, 91)
        order = rig.buy("alice", 2, self_trade=override)
        return order.status, order.cancel_reason, rig.fills_of(order), rig.levels(), whole_funds(rig, "alice")

    assert outcome(venue, rule) == outcome(rule, None)


def test_the_rule_of_a_resting_order_does_not_matter() -> None:
    rig = rich_rig()
    own = rig.sell("alice", 1, 90, self_trade=SelfTradePolicy.CANCEL_BOTH)
    rig.buy("alice", 1, 90)
    assert own.status is OrderStatus.FILLED
    assert own.self_trade is SelfTradePolicy.CANCEL_BOTH


# --- matches


def test_the_trades_of_one_taker_share_a_match_id_and_those_of_the_next_have_another() -> None:
    rig = rich_rig()
    makers = [rig.sell("bob", 1, price) for price in (90, 91, 92)]
    takers = [rig.buy("alice", 2), rig.buy("alice", 1)]
    assert [trade.match_id for trade in rig.trades()] == [1, 1, 2]
    assert [trade.trade_id for trade in rig.trades()] == [1, 2, 3]
    ids = [[fill.match_id for fill in order.fills or []] for order in (*makers, *takers)]
    assert ids == [[1], [1], [2], [1, 1], [2]]


def test_an_order_that_trades_nothing_uses_up_no_match_id() -> None:
    rig = rich_rig()
    rig.buy("alice", 1)
    rig.sell("bob", 1, 90)
    rig.buy("alice", 1)
    assert rig.trades()[0].match_id == 1


# --- client ids


def test_a_client_id_finds_a_live_order_for_a_while_after_it_came_and_a_closed_one_after_it_ended() -> None:
    rig = rich_rig(client_ids=ClientIdPolicy.UNIQUE_LIVE, client_id_live_ns=8 * SECOND_NS, client_id_closed_ns=2 * SECOND_NS)
    order = rig.buy("alice", 1, 80, client_id="x")
    find = lambda: rig.exchange.orders.by_client_id(rig.exchange.accounts["alice"], "x")  # noqa: E731
    rig.clock.advance(8 * SECOND_NS - 1)
    assert find() is order
    rig.clock.advance(1)
    assert find() is None
    assert rig.refused(rig.order("alice", BUY, 1, 80, client_id="x")) is RejectReason.DUPLICATE_CLIENT_ID
    rig.cancel(order)
    assert find() is order
    rig.clock.advance(2 * SECOND_NS - 1)
    assert find() is order
    rig.clock.advance(1)
    assert find() is None
    assert rig.exchange.orders.by_id(order.order_id) is order


# --- why a balance changed


def causes(events: tuple[Event, ...]) -> dict[tuple[str, str], tuple[BalanceCause, bool]]:
    return {
        (event.balance.account.account_id, event.balance.asset): (event.cause, event.total_changed)
        for event in events
        if isinstance(event, BalanceChanged)
    }


def test_orders_tell_why_they_change_balances() -> None:
    rig = rich_rig()
    placed = rig.execute(rig.order("bob", SELL, 3, 90))
    assert causes(placed) == {("bob", "COIN"): (BalanceCause.ORDER_PLACED, False)}
    traded = (BalanceCause.TRADE, True)
    bought = rig.execute(rig.order("alice", BUY, 5, 95))  # part of it rests, and the better price gives some back
    assert causes(bought) == dict.fromkeys([(who, what) for who in ("alice", "bob") for what in ("CASH", "COIN")], traded)
    order = next(iter(rig.exchange.orders.live(rig.exchange.accounts["alice"], "PLAIN").values()))
    assert causes(rig.cancel(order)) == {("alice", "CASH"): (BalanceCause.ORDER_CANCELLED, False)}
    dry = rig.execute(rig.order("alice", BUY, budget=100))
    assert causes(dry) == {("alice", "CASH"): (BalanceCause.ORDER_CANCELLED, False)}


@pytest.mark.parametrize(
    ("start", "steps", "expected"),
    [
        (
            lambda: TransferFunds(account_id="alice", asset="COIN", amount=1, source=Wallet.SPOT, target=Wallet.FUNDING),
            [],
            [(BalanceCause.TRANSFER, True)],
        ),
        (
            lambda: AdjustBalance(account_id="alice", wallet=Wallet.SPOT, asset="COIN", amount=5),
            [],
            [(BalanceCause.ADJUSTMENT, True)],
        ),
        (
            lambda: StartPayment(
                account_id="alice", kind=PaymentKind.COIN_WITHDRAWAL, asset="COIN", amount=5, wallet=Wallet.SPOT
            ),
            [PaymentEvent.ADVANCE] * 2,
            [(BalanceCause.WITHDRAWAL_STARTED, False), (BalanceCause.WITHDRAWAL, True)],
        ),
        (
            lambda: StartPayment(
                account_id="alice", kind=PaymentKind.COIN_WITHDRAWAL, asset="COIN", amount=5, wallet=Wallet.SPOT
            ),
            [PaymentEvent.CANCEL, PaymentEvent.ADVANCE],
            [(BalanceCause.WITHDRAWAL_STARTED, False), (BalanceCause.WITHDRAWAL_CANCELLED, False)],
        ),
        (
            lambda: StartPayment(account_id="alice", kind=PaymentKind.COIN_DEPOSIT, asset="COIN", amount=5, wallet=Wallet.SPOT),
            [PaymentEvent.ADVANCE] * 2,
            [(BalanceCause.DEPOSIT, True)],
        ),
    ],
    ids=["transfer", "adjustment", "withdrawal", "cancelled withdrawal", "deposit"],
)
def test_movements_of_money_tell_why_they_change_balances(
    start: Callable[[], Any], steps: list[PaymentEvent], expected: list[tuple[BalanceCause, bool]]
) -> None:
    rig = rich_rig(payment_step_ns=None)
    told = [causes(rig.execute(start()))]
    told += [causes(rig.execute(StepPayment(payment_id=1, event=step))) for step in steps]
    assert [set(each.values()) for each in told if each] == [{each} for each in expected]


@pytest.mark.parametrize("reason", [CancelReason.REQUESTED, CancelReason.OPERATOR, CancelReason.TIMEOUT])
def test_whoever_cancels_an_order_says_why(reason: CancelReason) -> None:
    rig = rich_rig()
    order = rig.buy("alice", 1, 80)
    (event, *_) = rig.cancel(order, reason=reason)
    assert isinstance(event, OrderCancelled)
    assert (event.reason, order.cancel_reason) == (reason, reason)
