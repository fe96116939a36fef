"""Accounts, keys and payments in an operator's hands."""

from __future__ import annotations

import pytest

from mockex.core import invariants
from mockex.core.policy import SECOND_NS
from mockex.core.rejects import RejectReason
from mockex.operator import accounts, keys, orders, payments
from mockex.operator.keys import KeyRequest
from mockex.operator.refusals import REFUSALS, NotFoundError, OperatorError, RefusedError
from mockex.simulation import Simulation


def test_every_reason_of_the_exchange_has_words() -> None:
    assert REFUSALS.keys() == set(RejectReason)
    assert len(set(REFUSALS.values())) == len(REFUSALS)


def test_accounts_are_listed_with_balances_by_wallet_and_open_orders(simulation: Simulation) -> None:
    orders.place(simulation, account="bob", symbol="BTC-JPY", side="sell", price="5000000", qty="0.5")
    alice, bob = accounts.list_accounts(simulation)
    assert alice["account"] == "alice"
    assert bob == {
        "account": "bob",
        "frozen": False,
        "frozen_wallets": [],
        "flags": [],
        "balances": {
            "spot": {
                "BTC": {"total": "2", "held": "0.5", "available": "1.5"},
                "JPY": {"total": "1000000", "held": "0", "available": "1000000"},
            }
        },
        "open_orders": 1,
    }


def test_a_new_account_has_its_balances_and_a_key_of_its_name(simulation: Simulation) -> None:
    made = accounts.create_account(simulation, "carol", balances={"BTC": "0.1", "funding": {"JPY": 500}})
    assert made["balances"] == {
        "spot": {"BTC": {"total": "0.1", "held": "0", "available": "0.1"}},
        "funding": {"JPY": {"total": "500", "held": "0", "available": "500"}},
    }
    assert made["owner"] is not None
    assert made["owner"]["email"].endswith("@example.com")
    (key,) = made["keys"]
    assert (key["name"], key["permissions"], key["allowed_ips"]) == ("carol", ["read", "trade", "withdraw"], [])
    assert simulation.desk.credentials.get(key["api_key"]) is not None
    assert invariants.violations(simulation.desk.exchange) == []


def test_a_new_account_may_bring_keys_with_permissions_and_addresses(simulation: Simulation) -> None:
    requests = [KeyRequest(name="reader", permissions=("read",), allowed_ips=("10.0.0.1", "::1")), KeyRequest(name="all")]
    made = accounts.create_account(simulation, "carol", keys=requests)
    assert [(key["name"], key["permissions"], key["allowed_ips"]) for key in made["keys"]] == [
        ("reader", ["read"], ["10.0.0.1", "::1"]),
        ("all", ["read", "trade", "withdraw"], []),
    ]
    assert accounts.create_account(simulation, "dave", keys=[])["keys"] == []


@pytest.mark.parametrize(
    ("account", "rest", "says"),
    [
        ("alice", {}, "exists already"),
        ("a b", {}, "printable ASCII"),
        ("", {}, "1 to 64"),
        ("x" * 65, {}, "1 to 64"),
        ("carol", {"balances": {"DOGE": "1"}}, "has no asset 'DOGE'"),
        ("carol", {"balances": {"BTC": "-1"}}, "cannot be negative"),
        ("carol", {"balances": {"BTC": "0.0000000000000000001"}}, "more than 18 decimals"),
        ("carol", {"balances": {"BTC": "much"}}, "must be a decimal number"),
        ("carol", {"balances": {"margin": {"BTC": "1"}}}, "one of spot, funding, not 'margin'"),
        ("carol", {"keys": [KeyRequest(name="alice")]}, "called 'alice' exists already"),
        ("carol", {"keys": [KeyRequest(name="k"), KeyRequest(name="k")]}, "called 'k' exists already"),
        ("carol", {"keys": [KeyRequest(name="k", permissions=("fly",))]}, "one of read, trade, withdraw, not 'fly'"),
        ("carol", {"keys": [KeyRequest(name="k", allowed_ips=("home",))]}, "IPv4 or IPv6 address, not 'home'"),
    ],
)
def test_an_account_that_cannot_be_made_leaves_no_trace(simulation, unchanged, account, rest, says) -> None:
    with unchanged(), pytest.raises(OperatorError, match=says):
        accounts.create_account(simulation, account, **rest)


def test_money_comes_and_goes_at_once(simulation: Simulation) -> None:
    accounts.deposit(simulation, "alice", "BTC", "0.5")
    accounts.withdraw(simulation, "alice", "JPY", "1000000")
    after = accounts.deposit(simulation, "alice", "XRP", "3", "funding")
    assert after["balances"] == {
        "spot": {
            "BTC": {"total": "2.5", "held": "0", "available": "2.5"},
            "JPY": {"total": "0", "held": "0", "available": "0"},
        },
        "funding": {"XRP": {"total": "3", "held": "0", "available": "3"}},
    }
    assert invariants.violations(simulation.desk.exchange) == []


def test_withdrawing_keeps_every_digit_of_a_long_amount(simulation: Simulation) -> None:
    accounts.deposit(simulation, "alice", "NEO", "12345678901234567890.123456789012345678")
    after = accounts.withdraw(simulation, "alice", "NEO", "12345678901234567890.123456789012345677")
    assert after["balances"]["spot"]["NEO"]["total"] == "0.000000000000000001"


def test_held_money_cannot_be_taken_away(simulation: Simulation, unchanged) -> None:
    orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000", qty="1.5")
    with unchanged(), pytest.raises(RefusedError) as refused:
        accounts.withdraw(simulation, "alice", "BTC", "1")
    assert refused.value.reason is RejectReason.INSUFFICIENT_FUNDS


@pytest.mark.parametrize(("asset", "by"), [("BTC", "0"), ("BTC", "-1"), ("DOGE", "1")])
def test_a_deposit_that_makes_no_sense_changes_nothing(simulation: Simulation, unchanged, asset: str, by: str) -> None:
    with unchanged(), pytest.raises(OperatorError):
        accounts.deposit(simulation, "alice", asset, by)


def test_a_frozen_account_takes_no_orders_until_it_is_thawed(simulation: Simulation, unchanged) -> None:
    order = {"account": "alice", "symbol": "BTC-JPY", "side": "sell", "price": "5000000", "qty": "0.1"}
    assert accounts.set_frozen(simulation, "alice", frozen=True)["frozen"]
    with unchanged(), pytest.raises(RefusedError) as refused:
        orders.place(simulation, **order)
    assert refused.value.reason is RejectReason.ACCOUNT_FROZEN
    accounts.set_frozen(simulation, "alice", frozen=False)
    assert orders.place(simulation, **order)["status"] == "open"


def test_freezing_a_wallet_leaves_the_other_one_alone(simulation: Simulation) -> None:
    assert accounts.set_frozen(simulation, "alice", frozen=True, wallet="funding")["frozen_wallets"] == ["funding"]
    order = orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000", qty="0.1")
    assert order["status"] == "open"
    accounts.set_frozen(simulation, "alice", frozen=True, wallet="spot")
    with pytest.raises(RefusedError) as refused:
        orders.place(simulation, account="alice", symbol="BTC-JPY", side="sell", price="5000000", qty="0.1")
    assert refused.value.reason is RejectReason.WALLET_FROZEN


def test_a_key_freezes_thaws_and_goes(simulation: Simulation) -> None:
    key = keys.create_key(simulation, "alice", KeyRequest(name="second"))
    assert keys.set_frozen(simulation, "second", frozen=True)["frozen"]
    credential = simulation.desk.credentials.get(key["api_key"])
    assert credential is not None
    assert credential.frozen
    assert not keys.set_frozen(simulation, "second", frozen=False)["frozen"]
    assert keys.remove_key(simulation, "second") == key
    assert simulation.desk.credentials.get(key["api_key"]) is None
    with pytest.raises(NotFoundError, match="no key is called 'second'; there are alice, bob, viewer"):
        keys.remove_key(simulation, "second")
    assert [each["name"] for each in keys.list_keys(simulation, "alice")] == ["alice", "viewer"]


def test_a_coin_deposit_arrives_step_by_step_as_time_passes(simulation: Simulation) -> None:
    started = payments.start_deposit(simulation, account="alice", asset="BTC", amount="0.25", kind="coin", address="1abc")
    assert (started["status"], started["wallet"], started["kind"]) == ("waiting", "funding", "coin_deposit")
    assert "funding" not in accounts.get_account(simulation, "alice")["balances"]
    simulation.clock.advance(SECOND_NS)
    assert payments.get(simulation, started["payment_id"])["status"] == "processing"
    simulation.clock.advance(SECOND_NS)
    (arrived,) = payments.list_payments(simulation, "alice")
    assert (arrived["status"], arrived["address"]) == ("done", "1abc")
    assert accounts.get_account(simulation, "alice")["balances"]["funding"]["BTC"]["total"] == "0.25"
    assert invariants.violations(simulation.desk.exchange) == []


def test_a_payment_goes_the_way_that_it_is_told(simulation: Simulation, unchanged) -> None:
    payment_id = payments.start_deposit(simulation, account="alice", asset="JPY", amount="1000", kind="cash", wallet="spot")[
        "payment_id"
    ]
    assert payments.step(simulation, payment_id, "review")["status"] == "review"
    assert payments.step(simulation, payment_id, "fail")["status"] == "failed"
    assert payments.step(simulation, payment_id, "refund")["status"] == "refunded"
    with unchanged(), pytest.raises(RefusedError) as refused:
        payments.step(simulation, payment_id, "advance")
    assert refused.value.reason is RejectReason.PAYMENT_STEP_INVALID
    with unchanged(), pytest.raises(OperatorError, match="one of advance, review, cancel, fail, refund, not 'hurry'"):
        payments.step(simulation, payment_id, "hurry")


@pytest.mark.parametrize("payment_id", ["1", "x", "", "9" * 5_000])
def test_a_payment_that_does_not_exist_is_not_found(simulation: Simulation, payment_id: str) -> None:
    with pytest.raises(NotFoundError, match="has no payment"):
        payments.step(simulation, payment_id, "advance")
