"""What OKCoin Japan lists here. Source: okj§8 for the two documented pairs; the other grids and all reference prices ASSUMED.

Reference prices are only where a live market starts. More pairs come from configuration.
"""

from __future__ import annotations

from decimal import Decimal

from mockex.core.units import Asset
from mockex.wire.venue import Listing

# 18 decimals hold every product of a tick and a lot, and the 15-decimal balances of the document's examples.
ATOM_DECIMALS = 18

ASSETS = tuple(Asset(code=code, decimals=ATOM_DECIMALS) for code in ("JPY", "BTC", "ETH", "XRP", "LTC", "BCH", "NEO", "PLT"))


def symbol_of(base: str, quote: str) -> str:
    """`BTC-JPY`. Requests are matched in upper case (okj§2), so any other form could never be named."""
    return f"{base}-{quote}"


def _pair(symbol: str, tick_size: str, lot_size: str, min_qty: str, reference_price: str) -> Listing:
    base, quote = symbol.split("-")
    return Listing(
        symbol=symbol,
        base=base,
        quote=quote,
        tick_size=Decimal(tick_size),
        lot_size=Decimal(lot_size),
        min_qty=Decimal(min_qty),
        reference_price=Decimal(reference_price),
    )


LISTINGS = (
    _pair("BTC-JPY", "0.1", "0.00000001", "0.001", "7200000"),  # okj§8
    _pair("ETH-JPY", "0.01", "0.000001", "0.001", "390000"),  # okj§8
    _pair("XRP-JPY", "0.001", "0.000001", "1", "88"),
    _pair("LTC-JPY", "0.01", "0.000001", "0.001", "12500"),
    _pair("BCH-JPY", "0.01", "0.000001", "0.001", "58000"),
    _pair("ETH-BTC", "0.00001", "0.000001", "0.001", "0.05417"),
)
