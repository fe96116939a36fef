"""Payments in and out: addresses, quotas, deposits and withdrawals.

Field names follow the venue's. Amounts are `Decimal`, times are aware UTC datetimes, and a field that the venue leaves empty or
out is None. States are plain text, because the venue extends them. Nothing here knows HTTP.
Source: HTX document, "Wallet"; htx§3.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import Row, plain
from .vocabulary import PaymentType


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAddress:
    """Where to pay a currency in, on one chain."""

    user_id: int | None
    currency: str
    chain: str
    address: str
    address_tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAddress:
    """An address that the user has stored."""

    currency: str
    chain: str
    note: str | None
    address: str
    address_tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainQuota:
    """How much may be withdrawn on one chain; None for no limit, which the venue writes as -1."""

    chain: str
    largest_withdrawal: Decimal | None
    per_day: Decimal | None
    remaining_per_day: Decimal | None
    per_year: Decimal | None
    remaining_per_year: Decimal | None
    total: Decimal | None
    remaining_total: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawQuota:
    """How much of a currency may be withdrawn."""

    currency: str
    chains: tuple[ChainQuota, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWithdrawal:
    """A withdrawal to make. Without `chain` and `fee` the venue chooses."""

    address: str
    currency: str
    amount: Decimal
    fee: Decimal | None = None
    chain: str | None = None
    address_tag: str | None = None
    client_order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A deposit or a withdrawal."""

    id: int
    client_order_id: str | None
    type: PaymentType
    currency: str
    chain: str
    tx_hash: str | None
    amount: Decimal
    fee: Decimal
    address: str
    address_tag: str | None
    state: str
    created_at: datetime
    updated_at: datetime
    error_code: str | None
    error_msg: str | None


def encode_withdrawal(withdrawal: NewWithdrawal) -> dict[str, str]:
    """The JSON object of a withdrawal: decimals as strings, unused fields left out."""
    fields = {"address": withdrawal.address, "currency": withdrawal.currency, "amount": plain(withdrawal.amount)}
    optional = {
        "fee": None if withdrawal.fee is None else plain(withdrawal.fee),
        "chain": withdrawal.chain,
        "addr-tag": withdrawal.address_tag,
        "client-order-id": withdrawal.client_order_id,
    }
    return fields | {name: value for name, value in optional.items() if value is not None}


def decode_deposit_address(row: Row) -> DepositAddress:
    return DepositAddress(
        user_id=row.optional_integer("userId"),
        currency=row.text("currency"),
        chain=row.text("chain"),
        address=row.text("address"),
        address_tag=row.optional_text("addressTag"),
    )


def decode_withdraw_address(row: Row) -> WithdrawAddress:
    return WithdrawAddress(
        currency=row.text("currency"),
        chain=row.text("chain"),
        note=row.optional_text("note"),
        address=row.text("address"),
        address_tag=row.optional_text("addressTag"),
    )


def decode_withdraw_quota(row: Row) -> WithdrawQuota:
    return WithdrawQuota(
        currency=row.text("currency"), chains=tuple(_decode_chain_quota(chain) for chain in row.rows("chains", "quota"))
    )


def _decode_chain_quota(row: Row) -> ChainQuota:
    def limit(name: str) -> Decimal | None:
        amount = row.optional_decimal(name)
        return None if amount == -1 else amount

    return ChainQuota(
        chain=row.text("chain"),
        largest_withdrawal=limit("maxWithdrawAmt"),
        per_day=limit("withdrawQuotaPerDay"),
        remaining_per_day=limit("remainWithdrawQuotaPerDay"),
        per_year=limit("withdrawQuotaPerYear"),
        remaining_per_year=limit("remainWithdrawQuotaPerYear"),
        total=limit("withdrawQuotaTotal"),
        remaining_total=limit("remainWithdrawQuotaTotal"),
    )


def decode_payment(row: Row) -> Payment:
    """`amount` and `fee` are numbers, unlike amounts of accounts."""
    return Payment(
        id=row.integer("id"),
        client_order_id=row.optional_text("client-order-id"),
        type=row.word(PaymentType, "type"),
        currency=row.text("currency"),
        chain=row.text("chain"),
        tx_hash=row.optional_text("tx-hash"),
        amount=row.decimal("amount"),
        fee=row.decimal("fee"),
        address=row.text("address"),
        address_tag=row.optional_text("address-tag"),
        state=row.text("state"),
        created_at=row.time("created-at"),
        updated_at=row.time("updated-at"),
        error_code=row.optional_text("error-code"),
        error_msg=row.optional_text("error-msg"),
    )
