"""Accounts, balances, holds and entries. The only place where a balance changes.

Invariants, after every command: no balance or available amount is negative; `total = available + held`; per asset the totals
of all accounts plus the house accounts sum to zero. `EXTERNAL` is the world outside (a deposit makes it more negative),
`FEES` is what the venue has earned, `CLEARING` owes the profits of contracts that are realised and not yet lost by the other
side, `INSURANCE` pays for what customers cannot; all are plain sums, because nobody pages through them.
One exception: the margin of cross positions may be backed by unrealised profit instead of money. So where there are such
positions `available` may be negative, but never below minus `cross_margin`.
Every movement has two ends of the same size; there is no other way to write a balance.
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import Final, NamedTuple

from mockex.core.fees import FeeSchedule
from mockex.core.history import KindsOf, Log, NoLog, Shelves
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
    REALISED_PROFIT = "realised profit"  # a contract's fill: its profit or loss less its fee, also where it only opens
    LIQUIDATION = "liquidation"  # likewise, where the position was closed by force
    FUNDING = "funding"
    INSURANCE = "insurance"  # what the insurance fund pays because the balance cannot


OF_POSITIONS = frozenset({EntryKind.REALISED_PROFIT, EntryKind.LIQUIDATION, EntryKind.FUNDING, EntryKind.INSURANCE})
"""What only venues with contracts book."""


class BalanceCause(Enum):
    """Why a command changed a balance. It may have had several reasons: a trade outweighs what was set aside for it before and
    given back after it, fees are part of it, and the end of an order outweighs its beginning.
    """

    ORDER_PLACED = "order placed"
    ORDER_CANCELLED = "order cancelled"
    TRADE = "trade"
    DEPOSIT = "deposit"
    WITHDRAWAL_STARTED = "withdrawal started"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_CANCELLED = "withdrawal cancelled"
    TRANSFER = "transfer"
    ADJUSTMENT = "adjustment"
    FUNDING = "funding"
    MARGIN_MOVED = "margin moved"  # set aside for a position, or given back, by its owner


BOOKED = frozenset(
    {
        BalanceCause.TRADE,
        BalanceCause.DEPOSIT,
        BalanceCause.WITHDRAWAL,
        BalanceCause.TRANSFER,
        BalanceCause.ADJUSTMENT,
        BalanceCause.FUNDING,
    }
)
"""The causes that change a total; the others only change what of it is available."""

_CAUSES = {
    EntryKind.TRADE: BalanceCause.TRADE,
    EntryKind.DEPOSIT: BalanceCause.DEPOSIT,
    EntryKind.WITHDRAWAL: BalanceCause.WITHDRAWAL,
    EntryKind.WITHDRAWAL_CANCELLED: BalanceCause.WITHDRAWAL_CANCELLED,
    EntryKind.TRANSFER_IN: BalanceCause.TRANSFER,
    EntryKind.TRANSFER_OUT: BalanceCause.TRANSFER,
    EntryKind.ADJUSTMENT: BalanceCause.ADJUSTMENT,
    EntryKind.REALISED_PROFIT: BalanceCause.TRADE,
    EntryKind.LIQUIDATION: BalanceCause.TRADE,
    EntryKind.FUNDING: BalanceCause.FUNDING,
    EntryKind.INSURANCE: BalanceCause.TRADE,
}

_TRADE: Final = EntryKind.TRADE
_FUNDING: Final = EntryKind.FUNDING
_TRADED: Final = BalanceCause.TRADE
_FUNDED: Final = BalanceCause.FUNDING
_CANCELLED: Final = BalanceCause.ORDER_CANCELLED
_new_tuple = tuple.__new__  # what a NamedTuple's own constructor calls, at half its cost


class LedgerEntry(NamedTuple):
    """One change of one balance. A tuple because four are made for every trade.

    `amount` is signed and net: a trade's entry for what was received is already less its `fee`, one for what was paid includes
    it; there a negative fee is a rebate. `counter` is the other end of a movement between two customers' balances.
    """

    entry_id: int
    balance: Balance
    kind: EntryKind
    amount: Atoms
    fee: Atoms
    total_after: Atoms
    held_after: Atoms
    time_ns: int
    order: Order | None
    counter: Balance | None

    @property
    def counter_wallet(self) -> Wallet | None:
        """The wallet at the other end of a transfer."""
        return None if self.counter is None else self.counter.wallet


class Balance:
    """One asset in one wallet of one account, in atoms, with its history. `changes`: how many commands have changed it.

    Of what is `held`, `committed` is for withdrawals and isolated positions, `cross_margin` for cross positions, and the rest
    for orders.
    """

    __slots__ = ("account", "asset", "changes", "committed", "cross_margin", "entries", "held", "shelves", "total", "wallet")

    def __init__(self, account: Account, wallet: Wallet, asset: str) -> None:
        self.account = account
        self.wallet = wallet
        self.asset = asset
        self.total: Atoms = 0
        self.held: Atoms = 0
        self.committed: Atoms = 0
        self.cross_margin: Atoms = 0
        self.changes = 0
        self.entries: Log[LedgerEntry] = Log() if account.keeps_history else NoLog()
        self.shelves: Shelves[LedgerEntry] | None = None

    def entries_of(self, kinds_of: KindsOf[LedgerEntry], kind: str) -> Log[LedgerEntry]:
        """Those entries of which the function says that; it must be the same one each time. Cost as of `Shelves`."""
        if self.shelves is None:
            self.shelves = Shelves(kinds_of)
        return self.shelves.of(kind, self.entries)

    @property
    def available(self) -> Atoms:
        return self.total - self.held

    @property
    def is_backed(self) -> bool:
        """Whether there is money for all that is held, cross margin aside."""
        return self.total >= self.held - self.cross_margin >= 0

    def __repr__(self) -> str:
        return f"<Balance {self.account.account_id} {self.wallet.name} {self.asset} {self.total} held {self.held}>"


class Account:
    """A customer: balances by wallet and asset, and switches that an operator may set.

    `keeps_history` False: no entries and fills are kept, and closed orders are forgotten at once. For accounts that trade all
    day and never ask what they did.
    """

    __slots__ = ("account_id", "fees", "frozen", "frozen_wallets", "keeps_history", "wallets")

    def __init__(self, account_id: str, fees: FeeSchedule, *, keeps_history: bool = True) -> None:
        self.account_id = account_id
        self.keeps_history = keeps_history
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
    """Moves money between balances and remembers each movement. `touched` collects the balances a command has changed, each
    with its cause.
    """

    def __init__(self, entry_ids: Sequence) -> None:
        self.external: defaultdict[str, Atoms] = defaultdict(int)
        self.fees: defaultdict[str, Atoms] = defaultdict(int)
        self.clearing: defaultdict[str, Atoms] = defaultdict(int)
        self.insurance: defaultdict[str, Atoms] = defaultdict(int)
        self.touched: dict[Balance, BalanceCause] = {}
        self._ids = entry_ids

    def hold(self, balance: Balance, amount: Atoms, cause: BalanceCause) -> None:
        """Sets `amount` aside. The caller has checked that it is available."""
        assert 0 <= amount <= balance.total - balance.held, f"hold of {amount} on {balance!r}"
        balance.held += amount
        self.touched[balance] = cause

    def release(self, balance: Balance, amount: Atoms, cause: BalanceCause) -> None:
        """Makes held money available again."""
        assert 0 <= amount <= balance.held, f"release of {amount} on {balance!r}"
        balance.held -= amount
        touched = self.touched
        if not touched or (touched.get(balance) is not _TRADED and touched.get(balance) is not _FUNDED):
            touched[balance] = cause

    def release_order(self, order: Order) -> None:
        """Makes all available again that an order holds which was cancelled."""
        amount = order.hold_left
        if amount:
            balance = order.hold_balance
            assert amount <= balance.held, f"release of {amount} on {balance!r}"
            balance.held -= amount
            order.hold_left = 0
            touched = self.touched
            if not touched or (touched.get(balance) is not _TRADED and touched.get(balance) is not _FUNDED):
                touched[balance] = _CANCELLED

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
        self._book(debit, -amount - fee, fee, kind, time_ns, credit)
        self._book(credit, amount, 0, credit_kind or kind, time_ns, debit)

    def move_external(self, balance: Balance, amount: Atoms, *, fee: Atoms = 0, kind: EntryKind, time_ns: int) -> None:
        """Brings `amount` (signed) in from the outside, or out to it; besides, the balance pays a `fee` to `FEES`."""
        self.external[balance.asset] -= amount
        self.fees[balance.asset] += fee
        self._book(balance, amount - fee, fee, kind, time_ns, None)

    def commit(self, balance: Balance, amount: Atoms, cause: BalanceCause) -> None:
        """As `hold`, for what nothing but its own end gives back."""
        self.hold(balance, amount, cause)
        balance.committed += amount

    def uncommit(self, balance: Balance, amount: Atoms, cause: BalanceCause) -> None:
        self.release(balance, amount, cause)
        balance.committed -= amount

    def set_aside(self, balance: Balance, amount: Atoms, *, committed: Atoms, cross_margin: Atoms, cause: BalanceCause) -> None:
        """Holds `amount` (signed) more; the next two say by how much what is held for positions changes with it."""
        balance.held += amount
        balance.committed += committed
        balance.cross_margin += cross_margin
        assert balance.is_backed, f"{balance!r} overdrawn by {cause}"
        if amount:
            self.touched[balance] = cause

    def book_position(
        self,
        balance: Balance, kind: EntryKind, amount: Atoms, fee: Atoms, house: defaultdict[str, Atoms],
        held: Atoms, committed: Atoms, cross_margin: Atoms, time_ns: int, order: Order | None,
    ) -> int:  # fmt: skip
        """Books what a position brings or costs: `amount` from a house account, less a `fee`. The last three amounts before the
        time say by how much what is held changes with it.

        What the balance cannot pay without touching what is committed, `INSURANCE` pays, with an entry of its own. Returns the
        id of the first entry. What orders hold may be more than what is left afterwards: the caller cancels such.
        """
        asset = balance.asset
        balance.held += held
        balance.committed += committed
        balance.cross_margin += cross_margin
        balance.total = total = balance.total + amount - fee
        house[asset] -= amount
        if fee:
            self.fees[asset] += fee
        entry_id = self._ids.take(1)
        balance.entries.append(entry_id, time_ns, _new_tuple(LedgerEntry, (
            entry_id, balance, kind, amount - fee, fee, total, balance.held, time_ns, order, None)))  # fmt: skip
        self.touched[balance] = _FUNDED if kind is _FUNDING else _TRADED
        if total < balance.committed:
            self._insure(balance, balance.committed - total, time_ns, order)
        return entry_id

    def _insure(self, balance: Balance, amount: Atoms, time_ns: int, order: Order | None) -> None:
        balance.total += amount
        self.insurance[balance.asset] -= amount
        entry_id = self._ids.take(1)
        balance.entries.append(entry_id, time_ns, LedgerEntry(
            entry_id, balance, EntryKind.INSURANCE, amount, 0, balance.total, balance.held, time_ns, order, None))  # fmt: skip

    def insure_profit(self, asset: str, profit: Atoms) -> None:
        """The insurance fund has realised a profit or loss of its own."""
        self.insurance[asset] += profit
        self.clearing[asset] -= profit

    def note(self, balance: Balance, *, kind: EntryKind, time_ns: int) -> None:
        """An entry of zero: something happened that a customer looks for in the ledger, such as a cancelled withdrawal."""
        self._book(balance, 0, 0, kind, time_ns, None)

    def settle_trade(
        self,
        maker: Order, maker_receives: Balance, maker_pays: Atoms, maker_fee: Atoms, maker_rebate: Atoms,
        taker: Order, taker_receives: Balance, taker_pays: Atoms, taker_fee: Atoms, taker_rebate: Atoms, taker_hold: Atoms,
        time_ns: int,
    ) -> int:  # fmt: skip
        """Books both assets of a trade: what each side pays, out of what its order holds, the other receives less its fee.

        The maker had set aside just what it pays, since it trades at its own price; `taker_hold` is what the taker had set
        aside for this quantity. A negative fee comes from `FEES`; so does a rebate, which goes to the asset that was paid.
        A negative rebate is a fee on top of what is paid.
        Each asset sums to zero: (rebate - amount) + (amount - fee) + (fee - rebate).
        Returns the first of four consecutive entry ids: the maker paid and received, the taker paid and received.
        Positional, and written out in one piece: it runs for every trade and is the longest part of it.
        """
        first = self._ids.take(4)
        maker_paid, taker_paid = maker.hold_balance, taker.hold_balance
        # In the order of the ids: when an account trades with itself, these four are two balances.
        maker.hold_left -= maker_pays
        maker_paid.held = maker_paid_held = maker_paid.held - maker_pays
        maker_paid.total = maker_paid_total = maker_paid.total - maker_pays + maker_rebate
        assert maker_paid_total >= maker_paid_held >= 0 or maker_paid.is_backed, f"{maker_paid!r} overdrawn"
        maker_net = taker_pays - maker_fee
        maker_receives.total = maker_total = maker_receives.total + maker_net
        maker_held = maker_receives.held
        taker.hold_left -= taker_hold
        taker_paid.held = taker_paid_held = taker_paid.held - taker_hold
        taker_paid.total = taker_paid_total = taker_paid.total - taker_pays + taker_rebate
        assert taker_paid_total >= taker_paid_held >= 0 or taker_paid.is_backed, f"{taker_paid!r} overdrawn"
        taker_net = maker_pays - taker_fee
        taker_receives.total = taker_total = taker_receives.total + taker_net
        if maker_fee:
            self.fees[maker_receives.asset] += maker_fee
        if taker_fee:
            self.fees[taker_receives.asset] += taker_fee
        if maker_rebate:
            self.fees[maker_paid.asset] -= maker_rebate
        if taker_rebate:
            self.fees[taker_paid.asset] -= taker_rebate
        # fmt: off
        maker_paid.entries.append(first, time_ns, _new_tuple(LedgerEntry, (
            first, maker_paid, _TRADE, maker_rebate - maker_pays, -maker_rebate, maker_paid_total, maker_paid_held,
            time_ns, maker, None)))
        maker_receives.entries.append(first + 1, time_ns, _new_tuple(LedgerEntry, (
            first + 1, maker_receives, _TRADE, maker_net, maker_fee, maker_total, maker_held, time_ns, maker, None)))
        taker_paid.entries.append(first + 2, time_ns, _new_tuple(LedgerEntry, (
            first + 2, taker_paid, _TRADE, taker_rebate - taker_pays, -taker_rebate, taker_paid_total, taker_paid_held,
            time_ns, taker, None)))
        taker_receives.entries.append(first + 3, time_ns, _new_tuple(LedgerEntry, (
            first + 3, taker_receives, _TRADE, taker_net, taker_fee, taker_total, taker_receives.held, time_ns, taker, None)))
        # fmt: on
        touched = self.touched
        touched[maker_paid] = touched[maker_receives] = touched[taker_paid] = touched[taker_receives] = _TRADED
        return first

    def _book(
        self, balance: Balance, amount: Atoms, fee: Atoms, kind: EntryKind, time_ns: int, counter: Balance | None
    ) -> None:
        balance.total += amount
        assert balance.is_backed, f"{balance!r} overdrawn by {kind}"
        entry_id = self._ids.take(1)
        balance.entries.append(
            entry_id,
            time_ns,
            LedgerEntry(entry_id, balance, kind, amount, fee, balance.total, balance.held, time_ns, None, counter),
        )
        self.touched[balance] = _CAUSES[kind]
