"""HTX's words for accounts, entries of ledgers and transfers. Source: htx§3.3.

Pure: from the exchange's values to rows. Amounts are texts of up to 18 decimals; in the ledger of v2 they are JSON numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockex.core.ledger import Account, Balance, EntryKind, LedgerEntry
from mockex.core.units import Atoms, Wallet
from mockex.venues.htx.codec import Row, ms
from mockex.venues.htx.identities import ACCOUNT_TYPES, Identities
from mockex.venues.htx.instruments import ATOM_DECIMALS
from mockex.wire.decimals import fixed, plain
from mockex.wire.json import number

# What a v1 account's history can be asked for (htx§3.3). What no entry of the simulator is called finds nothing.
TRANSACT_TYPES = frozenset(
    {
        "trade", "etf", "transact-fee", "fee-deduction", "transfer", "credit", "liquidation", "interest", "deposit", "withdraw",
        "withdraw-fee", "exchange", "other-types", "rebate",
    }
)  # fmt: skip

# What an entry books, and what its fee is called. A cancelled withdrawal moves nothing, and has no row.
_MOVEMENTS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.TRADE: ("trade", "transact-fee"),
    EntryKind.DEPOSIT: ("deposit", "other-types"),
    EntryKind.WITHDRAWAL: ("withdraw", "withdraw-fee"),
    EntryKind.TRANSFER_IN: ("transfer", "other-types"),
    EntryKind.TRANSFER_OUT: ("transfer", "other-types"),
    EntryKind.ADJUSTMENT: ("other-types", "other-types"),
}
_REBATE = "rebate"

TRANSFERS = frozenset({EntryKind.TRANSFER_IN, EntryKind.TRANSFER_OUT})

# `transferType` by the other end, (out of spot, into spot), in the words of the vendor's present document. Between two
# customers, and between accounts of which none is spot, ASSUMED.
_TRANSFER_TYPES: Mapping[Wallet, tuple[str, str]] = {
    Wallet.FUNDING: ("spot-to-otc", "otc-to-spot"),
    Wallet.FUTURES: ("spot-to-futures", "futures-to-spot"),
    Wallet.COIN_SWAP: ("dm-spot-to-swap", "dm-swap-to-spot"),
    Wallet.LINEAR_SWAP: ("spot-to-linear-swap", "linear-swap-to-spot"),
}
_BETWEEN_USERS = ("sub-transfer-out", "sub-transfer-in")


def plain_amount(atoms: Atoms) -> str:
    """As balances are printed: no zeros at the end, and `0` for nothing."""
    return plain(atoms, ATOM_DECIMALS)


# --- accounts


def encode_account(account: Account, wallet: Wallet, ids: Identities) -> Row:
    return {
        "id": ids.account_number(account.account_id, wallet),
        "type": ACCOUNT_TYPES[wallet],
        "subtype": "",
        "state": _state(account, wallet),
    }


def encode_balances(account: Account, wallet: Wallet, assets: Iterable[str], ids: Identities) -> Row:
    """Two rows a currency, also of what was never there; reading leaves no trace."""
    balances = account.wallets[wallet]
    return {
        "id": ids.account_number(account.account_id, wallet),
        "type": ACCOUNT_TYPES[wallet],
        "state": _state(account, wallet),
        "list": [row for asset in assets for row in _balance_rows(balances.get(asset) or Balance(account, wallet, asset))],
    }


def _balance_rows(balance: Balance) -> list[Row]:
    """`debt` and `available` are of margin accounts."""
    return [
        {
            "currency": balance.asset.lower(),
            "type": kind,
            "balance": plain_amount(amount),
            "debt": "invalid",
            "available": "invalid",
            "seq-num": str(balance.changes),
        }
        for kind, amount in (("trade", balance.available), ("frozen", balance.held))
    ]


def _state(account: Account, wallet: Wallet) -> str:
    return "lock" if account.frozen or wallet in account.frozen_wallets else "working"


# --- entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of an account's history: what an entry moved, or the fee for it. `total`, `available`: after it."""

    record_id: int
    entry: LedgerEntry
    kind: str
    amount: Atoms
    total: Atoms
    available: Atoms


def records_of(entry: LedgerEntry) -> list[Record]:
    """None, one or two. An entry's amount is net of its fee, which the venue books by itself; ids follow from the entry's."""
    words = _MOVEMENTS.get(entry.kind)
    if words is None:
        return []
    fee, available = entry.fee, entry.total_after - entry.held_after
    movement = Record(
        record_id=entry.entry_id * 10,
        entry=entry,
        kind=words[0],
        amount=entry.amount + fee,
        total=entry.total_after + fee,
        available=available + fee,
    )
    if not fee:
        return [movement]
    paid = Record(
        record_id=entry.entry_id * 10 + 1,
        entry=entry,
        kind=words[1] if fee > 0 else _REBATE,
        amount=-fee,
        total=entry.total_after,
        available=available,
    )
    return [movement, paid]


def encode_record(record: Record, account_number: int) -> Row:
    return {
        "account-id": account_number,
        "currency": record.entry.balance.asset.lower(),
        "record-id": record.record_id,
        "transact-amt": _history_amount(record.amount),
        "transact-type": record.kind,
        "avail-balance": _history_amount(record.available),
        "acct-balance": _history_amount(record.total),
        "transact-time": ms(record.entry.time_ns),
    }


def _history_amount(atoms: Atoms) -> str:
    """All 18 decimals, unlike balances; `0E-18` for nothing, as Java prints it (published example)."""
    return fixed(atoms, ATOM_DECIMALS, ATOM_DECIMALS) if atoms else "0E-18"


def encode_transfer_entry(record: Record, ids: Identities) -> Row:
    """A row of the v2 ledger. `transactId` is 0 in the published example; here it is the record's own id (ASSUMED)."""
    entry = record.entry
    own = ids.account_number(entry.balance.account.account_id, entry.balance.wallet)
    counter = entry.counter
    assert counter is not None, f"a transfer with one end: {entry!r}"
    other = ids.account_number(counter.account.account_id, counter.wallet)
    is_out = entry.kind is EntryKind.TRANSFER_OUT
    return {
        "accountId": own,
        "currency": entry.balance.asset.lower(),
        "transactAmt": number(plain_amount(record.amount)),
        "transactType": record.kind,
        "transferType": _transfer_type(entry.balance, counter)[0 if is_out else 1],
        "transactId": record.record_id,
        "transactTime": ms(entry.time_ns),
        "transferer": own if is_out else other,
        "transferee": other if is_out else own,
    }


def _transfer_type(balance: Balance, counter: Balance) -> tuple[str, str]:
    """(if it went out, if it came in), as seen from `balance`. An account beside spot sees the same transfer's word."""
    if balance.account is not counter.account:
        return _BETWEEN_USERS
    if balance.wallet is Wallet.SPOT:
        return _TRANSFER_TYPES[counter.wallet]
    out, into = _TRANSFER_TYPES[balance.wallet]
    return into, out
