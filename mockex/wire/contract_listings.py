"""A perpetual contract as a venue lists it, in decimals: what becomes the core's terms, which count atoms and billionths."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mockex.core.contract_terms import ContractTerms, FundingTerms, MarginTier
from mockex.core.fees import RATE_DECIMALS
from mockex.core.units import Asset
from mockex.wire.decimals import exact_units


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTier:
    """What positions worth at most `max_value` of the quote asset must put up, rates as fractions. None: any value."""

    max_value: Decimal | None
    maintenance_rate: Decimal
    initial_rate: Decimal
    max_leverage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractListing:
    """`index_symbol`: the spot instrument that the contract follows. `funding` None: none is paid."""

    tiers: tuple[ListedTier, ...]
    index_symbol: str | None = None
    funding: FundingTerms | None = None

    def terms(self, quote: Asset) -> ContractTerms:
        """ValueError for values and rates that are too fine, and as of `ContractTerms`."""
        tiers = tuple(
            MarginTier(
                max_value=None if tier.max_value is None else exact_units(tier.max_value, quote.decimals),
                maintenance_rate=exact_units(tier.maintenance_rate, RATE_DECIMALS),
                initial_rate=exact_units(tier.initial_rate, RATE_DECIMALS),
                max_leverage=tier.max_leverage,
            )
            for tier in self.tiers
        )
        return ContractTerms(tiers=tiers, index_symbol=self.index_symbol, funding=self.funding)
