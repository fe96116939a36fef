"""Typed values out of JSON, and decimals and times back into it.

Owns: reading JSON without a float, and one reader per kind of field.
Must not know: any venue, what any endpoint returns.
Invariant: a field of another shape is the error that `JsonRow.malformed` names, with the object and the field in its text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from typing import ClassVar, Self, TypeVar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)

#: No id or count of any venue is as long. A bound keeps `1E+999999999` from filling the memory as an integer.
_MOST_DIGITS = 60

WordT = TypeVar("WordT", bound=StrEnum)
NumberT = TypeVar("NumberT", bound=IntEnum)


def parse_json(raw: bytes | str, malformed: Callable[[str], Exception]) -> object:
    """JSON with fractions as `Decimal`, their digits kept, and integers of any length."""
    try:
        return _DECODER.decode(raw.decode() if isinstance(raw, bytes) else raw)
    except (ValueError, RecursionError, InvalidOperation) as error:  # the last for an exponent beyond all bounds
        raise malformed(f"not JSON: {raw[:200]!r}") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


# Made once: `json.loads` makes another for every text, which takes as long as the reading of a short one.
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def plain(amount: Decimal) -> str:
    """A decimal in plain notation, digits as given: requests carry decimals as strings. ValueError if not finite."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    return format(amount, "f")


def epoch_seconds(instant: datetime) -> int:
    """Unix seconds, rounded down. ValueError if the datetime is naive."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return (instant - EPOCH) // SECOND


class JsonRow:
    """One JSON object. `what` names it in errors. Undocumented extra fields are simply never asked for."""

    __slots__ = ("_fields", "what")

    malformed: ClassVar[type[Exception]]
    """The error of a field that is absent or of another shape. Each client's subclass names its own."""

    def __init__(self, fields: Mapping[str, object], what: str) -> None:
        self._fields = fields
        self.what = what

    # --- values ---

    @classmethod
    def of(cls, value: object, what: str) -> Self:
        """A row from a JSON value that must be an object."""
        if isinstance(value, dict):
            return cls(value, what)
        raise cls.malformed(f"{what} is not an object: {value!r}")

    @classmethod
    def all_of(cls, value: object, what: str) -> tuple[Self, ...]:
        """Rows from a JSON array of objects."""
        return tuple(cls.of(item, what) for item in cls.as_list(value, f"list of {what}"))

    @classmethod
    def as_list(cls, value: object, where: str) -> list[object]:
        """A JSON array."""
        if isinstance(value, list):
            return value
        raise cls.malformed(f"{where} is not a list: {value!r}")

    @classmethod
    def as_text(cls, value: object, where: str) -> str:
        """A string; an unquoted integer counts as its digits, as ids come in both forms."""
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise cls.malformed(f"{where} is not text: {value!r}")

    @classmethod
    def as_decimal(cls, value: object, where: str) -> Decimal:
        """A finite decimal from a string or a number."""
        if isinstance(value, Decimal):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return Decimal(value)
        if isinstance(value, str):
            try:
                amount = Decimal(value)
            except InvalidOperation:
                raise cls.malformed(f"{where} is not a decimal: {value!r}") from None
            if amount.is_finite():
                return amount
        raise cls.malformed(f"{where} is not a decimal: {value!r}")

    @classmethod
    def as_integer(cls, value: object, where: str) -> int:
        """A whole number, quoted or not, also in exponent form."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        amount = cls.as_decimal(value, where)
        if amount.adjusted() > _MOST_DIGITS or amount != amount.to_integral_value():
            raise cls.malformed(f"{where} is not a whole number: {amount}")
        return int(amount)

    @classmethod
    def as_time(cls, value: object, unit: timedelta, where: str) -> datetime:
        """An aware UTC datetime from a count of `unit`s since 1970."""
        try:
            return EPOCH + cls.as_integer(value, where) * unit
        except OverflowError:
            raise cls.malformed(f"{where} is not a time: {value!r}") from None

    # --- fields ---

    @property
    def raw(self) -> Mapping[str, object]:
        """All fields as they came."""
        return self._fields

    def has(self, name: str) -> bool:
        """True if the field is there, whatever it holds."""
        return name in self._fields

    def get(self, name: str) -> object:
        """The field as it came; the malformed error if it is absent."""
        if name not in self._fields:
            raise self.malformed(f"{self.what} has no field {name}")
        return self._fields[name]

    def text(self, name: str) -> str:
        """A string; an unquoted integer counts as its digits, as ids come in both forms."""
        return self.as_text(self.get(name), self.path(name))

    def optional_text(self, name: str) -> str | None:
        """A string, or None if the field is absent, null or empty."""
        return None if self.blank(name) else self.text(name)

    def decimal(self, name: str) -> Decimal:
        """A decimal, quoted or not."""
        return self.as_decimal(self.get(name), self.path(name))

    def optional_decimal(self, name: str) -> Decimal | None:
        """A decimal, or None if the field is absent, null or empty."""
        return None if self.blank(name) else self.decimal(name)

    def integer(self, name: str) -> int:
        """A whole number, quoted or not."""
        return self.as_integer(self.get(name), self.path(name))

    def optional_integer(self, name: str) -> int | None:
        """A whole number, or None if the field is absent, null or empty."""
        return None if self.blank(name) else self.integer(name)

    def milliseconds(self, name: str) -> datetime:
        """An aware UTC datetime from Unix milliseconds, quoted or not."""
        return self.as_time(self.get(name), MS, self.path(name))

    def seconds(self, name: str) -> datetime:
        """An aware UTC datetime from Unix seconds, quoted or not."""
        return self.as_time(self.get(name), SECOND, self.path(name))

    def flag(self, name: str) -> bool:
        """A boolean; `0` and `1`, quoted or not, count as well."""
        value = self.get(name)
        if value in (True, "1"):
            return True
        if value in (False, "0"):
            return False
        raise self.malformed(f"{self.path(name)} is not a flag: {value!r}")

    def word(self, words: type[WordT], name: str) -> WordT:
        """A member of a closed set."""
        word = self.known_word(words, name)
        if word is None:
            raise self.malformed(f"{self.path(name)} is not a {words.__name__}: {self.get(name)!r}")
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
        return self.as_list(self.get(name), self.path(name))

    def row(self, name: str) -> Self:
        """An object inside this one."""
        return self.of(self.get(name), self.path(name))

    def rows(self, name: str, what: str) -> tuple[Self, ...]:
        """An array of objects inside this one; `what` names each of them."""
        return self.all_of(self.get(name), what)

    def path(self, name: str) -> str:
        """How errors name a field."""
        return f"{self.what}.{name}"

    def blank(self, name: str) -> bool:
        """True if the field is absent, null or empty."""
        return self._fields.get(name) in (None, "")
