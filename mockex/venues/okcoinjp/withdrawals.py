"""Withdrawals of OKCoin Japan: coins to an address or to another user, yen to the bank, and their histories. Source: okj§7.

The order of the checks is the captured one until the address book; after it, the specification's proposal. A request that
fails a check has changed nothing. How a withdrawal then moves on is the exchange's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mockex.core.commands import StartPayment
from mockex.core.events import PaymentChanged
from mockex.core.payments import Payment, PaymentKind, PaymentStatus
from mockex.core.policy import DAY_NS
from mockex.core.units import Atoms, Wallet
from mockex.venues.okcoinjp import chains, funding_codec
from mockex.venues.okcoinjp.chains import CASH, Chain
from mockex.venues.okcoinjp.errors import OkFault
from mockex.venues.okcoinjp.funding_calls import (
    Condition,
    atoms_of,
    carry_out,
    customers,
    json_params,
    known_asset,
    refuse_in,
)
from mockex.venues.okcoinjp.funding_codec import Destination, WithdrawalRequest
from mockex.venues.okcoinjp.instruments import ATOM_DECIMALS
from mockex.venues.okcoinjp.pages import MAX_ROWS
from mockex.venues.okcoinjp.state import LIMIT_CHANGE_PAUSE_MINUTES
from mockex.wire.decimals import exact_units, to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import dumps
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call

COIN_WITHDRAWALS = frozenset({PaymentKind.COIN_WITHDRAWAL, PaymentKind.INTERNAL_WITHDRAWAL})

_CONDITIONS: tuple[Condition, ...] = (
    ("user_frozen", OkFault.USER_FROZEN),
    ("withdrawals_frozen", OkFault.WITHDRAWALS_FROZEN),
    ("api_withdrawals_off", OkFault.API_WITHDRAWALS_OFF),
    ("kyc_incomplete", OkFault.CONDITIONS),
    ("no_email", OkFault.NO_EMAIL),
    ("no_funds_password", OkFault.NO_FUNDS_PASSWORD),
)

# States in which the money has come back, or is about to: they leave room under the daily limit. ASSUMED.
_UNDONE = frozenset({PaymentStatus.CANCELLING, PaymentStatus.CANCELLED, PaymentStatus.FAILED, PaymentStatus.REFUNDED})
_ALL = 1_000_000_000  # no page of payments is that long


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Where a withdrawal goes. `recipient_id`: the account of another user, None for an address on a chain."""

    address: str
    tag: str = ""
    recipient_id: str | None = None


# --- coins


def withdrawal(call: Call) -> WireResponse:
    """Starts a coin withdrawal; amount and fee are held from now on."""
    request = funding_codec.decode_withdrawal(json_params(call))
    asset = known_asset(call.desk, request.currency)
    _check_address_book(call, request)
    if call.desk.switch("require_reason"):
        _check_declarations(request)
    destination = _destination(request)
    chain = _chain(asset, request)
    _check_customer(call, request.funds_password)
    payee = _recipient(call, request) if destination is Destination.VENUE_USER else _address(call, chain, request)
    amount, fee = _amounts(call, chain, payee, request)
    payment = _start(
        call,
        StartPayment(
            account_id=call.account_id,
            kind=PaymentKind.COIN_WITHDRAWAL if payee.recipient_id is None else PaymentKind.INTERNAL_WITHDRAWAL,
            asset=asset,
            amount=amount,
            fee=fee,
            wallet=Wallet.FUNDING,
            chain=chain.name,
            address=payee.address,
            tag=payee.tag,
            recipient_id=payee.recipient_id,
            needs_review=request.reason in funding_codec.REVIEWED_REASONS,
        ),
    )
    return WireResponse(200, dumps(funding_codec.encode_withdrawal_reply(payment)))


def _check_address_book(call: Call, request: WithdrawalRequest) -> None:
    """Live siblings said 34002 for any address that they did not know, before they looked at anything else (`observed`)."""
    customer = customers(call).customer(call.account_id)
    if not customer.address_book or call.desk.flagged(call.account_id, "address_book_empty"):
        raise ApiFault(OkFault.ADDRESS_BOOK_EMPTY)
    if call.desk.settings.observed:
        text = request.to_address
        if not customer.lists(text) and _user_with_email(call, text) is None:
            raise ApiFault(OkFault.ADDRESS_BOOK_EMPTY)


def _check_declarations(request: WithdrawalRequest) -> None:
    """That the address is in no banned country, and what the money is for."""
    for field, text, allowed in (
        ("usage_agreement", request.usage_agreement, frozenset({"1"})),
        ("reason", request.reason, funding_codec.REASONS),
    ):
        if text is None:
            raise ApiFault(FaultKind.PARAM_MISSING, field=field)
        if text not in allowed:
            raise ApiFault(OkFault.ENUM_FIELD, field=field)


def _destination(request: WithdrawalRequest) -> Destination:
    """ENUM_FIELD for the parent exchange's other numbers, such as ccxt's default of 4."""
    destination = funding_codec.DESTINATIONS.get(request.destination)
    if destination is None:
        raise ApiFault(OkFault.ENUM_FIELD, field="destination")
    return destination


def _chain(asset: str, request: WithdrawalRequest) -> Chain:
    """The chain that is named, or the only one. PARAMETERS for money in the bank, which has none (ASSUMED)."""
    candidates = chains.chains_of(asset)
    if not candidates:
        raise ApiFault(OkFault.PARAMETERS)
    if request.chain is None:
        if len(candidates) > 1:
            raise ApiFault(FaultKind.PARAM_MISSING, field="chain")
        return candidates[0]
    named = chains.chain_named(asset, request.chain)
    if named is None:
        raise ApiFault(OkFault.ENUM_FIELD, field="chain")
    return named


def _address(call: Call, chain: Chain, request: WithdrawalRequest) -> Payee:
    parts = chain.split_address(request.to_address)
    if parts is None:
        raise ApiFault(OkFault.ADDRESS_MALFORMED, asset=chain.asset)
    address, tag = parts
    if not customers(call).customer(call.account_id).knows(chain, address, tag):
        raise ApiFault(OkFault.ADDRESS_NOT_VERIFIED)
    return Payee(address=address, tag=tag)


def _recipient(call: Call, request: WithdrawalRequest) -> Payee:
    """USER_FROZEN if the other user may not receive: the code's text speaks of source and target."""
    recipient_id = _user_with_email(call, request.to_address)
    if recipient_id is None:
        raise ApiFault(OkFault.ADDRESS_NOT_VERIFIED)
    if call.desk.flagged(recipient_id, "user_frozen") or call.desk.account(recipient_id).frozen:
        raise ApiFault(OkFault.USER_FROZEN)
    return Payee(address=request.to_address, recipient_id=recipient_id)


def _user_with_email(call: Call, email: str) -> str | None:
    """The other account that has bound this e-mail address."""
    wanted = email.lower()
    for account_id, person in call.desk.people.items():
        if person.email.lower() == wanted and account_id != call.account_id:
            return None if call.desk.flagged(account_id, "no_email") else account_id
    return None


def _amounts(call: Call, chain: Chain, payee: Payee, request: WithdrawalRequest) -> tuple[Atoms, Atoms]:
    """Amount and fee in atoms, within all limits. Only the network costs a fee, so users of the venue pay none."""
    asset, fee = chain.asset, request.fee
    amount = atoms_of(request.amount, decimals=chains.AMOUNT_DECIMALS)
    _, exact = to_units(fee, chains.FEE_DECIMALS)
    if not exact:
        raise ApiFault(OkFault.FEE_DECIMALS)
    internal = payee.recipient_id is not None
    min_fee, max_fee = (Decimal(0), Decimal(0)) if internal else (chain.min_fee, chain.max_fee)
    if fee < min_fee:
        raise ApiFault(OkFault.FEE_TOO_LOW, asset=asset, limit=funding_codec.decimal_text(min_fee))
    if fee > max_fee:
        raise ApiFault(OkFault.FEE_TOO_HIGH, asset=asset, limit=funding_codec.decimal_text(max_fee))
    if chain.whole_units and (request.amount < 1 or request.amount % 1):
        raise ApiFault(OkFault.NEO_WHOLE)
    _check_size(call, asset, request.amount, least=chain.min_withdrawal, most=chain.max_withdrawal)
    return amount, exact_units(fee, ATOM_DECIMALS)


# --- yen


def cash_withdrawal(call: Call) -> WireResponse:
    """Starts a yen withdrawal to the bank. The fee comes on top; a `bank_card_id`, which newer SDKs add, changes nothing."""
    params = json_params(call)
    funds_password = funding_codec.funds_password_of(params)
    amount = funding_codec.amount_of(params, "amount")
    if "cash_withdrawals_off" in call.desk.flags:
        raise ApiFault(OkFault.CASH_WITHDRAWALS_OFF)
    _check_customer(call, funds_password)
    atoms = atoms_of(amount, decimals=chains.CASH_DECIMALS)
    _check_size(call, CASH, amount, least=chains.CASH_MIN_WITHDRAWAL, most=chains.CASH_MAX_WITHDRAWAL)
    payment = _start(
        call,
        StartPayment(
            account_id=call.account_id,
            kind=PaymentKind.CASH_WITHDRAWAL,
            asset=CASH,
            amount=atoms,
            fee=exact_units(chains.CASH_FEE, ATOM_DECIMALS),
            wallet=Wallet.FUNDING,
        ),
    )
    return WireResponse(200, dumps(funding_codec.encode_cash_withdrawal_reply(payment)))


# --- both


def _check_customer(call: Call, funds_password: str) -> None:
    """The account's conditions, then the funds password."""
    refuse_in(call, _CONDITIONS)
    state = customers(call)
    if call.desk.flagged(call.account_id, "limits_changed") or state.limits_changed_lately(call.account_id):
        raise ApiFault(OkFault.LIMITS_CHANGED, limit=str(LIMIT_CHANGE_PAUSE_MINUTES))
    expected = state.customer(call.account_id).funds_password
    if expected is None:
        raise ApiFault(OkFault.NO_FUNDS_PASSWORD)
    if funds_password != expected:
        raise ApiFault(OkFault.FUNDS_PASSWORD_WRONG)


def _check_size(call: Call, asset: str, amount: Decimal, *, least: Decimal, most: Decimal) -> None:
    """One withdrawal's bounds, then what is left of the last 24 hours' limit, the fee not counted."""
    if amount < least:
        raise ApiFault(OkFault.AMOUNT_TOO_LOW, asset=asset, limit=funding_codec.decimal_text(least))
    if amount > most:
        raise ApiFault(OkFault.AMOUNT_TOO_HIGH, asset=asset, limit=funding_codec.decimal_text(most))
    limit = customers(call).customer(call.account_id).daily_limit(asset)
    atoms_left = to_units(limit, ATOM_DECIMALS)[0] - withdrawn_lately(call, asset)
    if exact_units(amount, ATOM_DECIMALS) > atoms_left:
        raise ApiFault(OkFault.DAILY_LIMIT)


def withdrawn_lately(call: Call, asset: str) -> Atoms:
    """What the account has withdrawn of a currency in the last 24 hours, on its way included. O(its payments)."""
    since_ns = call.desk.clock.now_ns() - DAY_NS

    def counts(payment: Payment) -> bool:
        return (
            payment.created_ns > since_ns
            and payment.kind.is_withdrawal
            and payment.asset == asset
            and payment.status not in _UNDONE
        )

    account = call.desk.account(call.account_id)
    return sum(payment.amount for payment in call.desk.exchange.payments(account, limit=_ALL, where=counts))


def _start(call: Call, command: StartPayment) -> Payment:
    started = carry_out(call, command)[0]
    assert isinstance(started, PaymentChanged), f"a withdrawal began with {started!r}"
    return started.payment


# --- histories


def withdrawal_history(call: Call) -> WireResponse:
    """The newest coin withdrawals, of the path's currency or of all."""
    named = call.path_params.get("currency")
    asset = None if named is None else known_asset(call.desk, named)
    found = call.desk.exchange.payments(
        call.desk.account(call.account_id),
        limit=MAX_ROWS,
        where=lambda payment: payment.kind in COIN_WITHDRAWALS and asset in (None, payment.asset),
    )
    state, legacy = customers(call), call.desk.switch("legacy_status")
    person = call.desk.people.get(call.account_id)
    sender = call.account_id if person is None else person.email
    rows = [
        funding_codec.encode_withdrawal(
            payment,
            sender=sender,
            txid=state.txid(funding_codec.chain_of(payment), payment.payment_id),
            legacy=legacy,
        )
        for payment in found
    ]
    return WireResponse(200, dumps(rows))


def cash_withdrawal_history(call: Call) -> WireResponse:
    found = call.desk.exchange.payments(
        call.desk.account(call.account_id),
        limit=MAX_ROWS,
        where=lambda payment: payment.kind is PaymentKind.CASH_WITHDRAWAL,
    )
    legacy = call.desk.switch("legacy_status")
    return WireResponse(200, dumps([funding_codec.encode_cash_withdrawal(payment, legacy=legacy) for payment in found]))
