"""Typed values out of the venue's JSON, and decimals and times back into it.

Owns: reading JSON without a float, and one reader per kind of field. A field of another shape is a `MalformedReplyError`
that names the object and the field.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from typing import TypeVar

from .errors import MalformedReplyError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_SECOND = timedelta(seconds=1)

#: The longest ids have 28 digits (htx§3.2). A bound keeps `1E+999999999` from filling the memory as an integer.
_MOST_DIGITS = 60

WordT = TypeVar("WordT", bound=StrEnum)
NumberT = TypeVar("NumberT", bound=IntEnum)


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal` and integers of any length.

    Market data are numbers as Java prints doubles (`9.121E-7`, `4.0E7`), and inner ids of trades have up to 28 digits
    (htx§3.2): a parser that goes through binary floats changes the digits of both.
    """
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, InvalidOperation) as error:  # the last for an exponent beyond all bounds
        raise MalformedReplyError(f"not JSON: {raw[:200]!r}") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def plain(amount: Decimal) -> str:
    """A decimal in plain notation, digits as given: requests carry decimals as strings. ValueError if not finite."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    return format(amount, "f")


def epoch_ms(instant: datetime) -> int:
    """Unix milliseconds, rounded down. ValueError if the datetime is naive."""
    return _since_epoch(instant) // _MS


def epoch_seconds(instant: datetime) -> int:
    """Unix seconds, rounded down. ValueError if the datetime is naive."""
    return _since_epoch(instant) // _SECOND


def _since_epoch(instant: datetime) -> timedelta:
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return instant - _EPOCH


def as_decimal(value: object, where: str) -> Decimal:
    """A finite decimal from a string or a number."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        try:
            amount = Decimal(value)
        except InvalidOperation:
            raise MalformedReplyError(f"{where} is not a decimal: {value!r}") from None
        if amount.is_finite():
            return amount
    raise MalformedReplyError(f"{where} is not a decimal: {value!r}")


def as_integer(value: object, where: str) -> int:
    """A whole number, quoted or not, also in exponent form."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    amount = as_decimal(value, where)
    if amount.adjusted() > _MOST_DIGITS or amount != amount.to_integral_value():
        raise MalformedReplyError(f"{where} is not a whole number: {amount}")
    return int(amount)


def as_time(value: object, unit: timedelta, where: str) -> datetime:
    """An aware UTC datetime from a count of `unit`s since 1970."""
    try:
        return _EPOCH + as_integer(value, where) * unit
    except OverflowError:
        raise MalformedReplyError(f"{where} is not a time: {value!r}") from None


def as_text(value: object, where: str) -> str:
    """A string; an unquoted integer counts as its digits, as ids come in both forms."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise MalformedReplyError(f"{where} is not text: {value!r}")


def as_list(value: object, where: str) -> list[object]:
    """A JSON array."""
    if isinstance(value, list):
        return value
    raise MalformedReplyError(f"{where} is not a list: {value!r}")


class Row:
    """One JSON object. `what` names it in errors. Undocumented extra fields are simply never asked for."""

    __slots__ = ("_fields", "what")

    def __init__(self, fields: Mapping[str, object], what: str) -> None:
        self._fields = fields
        self.what = what

    @classmethod
    def of(cls, value: object, what: str) -> Row:
        """A row from a JSON value that must be an object."""
        if isinstance(value, dict):
            return cls(value, what)
        raise MalformedReplyError(f"{what} is not an object: {value!r}")

    @property
    def raw(self) -> Mapping[str, object]:
        """All fields as they came."""
        return self._fields

    def has(self, name: str) -> bool:
        """True if the field is there, whatever it holds."""
        return name in self._fields

    def get(self, name: str) -> object:
        """The field as it came. MalformedReplyError if it is absent."""
        if name not in self._fields:
            raise MalformedReplyError(f"{self.what} has no field {name}")
        return self._fields[name]

    def text(self, name: str) -> str:
        """A string; an unquoted integer counts as its digits, as ids come in both forms."""
        return as_text(self.get(name), self._path(name))

    def optional_text(self, name: str) -> str | None:
        """A string, or None if the field is absent, null or empty."""
        return None if self._blank(name) else self.text(name)

    def decimal(self, name: str) -> Decimal:
        """A decimal, quoted or not."""
        return as_decimal(self.get(name), self._path(name))

    def optional_decimal(self, name: str) -> Decimal | None:
        """A decimal, or None if the field is absent, null or empty."""
        return None if self._blank(name) else self.decimal(name)

    def integer(self, name: str) -> int:
        """A whole number, quoted or not."""
        return as_integer(self.get(name), self._path(name))

    def optional_integer(self, name: str) -> int | None:
        """A whole number, or None if the field is absent, null or empty."""
        return None if self._blank(name) else self.integer(name)

    def time(self, name: str) -> datetime:
        """An aware UTC datetime from milliseconds, quoted or not."""
        return as_time(self.get(name), _MS, self._path(name))

    def optional_time(self, name: str) -> datetime | None:
        """As `time`, or None if the field is absent, null, empty or 0: the venue writes 0 for what has not happened."""
        return None if self._blank(name) or self._fields[name] in (0, "0") else self.time(name)

    def seconds(self, name: str) -> datetime:
        """An aware UTC datetime from Unix seconds."""
        return as_time(self.get(name), _SECOND, self._path(name))

    def flag(self, name: str) -> bool:
        """A boolean; `0` and `1`, quoted or not, count as well."""
        value = self.get(name)
        if value in (True, "1"):
            return True
        if value in (False, "0"):
            return False
        raise MalformedReplyError(f"{self._path(name)} is not a flag: {value!r}")

    def optional_flag(self, name: str) -> bool | None:
        """A boolean, or None if the field is absent or null."""
        return None if self._blank(name) else self.flag(name)

    def word(self, words: type[WordT], name: str) -> WordT:
        """A member of a closed set."""
        word = self.known_word(words, name)
        if word is None:
            raise MalformedReplyError(f"{self._path(name)} is not a {words.__name__}: {self.get(name)!r}")
        return word

    def known_word(self, words: type[WordT], name: str) -> WordT | None:
        """A member of a set that the venue may extend: None for a word outside it."""
        try:
            return words(self.text(name))
        except ValueError:
            return None

    def known_number(self, numbers: type[NumberT], name: str) -> NumberT | None:
        """A member of a set of numbers that the venue may extend: None for a number outside it."""
        try:
            return numbers(self.integer(name))
        except ValueError:
            return None

    def list(self, name: str) -> list[object]:
        """A JSON array."""
        return as_list(self.get(name), self._path(name))

    def row(self, name: str) -> Row:
        """An object inside this one."""
        return Row.of(self.get(name), self._path(name))

    def rows(self, name: str, what: str) -> tuple[Row, ...]:
        """An array of objects inside this one; `what` names each of them."""
        return tuple(rows(self.get(name), what))

    def _path(self, name: str) -> str:
        return f"{self.what}.{name}"

    def _blank(self, name: str) -> bool:
        return self._fields.get(name) in (None, "")


def rows(payload: object, what: str) -> list[Row]:
    """A JSON array of objects."""
    return [Row.of(item, what) for item in as_list(payload, f"list of {what}")]
