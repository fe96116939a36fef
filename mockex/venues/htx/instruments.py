"""What HTX lists here. Source: htx§3.1 for the recorded rows of btcusdt and ethusdt.

Every figure of the other pairs, and every reference price, is ASSUMED: of the size that the venue has for such coins.

A lot is the unit in which fills are counted, not the step of orders: a market buy spends its money down to the last lot. With
prices of P decimals a lot has 18 - P, so that an amount of money has 18 decimals at most and nothing is ever rounded. That is
what a filled market buy of the venue shows: 147.928994082840236 at 0.338 are 49.999999999999999768 (htx§4.1).
"""

from __future__ import annotations

from decimal import Decimal

from mockex.core.units import Asset, Instrument
from mockex.wire.decimals import plain
from mockex.wire.venue import Listing

ATOM_DECIMALS = 18

ASSETS = tuple(Asset(code=code, decimals=ATOM_DECIMALS) for code in ("USDT", "BTC", "ETH", "TRX", "DOGE", "SHIB"))

FULL_NAMES = {
    "USDT": "Tether USDT",
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "TRX": "TRON",
    "DOGE": "Dogecoin",
    "SHIB": "Shiba Inu",
}


def symbol_of(base: str, quote: str) -> str:
    """`btcusdt`. Symbols are lower case everywhere (htx§3.1)."""
    return f"{base}{quote}".lower()


def _pair(
    base: str,
    quote: str,
    *,
    price_precision: int,
    amount_precision: int,
    amounts: tuple[str, str],
    min_value: str,
    max_market_sell: str,
    max_budget: str,
    reference_price: str,
) -> Listing:
    """`amounts`: the smallest and largest of a limit order, the smallest also of a market sell; the rest in units too."""
    min_qty, max_qty = map(Decimal, amounts)
    return Listing(
        symbol=symbol_of(base, quote),
        base=base,
        quote=quote,
        tick_size=Decimal(1).scaleb(-price_precision),
        lot_size=Decimal(1).scaleb(price_precision - ATOM_DECIMALS),
        qty_step=Decimal(1).scaleb(-amount_precision),
        min_qty=min_qty,
        max_qty=max_qty,
        min_notional=Decimal(min_value),
        min_market_sell=min_qty,
        max_market_sell=Decimal(max_market_sell),
        min_budget=Decimal(min_value),  # htx§4.2: a market buy's smallest value is the limit order's
        max_budget=Decimal(max_budget),
        reference_price=Decimal(reference_price),
    )


LISTINGS = (
    _pair(  # htx§3.1, recorded April 2021
        "BTC", "USDT", price_precision=2, amount_precision=6, amounts=("0.0001", "1000"), min_value="5",
        max_market_sell="100", max_budget="1000000", reference_price="65000",
    ),
    _pair(  # htx§3.1, recorded April 2021; the largest market buy ASSUMED
        "ETH", "USDT", price_precision=2, amount_precision=4, amounts=("0.001", "10000"), min_value="5",
        max_market_sell="1000", max_budget="1000000", reference_price="3500",
    ),
    _pair(
        "TRX", "USDT", price_precision=6, amount_precision=2, amounts=("1", "20000000"), min_value="5",
        max_market_sell="2000000", max_budget="500000", reference_price="0.1215",
    ),
    _pair(
        "DOGE", "USDT", price_precision=6, amount_precision=2, amounts=("1", "20000000"), min_value="5",
        max_market_sell="2000000", max_budget="500000", reference_price="0.1238",
    ),
    _pair(
        "SHIB", "USDT", price_precision=10, amount_precision=2, amounts=("1000", "100000000000"), min_value="5",
        max_market_sell="10000000000", max_budget="100000", reference_price="0.0000181",
    ),
    _pair(
        "ETH", "BTC", price_precision=6, amount_precision=4, amounts=("0.001", "10000"), min_value="0.0001",
        max_market_sell="1000", max_budget="100", reference_price="0.053846",
    ),
)  # fmt: skip

VALUE_PRECISION = 8  # htx§3.1: of both recorded rows


def amount_precision(instrument: Instrument) -> int:
    """The most decimals that an order's quantity may have."""
    text = plain(instrument.qty_step * instrument.qty_scale.step, instrument.qty_scale.decimals)
    return len(text.partition(".")[2])
