"""Positions closed by force: isolated and cross, by the book and by the insurance fund, and what is left afterwards."""

from __future__ import annotations

from decimal import Decimal

from perpetual_rig import CROSS, LONG, PERP, SHORT, PerpetualRig, perpetual, perpetual_rig

from mockex.core.commands import SetPhase
from mockex.core.events import OrderCancelled, PositionLiquidated
from mockex.core.ledger import EntryKind
from mockex.core.markets import MarketPhase
from mockex.core.orders import CancelReason, OrderStatus


def d(text: str) -> Decimal:
    return Decimal(text)


def long_of_alice(method: object = None) -> PerpetualRig:
    """alice is 0.1 long at 100000 against bob, ten times leveraged: liquidated at 90452.2613, bankrupt at 90000."""
    rig = perpetual_rig()
    terms = {} if method is None else {"method": method}
    rig.enter("alice", LONG, "0.1", "100000", **terms)
    rig.enter("bob", SHORT, "0.1", "100000", leverage=1)
    return rig


def liquidations(rig: PerpetualRig) -> list[PositionLiquidated]:
    return [event for event in rig.events if isinstance(event, PositionLiquidated)]


def fall(rig: PerpetualRig, price: str) -> None:
    """Index and a trade of small people at that price, so that it is the mark."""
    rig.mark_at(price)
    for account_id in ("maker", "taker"):
        if account_id not in rig.exchange.accounts:
            rig.open(account_id, USDT=1_000)
    rig.quote(price)


def test_a_position_stays_a_tick_above_its_liquidation_price_and_goes_at_it() -> None:
    rig = long_of_alice()
    fall(rig, "90452.2614")
    assert rig.mark == d("90452.2614")
    assert liquidations(rig) == []
    fall(rig, "90452.2613")
    (liquidated,) = liquidations(rig)
    assert rig.price(liquidated.mark) == d("90452.2613")
    assert rig.positions("alice") == []


def test_what_no_bid_takes_the_insurance_fund_takes_at_the_bankruptcy_price() -> None:
    rig = long_of_alice()
    fall(rig, "90452.2613")
    (liquidated,) = liquidations(rig)
    assert liquidated.order is not None
    assert liquidated.order.status is OrderStatus.CANCELLED
    assert rig.price(liquidated.order.limit_price) == d("90000")
    assert (liquidated.taken_qty, rig.usdt(liquidated.taken_notional)) == (1_000, d("9000"))
    assert rig.contract().insurance_qty == 1_000
    # The entry fee of 10, then all of the margin, and no fee: nothing was left for it.
    assert rig.funds("alice", "USDT") == (d("98990"), 0)


def test_what_bids_take_is_traded_and_its_fee_is_paid_from_the_margin() -> None:
    rig = long_of_alice()
    rig.open("dan", USDT=100_000)
    rig.enter("dan", LONG, "0.06", "90400")
    fall(rig, "90452.2613")
    (liquidated,) = liquidations(rig)
    assert liquidated.order is not None
    assert liquidated.order.fills is not None
    assert [(rig.price(fill.price), fill.qty) for fill in liquidated.order.fills] == [(d("90400"), 600)]
    assert liquidated.taken_qty == 400
    kinds = [entry.kind for entry in rig.balance("alice", "USDT").entries.newest(2)]
    assert kinds == [EntryKind.LIQUIDATION, EntryKind.LIQUIDATION]
    # 0.06 at 90400 lose 576 and cost 5.424; 0.04 lose their margin of 400.
    assert rig.funds("alice", "USDT") == (d("99990") - d("576") - d("5.424") - d("400"), 0)


def test_orders_of_the_position_are_cancelled_and_those_of_others_stay() -> None:
    rig = long_of_alice()
    adding, closing = rig.enter("alice", LONG, "0.1", "50000"), rig.leave("alice", LONG, "0.1", "150000")
    other = rig.enter("alice", SHORT, "0.1", "160000")
    fall(rig, "90000")
    cancelled = [event.order for event in rig.events if isinstance(event, OrderCancelled)]
    assert cancelled[:2] == [adding, closing]
    assert {order.cancel_reason for order in (adding, closing)} == {CancelReason.LIQUIDATION}
    assert other.is_live


def test_an_isolated_position_takes_no_more_than_its_margin_however_far_the_price_jumps() -> None:
    rig = long_of_alice()
    fall(rig, "20000")
    assert rig.funds("alice", "USDT") == (d("98990"), 0)


def test_a_cross_position_lives_on_the_whole_balance() -> None:
    rig = perpetual_rig()
    rig.enter("alice", LONG, "5", "100000", method=CROSS)
    rig.give("bob", USDT=1_000_000)
    rig.enter("bob", SHORT, "5", "100000", leverage=1)
    # 99500 of balance: 5 (100000 - M) + 0.005 x 5 M = 99500 at M = 80502.5125...
    fall(rig, "80502.5126")
    assert liquidations(rig) == []
    fall(rig, "80502.5125")
    assert len(liquidations(rig)) == 1
    total, held = rig.funds("alice", "USDT")
    assert held == 0
    assert 0 <= total < 1


def test_a_cross_account_gives_up_the_largest_loss_first_and_keeps_what_it_can_carry() -> None:
    rig = PerpetualRig(perpetual(index_symbol=None), perpetual("OTHER", index_symbol=None))
    for account_id, amount in (("alice", 10_000), ("bob", 10_000_000)):
        rig.open(account_id, USDT=amount)
    rig.enter("alice", LONG, "0.5", "100000", method=CROSS)
    rig.enter("bob", SHORT, "0.5", "100000", leverage=1)
    rig.enter("alice", LONG, "0.1", "100000", method=CROSS, symbol="OTHER")
    rig.enter("bob", SHORT, "0.1", "100000", leverage=1, symbol="OTHER")
    rig.open("dan", USDT=1_000_000)
    rig.enter("dan", LONG, "0.5", "80600")  # bids for all of the first
    rig.enter("bob", SHORT, "0.1", "80601", leverage=1)
    rig.mark_at("80800")  # 9940 less 9600 cover 252
    assert liquidations(rig) == []
    rig.mark_at("80600")  # less 9699.75 they do not
    (liquidated,) = liquidations(rig)
    assert liquidated.position.contract.symbol == PERP
    (kept,) = rig.positions("alice")
    assert kept.contract.symbol == "OTHER"
    assert kept.qty == 1_000


def test_money_that_orders_hold_answers_for_cross_losses_and_the_newest_orders_go_first() -> None:
    rig = perpetual_rig()
    rig.mark_at("100000")
    rig.enter("alice", LONG, "1", "100000", method=CROSS)
    rig.enter("bob", SHORT, "0.9", "100000", leverage=1)
    older = rig.buy("alice", "0.5", "80000", symbol="BTC_USDT")
    newer = rig.buy("alice", "0.4", "70000", symbol="BTC_USDT")
    rig.give("bob", USDT=100_000)
    # Closing at a loss of 36000: the rest of the money no longer covers both buys.
    rig.enter("bob", LONG, "0.9", "60000", leverage=1)
    rig.leave("alice", LONG, "0.9", "60000", method=CROSS)
    assert older.is_live
    assert (newer.status, newer.cancel_reason) == (OrderStatus.CANCELLED, CancelReason.LIQUIDATION)


def test_a_halted_contract_liquidates_nobody_until_it_resumes() -> None:
    rig = long_of_alice()
    rig.execute(SetPhase(symbol=PERP, phase=MarketPhase.HALTED))
    rig.mark_at("1")
    rig.mark_at("2")
    assert liquidations(rig) == []
    rig.execute(SetPhase(symbol=PERP, phase=MarketPhase.CONTINUOUS))
    assert [event.position.account.account_id for event in liquidations(rig)] == ["alice"]
