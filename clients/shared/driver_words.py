"""What the clients of all venues tell alike in the words of the driver protocol.

Owns the fields of books, candles, trades and balances, and what is said of an id or an interval that a venue does not have.
Must not know any venue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from .book import PricedLevel
from .driver_values import Fields, ms, text
from .fields import plain

WordT = TypeVar("WordT")


class Prices(Protocol):
    """The first, highest, lowest and last price of a span of time."""

    @property
    def open(self) -> Decimal: ...

    @property
    def high(self) -> Decimal: ...

    @property
    def low(self) -> Decimal: ...

    @property
    def close(self) -> Decimal: ...


def number(id: str) -> int:
    """ValueError for what is no id at a venue that counts."""
    if not (id.isascii() and id.isdigit()):
        raise ValueError(f"{id!r} is no id of this venue: those are whole numbers")
    return int(id)


def word_for(interval_s: int, words: Mapping[int, WordT]) -> WordT:
    """The venue's word for candles of so many seconds. ValueError for an interval that it does not have."""
    if interval_s not in words:
        raise ValueError(f"there are no candles of {interval_s} s")
    return words[interval_s]


def book_fields(bids: Iterable[PricedLevel], asks: Iterable[PricedLevel], at: datetime | None) -> Fields:
    """Levels best first, as given."""
    return {
        "bids": [[plain(level.price), plain(level.size)] for level in bids],
        "asks": [[plain(level.price), plain(level.size)] for level in asks],
        "time_ms": None if at is None else ms(at),
    }


def told_trade(trade_id: int | str, *, price: Decimal, qty: Decimal, side: str | None, at: datetime) -> Fields:
    """`side` is the taker's, None if it is not told."""
    return {"trade_id": str(trade_id), "price": text(price), "qty": text(qty), "side": side, "time_ms": ms(at)}


def told_candle(start: datetime, prices: Prices, volume: Decimal) -> Fields:
    """`volume` is base currency, or contracts."""
    return {
        "time_ms": ms(start),
        "open": text(prices.open),
        "high": text(prices.high),
        "low": text(prices.low),
        "close": text(prices.close),
        "volume": text(volume),
    }


def told_balance(currency: str, *, total: Decimal, available: Decimal, held: Decimal) -> Fields:
    """`total` is what is available and what is held for orders."""
    return {"currency": currency, "total": text(total), "available": text(available), "held": text(held)}
