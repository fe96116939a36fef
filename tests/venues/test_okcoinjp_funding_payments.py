"""How deposits and withdrawals of OKCoin Japan move on, and what their histories show meanwhile (okj§7)."""

from __future__ import annotations

import re

import pytest
from mockex.fixtures import load
from okcoinjp_funding_rig import Bench, assert_shape

from mockex.core.payments import PaymentEvent, PaymentKind

_PROGRESS = {row["id"]: row for row in load("okcoinjp", "states")["progressions"]["rows"]}
HEX_TXID = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def bench() -> Bench:
    return Bench()


def _statuses(bench: Bench, path: str, *, steps: int) -> list[str]:
    """The newest row's status now and after each of some seconds."""
    seen = [bench.rows(path)[0]["status"]]
    for _ in range(steps):
        bench.wait()
        seen.append(bench.rows(path)[0]["status"])
    return seen


# --- coins out


def test_a_coin_withdrawal_goes_through_its_states_one_second_each(bench: Bench) -> None:
    bench.withdraw()
    path = _PROGRESS["states.progress.coin_withdrawal"]["path"]
    assert _statuses(bench, "/withdrawal/history", steps=3) == [*path, path[-1]]


def test_a_coin_withdrawal_is_booked_only_when_it_is_done(bench: Bench) -> None:
    bench.withdraw(amount="1", fee="0.0005")
    assert bench.funds("BTC") == ("1000", "1.0005")
    bench.wait()
    assert bench.funds("BTC") == ("1000", "1.0005")
    assert bench.rows("/ledger", "type=2") == []
    bench.wait()
    assert bench.funds("BTC") == ("998.9995", "0")
    assert [row["amount"] for row in bench.rows("/ledger", "type=2")] == ["-1"]


def test_a_coin_withdrawals_row_has_the_documented_fields(bench: Bench) -> None:
    number = bench.withdraw(amount="0.094", fee="0.0005").body["withdraw_id"]
    bench.wait()
    rows = bench.rows("/withdrawal/history")
    assert_shape("rest/withdrawal_history", rows)
    (row,) = rows
    assert HEX_TXID.fullmatch(row.pop("txid"))
    assert row == {
        "withdraw_id": str(number),
        "currency": "BTC",
        "chain": "BTC",
        "amount": "0.094",
        "fee": "0.00050000btc",
        "from": bench.email("alice"),
        "to": bench.own_address("BTC"),
        "timestamp": "2024-02-15T03:04:05.000Z",
        "status": "2",
    }


def test_the_fee_text_is_the_documents(bench: Bench) -> None:
    bench.withdraw(currency="ETH", amount="0.094", fee="0.01", to_address=bench.own_address("ETH"))
    assert bench.rows("/withdrawal/history")[0]["fee"] == "0.01000000eth"


def test_a_withdrawal_gets_its_txid_when_it_is_sent_and_keeps_it(bench: Bench) -> None:
    bench.withdraw(currency="ETH", amount="1", fee="0.01", to_address=bench.own_address("ETH"))
    seen = []
    for _ in range(3):
        seen.append(bench.rows("/withdrawal/history")[0]["txid"])
        bench.wait()
    assert seen[0] == ""
    assert re.fullmatch("0x[0-9a-f]{64}", seen[1])
    assert seen[2] == seen[1]


def test_two_withdrawals_have_different_txids_and_a_second_world_the_same_ones() -> None:
    txids = []
    for _ in range(2):
        bench = Bench()
        bench.withdraw()
        bench.withdraw()
        bench.wait()
        txids.append([row["txid"] for row in bench.rows("/withdrawal/history")])
    assert txids[0] == txids[1]
    assert len(set(txids[0])) == 2


@pytest.mark.parametrize("reason", ["12", "99"])
def test_slow_reasons_are_reviewed_first(bench: Bench, reason: str) -> None:
    bench.withdraw(reason=reason)
    path = _PROGRESS["states.progress.coin_withdrawal"]["with_review"]
    assert _statuses(bench, "/withdrawal/history", steps=3) == path


def test_a_cancelled_withdrawal_gives_its_hold_back_and_leaves_an_entry(bench: Bench) -> None:
    number = bench.withdraw().body["withdraw_id"]
    bench.step(number, PaymentEvent.CANCEL)
    path = _PROGRESS["states.progress.coin_withdrawal_cancel"]["path"]
    assert _statuses(bench, "/withdrawal/history", steps=1) == path[1:]
    assert bench.funds("BTC") == ("1000", "0")
    (row,) = bench.rows("/ledger", "type=13")
    assert (row["type"], row["amount"], row["balance"]) == ("Cancel withdrawal", "0", "1000")
    assert bench.rows("/withdrawal/history")[0]["txid"] == ""


def test_a_failed_withdrawal_is_refunded_a_step_later(bench: Bench) -> None:
    number = bench.withdraw().body["withdraw_id"]
    bench.wait()
    bench.step(number, PaymentEvent.FAIL)
    assert bench.funds("BTC")[1] == "1.0005"
    path = _PROGRESS["states.progress.coin_withdrawal_failure"]["path"]
    assert _statuses(bench, "/withdrawal/history", steps=1) == path
    assert bench.funds("BTC") == ("1000", "0")


def test_histories_of_one_currency_leave_the_others_out(bench: Bench) -> None:
    bench.withdraw()
    bench.withdraw(currency="ETH", amount="1", fee="0.01", to_address=bench.own_address("ETH"))
    assert [row["currency"] for row in bench.rows("/withdrawal/history")] == ["ETH", "BTC"]
    rows = bench.rows("/withdrawal/history/btc")
    assert_shape("rest/withdrawal_history_currency", rows)
    assert [row["currency"] for row in rows] == ["BTC"]


def test_histories_show_the_newest_hundred_of_their_own_account_and_kind(bench: Bench) -> None:
    for _ in range(101):
        bench.withdraw(amount="0.001")
    bench.withdraw_cash()
    bench.deposit("BTC", "1")
    rows = bench.rows("/withdrawal/history")
    assert [int(row["withdraw_id"]) for row in rows] == list(range(67_585, 67_485, -1))
    assert bench.rows("/withdrawal/history", who="bob") == []
    assert len(bench.rows("/jpyWithdrawal/history")) == 1
    assert len(bench.rows("/deposit/history")) == 1


# --- between users


def test_money_for_another_user_arrives_in_one_step_with_a_deposit_at_the_other_end(bench: Bench) -> None:
    bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0", amount="2")
    assert bench.rows("/deposit/history", who="bob") == []
    path = _PROGRESS["states.progress.internal_transfer"]["path"]
    assert _statuses(bench, "/withdrawal/history", steps=1) == path
    assert (bench.funds("BTC"), bench.funds("BTC", "bob")) == (("998", "0"), ("2", "0"))
    assert [row["type"] for row in bench.rows("/ledger", who="bob")] == ["Deposit"]


def test_a_row_between_users_shows_accounts_and_no_txid(bench: Bench) -> None:
    bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0", amount="2")
    bench.wait()
    rows = bench.rows("/withdrawal/history")
    assert_shape("rest/withdrawal_history", rows)
    (row,) = rows
    assert "txid" not in row
    assert (row["from"], row["to"], row["fee"]) == (bench.email("alice"), bench.email("bob"), "0.00000000btc")


def test_a_deposit_from_another_user_has_no_address_and_a_txid_that_says_so(bench: Bench) -> None:
    bench.withdraw(destination="5", to_address=bench.email("bob"), fee="0", amount="2")
    bench.wait()
    rows = bench.rows("/deposit/history", who="bob")
    assert_shape("rest/deposit_history", rows)
    (row,) = rows
    published = load("okcoinjp", "rest/deposit_history")["responses"][0]["body"][0]
    assert published["txid"] == "1915737_3_0_0_WALLET"
    assert (row["to"], row["txid"], row["status"]) == (published["to"], f"{row['deposit_id']}_3_0_0_WALLET", "4")


# --- coins in


def test_a_coin_deposit_is_credited_at_its_last_state(bench: Bench) -> None:
    bench.deposit("BTC", "0.5")
    path = _PROGRESS["states.progress.coin_deposit"]["path"]
    seen = [bench.rows("/deposit/history")[0]["status"]]
    for _ in path[1:]:
        assert bench.funds("BTC") == ("1000", "0")
        assert bench.rows("/ledger", "type=1") == []
        bench.wait()
        seen.append(bench.rows("/deposit/history")[0]["status"])
    assert seen == path
    assert bench.funds("BTC") == ("1000.5", "0")
    assert [row["amount"] for row in bench.rows("/ledger", "type=1")] == ["0.5"]


def test_a_reviewed_deposit_shows_its_review_before_it_is_done(bench: Bench) -> None:
    bench.deposit("BTC", "0.5", needs_review=True)
    path = _PROGRESS["states.progress.coin_deposit"]["with_review"]
    assert _statuses(bench, "/deposit/history", steps=3) == path


def test_a_failed_deposit_is_never_credited(bench: Bench) -> None:
    payment = bench.deposit("BTC", "0.5")
    bench.step(payment.payment_id, PaymentEvent.FAIL)
    assert _statuses(bench, "/deposit/history", steps=2) == ["7", "7", "7"]
    assert bench.funds("BTC") == ("1000", "0")
    bench.step(payment.payment_id, PaymentEvent.REFUND)
    assert bench.rows("/deposit/history")[0]["status"] == "7"


def test_a_deposit_has_its_txid_from_the_start_and_comes_to_the_current_address(bench: Bench) -> None:
    bench.deposit("BTC", "0.5")
    rows = bench.rows("/deposit/history/btc")
    assert_shape("rest/deposit_history_currency", rows)
    (row,) = rows
    assert HEX_TXID.fullmatch(row["txid"])
    assert row["to"] == bench.rows("/deposit/address", "currency=BTC")[0]["address"]
    assert (row["chain"], row["timestamp"]) == ("BTC", "2024-02-15T03:04:05.000Z")
    bench.wait(2)
    (done,) = bench.rows("/deposit/history/btc")
    assert done["txid"] == row["txid"]
    assert done["timestamp"] == "2024-02-15T03:04:07.000Z", "when the money arrived"


def test_a_deposit_shows_the_address_chain_and_tag_that_it_came_with(bench: Bench) -> None:
    bench.deposit("PLT", "5", chain="Ethereum(ePLT)", address="0xA41446125D0B5b6785f6898c9D67874D763A1519")
    bench.deposit("XRP", "5", address="rExample", tag="77")
    bench.deposit("XRP", "6")
    own = bench.rows("/deposit/address", "currency=XRP")[0]
    rows = bench.rows("/deposit/history")
    assert [(row["to"], row.get("tag")) for row in rows[:2]] == [(own["address"], own["tag"]), ("rExample", "77")]
    assert (rows[2]["chain"], rows[2]["to"]) == ("Ethereum(ePLT)", "0xA41446125D0B5b6785f6898c9D67874D763A1519")
    assert "tag" not in rows[2]
    assert re.fullmatch("0x[0-9a-f]{64}", rows[2]["txid"])
    assert re.fullmatch("[0-9A-F]{64}", rows[1]["txid"])


# --- yen


def test_a_yen_withdrawal_goes_through_its_states(bench: Bench) -> None:
    bench.withdraw_cash()
    rows = bench.rows("/jpyWithdrawal/history")
    assert_shape("rest/jpy_withdrawal_history", rows)
    assert rows == [{"amount": "10000", "fee": "400", "status": "1", "timestamp": "2024-02-15T03:04:05.678Z"}]
    path = _PROGRESS["states.progress.jpy_withdrawal"]["path"]
    assert _statuses(bench, "/jpyWithdrawal/history", steps=2) == path
    assert bench.funds("JPY") == ("99989600", "0")


def test_a_yen_withdrawal_that_fails_after_it_was_sent_shows_9_and_gives_the_money_back(bench: Bench) -> None:
    number = bench.withdraw_cash().body["withdraw_id"]
    bench.wait()
    bench.step(number, PaymentEvent.FAIL)
    assert _statuses(bench, "/jpyWithdrawal/history", steps=1) == ["9", "9"]
    assert bench.funds("JPY") == ("100000000", "0")


def test_a_yen_withdrawal_can_be_cancelled_or_come_back_from_the_bank(bench: Bench) -> None:
    progress = _PROGRESS["states.progress.jpy_withdrawal"]
    for event, path in ((PaymentEvent.CANCEL, progress["cancel"]), (PaymentEvent.FAIL, progress["bad_bank_data"])):
        number = bench.withdraw_cash().body["withdraw_id"]
        bench.step(number, event)
        assert _statuses(bench, "/jpyWithdrawal/history", steps=1) == path
        assert bench.funds("JPY") == ("100000000", "0")


def test_a_yen_deposit_goes_through_its_states_and_is_credited_at_the_last(bench: Bench) -> None:
    bench.deposit("JPY", "7800", kind=PaymentKind.CASH_DEPOSIT)
    rows = bench.rows("/jpyDeposit/history")
    assert_shape("rest/jpy_deposit_history", rows)
    assert rows == [{"amount": "7800", "status": "1", "timestamp": "2024-02-15T03:04:05.678Z"}]
    path = _PROGRESS["states.progress.jpy_deposit"]["path"]
    assert _statuses(bench, "/jpyDeposit/history", steps=2) == path
    assert bench.funds("JPY") == ("100007800", "0")
    assert bench.rows("/deposit/history") == []


def test_a_yen_deposit_can_be_refunded(bench: Bench) -> None:
    payment = bench.deposit("JPY", "7800", kind=PaymentKind.CASH_DEPOSIT)
    bench.step(payment.payment_id, PaymentEvent.REFUND)
    assert bench.rows("/jpyDeposit/history")[0]["status"] == _PROGRESS["states.progress.jpy_deposit"]["refunded"]
    bench.wait(5)
    assert bench.funds("JPY") == ("100000000", "0")


# --- the numbers of before 2023-11-22


def test_legacy_numbers_of_a_coin_withdrawal() -> None:
    bench = Bench(legacy_status=True)
    bench.withdraw(reason="12")
    assert _statuses(bench, "/withdrawal/history", steps=3) == ["0", "4", "1", "2"]
    for event, path in ((PaymentEvent.CANCEL, ["-3", "-2"]), (PaymentEvent.FAIL, ["-1", "-4"])):
        bench.step(bench.withdraw().body["withdraw_id"], event)
        assert _statuses(bench, "/withdrawal/history", steps=1) == path


def test_legacy_numbers_of_a_coin_deposit() -> None:
    bench = Bench(legacy_status=True)
    bench.deposit("BTC", "1")
    assert _statuses(bench, "/deposit/history", steps=2) == ["0", "1", "2"]


def test_legacy_numbers_of_yen() -> None:
    bench = Bench(legacy_status=True)
    bench.withdraw_cash()
    assert _statuses(bench, "/jpyWithdrawal/history", steps=2) == ["0", "0", "3"]
    for event, path in ((PaymentEvent.CANCEL, ["0", "-3"]), (PaymentEvent.FAIL, ["-2", "-5"])):
        bench.step(bench.withdraw_cash().body["withdraw_id"], event)
        assert _statuses(bench, "/jpyWithdrawal/history", steps=1) == path
    payment = bench.deposit("JPY", "7800", kind=PaymentKind.CASH_DEPOSIT)
    assert _statuses(bench, "/jpyDeposit/history", steps=2) == ["0", "0", "3"]
    payment = bench.deposit("JPY", "7800", kind=PaymentKind.CASH_DEPOSIT)
    bench.step(payment.payment_id, PaymentEvent.REFUND)
    assert bench.rows("/jpyDeposit/history")[0]["status"] == "-3"
