"""Decimal text to exact integers and back.

Owns the parsing of clients' amounts and the printing of ours. Knows no field and no venue. Invariants:
nothing here rounds by a context's precision, no float appears, and no client's text costs more than its
bounded length: `1e999999999` is refused at sight.

A number is `units` of `10**-decimals`: 46385 units with 1 decimal are "4638.5".
"""

from __future__ import annotations

import re
from decimal import Decimal

MAX_DIGITS = 40
"""Digits of an amount. No venue's balance needs more; 28 digits and then some must stay exact."""
MAX_EXPONENT = 40
"""Largest power of ten, either way, of an amount's last digit."""

_MAX_TEXT = 100  # leading zeros are harmless, megabytes of them are not
_ZERO = Decimal(0)

# [0-9], not \d: Decimal() would accept the digits of every script.
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_SCIENTIFIC = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]{1,3}").fullmatch


class DecimalError(ValueError):
    """Not an amount: not a finite decimal number, or beyond the bounds of this module."""


def parse(value: str | int | Decimal) -> Decimal:
    """The amount that a client sent, as text or as a JSON number, unchanged. Zero of any sign is
    `Decimal(0)`.

    Plain notation or an exponent (`"4638.5"`, `".5"`, `"+1"`, `"1e-8"`). DecimalError for NaN, infinities,
    blanks, underscores, other scripts' digits, a bool, more than MAX_DIGITS digits, or a last digit beyond
    10**±MAX_EXPONENT.
    """
    if type(value) is str:
        length = len(value)
        if length > _MAX_TEXT:
            raise DecimalError(f"longer than {_MAX_TEXT} characters")
        if _PLAIN(value):
            return Decimal(value) or _ZERO if length <= MAX_DIGITS else _bounded(Decimal(value))
        if _SCIENTIFIC(value):
            return _bounded(Decimal(value))
        raise DecimalError("not a decimal number")
    if type(value) is int:
        if abs(value) >= 10**MAX_DIGITS:
            raise DecimalError(f"more than {MAX_DIGITS} digits")
        return Decimal(value)
    if isinstance(value, Decimal):
        return _bounded(value)
    raise DecimalError(f"a {type(value).__name__} is not a decimal number")


def to_units(value: Decimal, decimals: int) -> tuple[int, bool]:
    """`value` in whole units of `10**-decimals`, cut toward zero, and whether that was exact.

    The caller decides what an inexact amount means: `units, exact = to_units(price, tick_decimals)`.
    DecimalError if the value is not finite or not within the bounds of `parse`, with room for sums of such
    amounts.
    """
    if not -100 < value.adjusted() < 100:
        raise DecimalError("beyond the range of an amount")
    try:
        numerator, denominator = value.as_integer_ratio()
    except (ValueError, OverflowError):
        raise DecimalError(f"{value} is not a finite number") from None
    if numerator < 0:
        units, rest = divmod(-numerator * 10**decimals, denominator)
        return -units, not rest
    units, rest = divmod(numerator * 10**decimals, denominator)
    return units, not rest


def exact_units(value: Decimal, decimals: int) -> int:
    """`value` in whole units of `10**-decimals`. DecimalError if a digit would be lost."""
    units, exact = to_units(value, decimals)
    if not exact:
        raise DecimalError(f"{value} has more than {decimals} decimals")
    return units


def plain(units: int, decimals: int) -> str:
    """Plain notation without trailing zeros or exponent: `"120.2"`, `"5"`, `"0"`, `"-0.5"`."""
    if decimals < 1:
        assert decimals == 0
        return str(units)
    if units < 0:
        return "-" + plain(-units, decimals)
    whole, rest = divmod(units, 10**decimals)
    if not rest:
        return str(whole)
    # str and zfill: half the time of a format specification with a variable width.
    return (str(whole) + "." + str(rest).zfill(decimals)).rstrip("0")


def fixed(units: int, decimals: int, places: int) -> str:
    """Plain notation with exactly `places` decimals: `fixed(5, 1, 2)` is `"0.50"`.

    AssertionError if a digit other than zero would be lost: whoever rounds says so, with its direction,
    before printing.
    """
    assert places >= 0
    if places >= decimals:
        scaled = units * 10 ** (places - decimals)
    else:
        scaled, lost = divmod(units, 10 ** (decimals - places))
        assert not lost, f"{units} units of 10**-{decimals} do not fit {places} decimal places"
    digits = str(abs(scaled)).zfill(places + 1)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _bounded(value: Decimal) -> Decimal:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise DecimalError("not a finite number")
    if len(digits) > MAX_DIGITS:
        raise DecimalError(f"more than {MAX_DIGITS} digits")
    if abs(exponent) > MAX_EXPONENT:
        raise DecimalError(f"an exponent beyond {MAX_EXPONENT}")
    return value or _ZERO
