"""Request parameters: query text to a mapping, and a reader that names what is wrong with a value.

Owns the decoding of queries and the typed reading of parameters. Knows no parameter's name and no venue's
words: the codec asks for its own names, and a fault carries `field` and `value` for the venue's message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar
from urllib.parse import unquote

from mockex.wire.decimals import DecimalError, parse
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue

T = TypeVar("T")

MAX_QUERY_LENGTH = 65_536
MAX_QUERY_PAIRS = 1_024
_MAX_SHOWN = 64  # characters of a bad value that a fault quotes

_INTEGER = re.compile(r"[+-]?[0-9]{1,40}").fullmatch


def parse_query(raw: str) -> dict[str, str]:
    """The parameters of a raw query, without its `?`. Of duplicates the last wins; empty pairs (`&&`) are
    skipped; a name without `=` has the value "".

    Percent escapes are UTF-8, `+` is a blank. A malformed escape stays as it is; bytes that are no UTF-8
    become U+FFFD. ApiFault PARAM_FORMAT if the query is longer than MAX_QUERY_LENGTH or has more than
    MAX_QUERY_PAIRS pairs.
    """
    return dict(_pairs(raw)) if raw else {}


@lru_cache(maxsize=128)
def _pairs(raw: str) -> tuple[tuple[str, str], ...]:
    """Remembered, because clients say the same again: a poll, or a signature that covers more than one request."""
    if len(raw) > MAX_QUERY_LENGTH or raw.count("&") >= MAX_QUERY_PAIRS:
        raise ApiFault(FaultKind.PARAM_FORMAT, field="query")
    if not raw.isascii():
        raw = raw.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate could not be printed again
    escaped = "%" in raw or "+" in raw
    pairs = []
    for pair in raw.split("&"):
        if not pair:
            continue
        name, _, value = pair.partition("=")
        pairs.append((_unescape(name), _unescape(value)) if escaped else (name, value))
    return tuple(pairs)


def _unescape(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" in text:
        return unquote(text, errors="replace")
    return text


class Params:
    """Typed reading of one request's parameters, whether they came as query text or as a JSON object.

    A value may be JSON text or a JSON number. JSON null counts as absent, and so does "" with
    `blank_is_absent`. A container or a bool where a scalar is read is PARAM_FORMAT. Required readers raise
    PARAM_MISSING, optional ones return None.
    """

    __slots__ = ("_blank_is_absent", "_values")

    def __init__(self, values: Mapping[str, JsonValue], *, blank_is_absent: bool = False) -> None:
        self._values = values
        self._blank_is_absent = blank_is_absent

    def raw(self, name: str) -> JsonValue:
        """The value as it came, containers included; None if absent."""
        value = self._values.get(name)
        return None if value == "" and self._blank_is_absent else value

    def text(self, name: str) -> str:
        """The text; a JSON number in plain notation."""
        return self._required(name, self.optional_text(name))

    def optional_text(self, name: str) -> str | None:
        value = self._values.get(name)
        if type(value) is str:
            return None if not value and self._blank_is_absent else value
        if value is None:
            return None
        if isinstance(value, (bool, list, dict)):
            raise self._fault(FaultKind.PARAM_FORMAT, name)
        return format(self._amount(name, value), "f")

    def decimal(self, name: str) -> Decimal:
        """An amount within the bounds of `decimals.parse`."""
        return self._required(name, self.optional_decimal(name))

    def optional_decimal(self, name: str) -> Decimal | None:
        value = self._values.get(name)
        if value is None or (value == "" and self._blank_is_absent):
            return None
        if isinstance(value, (bool, list, dict)):
            raise self._fault(FaultKind.PARAM_FORMAT, name)
        return self._amount(name, value)

    def integer(self, name: str, *, minimum: int | None = None, maximum: int | None = None) -> int:
        """A whole number in decimal digits; PARAM_VALUE below `minimum` or above `maximum`. `1.0` is
        PARAM_FORMAT.
        """
        return self._required(name, self.optional_integer(name, minimum=minimum, maximum=maximum))

    def optional_integer(self, name: str, *, minimum: int | None = None, maximum: int | None = None) -> int | None:
        value = self._values.get(name)
        if value is None or (value == "" and self._blank_is_absent):
            return None
        if type(value) is str and _INTEGER(value):
            number = int(value)
        elif type(value) is int:
            number = value
        else:
            raise self._fault(FaultKind.PARAM_FORMAT, name)
        if minimum is not None and number < minimum:
            raise self._fault(FaultKind.PARAM_VALUE, name, limit=str(minimum))
        if maximum is not None and number > maximum:
            raise self._fault(FaultKind.PARAM_VALUE, name, limit=str(maximum))
        return number

    def choice(self, name: str, meanings: Mapping[str, T]) -> T:
        """What the text means; PARAM_VALUE if `meanings` does not list it."""
        return self._required(name, self.optional_choice(name, meanings))

    def optional_choice(self, name: str, meanings: Mapping[str, T]) -> T | None:
        text = self.optional_text(name)
        if text is None:
            return None
        try:
            return meanings[text]
        except KeyError:
            raise self._fault(FaultKind.PARAM_VALUE, name) from None

    def _amount(self, name: str, value: str | int | Decimal) -> Decimal:
        try:
            return parse(value)
        except DecimalError:
            raise self._fault(FaultKind.PARAM_FORMAT, name) from None

    def _required(self, name: str, value: T | None) -> T:
        if value is None:
            raise ApiFault(FaultKind.PARAM_MISSING, field=name)
        return value

    def _fault(self, kind: FaultKind, name: str, **detail: str) -> ApiFault:
        return ApiFault(kind, field=name, value=_shown(self._values.get(name)), **detail)


def _shown(value: JsonValue) -> str:
    """A bad value for a message: short whatever was sent, and never a container's contents."""
    match value:
        case str():
            return value[:_MAX_SHOWN]
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)[:_MAX_SHOWN]
        case _:
            return ""
