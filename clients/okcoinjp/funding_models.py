"""Funding values: wallets are `trading_models.Balance`; here are currencies, transfers, withdrawals, deposits, their fees.

Field names are the venue's, so that its document can be read beside them. Amounts are `Decimal`, times are aware UTC
datetimes, and a field that the venue leaves empty or out is None. Nothing here knows HTTP or WebSocket.
Statuses carry the venue's number beside its meaning, because the venue has renumbered them before (its change of
2023-11-22): a number outside the document leaves the meaning None and loses nothing.
Source: OKCoin Japan v3 document, "Funding account".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row, as_decimal
from .vocabulary import (
    Account,
    DepositStatus,
    Destination,
    JpyDepositStatus,
    JpyWithdrawalStatus,
    WithdrawalReason,
    WithdrawalStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """One currency on one chain. `min_withdrawal` counts that currency."""

    currency: str
    chain: str | None
    name: str | None
    can_deposit: bool
    can_withdraw: bool
    min_withdrawal: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetValuation:
    """What an account is worth in `valuation_currency`."""

    account_type: Account
    balance: Decimal
    valuation_currency: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceipt:
    """A transfer that has been carried out."""

    transfer_id: str
    currency: str
    source: Account
    target: Account
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingLedgerEntry:
    """One change of a funding balance. `type` is free text."""

    ledger_id: str
    currency: str
    amount: Decimal
    balance: Decimal
    fee: Decimal
    type: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JpyWithdrawalReceipt:
    """A yen withdrawal that the venue took on."""

    withdraw_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class JpyWithdrawal:
    """A row of the history of yen withdrawals."""

    amount: Decimal
    fee: Decimal
    status: JpyWithdrawalStatus | None
    status_code: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JpyDeposit:
    """A row of the history of yen deposits."""

    amount: Decimal
    status: JpyDepositStatus | None
    status_code: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWithdrawal:
    """A coin withdrawal to ask for.

    `to_address` is a verified entry of the address book, or the e-mail of a user of the venue. `fee` is 0 between
    users. `chain` is needed for a currency with several chains. `confirms_usage` states that the address is in no
    banned country and belongs to no politically exposed person; the venue's `usage_agreement`.
    """

    currency: str
    amount: Decimal
    to_address: str
    trade_pwd: str
    fee: Decimal
    destination: Destination = Destination.ADDRESS
    chain: str | None = None
    confirms_usage: bool = False
    reason: WithdrawalReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReceipt:
    """A coin withdrawal that the venue took on."""

    withdraw_id: str
    currency: str
    chain: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A row of the history of coin withdrawals. `sender` is the platform account, not an address on the chain."""

    withdraw_id: str
    currency: str
    chain: str | None
    amount: Decimal
    fee: Decimal
    fee_currency: str
    status: WithdrawalStatus | None
    status_code: str
    sender: str
    recipient: str
    tag: str | None
    txid: str | None
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAddress:
    """Where to send coins. Leaving out a tag loses them."""

    address: str
    tag: str | None
    chain: str | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A row of the history of coin deposits."""

    deposit_id: str
    currency: str
    chain: str | None
    amount: Decimal
    recipient: str | None
    tag: str | None
    txid: str | None
    status: DepositStatus | None
    status_code: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFee:
    """The range of network fees of one currency on one chain."""

    currency: str
    chain: str | None
    min_fee: Decimal
    max_fee: Decimal


def decode_currency(row: Row) -> Currency:
    return Currency(
        currency=row.text("currency"),
        chain=row.optional_text("chain"),
        name=row.optional_text("name"),
        can_deposit=row.flag("can_deposit"),
        can_withdraw=row.flag("can_withdraw"),
        min_withdrawal=row.optional_decimal("min_withdrawal"),
    )


def decode_asset_valuation(row: Row) -> AssetValuation:
    """`balance` is an unquoted number in the document's example."""
    return AssetValuation(
        account_type=row.word(Account, "account_type"),
        balance=row.decimal("balance"),
        valuation_currency=row.text("valuation_currency"),
        timestamp=row.time("timestamp"),
    )


def decode_transfer(row: Row) -> TransferReceipt:
    return TransferReceipt(
        transfer_id=row.text("transfer_id"),
        currency=row.text("currency"),
        source=row.word(Account, "from"),
        target=row.word(Account, "to"),
        amount=row.decimal("amount"),
    )


def decode_funding_ledger_entry(row: Row) -> FundingLedgerEntry:
    return FundingLedgerEntry(
        ledger_id=row.text("ledger_id"),
        currency=row.text("currency"),
        amount=row.decimal("amount"),
        balance=row.decimal("balance"),
        fee=row.decimal("fee"),
        type=row.text("type"),
        timestamp=row.time("timestamp"),
    )


def decode_jpy_withdrawal_receipt(row: Row) -> JpyWithdrawalReceipt:
    """`withdraw_id` is an unquoted integer in the document's example."""
    return JpyWithdrawalReceipt(withdraw_id=row.text("withdraw_id"), amount=row.decimal("amount"))


def decode_jpy_withdrawal(row: Row) -> JpyWithdrawal:
    return JpyWithdrawal(
        amount=row.decimal("amount"),
        fee=row.decimal("fee"),
        status=row.known_word(JpyWithdrawalStatus, "status"),
        status_code=row.text("status"),
        timestamp=row.time("timestamp"),
    )


def decode_jpy_deposit(row: Row) -> JpyDeposit:
    return JpyDeposit(
        amount=row.decimal("amount"),
        status=row.known_word(JpyDepositStatus, "status"),
        status_code=row.text("status"),
        timestamp=row.time("timestamp"),
    )


def decode_withdrawal_receipt(row: Row) -> WithdrawalReceipt:
    return WithdrawalReceipt(
        withdraw_id=row.text("withdraw_id"),
        currency=row.text("currency"),
        chain=row.optional_text("chain"),
        amount=row.decimal("amount"),
    )


def decode_withdrawal(row: Row) -> Withdrawal:
    """`tag` is sent only where needed; `txid` is left out or empty between users of the venue."""
    currency = row.text("currency")
    fee, fee_currency = _split_fee(row.text("fee"), currency)
    return Withdrawal(
        withdraw_id=row.text("withdraw_id"),
        currency=currency,
        chain=row.optional_text("chain"),
        amount=row.decimal("amount"),
        fee=fee,
        fee_currency=fee_currency,
        status=row.known_word(WithdrawalStatus, "status"),
        status_code=row.text("status"),
        sender=row.text("from"),
        recipient=row.text("to"),
        tag=row.optional_text("tag"),
        txid=row.optional_text("txid"),
        timestamp=row.time("timestamp"),
    )


def _split_fee(text: str, currency: str) -> tuple[Decimal, str]:
    """`0.01000000eth` is an amount and a currency. The row's own currency is tried first: some begin with a digit."""
    if text.lower().endswith(currency.lower()):
        number, unit = text[: len(text) - len(currency)], currency
    else:
        match = re.match(r"-?\d+(?:\.\d{1,8})?", text)
        number = match.group() if match else text
        unit = text[len(number) :] or currency
    return as_decimal(number, "withdrawal.fee"), unit.upper()


def decode_deposit_address(row: Row) -> DepositAddress:
    return DepositAddress(
        address=row.text("address"),
        tag=row.optional_text("tag"),
        chain=row.optional_text("chain"),
        currency=row.optional_text("currency"),
    )


def decode_deposit(row: Row) -> Deposit:
    """`to` is empty in some of the document's examples."""
    return Deposit(
        deposit_id=row.text("deposit_id"),
        currency=row.text("currency"),
        chain=row.optional_text("chain"),
        amount=row.decimal("amount"),
        recipient=row.optional_text("to"),
        tag=row.optional_text("tag"),
        txid=row.optional_text("txid"),
        status=row.known_word(DepositStatus, "status"),
        status_code=row.text("status"),
        timestamp=row.time("timestamp"),
    )


def decode_withdrawal_fee(row: Row) -> WithdrawalFee:
    return WithdrawalFee(
        currency=row.text("currency"),
        chain=row.optional_text("chain"),
        min_fee=row.decimal("min_fee"),
        max_fee=row.decimal("max_fee"),
    )
