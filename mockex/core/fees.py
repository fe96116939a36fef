"""What a trade costs: rates and the direction of every rounding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from mockex.core.orders import Liquidity
from mockex.core.units import Asset, Atoms

_MAKER: Final = Liquidity.MAKER
RATE_DECIMALS = 9
RATE_UNIT = 1_000_000_000  # a rate counts billionths: 0.15 % is 1_500_000


class FeeRounding(Enum):
    """Where a fee goes that falls between two steps of its precision. Named from the payer's side."""

    UP = "up"  # the payer bears the rest
    DOWN = "down"
    HALF_UP = "half up"


class RebateAsset(Enum):
    """In which of a trade's two assets the venue pays a rebate, and of which amount it is a share."""

    RECEIVED = "received"
    PAID = "paid"


_UP: Final = FeeRounding.UP
_PAID: Final = RebateAsset.PAID


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSchedule:
    """Maker and taker rates in billionths of the received amount; negative is a rebate, of what `rebate_in` says.

    `decimals`: fees are whole multiples of 10**-decimals of the asset, or of an atom where the asset is coarser. A rebate is
    rounded the other way round: with `UP` the venue, which pays it, does not pay the rest. A fee never takes more than was
    received, also where the trade is worth less than one step.
    """

    maker_rate: int
    taker_rate: int
    rounding: FeeRounding
    decimals: int
    rebate_in: RebateAsset = RebateAsset.RECEIVED

    def fee(self, amount: Atoms, asset: Asset, liquidity: Liquidity) -> Atoms:
        """The fee for receiving `amount` atoms of `asset`; negative when the venue pays it in that asset."""
        rate = self.maker_rate if liquidity is _MAKER else self.taker_rate
        if rate <= 0 and (rate == 0 or self.rebate_in is _PAID):
            return 0
        if self.rounding is not _UP or asset.decimals > self.decimals:
            return self._share(rate, amount, asset)
        fee = -(-amount * rate // RATE_UNIT)  # the same, where a step is an atom
        return fee if fee < amount else amount

    def rebate(self, amount: Atoms, asset: Asset, liquidity: Liquidity) -> Atoms:
        """What the venue pays for having paid `amount` atoms of `asset`; 0 if its rebates are of what is received."""
        rate = self.maker_rate if liquidity is _MAKER else self.taker_rate
        return -self._share(rate, amount, asset) if rate < 0 and self.rebate_in is _PAID else 0

    def _share(self, rate: int, amount: Atoms, asset: Asset) -> Atoms:
        finer = asset.decimals - self.decimals
        quantum = 10**finer if finer > 0 else 1
        divisor = RATE_UNIT * quantum
        product = amount * rate
        if self.rounding is _UP:
            steps = -(-product // divisor)  # towards plus infinity: more fee, less rebate
        elif self.rounding is FeeRounding.DOWN:
            steps = product // divisor
        else:
            steps = (2 * product + divisor) // (2 * divisor)
        fee = steps * quantum
        return fee if fee < amount else amount
