"""OKCoin Japan's words for the funding account, out and in. Source: okj§7; the order of checks on a request is its [B].

Pure: from parameters to a request's values, and from the exchange's values to rows. Knows no desk and no account's settings.

Amounts leave in plain notation; times of ledger rows, coin deposits and coin withdrawals end in `.000Z`, those of yen carry
milliseconds (okj§2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from mockex.core.events import FundsTransferred
from mockex.core.ledger import Balance, EntryKind, LedgerEntry
from mockex.core.payments import Payment, PaymentKind, PaymentStatus
from mockex.core.units import Atoms, Wallet
from mockex.venues.okcoinjp.chains import Chain, chain_named, chains_of
from mockex.venues.okcoinjp.codec import amount_text
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.instruments import ATOM_DECIMALS
from mockex.wire.decimals import fixed
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.params import Params
from mockex.wire.timestamps import iso_ms, iso_seconds000

WALLETS: Mapping[int, Wallet] = {1: Wallet.SPOT, 6: Wallet.FUNDING}
WALLET_NUMBERS: Mapping[Wallet, str] = {wallet: str(number) for number, wallet in WALLETS.items()}
TOTAL = 0  # of the valuation: every wallet

# Accounts of the parent exchange that this venue does not have: futures, margin, swap, option (named by ccxt).
_PARENT_ACCOUNTS = frozenset({3, 5, 9, 12})


class Destination(Enum):
    """Where a coin withdrawal goes."""

    ADDRESS = "-1"
    VENUE_USER = "5"


DESTINATIONS: Mapping[int, Destination] = {int(member.value): member for member in Destination}

REASONS = frozenset({*map(str, range(1, 13)), "99"})
REVIEWED_REASONS = frozenset({"12", "99"})  # take longer to check

# Ledger types: the query's number and the row's text. "Get from activity" is published for money that the venue gave.
ENTRY_QUERIES: Mapping[int, EntryKind] = {
    1: EntryKind.DEPOSIT,
    2: EntryKind.WITHDRAWAL,
    13: EntryKind.WITHDRAWAL_CANCELLED,
    37: EntryKind.TRANSFER_OUT,
    38: EntryKind.TRANSFER_IN,
}
ENTRY_WORDS: Mapping[EntryKind, str] = {
    EntryKind.DEPOSIT: "Deposit",
    EntryKind.WITHDRAWAL: "Withdrawal",
    EntryKind.WITHDRAWAL_CANCELLED: "Cancel withdrawal",
    EntryKind.TRANSFER_OUT: "To spot account",
    EntryKind.TRANSFER_IN: "From spot account",
    EntryKind.ADJUSTMENT: "Get from activity",
}

_S = PaymentStatus

StatusNumbers = Mapping[PaymentStatus, tuple[str, str]]
"""(number since 2023-11-22, number before). Where a list has no number for a state, the nearest stands: ASSUMED."""

COIN_WITHDRAWAL_STATUSES: StatusNumbers = {
    _S.WAITING: ("1", "0"),
    _S.PROCESSING: ("2", "1"),
    _S.REVIEW: ("3", "4"),
    _S.DONE: ("4", "2"),
    _S.CANCELLING: ("5", "-3"),
    _S.CANCELLED: ("6", "-2"),
    _S.FAILED: ("7", "-1"),
    _S.REFUNDED: ("8", "-4"),
}
COIN_DEPOSIT_STATUSES: StatusNumbers = {
    _S.WAITING: ("1", "0"),
    _S.PROCESSING: ("2", "1"),
    _S.REVIEW: ("3", "1"),
    _S.DONE: ("4", "2"),
    _S.FAILED: ("7", "1"),
    _S.REFUNDED: ("7", "1"),
}
CASH_WITHDRAWAL_STATUSES: StatusNumbers = {
    _S.WAITING: ("1", "0"),
    _S.REVIEW: ("1", "0"),
    _S.PROCESSING: ("2", "0"),
    _S.DONE: ("4", "3"),
    _S.CANCELLING: ("5", "0"),
    _S.CANCELLED: ("6", "-3"),
    _S.FAILED: ("7", "-2"),
    _S.REFUNDED: ("8", "-5"),
}
CASH_DEPOSIT_STATUSES: StatusNumbers = {
    _S.WAITING: ("1", "0"),
    _S.REVIEW: ("2", "0"),
    _S.PROCESSING: ("2", "0"),
    _S.DONE: ("4", "3"),
    _S.FAILED: ("8", "-3"),
    _S.REFUNDED: ("8", "-3"),
}
_STATUSES: Mapping[PaymentKind, StatusNumbers] = {
    PaymentKind.COIN_WITHDRAWAL: COIN_WITHDRAWAL_STATUSES,
    PaymentKind.INTERNAL_WITHDRAWAL: COIN_WITHDRAWAL_STATUSES,
    PaymentKind.COIN_DEPOSIT: COIN_DEPOSIT_STATUSES,
    PaymentKind.INTERNAL_DEPOSIT: COIN_DEPOSIT_STATUSES,
    PaymentKind.CASH_WITHDRAWAL: CASH_WITHDRAWAL_STATUSES,
    PaymentKind.CASH_DEPOSIT: CASH_DEPOSIT_STATUSES,
}
_ON_CHAIN = frozenset({_S.PROCESSING, _S.DONE})
_UNDONE = frozenset({_S.FAILED, _S.REFUNDED})


# A yen withdrawal that the bank sent back: 9 from the moment it failed on, while one with bad bank data goes from 7 to 8.
_CASH_FAILED_AT_BANK = ("9", "-1")


def status_number(payment: Payment, *, legacy: bool) -> str:
    since, before = _STATUSES[payment.kind][payment.status]
    if payment.kind is PaymentKind.CASH_WITHDRAWAL and payment.sent_ns is not None and payment.status in _UNDONE:
        since, before = _CASH_FAILED_AT_BANK
    return before if legacy else since


# --- requests


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequest:
    source: Wallet
    target: Wallet
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequest:
    """Formats are checked, values are not. `destination` is the number as sent; the rest is text, None where absent."""

    destination: int
    fee: Decimal
    to_address: str
    funds_password: str
    amount: Decimal
    currency: str
    chain: str | None
    usage_agreement: str | None
    reason: str | None


def decode_transfer(params: Params) -> TransferRequest:
    """In the captured order: formats of from, to and amount; the currency; the values of from and to."""
    source, target = numeric(params, "from"), numeric(params, "to")
    amount = amount_of(params, "amount")
    currency = params.text("currency")
    return TransferRequest(source=wallet_of(source, "from"), target=wallet_of(target, "to"), amount=amount, currency=currency)


def decode_withdrawal(params: Params) -> WithdrawalRequest:
    """In the captured order. An absent destination is an address, as in the document's own example."""
    destination = params.optional_integer("destination")
    fee = amount_of(params, "fee")
    to_address = params.text("to_address")
    funds_password = funds_password_of(params)
    amount = amount_of(params, "amount")
    return WithdrawalRequest(
        destination=int(Destination.ADDRESS.value) if destination is None else destination,
        fee=fee,
        to_address=to_address,
        funds_password=funds_password,
        amount=amount,
        currency=params.text("currency"),
        chain=params.optional_text("chain"),
        usage_agreement=params.optional_text("usage_agreement"),
        reason=params.optional_text("reason"),
    )


def numeric(params: Params, name: str) -> int:
    """Captured: an absent number is one in the wrong format, not a blank field."""
    number = params.optional_integer(name)
    if number is None:
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
    return number


def amount_of(params: Params, name: str) -> Decimal:
    """As `numeric`, with decimals and of any sign."""
    amount = params.optional_decimal(name)
    if amount is None:
        raise ApiFault(FaultKind.PARAM_FORMAT, field=name)
    return amount


def funds_password_of(params: Params) -> str:
    """Sent as `trade_pwd`; a missing one is reported as `tradePwd` (captured)."""
    text = params.optional_text("trade_pwd")
    if text is None:
        raise ApiFault(FaultKind.PARAM_MISSING, field="tradePwd")
    return text


def wallet_of(number: int, field: str) -> Wallet:
    """ACCOUNT_TYPE for an account that only the parent exchange has, ENUM_FIELD for a number that names none."""
    wallet = WALLETS.get(number)
    if wallet is None:
        raise ApiFault(OkFault.ACCOUNT_TYPE if number in _PARENT_ACCOUNTS else OkFault.ENUM_FIELD, field=field)
    return wallet


def decode_entry_kind(params: Params) -> EntryKind | None:
    """The ledger's `type`; None if it is not asked for. Captured: `Invalid type type` for a number that is not listed."""
    number = params.optional_integer("type")
    if number is None:
        return None
    if number not in ENTRY_QUERIES:
        raise ApiFault(OkFault.ENUM_FIELD, field="type")
    return ENTRY_QUERIES[number]


# --- balances and ledger


def encode_wallet(balance: Balance) -> dict[str, str]:
    return {
        "currency": balance.asset,
        "balance": amount_text(balance.total),
        "hold": amount_text(balance.held),
        "available": amount_text(balance.available),
    }


def encode_transfer(transfer: FundsTransferred) -> dict[str, object]:
    return {
        "transfer_id": str(transfer.transfer_id),
        "currency": transfer.asset,
        "from": WALLET_NUMBERS[transfer.source],
        "amount": amount_text(transfer.amount),
        "to": WALLET_NUMBERS[transfer.target],
        "result": True,
    }


def encode_funding_entry(entry: LedgerEntry) -> dict[str, str]:
    """`amount` is without the fee, `balance` is what both have left."""
    return {
        "ledger_id": str(entry.entry_id),
        "currency": entry.balance.asset,
        "balance": amount_text(entry.total_after),
        "amount": amount_text(entry.amount + entry.fee),
        "fee": amount_text(entry.fee),
        "type": ENTRY_WORDS[entry.kind],
        "timestamp": iso_seconds000(entry.time_ns),
    }


# --- chains


def encode_currency(asset: str, chain: str, *, name: str, min_withdrawal: str, can_withdraw: bool) -> dict[str, str]:
    """A row of the currency list. Deposits are always open."""
    return {
        "currency": asset,
        "chain": chain,
        "name": name,
        "can_deposit": "1",
        "can_withdraw": "1" if can_withdraw else "0",
        "min_withdrawal": min_withdrawal,
    }


def encode_chain_fee(chain: Chain) -> dict[str, str]:
    return {
        "currency": chain.asset,
        "chain": chain.name,
        "min_fee": decimal_text(chain.min_fee),
        "max_fee": decimal_text(chain.max_fee),
    }


def encode_deposit_address(chain: Chain, address: str, tag: str) -> dict[str, str]:
    """`currency` is undocumented here, but ccxt drops rows without it (okj§7)."""
    row = {"currency": chain.asset, "address": address, "chain": chain.name}
    return {**row, "tag": tag} if tag else row


def decimal_text(value: Decimal) -> str:
    """Plain notation of a figure of our own tables."""
    return format(value, "f")


def chain_of(payment: Payment) -> Chain | None:
    """The payment's chain, else the usual one of its currency; None for money in the bank."""
    usual = next(iter(chains_of(payment.asset)), None)
    return chain_named(payment.asset, payment.chain) or usual


def _chain_text(payment: Payment) -> str:
    chain = chain_of(payment)
    return payment.chain or (payment.asset if chain is None else chain.name)


# --- deposits and withdrawals


def encode_withdrawal_reply(payment: Payment) -> dict[str, object]:
    """`withdraw_id` is not quoted here, unlike in the history (okj§2)."""
    return {
        "amount": amount_text(payment.amount),
        "withdraw_id": payment.payment_id,
        "currency": payment.asset,
        "chain": _chain_text(payment),
        "result": True,
    }


def encode_cash_withdrawal_reply(payment: Payment) -> dict[str, object]:
    return {"amount": amount_text(payment.amount), "withdraw_id": payment.payment_id, "result": True}


def encode_withdrawal(payment: Payment, *, sender: str, txid: str, legacy: bool) -> dict[str, str]:
    """A row of the coin withdrawals. `sender`: the account as the venue shows it, not an address.

    `txid` is "" until the coins are on their way, and after they came back; between users of the venue there is none.
    """
    row = {
        "withdraw_id": str(payment.payment_id),
        "currency": payment.asset,
        "chain": _chain_text(payment),
        "amount": amount_text(payment.amount),
        "fee": _fee_text(payment.fee, payment.asset),
        "from": sender,
        "to": payment.address,
        "timestamp": iso_seconds000(payment.created_ns),
        "status": status_number(payment, legacy=legacy),
    }
    if payment.tag:
        row["tag"] = payment.tag
    if payment.kind is not PaymentKind.INTERNAL_WITHDRAWAL:
        row["txid"] = txid if payment.status in _ON_CHAIN else ""
    return row


def _fee_text(fee: Atoms, asset: str) -> str:
    """`0.01000000eth`."""
    return fixed(fee // 10 ** (ATOM_DECIMALS - 8), 8, 8) + asset.lower()


def encode_deposit(payment: Payment, *, address: str, tag: str, txid: str, legacy: bool) -> dict[str, str]:
    """A row of the coin deposits. `timestamp` is when the money arrived, or came nearer last.

    From another user of the venue it has no address, and its txid says so: `1915737_3_0_0_WALLET` (published).
    """
    internal = payment.kind is PaymentKind.INTERNAL_DEPOSIT
    row = {
        "deposit_id": str(payment.payment_id),
        "currency": payment.asset,
        "chain": _chain_text(payment),
        "amount": amount_text(payment.amount),
        "to": "" if internal else address,
        "txid": f"{payment.payment_id}_3_0_0_WALLET" if internal else txid,
        "timestamp": iso_seconds000(payment.updated_ns),
        "status": status_number(payment, legacy=legacy),
    }
    if tag and not internal:
        row["tag"] = tag
    return row


def encode_cash_withdrawal(payment: Payment, *, legacy: bool) -> dict[str, str]:
    return {
        "amount": amount_text(payment.amount),
        "fee": amount_text(payment.fee),
        "status": status_number(payment, legacy=legacy),
        "timestamp": iso_ms(payment.created_ns),
    }


def encode_cash_deposit(payment: Payment, *, legacy: bool) -> dict[str, str]:
    return {
        "amount": amount_text(payment.amount),
        "status": status_number(payment, legacy=legacy),
        "timestamp": iso_ms(payment.created_ns),
    }
