"""Accounts, balances, holds and entries. The only place where a balance changes.

Invariants, after every command: no balance or available amount is negative; `total = available + held`; per asset the totals
of all accounts plus the two house accounts sum to zero. `EXTERNAL` is the world outside (a deposit makes it more negative),
`FEES` is what the venue has earned; both are plain sums, because nobody pages through them.
Every movement has two ends of the same size; there is no other way to write a balance.
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import NamedTuple

from mockex.core.fees import FeeSchedule
from mockex.core.history import Log
from mockex.core.orders import Order
from mockex.core.sequences import Sequence
from mockex.core.units import Atoms, Wallet


class EntryKind(Enum):
    """What a ledger entry books."""

    TRADE = "trade"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_CANCELLED = "withdrawal cancelled"
    TRANSFER_IN = "transfer in"
    TRANSFER_OUT = "transfer out"
    ADJUSTMENT = "adjustment"  # by the operator of the simulator


class LedgerEntry(NamedTuple):
    """One change of one balance. A tuple because four are made for every trade.

    `amount` is signed and net: a trade's entry for what was received is already less its `fee`. `counter_wallet` is the
    other end of a transfer between wallets of one account.
    """

    entry_id: int
    balance: Balance
    kind: EntryKind
    amount: Atoms
    fee: Atoms
    total_after: Atoms
    time_ns: int
    order: Order | None
    counter_wallet: Wallet | None


class Balance:
    """One asset in one wallet of one account, in atoms, with its history."""

    __slots__ = ("account", "asset", "entries", "held", "total", "wallet")

    def __init__(self, account: Account, wallet: Wallet, asset: str) -> None:
        self.account = account
        self.wallet = wallet
        self.asset = asset
        self.total: Atoms = 0
        self.held: Atoms = 0
        self.entries: Log[LedgerEntry] = Log()

    @property
    def available(self) -> Atoms:
        return self.total - self.held

    def __repr__(self) -> str:
        return f"<Balance {self.account.account_id} {self.wallet.name} {self.asset} {self.total} held {self.held}>"


class Account:
    """A customer: balances by wallet and asset, and switches that an operator may set."""

    __slots__ = ("account_id", "fees", "frozen", "frozen_wallets", "wallets")

    def __init__(self, account_id: str, fees: FeeSchedule) -> None:
        self.account_id = account_id
        self.fees = fees
        self.frozen = False
        self.frozen_wallets: set[Wallet] = set()
        self.wallets: dict[Wallet, dict[str, Balance]] = {wallet: {} for wallet in Wallet}

    def balance(self, wallet: Wallet, asset: str) -> Balance:
        """The balance, made on first use."""
        balances = self.wallets[wallet]
        found = balances.get(asset)
        if found is None:
            found = balances[asset] = Balance(self, wallet, asset)
        return found

    def available(self, wallet: Wallet, asset: str) -> Atoms:
        """What may be spent. Makes no balance: to look is not to use."""
        found = self.wallets[wallet].get(asset)
        return 0 if found is None else found.total - found.held

    def __repr__(self) -> str:
        return f"<Account {self.account_id}>"


class Ledger:
    """Moves money between balances and remembers each movement. `touched` collects the balances a command has changed."""

    def __init__(self, entry_ids: Sequence) -> None:
        self.external: defaultdict[str, Atoms] = defaultdict(int)
        self.fees: defaultdict[str, Atoms] = defaultdict(int)
        self.touched: dict[Balance, None] = {}
        self._ids = entry_ids

    def hold(self, balance: Balance, amount: Atoms) -> None:
        """Sets `amount` aside. The caller has checked that it is available."""
        assert 0 <= amount <= balance.total - balance.held, f"hold of {amount} on {balance!r}"
        balance.held += amount
        self.touched[balance] = None

    def release(self, balance: Balance, amount: Atoms) -> None:
        """Makes held money available again."""
        assert 0 <= amount <= balance.held, f"release of {amount} on {balance!r}"
        balance.held -= amount
        self.touched[balance] = None

    def move(
        self,
        debit: Balance,
        credit: Balance,
        amount: Atoms,
        *,
        fee: Atoms = 0,
        kind: EntryKind,
        credit_kind: EntryKind | None = None,
        time_ns: int,
    ) -> None:
        """Moves available money between two balances of the same asset, with an entry at each end.

        A `fee` on top is paid by the debited end to `FEES`.
        """
        assert debit.asset == credit.asset
        self.fees[debit.asset] += fee
        self._book(debit, -amount - fee, fee, kind, time_ns, None, credit.wallet)
        self._book(credit, amount, 0, credit_kind or kind, time_ns, None, debit.wallet)

    def move_external(self, balance: Balance, amount: Atoms, *, fee: Atoms = 0, kind: EntryKind, time_ns: int) -> None:
        """Brings `amount` (signed) in from the outside, or out to it; a `fee` on top is paid to `FEES`."""
        self.external[balance.asset] -= amount
        self.fees[balance.asset] += fee
        self._book(balance, amount - fee, fee, kind, time_ns, None, None)

    def note(self, balance: Balance, *, kind: EntryKind, time_ns: int) -> None:
        """An entry of zero: something happened that a customer looks for in the ledger, such as a cancelled withdrawal."""
        self._book(balance, 0, 0, kind, time_ns, None, None)

    def settle_trade(
        self, buyer: Order, seller: Order, paid: Balance, received: Balance, sold: Balance, proceeds: Balance,
        notional: Atoms, base_amount: Atoms, buyer_fee: Atoms, seller_fee: Atoms,
        buyer_hold: Atoms, time_ns: int,
    ) -> int:  # fmt: skip
        """Books both assets of a trade: `paid` -> `proceeds` in quote, `sold` -> `received` in base, fees of what is received.

        `buyer_hold` is what the buyer had set aside for this quantity (at its limit, so never less than `notional`); the
        seller had set aside `base_amount`. A rebate is a negative fee and comes from `FEES`. Each asset sums to zero:
        -amount + (amount - fee) + fee.
        Returns the first of four consecutive entry ids: the buyer paid +0 and received +1, the seller paid +2 and received +3.
        Positional, and written out in one piece: it runs for every trade and is the longest part of it.
        """
        first = self._ids.take(4)
        # In the order of the ids: when an account trades with itself, two and two of the balances are the same.
        paid.held -= buyer_hold
        paid.total = paid_total = paid.total - notional
        assert paid_total >= paid.held >= 0, f"{paid!r} overdrawn"
        received.total = received_total = received.total + base_amount - buyer_fee
        sold.held -= base_amount
        sold.total = sold_total = sold.total - base_amount
        assert sold_total >= sold.held >= 0, f"{sold!r} overdrawn"
        proceeds.total = proceeds_total = proceeds.total + notional - seller_fee
        if buyer_fee:
            self.fees[received.asset] += buyer_fee
        if seller_fee:
            self.fees[proceeds.asset] += seller_fee
        trade = EntryKind.TRADE
        for entry in (
            LedgerEntry(first, paid, trade, -notional, 0, paid_total, time_ns, buyer, None),
            LedgerEntry(first + 1, received, trade, base_amount - buyer_fee, buyer_fee, received_total, time_ns, buyer, None),
            LedgerEntry(first + 2, sold, trade, -base_amount, 0, sold_total, time_ns, seller, None),
            LedgerEntry(first + 3, proceeds, trade, notional - seller_fee, seller_fee, proceeds_total, time_ns, seller, None),
        ):  # fmt: skip
            entry.balance.entries.append(entry.entry_id, time_ns, entry)
        touched = self.touched
        touched[paid] = touched[sold] = touched[received] = touched[proceeds] = None
        return first

    def _book(
        self, balance: Balance, amount: Atoms, fee: Atoms, kind: EntryKind, time_ns: int,
        order: Order | None, counter_wallet: Wallet | None,
    ) -> None:  # fmt: skip
        balance.total += amount
        assert balance.total >= balance.held, f"{balance!r} overdrawn by {kind}"
        entry_id = self._ids.take(1)
        balance.entries.append(
            entry_id,
            time_ns,
            LedgerEntry(entry_id, balance, kind, amount, fee, balance.total, time_ns, order, counter_wallet),
        )
        self.touched[balance] = None
