"""Typed values out of the venue's JSON, and decimals back into it.

Owns: reading JSON without a float, and one reader per kind of field. A field of another shape is a `MalformedReplyError`
that names the object and the field.
Must not know: what any endpoint returns.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from .errors import MalformedReplyError
from .signing import iso_timestamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_PER_SECOND = 1_000_000_000

WordT = TypeVar("WordT", bound=StrEnum)


def parse_json(raw: bytes | str) -> object:
    """JSON with fractions as `Decimal`.

    The standard parser is used because it can do that: `asset-valuation` sends an unquoted amount, and a parser that
    goes through binary floats may change its digits.
    """
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise MalformedReplyError(f"not JSON: {raw[:200]!r}") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def plain(amount: Decimal) -> str:
    """A decimal in plain notation, digits as given: requests carry decimals as strings. ValueError if not finite."""
    if not amount.is_finite():
        raise ValueError(f"{amount} is not an amount")
    return format(amount, "f")


def iso(instant: datetime) -> str:
    """An aware datetime as the venue writes times. ValueError if the datetime is naive."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone")
    return iso_timestamp((instant - _EPOCH) // timedelta(microseconds=1) * 1_000)


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


def as_time(value: object, where: str) -> datetime:
    """An aware UTC datetime from ISO 8601 text. Fractions beyond microseconds are cut."""
    if isinstance(value, str):
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise MalformedReplyError(f"{where} is not a time: {value!r}") from None
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    raise MalformedReplyError(f"{where} is not a time with a zone: {value!r}")


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

    def get(self, name: str) -> object:
        """The field as it came. MalformedReplyError if it is absent."""
        if name not in self._fields:
            raise MalformedReplyError(f"{self.what} has no field {name}")
        return self._fields[name]

    def text(self, name: str) -> str:
        """A string; an unquoted integer counts as its digits, as ids come in both forms."""
        value = self.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise MalformedReplyError(f"{self._path(name)} is not text: {value!r}")

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
        amount = self.decimal(name)
        if amount != amount.to_integral_value():
            raise MalformedReplyError(f"{self._path(name)} is not a whole number: {amount}")
        return int(amount)

    def time(self, name: str) -> datetime:
        """An aware UTC datetime."""
        return as_time(self.get(name), self._path(name))

    def nanoseconds(self, name: str) -> int:
        """Unix nanoseconds from decimal seconds, quoted or not."""
        return int(self.decimal(name) * _NS_PER_SECOND)

    def flag(self, name: str) -> bool:
        """A boolean; `0` and `1`, quoted or not, count as well."""
        value = self.get(name)
        if value in (True, "1"):
            return True
        if value in (False, "0"):
            return False
        raise MalformedReplyError(f"{self._path(name)} is not a flag: {value!r}")

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

    def row(self, name: str) -> Row:
        """A nested object."""
        return Row.of(self.get(name), self._path(name))

    def list(self, name: str) -> list[object]:
        """A nested array."""
        return as_list(self.get(name), self._path(name))

    def _path(self, name: str) -> str:
        return f"{self.what}.{name}"

    def _blank(self, name: str) -> bool:
        return self._fields.get(name) in (None, "")


def rows(payload: object, what: str) -> list[Row]:
    """A JSON array of objects."""
    return [Row.of(item, what) for item in as_list(payload, f"list of {what}")]
