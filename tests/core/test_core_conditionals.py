"""Conditional orders: nothing is held and nothing rests until a trade reaches their price."""

from __future__ import annotations

from typing import Any

import pytest
from exchange_rig import Rig, rich_rig, whole_funds

from mockex.core.clock import VirtualClock
from mockex.core.commands import CancelConditional, FreezeAccount, OpenAccount, PlaceConditional, PlaceOrder, SetPhase
from mockex.core.conditionals import ConditionalOrder, ConditionalStatus
from mockex.core.events import ConditionalChanged, Event, OrderAccepted, OrderTriggered
from mockex.core.invariants import digest, violations
from mockex.core.markets import MarketPhase
from mockex.core.orders import OrderStatus, Side, StopDirection, StopTrigger
from mockex.core.policy import ClientIdPolicy, LastPriceBand
from mockex.core.rejects import RejectReason

BUY, SELL = Side.BUY, Side.SELL
WAITING, TRIGGERED = ConditionalStatus.WAITING, ConditionalStatus.TRIGGERED
FAILED, CANCELLED = ConditionalStatus.FAILED, ConditionalStatus.CANCELLED


def above(price: int) -> StopTrigger:
    return StopTrigger(price, StopDirection.AT_OR_ABOVE)


def below(price: int) -> StopTrigger:
    return StopTrigger(price, StopDirection.AT_OR_BELOW)


def trade_at(rig: Rig, *prices: int) -> tuple[Event, ...]:
    """bob and carol trade one at each price, in a book that has nothing better. Gives what came of the last trade."""
    events: tuple[Event, ...] = ()
    for price in prices:
        rig.sell("bob", 1, price)
        events = rig.execute(rig.order("carol", BUY, 1, price))
    return events


def wait(rig: Rig, order: PlaceOrder, trigger: StopTrigger, **more: Any) -> ConditionalOrder:
    """A conditional order that must be accepted."""
    (event,) = rig.execute(PlaceConditional(order=order, trigger=trigger, **more))
    assert isinstance(event, ConditionalChanged)
    assert event.status is WAITING
    return event.conditional


def told(events: tuple[Event, ...]) -> list[object]:
    """What became of conditional orders, and which orders came or were triggered."""
    return [
        (event.conditional, event.status) if isinstance(event, ConditionalChanged) else event.order
        for event in events
        if isinstance(event, (ConditionalChanged, OrderAccepted, OrderTriggered))
    ]


def new_rig(**policy: Any) -> Rig:
    """alice, bob and carol have 1000 COIN and 100000 CASH each; the last price is 100."""
    rig = rich_rig(**policy)
    rig.open("carol", COIN=1_000, CASH=100_000)
    trade_at(rig, 100)
    return rig


@pytest.fixture
def rig() -> Rig:
    return new_rig()


# --- waiting


@pytest.mark.parametrize("side", Side)
def test_while_it_waits_it_holds_nothing_and_is_no_order(rig: Rig, side: Side) -> None:
    before = whole_funds(rig, "alice")

    conditional = wait(rig, rig.order("alice", side, 5, 90), above(120))

    assert whole_funds(rig, "alice") == before
    assert rig.exchange.orders.live(rig.exchange.accounts["alice"], "PLAIN") == {}
    assert rig.levels() == {"bids": [], "asks": []}
    assert conditional.placed is None


def test_it_may_want_more_than_its_owner_has(rig: Rig) -> None:
    wait(rig, rig.order("alice", BUY, 100_000, 100), above(120))


def test_a_trade_at_its_price_places_it_in_the_same_command(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 5, 130, client_id="mine"), above(120))
    trade_at(rig, 119)
    assert conditional.status is WAITING

    events = trade_at(rig, 120)

    placed = conditional.placed
    assert placed is not None
    assert told(events)[1:] == [(conditional, TRIGGERED), placed]
    assert (placed.client_id, placed.limit_price, placed.status) == ("mine", 130, OrderStatus.OPEN)
    assert rig.levels()["asks"] == [(130, [5])]
    assert whole_funds(rig, "alice")["COIN"] == (1_000, 5)
    assert rig.exchange.conditionals.waiting == 0


@pytest.mark.parametrize(
    ("trigger", "prices", "due"),
    [(above(110), [109, 95], False), (above(110), [111], True), (below(90), [91, 105], False), (below(90), [80], True)],
)
def test_it_waits_for_its_side_of_its_price(rig: Rig, trigger: StopTrigger, prices: list[int], due: bool) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1, 50), trigger)

    trade_at(rig, *prices)

    assert (conditional.status is TRIGGERED) is due


def test_a_price_that_only_one_trade_of_many_had_counts(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1, 50), above(110))
    for price in (101, 110):
        rig.sell("bob", 1, price)
    rig.buy("carol", 2, 110)
    assert conditional.status is TRIGGERED


def test_without_a_last_price_either_direction_waits() -> None:
    rig = rich_rig()
    rig.open("carol", COIN=1_000, CASH=100_000)
    first, second = wait(rig, rig.order("alice", BUY, 1, 50), above(90)), wait(rig, rig.order("alice", BUY, 1, 50), below(80))

    trade_at(rig, 85)

    assert (first.status, second.status) == (WAITING, WAITING)


# --- what is refused


@pytest.mark.parametrize(
    ("terms", "trigger", "reason"),
    [
        ({"price": 90}, above(0), RejectReason.PRICE_NOT_POSITIVE),
        ({"price": 0}, above(120), RejectReason.PRICE_NOT_POSITIVE),
        ({"price": 90}, above(100), RejectReason.TRIGGER_MET_ALREADY),
        ({"price": 90}, below(100), RejectReason.TRIGGER_MET_ALREADY),
        ({"price": 90, "qty": 0}, above(120), RejectReason.QTY_NOT_POSITIVE),
        ({"price": 133}, above(120), RejectReason.PRICE_ABOVE_BAND),
        ({"price": 90, "trigger": above(130)}, above(120), RejectReason.ORDER_TERMS_INVALID),
        ({"price": 90, "client_id": "twin"}, above(120), RejectReason.DUPLICATE_CLIENT_ID),
        ({"price": 90, "symbol": None}, above(120), RejectReason.SYMBOL_UNKNOWN),
        ({"price": 90, "who": "nobody"}, above(120), RejectReason.ACCOUNT_UNKNOWN),
    ],
)
def test_terms_that_could_never_trade_are_refused_at_once(
    terms: dict[str, Any], trigger: StopTrigger, reason: RejectReason
) -> None:
    rig = new_rig(last_price_band=LastPriceBand(buy_above_ppm=100_000, sell_below_ppm=100_000))
    wait(rig, rig.order("alice", BUY, 1, 90, client_id="twin"), above(140))
    terms = dict(terms)
    who, unlisted = terms.pop("who", "alice"), "symbol" in terms
    terms.pop("symbol", None)
    order = rig.order(who, BUY, terms.pop("qty", 1), terms.pop("price"), **terms)
    if unlisted:
        order = PlaceOrder(
            account_id="alice", symbol="OTHER", side=BUY, order_type=order.order_type, limit_price=1, order_qty=1
        )

    assert rig.refused(PlaceConditional(order=order, trigger=trigger)) is reason


def test_a_client_id_is_free_again_once_its_order_has_gone(rig: Rig) -> None:
    wait(rig, rig.order("alice", BUY, 1, 50, client_id="mine"), above(110))
    trade_at(rig, 110)
    wait(rig, rig.order("alice", BUY, 1, 50, client_id="mine"), above(120))
    wait(rig, rig.order("bob", BUY, 1, 50, client_id="mine"), above(120))


# --- triggers that fail


def test_without_the_money_by_then_it_fails_and_nothing_moves(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1_001, 100), above(110))
    before = whole_funds(rig, "alice")

    events = trade_at(rig, 110)

    assert told(events)[1:] == [(conditional, FAILED)]
    assert conditional.failure is not None
    assert conditional.failure.reason is RejectReason.INSUFFICIENT_FUNDS
    assert (conditional.placed, whole_funds(rig, "alice")) == (None, before)


def test_a_frozen_account_fails_when_its_time_comes(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1, 100), above(110))
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    trade_at(rig, 110)
    assert conditional.failure is not None
    assert conditional.failure.reason is RejectReason.ACCOUNT_FROZEN


def test_an_open_order_of_its_client_id_makes_it_fail_where_ids_are_unique() -> None:
    rig = new_rig(client_ids=ClientIdPolicy.UNIQUE_LIVE)
    conditional = wait(rig, rig.order("alice", BUY, 1, 50, client_id="mine"), above(110))
    rig.buy("alice", 1, 50, client_id="mine")
    trade_at(rig, 110)
    assert conditional.failure is not None
    assert conditional.failure.reason is RejectReason.DUPLICATE_CLIENT_ID


def test_a_market_order_fails_where_only_limit_orders_are_taken(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, budget=50), above(110))
    rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.CALL_AUCTION))
    trade_at(rig, 110)
    assert conditional.failure is not None
    assert conditional.failure.reason is RejectReason.AUCTION_LIMIT_ONLY


# --- one after the other


def test_of_several_the_one_that_came_first_goes_first(rig: Rig) -> None:
    late = wait(rig, rig.order("alice", SELL, 1, 130), above(110))
    early = wait(rig, rig.order("bob", SELL, 1, 130), above(105))

    events = trade_at(rig, 115)

    assert told(events)[1:] == [(late, TRIGGERED), late.placed, (early, TRIGGERED), early.placed]


def test_what_one_of_them_trades_triggers_the_next(rig: Rig) -> None:
    rig.sell("bob", 1, 120)
    rig.sell("bob", 1, 140)
    third = wait(rig, rig.order("alice", BUY, 1, 50), above(140))
    second = wait(rig, rig.order("alice", BUY, 1, 140), above(120))
    first = wait(rig, rig.order("alice", BUY, 1, 120), above(110))

    events = trade_at(rig, 110)

    assert [entry for entry in told(events)[1:] if isinstance(entry, tuple)] == [
        (first, TRIGGERED), (second, TRIGGERED), (third, TRIGGERED),
    ]  # fmt: skip


def test_stop_orders_go_before_them(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 1, 130), above(110))
    stop = rig.sell("alice", 1, 130, trigger=above(110))

    events = trade_at(rig, 110)

    assert told(events)[1:] == [stop, (conditional, TRIGGERED), conditional.placed]


# --- trailing


def test_a_sale_trails_the_highest_price_from_its_trigger_on(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 1), above(110), trail_ppm=50_000)
    rig.buy("bob", 1, 90)
    trade_at(rig, 105, 100)
    assert conditional.status is WAITING, "it has not come to its trigger yet"

    trade_at(rig, 110, 200, 191)
    assert (conditional.status, conditional.extreme) == (WAITING, 200)

    trade_at(rig, 190)
    assert conditional.status is TRIGGERED


def test_a_buy_trails_the_lowest_price(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1, 60), below(90), trail_ppm=50_000)

    trade_at(rig, 80, 40, 41)
    assert conditional.status is WAITING

    trade_at(rig, 42)
    assert conditional.status is TRIGGERED


def test_a_pursuit_whose_beginning_has_passed_begins_at_the_last_price(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 1, 80), above(90), trail_ppm=100_000)
    assert conditional.extreme == 100

    trade_at(rig, 91)
    assert conditional.status is WAITING
    trade_at(rig, 90)
    assert conditional.status is TRIGGERED


# --- ends


def cancel(rig: Rig, conditional: ConditionalOrder, who: str = "alice") -> CancelConditional:
    return CancelConditional(account_id=who, order_id=conditional.order_id)


@pytest.mark.parametrize("trail_ppm", [None, 50_000])
def test_a_cancelled_one_is_gone_for_good(rig: Rig, trail_ppm: int | None) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 1, 130), above(110), trail_ppm=trail_ppm)
    if trail_ppm is not None:
        trade_at(rig, 120)

    events = rig.execute(cancel(rig, conditional))

    assert told(events) == [(conditional, CANCELLED)]
    trade_at(rig, 200, 100)
    assert conditional.placed is None


def test_only_its_owner_cancels_it_and_only_once(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", BUY, 1, 90), above(110))

    assert rig.refused(cancel(rig, conditional, "bob")) is RejectReason.ORDER_UNKNOWN
    assert rig.refused(cancel(rig, conditional, "nobody")) is RejectReason.ORDER_UNKNOWN
    rig.execute(cancel(rig, conditional))
    assert rig.refused(cancel(rig, conditional)) is RejectReason.ORDER_CANCELLED


def test_they_are_found_by_name_and_paged_newest_first_and_forgotten_in_time() -> None:
    rig = new_rig(order_retention_ns=1_000)
    alice = rig.exchange.accounts["alice"]
    first = wait(rig, rig.order("alice", BUY, 1, 90, client_id="a"), above(110))
    second = wait(rig, rig.order("alice", BUY, 1, 90, client_id="b"), above(120))
    third = wait(rig, rig.order("alice", BUY, 1, 90), above(130))
    rig.execute(cancel(rig, second))
    found = rig.exchange.conditionals

    assert found.page(alice, limit=9) == [third, second, first]
    assert found.page(alice, waiting=True, limit=1) == [third]
    assert found.page(alice, waiting=False, limit=9) == [second]
    assert found.page(alice, older_than=third.order_id, newer_than=first.order_id, limit=9) == [second]
    assert (found.named(alice, "b"), found.named(alice, "c")) == (second, None)
    assert found.page(rig.exchange.accounts["bob"], limit=9) == []
    rig.clock.advance(999)
    assert found.named(alice, "b") is second
    rig.clock.advance(1)
    assert (found.named(alice, "b"), found.page(alice, limit=9)) == (None, [third, first])


def test_an_account_without_history_forgets_them_at_once(rig: Rig) -> None:
    rig.execute(OpenAccount(account_id="maker", keeps_history=False))
    conditional = wait(rig, rig.order("maker", BUY, 1, 90, client_id="x"), above(110))
    rig.execute(cancel(rig, conditional, "maker"))
    assert rig.exchange.conditionals.named(rig.exchange.accounts["maker"], "x") is None


# --- the whole


def test_a_fork_waits_for_itself(rig: Rig) -> None:
    wait(rig, rig.order("alice", SELL, 1, 130, client_id="x"), above(110))
    wait(rig, rig.order("alice", SELL, 1, 50), above(90), trail_ppm=100_000)
    copy = rig.exchange.fork(clock=VirtualClock(rig.clock.now_ns()), schedule=lambda due_ns, command: None)
    before = digest(copy)
    assert before == digest(rig.exchange)

    trade_at(rig, 110, 90)
    assert digest(copy) == before

    for price in (110, 90):
        copy.execute(rig.order("bob", SELL, 1, price))
        copy.execute(rig.order("carol", BUY, 1, price))
    assert digest(copy) == digest(rig.exchange)
    assert violations(copy) == []


def test_the_digest_sees_them_and_their_pursuit(rig: Rig) -> None:
    before = digest(rig.exchange)
    conditional = wait(rig, rig.order("alice", SELL, 1, 130), above(110), trail_ppm=50_000)
    assert digest(rig.exchange) != before

    rig.execute(cancel(rig, conditional))
    assert digest(rig.exchange) == before


def test_a_broken_watch_is_noticed(rig: Rig) -> None:
    conditional = wait(rig, rig.order("alice", SELL, 1, 130), above(110))
    conditional.trigger = above(100)
    assert any("waits although 100" in line for line in violations(rig.exchange))

    rig.exchange.conditionals.waiting = 2
    assert any("counts 2" in line for line in violations(rig.exchange))
