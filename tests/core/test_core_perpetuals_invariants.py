"""The checker of contracts: a healthy exchange passes, and each kind of damage is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from perpetual_rig import CROSS, LONG, PERP, SHORT, SPOT, PerpetualRig, instrument, perpetual, perpetual_rig

from mockex.core.invariants import violations


@pytest.fixture
def rig() -> PerpetualRig:
    """alice is 0.1 long with an order more of each kind, bob 0.1 short on cross margin."""
    rig = perpetual_rig()
    rig.enter("alice", LONG, "0.1", "100000")
    rig.enter("bob", SHORT, "0.1", "100000", method=CROSS)
    rig.enter("alice", LONG, "0.1", "90000")
    rig.leave("alice", LONG, "0.05", "110000")
    return rig


def grow_a_stake(rig: PerpetualRig) -> None:
    rig.contract().insurance_qty += 1


def forget_a_loss(rig: PerpetualRig) -> None:
    rig.position("bob").cost -= 1


def lose_margin(rig: PerpetualRig) -> None:
    rig.position("alice").margin -= 1


def miscount_what_is_closed(rig: PerpetualRig) -> None:
    rig.position("alice").closing_qty += 1


def forget_an_order(rig: PerpetualRig) -> None:
    rig.position("alice").orders.popitem()


def missum_the_orders(rig: PerpetualRig) -> None:
    rig.position("alice").order_margin += 1


def call_cross_margin_committed(rig: PerpetualRig) -> None:
    balance = rig.balance("bob", "USDT")
    balance.committed, balance.cross_margin = balance.cross_margin, 0


def miscount_an_account(rig: PerpetualRig) -> None:
    cross = rig.position("bob").cross
    assert cross is not None
    cross.cost += 1


def forget_what_an_account_has_at_stake(rig: PerpetualRig) -> None:
    cross = rig.position("bob").cross
    assert cross is not None
    cross.stakes.clear()


def pass_a_liquidation_over(rig: PerpetualRig) -> None:
    rig.contract().mark = 904_522_613


def pass_an_account_over(rig: PerpetualRig) -> None:
    rig.contract().mark = 20_000_000_000


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (grow_a_stake, "BTC_USDT_SWAP: 1 lots more long than short"),
        (forget_a_loss, "clearing has 0 USDT, positions say -1"),
        (lose_margin, "needs 1908999999999999999999 held"),
        (miscount_what_is_closed, "500 lots are being closed, counts 501"),
        (forget_an_order, "has orders [3], live are [3, 4]"),
        (missum_the_orders, "sums its orders to 909000000000000000001 and"),
        (call_cross_margin_committed, "commits 1000000000000000000000 and 0: <Balance bob"),
        (miscount_an_account, "sums its positions to -9999999999999999999999 and [(-1"),
        (forget_what_an_account_has_at_stake, "and []: <CrossMargin of <Balance bob"),
        (pass_a_liquidation_over, "is not liquidated at 904522613: <Position 1 alice"),
        (pass_an_account_over, "is not liquidated: <Balance bob"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_damage_is_named(rig: PerpetualRig, damage: Callable[[PerpetualRig], None], words: str) -> None:
    assert violations(rig.exchange) == []
    damage(rig)
    assert words in "\n".join(violations(rig.exchange))


def test_a_reserve_that_is_miscounted_is_named() -> None:
    """Only an account in several contracts has one."""
    rig = PerpetualRig(perpetual(), perpetual("OTHER"), instrument(SPOT))
    for account_id in ("alice", "bob"):
        rig.open(account_id, USDT="1000000")
    for symbol in (PERP, "OTHER"):
        rig.enter("alice", LONG, "0.1", "100000", method=CROSS, symbol=symbol)
        rig.enter("bob", SHORT, "0.1", "100000", method=CROSS, symbol=symbol)
    rig.enter("bob", SHORT, "0.1", "100000", method=CROSS)
    rig.enter("alice", LONG, "0.1", "100000", method=CROSS)  # what the reserve covers
    assert violations(rig.exchange) == []
    cross = rig.positions("bob")[0].cross
    assert cross is not None
    assert cross.bounded

    cross.reserve += 1

    assert "in reserve: <CrossMargin of <Balance bob" in "\n".join(violations(rig.exchange))
