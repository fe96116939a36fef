"""Stop orders: limit orders that wait outside the book until a trade reaches their trigger."""

import pytest
from exchange_rig import Rig, describe, make_policy, rich_rig, whole_funds

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelOrder, FreezeAccount, PlaceOrder, SetPhase
from mockex.core.events import BalanceChanged, Event, OrderTriggered, PhaseChanged, Rejected
from mockex.core.invariants import digest, violations
from mockex.core.markets import MarketPhase
from mockex.core.matching import SelfTradePolicy
from mockex.core.orders import CancelReason, Order, OrderStatus, OrderType, Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.policy import BeyondBand, ClientIdPolicy, LastPriceBand, PriceBand, Refusal
from mockex.core.rejects import RejectReason
from mockex.core.stops import StopBook

BUY, SELL = Side.BUY, Side.SELL
FOK, IOC = TimeInForce.FOK, TimeInForce.IOC


def above(price: int) -> StopTrigger:
    return StopTrigger(price, StopDirection.AT_OR_ABOVE)


def below(price: int) -> StopTrigger:
    return StopTrigger(price, StopDirection.AT_OR_BELOW)


def trade_at(rig: Rig, *prices: int) -> tuple[Event, ...]:
    """bob and alice trade one at each price, in a book that has nothing better. Gives what came of the last trade."""
    events: tuple[Event, ...] = ()
    for price in prices:
        rig.sell("bob", 1, price)
        events = rig.execute(rig.order("alice", BUY, 1, price))
    return events


def told(events: tuple[Event, ...]) -> list[tuple[object, ...]]:
    """The events without balances, trades and fills: what became of orders."""
    names = {"accepted", "rested", "cancelled"}
    return [
        ("triggered", event.order) if isinstance(event, OrderTriggered) else describe(event)
        for event in events
        if isinstance(event, OrderTriggered) or describe(event)[0] in names
    ]


@pytest.fixture
def rig() -> Rig:
    """alice, bob and carol have 1000 COIN and 100000 CASH each; the last price is 100."""
    rig = rich_rig()
    rig.open("carol", COIN=1_000, CASH=100_000)
    trade_at(rig, 100)
    return rig


# --- waiting


@pytest.mark.parametrize(("side", "asset", "held"), [(BUY, "CASH", 450), (SELL, "COIN", 5)], ids=["buy", "sell"])
def test_a_stop_order_holds_its_funds_and_stays_out_of_the_book(rig: Rig, side: Side, asset: str, held: int) -> None:
    order = rig.place(rig.order("carol", side, 5, 90, trigger=below(95)))
    assert (order.status, order.is_live, order.triggered_ns) == (OrderStatus.WAITING, True, None)
    assert whole_funds(rig, "carol")[asset][1] == held
    assert rig.levels() == {"bids": [], "asks": []}


def test_acceptance_of_a_stop_order_is_all_that_happens(rig: Rig) -> None:
    events = rig.execute(rig.order("carol", BUY, 5, 110, trigger=above(105)))
    assert [describe(event)[0] for event in events] == ["accepted", "balance"]


def test_a_stop_order_is_listed_and_found_like_any_live_order(rig: Rig) -> None:
    order = rig.buy("carol", 5, 110, trigger=above(105), client_id="stop")
    orders, account = rig.exchange.orders, rig.exchange.accounts["carol"]
    assert list(orders.live(account, "PLAIN").values()) == [order]
    assert orders.by_id(order.order_id) is orders.by_client_id(account, "stop") is order
    page = orders.page(account, ["PLAIN"], frozenset({OrderStatus.WAITING}), older_than=None, newer_than=None, limit=9)
    assert page == [order]


def test_a_stop_order_needs_its_funds_at_once(rig: Rig) -> None:
    rig.open("dora", CASH=549)
    assert rig.refused(rig.order("dora", BUY, 5, 110, trigger=above(105))) is RejectReason.INSUFFICIENT_FUNDS


@pytest.mark.parametrize("terms", [{}, {"time_in_force": IOC}, {"time_in_force": FOK}], ids=["gtc", "ioc", "fok"])
def test_a_waiting_order_counts_as_open(terms: dict[str, TimeInForce]) -> None:
    rig = rich_rig(max_open_orders=1)
    rig.buy("alice", 1, 110, trigger=above(105), **terms)
    assert rig.refused(rig.order("alice", BUY, 1, 80)) is RejectReason.TOO_MANY_OPEN_ORDERS
    assert rig.refused(rig.order("alice", BUY, 1, 110, trigger=above(105), **terms)) is RejectReason.TOO_MANY_OPEN_ORDERS


def test_the_client_id_of_a_waiting_order_is_taken() -> None:
    rig = rich_rig(client_ids=ClientIdPolicy.UNIQUE_LIVE)
    order = rig.buy("alice", 1, 110, trigger=above(105), client_id="x")
    assert rig.refused(rig.order("alice", BUY, 1, 80, client_id="x")) is RejectReason.DUPLICATE_CLIENT_ID
    rig.cancel(order)
    rig.buy("alice", 1, 80, client_id="x")


# --- refused


@pytest.mark.parametrize("trigger", [above(100), above(99), below(100), below(101)], ids=str)
def test_a_trigger_that_is_met_already_is_refused_with_the_last_price(rig: Rig, trigger: StopTrigger) -> None:
    (event,) = rig.execute(rig.order("carol", BUY, 5, 100, trigger=trigger))
    assert event == Rejected(RejectReason.TRIGGER_MET_ALREADY, str(trigger.price), "100")


@pytest.mark.parametrize("trigger", [above(1), below(1_000)], ids=str)
def test_any_trigger_waits_while_nothing_has_traded(trigger: StopTrigger) -> None:
    rig = rich_rig()
    order = rig.buy("alice", 1, 90, trigger=trigger)
    assert order.status is OrderStatus.WAITING
    trade_at(rig, 95)
    assert order.status is OrderStatus.OPEN


def test_only_a_limit_order_can_wait_for_a_trigger(rig: Rig) -> None:
    for terms in ({"order_qty": 5}, {"budget": 100}):
        market = PlaceOrder(
            account_id="carol", symbol="PLAIN", side=BUY, order_type=OrderType.MARKET, trigger=above(105), **terms
        )
        assert rig.refused(market) is RejectReason.ORDER_TERMS_INVALID


@pytest.mark.parametrize("price", [0, -1])
def test_a_trigger_needs_a_positive_price(rig: Rig, price: int) -> None:
    assert rig.refused(rig.order("carol", BUY, 5, 90, trigger=above(price))) is RejectReason.PRICE_NOT_POSITIVE


# --- triggered


@pytest.mark.parametrize(
    ("trigger", "not_yet", "price"), [(above(105), 104, 105), (above(105), 104, 106), (below(95), 96, 95), (below(95), 96, 94)]
)
def test_a_trade_at_the_trigger_or_beyond_it_lets_the_order_rest(
    rig: Rig, trigger: StopTrigger, not_yet: int, price: int
) -> None:
    order = rig.buy("carol", 5, 50, trigger=trigger)
    trade_at(rig, not_yet)
    assert order.status is OrderStatus.WAITING
    rig.clock.advance(7)
    events = trade_at(rig, price)
    assert told(events)[-2:] == [("triggered", order), ("rested", order)]
    assert (order.status, order.triggered_ns, order.trigger) == (OrderStatus.OPEN, rig.clock.now_ns(), trigger)
    assert rig.levels() == {"bids": [(50, [5])], "asks": []}


def test_a_triggered_order_takes_what_its_limit_lets_it_and_rests(rig: Rig) -> None:
    rig.sell("bob", 2, 106)
    order = rig.buy("carol", 5, 107, trigger=above(105))
    rig.clock.advance(7)
    events = trade_at(rig, 105)
    assert rig.fills_of(order) == [(106, 2)]
    assert [fill.time_ns for fill in order.fills or []] == [7]
    assert told(events)[-2:] == [("triggered", order), ("rested", order)]
    assert whole_funds(rig, "carol")["CASH"] == (100_000 - 212, 3 * 107)


def test_balances_are_told_once_after_all_triggered_orders(rig: Rig) -> None:
    rig.sell("bob", 2, 106)
    rig.buy("carol", 2, 107, trigger=above(105))
    events = trade_at(rig, 105)
    kinds = [isinstance(event, BalanceChanged) for event in events]
    assert kinds == sorted(kinds)
    assert len({event.balance for event in events if isinstance(event, BalanceChanged)}) == sum(kinds) == 6


@pytest.mark.parametrize(
    ("terms", "reason", "filled"),
    [
        ({"time_in_force": IOC}, CancelReason.IMMEDIATE_REMAINDER, 2),
        ({"time_in_force": FOK}, CancelReason.NOT_FILLABLE, 0),
        ({"post_only": True}, CancelReason.WOULD_TAKE, 0),
    ],
    ids=["ioc", "fok", "post-only"],
)
def test_a_triggered_order_that_cannot_trade_as_it_asks_is_cancelled_also_where_new_ones_are_refused(
    terms: dict[str, object], reason: CancelReason, filled: int
) -> None:
    rig = rich_rig(post_only_that_takes=Refusal.REJECT, unfillable_fok=Refusal.REJECT)
    rig.sell("bob", 2, 106)
    order = rig.buy("alice", 5, 107, trigger=above(105), **terms)
    events = trade_at(rig, 105)
    assert (order.status, order.cancel_reason, order.filled_qty) == (OrderStatus.CANCELLED, reason, filled)
    assert told(events)[-2:] == [("triggered", order), ("cancelled", order, reason, False)]
    assert whole_funds(rig, "alice")["CASH"][1] == 0


def test_a_triggered_order_is_not_filled_beyond_the_price_band() -> None:
    rig = rich_rig(price_band=PriceBand(reach_ppm=50_000, beyond=BeyondBand.CUT))
    rig.sell("bob", 1, 106)
    rig.sell("bob", 1, 150)
    order = rig.buy("alice", 2, 150, trigger=above(105))
    trade_at(rig, 105)
    assert rig.fills_of(order) == [(106, 1)]
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.PRICE_BAND)


def test_a_price_that_only_one_trade_of_a_command_had_triggers_too(rig: Rig) -> None:
    order = rig.sell("carol", 1, 200, trigger=below(90))
    rig.sell("bob", 1, 90)
    rig.sell("bob", 1, 120)
    rig.buy("alice", 2, 120)
    assert order.status is OrderStatus.OPEN


def test_due_orders_go_in_the_order_in_which_they_were_placed(rig: Rig) -> None:
    orders = [rig.buy("carol", 1, 50, trigger=above(price)) for price in (107, 105, 106)]
    falling = rig.buy("carol", 1, 50, trigger=below(99))
    events = trade_at(rig, 110)
    assert [event.order for event in events if isinstance(event, OrderTriggered)] == orders
    assert falling.status is OrderStatus.WAITING
    assert rig.levels()["bids"] == [(50, [1, 1, 1])]


def test_what_a_triggered_order_trades_triggers_others_behind_those_that_were_due_before(rig: Rig) -> None:
    last = rig.buy("carol", 1, 50, trigger=above(120))
    rig.sell("bob", 1, 120)
    first = rig.buy("carol", 1, 120, trigger=above(105))
    second = rig.buy("carol", 1, 50, trigger=above(105))
    events = trade_at(rig, 105)
    assert [event.order for event in events if isinstance(event, OrderTriggered)] == [first, second, last]
    assert rig.trades()[-1].price == 120


def test_a_long_chain_of_stop_orders_needs_no_stack() -> None:
    rig = rich_rig()
    rig.open("carol", COIN=5_000, CASH=10**9)
    rig.open("dora", COIN=5_000)
    count = 1_200
    for price in range(101, 101 + count):
        rig.exchange.execute(rig.order("dora", SELL, 1, price))
        rig.exchange.execute(rig.order("carol", BUY, 1, price, trigger=above(price - 1)))
    events = rig.exchange.execute(rig.order("alice", BUY, 1, 101))
    assert sum(isinstance(event, OrderTriggered) for event in events) == count
    assert violations(rig.exchange) == []


def test_triggered_orders_stand_behind_those_that_rested_before(rig: Rig) -> None:
    rig.buy("carol", 7, 90, trigger=above(105))
    rig.buy("carol", 2, 90)
    trade_at(rig, 105)
    assert rig.levels()["bids"] == [(90, [2, 7])]
    rig.sell("bob", 3, 90)
    assert rig.levels()["bids"] == [(90, [6])]


def test_a_triggered_order_is_the_taker_of_a_match_of_its_own(rig: Rig) -> None:
    rig.sell("bob", 1, 106)
    rig.sell("bob", 1, 107)
    order = rig.buy("carol", 2, 107, trigger=above(105))
    trade_at(rig, 105)
    outer, *inner = rig.trades()[-3:]
    assert {fill.match_id for fill in order.fills or []} == {trade.match_id for trade in inner} == {outer.match_id + 1}


# --- ended before the trigger


def test_a_waiting_order_that_is_cancelled_says_so_and_frees_its_funds(rig: Rig) -> None:
    order = rig.buy("carol", 5, 110, trigger=above(105))
    event = rig.cancel(order, reason=CancelReason.TIMEOUT)[0]
    assert (event.order, event.reason, event.rested, event.waited) == (order, CancelReason.TIMEOUT, False, True)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.TIMEOUT)
    assert whole_funds(rig, "carol")["CASH"] == (100_000, 0)
    trade_at(rig, 105)
    assert order.status is OrderStatus.CANCELLED
    assert rig.refused(CancelOrder(account_id="carol", order_id=order.order_id)) is RejectReason.ORDER_CANCELLED


def test_an_order_cancelled_after_its_trigger_did_not_wait(rig: Rig) -> None:
    order = rig.buy("carol", 5, 50, trigger=above(105))
    trade_at(rig, 105)
    event = rig.cancel(order)[0]
    assert (event.rested, event.waited) == (True, False)


# --- phases and freezes


@pytest.mark.parametrize("closed", [MarketPhase.HALTED, MarketPhase.PRICE_DISCOVERY])
@pytest.mark.parametrize("opened", [MarketPhase.CONTINUOUS, MarketPhase.CALL_AUCTION])
def test_no_order_goes_while_limit_orders_are_not_taken_and_the_last_price_decides_after(
    rig: Rig, closed: MarketPhase, opened: MarketPhase
) -> None:
    rig.sell("bob", 1, 120)
    order = rig.buy("carol", 5, 50, trigger=above(105))
    missed = rig.buy("carol", 5, 50, trigger=below(95))
    rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.PRICE_DISCOVERY))
    rig.buy("alice", 1)
    assert rig.trades()[-1].price == 120
    rig.execute(SetPhase(symbol="PLAIN", phase=closed))
    assert order.status is OrderStatus.WAITING
    events = rig.execute(SetPhase(symbol="PLAIN", phase=opened))
    assert events[0] == PhaseChanged("PLAIN")
    assert told(events[1:]) == [("triggered", order), ("rested", order)]
    assert missed.status is OrderStatus.WAITING


def test_a_waiting_order_can_be_cancelled_in_a_halt_and_not_be_placed(rig: Rig) -> None:
    order = rig.buy("carol", 5, 110, trigger=above(105))
    rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.HALTED))
    assert rig.refused(rig.order("carol", BUY, 5, 110, trigger=above(105))) is RejectReason.INSTRUMENT_HALTED
    rig.cancel(order)
    assert list(rig.exchange.markets["PLAIN"].stops) == []


def test_a_waiting_order_of_a_frozen_account_still_goes(rig: Rig) -> None:
    order = rig.buy("carol", 5, 50, trigger=above(105))
    rig.execute(FreezeAccount(account_id="carol", frozen=True))
    trade_at(rig, 105)
    assert order.status is OrderStatus.OPEN


# --- bands, digests, forks


def test_the_band_around_the_last_price_measures_a_stop_order_from_its_trigger() -> None:
    rig = rich_rig(last_price_band=LastPriceBand(buy_above_ppm=100_000, sell_below_ppm=100_000))
    trade_at(rig, 100)
    assert rig.buy("alice", 1, 132, trigger=above(120)).status is OrderStatus.WAITING
    (event,) = rig.execute(rig.order("alice", BUY, 1, 133, trigger=above(120)))
    assert event == Rejected(RejectReason.PRICE_ABOVE_BAND, "133", "132")


def test_a_digest_tells_triggers_apart() -> None:
    digests = set()
    for trigger in (above(105), above(106), below(95)):
        rig = rich_rig()
        rig.buy("alice", 1, 100, trigger=trigger)
        digests.add(digest(rig.exchange))
    assert len(digests) == 3


def test_a_fork_has_waiting_orders_of_its_own(rig: Rig) -> None:
    order = rig.buy("carol", 5, 50, trigger=above(105))
    fork = rig.exchange.fork(clock=VirtualClock(rig.clock.now_ns()), schedule=lambda due_ns, command: None)
    trade_at(rig, 105)
    (waiting,) = fork.markets["PLAIN"].stops
    assert (order.status, waiting.status) == (OrderStatus.OPEN, OrderStatus.WAITING)
    fork.execute(CancelOrder(account_id="carol", order_id=waiting.order_id))
    assert violations(fork) == violations(rig.exchange) == []


def test_a_self_trade_rule_of_its_own_waits_with_the_order() -> None:
    rig = Rig(policy=make_policy())
    rig.open("alice", COIN=100, CASH=10_000)
    rig.open("bob", COIN=100, CASH=10_000)
    own = rig.sell("alice", 1, 106)
    order = rig.buy("alice", 1, 106, trigger=above(105), self_trade=SelfTradePolicy.CANCEL_TAKER)
    rig.sell("bob", 1, 105)
    rig.buy("bob", 1, 105)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.SELF_TRADE)
    assert own.status is OrderStatus.OPEN


def test_a_stop_book_is_asked_in_vain_for_an_order_that_does_not_wait(rig: Rig) -> None:
    order: Order = rig.buy("carol", 5, 50, trigger=above(105))
    with pytest.raises(KeyError):
        StopBook().remove(order)
