"""Where coins come from and go to: one deposit address for each customer and chain, and the addresses that a customer has freed
for withdrawals by key (cs§7.14). Everything that a customer starts with is ASSUMED.

Invariant: an address depends on the world's seed, the account and the chain alone.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from mockex.venues.coinstore.chains import CHAINS, Chain, TagRule, asset_of, chains_of
from mockex.wire.desk import Desk
from mockex.wire.venue import AccountAction

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_HEX_PROTOCOLS = frozenset({"erc20", "bnbbsc"})
_FIRST_LETTERS = {"trc20": "T", "btc": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`tag`: "" where there is none."""

    chain: Chain
    address: str
    tag: str = ""


class AddressBook:
    """All customers' addresses."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._freed: dict[str, list[Address]] = {}

    def deposit_address(self, account_id: str, chain: Chain) -> Address:
        return self._invent(account_id, chain, "deposit")

    def freed(self, account_id: str) -> list[Address]:
        """What the account may withdraw to: at first one address on each chain."""
        found = self._freed.get(account_id)
        if found is None:
            found = self._freed[account_id] = [self._invent(account_id, chain, "wallet") for chain in CHAINS]
        return found

    def is_free(self, account_id: str, chain: Chain, address: str, tag: str) -> bool:
        return Address(chain=chain, address=address, tag=tag) in self.freed(account_id)

    def txid(self, payment_id: int) -> str:
        """The transaction of a payment that has been sent."""
        return hashlib.sha256(f"{self._seed}/transaction/{payment_id}".encode()).hexdigest()

    def _invent(self, account_id: str, chain: Chain, purpose: str) -> Address:
        rng = random.Random(f"{self._seed}/{account_id}/{purpose}/{chain.code}/{chain.name}")
        if chain.protocol in _HEX_PROTOCOLS:
            address = f"0x{rng.getrandbits(160):040x}"
        else:
            address = _FIRST_LETTERS.get(chain.protocol, "D") + "".join(rng.choices(_BASE58, k=33))
        tag = str(rng.randrange(100_000, 1_000_000_000)) if chain.tag is TagRule.REQUIRED else ""
        return Address(chain=chain, address=address, tag=tag)


# --- operators


def _chain(arguments: Mapping[str, str]) -> Chain:
    asset = asset_of(arguments["currency"])
    found = () if asset is None else chains_of(asset)
    named = arguments.get("chain")
    chosen = next((chain for chain in found if named in (None, chain.name)), None)
    if chosen is None:
        known = ", ".join(f"{chain.asset} on {chain.name}" for chain in CHAINS)
        raise ValueError(f"there is no {arguments['currency']!r} on chain {named!r}; there are {known}")
    return chosen


def _view(entries: list[Address]) -> list[dict[str, object]]:
    return [
        {"currency": each.chain.asset, "chain": each.chain.name, "address": each.address, "tag": each.tag} for each in entries
    ]


def _show(desk: Desk, account_id: str, arguments: Mapping[str, str]) -> Mapping[str, object]:
    book: AddressBook = desk.state.addresses
    return {
        "withdrawal_addresses": _view(book.freed(account_id)),
        "deposit_addresses": _view([book.deposit_address(account_id, chain) for chain in CHAINS]),
    }


def _add(desk: Desk, account_id: str, arguments: Mapping[str, str]) -> Mapping[str, object]:
    book: AddressBook = desk.state.addresses
    entry = Address(chain=_chain(arguments), address=arguments["address"], tag=arguments.get("tag", ""))
    book.freed(account_id).append(entry)
    return {"withdrawal_addresses": _view(book.freed(account_id))}


def _clear(desk: Desk, account_id: str, arguments: Mapping[str, str]) -> Mapping[str, object]:
    book: AddressBook = desk.state.addresses
    book.freed(account_id).clear()
    return {"withdrawal_addresses": []}


ACCOUNT_ACTIONS: Mapping[str, AccountAction] = {
    "show_addresses": AccountAction(help="Lists deposit addresses, and those freed for withdrawals.", run=_show),
    "add_address": AccountAction(
        help="Frees an address for withdrawals.",
        run=_add,
        takes={
            "currency": "a listed currency",
            "chain": "one of the currency's chains; its first when left out",
            "address": "where coins may go",
            "tag": "where the chain has tags",
        },
        optional=frozenset({"chain", "tag"}),
    ),
    "clear_addresses": AccountAction(help="Takes every freed address back: withdrawals are refused.", run=_clear),
}
