"""Coinstore's rows about deposits and withdrawals, and its local times. Source: cs§7.14; the document has the two tables of the
records the wrong way round, its samples do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from mockex.core.payments import INTERNAL, Payment, PaymentStatus
from mockex.core.policy import DAY_NS
from mockex.venues.coinstore import codec
from mockex.venues.coinstore.addresses import Address, AddressBook
from mockex.venues.coinstore.chains import Chain, chains_of
from mockex.venues.coinstore.instruments import ATOM_DECIMALS
from mockex.venues.coinstore.reference import SHOWN_DECIMALS
from mockex.wire.decimals import exact_units, plain
from mockex.wire.timestamps import iso_seconds000, parse_iso_ns

EXPLORER = "https://explorer.invalid/tx/"
ZONE_NS = 8 * 3_600 * codec.SECOND_NS  # times as text are those of UTC+8 (proposed)
_DATE_LENGTH = len("2024-02-27")

_S = PaymentStatus
DEPOSIT_STATES: Mapping[PaymentStatus, int] = {
    _S.WAITING: 0, _S.PROCESSING: 0, _S.DONE: 1, _S.FAILED: 2, _S.REVIEW: 3, _S.REFUNDED: 4,
}  # fmt: skip
"""Unconfirmed, done, abnormal, under review, rejected."""
WITHDRAWAL_STATES: Mapping[PaymentStatus, int] = {
    _S.WAITING: 0, _S.REVIEW: 0, _S.PROCESSING: 3, _S.DONE: 5, _S.CANCELLING: 6, _S.CANCELLED: 6,
}  # fmt: skip
"""Not reviewed, sent (3), done (5), cancelled (6). 1, approved, is over before anybody can ask."""
REJECTED, NOT_PAID = 2, 4
"""Of those that came to nothing: before they were sent, and after it."""
SHOWN_DONE, SHOWN_OPEN = 2, 1  # a done one shows 2 in the sample; the rest is ASSUMED


def local_text(time_ns: int) -> str:
    """`2024-02-27 17:36:38`."""
    return iso_seconds000(time_ns + ZONE_NS)[:19].replace("T", " ")


def parse_local(text: str, *, end: bool) -> int | None:
    """Nanoseconds since 1970 of such a text or of a date alone: of its second or its day the first, with `end` the last."""
    if len(text) == _DATE_LENGTH:
        day_text, clock_text, width_ns = text, "00:00:00", DAY_NS
    else:
        day_text, _, clock_text = text.partition(" ")
        width_ns = codec.SECOND_NS
    moment = parse_iso_ns(f"{day_text}T{clock_text}Z")
    return None if moment is None else moment - ZONE_NS + (width_ns - 1 if end else 0)


def encode_deposit_address(entry: Address) -> codec.Row:
    """`depositMin` is a number with 8 decimals, though the table says text."""
    least = codec.java_decimal(exact_units(Decimal(entry.chain.min_deposit), SHOWN_DECIMALS), SHOWN_DECIMALS)
    return {"address": entry.address, "tag": entry.tag, "depositMin": least}


def _chain_of(payment: Payment) -> Chain | None:
    return next((chain for chain in chains_of(payment.asset) if chain.name == payment.chain), None)


def _common(payment: Payment, book: AddressBook) -> codec.Row:
    chain = _chain_of(payment)
    return {
        "id": payment.payment_id,
        "symbol": payment.asset,
        "amount": plain(payment.amount, ATOM_DECIMALS),
        "createdAt": local_text(payment.created_ns),
        "txId": "" if payment.sent_ns is None else book.txid(payment.payment_id),
        "chainName": payment.chain,
        "chainProtocol": "" if chain is None else chain.protocol,
        "internalType": int(payment.kind in INTERNAL),
    }


def encode_deposit(payment: Payment, book: AddressBook) -> codec.Row:
    row = _common(payment, book)
    return {
        **row,
        "status": DEPOSIT_STATES.get(payment.status, 0),
        "explorer": row["txId"],  # as in the sample
        "lockAccount": False,
        "noDepositMsg": None,
    }


def encode_withdrawal(payment: Payment, book: AddressBook) -> codec.Row:
    """`tag` null where there is none, as in the sample."""
    return {
        **_common(payment, book),
        "fee": plain(payment.fee, ATOM_DECIMALS),
        "status": WITHDRAWAL_STATES.get(payment.status, REJECTED if payment.sent_ns is None else NOT_PAID),
        "showStatus": SHOWN_DONE if payment.status is PaymentStatus.DONE else SHOWN_OPEN,
        "explorer": EXPLORER,
        "addressTo": payment.address,
        "tag": payment.tag or None,
    }
