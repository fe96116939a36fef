"""Deposits, withdrawals and transfers.

Owns: paths, parameters, models and decoders. Every method raises a `CoinstoreError` for a failure.
Times of requests and rows are text in the venue's zone (`fields.VENUE_ZONE`).
Source: Coinstore document, "Funding"; cs§7.14. The Chinese page swaps the tables of deposits and withdrawals; the
examples are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mockex.clients.shared.fields import plain

from .fields import Row, local_text
from .rest import RestTransport
from .vocabulary import DepositState, TransferKind, Wallet, WithdrawalState

_ASSET = "/api/fi/v3/asset"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositAddress:
    """Where to send a currency."""

    address: str
    tag: str | None
    least_deposit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which deposits or withdrawals: None leaves a bound out. `limit` is up to 1000, 500 unless told."""

    currency: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    from_id: int | None = None
    limit: int | None = None
    external_id: str | None = None
    label: str | None = None

    def payload(self) -> dict[str, object]:
        """The filter as a body. ValueError for a naive datetime."""
        values: dict[str, object] = {
            "currencyCode": self.currency,
            "startDate": None if self.start is None else local_text(self.start),
            "endDate": None if self.end is None else local_text(self.end),
            "fromId": self.from_id,
            "limit": self.limit,
            "externalId": self.external_id,
            "label": self.label,
        }
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A deposit. `state` is None for a number outside the table."""

    id: int
    currency: str
    chain: str
    protocol: str
    amount: Decimal
    at: datetime
    state: DepositState | None
    explorer: str
    transaction_id: str
    internal: bool
    locked: bool
    refusal: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A withdrawal. `state` is None for a number outside the table; `shown_state` has no table."""

    id: int
    currency: str
    amount: Decimal
    fee: Decimal
    at: datetime
    state: WithdrawalState | None
    shown_state: int | None
    explorer: str
    transaction_id: str
    address: str
    tag: str | None
    chain: str
    protocol: str
    internal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWithdrawal:
    """What to send where. `protocol` is that of a chain of the currency; the address must be free of verification."""

    currency: str
    amount: Decimal
    address: str
    protocol: str
    tag: str | None = None


def decode_deposit(row: Row) -> Deposit:
    """A row of the list of deposits."""
    return Deposit(
        id=row.integer("id"),
        currency=row.text("symbol"),
        chain=row.text("chainName"),
        protocol=row.text("chainProtocol"),
        amount=row.decimal("amount"),
        at=row.local_time("createdAt"),
        state=row.known_number(DepositState, "status"),
        explorer=row.text("explorer"),
        transaction_id=row.text("txId"),
        internal=row.flag("internalType"),
        locked=row.flag("lockAccount"),
        refusal=row.optional_text("noDepositMsg"),
    )


def decode_withdrawal(row: Row) -> Withdrawal:
    """A row of the list of withdrawals."""
    return Withdrawal(
        id=row.integer("id"),
        currency=row.text("symbol"),
        amount=row.decimal("amount"),
        fee=row.decimal("fee"),
        at=row.local_time("createdAt"),
        state=row.known_number(WithdrawalState, "status"),
        shown_state=row.optional_integer("showStatus"),
        explorer=row.text("explorer"),
        transaction_id=row.text("txId"),
        address=row.text("addressTo"),
        tag=row.optional_text("tag"),
        chain=row.text("chainName"),
        protocol=row.text("chainProtocol"),
        internal=row.flag("internalType"),
    )


class WalletApi:
    """Deposits, withdrawals and transfers."""

    __slots__ = ("_rest",)

    def __init__(self, rest: RestTransport) -> None:
        self._rest = rest

    async def deposit_address(self, currency: str, chain: str) -> DepositAddress:
        """The account's address of a currency on a chain."""
        reply = await self._rest.post_private(f"{_ASSET}/deposit/do", {"currencyCode": currency, "chain": chain})
        row = reply.row("deposit address")
        return DepositAddress(
            address=row.text("address"), tag=row.optional_text("tag"), least_deposit=row.decimal("depositMin")
        )

    async def deposits(self, which: RecordFilter | None = None) -> tuple[Deposit, ...]:
        """Deposits of the account."""
        reply = await self._rest.post_private(f"{_ASSET}/deposit/record/list", (which or RecordFilter()).payload())
        return tuple(decode_deposit(row) for row in reply.row("deposits").rows("depositList", "deposit"))

    async def withdrawals(self, which: RecordFilter | None = None) -> tuple[Withdrawal, ...]:
        """Withdrawals of the account."""
        reply = await self._rest.post_private(f"{_ASSET}/withdraw/record/list", (which or RecordFilter()).payload())
        return tuple(decode_withdrawal(row) for row in reply.row("withdrawals").rows("withdrawList", "withdrawal"))

    async def withdraw(self, withdrawal: NewWithdrawal) -> int:
        """Ask for a withdrawal. Returns its id."""
        payload: dict[str, object] = {
            "currencyCode": withdrawal.currency,
            "amount": plain(withdrawal.amount),
            "address": withdrawal.address,
            **({} if withdrawal.tag is None else {"tag": withdrawal.tag}),
            "chainType": withdrawal.protocol,
        }
        reply = await self._rest.post_private(f"{_ASSET}/doWithdraw", payload)
        return reply.row("withdrawal").integer("id")

    async def cancel_withdrawal(self, withdrawal_id: int) -> int:
        """Take a withdrawal back, as long as nobody has looked at it. Returns its id."""
        reply = await self._rest.post_private(f"{_ASSET}/cancelWithdraw", {"withdrawId": withdrawal_id})
        return reply.row("withdrawal").integer("id")

    async def transfer(
        self,
        currency: str,
        amount: Decimal,
        *,
        source: Wallet,
        target: Wallet,
        kind: TransferKind = TransferKind.WITHIN_ACCOUNT,
        sub_account: str = "",
    ) -> None:
        """Move funds between wallets, or between parent and sub-account, which is named by its login name.

        ValueError for a transfer with a sub-account that is not named.
        """
        if kind is not TransferKind.WITHIN_ACCOUNT and not sub_account:
            raise ValueError("a transfer between accounts needs the login name of the sub-account")
        payload: dict[str, object] = {
            "type": kind.value,
            "currencyCode": currency,
            "amount": plain(amount),
            "from": source.value,
            "to": target.value,
            "subAccount": sub_account,
        }
        await self._rest.post_private("/api/v1/future/transfer", payload)
