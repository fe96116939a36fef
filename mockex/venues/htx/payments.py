"""Reads of HTX's wallet: addresses to pay into and to withdraw to, quotas, deposits and withdrawals. Source: htx§3.5."""

from __future__ import annotations

from mockex.core.payments import Payment
from mockex.venues.htx.account_calls import DEFAULT_SIZE, MAX_SIZE, asset_of, optional_asset, query_params
from mockex.venues.htx.account_errors import AccountFault
from mockex.venues.htx.chains import chain_named, chains_of
from mockex.venues.htx.codec import Row
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.identities import own_uid
from mockex.venues.htx.wallet_codec import (
    PaymentType,
    chain_of,
    encode_deposit_address,
    encode_listed_address,
    encode_payment,
)
from mockex.wire.faults import ApiFault
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

_TYPES = {kind.value: kind for kind in PaymentType}
_DIRECTIONS = {"prev": False, "next": True}  # whether the newest comes first
_ALL = 1_000_000_000  # no page of payments is that long


def deposit_addresses(call: Call) -> WireResponse:
    """One for each chain of the currency."""
    asset = asset_of(call, query_params(call).text("currency"))
    customers, uid = call.state.customers, own_uid(call)
    rows = [encode_deposit_address(uid, chain, customers.deposit_address(call.account_id, chain)) for chain in chains_of(asset)]
    return reply(call, {"code": 200, "data": rows})


def withdraw_addresses(call: Call) -> WireResponse:
    """Listed addresses of one currency, oldest first; `fromId` is the first of the piece (ASSUMED, as in ledgers)."""
    params = query_params(call)
    asset = asset_of(call, params.text("currency"))
    name, note = params.optional_text("chain"), params.optional_text("note")
    if name is not None and chain_named(asset, name) is None:
        raise ApiFault(AccountFault.CHAIN_UNKNOWN)
    limit = params.optional_integer("limit", minimum=1, maximum=MAX_SIZE) or DEFAULT_SIZE
    from_id = params.optional_integer("fromId") or 0
    found = [
        entry
        for entry in call.state.customers.address_book(call.account_id)
        if entry.chain.asset == asset
        and name in (None, entry.chain.name)
        and note in (None, entry.note)
        and entry.entry_id >= from_id
    ]
    rest = {"nextId": found[limit].entry_id} if len(found) > limit else {}
    return reply(call, {"code": 200, "data": [encode_listed_address(entry) for entry in found[:limit]], **rest})


def payments(call: Call) -> WireResponse:
    """Deposits or withdrawals from the id `from` on: upwards, or with `direct` next downwards, where 0 is the newest one."""
    params = query_params(call)
    wanted = params.choice("type", _TYPES)
    asset = optional_asset(call, params)
    newest_first = params.optional_choice("direct", _DIRECTIONS) or False
    size = params.optional_integer("size", minimum=1, maximum=MAX_SIZE) or DEFAULT_SIZE
    from_id = params.optional_integer("from", minimum=0) or 0

    def shown(payment: Payment) -> bool:
        return payment.kind.is_withdrawal is (wanted is PaymentType.WITHDRAWAL) and asset in (None, payment.asset)

    exchange, account = call.desk.exchange, call.desk.account(call.account_id)
    if newest_first:
        found = exchange.payments(account, older_than=from_id + 1 if from_id else None, limit=size, where=shown)
    else:
        found = exchange.payments(account, newer_than=from_id - 1, limit=_ALL, where=shown)[::-1][:size]
    return v1(call, [encoded_payment(call, payment) for payment in found])


def encoded_payment(call: Call, payment: Payment) -> Row:
    """Whoever made a deposit may have left its address open: then it came to the customer's present one."""
    customers, chain = call.state.customers, chain_of(payment)
    address = payment.address
    if not address and not payment.kind.is_withdrawal:
        address = customers.deposit_address(payment.account_id, chain)
    return encode_payment(
        payment,
        address=address,
        txid=customers.txid(chain, payment.payment_id),
        client_id=customers.name_of(payment.payment_id),
    )
