"""What OKCoin Japan knows of its customers besides money: verified addresses, deposit addresses, funds password, limits.

Owns no balance and no payment: how much was withdrawn lately is read from the exchange's payments, so it cannot disagree
with them. Invariant: what a customer starts with depends on the world's seed and the account alone, not on who asked first.

A customer is made at first sight, because accounts open at any time. Everything that a customer starts with is ASSUMED.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from mockex.core.policy import SECOND_NS
from mockex.venues.okcoinjp.chains import CHAINS, Chain, default_daily_limit
from mockex.wire.desk import Desk
from mockex.wire.venue import Switch

FUNDS_PASSWORD = "123456"  # of every new customer: what the document's and ccxt's withdrawal examples send (okj§7, okj§12)
EXAMPLE_ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"  # okj§12: their address, so that the example works as printed
LIMIT_CHANGE_PAUSE_MINUTES = 60  # ASSUMED: okj§5.3 leaves the minutes open

# Conditions that an operator may put an account into: name -> what it does. okj§5.3.
ACCOUNT_FLAGS: Mapping[str, str] = {
    "withdrawals_frozen": "withdrawals are refused with 34001",
    "address_book_empty": "coin withdrawals are refused with 34002, as if no address had been added",
    "kyc_incomplete": "transfers and withdrawals are refused with 34011",
    "transfer_restricted": "transfers are refused with 34014",
    "user_frozen": "transfers and withdrawals from and to the account are refused with 34017",
    "no_email": "withdrawals are refused with 34019, and nobody can send to the account by e-mail",
    "no_funds_password": "withdrawals are refused with 34020",
    "api_withdrawals_off": "withdrawals are refused with 34060",
    "limits_changed": "withdrawals are refused with 34062, as after a change of limits",
}

# The same for the whole venue.
FLAGS: Mapping[str, str] = {
    "cash_withdrawals_off": "yen withdrawals are refused with 34061, and the currency list says so",
}

FUNDING_SWITCHES: Mapping[str, Switch] = {
    "require_reason": Switch(
        default=False, help="coin withdrawals must carry usage_agreement and reason (30023, 30024), which ccxt never sends"
    ),
    "legacy_status": Switch(
        default=False, help="deposits and withdrawals show the status numbers of before 2023-11-22, which ccxt still expects"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainAddress:
    """Where coins go on one chain. `tag`: "" where the chain has none."""

    chain: Chain
    address: str
    tag: str = ""

    def is_at(self, address: str, tag: str) -> bool:
        return self.tag == tag and self.chain.family.same(self.address, address)


@dataclass(slots=True, kw_only=True)
class Customer:
    """One account's settings. `deposit_addresses`: the current one of each chain before its old ones.

    `funds_password` None: none was set. `daily_limits`: only those that were changed, in units of the currency.
    """

    address_book: list[ChainAddress]
    deposit_addresses: list[ChainAddress]
    funds_password: str | None = FUNDS_PASSWORD
    daily_limits: dict[str, Decimal] = field(default_factory=dict)
    limits_changed_ns: int | None = None

    def knows(self, chain: Chain, address: str, tag: str) -> bool:
        """Whether the address is verified for that chain."""
        return any(entry.chain is chain and entry.is_at(address, tag) for entry in self.address_book)

    def lists(self, text: str) -> bool:
        """Whether a `to_address` is verified for any chain."""
        return any(
            parts is not None and entry.is_at(*parts)
            for entry in self.address_book
            for parts in (entry.chain.split_address(text),)
        )

    def deposit_address(self, chain: Chain) -> ChainAddress:
        """The one to pay into now."""
        return next(entry for entry in self.deposit_addresses if entry.chain is chain)

    def daily_limit(self, asset: str) -> Decimal:
        changed = self.daily_limits.get(asset)
        return default_daily_limit(asset) if changed is None else changed


class OkState:
    """All customers. The methods that change one are for operators."""

    __slots__ = ("_clock", "_customers", "_seed")

    def __init__(self, desk: Desk) -> None:
        self._clock = desk.clock
        self._seed = f"{desk.rng.getrandbits(128):032x}"
        self._customers: dict[str, Customer] = {}

    def customer(self, account_id: str) -> Customer:
        """Made on first use: one verified address for each chain, and for BTC also that of the examples."""
        found = self._customers.get(account_id)
        if found is None:
            found = self._customers[account_id] = self._new_customer(account_id)
        return found

    def txid(self, chain: Chain | None, payment_id: int) -> str:
        """The transaction id that a payment has once it is on its chain."""
        digits = hashlib.sha256(f"{self._seed}/transaction/{payment_id}".encode()).hexdigest()
        return digits if chain is None else chain.family.txid(digits)

    # --- operators

    def add_address(self, account_id: str, chain: Chain, address: str, tag: str = "") -> None:
        """Verifies an address. ValueError if it does not look like one of the chain, or the tag is missing or too much."""
        if chain.split_address(f"{address}:{tag}" if tag else address) != (address, tag):
            raise ValueError(f"{address!r} with tag {tag!r} is no address on {chain.name}")
        self.customer(account_id).address_book.append(ChainAddress(chain=chain, address=address, tag=tag))

    def clear_address_book(self, account_id: str) -> None:
        self.customer(account_id).address_book.clear()

    def renew_deposit_address(self, account_id: str, chain: Chain) -> ChainAddress:
        """A new address to pay into; the ones before stay valid as old ones."""
        customer = self.customer(account_id)
        count = sum(entry.chain is chain for entry in customer.deposit_addresses)
        current = self._invent(account_id, chain, f"deposit {count}")
        customer.deposit_addresses.insert(0, current)
        return current

    def set_funds_password(self, account_id: str, funds_password: str | None) -> None:
        """None: the customer has none."""
        self.customer(account_id).funds_password = funds_password

    def change_daily_limit(self, account_id: str, asset: str, limit: Decimal) -> None:
        """What may be withdrawn in 24 hours; for LIMIT_CHANGE_PAUSE_MINUTES from now, nothing. ValueError below 0."""
        if not limit.is_finite() or limit < 0:
            raise ValueError(f"a daily limit of {limit} {asset}")
        customer = self.customer(account_id)
        customer.daily_limits[asset] = limit
        customer.limits_changed_ns = self._clock.now_ns()

    def limits_changed_lately(self, account_id: str) -> bool:
        changed_ns = self.customer(account_id).limits_changed_ns
        pause_ns = LIMIT_CHANGE_PAUSE_MINUTES * 60 * SECOND_NS
        return changed_ns is not None and self._clock.now_ns() < changed_ns + pause_ns

    # --- making customers

    def _new_customer(self, account_id: str) -> Customer:
        book = [self._invent(account_id, chain, "wallet") for chain in CHAINS]
        book.append(ChainAddress(chain=CHAINS[0], address=EXAMPLE_ADDRESS))
        current = [self._invent(account_id, chain, "deposit 1") for chain in CHAINS]
        old = [self._invent(account_id, chain, "deposit 0") for chain in CHAINS if not chain.tagged]
        return Customer(address_book=book, deposit_addresses=current + old)

    def _invent(self, account_id: str, chain: Chain, purpose: str) -> ChainAddress:
        """Where a tag tells customers apart, they share the venue's address."""
        shared = chain.tagged and purpose.startswith("deposit")
        owner = "venue" if shared else f"{account_id}/{purpose}"
        address = chain.family.invent_address(random.Random(f"{self._seed}/{owner}/{chain.name}"))
        if not chain.tagged:
            return ChainAddress(chain=chain, address=address)
        tag = random.Random(f"{self._seed}/{account_id}/{purpose}/{chain.name}/tag").randrange(100_000, 1_000_000_000)
        return ChainAddress(chain=chain, address=address, tag=str(tag))


def make_state(desk: Desk) -> OkState:
    """The venue's own state of one desk: `call.state` of its handlers."""
    return OkState(desk)
