"""What HTX knows of its customers besides money: the addresses they may withdraw to, those they pay into, their own names for
withdrawals.

Owns no balance and no payment. Invariant: what a customer starts with depends on the world's seed and the account alone, not on
who asked first. That is one listed address for each chain, and the one of the document's example (ASSUMED).
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from mockex.venues.htx.chains import CHAINS, Chain

EXAMPLE_ADDRESS = "0xde709f2102306220921060314715629080e2fb77"  # the document's withdrawal of ETH, and ccxt's
EXAMPLE_CHAIN = "eth"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAddress:
    """One that its customer may withdraw to. `entry_id`: ascends with every address of the customer."""

    entry_id: int
    chain: Chain
    address: str
    note: str


class Customers:
    """All customers of one venue. What changes a book of addresses is for operators."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._books: dict[str, list[ListedAddress]] = {}
        self._listed: dict[str, int] = {}  # how many addresses a customer ever had in the book
        self._renewals: dict[tuple[str, str], int] = {}
        self._withdrawals: dict[tuple[str, str], int] = {}
        self._names: dict[int, str] = {}

    # --- addresses

    def address_book(self, account_id: str) -> list[ListedAddress]:
        """Oldest first. Made on first use."""
        found = self._books.get(account_id)
        if found is None:
            found = self._books[account_id] = []
            for chain in CHAINS:
                self.list_address(account_id, chain, self._invent(account_id, chain, "wallet"), note="wallet")
                if chain.name == EXAMPLE_CHAIN:
                    self.list_address(account_id, chain, EXAMPLE_ADDRESS, note="example")
        return found

    def lists(self, account_id: str, chain: Chain, address: str) -> bool:
        """Whether the customer may withdraw to it on that chain."""
        return any(
            entry.chain is chain and chain.family.same(entry.address, address) for entry in self.address_book(account_id)
        )

    def list_address(self, account_id: str, chain: Chain, address: str, *, note: str) -> None:
        """ValueError if it does not look like one of the chain."""
        if not chain.family.accepts(address):
            raise ValueError(f"{address!r} is no address on {chain.name}")
        book = self.address_book(account_id)
        entry_id = self._listed[account_id] = self._listed.get(account_id, 0) + 1
        book.append(ListedAddress(entry_id=entry_id, chain=chain, address=address, note=note))

    def clear_address_book(self, account_id: str) -> None:
        self.address_book(account_id).clear()

    def deposit_address(self, account_id: str, chain: Chain) -> str:
        """The one to pay into now. Coins that one chain carries share it."""
        return self._invent(account_id, chain, f"deposit {self._renewals.get((account_id, chain.carrier), 0)}")

    def renew_deposit_address(self, account_id: str, chain: Chain) -> str:
        key = (account_id, chain.carrier)
        self._renewals[key] = self._renewals.get(key, 0) + 1
        return self.deposit_address(account_id, chain)

    def txid(self, chain: Chain, payment_id: int) -> str:
        """The transaction id that a payment has once it is on its chain."""
        return chain.family.txid(hashlib.sha256(f"{self._seed}/transaction/{payment_id}".encode()).hexdigest())

    def _invent(self, account_id: str, chain: Chain, purpose: str) -> str:
        return chain.family.invent_address(random.Random(f"{self._seed}/{account_id}/{purpose}/{chain.carrier}"))

    # --- names of withdrawals

    def withdrawal_named(self, account_id: str, client_id: str) -> int | None:
        """The payment to which the customer gave that name."""
        return self._withdrawals.get((account_id, client_id))

    def name_withdrawal(self, account_id: str, client_id: str, payment_id: int) -> None:
        self._withdrawals[account_id, client_id] = payment_id
        self._names[payment_id] = client_id

    def name_of(self, payment_id: int) -> str | None:
        return self._names.get(payment_id)
