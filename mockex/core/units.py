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
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mockex.core.contract_terms import ContractTerms

Ticks: TypeAlias = int
Lots: TypeAlias = int
Atoms: TypeAlias = int


class Wallet(IntEnum):
    """Where an account keeps an asset. IntEnum: its hash is the integer's, and wallets are dict keys on every order.

    Those of contracts only hold money here: nothing is traded with it.
    """

    SPOT = 1
    FUNDING = 2
    FUTURES = 3
    COIN_SWAP = 4
    LINEAR_SWAP = 5


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
class OrderLimits:
    """What an instrument asks of orders beside the smallest and largest quantity. None: nothing.

    Limit orders: `min_notional`, at their own price, and maxima for each side, not above `Instrument.max_qty`. Market sells:
    quantities of their own, which then stand in for `Instrument.min_qty` and `max_qty`. Market buys by budget: the smallest and
    largest budget; with a smallest one, a budget need not buy `min_qty`.
    An instrument without any of them, and without a step, has `NO_LIMITS` itself: orders there pass with one look.
    """

    min_notional: Atoms | None = None
    max_limit_buy: Lots | None = None
    max_limit_sell: Lots | None = None
    min_market_sell: Lots | None = None
    max_market_sell: Lots | None = None
    min_budget: Atoms | None = None
    max_budget: Atoms | None = None


NO_LIMITS = OrderLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A traded pair and its grid. Quantities count lots of `base`, prices count ticks of `quote` per whole base unit.

    `atoms_per_lot` base atoms make one lot; one lot at a price of one tick costs `atoms_per_tick_lot` quote atoms. Both are
    whole by construction, so that every notional is exact.
    Orders come in multiples of `qty_step` lots. What is traded may be finer: a budget may buy single lots
    (`VenuePolicy.budgets_buy_single_lots`), and what it leaves of a resting order is off the step then.
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
    qty_step: Lots
    limits: OrderLimits
    contract: ContractTerms | None = None

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
        qty_step: Decimal | None = None,
        min_notional: Decimal | None = None,
        max_limit_buy: Decimal | None = None,
        max_limit_sell: Decimal | None = None,
        min_market_sell: Decimal | None = None,
        max_market_sell: Decimal | None = None,
        min_budget: Decimal | None = None,
        max_budget: Decimal | None = None,
        contract: ContractTerms | None = None,
    ) -> Instrument:
        """An instrument from its published numbers. `qty_step` None: a lot. The rest: see `OrderLimits`. `contract`: the terms
        of a linear perpetual, whose base is only a name for what its quantities count.

        ValueError unless tick and lot are positive, the step is whole lots, the limits of quantities are whole steps and
        those of money whole atoms, all positive and in order, and the assets' atoms are fine enough for the grid.
        """
        price_scale, qty_scale = Scale.of(tick_size), Scale.of(lot_size)
        tick, lot = Fraction(tick_size), Fraction(lot_size)
        step = lot if qty_step is None else Fraction(Scale.of(qty_step).increment)
        lots_per_step = _whole(step / lot, f"{symbol}: qty_step in lots")

        def lots(quantity: Decimal | None, name: str) -> Lots | None:
            if quantity is None:
                return None
            unit = "lots" if qty_step is None else "steps"
            return _whole(Fraction(quantity) / step, f"{symbol}: {name} in {unit}") * lots_per_step

        def atoms(amount: Decimal | None, name: str) -> Atoms | None:
            if amount is None:
                return None
            return _whole(Fraction(amount) * 10**quote.decimals, f"{symbol}: {name} in {quote.code} atoms")

        least, most = lots(min_qty, "min_qty"), lots(max_qty, "max_qty")
        assert least is not None
        limits = OrderLimits(
            min_notional=atoms(min_notional, "min_notional"),
            max_limit_buy=lots(max_limit_buy, "max_limit_buy"),
            max_limit_sell=lots(max_limit_sell, "max_limit_sell"),
            min_market_sell=lots(min_market_sell, "min_market_sell"),
            max_market_sell=lots(max_market_sell, "max_market_sell"),
            min_budget=atoms(min_budget, "min_budget"),
            max_budget=atoms(max_budget, "max_budget"),
        )
        _check_range(symbol, "quantities", least, most, "lots")
        for side_most in (limits.max_limit_buy, limits.max_limit_sell):
            _check_range(symbol, "quantities", least, side_most, "lots")
            _check_range(symbol, "maxima of one side", side_most, most, "lots")
        _check_range(symbol, "notionals", limits.min_notional, None, "atoms")
        _check_range(symbol, "market sells", limits.min_market_sell, limits.max_market_sell, "lots")
        _check_range(symbol, "budgets", limits.min_budget, limits.max_budget, "atoms")
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
            qty_step=lots_per_step,
            limits=NO_LIMITS if limits == NO_LIMITS and lots_per_step == 1 else limits,
            contract=contract,
        )

    def notional(self, price: Ticks, qty: Lots) -> Atoms:
        """What `qty` costs at `price`, in quote atoms. Exact."""
        return price * qty * self.atoms_per_tick_lot

    def affordable_qty(self, price: Ticks, budget: Atoms) -> Lots:
        """The most lots that `budget` quote atoms buy at `price`."""
        return budget // (price * self.atoms_per_tick_lot)


def _check_range(symbol: str, what: str, least: int | None, most: int | None, unit: str) -> None:
    """ValueError unless both ends are positive and in order, where there are any."""
    ends = [end for end in (least, most) if end is not None]
    if ends != sorted(ends) or any(end < 1 for end in ends):
        raise ValueError(f"{symbol}: {what} from {least} to {most} {unit}")


def _whole(value: Fraction, what: str) -> int:
    if value.denominator != 1:
        raise ValueError(f"{what} must be a whole number, not {value}")
    return int(value)
