"""Orders that are never accepted: impossible terms, too many open, frozen accounts, phases of a market."""

from decimal import Decimal
from typing import Any

import pytest
from exchange_rig import PLAIN, Rig, make_instrument, rich_rig, whole_funds

from mockex.core.commands import CancelOrder, FreezeAccount, OpenAccount, PlaceOrder, SetPhase
from mockex.core.events import (
    AccountChanged,
    PhaseChanged,
    Rejected,
)
from mockex.core.markets import MarketPhase
from mockex.core.orders import (
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from mockex.core.policy import ClientIdPolicy
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet

BUY, SELL = Side.BUY, Side.SELL
FOK, IOC = TimeInForce.FOK, TimeInForce.IOC


@pytest.fixture
def rig() -> Rig:
    """alice and bob have 1000 COIN and 100000 CASH each."""
    return rich_rig()


# --- refused terms


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"symbol": "NO-SUCH"}, RejectReason.SYMBOL_UNKNOWN),
        ({"account_id": "nobody"}, RejectReason.ACCOUNT_UNKNOWN),
        ({"limit_price": 0}, RejectReason.PRICE_NOT_POSITIVE),
        ({"limit_price": -1}, RejectReason.PRICE_NOT_POSITIVE),
        ({"limit_price": None}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_qty": None}, RejectReason.ORDER_TERMS_INVALID),
        ({"budget": 100}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_qty": None, "budget": 100}, RejectReason.ORDER_TERMS_INVALID),
        ({"post_only": True, "time_in_force": IOC}, RejectReason.ORDER_TERMS_INVALID),
        ({"post_only": True, "time_in_force": FOK}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_type": OrderType.MARKET}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_type": OrderType.MARKET, "limit_price": None, "order_qty": None}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_type": OrderType.MARKET, "limit_price": None, "budget": 100}, RejectReason.ORDER_TERMS_INVALID),
        ({"order_type": OrderType.MARKET, "limit_price": None, "post_only": True}, RejectReason.ORDER_TERMS_INVALID),
        (
            {"order_type": OrderType.MARKET, "limit_price": None, "order_qty": None, "budget": 100, "side": SELL},
            RejectReason.ORDER_TERMS_INVALID,
        ),
        (
            {"order_type": OrderType.MARKET, "limit_price": None, "order_qty": None, "budget": 0},
            RejectReason.AMOUNT_NOT_POSITIVE,
        ),
        ({"order_qty": 0}, RejectReason.QTY_NOT_POSITIVE),
        ({"order_qty": -3}, RejectReason.QTY_NOT_POSITIVE),
        ({"order_qty": 4}, RejectReason.QTY_BELOW_MINIMUM),
        ({"order_qty": 51}, RejectReason.QTY_ABOVE_MAXIMUM),
        ({"order_qty": 50}, RejectReason.INSUFFICIENT_FUNDS),
        ({"side": SELL, "order_qty": 11}, RejectReason.INSUFFICIENT_FUNDS),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused_without_a_trace(changes: dict[str, Any], reason: RejectReason) -> None:
    rig = Rig(make_instrument("COIN-CASH", tick="1", lot="1", min_qty="5", decimals=0, max_qty=Decimal(50)))
    rig.open("alice", CASH=1_000, COIN=10)
    good: dict[str, Any] = {
        "account_id": "alice",
        "symbol": "COIN-CASH",
        "side": BUY,
        "order_type": OrderType.LIMIT,
        "limit_price": 100,
        "order_qty": 10,
    }
    assert rig.refused(PlaceOrder(**good | changes)) is reason
    assert len(rig.exchange.orders) == 0
    assert rig.place(PlaceOrder(**good)).order_id == 1


def test_a_refusal_names_the_value_and_the_limit_it_broke(rig: Rig) -> None:
    rig.open("carol", CASH=449)
    (event,) = rig.execute(rig.order("carol", BUY, 5, 90))
    assert event == Rejected(RejectReason.INSUFFICIENT_FUNDS, "450", "449")


def test_an_order_may_use_the_last_atom_available(rig: Rig) -> None:
    rig.open("carol", CASH=450)
    rig.buy("carol", 5, 90)
    assert whole_funds(rig, "carol")["CASH"] == (450, 450)
    assert rig.refused(rig.order("carol", BUY, 1, 1)) is RejectReason.INSUFFICIENT_FUNDS


# --- how many may be open


def test_no_more_orders_may_be_open_than_the_policy_says() -> None:
    rig = rich_rig(max_open_orders=2)
    first = rig.buy("alice", 1, 80)
    rig.buy("alice", 1, 81)
    assert rig.refused(rig.order("alice", BUY, 1, 82)) is RejectReason.TOO_MANY_OPEN_ORDERS
    rig.buy("bob", 1, 82)
    rig.cancel(first)
    rig.buy("alice", 1, 83)


def test_an_order_that_cannot_rest_does_not_count_as_open() -> None:
    rig = rich_rig(max_open_orders=1)
    rig.buy("alice", 1, 80)
    assert rig.sell("alice", 1).status is OrderStatus.FILLED
    rig.buy("alice", 1, 80)
    assert rig.buy("alice", 1, 90, time_in_force=IOC).status is OrderStatus.CANCELLED


# --- freezes and phases


def test_a_frozen_account_places_nothing_and_may_still_cancel(rig: Rig) -> None:
    order = rig.buy("alice", 1, 80)
    assert rig.execute(FreezeAccount(account_id="alice", frozen=True)) == (AccountChanged("alice"),)
    assert rig.refused(rig.order("alice", BUY, 1, 80)) is RejectReason.ACCOUNT_FROZEN
    rig.cancel(order)
    rig.execute(FreezeAccount(account_id="alice", frozen=False))
    rig.buy("alice", 1, 80)


def test_resting_orders_of_a_frozen_account_still_trade(rig: Rig) -> None:
    order = rig.buy("alice", 1, 80)
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    rig.sell("bob", 1, 80)
    assert order.status is OrderStatus.FILLED


def test_a_frozen_wallet_stops_the_orders_that_it_pays_for(rig: Rig) -> None:
    rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.FUNDING))
    rig.buy("alice", 1, 80)
    rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.SPOT))
    assert rig.refused(rig.order("alice", BUY, 1, 80)) is RejectReason.WALLET_FROZEN
    rig.execute(FreezeAccount(account_id="alice", frozen=False, wallet=Wallet.SPOT))
    rig.buy("alice", 1, 80)


def test_an_unknown_account_cannot_be_frozen_and_a_known_one_not_opened_twice(rig: Rig) -> None:
    assert rig.refused(FreezeAccount(account_id="nobody", frozen=True)) is RejectReason.ACCOUNT_UNKNOWN
    assert rig.refused(OpenAccount(account_id="alice")) is RejectReason.ACCOUNT_EXISTS


@pytest.mark.parametrize(
    ("phase", "limit", "market", "cancel"),
    [
        (MarketPhase.CONTINUOUS, None, None, None),
        (MarketPhase.HALTED, RejectReason.INSTRUMENT_HALTED, RejectReason.INSTRUMENT_HALTED, None),
        (MarketPhase.CALL_AUCTION, None, RejectReason.AUCTION_LIMIT_ONLY, None),
        (MarketPhase.PRICE_DISCOVERY, RejectReason.AUCTION_MARKET_ONLY, None, RejectReason.AUCTION_NO_CANCEL),
    ],
)
def test_a_phase_says_what_an_instrument_takes(
    rig: Rig,
    phase: MarketPhase,
    limit: RejectReason | None,
    market: RejectReason | None,
    cancel: RejectReason | None,
) -> None:
    order = rig.buy("alice", 1, 80)
    assert rig.execute(SetPhase(symbol="PLAIN", phase=phase)) == (PhaseChanged("PLAIN"),)
    limit_order, market_order = rig.order("bob", BUY, 1, 70), rig.order("bob", BUY, 1)
    cancelling = CancelOrder(account_id="alice", order_id=order.order_id)
    for command, reason in ((limit_order, limit), (market_order, market), (cancelling, cancel)):
        events = rig.execute(command)
        assert [event.reason for event in events if isinstance(event, Rejected)] == ([] if reason is None else [reason])


def test_resting_orders_survive_a_halt(rig: Rig) -> None:
    rig.buy("alice", 1, 80)
    rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.HALTED))
    rig.execute(SetPhase(symbol="PLAIN", phase=MarketPhase.CONTINUOUS))
    assert rig.levels() == {"bids": [(80, [1])], "asks": []}
    rig.sell("bob", 1)
    assert rig.levels() == {"bids": [], "asks": []}


def test_an_unknown_instrument_has_no_phase(rig: Rig) -> None:
    assert rig.refused(SetPhase(symbol="NO-SUCH", phase=MarketPhase.HALTED)) is RejectReason.SYMBOL_UNKNOWN


# --- a cap that comes with the order


def test_an_order_that_could_stay_is_refused_at_its_own_cap_of_live_orders_in_all_instruments() -> None:
    rig = Rig(PLAIN, make_instrument("A-B", tick="1", lot="1"))
    rig.open("alice", COIN=100, CASH=1_000, A=10, B=1_000)
    first = rig.buy("alice", 1, 80)
    rig.buy("alice", 1, 80, symbol="A-B")

    assert rig.refused(rig.order("alice", BUY, 1, 80, open_orders_cap=2)) is RejectReason.TOO_MANY_OPEN_ORDERS
    assert rig.buy("alice", 1, 80, open_orders_cap=3).is_live
    for passing in ({"time_in_force": IOC}, {"time_in_force": FOK}):
        assert not rig.buy("alice", 1, 80, open_orders_cap=2, **passing).is_live
    assert rig.buy("alice", 1, 80).is_live, "without a cap there is none"
    rig.cancel(first)
    assert rig.refused(rig.order("alice", SELL, 1, 200, open_orders_cap=3)) is RejectReason.TOO_MANY_OPEN_ORDERS
    assert rig.sell("alice", 1, 200, open_orders_cap=4).is_live


# --- client ids that are taken for a time


def test_a_client_id_stays_taken_while_its_order_lives_and_for_a_time_after_it_came() -> None:
    rig = rich_rig(client_ids=ClientIdPolicy.UNIQUE, client_id_taken_ns=1_000)
    lives, ends = rig.buy("alice", 1, 80, client_id="lives"), rig.buy("alice", 1, 80, client_id="ends")
    rig.clock.advance(600)
    rig.cancel(ends)
    rig.clock.advance(399)
    assert rig.refused(rig.order("alice", BUY, 1, 80, client_id="ends")) is RejectReason.DUPLICATE_CLIENT_ID
    assert rig.buy("bob", 1, 80, client_id="ends").is_live

    rig.clock.advance(1)

    assert rig.buy("alice", 1, 80, client_id="ends").is_live, "counted from its coming, not from its end"
    assert rig.refused(rig.order("alice", BUY, 1, 80, client_id="lives")) is RejectReason.DUPLICATE_CLIENT_ID
    assert lives.is_live


def test_without_a_time_a_client_id_stays_taken_as_long_as_its_order_is_remembered() -> None:
    rig = rich_rig(client_ids=ClientIdPolicy.UNIQUE, unfilled_cancelled_retention_ns=5_000)
    rig.cancel(rig.buy("alice", 1, 80, client_id="ends"))
    rig.clock.advance(4_999)
    assert rig.refused(rig.order("alice", BUY, 1, 80, client_id="ends")) is RejectReason.DUPLICATE_CLIENT_ID
    rig.clock.advance(1)
    assert rig.buy("alice", 1, 80, client_id="ends").is_live
