"""Accounts of one user: balances, ledgers, valuation, transfers.

Field names follow the venue's. Amounts are `Decimal`, times are aware UTC datetimes, and a field that the venue leaves empty or
out is None. Kinds of entries are plain text, because the venue extends them. Nothing here knows HTTP or WebSocket.
Source: HTX document, "Account" and "Subscribe Account Change"; htx§3.3, htx§6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal

from .fields import Row
from .vocabulary import BalanceType

#: The default context rounds sums to 28 digits; balances have 18 decimals.
_EXACT = Context(prec=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account. `type` is `spot`, `otc`, `point` and so on; `state` is `working` or `lock`."""

    id: int
    type: str
    subtype: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One kind of balance of one currency. A kind outside the document leaves `type` None."""

    currency: str
    type: BalanceType | None
    type_text: str
    balance: Decimal
    seq_num: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One currency: what can be used, and what orders hold."""

    currency: str
    trade: Decimal
    frozen: Decimal

    @property
    def total(self) -> Decimal:
        """Both together, exactly."""
        return _EXACT.add(self.trade, self.frozen)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalances:
    """All balances of one account, as the venue lists them."""

    id: int
    type: str
    state: str
    rows: tuple[BalanceRow, ...]

    def of(self, currency: str) -> Balance:
        """One currency; zeros if the venue lists no row of it."""
        return Balance(
            currency=currency,
            trade=self._amount(currency, BalanceType.TRADE),
            frozen=self._amount(currency, BalanceType.FROZEN),
        )

    def _amount(self, currency: str, kind: BalanceType) -> Decimal:
        return next((row.balance for row in self.rows if row.currency == currency and row.type is kind), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of a balance, with the balances after it."""

    record_id: int
    account_id: int
    currency: str
    transact_amt: Decimal
    transact_type: str
    avail_balance: Decimal
    acct_balance: Decimal
    transact_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One transfer in or out of an account."""

    account_id: int
    currency: str
    transact_amt: Decimal
    transact_type: str
    transfer_type: str | None
    transact_id: int
    transact_time: datetime
    transferer: int | None
    transferee: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuationPart:
    """What one kind of account is worth; "1" is spot."""

    distribution_type: str
    balance: Decimal
    account_balance: Decimal
    success: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """What all accounts are worth. `updated` is when that was computed."""

    total_balance: Decimal
    today_profit: Decimal | None
    today_profit_rate: Decimal | None
    updated: datetime | None
    parts: tuple[ValuationPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceipt:
    """A transfer that has been carried out."""

    transact_id: int
    transact_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTransfer:
    """A transfer between the accounts of two users, to be made."""

    from_user: int
    from_account_type: str
    from_account: int
    to_user: int
    to_account_type: str
    to_account: int
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceUpdate:
    """A change of a balance over the stream. By mode of the topic one of the two amounts may be missing.

    `change_type` and `change_time` are None for the rows that show the state at the time of subscribing.
    """

    account_id: int
    account_type: str
    currency: str
    balance: Decimal | None
    available: Decimal | None
    change_type: str | None
    change_time: datetime | None
    seq_num: int | None


def decode_account(row: Row) -> Account:
    return Account(id=row.integer("id"), type=row.text("type"), subtype=row.optional_text("subtype"), state=row.text("state"))


def decode_balance_row(row: Row) -> BalanceRow:
    """`seq-num` is text."""
    return BalanceRow(
        currency=row.text("currency"),
        type=row.known_word(BalanceType, "type"),
        type_text=row.text("type"),
        balance=row.decimal("balance"),
        seq_num=row.optional_integer("seq-num"),
    )


def decode_account_balances(row: Row) -> AccountBalances:
    return AccountBalances(
        id=row.integer("id"),
        type=row.text("type"),
        state=row.text("state"),
        rows=tuple(decode_balance_row(item) for item in row.rows("list", "balance")),
    )


def decode_history_entry(row: Row) -> HistoryEntry:
    return HistoryEntry(
        record_id=row.integer("record-id"),
        account_id=row.integer("account-id"),
        currency=row.text("currency"),
        transact_amt=row.decimal("transact-amt"),
        transact_type=row.text("transact-type"),
        avail_balance=row.decimal("avail-balance"),
        acct_balance=row.decimal("acct-balance"),
        transact_time=row.time("transact-time"),
    )


def decode_ledger_entry(row: Row) -> LedgerEntry:
    """`transactAmt` is a number, unlike amounts elsewhere."""
    return LedgerEntry(
        account_id=row.integer("accountId"),
        currency=row.text("currency"),
        transact_amt=row.decimal("transactAmt"),
        transact_type=row.text("transactType"),
        transfer_type=row.optional_text("transferType"),
        transact_id=row.integer("transactId"),
        transact_time=row.time("transactTime"),
        transferer=row.optional_integer("transferer"),
        transferee=row.optional_integer("transferee"),
    )


def decode_valuation(row: Row) -> Valuation:
    updated = row.row("updated")
    return Valuation(
        total_balance=row.decimal("totalBalance"),
        today_profit=row.optional_decimal("todayProfit"),
        today_profit_rate=row.optional_decimal("todayProfitRate"),
        updated=updated.optional_time("time") if updated.flag("success") else None,
        parts=tuple(
            ValuationPart(
                distribution_type=part.text("distributionType"),
                balance=part.decimal("balance"),
                account_balance=part.decimal("accountBalance"),
                success=part.flag("success"),
            )
            for part in row.rows("profitAccountBalanceList", "valuation part")
        ),
    )


def decode_transfer_receipt(row: Row) -> TransferReceipt:
    return TransferReceipt(transact_id=row.integer("transact-id"), transact_time=row.time("transact-time"))


def decode_balance_update(row: Row) -> BalanceUpdate:
    """`seqNum` is text in the document's examples and an integer in its field table."""
    return BalanceUpdate(
        account_id=row.integer("accountId"),
        account_type=row.text("accountType"),
        currency=row.text("currency"),
        balance=row.optional_decimal("balance"),
        available=row.optional_decimal("available"),
        change_type=row.optional_text("changeType"),
        change_time=row.optional_time("changeTime"),
        seq_num=row.optional_integer("seqNum"),
    )
