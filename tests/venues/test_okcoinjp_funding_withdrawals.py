"""Requests for withdrawals of OKCoin Japan: what is accepted, what is refused and with which code (okj§7, §5.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from mockex.fixtures import load
from okcoinjp_funding_rig import ACCOUNT, Bench, assert_shape, chain_names

from mockex.core.commands import FreezeAccount
from mockex.core.payments import PaymentEvent
from mockex.core.units import Wallet
from mockex.venues.okcoinjp.chains import CHAINS, chain_named

DAY = 86_400
DOCUMENT_ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"


@pytest.fixture
def bench() -> Bench:
    return Bench()


# --- accepted


def test_withdrawal_answers_with_its_number_unquoted_and_holds_amount_and_fee(bench: Bench) -> None:
    reply = bench.withdraw(amount="0.1", fee="0.0005")
    assert reply.status == 200
    assert_shape("rest/withdrawal", reply.body)
    assert reply.body == {"amount": "0.1", "withdraw_id": 67_485, "currency": "BTC", "chain": "BTC", "result": True}
    assert bench.funds("BTC") == ("1000", "0.1005")


def test_the_documents_example_works_as_it_is_printed(bench: Bench) -> None:
    (example,) = load("okcoinjp", "rest/withdrawal")["requests"]
    assert example["body"]["to_address"] == DOCUMENT_ADDRESS
    reply = bench.post(example["path"], example["body"])
    assert (reply.status, reply.body["amount"]) == (200, "1")


def test_ccxts_default_destination_is_no_value_here_and_its_override_works(bench: Bench) -> None:
    calls = {call["id"]: call for call in load("okcoinjp", "thirdparty_requests")["calls"]}
    call = calls["thirdparty.ccxt.withdraw"]
    body = call["requests"][0]["body"]
    refused = bench.post(f"{ACCOUNT}/withdrawal", body)
    assert (refused.status, refused.code, refused.message) == (400, "30024", "Invalid type destination")
    assert bench.post(f"{ACCOUNT}/withdrawal", body | call["override"]).status == 200


def test_a_currency_with_several_chains_needs_the_chain_named(bench: Bench) -> None:
    first, second = chain_names("PLT")
    missing = bench.withdraw(currency="PLT", amount="1", fee="0.1", to_address=bench.own_address("PLT"))
    assert (missing.code, missing.message) == ("30023", "chain cannot be blank")
    for chain, fee in ((first, "0.1"), (second.lower(), "1")):
        address = bench.own_address("PLT", chain=first if chain == first else second)
        reply = bench.withdraw(currency="PLT", amount="1", fee=fee, to_address=address, chain=chain)
        assert reply.status == 200
    assert [row["chain"] for row in bench.rows("/withdrawal/history/plt")] == [second, first]


def test_an_address_with_a_tag_is_taken_apart(bench: Bench) -> None:
    text = bench.own_address("XRP")
    address, tag = text.split(":")
    assert bench.withdraw(currency="XRP", amount="5", fee="0.1", to_address=text).status == 200
    (row,) = bench.rows("/withdrawal/history/XRP")
    assert (row["to"], row["tag"]) == (address, tag)


def test_addresses_on_ethereum_match_in_any_case_and_those_of_bitcoin_only_as_verified(bench: Bench) -> None:
    eth = bench.own_address("ETH")
    assert bench.withdraw(currency="ETH", amount="0.1", fee="0.01", to_address=eth.lower()).status == 200
    assert bench.withdraw(to_address=DOCUMENT_ADDRESS.replace("D", "d")).code == "34021"


def test_an_address_that_the_operator_verified_can_be_used(bench: Bench) -> None:
    new = "39kK4XvgEuM7rX9frgyHoZkWqx4iKu1spD"
    assert bench.withdraw(to_address=new).code == "34021"
    bench.state.add_address("alice", CHAINS[0], new)
    assert bench.withdraw(to_address=new).status == 200
    assert bench.withdraw("bob", to_address=new).code == "34021", "only for that account"


# --- refused: the captured order

CAPTURED: list[tuple[dict[str, Any], str, str]] = [
    # Bodies and answers of a live sibling, except that an absent destination has a default here (okj§7).
    ({"destination": "x"}, "30025", "destination parameter format is error"),
    ({"destination": "500"}, "30025", "fee parameter format is error"),
    ({"destination": "500", "fee": "0.00000001"}, "30023", "to_address cannot be blank"),
    ({"destination": "500", "fee": "0.00000001", "to_address": "wrong"}, "30023", "tradePwd cannot be blank"),
    (
        {"destination": "500", "fee": "0.00000001", "to_address": "wrong", "tradePwd": "wrong"},
        "30023",
        "tradePwd cannot be blank",
    ),
    (
        {"destination": "500", "fee": "0.00000001", "to_address": "wrong", "trade_pwd": "wrong"},
        "30025",
        "amount parameter format is error",
    ),
    (
        {"destination": "500", "fee": "0.00000001", "to_address": "wrong", "trade_pwd": "wrong", "amount": "0.1"},
        "30023",
        "currency cannot be blank",
    ),
    (
        {
            "destination": "500",
            "fee": "0.00000001",
            "to_address": "wrong",
            "trade_pwd": "wrong",
            "amount": "0.1",
            "currency": "666",
        },
        "30031",
        "666 is an invalid token",
    ),
]


@pytest.mark.parametrize(("body", "code", "message"), CAPTURED)
def test_checks_come_in_the_captured_order(bench: Bench, body: dict[str, Any], code: str, message: str) -> None:
    reply = bench.post(f"{ACCOUNT}/withdrawal", body)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


def test_an_empty_address_book_is_told_before_anything_wrong_with_the_values(bench: Bench) -> None:
    bench.flag("address_book_empty")
    reply = bench.withdraw(destination="500", trade_pwd="wrong", to_address="wrong", fee="0.00000001")
    assert (reply.status, reply.code, reply.message) == (400, "34002", "Withdrawal address does not exist")


def test_an_address_book_that_the_operator_cleared_is_empty(bench: Bench) -> None:
    address = bench.own_address("BTC")
    bench.state.clear_address_book("alice")
    assert bench.withdraw(to_address=address).code == "34002"


def test_live_siblings_knew_no_other_answer_than_34002_for_an_unknown_address() -> None:
    bench = Bench(profile="observed")
    reply = bench.withdraw(destination="500", trade_pwd="wrong", to_address="wrong", fee="0.00000001")
    assert (reply.status, reply.code) == (400, "34002")
    assert bench.withdraw().status == 200
    assert bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0").status == 200


# --- refused: the values


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"trade_pwd": "654321"}, "34018", "Wrong funds password"),
        ({"to_address": "wrong"}, "34003", "BTC cannot be withdrawn to this address"),
        ({"to_address": "0xA41446125D0B5b6785f6898c9D67874D763A1519"}, "34003", "BTC cannot be withdrawn to this address"),
        ({"to_address": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}, "34021", "Verified address not found"),
        ({"amount": "1.000000001"}, "34064", "The smallest unit of the amount is 0.00000001"),
        ({"fee": "0.00051"}, "34063", "Too many decimals in the fee"),
        ({"fee": "0.0004"}, "34004", "BTC fee is below the minimum 0.0005"),
        ({"fee": "-1"}, "34004", "BTC fee is below the minimum 0.0005"),
        ({"fee": "0.0201"}, "34005", "BTC fee is above the maximum 0.02"),
        ({"amount": "0.00099999"}, "34006", "BTC amount is below the minimum 0.001"),
        ({"amount": "-1"}, "34006", "BTC amount is below the minimum 0.001"),
        ({"amount": "100.00000001"}, "34007", "BTC amount is above the single maximum 100"),
        ({"chain": "ETH"}, "30024", "Invalid type chain"),
        ({"currency": "JPY"}, "34036", "Parameters incorrect, see the documentation"),
        ({"destination": "68"}, "30024", "Invalid type destination"),
        ({"amount": {"much": 1}}, "30025", "amount parameter format is error"),
        ({"fee": "free"}, "30025", "fee parameter format is error"),
    ],
)
def test_withdrawal_refuses_a_bad_value(bench: Bench, changes: dict[str, Any], code: str, message: str) -> None:
    reply = bench.withdraw(**changes)
    assert (reply.status, reply.code, reply.message) == (400, code, message)
    assert bench.rows("/withdrawal/history") == []


@pytest.mark.parametrize("amount", ["0.001", "100"])
@pytest.mark.parametrize("fee", ["0.0005", "0.02"])
def test_the_ends_of_the_ranges_are_allowed(bench: Bench, amount: str, fee: str) -> None:
    assert bench.withdraw(amount=amount, fee=fee).status == 200


def test_an_address_of_another_chain_is_34003_even_when_it_is_verified(bench: Bench) -> None:
    assert bench.withdraw(to_address=bench.own_address("ETH")).code == "34003"


@pytest.mark.parametrize("spoil", [lambda text: text.split(":")[0], lambda text: f"{text}x", lambda text: f"{text}:1"])
def test_a_missing_or_malformed_tag_is_34003(bench: Bench, spoil: Any) -> None:
    reply = bench.withdraw(currency="XRP", amount="5", fee="0.1", to_address=spoil(bench.own_address("XRP")))
    assert (reply.code, reply.message) == ("34003", "XRP cannot be withdrawn to this address")


def test_another_tag_at_a_verified_address_is_34021(bench: Bench) -> None:
    address = bench.own_address("XRP").split(":")[0]
    assert bench.withdraw(currency="XRP", amount="5", fee="0.1", to_address=f"{address}:7").code == "34021"


@pytest.mark.parametrize("amount", ["0.5", "1.5", "0", "-1"])
def test_neo_leaves_in_whole_units_only(bench: Bench, amount: str) -> None:
    refused = bench.withdraw(currency="NEO", amount=amount, fee="0", to_address=bench.own_address("NEO"))
    assert refused.code == "34012"
    assert refused.message == "The minimum withdrawal of NEO is 1, and it must be a whole number"
    assert bench.withdraw(currency="NEO", amount="1", fee="0", to_address=bench.own_address("NEO")).status == 200


def test_the_fee_comes_on_top_of_the_amount(bench: Bench) -> None:
    address = bench.own_address("ETH")
    refused = bench.withdraw(currency="ETH", amount="9.9901", fee="0.01", to_address=address)
    assert (refused.code, refused.message) == ("34008", "Insufficient funds")
    assert bench.withdraw(currency="ETH", amount="9.99", fee="0.01", to_address=address).status == 200
    assert bench.funds("ETH") == ("10", "10")


def test_a_refused_withdrawal_leaves_no_new_currency_in_the_wallet(bench: Bench) -> None:
    assert bench.withdraw("bob", to_address=bench.own_address("BTC", who="bob")).code == "34008"
    assert bench.rows("/wallet", who="bob") == []


def test_a_frozen_funding_wallet_is_34016(bench: Bench) -> None:
    bench.execute(FreezeAccount(account_id="alice", frozen=True, wallet=Wallet.FUNDING))
    assert bench.withdraw().code == "34016"
    assert bench.withdraw_cash().code == "34016"


# --- conditions of the account

CONDITIONS = [
    ("user_frozen", "34017"),
    ("withdrawals_frozen", "34001"),
    ("api_withdrawals_off", "34060"),
    ("kyc_incomplete", "34011"),
    ("no_email", "34019"),
    ("no_funds_password", "34020"),
    ("limits_changed", "34062"),
]


@pytest.mark.parametrize(("flag", "code"), CONDITIONS)
def test_an_accounts_condition_refuses_both_kinds_of_withdrawal(bench: Bench, flag: str, code: str) -> None:
    bench.flag(flag)
    assert bench.withdraw(trade_pwd="wrong").code == code, "before the password"
    assert bench.withdraw_cash(trade_pwd="wrong").code == code


def test_transfers_may_be_restricted_without_withdrawals(bench: Bench) -> None:
    bench.flag("transfer_restricted")
    assert bench.withdraw().status == 200


def test_the_funds_password_can_be_changed_and_taken_away(bench: Bench) -> None:
    bench.state.set_funds_password("alice", "secret")
    assert bench.withdraw().code == "34018"
    assert bench.withdraw(trade_pwd="secret").status == 200
    bench.state.set_funds_password("alice", None)
    assert bench.withdraw(trade_pwd="secret").code == "34020"


def test_a_funds_password_sent_as_a_number_is_its_digits(bench: Bench) -> None:
    assert bench.withdraw(trade_pwd=123456).status == 200


def test_after_a_change_of_limits_nothing_leaves_for_a_while(bench: Bench) -> None:
    bench.state.change_daily_limit("alice", "BTC", Decimal(7))
    refused = bench.withdraw()
    assert (refused.code, refused.message) == ("34062", "No withdrawal within 60 minutes after changing limits")
    assert bench.withdraw_cash().code == "34062"
    bench.wait(3_599)
    assert bench.withdraw().code == "34062"
    bench.wait(1)
    assert bench.withdraw().status == 200


# --- the daily limit


def test_withdrawals_of_24_hours_add_up_to_the_limit_and_no_further(bench: Bench) -> None:
    for _ in range(5):
        assert bench.withdraw(amount="100").status == 200
    refused = bench.withdraw(amount="0.001")
    assert (refused.status, refused.code, refused.message) == (400, "34009", "24-hour withdrawal limit exceeded")
    assert bench.withdraw(currency="ETH", amount="1", fee="0.01", to_address=bench.own_address("ETH")).status == 200


def test_the_daily_limit_rolls_and_does_not_wait_for_midnight(bench: Bench) -> None:
    bench.state.change_daily_limit("alice", "BTC", Decimal(100))
    bench.wait(3_600)
    assert bench.withdraw(amount="60").status == 200
    bench.wait(3_600)
    assert bench.withdraw(amount="40").status == 200
    bench.wait(DAY - 3_601)
    assert bench.withdraw(amount="60").code == "34009"
    bench.wait(1)
    assert bench.withdraw(amount="60.00000001").code == "34009"
    assert bench.withdraw(amount="60").status == 200


def test_a_cancelled_withdrawal_gives_its_room_under_the_limit_back(bench: Bench) -> None:
    bench.state.change_daily_limit("alice", "BTC", Decimal(1))
    bench.wait(3_600)
    first = bench.withdraw(amount="1").body["withdraw_id"]
    assert bench.withdraw(amount="1").code == "34009"
    bench.step(first, PaymentEvent.CANCEL)
    assert bench.withdraw(amount="1").status == 200


# --- declarations


def test_declarations_are_not_asked_for_unless_switched_on(bench: Bench) -> None:
    assert bench.withdraw(reason="13", usage_agreement="0").status == 200


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({}, "30023", "usage_agreement cannot be blank"),
        ({"usage_agreement": "0", "reason": "1"}, "30024", "Invalid type usage_agreement"),
        ({"usage_agreement": "1"}, "30023", "reason cannot be blank"),
        ({"usage_agreement": "1", "reason": "13"}, "30024", "Invalid type reason"),
        ({"usage_agreement": "1", "reason": "0"}, "30024", "Invalid type reason"),
    ],
)
def test_declarations_are_checked_when_switched_on(changes: dict[str, str], code: str, message: str) -> None:
    bench = Bench(require_reason=True)
    reply = bench.withdraw(**changes)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


def test_every_documented_reason_is_taken() -> None:
    bench = Bench(require_reason=True)
    for reason in load("okcoinjp", "states")["withdrawal_reasons"]["values"]:
        assert bench.withdraw(amount="0.001", usage_agreement=1, reason=reason["value"]).status == 200


# --- to another user


def test_a_withdrawal_to_another_users_email_is_free_and_needs_no_chain_address(bench: Bench) -> None:
    reply = bench.withdraw(destination="5", to_address=bench.email("bob").upper(), fee="0", amount="2")
    assert reply.status == 200
    assert_shape("rest/withdrawal", reply.body)


@pytest.mark.parametrize(("fee", "code"), [("0.0001", "34005"), ("-0.0001", "34004")])
def test_a_fee_between_users_must_be_zero(bench: Bench, fee: str, code: str) -> None:
    assert bench.withdraw(destination="5", to_address=bench.email("bob"), fee=fee).code == code


def test_nobody_with_that_email_is_34021(bench: Bench) -> None:
    for text in ("nobody@example.com", bench.email("alice"), bench.own_address("BTC")):
        assert bench.withdraw(destination="5", to_address=text, fee="0").code == "34021"
    bench.flag("no_email", "bob")
    assert bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0").code == "34021"


def test_an_email_is_no_address_on_a_chain(bench: Bench) -> None:
    assert bench.withdraw(destination="-1", to_address=bench.email("bob")).code == "34003"


def test_another_user_who_is_frozen_receives_nothing(bench: Bench) -> None:
    bench.flag("user_frozen", "bob")
    assert bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0").code == "34017"
    bench.desk.account_flags.clear()
    bench.execute(FreezeAccount(account_id="bob", frozen=True))
    assert bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0").code == "34017"


# --- yen


def test_yen_withdrawal_answers_with_its_number_unquoted_and_holds_the_fee_too(bench: Bench) -> None:
    (example,) = load("okcoinjp", "rest/jpy_withdrawal")["requests"]
    reply = bench.post(example["path"], example["body"])
    assert_shape("rest/jpy_withdrawal", reply.body)
    assert reply.body == {"amount": "10000", "withdraw_id": 67_485, "result": True}
    assert bench.funds("JPY") == ("100000000", "10400")


def test_yen_withdrawal_takes_the_bank_card_of_newer_sdks(bench: Bench) -> None:
    assert bench.withdraw_cash(bank_card_id="1").status == 200


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"trade_pwd": None}, "30023", "tradePwd cannot be blank"),
        ({"amount": None}, "30025", "amount parameter format is error"),
        ({"amount": ""}, "30025", "amount parameter format is error"),
        ({"trade_pwd": "wrong"}, "34018", "Wrong funds password"),
        ({"amount": "10000.5"}, "34064", "The smallest unit of the amount is 1"),
        ({"amount": "999"}, "34006", "JPY amount is below the minimum 1000"),
        ({"amount": "10000001"}, "34007", "JPY amount is above the single maximum 10000000"),
    ],
)
def test_yen_withdrawal_refuses_a_bad_value(bench: Bench, changes: dict[str, Any], code: str, message: str) -> None:
    reply = bench.withdraw_cash(**changes)
    assert (reply.status, reply.code, reply.message) == (400, code, message)
    assert bench.rows("/jpyWithdrawal/history") == []


def test_yen_withdrawals_can_be_suspended_for_everybody(bench: Bench) -> None:
    bench.desk.flags.add("cash_withdrawals_off")
    reply = bench.withdraw_cash()
    assert (reply.status, reply.code, reply.message) == (400, "34061", "JPY withdrawals are suspended")
    assert bench.withdraw().status == 200, "coins still leave"


def test_yen_withdrawals_have_a_daily_limit_and_need_funds(bench: Bench) -> None:
    for _ in range(5):
        assert bench.withdraw_cash(amount="10000000").status == 200
    assert bench.withdraw_cash(amount="1000").code == "34009"
    assert bench.withdraw_cash("bob").code == "34008"


# --- limits


def test_withdrawals_are_limited_whether_they_succeed_or_not() -> None:
    bench = Bench(limits=True)
    assert bench.withdraw(trade_pwd="wrong").code == "34018"
    refused = bench.withdraw()
    assert (refused.status, refused.code) == (429, "30026")
    bench.wait(10)
    assert bench.withdraw().status == 200
    assert bench.withdraw_cash().status == 200
    bench.wait(119)
    assert bench.withdraw_cash().status == 429
    bench.wait(1)
    assert bench.withdraw_cash().status == 200


def test_the_verified_addresses_cover_every_chain(bench: Bench) -> None:
    for chain in CHAINS:
        text = bench.own_address(chain.asset, chain=chain.name)
        assert chain.split_address(text) is not None
        assert chain_named(chain.asset, chain.name) is chain
