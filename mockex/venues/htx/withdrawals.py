"""Withdrawals of HTX: to a listed address or to another user, their cancelling, and one by its client's name. Source: htx§3.5.

What the sources leave open follows the vendor's document: a named withdrawal that comes again is the one that there is; USDT
without a chain goes to ERC20. The order of the checks is ASSUMED. A request that fails a check has changed nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from mockex.core.commands import StartPayment, StepPayment
from mockex.core.events import PaymentChanged
from mockex.core.payments import Payment, PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.policy import DAY_NS
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Wallet
from mockex.venues.htx.account_calls import Refusals, asset_of, body_params, carry_out, query_params
from mockex.venues.htx.account_errors import AccountFault
from mockex.venues.htx.chains import Chain, chain_named, chains_of, default_chain
from mockex.venues.htx.envelopes import reply, v1
from mockex.venues.htx.errors import HtxFault
from mockex.venues.htx.identities import identities_of, number_of
from mockex.venues.htx.instruments import ATOM_DECIMALS
from mockex.venues.htx.payments import encoded_payment
from mockex.venues.htx.wallet_codec import encode_quota
from mockex.wire.decimals import exact_units, to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call

UID_PREFIX = "UID:"
MAX_CLIENT_ID = 64

_REFUSALS: Refusals = {
    RejectReason.INSUFFICIENT_FUNDS: AccountFault.WITHDRAWAL_FUNDS,
    RejectReason.PAYMENT_UNKNOWN: AccountFault.WITHDRAWAL_UNKNOWN,
}

# States in which the money has come back, or is about to: they leave room under the daily quota. ASSUMED.
_UNDONE = frozenset({PaymentStatus.CANCELLING, PaymentStatus.CANCELLED, PaymentStatus.FAILED, PaymentStatus.REFUNDED})
_ALL = 1_000_000_000  # no page of payments is that long


class Payee(NamedTuple):
    """Where a withdrawal goes. `recipient_id`: another user of the venue, None for an address on a chain."""

    address: str
    recipient_id: str | None = None


def withdraw(call: Call) -> WireResponse:
    """Starts a withdrawal from spot; amount and fee, which comes on top, are held from now on."""
    params = body_params(call)
    address = params.text("address")
    asset = asset_of(call, params.text("currency"))
    amount = params.decimal("amount")
    client_id = _client_id(params)
    if client_id is not None:
        known = call.state.customers.withdrawal_named(call.account_id, client_id)
        if known is not None:
            return v1(call, known)
    chain = _chain(asset, params)
    payee = _payee(call, chain, address)
    atoms = _amount(call, chain, amount)
    fee = _fee(chain, payee, params)
    started = carry_out(
        call,
        StartPayment(
            account_id=call.account_id,
            kind=PaymentKind.COIN_WITHDRAWAL if payee.recipient_id is None else PaymentKind.INTERNAL_WITHDRAWAL,
            asset=asset,
            amount=atoms,
            fee=fee,
            wallet=Wallet.SPOT,
            chain=chain.name,
            address=payee.address,
            tag=params.optional_text("addr-tag") or "",
            recipient_id=payee.recipient_id,
        ),
        _REFUSALS,
    )
    assert isinstance(started, PaymentChanged), f"a withdrawal began with {started!r}"
    payment_id = started.payment.payment_id
    if client_id is not None:
        call.state.customers.name_withdrawal(call.account_id, client_id, payment_id)
    return v1(call, payment_id)


def _client_id(params: Params) -> str | None:
    client_id = params.optional_text("client-order-id")
    if client_id is not None and len(client_id) > MAX_CLIENT_ID:
        raise ApiFault(HtxFault.CLIENT_ID_INVALID)
    return client_id


def _chain(asset: str, params: Params) -> Chain:
    name = params.optional_text("chain")
    chain = default_chain(asset) if name is None else chain_named(asset, name)
    if chain is None:
        raise ApiFault(AccountFault.CHAIN_UNKNOWN)
    return chain


def _payee(call: Call, chain: Chain, address: str) -> Payee:
    """An address of the chain that the customer has listed, or `UID:` and the number of another user, whom everybody has listed
    (ASSUMED).
    """
    if address.startswith(UID_PREFIX):
        uid = number_of(address.removeprefix(UID_PREFIX))
        recipient_id = None if uid is None else identities_of(call).customer(uid)
        if recipient_id is None or recipient_id == call.account_id:
            raise ApiFault(AccountFault.ADDRESS_MALFORMED)
        return Payee(address, recipient_id)
    if not chain.family.accepts(address):
        raise ApiFault(AccountFault.ADDRESS_MALFORMED)
    if not call.state.customers.lists(call.account_id, chain, address):
        raise ApiFault(AccountFault.ADDRESS_NOT_LISTED)
    return Payee(address)


def _amount(call: Call, chain: Chain, amount: Decimal) -> Atoms:
    """PARAM_VALUE if it is finer than the chain allows; then the least, the most, and what is left of the day's quota."""
    if not to_units(amount, chain.precision)[1]:
        raise ApiFault(FaultKind.PARAM_VALUE, field="amount")
    if amount < Decimal(chain.min_withdrawal):
        raise ApiFault(AccountFault.WITHDRAWAL_TOO_SMALL)
    if amount > Decimal(chain.max_withdrawal):
        raise ApiFault(AccountFault.WITHDRAWAL_TOO_LARGE)
    atoms = exact_units(amount, ATOM_DECIMALS)
    if atoms > quota_left(call, chain):
        raise ApiFault(AccountFault.WITHDRAWAL_TOO_LARGE)
    return atoms


def _fee(chain: Chain, payee: Payee, params: Params) -> Atoms:
    """What is named, if it is the chain's fee or in its range; the least where nothing is named. Users of the venue pay none
    (ASSUMED, but the document lets them name 0).
    """
    named = params.optional_decimal("fee")
    least = Decimal(0 if payee.recipient_id is not None else chain.fee)
    most = Decimal(chain.fee_max or chain.fee)
    fee = least if named is None else named
    if not least <= fee <= most or not to_units(fee, ATOM_DECIMALS)[1]:
        raise ApiFault(AccountFault.WITHDRAWAL_FEE)
    return exact_units(fee, ATOM_DECIMALS)


def quota_left(call: Call, chain: Chain) -> Atoms:
    """What may still be withdrawn on a chain in the 24 hours that end now, fees not counted. O(the customer's payments)."""
    since_ns = call.desk.clock.now_ns() - DAY_NS

    def counts(payment: Payment) -> bool:
        return (
            payment.created_ns > since_ns
            and payment.kind.is_withdrawal
            and (payment.asset, payment.chain) == (chain.asset, chain.name)
            and payment.status not in _UNDONE
        )

    account = call.desk.account(call.account_id)
    gone = sum(payment.amount for payment in call.desk.exchange.payments(account, limit=_ALL, where=counts))
    return max(exact_units(Decimal(chain.daily_quota), ATOM_DECIMALS) - gone, 0)


def withdraw_quota(call: Call) -> WireResponse:
    asset = asset_of(call, query_params(call).text("currency"))
    rows = [encode_quota(chain, quota_left(call, chain)) for chain in chains_of(asset)]
    return reply(call, {"code": 200, "data": {"currency": asset.lower(), "chains": rows}})


def cancel_withdrawal(call: Call) -> WireResponse:
    """Until the coins leave for their chain. The money comes back a step later."""
    text = call.path_params["withdraw_id"]
    payment_id = number_of(text)
    if payment_id is None:
        raise ApiFault(FaultKind.PARAM_FORMAT, field="withdraw-id")
    payment = call.desk.exchange.payment(payment_id)
    if payment is None or payment.account_id != call.account_id or not payment.kind.is_withdrawal:
        raise ApiFault(AccountFault.WITHDRAWAL_UNKNOWN)
    carry_out(call, StepPayment(payment_id=payment_id, event=PaymentEvent.CANCEL), _REFUSALS)
    return v1(call, payment_id)


def withdrawal_by_client_id(call: Call) -> WireResponse:
    client_id = query_params(call).text("clientOrderId")
    payment_id = call.state.customers.withdrawal_named(call.account_id, client_id)
    payment = None if payment_id is None else call.desk.exchange.payment(payment_id)
    if payment is None:
        raise ApiFault(AccountFault.WITHDRAWAL_UNKNOWN)
    return v1(call, encoded_payment(call, payment))
