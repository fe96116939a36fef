"""Both sides of a spot trade pay in the quote asset: a buy holds its fee, a sale pays it out of what it brings."""

from __future__ import annotations

import pytest
from exchange_rig import Rig, make_instrument, make_policy

from mockex.core.fees import FeeRounding, FeeSchedule, RebateAsset
from mockex.core.ledger import EntryKind
from mockex.core.orders import BUY, SELL, TimeInForce
from mockex.core.policy import FeeAsset
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet

TENTH_OF_A_PERCENT = FeeSchedule(maker_rate=1_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=18)


def make_rig(fees: FeeSchedule = TENTH_OF_A_PERCENT, *, decimals: int = 18) -> Rig:
    rig = Rig(
        make_instrument("COIN-CASH", tick="0.01", lot="0.01", decimals=decimals),
        policy=make_policy(fees=fees, fee_asset=FeeAsset.QUOTE),
    )
    for name in ("ann", "ben"):
        rig.open(name, COIN="1000", CASH="100000")
    return rig


def money(rig: Rig, name: str, asset: str) -> tuple[str, str]:
    """(total, held) without trailing zeros."""
    total, held = (format(amount.normalize(), "f") for amount in rig.funds(name, asset))
    return total, held


def test_a_buy_holds_its_fee_and_pays_it_on_top_of_the_price() -> None:
    rig = make_rig()
    rig.place(rig.order("ann", BUY, "0.01", "10300"))
    assert money(rig, "ann", "CASH") == ("100000", "103.103")

    rig.place(rig.order("ben", SELL, "0.01", "10300"))

    assert (money(rig, "ann", "CASH"), money(rig, "ann", "COIN")) == (("99896.897", "0"), ("1000.01", "0"))
    assert (money(rig, "ben", "CASH"), money(rig, "ben", "COIN")) == (("100102.897", "0"), ("999.99", "0"))
    assert rig.exchange.ledger.fees["COIN"] == 0


def test_each_fill_gives_back_its_share_of_what_is_held() -> None:
    rig = make_rig()
    rig.place(rig.order("ann", BUY, "4", "100"))
    assert money(rig, "ann", "CASH") == ("100000", "400.4")

    rig.place(rig.order("ben", SELL, "1", "100"))

    assert money(rig, "ann", "CASH") == ("99899.9", "300.3")


def test_a_buy_that_trades_at_a_better_price_gets_the_difference_and_its_fee_back() -> None:
    rig = make_rig()
    rig.place(rig.order("ben", SELL, "1", "100"))
    rig.place(rig.order("ann", BUY, "2", "105"))

    assert money(rig, "ann", "CASH") == ("99899.9", "105.105")


def test_a_market_buy_holds_what_the_book_asks_for_and_the_fee() -> None:
    rig = make_rig()
    rig.place(rig.order("ben", SELL, "1", "100"))
    rig.place(rig.order("ben", SELL, "2", "101"))
    command = rig.order("ann", BUY, "3")
    rig.give("ann", CASH="-99697.699")

    assert rig.refused(command) is RejectReason.INSUFFICIENT_FUNDS
    rig.give("ann", CASH="0.001")
    rig.place(command)
    assert money(rig, "ann", "CASH") == ("0", "0")


def test_a_budget_is_what_is_spent_before_the_fee() -> None:
    rig = make_rig()
    rig.place(rig.order("ben", SELL, "1", "100"))
    rig.give("ann", CASH="-99949.95")
    rig.place(rig.order("ann", BUY, budget="50"))

    assert (money(rig, "ann", "CASH"), money(rig, "ann", "COIN")) == (("0", "0"), ("1000.5", "0"))


def test_a_cancelled_buy_gets_all_back() -> None:
    rig = make_rig()
    rig.place(rig.order("ann", BUY, "1", "100", time_in_force=TimeInForce.IOC))

    assert money(rig, "ann", "CASH") == ("100000", "0")


def test_fees_that_are_rounded_up_one_by_one_never_exceed_what_was_held_for_them() -> None:
    """Four fills of 0.25 cost 0.00025 each, 0.01 rounded up. What is held for the fee of all four is 0.01 once."""
    rig = make_rig(FeeSchedule(maker_rate=1_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=2), decimals=4)
    rig.give("ann", CASH="-99998.99")
    rig.place(rig.order("ann", BUY, "1", "1"))
    for _ in range(4):
        rig.place(rig.order("ben", SELL, "0.25", "1"))

    assert money(rig, "ann", "CASH") == ("0", "0")


@pytest.mark.parametrize("rebate_in", RebateAsset)
def test_a_rebate_is_paid_in_quote_to_either_side(rebate_in: RebateAsset) -> None:
    fees = FeeSchedule(maker_rate=-1_000_000, taker_rate=2_000_000, rounding=FeeRounding.UP, decimals=18, rebate_in=rebate_in)
    rig = make_rig(fees)
    for maker, taker, side in (("ann", "ben", BUY), ("ann", "ben", SELL)):
        rig.place(rig.order(maker, side, "1", "100"))
        rig.place(rig.order(taker, SELL if side is BUY else BUY, "1", "100"))

    assert (money(rig, "ann", "CASH"), money(rig, "ann", "COIN")) == (("100000.2", "0"), ("1000", "0"))
    assert (money(rig, "ben", "CASH"), money(rig, "ben", "COIN")) == (("99999.6", "0"), ("1000", "0"))


def test_a_maker_that_pays_more_than_a_taker_holds_that() -> None:
    rig = make_rig(FeeSchedule(maker_rate=3_000_000, taker_rate=1_000_000, rounding=FeeRounding.UP, decimals=18))
    rig.place(rig.order("ann", BUY, "1", "100"))

    assert money(rig, "ann", "CASH") == ("100000", "100.3")
    rig.place(rig.order("ben", SELL, "1", "100"))
    assert money(rig, "ann", "CASH") == ("99899.7", "0")


def test_entries_and_fills_say_which_fee_was_paid_in_which_asset() -> None:
    rig = make_rig()
    bought = rig.place(rig.order("ann", BUY, "1", "100"))
    sold = rig.place(rig.order("ben", SELL, "1", "100"))

    for order in (bought, sold):
        (fill,) = order.fills or ()
        assert (fill.charge[0].code, fill.charge[1]) == ("CASH", rig.atoms("0.1", "CASH"))
    accounts = rig.exchange.accounts
    entries = {
        (name, asset): accounts[name].wallets[Wallet.SPOT][asset].entries.newest(1)[0]
        for name in ("ann", "ben")
        for asset in ("COIN", "CASH")
    }
    assert {where: (entry.amount, entry.fee) for where, entry in entries.items()} == {
        ("ann", "CASH"): (rig.atoms("-100.1", "CASH"), rig.atoms("0.1", "CASH")),
        ("ann", "COIN"): (rig.atoms("1", "COIN"), 0),
        ("ben", "CASH"): (rig.atoms("99.9", "CASH"), rig.atoms("0.1", "CASH")),
        ("ben", "COIN"): (rig.atoms("-1", "COIN"), 0),
    }
    assert all(entry.kind is EntryKind.TRADE for entry in entries.values())


def test_an_account_that_trades_with_itself_pays_both_fees() -> None:
    rig = make_rig()
    rig.place(rig.order("ann", BUY, "1", "100"))
    rig.place(rig.order("ann", SELL, "1", "100"))

    assert (money(rig, "ann", "CASH"), money(rig, "ann", "COIN")) == (("99999.8", "0"), ("1000", "0"))
