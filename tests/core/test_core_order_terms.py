"""Terms that keep an order from resting or trading: IOC, FOK, post-only, price band, market orders, self-trades."""

from collections.abc import Callable
from typing import Any

import pytest
from exchange_rig import PLAIN, Rig, describe, make_instrument, make_policy, rich_rig, whole_funds

from mockex.core.commands import PlaceOrder
from mockex.core.events import (
    OrderCancelled,
)
from mockex.core.fees import FeeRounding, FeeSchedule
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import (
    CancelReason,
    Liquidity,
    OrderStatus,
    Side,
    TimeInForce,
)
from mockex.core.policy import BeyondBand, PriceBand, Refusal
from mockex.core.rejects import RejectReason

BUY, SELL = Side.BUY, Side.SELL
FOK, IOC = TimeInForce.FOK, TimeInForce.IOC


@pytest.fixture
def rig() -> Rig:
    """alice and bob have 1000 COIN and 100000 CASH each."""
    return rich_rig()


# --- immediate or cancel, fill or kill, post-only


def test_an_ioc_order_keeps_its_fills_and_never_rests(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    order = rig.buy("alice", 5, 95, time_in_force=IOC)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.IMMEDIATE_REMAINDER)
    assert rig.fills_of(order) == [(90, 3)]
    assert rig.levels() == {"bids": [], "asks": []}
    assert whole_funds(rig, "alice") == {"COIN": (1_003, 0), "CASH": (100_000 - 270, 0)}


def test_an_ioc_order_that_meets_nobody_is_cancelled_unfilled(rig: Rig) -> None:
    rig.sell("bob", 3, 96)
    order = rig.buy("alice", 5, 95, time_in_force=IOC)
    assert (order.status, order.filled_qty) == (OrderStatus.CANCELLED, 0)
    assert rig.levels() == {"bids": [], "asks": [(96, [3])]}
    assert whole_funds(rig, "alice") == {"COIN": (1_000, 0), "CASH": (100_000, 0)}


def test_an_ioc_order_that_fills_whole_is_filled(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    assert rig.buy("alice", 3, 95, time_in_force=IOC).status is OrderStatus.FILLED


def test_a_fok_order_fills_whole_over_several_levels(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    rig.sell("bob", 3, 95)
    order = rig.buy("alice", 6, 95, time_in_force=FOK)
    assert order.status is OrderStatus.FILLED
    assert rig.fills_of(order) == [(90, 3), (95, 3)]


STOPPED: list[tuple[str, Callable[[Rig], PlaceOrder], str, CancelReason, RejectReason]] = [
    (
        "a FOK order beyond its limit",
        lambda rig: rig.order("alice", BUY, 4, 94, time_in_force=FOK),
        "unfillable_fok",
        CancelReason.NOT_FILLABLE,
        RejectReason.FOK_NOT_FILLABLE,
    ),
    (
        "a FOK order that meets nobody",
        lambda rig: rig.order("alice", BUY, 1, 80, time_in_force=FOK),
        "unfillable_fok",
        CancelReason.NOT_FILLABLE,
        RejectReason.FOK_NOT_FILLABLE,
    ),
    (
        "a FOK order larger than the book",
        lambda rig: rig.order("alice", BUY, 7, 500, time_in_force=FOK),
        "unfillable_fok",
        CancelReason.NOT_FILLABLE,
        RejectReason.FOK_NOT_FILLABLE,
    ),
    (
        "a FOK market order by budget",
        lambda rig: rig.order("alice", BUY, budget=3 * 90 + 3 * 95 + 95, time_in_force=FOK),
        "unfillable_fok",
        CancelReason.NOT_FILLABLE,
        RejectReason.FOK_NOT_FILLABLE,
    ),
    (
        "a FOK sell into an empty side",
        lambda rig: rig.order("alice", SELL, 1, time_in_force=FOK),
        "unfillable_fok",
        CancelReason.NOT_FILLABLE,
        RejectReason.FOK_NOT_FILLABLE,
    ),
    (
        "a post-only order at the touch",
        lambda rig: rig.order("alice", BUY, 1, 90, post_only=True),
        "post_only_that_takes",
        CancelReason.WOULD_TAKE,
        RejectReason.POST_ONLY_WOULD_TAKE,
    ),
    (
        "an order through the price band",
        lambda rig: rig.order("alice", BUY, 4, 95),
        "price_band",
        CancelReason.PRICE_BAND,
        RejectReason.PRICE_BAND_EXCEEDED,
    ),
]


def make_stopping(policy: str, refusal: Refusal) -> Rig:
    """bob sells 3 at 90 and 3 at 95, which is 5.6 % away; a band of 5 % where that is the subject."""
    beyond = BeyondBand[refusal.name]
    rig = rich_rig(**{policy: PriceBand(reach_ppm=50_000, beyond=beyond) if policy == "price_band" else refusal})
    rig.sell("bob", 3, 90)
    rig.sell("bob", 3, 95)
    return rig


@pytest.mark.parametrize(("place", "policy", "reason", "_"), [row[1:] for row in STOPPED], ids=[row[0] for row in STOPPED])
def test_a_stopped_order_is_accepted_and_cancelled_without_a_trade(
    place: Callable[[Rig], PlaceOrder], policy: str, reason: CancelReason, _: RejectReason
) -> None:
    rig = make_stopping(policy, Refusal.CANCEL)
    order = rig.place(place(rig))
    assert (order.status, order.cancel_reason, order.filled_qty) == (OrderStatus.CANCELLED, reason, 0)
    assert rig.levels() == {"bids": [], "asks": [(90, [3]), (95, [3])]}
    assert whole_funds(rig, "alice") == {"COIN": (1_000, 0), "CASH": (100_000, 0)}
    assert [describe(event) for event in rig.events if isinstance(event, OrderCancelled)] == [
        ("cancelled", order, reason, False)
    ]
    assert rig.exchange.orders.by_id(order.order_id) is order


@pytest.mark.parametrize(("place", "policy", "_", "reason"), [row[1:] for row in STOPPED], ids=[row[0] for row in STOPPED])
def test_a_stopped_order_is_refused_where_the_venue_refuses_it(
    place: Callable[[Rig], PlaceOrder], policy: str, _: CancelReason, reason: RejectReason
) -> None:
    rig = make_stopping(policy, Refusal.REJECT)
    assert rig.refused(place(rig)) is reason
    assert rig.buy("alice", 1, 10).order_id == 3  # the refused one used up no id


def test_a_post_only_order_that_does_not_take_rests(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    order = rig.buy("alice", 1, 89, post_only=True)
    assert order.status is OrderStatus.OPEN
    rig.sell("bob", 1, 89)
    assert [fill.liquidity for fill in order.fills or []] == [Liquidity.MAKER]


def test_the_price_band_looks_at_what_would_trade_and_not_at_the_limit() -> None:
    rig = make_stopping("price_band", Refusal.CANCEL)
    order = rig.buy("alice", 3, 1_000)
    assert rig.fills_of(order) == [(90, 3)]


def test_the_price_band_does_not_stop_an_order_that_rests() -> None:
    rig = make_stopping("price_band", Refusal.CANCEL)
    assert rig.buy("alice", 1, 1).status is OrderStatus.OPEN


# --- market orders


def test_a_market_order_by_quantity_holds_what_the_book_asks_for(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    rig.sell("bob", 3, 95)
    order = rig.buy("alice", 5)
    assert (order.status, order.filled_notional, order.hold_left) == (OrderStatus.FILLED, 460, 0)
    assert whole_funds(rig, "alice")["CASH"] == (100_000 - 460, 0)


def test_a_market_order_by_quantity_needs_the_funds_for_all_that_would_trade(rig: Rig) -> None:
    rig.sell("bob", 3, 90)
    rig.open("carol", CASH=269)
    assert rig.refused(rig.order("carol", BUY, 3)) is RejectReason.INSUFFICIENT_FUNDS
    rig.give("carol", CASH=1)
    assert rig.buy("carol", 3).status is OrderStatus.FILLED


@pytest.mark.parametrize("wish", [{"side": BUY, "qty": 5}, {"side": SELL, "qty": 5}, {"side": BUY, "budget": 500}], ids=str)
def test_a_market_order_in_a_dry_book_is_accepted_and_cancelled(rig: Rig, wish: dict[str, Any]) -> None:
    order = rig.place(rig.order("alice", **wish))
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.IMMEDIATE_REMAINDER)
    assert whole_funds(rig, "alice") == {"COIN": (1_000, 0), "CASH": (100_000, 0)}
    assert rig.levels() == {"bids": [], "asks": []}


def test_a_market_order_that_empties_the_book_keeps_its_fills(rig: Rig) -> None:
    rig.buy("bob", 3, 90)
    order = rig.sell("alice", 5)
    assert (order.status, order.filled_qty) == (OrderStatus.CANCELLED, 3)
    assert whole_funds(rig, "alice") == {"COIN": (997, 0), "CASH": (100_270, 0)}


@pytest.mark.parametrize(
    ("budget", "fills", "status", "spent"),
    [
        (90, [(90, 1)], OrderStatus.FILLED, 90),
        (179, [(90, 1)], OrderStatus.FILLED, 90),
        (270, [(90, 3)], OrderStatus.FILLED, 270),
        (364, [(90, 3)], OrderStatus.FILLED, 270),  # a lot at the next price costs 95
        (365, [(90, 3), (95, 1)], OrderStatus.FILLED, 365),
        (555, [(90, 3), (95, 3)], OrderStatus.FILLED, 555),
        (649, [(90, 3), (95, 3)], OrderStatus.FILLED, 555),  # the rest buys nothing at the last price
        (650, [(90, 3), (95, 3)], OrderStatus.CANCELLED, 555),  # it would have bought one more: the book ran dry
    ],
)
def test_a_market_buy_by_budget_is_filled_when_its_rest_buys_nothing_more(
    rig: Rig, budget: int, fills: list[tuple[int, int]], status: OrderStatus, spent: int
) -> None:
    rig.sell("bob", 3, 90)
    rig.sell("bob", 3, 95)
    order = rig.buy("alice", budget=budget)
    assert rig.fills_of(order) == fills
    assert (order.status, order.filled_notional, order.hold_left) == (status, spent, 0)
    assert [fill.order_status for fill in order.fills or []][-1] is (
        OrderStatus.FILLED if status is OrderStatus.FILLED else OrderStatus.PARTIALLY_FILLED
    )
    assert whole_funds(rig, "alice")["CASH"] == (100_000 - spent, 0)


def test_a_budget_that_does_not_buy_the_minimum_at_the_best_price_is_refused() -> None:
    rig = Rig(make_instrument("COIN-CASH", tick="1", lot="1", min_qty="3", decimals=0))
    rig.open("alice", CASH=1_000)
    rig.open("bob", COIN=10)
    rig.sell("bob", 5, 90)
    assert rig.refused(rig.order("alice", BUY, budget=269)) is RejectReason.QTY_BELOW_MINIMUM
    assert rig.buy("alice", budget=270).filled_qty == 3


def test_a_budget_must_be_available_whole(rig: Rig) -> None:
    rig.sell("bob", 1, 90)
    rig.open("carol", CASH=499)
    assert rig.refused(rig.order("carol", BUY, budget=500)) is RejectReason.INSUFFICIENT_FUNDS


# --- trading with oneself


def test_a_self_trade_where_it_is_allowed_moves_no_money_but_the_fees() -> None:
    fees = FeeSchedule(maker_rate=10_000_000, taker_rate=20_000_000, rounding=FeeRounding.UP, decimals=8)
    rig = rich_rig(fees=fees)
    rig.sell("alice", 100, 10)
    rig.buy("alice", 100, 10)
    assert whole_funds(rig, "alice") == {"COIN": (998, 0), "CASH": (99_990, 0)}
    rows = rig.exchange.entries([rig.balance("alice", asset) for asset in ("COIN", "CASH")], limit=4)
    assert [(row.balance.asset, row.amount, row.total_after) for row in reversed(rows)] == [
        ("COIN", -100, 900),
        ("CASH", 990, 100_990),
        ("CASH", -1_000, 99_990),
        ("COIN", 98, 998),
    ]


SELF_TRADES: list[tuple[SelfTradePolicy, OrderStatus, CancelReason | None, list[tuple[int, int]], dict[str, Any]]] = [
    (SelfTradePolicy.ALLOW, OrderStatus.FILLED, None, [(90, 1), (91, 2), (92, 1)], {"bids": [], "asks": [(92, [2])]}),
    (
        SelfTradePolicy.CANCEL_TAKER,
        OrderStatus.CANCELLED,
        CancelReason.SELF_TRADE,
        [(90, 1)],
        {"bids": [], "asks": [(91, [2]), (92, [3])]},
    ),
    (SelfTradePolicy.CANCEL_MAKER, OrderStatus.FILLED, None, [(90, 1), (92, 3)], {"bids": [], "asks": []}),
    (
        SelfTradePolicy.CANCEL_BOTH,
        OrderStatus.CANCELLED,
        CancelReason.SELF_TRADE,
        [(90, 1)],
        {"bids": [], "asks": [(92, [3])]},
    ),
]


@pytest.mark.parametrize(
    ("policy", "status", "reason", "fills", "levels"), SELF_TRADES, ids=[row[0].name for row in SELF_TRADES]
)
@pytest.mark.parametrize("price", [None, 95], ids=["market", "limit"])
def test_an_order_that_meets_its_own_account_ends_as_the_policy_says(
    policy: SelfTradePolicy,
    status: OrderStatus,
    reason: CancelReason | None,
    fills: list[tuple[int, int]],
    levels: dict[str, Any],
    price: int | None,
) -> None:
    rig = rich_rig(self_trade=policy)
    rig.sell("bob", 1, 90)
    own = rig.sell("alice", 2, 91)
    rig.sell("bob", 3, 92)
    order = rig.buy("alice", 4, price)
    assert (order.status, order.cancel_reason) == (status, reason)
    assert rig.fills_of(order) == fills
    assert rig.levels() == levels
    own_is_cancelled = policy in (SelfTradePolicy.CANCEL_MAKER, SelfTradePolicy.CANCEL_BOTH)
    assert (own.cancel_reason is CancelReason.SELF_TRADE) is own_is_cancelled
    cancelled = [event for event in rig.events if isinstance(event, OrderCancelled) and event.order is own]
    assert [event.rested for event in cancelled] == [True] * own_is_cancelled
    assert order.hold_left == 0


@pytest.mark.parametrize(
    ("policy", "qty", "status", "fills"),
    [
        (SelfTradePolicy.ALLOW, 6, OrderStatus.FILLED, [(90, 1), (91, 2), (92, 3)]),
        (SelfTradePolicy.CANCEL_MAKER, 4, OrderStatus.FILLED, [(90, 1), (92, 3)]),
        (SelfTradePolicy.CANCEL_MAKER, 5, OrderStatus.CANCELLED, []),
        (SelfTradePolicy.CANCEL_TAKER, 1, OrderStatus.FILLED, [(90, 1)]),
        (SelfTradePolicy.CANCEL_TAKER, 2, OrderStatus.CANCELLED, []),
        (SelfTradePolicy.CANCEL_BOTH, 1, OrderStatus.FILLED, [(90, 1)]),
        (SelfTradePolicy.CANCEL_BOTH, 2, OrderStatus.CANCELLED, []),
    ],
)
def test_a_fok_order_counts_only_what_it_can_really_have(
    policy: SelfTradePolicy, qty: int, status: OrderStatus, fills: list[tuple[int, int]]
) -> None:
    rig = rich_rig(self_trade=policy)
    rig.sell("bob", 1, 90)
    own = rig.sell("alice", 2, 91)
    rig.sell("bob", 3, 92)
    order = rig.buy("alice", qty, 95, time_in_force=FOK)
    assert (order.status, rig.fills_of(order)) == (status, fills)
    if status is OrderStatus.CANCELLED:
        assert order.cancel_reason is CancelReason.NOT_FILLABLE
        assert own.status is OrderStatus.OPEN


def test_a_market_buy_holds_nothing_for_own_orders_that_it_would_cancel() -> None:
    rig = Rig(PLAIN, policy=make_policy(self_trade=SelfTradePolicy.CANCEL_MAKER))
    rig.open("alice", COIN=5, CASH=100)
    rig.open("bob", COIN=5)
    rig.sell("alice", 5, 90)
    rig.sell("bob", 1, 100)
    order = rig.buy("alice", 1)
    assert rig.fills_of(order) == [(100, 1)]
    assert whole_funds(rig, "alice") == {"COIN": (6, 0), "CASH": (0, 0)}


@pytest.mark.parametrize("policy", [SelfTradePolicy.CANCEL_TAKER, SelfTradePolicy.CANCEL_BOTH])
def test_a_budget_that_an_own_order_stops_is_cancelled_also_when_its_rest_buys_nothing_behind_that(
    policy: SelfTradePolicy,
) -> None:
    rig = rich_rig(self_trade=policy)
    rig.sell("bob", 1, 90)
    rig.sell("alice", 1, 91)
    rig.sell("bob", 1, 500)
    order = rig.buy("alice", budget=90 + 91)
    assert rig.fills_of(order) == [(90, 1)]
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.SELF_TRADE)
    assert whole_funds(rig, "alice")["CASH"] == (100_000 - 90, 0)
