"""Times as text: ISO 8601 UTC and Unix seconds, to and from integer nanoseconds since 1970.

Owns the text forms that venues share. Knows no clock: every time is an argument. Integer arithmetic only.
Parsers are strict and answer None for everything else, so that the caller names the fault.

The calendar part of a second is computed once and kept: requests and frames come in the same few seconds. The
caches hold pure results of bounded keys.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

NS_PER_SECOND = 1_000_000_000
NS_PER_MS = 1_000_000

_SECONDS_PER_DAY = 86_400
_UNIX_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_SECOND_TEXT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", re.ASCII).fullmatch
_SECOND_LENGTH = len("2014-11-06T10:34:47")

_MAX_WHOLE_DIGITS = 11  # seconds until the year 5138
_MAX_FRACTION_DIGITS = 30  # clients print a double's digits; what is finer than a nanosecond is cut


def parse_iso_ns(text: str) -> int | None:
    """`2014-11-06T10:34:47[.f]Z` with 1 to 9 fraction digits, in nanoseconds; None for anything else: another
    zone, a date that does not exist, a leap second. Years 0001 to 9999; before 1970 the result is negative.
    """
    second = _second_of(text[:_SECOND_LENGTH])
    if second is None:
        return None
    rest = text[_SECOND_LENGTH:]
    if rest == "Z":
        return second * NS_PER_SECOND
    fraction = rest[1:-1]
    if not (rest[:1] == "." and rest[-1:] == "Z" and len(fraction) <= 9 and fraction.isdigit() and fraction.isascii()):
        return None
    return second * NS_PER_SECOND + int(fraction.ljust(9, "0"))


def parse_unix_seconds_ns(text: str) -> int | None:
    """Decimal seconds since 1970 (`1795232053.96`, `1795231962`) in nanoseconds; None for anything else: a
    sign, an exponent, a blank, more than 11 digits before the point. Digits beyond the ninth decimal are cut.
    """
    whole, point, fraction = text.partition(".")
    if not (len(whole) <= _MAX_WHOLE_DIGITS and whole.isdigit() and whole.isascii()):
        return None
    if not point:
        return int(whole) * NS_PER_SECOND
    if not (len(fraction) <= _MAX_FRACTION_DIGITS and fraction.isdigit() and fraction.isascii()):
        return None
    return int(whole) * NS_PER_SECOND + int(fraction[:9].ljust(9, "0"))


def iso_ms(time_ns: int) -> str:
    """`2014-11-06T10:34:47.123Z`; what is finer than a millisecond is cut. Years 0001 to 9999, else
    ValueError.
    """
    second, rest = divmod(time_ns, NS_PER_SECOND)
    return f"{_text_of(second)}.{rest // NS_PER_MS:03d}Z"


def iso_seconds000(time_ns: int) -> str:
    """`2014-11-06T10:34:47.000Z`: whole seconds in the millisecond form."""
    return f"{_text_of(time_ns // NS_PER_SECOND)}.000Z"


def unix_seconds_ms(time_ns: int) -> str:
    """`1420674445.201`: Unix seconds with exactly three decimals, finer digits cut. Not before 1970."""
    second, rest = divmod(time_ns, NS_PER_SECOND)
    return f"{second}.{rest // NS_PER_MS:03d}"


@lru_cache(maxsize=4_096)
def _second_of(text: str) -> int | None:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS`."""
    match = _SECOND_TEXT(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - _UNIX_EPOCH_ORDINAL
    except ValueError:
        return None
    return days * _SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second


@lru_cache(maxsize=4_096)
def _text_of(second: int) -> str:
    """`YYYY-MM-DDTHH:MM:SS` of seconds since 1970."""
    days, rest = divmod(second, _SECONDS_PER_DAY)
    day = date.fromordinal(days + _UNIX_EPOCH_ORDINAL)
    hour, rest = divmod(rest, 3_600)
    minute, second_of_minute = divmod(rest, 60)
    return f"{day.isoformat()}T{hour:02d}:{minute:02d}:{second_of_minute:02d}"
