"""Assets, instruments and their exact integer units.

Prices are whole ticks, quantities whole lots, money whole atoms of an asset. The three are plain `int` under names that say
the unit: arithmetic between them is the core's hot path, and a wrapper call there would cost more than the addition.
Decimals appear here only to describe an instrument; conversion of a client's text happens at the wire. They are taken apart
as fractions: decimal arithmetic would round to whatever context the program that embeds the core has set.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import TypeAlias

Ticks: TypeAlias = int
Lots: TypeAlias = int
Atoms: TypeAlias = int


class Wallet(IntEnum):
    """Where an account keeps an asset. IntEnum: its hash is the integer's, and wallets are dict keys on every order."""

    SPOT = 1
    FUNDING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A grid of decimal numbers: the multiples of `step * 10**-decimals`.

    `Scale.of(Decimal("0.05"))` is step 5 with 2 decimals; the number of 7 grid steps is 35 units of 10**-2, "0.35".
    """

    step: int
    decimals: int

    @classmethod
    def of(cls, increment: Decimal) -> Scale:
        """The grid whose smallest positive member is `increment`. ValueError unless it is finite and positive."""
        if not increment.is_finite() or increment <= 0:
            raise ValueError(f"an increment must be positive, not {increment}")
        step, decimals = Fraction(increment), 0
        while step.denominator != 1:
            step *= 10
            decimals += 1
        return cls(step=int(step), decimals=decimals)

    @property
    def increment(self) -> Decimal:
        """The smallest positive member."""
        return Decimal(f"{self.step}e-{self.decimals}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A currency or coin. One whole unit is `10**decimals` atoms."""

    code: str
    decimals: int

    @property
    def scale(self) -> Scale:
        return Scale(step=1, decimals=self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A traded pair and its grid. Quantities count lots of `base`, prices count ticks of `quote` per whole base unit.

    `atoms_per_lot` base atoms make one lot; one lot at a price of one tick costs `atoms_per_tick_lot` quote atoms. Both are
    whole by construction, so that every notional is exact.
    """

    symbol: str
    base: Asset
    quote: Asset
    price_scale: Scale
    qty_scale: Scale
    min_qty: Lots
    max_qty: Lots | None
    atoms_per_lot: Atoms
    atoms_per_tick_lot: Atoms
    wallet: Wallet

    @classmethod
    def create(
        cls,
        *,
        symbol: str,
        base: Asset,
        quote: Asset,
        tick_size: Decimal,
        lot_size: Decimal,
        min_qty: Decimal,
        max_qty: Decimal | None = None,
        wallet: Wallet = Wallet.SPOT,
    ) -> Instrument:
        """An instrument from its published numbers.

        ValueError unless tick and lot are positive, the limits are whole lots, at least one and in order, and the assets'
        atoms are fine enough for the grid.
        """
        price_scale, qty_scale = Scale.of(tick_size), Scale.of(lot_size)
        tick, lot = Fraction(tick_size), Fraction(lot_size)
        least = _whole(Fraction(min_qty) / lot, f"{symbol}: min_qty in lots")
        most = None if max_qty is None else _whole(Fraction(max_qty) / lot, f"{symbol}: max_qty in lots")
        if least < 1 or (most is not None and most < least):
            raise ValueError(f"{symbol}: quantities from {least} to {most} lots")
        return cls(
            symbol=symbol,
            base=base,
            quote=quote,
            price_scale=price_scale,
            qty_scale=qty_scale,
            min_qty=least,
            max_qty=most,
            atoms_per_lot=_whole(lot * 10**base.decimals, f"{symbol}: a lot in {base.code} atoms"),
            atoms_per_tick_lot=_whole(tick * lot * 10**quote.decimals, f"{symbol}: one lot at one tick in {quote.code} atoms"),
            wallet=wallet,
        )

    def notional(self, price: Ticks, qty: Lots) -> Atoms:
        """What `qty` costs at `price`, in quote atoms. Exact."""
        return price * qty * self.atoms_per_tick_lot

    def affordable_qty(self, price: Ticks, budget: Atoms) -> Lots:
        """The most lots that `budget` quote atoms buy at `price`."""
        return budget // (price * self.atoms_per_tick_lot)


def _whole(value: Fraction, what: str) -> int:
    if value.denominator != 1:
        raise ValueError(f"{what} must be a whole number, not {value}")
    return int(value)
