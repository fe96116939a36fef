"""Transfers between the funding and the spot account of OKCoin Japan (okj§7, §4)."""

from __future__ import annotations

from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_funding_rig import ACCOUNT, Bench, assert_shape

from mockex.core.commands import FreezeAccount
from mockex.core.units import Wallet


@pytest.fixture
def bench() -> Bench:
    return Bench()


def _spot(bench: Bench, asset: str, who: str = "alice") -> str:
    rows = bench.get("/api/spot/v3/accounts", who=who).body
    return next((row["balance"] for row in rows if row["currency"] == asset), "0")


def test_transfer_moves_money_at_once_and_answers_with_every_field(bench: Bench) -> None:
    reply = bench.transfer(amount="1.5")
    assert reply.status == 200
    assert_shape("rest/transfer", reply.body)
    assert reply.body == {
        "transfer_id": "754147",
        "currency": "BTC",
        "from": "6",
        "amount": "1.5",
        "to": "1",
        "result": True,
    }
    assert (bench.funds("BTC"), _spot(bench, "BTC")) == (("998.5", "0"), "2")


def test_the_documents_example_with_a_json_number_and_a_lower_case_currency_works(bench: Bench) -> None:
    (example,) = load("okcoinjp", "rest/transfer")["requests"]
    reply = bench.post(example["path"], example["body"])
    assert (reply.status, reply.body["currency"], reply.body["amount"]) == (200, "BTC", "1.5")


def test_what_ccxt_sends_works_with_its_extra_type(bench: Bench) -> None:
    calls = {call["id"]: call for call in load("okcoinjp", "thirdparty_requests")["calls"]}
    (request,) = calls["thirdparty.ccxt.transfer"]["requests"]
    assert request["body"]["type"] == "0"
    assert bench.post(request["path"], request["body"]).status == 200


def test_transfer_back_to_funding_uses_the_other_direction(bench: Bench) -> None:
    assert bench.transfer(amount="0.5", **{"from": "1", "to": "6"}).status == 200
    assert (bench.funds("BTC"), _spot(bench, "BTC")) == (("1000.5", "0"), "0")


CAPTURED: list[tuple[dict[str, Any], str, str]] = [
    # Bodies and answers of a live sibling, in the order in which its probes walked through the checks.
    ({}, "30025", "from parameter format is error"),
    ({"from": ""}, "30025", "from parameter format is error"),
    ({"from": "wrong"}, "30025", "from parameter format is error"),
    ({"from": "666"}, "30025", "to parameter format is error"),
    ({"from": "666", "to": "888"}, "30025", "amount parameter format is error"),
    ({"from": "666", "to": "888", "amount": "0.1"}, "30023", "currency cannot be blank"),
    ({"from": "666", "to": "888", "amount": "0.1", "currency": "eth"}, "30024", "Invalid type from"),
    ({"from": "6", "to": "888", "amount": "0.1", "currency": "eth"}, "30024", "Invalid type to"),
    ({"from": "6", "to": "1", "amount": "1000", "currency": "eth"}, "34008", "Insufficient funds"),
]


@pytest.mark.parametrize(("body", "code", "message"), CAPTURED)
def test_checks_come_in_the_captured_order(bench: Bench, body: dict[str, Any], code: str, message: str) -> None:
    reply = bench.post(f"{ACCOUNT}/transfer", body)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"currency": "catfood"}, "30031", "catfood is an invalid token"),
        ({"amount": "0"}, "34010", "Transfer amount must exceed 0"),
        ({"amount": "-1"}, "34010", "Transfer amount must exceed 0"),
        ({"amount": "lots"}, "30025", "amount parameter format is error"),
        ({"amount": "NaN"}, "30025", "amount parameter format is error"),
        ({"amount": ["1"]}, "30025", "amount parameter format is error"),
        ({"amount": "0.000000001"}, "34064", "The smallest unit of the amount is 0.00000001"),
        ({"amount": "1e-9"}, "34064", "The smallest unit of the amount is 0.00000001"),
        ({"from": "3"}, "34037", "Account type not supported"),
        ({"to": "12"}, "34037", "Account type not supported"),
        ({"from": "1", "to": "1", "amount": "0.1"}, "34036", "Parameters incorrect, see the documentation"),
        ({"from": True}, "30025", "from parameter format is error"),
        ({"currency": ["BTC"]}, "30025", "currency parameter format is error"),
    ],
)
def test_transfer_refuses_a_bad_value(bench: Bench, changes: dict[str, Any], code: str, message: str) -> None:
    reply = bench.transfer(**changes)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


def test_unknown_currency_is_told_before_an_amount_of_zero(bench: Bench) -> None:
    assert bench.transfer(currency="catfood", amount="0").code == "30031"


def test_all_that_is_available_can_be_moved_and_no_atom_more(bench: Bench) -> None:
    assert bench.transfer(amount="1000.00000001").code == "34008"
    assert bench.transfer(amount="1000").status == 200
    assert bench.funds("BTC") == ("0", "0")


def test_held_money_cannot_be_moved(bench: Bench) -> None:
    bench.withdraw(amount="100", fee="0.0005")
    assert bench.transfer(amount="899.9996").code == "34008"
    assert bench.transfer(amount="899.9995").status == 200


def test_a_refused_transfer_leaves_no_new_currency_in_the_wallet(bench: Bench) -> None:
    assert bench.transfer("bob", currency="ETH", amount="1").code == "34008"
    assert bench.rows("/wallet", who="bob") == []


@pytest.mark.parametrize("wallet", [Wallet.FUNDING, Wallet.SPOT])
def test_a_frozen_source_or_target_is_34016(bench: Bench, wallet: Wallet) -> None:
    bench.execute(FreezeAccount(account_id="alice", frozen=True, wallet=wallet))
    assert bench.transfer().code == "34016"


@pytest.mark.parametrize(
    ("flag", "code"), [("user_frozen", "34017"), ("transfer_restricted", "34014"), ("kyc_incomplete", "34011")]
)
def test_an_accounts_condition_refuses_its_transfers(bench: Bench, flag: str, code: str) -> None:
    bench.flag(flag)
    assert bench.transfer().code == code
    assert bench.transfer("bob").code == "34008", "only that account"


def test_a_second_transfer_of_one_currency_within_two_seconds_is_34026() -> None:
    bench = Bench(limits=True)
    assert bench.transfer(amount="1").status == 200
    refused = bench.transfer(amount="1")
    assert (refused.status, refused.code, refused.message) == (400, "34026", "Transfers too frequent")
    assert bench.transfer(currency="ETH", amount="1").status == 200, "each currency counts apart"
    assert bench.transfer("bob", amount="1").code == "34008", "each user counts apart"
    bench.wait(2)
    assert bench.transfer(amount="1").status == 200


def test_a_transfer_with_bad_parameters_does_not_count() -> None:
    bench = Bench(limits=True)
    for changes in ({"amount": "0"}, {"from": "666"}, {"currency": ""}):
        assert bench.transfer(**changes).status == 400
    assert bench.transfer().status == 200
