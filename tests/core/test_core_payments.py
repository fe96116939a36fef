"""Deposits and withdrawals: every path a payment can take, and where its money is meanwhile."""

from collections.abc import Iterable
from typing import Any

import pytest
from exchange_rig import Rig, make_policy
from payments_rig import coins, command, make_rig

from mockex.core.commands import FreezeAccount, StepPayment
from mockex.core.events import PaymentChanged
from mockex.core.ledger import EntryKind
from mockex.core.payments import Payment, PaymentEvent, PaymentKind, PaymentStatus
from mockex.core.policy import SECOND_NS
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet

E, S, K = PaymentEvent, PaymentStatus, PaymentKind
DEPOSITS = [K.COIN_DEPOSIT, K.CASH_DEPOSIT]
WITHDRAWALS = [K.COIN_WITHDRAWAL, K.CASH_WITHDRAWAL]


@pytest.fixture
def rig() -> Rig:
    return make_rig()


def start(rig: Rig, kind: PaymentKind, amount: int = 30, **terms: Any) -> Payment:
    started = rig.execute(command(kind, amount, **terms))[0]
    assert isinstance(started, PaymentChanged)
    assert started.payment.status is S.WAITING
    return started.payment


def step(rig: Rig, payment: Payment, *events: PaymentEvent) -> list[PaymentStatus]:
    """Takes the steps and gives the state after each."""
    seen = []
    for event in events:
        changed = rig.execute(StepPayment(payment_id=payment.payment_id, event=event))[0]
        assert isinstance(changed, PaymentChanged)
        assert changed.payment is payment
        seen.append(payment.status)
    return seen


def entries(rig: Rig, account_id: str = "alice") -> list[tuple[EntryKind, int, int, int]]:
    """(kind, amount, fee, total after) of the funding wallet's entries, oldest first, without the opening one."""
    rows = rig.exchange.entries([rig.balance(account_id, "COIN", Wallet.FUNDING)], limit=100)
    return [(row.kind, row.amount, row.fee, row.total_after) for row in rows[::-1] if row.kind is not EntryKind.ADJUSTMENT]


# --- deposits


@pytest.mark.parametrize("kind", DEPOSITS)
def test_a_deposit_is_credited_when_it_is_done_and_not_earlier(rig: Rig, kind: PaymentKind) -> None:
    payment = start(rig, kind)
    assert step(rig, payment, E.ADVANCE) == [S.PROCESSING]
    assert coins(rig) == (100, 0)
    assert entries(rig) == []
    assert step(rig, payment, E.ADVANCE) == [S.DONE]
    assert coins(rig) == (130, 0)
    assert entries(rig) == [(EntryKind.DEPOSIT, 30, 0, 130)]


def test_a_deposits_fee_is_taken_out_of_it(rig: Rig) -> None:
    step(rig, start(rig, K.COIN_DEPOSIT, fee=2), E.ADVANCE, E.ADVANCE)
    assert coins(rig) == (128, 0)
    assert entries(rig) == [(EntryKind.DEPOSIT, 28, 2, 128)]
    assert rig.exchange.ledger.fees["COIN"] == 2


def test_a_deposit_under_review_comes_between_crediting_and_done(rig: Rig) -> None:
    # okj§7: a coin deposit goes 1 -> 2 -> (3) -> 4
    payment = start(rig, K.COIN_DEPOSIT, needs_review=True)
    assert step(rig, payment, E.ADVANCE, E.ADVANCE, E.ADVANCE) == [S.PROCESSING, S.REVIEW, S.DONE]
    assert coins(rig) == (130, 0)


def test_an_operator_may_send_a_deposit_to_review(rig: Rig) -> None:
    payment = start(rig, K.COIN_DEPOSIT)
    assert step(rig, payment, E.ADVANCE, E.REVIEW, E.ADVANCE) == [S.PROCESSING, S.REVIEW, S.DONE]


@pytest.mark.parametrize("before", [[], [E.ADVANCE], [E.REVIEW]])
@pytest.mark.parametrize(("event", "end"), [(E.FAIL, S.FAILED), (E.REFUND, S.REFUNDED)])
def test_a_deposit_that_ends_otherwise_is_never_credited(
    rig: Rig, before: Iterable[PaymentEvent], event: PaymentEvent, end: PaymentStatus
) -> None:
    payment = start(rig, K.CASH_DEPOSIT)
    step(rig, payment, *before)
    assert step(rig, payment, event) == [end]
    assert coins(rig) == (100, 0)
    assert entries(rig) == []


def test_a_deposit_may_reach_a_frozen_account_and_a_frozen_wallet(rig: Rig) -> None:
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.FUNDING))
    step(rig, start(rig, K.COIN_DEPOSIT), E.ADVANCE, E.ADVANCE)
    assert coins(rig) == (130, 0)


# --- withdrawals


@pytest.mark.parametrize("kind", WITHDRAWALS)
def test_a_withdrawal_holds_amount_and_fee_until_it_is_done(rig: Rig, kind: PaymentKind) -> None:
    payment = start(rig, kind, fee=1)
    assert coins(rig) == (100, 31)
    assert step(rig, payment, E.ADVANCE) == [S.PROCESSING]
    assert coins(rig) == (100, 31)
    assert step(rig, payment, E.ADVANCE) == [S.DONE]
    assert coins(rig) == (69, 0)
    assert entries(rig) == [(EntryKind.WITHDRAWAL, -31, 1, 69)]
    assert rig.exchange.ledger.fees["COIN"] == 1
    assert rig.exchange.ledger.external["COIN"] == -70


def test_a_withdrawal_under_review_is_looked_at_before_it_is_sent(rig: Rig) -> None:
    # okj§7: reason 12 or 99 goes 1 -> 3 -> 2
    payment = start(rig, K.COIN_WITHDRAWAL, needs_review=True)
    assert step(rig, payment, E.ADVANCE, E.ADVANCE, E.ADVANCE) == [S.REVIEW, S.PROCESSING, S.DONE]
    assert coins(rig) == (70, 0)


@pytest.mark.parametrize(
    ("before", "steps", "states"),
    [
        ([], [E.CANCEL, E.ADVANCE], [S.CANCELLING, S.CANCELLED]),
        ([E.REVIEW], [E.CANCEL, E.ADVANCE], [S.CANCELLING, S.CANCELLED]),
        ([E.ADVANCE], [E.FAIL, E.ADVANCE], [S.FAILED, S.REFUNDED]),
        ([], [E.FAIL, E.REFUND], [S.FAILED, S.REFUNDED]),
        ([E.REVIEW], [E.FAIL, E.REFUND], [S.FAILED, S.REFUNDED]),
        ([E.ADVANCE], [E.REFUND], [S.REFUNDED]),
        ([], [E.REFUND], [S.REFUNDED]),
    ],
)
def test_a_withdrawal_that_ends_otherwise_gives_its_money_back_at_its_end(
    rig: Rig, before: Iterable[PaymentEvent], steps: list[PaymentEvent], states: list[PaymentStatus]
) -> None:
    payment = start(rig, K.COIN_WITHDRAWAL, fee=1)
    step(rig, payment, *before)
    assert step(rig, payment, *steps[:-1]) == states[:-1]
    assert coins(rig) == (100, 31)
    assert step(rig, payment, steps[-1]) == states[-1:]
    assert coins(rig) == (100, 0)
    assert entries(rig) == [(EntryKind.WITHDRAWAL_CANCELLED, 0, 0, 100)]


def test_held_money_of_a_withdrawal_cannot_be_spent_twice(rig: Rig) -> None:
    start(rig, K.COIN_WITHDRAWAL, 60)
    assert rig.refused(command(K.COIN_WITHDRAWAL, 41)) is RejectReason.INSUFFICIENT_FUNDS
    start(rig, K.COIN_WITHDRAWAL, 40)
    assert [payment.amount for payment in rig.exchange.open_withdrawals()] == [60, 40]


# --- between accounts of the venue


def test_an_internal_withdrawal_arrives_at_once_at_its_first_step(rig: Rig) -> None:
    payment = start(rig, K.INTERNAL_WITHDRAWAL, recipient_id="bob", fee=1, address="bob@example.com")
    assert coins(rig) == (100, 31)
    events = rig.execute(StepPayment(payment_id=payment.payment_id, event=E.ADVANCE))
    sent, received = (event.payment for event in events if isinstance(event, PaymentChanged))
    assert (sent.status, received.status) == (S.DONE, S.DONE)
    assert (received.kind, received.account_id, received.counterparty_id) == (K.INTERNAL_DEPOSIT, "bob", "alice")
    assert (received.amount, received.fee) == (30, 0)
    assert coins(rig) == (69, 0)
    assert coins(rig, "bob") == (30, 0)
    assert entries(rig) == [(EntryKind.WITHDRAWAL, -31, 1, 69)]
    assert entries(rig, "bob") == [(EntryKind.DEPOSIT, 30, 0, 30)]
    assert rig.exchange.ledger.fees["COIN"] == 1
    assert rig.exchange.ledger.external["COIN"] == -100


def test_an_internal_withdrawal_can_be_cancelled_before_its_step(rig: Rig) -> None:
    payment = start(rig, K.INTERNAL_WITHDRAWAL, recipient_id="bob")
    assert step(rig, payment, E.CANCEL, E.ADVANCE) == [S.CANCELLING, S.CANCELLED]
    assert (coins(rig), coins(rig, "bob")) == ((100, 0), (0, 0))


def test_an_internal_withdrawal_to_oneself_changes_nothing_but_the_history(rig: Rig) -> None:
    step(rig, start(rig, K.INTERNAL_WITHDRAWAL, recipient_id="alice"), E.ADVANCE)
    assert coins(rig) == (100, 0)
    assert entries(rig) == [(EntryKind.WITHDRAWAL, -30, 0, 70), (EntryKind.DEPOSIT, 30, 0, 100)]


def test_a_withdrawal_over_a_chain_leaves_the_venue_whoever_it_names(rig: Rig) -> None:
    step(rig, start(rig, K.COIN_WITHDRAWAL, recipient_id="bob"), E.ADVANCE, E.ADVANCE)
    assert (coins(rig), coins(rig, "bob")) == ((70, 0), (0, 0))


# --- steps that lead nowhere


@pytest.mark.parametrize("kind", DEPOSITS)
def test_a_customer_cannot_cancel_a_deposit(rig: Rig, kind: PaymentKind) -> None:
    payment = start(rig, kind)
    refused = rig.refused(StepPayment(payment_id=payment.payment_id, event=E.CANCEL))
    assert refused is RejectReason.PAYMENT_STEP_INVALID


@pytest.mark.parametrize(
    ("kind", "before", "impossible"),
    [
        (K.COIN_WITHDRAWAL, [E.ADVANCE], [E.CANCEL]),
        (K.COIN_WITHDRAWAL, [E.ADVANCE, E.ADVANCE], list(E)),
        (K.COIN_WITHDRAWAL, [E.CANCEL], [E.CANCEL, E.FAIL, E.REFUND, E.REVIEW]),
        (K.COIN_WITHDRAWAL, [E.CANCEL, E.ADVANCE], list(E)),
        (K.COIN_WITHDRAWAL, [E.FAIL], [E.CANCEL, E.FAIL, E.REVIEW]),
        (K.COIN_WITHDRAWAL, [E.FAIL, E.REFUND], list(E)),
        (K.COIN_DEPOSIT, [E.ADVANCE, E.ADVANCE], list(E)),
        (K.COIN_DEPOSIT, [E.FAIL], [E.ADVANCE, E.REVIEW, E.CANCEL, E.FAIL]),
        (K.CASH_DEPOSIT, [E.REFUND], list(E)),
    ],
)
def test_a_step_that_the_state_does_not_allow_is_refused(
    rig: Rig, kind: PaymentKind, before: Iterable[PaymentEvent], impossible: Iterable[PaymentEvent]
) -> None:
    payment = start(rig, kind)
    step(rig, payment, *before)
    for event in impossible:
        refused = rig.refused(StepPayment(payment_id=payment.payment_id, event=event))
        assert refused is RejectReason.PAYMENT_STEP_INVALID


def test_a_step_of_an_unknown_payment_is_refused(rig: Rig) -> None:
    assert rig.refused(StepPayment(payment_id=7, event=E.ADVANCE)) is RejectReason.PAYMENT_UNKNOWN


def test_a_step_that_expects_another_state_does_nothing(rig: Rig) -> None:
    payment = start(rig, K.COIN_WITHDRAWAL)
    late = StepPayment(payment_id=payment.payment_id, event=E.ADVANCE, expected_status=S.PROCESSING)
    assert rig.execute(late) == ()
    assert payment.status is S.WAITING


# --- by themselves, on virtual time


@pytest.fixture
def moving() -> Rig:
    """As `rig`, but a payment takes a step every second."""
    rig = Rig(policy=make_policy(payment_step_ns=SECOND_NS))
    rig.open("alice", Wallet.FUNDING, COIN=100)
    rig.open("bob")
    return rig


@pytest.mark.parametrize(
    ("kind", "terms", "path", "total"),
    [
        (K.COIN_DEPOSIT, {}, [S.WAITING, S.PROCESSING, S.DONE, S.DONE], 130),
        (K.COIN_DEPOSIT, {"needs_review": True}, [S.WAITING, S.PROCESSING, S.REVIEW, S.DONE, S.DONE], 130),
        (K.COIN_WITHDRAWAL, {}, [S.WAITING, S.PROCESSING, S.DONE, S.DONE], 70),
        (K.COIN_WITHDRAWAL, {"needs_review": True}, [S.WAITING, S.REVIEW, S.PROCESSING, S.DONE, S.DONE], 70),
        (K.CASH_DEPOSIT, {}, [S.WAITING, S.PROCESSING, S.DONE, S.DONE], 130),
        (K.CASH_WITHDRAWAL, {}, [S.WAITING, S.PROCESSING, S.DONE, S.DONE], 70),
        (K.INTERNAL_WITHDRAWAL, {"recipient_id": "bob"}, [S.WAITING, S.DONE, S.DONE], 70),
    ],
)
def test_a_payment_takes_a_step_each_second_to_its_end(
    moving: Rig, kind: PaymentKind, terms: dict[str, Any], path: list[PaymentStatus], total: int
) -> None:
    payment = start(moving, kind, **terms)
    seen = [payment.status]
    for _ in path[1:]:
        moving.clock.advance(SECOND_NS - 1)
        assert payment.status is seen[-1]
        moving.clock.advance(1)
        seen.append(payment.status)
    assert seen == path
    assert coins(moving) == (total, 0)
    assert moving.clock.pending_count == 0


def test_a_step_remembers_its_time(moving: Rig) -> None:
    moving.clock.advance(5 * SECOND_NS)
    payment = start(moving, K.COIN_DEPOSIT)
    moving.clock.advance(3 * SECOND_NS)
    assert (payment.created_ns, payment.updated_ns) == (5 * SECOND_NS, 7 * SECOND_NS)


def test_a_cancelled_or_failed_withdrawal_ends_by_itself(moving: Rig) -> None:
    cancelled, failed = start(moving, K.COIN_WITHDRAWAL), start(moving, K.COIN_WITHDRAWAL)
    step(moving, cancelled, E.CANCEL)
    step(moving, failed, E.FAIL)
    assert coins(moving) == (100, 60)
    moving.clock.advance(SECOND_NS)
    assert (cancelled.status, failed.status) == (S.CANCELLED, S.REFUNDED)
    assert coins(moving) == (100, 0)


def test_a_failed_deposit_stays_failed(moving: Rig) -> None:
    # okj§7: a coin deposit that failed is state 7; there is no other after it
    payment = start(moving, K.COIN_DEPOSIT)
    step(moving, payment, E.FAIL)
    moving.clock.advance(60 * SECOND_NS)
    assert payment.status is S.FAILED
    assert coins(moving) == (100, 0)


def test_a_step_taken_by_hand_makes_the_planned_one_void(moving: Rig) -> None:
    payment = start(moving, K.COIN_DEPOSIT)
    moving.clock.advance(SECOND_NS // 2)
    step(moving, payment, E.ADVANCE)
    moving.clock.advance(SECOND_NS // 2)
    assert payment.status is S.PROCESSING
    moving.clock.advance(SECOND_NS // 2)
    assert payment.status is S.DONE


def test_a_plan_stays_void_when_the_payment_comes_back_to_the_same_state(moving: Rig) -> None:
    payment = start(moving, K.COIN_WITHDRAWAL)
    moving.clock.advance(SECOND_NS)  # processing; its next step is planned for second 2
    moving.clock.advance(SECOND_NS // 2)
    step(moving, payment, E.REVIEW, E.ADVANCE)  # processing again; the next step is due at 2.5
    moving.clock.advance(SECOND_NS // 2)
    assert payment.status is S.PROCESSING
    moving.clock.advance(SECOND_NS // 2)
    assert payment.status is S.DONE


# --- what starts nothing


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"account_id": "nobody"}, RejectReason.ACCOUNT_UNKNOWN),
        ({"asset": "GOLD"}, RejectReason.ASSET_UNKNOWN),
        ({"amount": 0}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"amount": -1}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"fee": -1}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"amount": 101}, RejectReason.INSUFFICIENT_FUNDS),
        ({"amount": 100, "fee": 1}, RejectReason.INSUFFICIENT_FUNDS),
        ({"amount": 1, "wallet": Wallet.SPOT}, RejectReason.INSUFFICIENT_FUNDS),
        ({"kind": K.INTERNAL_WITHDRAWAL, "recipient_id": "nobody"}, RejectReason.ACCOUNT_UNKNOWN),
        ({"kind": K.INTERNAL_WITHDRAWAL}, RejectReason.ACCOUNT_UNKNOWN),
        ({"kind": K.COIN_DEPOSIT, "amount": 0}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"kind": K.COIN_DEPOSIT, "fee": 30}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"kind": K.COIN_DEPOSIT, "asset": "GOLD"}, RejectReason.ASSET_UNKNOWN),
    ],
)
def test_a_payment_that_breaks_a_rule_never_starts(rig: Rig, terms: dict[str, Any], reason: RejectReason) -> None:
    assert rig.refused(command(**terms)) is reason
    assert rig.exchange.payments(rig.exchange.accounts["alice"], limit=10) == []


def test_a_frozen_account_or_wallet_withdraws_nothing(rig: Rig) -> None:
    withdrawal = command(K.COIN_WITHDRAWAL)
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    assert rig.refused(withdrawal) is RejectReason.ACCOUNT_FROZEN
    rig.execute(FreezeAccount(account_id="alice", frozen=False))
    rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.FUNDING))
    assert rig.refused(withdrawal) is RejectReason.WALLET_FROZEN
    rig.execute(FreezeAccount(account_id="alice", frozen=False, wallet=Wallet.FUNDING))
    rig.execute(withdrawal)
    assert coins(rig) == (100, 30)


def test_payments_are_paged_newest_first(rig: Rig) -> None:
    ids = [start(rig, K.COIN_DEPOSIT, amount).payment_id for amount in (1, 2, 3)]
    account = rig.exchange.accounts["alice"]
    assert [payment.payment_id for payment in rig.exchange.payments(account, limit=2)] == ids[:0:-1]
    assert [payment.payment_id for payment in rig.exchange.payments(account, limit=2, older_than=ids[1])] == ids[:1]
    assert rig.exchange.payment(ids[0]) is not None
    assert rig.exchange.payment(99) is None
