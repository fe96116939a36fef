"""Plain values in the words of the driver protocol, and back: what the drivers of all clients share.

Owns the spelling of amounts and times, and the version that a driver tells. Must not know any venue.
Invariant: amounts are decimal text with the digits that the client holds.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import metadata

from .fields import EPOCH, MS, plain

#: A JSON object of the protocol.
Fields = dict[str, object]


def decimal(text: str) -> Decimal:
    """ValueError for what is no number."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None


def text(amount: Decimal | None) -> str | None:
    """Plain notation, digits as held."""
    return None if amount is None else plain(amount)


def ms(instant: datetime) -> int:
    """Milliseconds since 1970."""
    return (instant - EPOCH) // MS


def instant(at_ms: int) -> datetime:
    """ValueError if no datetime can hold it."""
    try:
        return EPOCH + at_ms * MS
    except OverflowError:
        raise ValueError(f"{at_ms} ms is no time") from None


def package_version() -> str:
    """Of the package that the clients are shipped in; a copy that stands alone has none."""
    try:
        return metadata.version("mockex")
    except metadata.PackageNotFoundError:
        return "unreleased"
