"""Transfers and adjustments: money that moves at once."""

from decimal import Decimal
from typing import Any

import pytest
from exchange_rig import PLAIN, Rig, make_policy
from payments_rig import coins, command, make_rig

from mockex.core.commands import AdjustBalance, FreezeAccount, TransferFunds
from mockex.core.events import BalanceChanged, FundsTransferred
from mockex.core.ledger import EntryKind
from mockex.core.rejects import RejectReason
from mockex.core.units import Wallet


@pytest.fixture
def rig() -> Rig:
    return make_rig()


# --- transfers and adjustments


def transfer(amount: int = 40, **terms: Any) -> TransferFunds:
    wish: dict[str, Any] = {
        "account_id": "alice",
        "asset": "COIN",
        "amount": amount,
        "source": Wallet.FUNDING,
        "target": Wallet.SPOT,
    }
    return TransferFunds(**wish | terms)


def test_a_transfer_moves_money_between_wallets_at_once(rig: Rig) -> None:
    events = rig.execute(transfer())
    assert events[0] == FundsTransferred(1, "alice", "COIN", 40, Wallet.FUNDING, Wallet.SPOT)
    assert [(event.balance.wallet, event.total) for event in events if isinstance(event, BalanceChanged)] == [
        (Wallet.FUNDING, 60),
        (Wallet.SPOT, 40),
    ]
    rows = rig.exchange.entries([rig.balance("alice", "COIN", wallet) for wallet in Wallet], limit=2)
    assert [(row.balance.wallet, row.kind, row.amount, row.counter_wallet) for row in rows] == [
        (Wallet.SPOT, EntryKind.TRANSFER_IN, 40, Wallet.FUNDING),
        (Wallet.FUNDING, EntryKind.TRANSFER_OUT, -40, Wallet.SPOT),
    ]


def test_a_transfer_to_another_account_leads_to_the_balance_at_its_other_end(rig: Rig) -> None:
    rig.open("bob")

    rig.execute(transfer(recipient_id="bob", target=Wallet.FUNDING))

    given, taken = rig.balance("alice", "COIN", Wallet.FUNDING), rig.balance("bob", "COIN", Wallet.FUNDING)
    assert (given.total, taken.total) == (60, 40)
    rows = rig.exchange.entries([given, taken], limit=2)
    assert [(row.balance, row.kind, row.amount, row.counter) for row in rows] == [
        (taken, EntryKind.TRANSFER_IN, 40, given),
        (given, EntryKind.TRANSFER_OUT, -40, taken),
    ]


@pytest.mark.parametrize(
    ("frozen", "reason"),
    [({"wallet": None}, RejectReason.ACCOUNT_FROZEN), ({"wallet": Wallet.SPOT}, RejectReason.WALLET_FROZEN)],
)
def test_nothing_is_transferred_to_an_account_that_is_frozen(rig: Rig, frozen: dict[str, Any], reason: RejectReason) -> None:
    rig.open("bob")
    rig.execute(FreezeAccount(account_id="bob", frozen=True, **frozen))

    assert rig.refused(transfer(recipient_id="bob")) is reason
    assert rig.refused(transfer(recipient_id="nobody")) is RejectReason.ACCOUNT_UNKNOWN
    assert rig.balance("alice", "COIN", Wallet.FUNDING).total == 100


def test_an_entry_knows_what_was_held_after_it() -> None:
    rig = Rig()
    rig.open("alice", COIN=100)
    rig.open("bob", CASH=1_000_000)
    rig.sell("alice", 70, 500)

    rig.buy("bob", 20, 500)
    rig.execute(transfer(30, source=Wallet.SPOT, target=Wallet.FUNDING))

    rows = rig.exchange.entries([rig.balance("alice", "COIN", Wallet.SPOT)], limit=3)
    assert [(row.total_after, row.held_after) for row in rows] == [(50, 50), (80, 50), (100, 0)]


def test_money_held_by_an_order_cannot_be_transferred() -> None:
    # okj§10.1: held funds cannot be transferred
    rig = Rig()
    rig.open("alice", COIN=100)
    order = rig.sell("alice", 70, 500)
    back = transfer(31, source=Wallet.SPOT, target=Wallet.FUNDING)
    assert rig.refused(back) is RejectReason.INSUFFICIENT_FUNDS
    rig.execute(transfer(30, source=Wallet.SPOT, target=Wallet.FUNDING))
    rig.cancel(order)
    rig.execute(back)
    assert rig.funds("alice", "COIN") == (Decimal(39), Decimal(0))


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"account_id": "nobody"}, RejectReason.ACCOUNT_UNKNOWN),
        ({"asset": "GOLD"}, RejectReason.ASSET_UNKNOWN),
        ({"target": Wallet.FUNDING}, RejectReason.SAME_WALLET),
        ({"amount": 0}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"amount": -5}, RejectReason.AMOUNT_NOT_POSITIVE),
        ({"amount": 101}, RejectReason.INSUFFICIENT_FUNDS),
        ({"asset": "CASH"}, RejectReason.INSUFFICIENT_FUNDS),
    ],
)
def test_a_transfer_that_breaks_a_rule_moves_nothing(rig: Rig, terms: dict[str, Any], reason: RejectReason) -> None:
    assert rig.refused(transfer(**terms)) is reason


@pytest.mark.parametrize("wallet", [Wallet.SPOT, Wallet.FUNDING])
def test_a_frozen_wallet_neither_gives_nor_takes_a_transfer(rig: Rig, wallet: Wallet) -> None:
    rig.execute(FreezeAccount(account_id="alice", frozen=True, wallet=wallet))
    assert rig.refused(transfer()) is RejectReason.WALLET_FROZEN


def test_a_frozen_account_transfers_nothing(rig: Rig) -> None:
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    assert rig.refused(transfer()) is RejectReason.ACCOUNT_FROZEN


def test_an_adjustment_brings_money_in_and_out_also_while_frozen(rig: Rig) -> None:
    rig.execute(FreezeAccount(account_id="alice", frozen=True))
    rig.give("alice", Wallet.FUNDING, COIN=5)
    rig.give("alice", Wallet.FUNDING, COIN=-105)
    assert coins(rig) == (0, 0)
    assert rig.exchange.ledger.external["COIN"] == 0


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"amount": -101}, RejectReason.INSUFFICIENT_FUNDS),
        ({"account_id": "nobody"}, RejectReason.ACCOUNT_UNKNOWN),
        ({"asset": "GOLD"}, RejectReason.ASSET_UNKNOWN),
    ],
)
def test_an_adjustment_that_breaks_a_rule_changes_nothing(rig: Rig, terms: dict[str, Any], reason: RejectReason) -> None:
    wish: dict[str, Any] = {"account_id": "alice", "wallet": Wallet.FUNDING, "asset": "COIN", "amount": 1}
    assert rig.refused(AdjustBalance(**wish | terms)) is reason


def test_a_refusal_leaves_no_balance_behind() -> None:
    rig = Rig(PLAIN)
    rig.open("alice")
    account = rig.exchange.accounts["alice"]
    rig.refused(transfer())
    rig.refused(command())
    rig.refused(AdjustBalance(account_id="alice", wallet=Wallet.SPOT, asset="COIN", amount=-1))
    assert account.wallets == {wallet: {} for wallet in Wallet}
    assert account.available(Wallet.SPOT, "COIN") == 0


def test_entries_of_a_span_are_those_from_its_first_to_its_last_moment(rig: Rig) -> None:
    balances = [rig.balance("alice", "COIN", wallet) for wallet in (Wallet.FUNDING, Wallet.SPOT)]
    times = []
    for _ in range(3):
        rig.clock.advance(10)
        rig.execute(transfer(1))
        times.append(rig.clock.now_ns())

    def amounts(first_ns: int, last_ns: int) -> list[int]:
        return [entry.amount for entry in rig.exchange.entries_between(balances, first_ns, last_ns)]

    assert amounts(times[1], times[1]) == [1, -1]
    assert amounts(times[0], times[1]) == [1, -1, 1, -1]
    assert amounts(times[1] + 1, times[2] - 1) == []
    assert amounts(times[2], times[0]) == []
    newest = rig.exchange.entries(balances, limit=6)
    assert rig.exchange.entries_between(balances, times[0], times[2]) == newest


def test_entries_that_are_forgotten_are_in_no_span() -> None:
    rig = Rig(PLAIN, policy=make_policy(ledger_retention_ns=100))
    rig.open("alice", COIN=100)
    rig.clock.advance(100)
    rig.give("alice", COIN=1)

    found = rig.exchange.entries_between([rig.balance("alice", "COIN")], 0, rig.clock.now_ns())

    assert [entry.amount for entry in found] == [1]
