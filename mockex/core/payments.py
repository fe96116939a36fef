"""Deposits and withdrawals as state machines on virtual time.

A withdrawal holds `amount + fee` from its start and books it out only when it is done; a deposit is credited only when it is
done. What each venue calls a state, and how it prints one, is the venue's codec.
"""

from __future__ import annotations

from enum import Enum, auto

from mockex.core.units import Atoms, Wallet


class PaymentKind(Enum):
    COIN_DEPOSIT = "coin deposit"
    COIN_WITHDRAWAL = "coin withdrawal"
    CASH_DEPOSIT = "cash deposit"
    CASH_WITHDRAWAL = "cash withdrawal"
    INTERNAL_DEPOSIT = "internal deposit"  # from another account of the venue
    INTERNAL_WITHDRAWAL = "internal withdrawal"

    @property
    def is_withdrawal(self) -> bool:
        return self in WITHDRAWALS


WITHDRAWALS = frozenset({PaymentKind.COIN_WITHDRAWAL, PaymentKind.CASH_WITHDRAWAL, PaymentKind.INTERNAL_WITHDRAWAL})


class PaymentStatus(Enum):
    WAITING = auto()  # accepted, or waiting for confirmations
    REVIEW = auto()
    PROCESSING = auto()  # being sent, or being credited
    DONE = auto()
    CANCELLING = auto()
    CANCELLED = auto()
    FAILED = auto()  # the money is still held (withdrawal) or never came (deposit)
    REFUNDED = auto()


class PaymentEvent(Enum):
    ADVANCE = "advance"
    REVIEW = "review"
    CANCEL = "cancel"
    FAIL = "fail"
    REFUND = "refund"


_S, _E = PaymentStatus, PaymentEvent

PAYMENT_TRANSITIONS: dict[tuple[PaymentStatus, PaymentEvent], PaymentStatus] = {
    (_S.WAITING, _E.ADVANCE): _S.PROCESSING,
    (_S.WAITING, _E.REVIEW): _S.REVIEW,
    (_S.WAITING, _E.CANCEL): _S.CANCELLING,
    (_S.WAITING, _E.FAIL): _S.FAILED,
    (_S.WAITING, _E.REFUND): _S.REFUNDED,
    (_S.REVIEW, _E.ADVANCE): _S.PROCESSING,
    (_S.REVIEW, _E.CANCEL): _S.CANCELLING,
    (_S.REVIEW, _E.FAIL): _S.FAILED,
    (_S.REVIEW, _E.REFUND): _S.REFUNDED,
    (_S.PROCESSING, _E.ADVANCE): _S.DONE,
    (_S.PROCESSING, _E.REVIEW): _S.REVIEW,
    (_S.PROCESSING, _E.FAIL): _S.FAILED,
    (_S.PROCESSING, _E.REFUND): _S.REFUNDED,
    (_S.CANCELLING, _E.ADVANCE): _S.CANCELLED,
    (_S.FAILED, _E.ADVANCE): _S.REFUNDED,
    (_S.FAILED, _E.REFUND): _S.REFUNDED,
}

FINAL = frozenset({_S.DONE, _S.CANCELLED, _S.REFUNDED})


class Payment:
    """One deposit or withdrawal. Only the exchange changes it. `counterparty_id`: the other account of an internal one."""

    __slots__ = (
        "account_id",
        "address",
        "amount",
        "asset",
        "chain",
        "counterparty_id",
        "created_ns",
        "fee",
        "kind",
        "needs_review",
        "payment_id",
        "status",
        "tag",
        "updated_ns",
        "wallet",
    )

    def __init__(
        self,
        *,
        payment_id: int,
        account_id: str,
        kind: PaymentKind,
        asset: str,
        amount: Atoms,
        fee: Atoms,
        wallet: Wallet,
        chain: str,
        address: str,
        tag: str,
        counterparty_id: str | None,
        needs_review: bool,
        created_ns: int,
    ) -> None:
        self.payment_id = payment_id
        self.account_id = account_id
        self.kind = kind
        self.asset = asset
        self.amount = amount
        self.fee = fee
        self.wallet = wallet
        self.chain = chain
        self.address = address
        self.tag = tag
        self.counterparty_id = counterparty_id
        self.needs_review = needs_review
        self.status = PaymentStatus.WAITING
        self.created_ns = created_ns
        self.updated_ns = created_ns

    def next_status(self, event: PaymentEvent) -> PaymentStatus | None:
        """The state that `event` leads to, None where it leads nowhere.

        An internal payment has no chain to wait for: it is done at its first step.
        """
        internal = self.kind in (PaymentKind.INTERNAL_DEPOSIT, PaymentKind.INTERNAL_WITHDRAWAL)
        if internal and event is PaymentEvent.ADVANCE and self.status is PaymentStatus.WAITING:
            return PaymentStatus.DONE
        if event is PaymentEvent.ADVANCE and self.status is PaymentStatus.WAITING and self.needs_review:
            return PaymentStatus.REVIEW
        if event is PaymentEvent.CANCEL and not self.kind.is_withdrawal:
            return None
        return PAYMENT_TRANSITIONS.get((self.status, event))
