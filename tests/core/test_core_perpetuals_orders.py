"""Orders for contracts: what they open and close, what they hold, and why they are refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from perpetual_rig import CROSS, ISOLATED, LONG, SHORT, SPLIT, PerpetualRig, perpetual_rig

from mockex.core.clock import VirtualClock
from mockex.core.commands import PlaceOrder
from mockex.core.contract_terms import PositionTerms
from mockex.core.funding import MINUTE_NS
from mockex.core.invariants import digest, violations
from mockex.core.orders import Side, StopDirection, StopTrigger, TimeInForce
from mockex.core.rejects import RejectReason

OPEN_LONG = PositionTerms(merge=LONG, margin_method=ISOLATED, leverage=10)
CLOSE_LONG = replace(OPEN_LONG, close=True)


@pytest.fixture
def rig() -> PerpetualRig:
    """alice is 0.1 long, bob 0.1 short, at 100000; both isolated, ten times leveraged."""
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "100000")
    rig.enter("bob", SHORT, "0.1", "100000")
    return rig


def order(rig: PerpetualRig, side: Side, qty: str, terms: PositionTerms | None, price: str | None = "100000") -> PlaceOrder:
    return rig.order("alice", side, qty, price, position=terms)


@pytest.mark.parametrize(
    ("side", "qty", "terms", "reason"),
    [
        (Side.SELL, "0.1", OPEN_LONG, RejectReason.POSITION_SIDE_WRONG),
        (Side.BUY, "0.1", CLOSE_LONG, RejectReason.POSITION_SIDE_WRONG),
        (Side.SELL, "0.1001", CLOSE_LONG, RejectReason.QTY_ABOVE_CLOSABLE),
        (Side.BUY, "0.1", replace(CLOSE_LONG, merge=SHORT), RejectReason.QTY_ABOVE_CLOSABLE),
        (Side.SELL, "0.1", replace(CLOSE_LONG, position_id=99), RejectReason.POSITION_UNKNOWN),
        (Side.BUY, "0.1", replace(OPEN_LONG, position_id=99), RejectReason.POSITION_UNKNOWN),
        (Side.SELL, "0.1", replace(CLOSE_LONG, merge=SPLIT), RejectReason.POSITION_UNKNOWN),
        (Side.SELL, "0.1", replace(CLOSE_LONG, merge=SPLIT, position_id=1), RejectReason.POSITION_UNKNOWN),
        (Side.BUY, "0.1", replace(OPEN_LONG, leverage=11), RejectReason.POSITION_TERMS_CHANGED),
        (Side.BUY, "0.1", replace(OPEN_LONG, margin_method=CROSS), RejectReason.POSITION_TERMS_CHANGED),
        (Side.SELL, "0.1", replace(OPEN_LONG, merge=SHORT, leverage=0), RejectReason.LEVERAGE_OUT_OF_RANGE),
        (Side.SELL, "0.1", replace(OPEN_LONG, merge=SHORT, leverage=101), RejectReason.LEVERAGE_OUT_OF_RANGE),
        (Side.SELL, "10.0001", replace(OPEN_LONG, merge=SHORT, leverage=68), RejectReason.LEVERAGE_OUT_OF_RANGE),
        (Side.SELL, "10", replace(OPEN_LONG, merge=SHORT), RejectReason.INSUFFICIENT_FUNDS),
        (Side.SELL, "0.1", replace(OPEN_LONG, merge=SPLIT, position_id=1), RejectReason.ORDER_TERMS_INVALID),
        (Side.BUY, "0.1", None, RejectReason.ORDER_TERMS_INVALID),
    ],
)  # fmt: skip
def test_an_order_that_fits_no_position_is_refused(
    rig: PerpetualRig, side: Side, qty: str, terms: PositionTerms | None, reason: RejectReason
) -> None:
    assert rig.refused(order(rig, side, qty, terms)) is reason


def test_contracts_take_no_stop_orders_and_spot_takes_no_positions(rig: PerpetualRig) -> None:
    waiting = replace(order(rig, Side.BUY, "0.1", OPEN_LONG), trigger=StopTrigger(1_200_000_000, StopDirection.AT_OR_ABOVE))
    assert rig.refused(waiting) is RejectReason.ORDER_TERMS_INVALID
    spot = rig.order("alice", Side.BUY, "0.1", "100", symbol="BTC_USDT", position=OPEN_LONG)
    assert rig.refused(spot) is RejectReason.ORDER_TERMS_INVALID


def test_what_a_resting_order_closes_no_other_can(rig: PerpetualRig) -> None:
    rig.leave("alice", LONG, "0.06", "110000")
    assert rig.refused(order(rig, Side.SELL, "0.05", CLOSE_LONG)) is RejectReason.QTY_ABOVE_CLOSABLE
    rig.leave("alice", LONG, "0.04", "110000")


def test_each_opening_order_of_split_positions_has_its_own() -> None:
    rig = perpetual_rig()
    for price in ("100000", "101000"):
        rig.enter("alice", SPLIT, "0.1", price, side=Side.BUY)
    rig.enter("bob", SHORT, "0.2", "90000")
    first, second = rig.positions("alice")
    assert [rig.price(position.entry_price) for position in (first, second)] == [Decimal(100_000), Decimal(101_000)]
    rig.enter("bob", LONG, "0.1", "100000")
    rig.leave("alice", SPLIT, "0.1", "100000", side=Side.SELL, position_id=second.position_id)
    assert rig.positions("alice") == [first]


def test_a_merged_position_averages_its_entry_exactly(rig: PerpetualRig) -> None:
    rig.enter("alice", LONG, "0.2", "100001")
    rig.enter("bob", SHORT, "0.2", "100001")
    position = rig.position("alice")
    assert position.entry_price * 3 == 3_000_020_000
    rig.enter("bob", LONG, "0.1", "100001")
    rig.leave("alice", LONG, "0.1", "100001")
    # Closing a part takes its share of the cost, rounded to an atom.
    assert abs(position.cost * 3 - 2 * (10_000 + 2 * Fraction("10000.1")) * 10**18) < 3


def test_a_sale_that_opens_above_its_limit_holds_what_that_costs() -> None:
    rig = perpetual_rig()
    rig.enter("bob", LONG, "0.1", "110000")
    sale = rig.enter("alice", SHORT, "0.2", "100000")
    assert rig.usdt(rig.position("alice").margin) == 1_100
    assert rig.usdt(sale.hold_left) == 1_010
    assert rig.funds("alice", "USDT") == (Decimal(99_989), Decimal(2_110))


def test_a_market_order_opens_against_what_is_there_and_ends() -> None:
    rig = perpetual_rig()
    rig.enter("bob", LONG, "0.1", "100000")
    terms = PositionTerms(merge=SHORT, margin_method=ISOLATED, leverage=10)
    placed = rig.place(rig.order("alice", Side.SELL, "0.3", None, position=terms))
    assert placed.filled_qty == 1_000
    assert rig.funds("alice", "USDT") == (Decimal(99_990), Decimal(1_000))


def test_a_cross_order_needs_what_unrealised_losses_leave() -> None:
    rig = perpetual_rig()
    rig.mark_at("100000")
    rig.enter("alice", LONG, "1", "100000", method=CROSS)
    rig.give("bob", USDT=200_000)
    rig.enter("bob", SHORT, "1", "100000", leverage=1)
    rig.open("dan", USDT=1_000)
    rig.enter("dan", LONG, "0.0001", "50000")
    rig.mark_at("50000")
    rig.enter("bob", SHORT, "0.0001", "50000", leverage=1, time_in_force=TimeInForce.IOC)
    # 99900 less 10000 of margin; 50000 of it are lost as things stand.
    assert rig.mark == 50_000
    terms = PositionTerms(merge=LONG, margin_method=CROSS, leverage=10)
    assert rig.refused(rig.order("alice", Side.BUY, "8", "50000", position=terms)) is RejectReason.INSUFFICIENT_FUNDS
    rig.enter("alice", LONG, "7.8", "50000", method=CROSS)


def test_the_mark_is_the_median_of_index_middle_and_last() -> None:
    rig = perpetual_rig()
    assert rig.contract().mark is None
    rig.mark_at("100")
    assert rig.mark == 100
    rig.enter("alice", LONG, "1", "103")
    assert rig.mark == 100  # one side has no middle
    rig.enter("bob", SHORT, "1", "105.0001")
    assert rig.mark == 102  # (100 + 104.00005) / 2 = 102.000025
    rig.enter("bob", SHORT, "0.5", "103")
    assert rig.mark == 103  # 100, 103 and 104.00005
    rig.mark_at(None)
    rig.open("dan", USDT=10_000, BTC=1)
    rig.sell("dan", "0.1", "104", symbol="BTC_USDT")
    rig.buy("dan", "0.1", "104", symbol="BTC_USDT")
    assert rig.mark == 104  # 104, 103 and 104.00005


def test_eight_hours_of_premium_make_the_rate_and_both_sides_settle_it() -> None:
    rig = perpetual_rig()
    rig.mark_at("100000")
    rig.enter("alice", LONG, "0.1", "100000")
    rig.enter("bob", SHORT, "0.1", "100000")
    rig.enter("alice", LONG, "0.1", "100200")
    rig.enter("bob", SHORT, "0.1", "100400")  # a middle of 0.3 % above the index
    funding = rig.contract().funding
    assert funding is not None
    assert funding.predicted(rig.clock.now_ns()) == 100_000  # no full minute yet
    rig.clock.advance_to(240 * MINUTE_NS)
    assert funding.predicted(rig.clock.now_ns()) == 2_500_000  # 0.3 % less the 0.05 % that the interest may take off
    rig.mark_at("100300")  # the second half has no premium
    rig.clock.advance_to(480 * MINUTE_NS)
    # 240 minutes of 0.3 %, 240 of nothing: 0.15 %, less 0.05 %.
    assert funding.rate == 1_000_000
    assert funding.next_ns == 960 * MINUTE_NS
    # Mark 100300 (index and middle): 10030 x 0.1 % out of the isolated margin, into the other's balance.
    assert rig.usdt(rig.position("alice").margin) == Decimal("1000") - Decimal("10.03")
    assert rig.funds("bob", "USDT")[0] == Decimal(100_000) - 10 + Decimal("10.03")


def test_a_fork_carries_positions_and_goes_its_own_way(rig: PerpetualRig) -> None:
    copy = rig.exchange.fork(clock=VirtualClock(rig.clock.now_ns()), schedule=lambda due_ns, command: None)
    assert digest(copy) == digest(rig.exchange)
    before = digest(copy)
    rig.enter("bob", LONG, "0.1", "90000")
    rig.leave("alice", LONG, "0.1", "90000")
    assert digest(copy) == before
    assert violations(copy) == []
