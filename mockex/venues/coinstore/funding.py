"""Deposits, withdrawals and transfers (cs§7.14). Codes are the transfer's; that the other calls have the same is proposed."""

from __future__ import annotations

from decimal import Decimal

from mockex.core.commands import Command, StartPayment, StepPayment, TransferFunds
from mockex.core.events import Event, PaymentChanged, Rejected
from mockex.core.payments import Payment, PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.rejects import RejectReason
from mockex.core.units import Atoms, Wallet
from mockex.venues.coinstore import funding_codec
from mockex.venues.coinstore.chains import Chain, TagRule, asset_of, chains_of
from mockex.venues.coinstore.envelopes import success, success_without_data
from mockex.venues.coinstore.errors import TRANSFERS, CoinstoreFault
from mockex.venues.coinstore.instruments import ATOM_DECIMALS
from mockex.venues.coinstore.orders import params_of_body
from mockex.venues.coinstore.state import SUB_ACCOUNT
from mockex.wire.credentials import Permission
from mockex.wire.decimals import exact_units, to_units
from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.messages import WireResponse
from mockex.wire.params import Params
from mockex.wire.pipeline import Call
from mockex.wire.routing import Handler, Route

DEFAULT_ROWS, MAX_ROWS = 500, 1_000
AMOUNT_DECIMALS = 8  # ASSUMED: as the amounts of chains are printed

_FINER: Atoms = 10 ** (ATOM_DECIMALS - AMOUNT_DECIMALS)
_UNIT: Atoms = 10**ATOM_DECIMALS
_ALL = 1_000_000_000  # no page of payments is that long
_WALLETS = {"1": Wallet.SPOT, "2": Wallet.FUNDING}  # cs§7.14: spot and futures; the second is a stub
_WITHIN, _TO_SUB, _FROM_SUB = "0", "1", "2"

_REFUSALS = {
    RejectReason.INSUFFICIENT_FUNDS: CoinstoreFault.FUNDING_FUNDS,
    RejectReason.AMOUNT_NOT_POSITIVE: CoinstoreFault.FUNDING_AMOUNT,
    RejectReason.PAYMENT_STEP_INVALID: CoinstoreFault.FUNDING_AMOUNT,
    RejectReason.SAME_WALLET: CoinstoreFault.FUNDING_FIELD,
}


def _carry_out(call: Call, command: Command) -> tuple[Event, ...]:
    """The command's events; a refusal in the words of funding."""
    events = call.desk.execute(command)
    first = events[0]
    if isinstance(first, Rejected):
        raise ApiFault(_REFUSALS.get(first.reason, first.reason))
    return events


def _text(params: Params, name: str) -> str:
    """A required field; in funding a missing one has a code of its own."""
    text = params.optional_text(name)
    if text is None:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    return text


def _amount(params: Params) -> Atoms:
    """In atoms. More decimals than a chain counts are a bad amount (ASSUMED)."""
    try:
        amount = params.optional_decimal("amount")
    except ApiFault:
        raise ApiFault(CoinstoreFault.FUNDING_AMOUNT) from None
    if amount is None:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    units, exact = to_units(amount, AMOUNT_DECIMALS)
    if units <= 0 or not exact:
        raise ApiFault(CoinstoreFault.FUNDING_AMOUNT)
    return units * _FINER


def _asset(call: Call, params: Params) -> str:
    asset = asset_of(_text(params, "currencyCode"))
    if asset is None or asset not in call.desk.exchange.assets:
        raise ApiFault(CoinstoreFault.FUNDING_CURRENCY)
    return asset


def _chain(asset: str, code: str, name: str) -> Chain:
    """By the chain's name or protocol, in any case; the samples mix the two (cs§7.14). Where a currency code is a chain's own,
    it must be that chain's.
    """
    wanted = name.lower()
    for chain in chains_of(asset):
        if wanted in (chain.name.lower(), chain.protocol) and code.upper() in (chain.asset, chain.code):
            return chain
    raise ApiFault(CoinstoreFault.FUNDING_CURRENCY)


# --- deposits


def deposit_address(call: Call) -> WireResponse:
    params = params_of_body(call)
    asset = _asset(call, params)
    chain = _chain(asset, _text(params, "currencyCode"), _text(params, "chain"))
    if call.state.is_closed(chain):
        raise ApiFault(CoinstoreFault.FUNDING_CURRENCY)
    entry = call.state.addresses.deposit_address(call.account_id, chain)
    return success(funding_codec.encode_deposit_address(entry))


def deposits(call: Call) -> WireResponse:
    rows = [funding_codec.encode_deposit(payment, call.state.addresses) for payment in _page(call, withdrawals=False)]
    return success({"depositList": rows, "externalId": None, "label": None})


def withdrawals(call: Call) -> WireResponse:
    rows = [funding_codec.encode_withdrawal(payment, call.state.addresses) for payment in _page(call, withdrawals=True)]
    return success({"withdrawList": rows, "externalId": None, "label": None})


def _page(call: Call, *, withdrawals: bool) -> list[Payment]:
    """From an id on, oldest first (ASSUMED). `externalId` and `label` are a partner's: they match nothing and are ignored."""
    params = params_of_body(call)
    asset = None if params.optional_text("currencyCode") is None else _asset(call, params)
    start_ns, end_ns = (_moment(params, name, end=name == "endDate") for name in ("startDate", "endDate"))
    first_id = params.optional_integer("fromId", minimum=0, maximum=10**18)
    limit = params.optional_integer("limit", minimum=1) or DEFAULT_ROWS

    def wanted(payment: Payment) -> bool:
        return (
            payment.kind.is_withdrawal is withdrawals
            and asset in (None, payment.asset)
            and (start_ns is None or payment.created_ns >= start_ns)
            and (end_ns is None or payment.created_ns <= end_ns)
        )

    newer_than = None if first_id is None else first_id - 1
    found = call.desk.exchange.payments(call.desk.account(call.account_id), newer_than=newer_than, limit=_ALL, where=wanted)
    return found[::-1][: min(limit, MAX_ROWS)]


def _moment(params: Params, name: str, *, end: bool) -> int | None:
    text = params.optional_text(name)
    if text is None:
        return None
    moment = funding_codec.parse_local(text, end=end)
    if moment is None:
        raise ApiFault(FaultKind.PARAM_VALUE, field=name)
    return moment


# --- withdrawals


def withdraw(call: Call) -> WireResponse:
    """Amount and fee are held from now on. Only to an address that the customer has freed."""
    params = params_of_body(call)
    if call.desk.flagged(call.account_id, SUB_ACCOUNT):
        raise ApiFault(CoinstoreFault.SUB_NOT_ALLOWED)
    asset = _asset(call, params)
    chain = _chain(asset, _text(params, "currencyCode"), _text(params, "chainType"))
    address, tag = _text(params, "address"), params.optional_text("tag") or ""
    amount = _amount(params)
    if call.state.is_closed(chain):
        raise ApiFault(CoinstoreFault.FUNDING_CURRENCY)
    if amount < _atoms(chain.min_withdrawal) or 0 < _atoms(chain.max_withdrawal) < amount:
        raise ApiFault(CoinstoreFault.FUNDING_AMOUNT)
    if chain.tag is TagRule.NONE:
        tag = ""  # the vendor's script sends one on such a chain; it means nothing (ASSUMED)
    elif chain.tag is TagRule.REQUIRED and not tag:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    if not call.state.addresses.is_free(call.account_id, chain, address, tag):
        raise ApiFault(CoinstoreFault.FUNDING_CURRENCY)
    started = _carry_out(
        call,
        StartPayment(
            account_id=call.account_id,
            kind=PaymentKind.COIN_WITHDRAWAL,
            asset=asset,
            amount=amount,
            fee=_fee(chain, amount),
            wallet=Wallet.SPOT,
            chain=chain.name,
            address=address,
            tag=tag,
        ),
    )[0]
    assert isinstance(started, PaymentChanged)
    return success({"id": started.payment.payment_id})


def _atoms(text: str) -> Atoms:
    return exact_units(Decimal(text), ATOM_DECIMALS)


def _fee(chain: Chain, amount: Atoms) -> Atoms:
    """The chain's, and the platform's share of the amount; at least the chain's smallest (proposed). On top of the amount."""
    share = amount * _atoms(chain.platform_rate) // _UNIT
    return max(_atoms(chain.fee) + share, _atoms(chain.min_fee))


def cancel_withdrawal(call: Call) -> WireResponse:
    """As long as it has not been looked at; the money is free again at once (proposed)."""
    payment_id = params_of_body(call).optional_integer("withdrawId", minimum=0, maximum=10**18)
    if payment_id is None:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    payment = call.desk.exchange.payment(payment_id)
    if payment is None or payment.account_id != call.account_id or not payment.kind.is_withdrawal:
        raise ApiFault(CoinstoreFault.FUNDING_AMOUNT)
    if payment.status is not PaymentStatus.WAITING:
        raise ApiFault(CoinstoreFault.FUNDING_AMOUNT)
    _carry_out(call, StepPayment(payment_id=payment_id, event=PaymentEvent.CANCEL))
    _carry_out(call, StepPayment(payment_id=payment_id, event=PaymentEvent.ADVANCE))
    return success({"id": payment_id})


# --- transfers


def transfer(call: Call) -> WireResponse:
    """Between spot and futures, of the account itself, or of it and one of its sub-accounts. Numbers may be text."""
    params = params_of_body(call)
    kind = params.optional_text("type") or _WITHIN
    if kind not in (_WITHIN, _TO_SUB, _FROM_SUB):
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    asset, amount = _asset(call, params), _amount(params)
    source, target = _wallet(params, "from"), _wallet(params, "to")
    payer, payee = call.account_id, call.account_id
    if kind != _WITHIN:
        if call.desk.flagged(call.account_id, SUB_ACCOUNT):
            raise ApiFault(CoinstoreFault.SUB_NOT_ALLOWED)
        sub = _text(params, "subAccount")
        if sub not in call.desk.exchange.accounts or not call.desk.flagged(sub, SUB_ACCOUNT):
            raise ApiFault(CoinstoreFault.FUNDING_FIELD)
        payer, payee = (payer, sub) if kind == _TO_SUB else (sub, payee)
    elif source is target:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    recipient = None if payer == payee else payee
    _carry_out(
        call,
        TransferFunds(account_id=payer, asset=asset, amount=amount, source=source, target=target, recipient_id=recipient),
    )
    return success_without_data()


def _wallet(params: Params, name: str) -> Wallet:
    wallet = _WALLETS.get(_text(params, name))
    if wallet is None:
        raise ApiFault(CoinstoreFault.FUNDING_FIELD)
    return wallet


def _route(path: str, handler: Handler, permission: Permission, tags: frozenset[str] = frozenset()) -> Route:
    return Route(method="POST", path=path, handler=handler, permission=permission, tags=tags)


FUNDING_ROUTES = (
    _route("/api/fi/v3/asset/deposit/do", deposit_address, Permission.READ),
    _route("/api/fi/v3/asset/deposit/record/list", deposits, Permission.READ),
    _route("/api/fi/v3/asset/withdraw/record/list", withdrawals, Permission.READ),
    _route("/api/fi/v3/asset/doWithdraw", withdraw, Permission.WITHDRAW),
    _route("/api/fi/v3/asset/cancelWithdraw", cancel_withdrawal, Permission.WITHDRAW),
    _route("/api/v1/future/transfer", transfer, Permission.TRADE, frozenset({TRANSFERS})),
)
