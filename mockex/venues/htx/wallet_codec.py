"""HTX's words for payments, addresses and quotas. Source: htx§3.5; what each state means, the vendor's document.

Pure. Amounts and fees of payments are JSON numbers, quotas are text.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mockex.core.payments import INTERNAL, Payment, PaymentStatus
from mockex.core.units import Atoms
from mockex.venues.htx.account_codec import plain_amount
from mockex.venues.htx.chains import Chain, chain_named, default_chain
from mockex.venues.htx.codec import Row, ms
from mockex.venues.htx.customers import ListedAddress
from mockex.wire.json import number

NO_LIMIT = "-1"  # of a quota


class PaymentType(Enum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdraw"


_S = PaymentStatus

# Of each list's states those that the exchange's own come nearest to (ASSUMED). The others do not occur.
DEPOSIT_STATES: Mapping[PaymentStatus, str] = {
    _S.WAITING: "confirming",
    _S.PROCESSING: "confirmed",
    _S.REVIEW: "confirmed",
    _S.DONE: "safe",
    _S.FAILED: "orphan",
    _S.REFUNDED: "orphan",
}
WITHDRAWAL_STATES: Mapping[PaymentStatus, str] = {
    _S.WAITING: "submitted",
    _S.REVIEW: "reexamine",
    _S.PROCESSING: "wallet-transfer",
    _S.DONE: "confirmed",
    _S.CANCELLING: "canceled",
    _S.CANCELLED: "canceled",
    _S.FAILED: "failed",
    _S.REFUNDED: "repealed",
}
_SENT_IN_VAIN = frozenset({_S.FAILED, _S.REFUNDED})
_REJECTED_BY_CHAIN = "wallet-reject"

# Why a withdrawal failed, which is only told in these states. The texts are the document's of the states.
_FAILURES: Mapping[str, str] = {"failed": "verification failed", _REJECTED_BY_CHAIN: "Transfer rejected by chain"}


def payment_state(payment: Payment) -> str:
    if not payment.kind.is_withdrawal:
        return DEPOSIT_STATES[payment.status]
    if payment.sent_ns is not None and payment.status in _SENT_IN_VAIN:
        return _REJECTED_BY_CHAIN
    return WITHDRAWAL_STATES[payment.status]


def chain_of(payment: Payment) -> Chain:
    """The payment's chain, or the usual one of its currency where whoever made it has named none."""
    return chain_named(payment.asset, payment.chain) or default_chain(payment.asset)


def encode_payment(payment: Payment, *, address: str, txid: str, client_id: str | None) -> Row:
    """`txid` is shown once the coins are on their chain. Between users of the venue there is no chain: `FAST` (htx§3.5)."""
    withdrawal = payment.kind.is_withdrawal
    internal = payment.kind in INTERNAL
    on_chain = payment.sent_ns is not None if withdrawal else True
    row: Row = {"id": payment.payment_id}
    if client_id is not None:
        row["client-order-id"] = client_id
    row["type"] = (PaymentType.WITHDRAWAL if withdrawal else PaymentType.DEPOSIT).value
    if withdrawal:
        row["sub-type"] = "FAST" if internal else "NORMAL"
    row |= {
        "currency": payment.asset.lower(),
        "chain": chain_of(payment).name,
        "tx-hash": txid if on_chain and not internal else "",
        "amount": _number(payment.amount),
    }
    if withdrawal:
        row["from-addr-tag"] = ""
    state = payment_state(payment)
    row |= {
        "address": address,
        "address-tag": payment.tag,
        "fee": _number(payment.fee),
        "state": state,
        "created-at": ms(payment.created_ns),
        "updated-at": ms(payment.updated_ns),
    }
    if withdrawal and state in _FAILURES:
        row |= {"error-code": state, "error-msg": _FAILURES[state]}
    return row


def _number(atoms: Atoms) -> object:
    return number(plain_amount(atoms))


def encode_deposit_address(uid: int, chain: Chain, address: str) -> Row:
    return {"userId": uid, "currency": chain.asset.lower(), "address": address, "addressTag": "", "chain": chain.name}


def encode_listed_address(entry: ListedAddress) -> Row:
    return {
        "currency": entry.chain.asset.lower(),
        "chain": entry.chain.name,
        "note": entry.note,
        "addressTag": "",
        "address": entry.address,
    }


def encode_quota(chain: Chain, left_today: Atoms) -> Row:
    """Only days have a limit."""
    return {
        "chain": chain.name,
        "maxWithdrawAmt": chain.max_withdrawal,
        "withdrawQuotaPerDay": chain.daily_quota,
        "remainWithdrawQuotaPerDay": plain_amount(left_today),
        "withdrawQuotaPerYear": NO_LIMIT,
        "remainWithdrawQuotaPerYear": NO_LIMIT,
        "withdrawQuotaTotal": NO_LIMIT,
        "remainWithdrawQuotaTotal": NO_LIMIT,
    }
