"""The place of each customer in the order of their coming, for venues that number their customers.

Invariants: a place never changes and depends only on who came before, not on who asks first; no two accounts share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from mockex.core.ledger import Account


class Places:
    """0 for the first account, and so on. `accounts`: all of an exchange's, in the order of their coming; none ever goes."""

    __slots__ = ("_accounts", "_names", "_places")

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._names: list[str] = []
        self._places: dict[str, int] = {}

    def of(self, account_id: str) -> int:
        """KeyError for an account that the exchange does not have."""
        if account_id not in self._places:
            self._read_new()
        return self._places[account_id]

    def at(self, place: int) -> str | None:
        """Whose place it is."""
        if place >= len(self._names):
            self._read_new()
        return self._names[place] if 0 <= place < len(self._names) else None

    def _read_new(self) -> None:
        for name in islice(self._accounts, len(self._names), None):
            self._places[name] = len(self._names)
            self._names.append(name)
