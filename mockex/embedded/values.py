"""What a program is given about a venue: balances and keys as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from mockex.operator.keys import KeyView


class BalanceAmounts(NamedTuple):
    """One asset in one wallet. `total` = `available` + `held`."""

    total: Decimal
    available: Decimal
    held: Decimal


NOTHING = BalanceAmounts(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key. Also a mapping of what is there, for clients that take it by keyword: `Client(**key)`."""

    api_key: str
    secret: str = field(repr=False)
    passphrase: str | None = field(repr=False)

    def keys(self) -> tuple[str, ...]:
        """The names of what is there: a venue without passphrases has none."""
        names = ("api_key", "secret", "passphrase")
        return names if self.passphrase is not None else names[:2]

    def __getitem__(self, name: str) -> str:
        value = getattr(self, name, None) if name in self.keys() else None
        if not isinstance(value, str):
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())


def key_of(view: KeyView) -> Key:
    return Key(api_key=view["api_key"], secret=view["secret"], passphrase=view["passphrase"])
