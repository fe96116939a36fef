"""What Coinstore lists here. Source: cs§7.1; of the venue's 377 pairs or so, one realistic row was observed (TRX).

Every other figure, and every reference price, is ASSUMED: of the size that the venue has for such coins. Pairs and currencies
have numbers of their own beside their codes (cs§5); those of what an operator lists follow on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from mockex.core.units import Asset, Instrument
from mockex.wire.venue import Listing

ATOM_DECIMALS = 18  # cs§5: fills are printed at that scale

ASSETS = tuple(Asset(code=code, decimals=ATOM_DECIMALS) for code in ("USDT", "BTC", "ETH", "TRX", "LUFFY"))

FULL_NAMES: Mapping[str, str] = {
    "USDT": "Tether USD",
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "TRX": "TRON",
    "LUFFY": "Luffy",
}


def symbol_of(base: str, quote: str) -> str:
    """`BTCUSDT` (cs§5)."""
    return f"{base}{quote}".upper()


def _pair(
    base: str, *, price_decimals: int, qty_decimals: int, min_qty: str, min_value: str, min_sold: str, reference_price: str
) -> Listing:
    """Against USDT. `min_value`: of a market buy, in USDT; `min_sold`: of a market sell, in the base."""
    return Listing(
        symbol=symbol_of(base, "USDT"),
        base=base,
        quote="USDT",
        tick_size=Decimal(1).scaleb(-price_decimals),
        lot_size=Decimal(1).scaleb(-qty_decimals),
        min_qty=Decimal(min_qty),
        min_market_sell=Decimal(min_sold),
        min_budget=Decimal(min_value),
        reference_price=Decimal(reference_price),
    )


LISTINGS = (
    _pair("BTC", price_decimals=2, qty_decimals=6, min_qty="0.0001", min_value="5", min_sold="0.0001", reference_price="65000"),
    _pair("ETH", price_decimals=2, qty_decimals=5, min_qty="0.001", min_value="5", min_sold="0.001", reference_price="3500"),
    # cs§7.1, observed: decimals 6 and 2, every minimum 1.
    _pair("TRX", price_decimals=6, qty_decimals=2, min_qty="1", min_value="1", min_sold="1", reference_price="0.1215"),
    # cs§5: prices such as 9.1E-10 need eleven decimals.
    _pair(
        "LUFFY", price_decimals=11, qty_decimals=0, min_qty="1000", min_value="1", min_sold="1000",
        reference_price="0.00000000091",
    ),
)  # fmt: skip

# cs§7.1, observed: the list of pairs spells this one its own way; nothing else does.
SPELLED: Mapping[str, tuple[str, str, str]] = {"TRXUSDT": ("trxUSDT", "trx", "USDT")}
"""Symbol, base and quote."""

PAIR_IDS: Mapping[str, int] = {"BTCUSDT": 1, "TRXUSDT": 2, "ETHUSDT": 4, "LUFFYUSDT": 1_088}
_FIRST_OTHER_PAIR = 80_000
CURRENCY_IDS: Mapping[str, int] = {"USDT": 30, "BTC": 1, "ETH": 2, "TRX": 34, "LUFFY": 1_012}

# The lowest price of a limit order, where it is more than one tick (ASSUMED).
MIN_PRICES: Mapping[str, Decimal] = {"BTCUSDT": Decimal("0.1")}


def pair_ids(symbols: Iterable[str]) -> dict[str, int]:
    """The number of each pair: the venue's own, and what follows on for others, in their order."""
    ids: dict[str, int] = {}
    following = _FIRST_OTHER_PAIR
    for symbol in symbols:
        if symbol in PAIR_IDS:
            ids[symbol] = PAIR_IDS[symbol]
        else:
            ids[symbol] = following
            following += 1
    return ids


def spelled(instrument: Instrument) -> tuple[str, str, str]:
    """Symbol, base and quote as the list of pairs has them: currencies in lower case, but where it has its own way."""
    usual = (instrument.symbol, instrument.base.code.lower(), instrument.quote.code.lower())
    return SPELLED.get(instrument.symbol, usual)


def min_price(instrument: Instrument) -> Decimal:
    """In quote units."""
    return MIN_PRICES.get(instrument.symbol, instrument.price_scale.increment)
