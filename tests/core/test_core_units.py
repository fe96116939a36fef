"""Instruments and grids: every number exact, every impossible one refused."""

from decimal import Context, Decimal, localcontext
from typing import Any

import pytest

from mockex.core.units import Asset, Instrument, Scale

BTC = Asset(code="BTC", decimals=8)
JPY = Asset(code="JPY", decimals=9)


def make(**changes: Any) -> Instrument:
    """BTC-JPY as OKCoin Japan publishes it (okj§8): min_size 0.001, size_increment 0.00000001, tick_size 0.1."""
    terms: dict[str, Any] = {
        "symbol": "BTC-JPY",
        "base": BTC,
        "quote": JPY,
        "tick_size": Decimal("0.1"),
        "lot_size": Decimal("0.00000001"),
        "min_qty": Decimal("0.001"),
    }
    return Instrument.create(**terms | changes)


@pytest.mark.parametrize(
    ("increment", "step", "decimals"),
    [
        ("1", 1, 0),
        ("100", 100, 0),
        ("1E+2", 100, 0),
        ("0.05", 5, 2),
        ("0.050", 5, 2),
        ("2.5", 25, 1),
        ("0.00000001", 1, 8),
        ("1E-18", 1, 18),
        ("0.1234567890123456789012345678901", 1234567890123456789012345678901, 31),
    ],
)
def test_a_scale_is_a_whole_step_at_a_power_of_ten(increment: str, step: int, decimals: int) -> None:
    scale = Scale.of(Decimal(increment))
    assert (scale.step, scale.decimals) == (step, decimals)
    assert scale.increment == Decimal(increment)


@pytest.mark.parametrize("increment", ["0", "-0.1", "NaN", "Infinity", "-Infinity"])
def test_a_scale_needs_a_positive_increment(increment: str) -> None:
    with pytest.raises(ValueError):
        Scale.of(Decimal(increment))


def test_the_scale_of_an_asset_is_one_atom() -> None:
    assert BTC.scale.increment == Decimal("0.00000001")


def test_an_instrument_counts_its_limits_in_lots_and_its_money_in_atoms() -> None:
    instrument = make(max_qty=Decimal(1000))
    assert instrument.min_qty == 100_000
    assert instrument.max_qty == 100_000_000_000
    assert instrument.atoms_per_lot == 1
    assert instrument.atoms_per_tick_lot == 1  # 0.1 JPY x 0.00000001 = 1e-9 JPY


def test_a_lot_may_be_many_atoms() -> None:
    instrument = make(lot_size=Decimal("0.001"), base=Asset(code="BTC", decimals=18))
    assert instrument.atoms_per_lot == 10**15
    assert instrument.atoms_per_tick_lot == 100_000
    assert instrument.min_qty == 1


def test_a_notional_is_exact() -> None:
    # okj§10.1: 0.00692309 BTC at 722220 cost 4999.9940598 JPY
    assert make().notional(7_222_200, 692_309) == 4_999_994_059_800


def test_a_budget_buys_whole_lots_only() -> None:
    instrument = make()
    assert instrument.affordable_qty(7_222_200, 5_000_000_000_000) == 692_309
    assert instrument.affordable_qty(7_222_200, 7_222_199) == 0
    assert instrument.affordable_qty(7_222_200, 7_222_200) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"base": Asset(code="BTC", decimals=7)},  # a lot is a tenth of an atom
        {"quote": Asset(code="JPY", decimals=8)},  # a lot at one tick is a tenth of an atom
        {"min_qty": Decimal("0.000000015")},
        {"max_qty": Decimal("0.000000015")},
        {"min_qty": Decimal(0)},
        {"min_qty": Decimal(-1)},
        {"max_qty": Decimal("0.0009")},
        {"tick_size": Decimal(0)},
        {"lot_size": Decimal(-1)},
    ],
    ids=str,
)
def test_an_instrument_that_cannot_be_exact_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        make(**changes)


def test_an_embedding_programs_decimal_context_does_not_reach_the_instrument() -> None:
    with localcontext(Context(prec=3)):
        assert make(min_qty=Decimal("1.23456789")).min_qty == 123_456_789
        assert Scale.of(Decimal("0.12345678")).increment == Decimal("0.12345678")
