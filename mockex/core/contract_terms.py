"""A linear perpetual contract's terms, and what an order says about the position that it is for. Data only.

Rates are billionths (`fees.RATE_UNIT`): 0.5 % is 5_000_000. Values are quote atoms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockex.core.units import Atoms

HOUR_NS = 3_600_000_000_000


class PositionMerge(Enum):
    """Which position an opening order adds to."""

    SPLIT = "split"  # one of its own
    LONG = "long"  # the account's merged long position in that contract
    SHORT = "short"  # likewise short


class MarginMethod(Enum):
    ISOLATED = "isolated"  # a position answers with its own margin
    CROSS = "cross"  # with all of the balance that is not set aside for something else


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionTerms:
    """`close`: it reduces a position. `position_id`: needed to close a split one, and else checked where it is given."""

    merge: PositionMerge
    margin_method: MarginMethod
    leverage: int
    close: bool = False
    position_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginTier:
    """What positions must put up whose entry cost is at most `max_value`. None: any."""

    max_value: Atoms | None
    maintenance_rate: int
    initial_rate: int
    max_leverage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingTerms:
    """Paid at every multiple of `interval_ns` since 1970. The rate is the average premium P, sampled every full minute, plus
    the interest less P, that at most `dampener` either way; all of it at most `cap` either way.
    """

    interval_ns: int = 8 * HOUR_NS
    interest_rate: int = 100_000
    dampener: int = 500_000
    cap: int = 7_500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractTerms:
    """`tiers` ascend, and the last is for any value. `index_symbol`: the spot instrument whose last price is the index."""

    tiers: tuple[MarginTier, ...]
    index_symbol: str | None = None
    funding: FundingTerms | None = None

    def __post_init__(self) -> None:
        """ValueError unless every value has a tier."""
        values = [tier.max_value for tier in self.tiers[:-1]]
        if not self.tiers or self.tiers[-1].max_value is not None or None in values:
            raise ValueError("the last tier of a contract, and no other, is for any value: give it max_value=None")
        if values != sorted(values, key=lambda value: value or 0):
            raise ValueError(f"the tiers of a contract must ascend, not {values}")

    def tier(self, value: Atoms) -> MarginTier:
        """The tier of a position of that entry cost. O(tiers); nearly all positions are in the first."""
        for tier in self.tiers:
            if tier.max_value is None or value <= tier.max_value:
                return tier
        raise AssertionError("no tier for any value")
