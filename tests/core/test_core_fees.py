"""Fees: rates, roundings in every direction, rebates, and the rows that were published or captured."""

from decimal import Decimal
from typing import Any

import pytest

from mockex import fixtures
from mockex.core.fees import RATE_UNIT, FeeRounding, FeeSchedule, RebateAsset
from mockex.core.orders import Liquidity
from mockex.core.units import Asset

OKCOINJP: dict[str, Any] = fixtures.load("okcoinjp", "fees")
JPY = Asset(code="JPY", decimals=10)
WHOLE = Asset(code="WHOLE", decimals=0)


def schedule(
    maker_rate: int = 0, taker_rate: int = 0, rounding: FeeRounding = FeeRounding.UP, decimals: int = 8
) -> FeeSchedule:
    return FeeSchedule(maker_rate=maker_rate, taker_rate=taker_rate, rounding=rounding, decimals=decimals)


def in_jpy_atoms(amount: str) -> int:
    return int(Decimal(amount).scaleb(JPY.decimals))


@pytest.mark.parametrize("vector", OKCOINJP["vectors"], ids=lambda vector: vector["id"])
@pytest.mark.parametrize("liquidity", Liquidity)
def test_a_published_fee_is_rounded_up_to_eight_decimals(vector: dict[str, str], liquidity: Liquidity) -> None:
    rate = int(Decimal(vector["rate"]) * RATE_UNIT)
    fees = schedule(rate, rate)
    assert fees.fee(in_jpy_atoms(vector["gross"]), JPY, liquidity) == in_jpy_atoms(vector["fee"])


def test_rounding_half_up_contradicts_the_published_rows() -> None:
    # okj§10.3: that is how the direction was found out
    seed = OKCOINJP["vectors"][0]
    fees = schedule(1_000_000, 1_000_000, FeeRounding.HALF_UP)
    fee = fees.fee(in_jpy_atoms(seed["gross"]), JPY, Liquidity.MAKER)
    assert fee == in_jpy_atoms(seed["half_up"]) != in_jpy_atoms(seed["fee"])


def test_maker_and_taker_pay_their_own_rate() -> None:
    fees = schedule(maker_rate=1_000_000, taker_rate=1_500_000)
    assert fees.fee(10**10, JPY, Liquidity.MAKER) == 10**7
    assert fees.fee(10**10, JPY, Liquidity.TAKER) == 15 * 10**6


@pytest.mark.parametrize(
    ("rounding", "rate", "fee"),
    # of 5 whole units: 2.5 at a rate of a half, 1.5 at three tenths, 1 at a fifth
    [
        (FeeRounding.UP, 500_000_000, 3),
        (FeeRounding.DOWN, 500_000_000, 2),
        (FeeRounding.HALF_UP, 500_000_000, 3),
        (FeeRounding.UP, 300_000_000, 2),
        (FeeRounding.DOWN, 300_000_000, 1),
        (FeeRounding.HALF_UP, 280_000_000, 1),
        (FeeRounding.UP, 200_000_000, 1),
        (FeeRounding.DOWN, 200_000_000, 1),
        (FeeRounding.HALF_UP, 200_000_000, 1),
        (FeeRounding.UP, -500_000_000, -2),
        (FeeRounding.DOWN, -500_000_000, -3),
        (FeeRounding.HALF_UP, -500_000_000, -2),
        (FeeRounding.HALF_UP, -540_000_000, -3),
    ],
)
def test_a_rounding_is_named_from_the_payers_side(rounding: FeeRounding, rate: int, fee: int) -> None:
    assert schedule(rate, 0, rounding, decimals=0).fee(5, WHOLE, Liquidity.MAKER) == fee


@pytest.mark.parametrize("decimals", [8, 2, 0])
def test_a_fee_is_never_finer_than_an_atom(decimals: int) -> None:
    assert schedule(1_000_000, 0, decimals=decimals).fee(1_500, WHOLE, Liquidity.MAKER) == 2


def test_a_fee_steps_in_its_own_decimals_where_the_asset_is_finer() -> None:
    fees = schedule(1_000_000, 0, decimals=2)
    assert fees.fee(in_jpy_atoms("100.1"), JPY, Liquidity.MAKER) == in_jpy_atoms("0.11")


def test_a_fee_never_takes_more_than_was_received() -> None:
    # 3 atoms are worth less than the smallest step of the fee, 100 atoms.
    assert schedule(1_000_000, 0).fee(3, JPY, Liquidity.MAKER) == 3
    assert schedule(1_000_000, 0).fee(100, JPY, Liquidity.MAKER) == 100
    assert schedule(1_000_000, 0).fee(101, JPY, Liquidity.MAKER) == 100


def test_a_rebate_is_of_what_was_paid_where_the_schedule_says_so() -> None:
    fees = FeeSchedule(
        maker_rate=-300_000_000, taker_rate=300_000_000, rounding=FeeRounding.UP, decimals=0, rebate_in=RebateAsset.PAID
    )
    assert (fees.fee(5, WHOLE, Liquidity.MAKER), fees.rebate(5, WHOLE, Liquidity.MAKER)) == (0, 1), "the rest is the venue's"
    assert (fees.fee(5, WHOLE, Liquidity.TAKER), fees.rebate(5, WHOLE, Liquidity.TAKER)) == (2, 0)
    in_received = schedule(-300_000_000, decimals=0)
    assert (in_received.fee(5, WHOLE, Liquidity.MAKER), in_received.rebate(5, WHOLE, Liquidity.MAKER)) == (-1, 0)


def test_no_rate_no_fee() -> None:
    assert schedule().fee(12_345, JPY, Liquidity.TAKER) == 0
