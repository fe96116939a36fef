"""Money that moves without a trade: transfers between wallets, deposits, withdrawals, an operator's adjustments."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from mockex.core.clock import VirtualClock
from mockex.core.commands import AdjustBalance, Command, StartPayment, StepPayment, TransferFunds
from mockex.core.events import Event, FundsTransferred, PaymentChanged, Rejected
from mockex.core.history import Log
from mockex.core.ledger import Account, BalanceCause, EntryKind, Ledger
from mockex.core.payments import FINAL, Payment, PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.rejects import RejectReason
from mockex.core.sequences import Sequence

Schedule = Callable[[int, Command], None]
"""Executes a command when virtual time reaches an instant (ns). Given to the core by whoever drives it."""


class Standing(Enum):
    """What an account must be for something to happen to its money."""

    ACTIVE = "not frozen"
    ANY = "any"


class Treasury:
    """Executes `TransferFunds`, `AdjustBalance`, `StartPayment` and `StepPayment` on the exchange's state."""

    def __init__(
        self,
        *,
        clock: VirtualClock,
        accounts: dict[str, Account],
        assets: frozenset[str],
        ledger: Ledger,
        schedule: Schedule,
        step_ns: int | None,
        transfer_ids: Sequence,
        payment_ids: Sequence,
    ) -> None:
        self._now_ns = clock.now_ns
        self._accounts = accounts
        self._assets = assets
        self._ledger = ledger
        self._schedule = schedule
        self._step_ns = step_ns
        self._transfer_ids = transfer_ids
        self._payment_ids = payment_ids
        self._payments: dict[int, Payment] = {}
        self._by_account: dict[Account, Log[Payment]] = {}

    def payment(self, payment_id: int) -> Payment | None:
        return self._payments.get(payment_id)

    def payments(self, account: Account) -> Log[Payment]:
        """The account's deposits and withdrawals by id."""
        log = self._by_account.get(account)
        if log is None:
            log = self._by_account[account] = Log()
        return log

    def open_withdrawals(self) -> list[Payment]:
        """Withdrawals that still hold money, of all accounts."""
        return [p for p in self._payments.values() if p.kind.is_withdrawal and p.status not in FINAL]

    def transfer(self, command: TransferFunds) -> list[Event]:
        account = self._account(command.account_id, command.asset, Standing.ACTIVE)
        if isinstance(account, Rejected):
            return [account]
        recipient = account
        if command.recipient_id is not None:
            found = self._account(command.recipient_id, command.asset, Standing.ACTIVE)
            if isinstance(found, Rejected):
                return [found]
            recipient = found
        if recipient is account and command.source is command.target:
            return [Rejected(RejectReason.SAME_WALLET, command.source.name)]
        if command.amount <= 0:
            return [Rejected(RejectReason.AMOUNT_NOT_POSITIVE, str(command.amount))]
        for owner, wallet in ((account, command.source), (recipient, command.target)):
            if wallet in owner.frozen_wallets:
                return [Rejected(RejectReason.WALLET_FROZEN, wallet.name)]
        available = account.available(command.source, command.asset)
        if command.amount > available:
            return [Rejected(RejectReason.INSUFFICIENT_FUNDS, str(command.amount), str(available))]
        self._ledger.move(
            account.balance(command.source, command.asset),
            recipient.balance(command.target, command.asset),
            command.amount,
            kind=EntryKind.TRANSFER_OUT,
            credit_kind=EntryKind.TRANSFER_IN,
            time_ns=self._now_ns(),
        )
        return [
            FundsTransferred(
                self._transfer_ids.next(),
                account.account_id,
                command.asset,
                command.amount,
                command.source,
                command.target,
            )
        ]

    def adjust(self, command: AdjustBalance) -> list[Event]:
        account = self._account(command.account_id, command.asset, Standing.ANY)
        if isinstance(account, Rejected):
            return [account]
        available = account.available(command.wallet, command.asset)
        if available + command.amount < 0:
            return [Rejected(RejectReason.INSUFFICIENT_FUNDS, str(-command.amount), str(available))]
        balance = account.balance(command.wallet, command.asset)
        self._ledger.move_external(balance, command.amount, kind=EntryKind.ADJUSTMENT, time_ns=self._now_ns())
        return []

    def start(self, command: StartPayment) -> list[Event]:
        refused = self._refusal(command)
        if refused is not None:
            return [refused]
        account = self._accounts[command.account_id]
        if command.kind.is_withdrawal:
            balance = account.balance(command.wallet, command.asset)
            self._ledger.commit(balance, command.amount + command.fee, BalanceCause.WITHDRAWAL_STARTED)
        payment = self._record(command, account, counterparty_id=command.recipient_id)
        self._plan_next(payment)
        return [PaymentChanged(payment)]

    def _refusal(self, command: StartPayment) -> Rejected | None:
        """The first rule that a new payment breaks. Money may always come in, also for a frozen account."""
        is_withdrawal = command.kind.is_withdrawal
        standing = Standing.ACTIVE if is_withdrawal else Standing.ANY
        account = self._account(command.account_id, command.asset, standing)
        if isinstance(account, Rejected):
            return account
        is_internal = command.kind is PaymentKind.INTERNAL_WITHDRAWAL
        if (is_internal or command.recipient_id is not None) and command.recipient_id not in self._accounts:
            return Rejected(RejectReason.ACCOUNT_UNKNOWN, command.recipient_id or "")
        if command.amount <= 0:
            return Rejected(RejectReason.AMOUNT_NOT_POSITIVE, str(command.amount))
        if command.fee < 0 or (not is_withdrawal and command.fee >= command.amount):
            return Rejected(RejectReason.AMOUNT_NOT_POSITIVE, str(command.fee), str(command.amount))
        if not is_withdrawal:
            return None
        if command.wallet in account.frozen_wallets:
            return Rejected(RejectReason.WALLET_FROZEN, command.wallet.name)
        available = account.available(command.wallet, command.asset)
        if command.amount + command.fee > available:
            return Rejected(RejectReason.INSUFFICIENT_FUNDS, str(command.amount + command.fee), str(available))
        return None

    def step(self, command: StepPayment) -> list[Event]:
        payment = self._payments.get(command.payment_id)
        if payment is None:
            return [Rejected(RejectReason.PAYMENT_UNKNOWN, str(command.payment_id))]
        if command.expected_status not in (None, payment.status):
            return []
        if command.expected_since_ns not in (None, payment.updated_ns):
            return []
        status = payment.next_status(command.event)
        if status is None:
            return [Rejected(RejectReason.PAYMENT_STEP_INVALID, command.event.value, payment.status.name.lower())]
        payment.status = status
        payment.updated_ns = self._now_ns()
        if status is PaymentStatus.PROCESSING and payment.sent_ns is None:
            payment.sent_ns = payment.updated_ns
        events: list[Event] = [PaymentChanged(payment)]
        if payment.kind.is_withdrawal:
            events += self._book_withdrawal(payment)
        elif status is PaymentStatus.DONE:
            balance = self._accounts[payment.account_id].balance(payment.wallet, payment.asset)
            self._ledger.move_external(
                balance, payment.amount, fee=payment.fee, kind=EntryKind.DEPOSIT, time_ns=payment.updated_ns
            )
        self._plan_next(payment)
        return events

    def _account(self, account_id: str, asset: str, standing: Standing) -> Account | Rejected:
        """The account, if it may do this with that asset."""
        account = self._accounts.get(account_id)
        if account is None:
            return Rejected(RejectReason.ACCOUNT_UNKNOWN, account_id)
        if asset not in self._assets:
            return Rejected(RejectReason.ASSET_UNKNOWN, asset)
        if account.frozen and standing is Standing.ACTIVE:
            return Rejected(RejectReason.ACCOUNT_FROZEN, account_id)
        return account

    def _book_withdrawal(self, payment: Payment) -> list[Event]:
        """Moves or gives back the held money when a withdrawal reaches a state that decides it."""
        if payment.status not in FINAL:
            return []
        balance = self._accounts[payment.account_id].balance(payment.wallet, payment.asset)
        now_ns = payment.updated_ns
        self._ledger.uncommit(balance, payment.amount + payment.fee, BalanceCause.WITHDRAWAL_CANCELLED)
        if payment.status is not PaymentStatus.DONE:
            self._ledger.note(balance, kind=EntryKind.WITHDRAWAL_CANCELLED, time_ns=now_ns)
            return []
        if payment.kind is not PaymentKind.INTERNAL_WITHDRAWAL:
            self._ledger.move_external(balance, -payment.amount, fee=payment.fee, kind=EntryKind.WITHDRAWAL, time_ns=now_ns)
            return []
        assert payment.counterparty_id is not None
        recipient = self._accounts[payment.counterparty_id]
        self._ledger.move(
            balance,
            recipient.balance(payment.wallet, payment.asset),
            payment.amount,
            fee=payment.fee,
            kind=EntryKind.WITHDRAWAL,
            credit_kind=EntryKind.DEPOSIT,
            time_ns=now_ns,
        )
        received = self._record(
            StartPayment(
                account_id=recipient.account_id,
                kind=PaymentKind.INTERNAL_DEPOSIT,
                asset=payment.asset,
                amount=payment.amount,
                wallet=payment.wallet,
                chain=payment.chain,
                address=payment.address,
            ),
            recipient,
            counterparty_id=payment.account_id,
        )
        received.status = PaymentStatus.DONE
        return [PaymentChanged(received)]

    def _record(self, command: StartPayment, account: Account, *, counterparty_id: str | None) -> Payment:
        now_ns = self._now_ns()
        payment = Payment(
            payment_id=self._payment_ids.next(),
            account_id=account.account_id,
            kind=command.kind,
            asset=command.asset,
            amount=command.amount,
            fee=command.fee,
            wallet=command.wallet,
            chain=command.chain,
            address=command.address,
            tag=command.tag,
            counterparty_id=counterparty_id,
            needs_review=command.needs_review,
            created_ns=now_ns,
        )
        self._payments[payment.payment_id] = payment
        self.payments(account).append(payment.payment_id, now_ns, payment)
        return payment

    def _plan_next(self, payment: Payment) -> None:
        """Lets a payment that is not finished go on by itself. A step taken by hand in between makes the plan void."""
        if self._step_ns is None or payment.is_final:
            return
        self._schedule(
            payment.updated_ns + self._step_ns,
            StepPayment(
                payment_id=payment.payment_id,
                event=PaymentEvent.ADVANCE,
                expected_status=payment.status,
                expected_since_ns=payment.updated_ns,
            ),
        )
