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
INTERNAL = frozenset({PaymentKind.INTERNAL_DEPOSIT, PaymentKind.INTERNAL_WITHDRAWAL})


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

WITHDRAWAL_TRANSITIONS: dict[tuple[PaymentStatus, PaymentEvent], PaymentStatus] = {
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
"""A withdrawal is reviewed before it is sent, and its money comes back one step after it failed."""

DEPOSIT_TRANSITIONS: dict[tuple[PaymentStatus, PaymentEvent], PaymentStatus] = {
    (_S.WAITING, _E.ADVANCE): _S.PROCESSING,
    (_S.WAITING, _E.REVIEW): _S.REVIEW,
    (_S.WAITING, _E.FAIL): _S.FAILED,
    (_S.WAITING, _E.REFUND): _S.REFUNDED,
    (_S.PROCESSING, _E.ADVANCE): _S.DONE,
    (_S.PROCESSING, _E.REVIEW): _S.REVIEW,
    (_S.PROCESSING, _E.FAIL): _S.FAILED,
    (_S.PROCESSING, _E.REFUND): _S.REFUNDED,
    (_S.REVIEW, _E.ADVANCE): _S.DONE,
    (_S.REVIEW, _E.FAIL): _S.FAILED,
    (_S.REVIEW, _E.REFUND): _S.REFUNDED,
    (_S.FAILED, _E.REFUND): _S.REFUNDED,
}
"""A deposit is reviewed after it has arrived, and credited next. A customer cannot cancel it. One that failed stays failed:
its money is not here to be given back, unless the operator says so."""

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
        "sent_ns",
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
        self.sent_ns: int | None = None  # when it left for the chain or the bank, if it ever did

    @property
    def is_final(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.status in FINAL or (self.status is PaymentStatus.FAILED and not self.kind.is_withdrawal)

    def next_status(self, event: PaymentEvent) -> PaymentStatus | None:
        """The state that `event` leads to, None where it leads nowhere.

        An internal payment has no chain to wait for: it is done at its first step.
        """
        transitions = WITHDRAWAL_TRANSITIONS if self.kind.is_withdrawal else DEPOSIT_TRANSITIONS
        if event is PaymentEvent.ADVANCE:
            if self.needs_review and self.status is self._reviewed_in:
                event = PaymentEvent.REVIEW
            elif self.kind in INTERNAL and self.status is PaymentStatus.WAITING:
                return PaymentStatus.DONE
        return transitions.get((self.status, event))

    @property
    def _reviewed_in(self) -> PaymentStatus:
        """The state that a review comes after."""
        return PaymentStatus.WAITING if self.kind.is_withdrawal else PaymentStatus.PROCESSING
