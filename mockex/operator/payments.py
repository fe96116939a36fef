"""Deposits that take their time, and the steps of every deposit and withdrawal by hand.

A payment moves by itself at the venue's pace on virtual time. A step taken by hand makes the planned one void.
"""

from __future__ import annotations

from mockex.core.commands import StartPayment, StepPayment
from mockex.core.events import PaymentChanged
from mockex.core.payments import Payment, PaymentEvent, PaymentKind
from mockex.core.units import Wallet
from mockex.operator.refusals import NotFoundError, OperatorError, execute
from mockex.operator.views import PaymentView, payment_view
from mockex.operator.words import Amount, atoms, member_named, positive, the_account, the_asset, wallet_named
from mockex.simulation import Simulation

MAX_LISTED = 1_000

DEPOSIT_KINDS = {"coin": PaymentKind.COIN_DEPOSIT, "cash": PaymentKind.CASH_DEPOSIT}


def start_deposit(
    simulation: Simulation,
    *,
    account: str,
    asset: str,
    amount: Amount,
    kind: str,
    wallet: str | None = None,
    chain: str = "",
    address: str = "",
    tag: str = "",
    needs_review: bool = False,
) -> PaymentView:
    """A deposit that the account sees arrive step by step; its money comes with the last step.

    `kind`: "coin" or "cash". `wallet` None: the funding wallet if demo accounts use one, else the first that they use.
    """
    the_account(simulation, account)
    listed = the_asset(simulation.venue, asset)
    if kind not in DEPOSIT_KINDS:
        raise OperatorError(f"a deposit is one of {', '.join(DEPOSIT_KINDS)}, not {kind!r}")
    command = StartPayment(
        account_id=account,
        kind=DEPOSIT_KINDS[kind],
        asset=asset,
        amount=atoms(positive(amount, "amount"), listed, "amount"),
        wallet=wallet_named(simulation.venue, wallet, default=Wallet.FUNDING),
        chain=chain,
        address=address,
        tag=tag,
        needs_review=needs_review,
    )
    started = execute(simulation, command)[0]
    assert isinstance(started, PaymentChanged), f"a payment began with {started!r}"
    return payment_view(started.payment, listed)


def list_payments(simulation: Simulation, account: str | None = None, limit: int = 100) -> list[PaymentView]:
    """Deposits and withdrawals, newest first, at most `limit` (1 to MAX_LISTED)."""
    if not 1 <= limit <= MAX_LISTED:
        raise OperatorError(f"limit is 1 to {MAX_LISTED}, not {limit}")
    exchange = simulation.desk.exchange
    owners = exchange.accounts.values() if account is None else [the_account(simulation, account)]
    found: list[Payment] = []
    for owner in owners:
        found += exchange.payments(owner, limit=limit)
    found.sort(key=lambda payment: -payment.payment_id)
    return [_view(simulation, payment) for payment in found[:limit]]


def get(simulation: Simulation, payment_id: str) -> PaymentView:
    """NotFoundError if there is no such payment."""
    return _view(simulation, _the_payment(simulation, payment_id))


def step(simulation: Simulation, payment_id: str, event: str) -> PaymentView:
    """`event`: "advance", "review", "cancel", "fail" or "refund". RefusedError if the payment's state does not allow it."""
    payment = _the_payment(simulation, payment_id)
    taken = member_named(PaymentEvent, event, "a payment's step")
    execute(simulation, StepPayment(payment_id=payment.payment_id, event=taken))
    return _view(simulation, payment)


def _the_payment(simulation: Simulation, payment_id: str) -> Payment:
    number = int(payment_id) if payment_id.isdecimal() and len(payment_id) <= 40 else -1
    payment = simulation.desk.exchange.payment(number)
    if payment is None:
        raise NotFoundError(f"{simulation.venue.name} has no payment {payment_id!r}")
    return payment


def _view(simulation: Simulation, payment: Payment) -> PaymentView:
    return payment_view(payment, simulation.desk.exchange.assets[payment.asset])
