"""What an owner changes about a position without an order: its leverage, and the margin of an isolated one."""

from __future__ import annotations

import pytest
from perpetual_rig import CROSS, ISOLATED, LONG, SHORT, PerpetualRig, perpetual_rig

from mockex.core.commands import ChangeLeverage, FreezeAccount, MoveMargin
from mockex.core.contract_terms import MarginMethod
from mockex.core.events import BalanceChanged, PositionChanged, Rejected
from mockex.core.ledger import BalanceCause
from mockex.core.rejects import RejectReason

USDT = 10**18


@pytest.fixture
def rig() -> PerpetualRig:
    """alice is 0.1 long at 100,000 with ten times leverage, bob 0.1 short; nothing else is set aside."""
    return held(ISOLATED)


def held(method: MarginMethod) -> PerpetualRig:
    rig = perpetual_rig()
    rig.enter("bob", SHORT, "0.1", "100000")
    rig.enter("alice", LONG, "0.1", "100000", method=method)
    return rig


def lever(rig: PerpetualRig, leverage: int, who: str = "alice") -> tuple[object, ...]:
    return rig.execute(ChangeLeverage(account_id=who, position_id=rig.position("alice").position_id, leverage=leverage))


def move(rig: PerpetualRig, amount: int, who: str = "alice") -> tuple[object, ...]:
    """`amount` in atoms."""
    return rig.execute(MoveMargin(account_id=who, position_id=rig.position("alice").position_id, amount=amount))


def refusal(events: tuple[object, ...]) -> RejectReason | None:
    (first, *rest) = events
    if not isinstance(first, Rejected):
        return None
    assert rest == []
    return first.reason


@pytest.mark.parametrize("method", MarginMethod)
def test_a_changed_leverage_asks_for_its_own_margin(method: MarginMethod) -> None:
    rig = held(method)

    for leverage, margin in ((20, 500), (5, 2_000), (100, 100), (1, 10_000)):
        assert refusal(lever(rig, leverage)) is None
        position = rig.position("alice")
        assert (position.leverage, rig.usdt(position.margin)) == (leverage, margin)
        assert rig.usdt(rig.balance("alice", "USDT").held) == margin


def test_what_opening_orders_hold_follows_the_leverage_and_closing_ones_hold_nothing(rig: PerpetualRig) -> None:
    rig.enter("alice", LONG, "0.1", "90000")
    rig.leave("alice", LONG, "0.05", "110000")

    assert refusal(lever(rig, 20)) is None

    assert rig.usdt(rig.position("alice").order_margin) == 459  # 9,000 / 20, and a tenth of a percent
    assert rig.usdt(rig.balance("alice", "USDT").held) == 959
    rig.override_mark("100000")
    rig.enter("bob", SHORT, "0.1", "90000")
    assert rig.usdt(rig.position("alice").margin) == 950


def test_a_position_that_is_only_an_order_changes_its_leverage_too() -> None:
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "90000")

    assert refusal(lever(rig, 3)) is None

    assert rig.usdt(rig.position("alice").order_margin) == 3_009
    assert refusal(move(rig, USDT)) is RejectReason.POSITION_UNKNOWN


def test_the_new_leverage_moves_the_price_of_liquidation(rig: PerpetualRig) -> None:
    lever(rig, 50)
    rig.override_mark("98500")
    assert rig.positions("alice") != []

    rig.override_mark("98492")
    assert rig.positions("alice") == []  # 98,492.46...: (10,000 - 200) / 0.1 / 0.995


def test_added_margin_moves_the_price_of_liquidation_and_can_be_taken_back(rig: PerpetualRig) -> None:
    move(rig, 500 * USDT)
    rig.override_mark("90000")
    assert rig.usdt(rig.position("alice").margin) == 1_500

    assert refusal(move(rig, -500 * USDT)) is RejectReason.MARGIN_TOO_SMALL  # it would be liquidated at once
    rig.override_mark("95000")
    assert refusal(move(rig, -500 * USDT)) is None
    rig.override_mark("90000")
    assert rig.positions("alice") == []


def test_what_the_leverage_asks_for_stays_with_the_position(rig: PerpetualRig) -> None:
    rig.override_mark("150000")

    assert refusal(move(rig, -1)) is RejectReason.MARGIN_TOO_SMALL
    assert refusal(move(rig, 2)) is None
    assert refusal(move(rig, -2)) is None


def test_a_leverage_that_would_liquidate_is_refused(rig: PerpetualRig) -> None:
    rig.override_mark("98000")  # 200 lost, 49 to maintain

    assert refusal(lever(rig, 41)) is RejectReason.MARGIN_TOO_SMALL
    assert refusal(lever(rig, 40)) is None


@pytest.mark.parametrize("leverage", [-1, 0, 101])
def test_a_leverage_outside_of_the_tier_is_refused(rig: PerpetualRig, leverage: int) -> None:
    assert refusal(lever(rig, leverage)) is RejectReason.LEVERAGE_OUT_OF_RANGE


def test_the_tier_is_that_of_the_position_and_its_orders() -> None:
    rig = perpetual_rig()
    rig.enter("alice", LONG, "10", "90000", leverage=50)
    assert refusal(lever(rig, 100)) is None
    assert refusal(lever(rig, 50)) is None

    rig.enter("alice", LONG, "2", "90000", leverage=50)

    assert refusal(lever(rig, 68)) is RejectReason.LEVERAGE_OUT_OF_RANGE


def test_money_must_be_free_for_more_margin() -> None:
    rig = perpetual_rig()
    rig.open("carol", USDT=1_100)
    rig.enter("bob", SHORT, "0.1", "100000")
    rig.enter("carol", LONG, "0.1", "100000")
    position_id = rig.position("carol").position_id

    def moved(amount: int) -> RejectReason | None:
        return refusal(rig.execute(MoveMargin(account_id="carol", position_id=position_id, amount=amount)))

    assert refusal(rig.execute(ChangeLeverage(account_id="carol", position_id=position_id, leverage=9))) is (
        RejectReason.INSUFFICIENT_FUNDS
    )
    assert moved(90 * USDT + 1) is RejectReason.INSUFFICIENT_FUNDS
    assert moved(90 * USDT) is None


def test_margin_is_not_added_at_the_cost_of_a_cross_position() -> None:
    rig = perpetual_rig()
    rig.open("carol", USDT=3_000)
    rig.enter("bob", SHORT, "0.2", "100000")
    rig.enter("carol", LONG, "0.1", "100000", method=CROSS)
    rig.enter("bob", LONG, "0.1", "99999")
    rig.enter("carol", SHORT, "0.1", "99999")
    isolated = next(position for position in rig.positions("carol") if position.isolated)
    rig.override_mark("92000")  # 800 lost by the cross position; free is what is not set aside, less that

    def moved(amount: int) -> RejectReason | None:
        return refusal(rig.execute(MoveMargin(account_id="carol", position_id=isolated.position_id, amount=amount)))

    free = rig.balance("carol", "USDT").total - rig.balance("carol", "USDT").held - 800 * USDT
    assert moved(free + 1) is RejectReason.INSUFFICIENT_FUNDS
    assert moved(free) is None
    assert len(rig.positions("carol")) == 2


def test_only_the_owner_changes_a_position_and_not_while_frozen(rig: PerpetualRig) -> None:
    assert refusal(lever(rig, 20, "bob")) is RejectReason.POSITION_UNKNOWN
    assert refusal(move(rig, USDT, "bob")) is RejectReason.POSITION_UNKNOWN
    rig.execute(FreezeAccount(account_id="alice", frozen=True))

    assert refusal(lever(rig, 20)) is RejectReason.ACCOUNT_FROZEN
    assert refusal(move(rig, USDT)) is RejectReason.ACCOUNT_FROZEN


def test_a_cross_position_has_no_margin_of_its_own_to_move() -> None:
    assert refusal(move(held(CROSS), USDT)) is RejectReason.POSITION_TERMS_CHANGED


def test_nothing_is_no_amount(rig: PerpetualRig) -> None:
    assert refusal(move(rig, 0)) is RejectReason.AMOUNT_NOT_POSITIVE


def test_a_change_is_told_of_the_position_and_the_balance_and_books_nothing(rig: PerpetualRig) -> None:
    entries = len(rig.balance("alice", "USDT").entries)

    told, balance = move(rig, 12 * USDT)

    assert isinstance(told, PositionChanged)
    assert rig.usdt(told.margin) == 1_012
    assert isinstance(balance, BalanceChanged)
    assert (balance.cause, balance.total_changed) == (BalanceCause.MARGIN_MOVED, False)
    assert len(rig.balance("alice", "USDT").entries) == entries
