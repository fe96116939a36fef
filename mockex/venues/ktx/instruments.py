"""What KTX lists here. Source: ktx§6: fees, sizes, values and scales of the one published row; that the others have the same is
the specification's proposal, and reference prices are ASSUMED.

Products have numbers beside their symbols. Perpetuals are named like their spot pair with `_SWAP` behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from mockex.core.units import Asset
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


LISTINGS = (
    _spot("BTC", reference_price="98000"),
    _spot("ETH", reference_price="3500"),
    _spot("EOS", reference_price="0.65"),
)

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
