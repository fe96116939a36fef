"""Reading a table of a TOML file, key by key. What nobody understands is one `ConfigError` of one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard, TypeVar

from mockex.wire.decimals import DecimalError, parse

T = TypeVar("T")

MAX_PORT = 65_535


class ConfigError(Exception):
    """One line for the person at the keyboard."""


class Table:
    """One table of the file. Remembers what was asked for, so that `finish` can tell what nobody understands."""

    def __init__(self, source: str, path: str, values: Mapping[str, object]) -> None:
        self._source = source
        self._path = path
        self._values = values
        self._asked: dict[str, None] = {}

    @property
    def name(self) -> str:
        """Where in which file."""
        return f"{self._source}: {self._path}" if self._path else self._source

    def read(self, key: str, expected: str, convert: Callable[[object], T | None]) -> T | None:
        """The value of `key`, None if it is absent. ConfigError if `convert` makes nothing of it."""
        self._asked[key] = None
        if key not in self._values:
            return None
        value = self._values[key]
        converted = convert(value)
        if converted is None:
            raise ConfigError(f"{self._name_of(key)}: expected {expected}, not {_shown(value)}")
        return converted

    def required(self, key: str, reader: Callable[[str], T | None]) -> T:
        value = reader(key)
        if value is None:
            raise ConfigError(f"{self._name_of(key)}: missing")
        return value

    def text(self, key: str) -> str | None:
        return self.read(key, "text", lambda value: value if isinstance(value, str) and value else None)

    def flag(self, key: str) -> bool | None:
        return self.read(key, "true or false", lambda value: value if isinstance(value, bool) else None)

    def integer(self, key: str, lowest: int, highest: int) -> int | None:
        def convert(value: object) -> int | None:
            return value if type(value) is int and lowest <= value <= highest else None

        return self.read(key, f"a whole number from {lowest} to {highest}", convert)

    def port(self, key: str) -> int | None:
        return self.integer(key, 0, MAX_PORT)

    def amount(self, key: str) -> Decimal | None:
        """A positive number, as text or as a TOML number. Exact either way."""

        def convert(value: object) -> Decimal | None:
            if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
                return None
            try:
                amount = parse(value)
            except DecimalError:
                return None
            return amount if amount > 0 else None

        return self.read(key, "a positive number", convert)

    def choice(self, key: str, choices: Sequence[str]) -> str | None:
        """One of `choices`; any text if there are none."""
        expected = one_of(choices) if choices else "text"
        return self.read(key, expected, lambda value: value if _is_choice(value, choices) else None)

    def names(self, key: str, choices: Sequence[str]) -> tuple[str, ...] | None:
        def convert(value: object) -> tuple[str, ...] | None:
            if isinstance(value, list) and value and all(_is_choice(name, choices) for name in value):
                return tuple(dict.fromkeys(value))
            return None

        return self.read(key, f"a list of {one_of(choices)}", convert)

    def table(self, key: str) -> Table | None:
        values = self.read(key, "a table", lambda value: value if isinstance(value, dict) else None)
        return None if values is None else Table(self._source, self._path_of(key), values)

    def tables(self, key: str, names: Sequence[str]) -> dict[str, Table]:
        """The tables under `key`, which may have these names."""
        outer = self.table(key)
        if outer is None:
            return {}
        found = {name: table for name in names if (table := outer.table(name)) is not None}
        outer.finish()
        return found

    def rows(self, key: str) -> list[Table]:
        """An array of tables."""

        def convert(value: object) -> list[dict[str, object]] | None:
            return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None

        rows = self.read(key, f"tables, each under [[{self._path_of(key)}]]", convert) or []
        return [Table(self._source, f"{self._path_of(key)}[{index}]", row) for index, row in enumerate(rows)]

    def finish(self) -> None:
        """ConfigError if a key is there that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise ConfigError(f"{self._name_of(key)}: unknown key; expected {one_of(tuple(self._asked))}")

    def _path_of(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _name_of(self, key: str) -> str:
        return f"{self._source}: {self._path_of(key)}"


def _is_choice(value: object, choices: Sequence[str]) -> TypeGuard[str]:
    return isinstance(value, str) and (value in choices if choices else bool(value))


def one_of(choices: Sequence[str]) -> str:
    return " or ".join(choices) if len(choices) < 3 else f"one of {', '.join(choices)}"


def _shown(value: object) -> str:
    """A wrong value, on one line and not too long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value}" if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
