"""What KTX lists here. Source: ktx§6: fees, sizes, values and scales of the one published row; that the others have the same is
the specification's proposal, and reference prices are ASSUMED. Tiers and funding of perpetuals: ktx§11.

Products have numbers beside their symbols. Perpetuals are named like their spot pair with `_SWAP` behind it, and
follow its last price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from mockex.core.contract_terms import FundingTerms
from mockex.core.units import Asset
from mockex.wire.contract_listings import ContractListing, ListedTier
from mockex.wire.venue import Listing

SPOT, PERPETUALS = "spot", "lpc"
MARKETS = (SPOT, PERPETUALS)
PERPETUAL_SUFFIX = "_SWAP"

ATOM_DECIMALS = 18
SCALE = 4  # decimals of prices and of quantities
MAX_VALUE = Decimal(10_000_000_000)

ASSETS = tuple(Asset(code=code, decimals=ATOM_DECIMALS) for code in ("USDT", "BTC", "ETH", "EOS"))


def symbol_of(base: str, quote: str) -> str:
    """`BTC_USDT`."""
    return f"{base}_{quote}".upper()


def market_of(symbol: str) -> str:
    """Which of the two markets a product belongs to: its name tells (ktx§6)."""
    return PERPETUALS if symbol.endswith(PERPETUAL_SUFFIX) else SPOT


def _spot(base: str, *, reference_price: str) -> Listing:
    return Listing(
        symbol=symbol_of(base, "USDT"),
        base=base,
        quote="USDT",
        tick_size=Decimal(1).scaleb(-SCALE),
        lot_size=Decimal(1).scaleb(-SCALE),
        min_qty=Decimal("0.0001"),
        max_qty=Decimal(10_000_000),
        min_notional=Decimal("0.0001"),
        reference_price=Decimal(reference_price),
    )


def _tier(max_value: str | None, maintenance_rate: str, initial_rate: str, max_leverage: int) -> ListedTier:
    return ListedTier(
        max_value=None if max_value is None else Decimal(max_value),
        maintenance_rate=Decimal(maintenance_rate),
        initial_rate=Decimal(initial_rate),
        max_leverage=max_leverage,
    )


# The first two are the later document's, of one contract; the rates of the others double with the value (proposed), and the
# leverage is what the initial rate allows, to the nearest. A further doubling would ask for more than a position is worth.
TIERS = (
    _tier("1000000", "0.005", "0.01", 100),
    _tier("2000000", "0.0075", "0.015", 67),
    _tier("4000000", "0.015", "0.03", 33),
    _tier("8000000", "0.03", "0.06", 17),
    _tier("16000000", "0.06", "0.12", 8),
    _tier("32000000", "0.12", "0.24", 4),
    _tier("64000000", "0.24", "0.48", 2),
    _tier(None, "0.48", "0.96", 1),
)
MAX_LEVERAGE = TIERS[0].max_leverage
"""More is no leverage at all; how much a position may have goes by its value."""


def _perpetual(spot: Listing) -> Listing:
    """The contract that follows a spot pair. Funding is paid at 0, 8 and 16 o'clock (proposed; the sampled time is one)."""
    return replace(
        spot,
        symbol=spot.symbol + PERPETUAL_SUFFIX,
        contract=ContractListing(tiers=TIERS, index_symbol=spot.symbol, funding=FundingTerms()),
    )


_SPOT = (
    _spot("BTC", reference_price="98000"),
    _spot("ETH", reference_price="3500"),
    _spot("EOS", reference_price="0.65"),
)

LISTINGS = (*_SPOT, *(_perpetual(listing) for listing in _SPOT))

# The number of BTC_USDT_SWAP is published, those of the two spot pairs are proposed, the rest ASSUMED.
PRODUCT_IDS: Mapping[str, int] = {
    "BTC_USDT": 1,
    "ETH_USDT": 2,
    "EOS_USDT": 3,
    "BTC_USDT_SWAP": 5,
    "ETH_USDT_SWAP": 6,
    "EOS_USDT_SWAP": 7,
}
_FIRST_OTHER_PRODUCT = 100


def product_ids(symbols: Iterable[str]) -> dict[str, int]:
    """The venue's own numbers, and what follows on for others, in their order."""
    others = (symbol for symbol in symbols if symbol not in PRODUCT_IDS)
    return {**PRODUCT_IDS, **{symbol: _FIRST_OTHER_PRODUCT + place for place, symbol in enumerate(others)}}
