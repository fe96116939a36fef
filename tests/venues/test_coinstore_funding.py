"""Addresses, deposits, withdrawals and transfers: who may, how much it costs, and each state on the virtual clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from coinstore_support import DAY, SECOND, Bench, Reply

from mockex.core.commands import StartPayment, StepPayment
from mockex.core.events import PaymentChanged
from mockex.core.payments import PaymentEvent, PaymentKind
from mockex.core.units import Wallet
from mockex.venues.coinstore import VENUE

ADDRESS = "/api/fi/v3/asset/deposit/do"
DEPOSITS = "/api/fi/v3/asset/deposit/record/list"
WITHDRAWALS = "/api/fi/v3/asset/withdraw/record/list"
WITHDRAW = "/api/fi/v3/asset/doWithdraw"
CANCEL = "/api/fi/v3/asset/cancelWithdraw"
TRANSFER = "/api/v1/future/transfer"
FIELD = (101040502, "request field missing")
CURRENCY = (101040502, "unsupported currency")
AMOUNT = (102150400, "amount error")
FUNDS = (102150808, "insufficient balance")
SUB = (6001, "sub-user-operator-business-error")
ATOMS = 10**18


def act(bench: Bench, name: str, who: str = "alice", **arguments: str) -> Any:
    """What an operator does to an account."""
    return VENUE.account_actions[name].run(bench.desk, who, arguments)


def freed(bench: Bench, currency: str, chain: str, who: str = "alice") -> dict[str, str]:
    """An address that the account may withdraw to."""
    rows = act(bench, "show_addresses", who)["withdrawal_addresses"]
    found = next(row for row in rows if (row["currency"], row["chain"]) == (currency, chain))
    assert isinstance(found, dict)
    return found


def withdraw(bench: Bench, amount: str = "100", *, who: str = "alice", **changes: Any) -> Reply:
    """Of USDT on TRX, to a free address, unless `changes` say otherwise."""
    body = {
        "currencyCode": "USDT", "amount": amount, "address": freed(bench, "USDT", "TRX", who)["address"], "chainType": "trc20",
        **changes,
    }  # fmt: skip
    return bench.write(WITHDRAW, {name: value for name, value in body.items() if value is not None}, who=who)


def deposit(bench: Bench, amount: int = 5, asset: str = "USDT", chain: str = "TRX", **more: Any) -> int:
    """What comes in from outside, which an operator starts. Its id."""
    (first, *_) = bench.desk.execute(
        StartPayment(
            account_id="alice", kind=PaymentKind.COIN_DEPOSIT, asset=asset, amount=amount * ATOMS, wallet=Wallet.SPOT,
            chain=chain, **more,
        )
    )  # fmt: skip
    assert isinstance(first, PaymentChanged)
    return first.payment.payment_id


def rows(bench: Bench, path: str, **body: Any) -> list[dict[str, Any]]:
    data = bench.write(path, body).data
    assert (data["externalId"], data["label"]) == (None, None)
    found = data["depositList" if path == DEPOSITS else "withdrawList"]
    assert isinstance(found, list)
    return found


# --- addresses


def test_an_address_is_the_same_for_account_currency_and_chain_and_for_no_other() -> None:
    bench = Bench()

    def address(who: str, currency: str, chain: str) -> str:
        return str(bench.write(ADDRESS, {"currencyCode": currency, "chain": chain}, who=who).data["address"])

    first = address("alice", "USDTTRX", "TRX")
    assert first[0] == "T"
    assert first == address("alice", "usdt", "trc20")
    assert first == Bench().write(ADDRESS, {"currencyCode": "USDT", "chain": "TRX"}).data["address"], "of the same seed"
    others = [("bob", "USDT", "TRX"), ("alice", "USDT", "ETH"), ("alice", "TRX", "TRX"), ("alice", "BTC", "BTC")]
    assert len({first, *(address(*each) for each in others)}) == 5


def test_the_least_deposit_is_a_number_of_scale_eight() -> None:
    assert '"depositMin":0.00010000' in Bench().write(ADDRESS, {"currencyCode": "BTC", "chain": "BTC"}).text


@pytest.mark.parametrize(
    ("body", "error"),
    [({"currencyCode": "USDT"}, FIELD), ({"chain": "TRX"}, FIELD), ({"currencyCode": "", "chain": "TRX"}, FIELD),
     ({"currencyCode": "USDT", "chain": "SOL"}, CURRENCY), ({"currencyCode": "DOGE", "chain": "TRX"}, CURRENCY),
     ({"currencyCode": "USDTTRX", "chain": "ETH"}, CURRENCY)],
)  # fmt: skip
def test_an_address_is_of_a_known_currency_on_a_known_chain(body: dict[str, str], error: tuple[int, str]) -> None:
    assert Bench().write(ADDRESS, body).error == error


def test_closed_funding_gives_no_address_and_takes_no_withdrawal() -> None:
    bench = Bench()
    bench.desk.flags.add("funding_closed")

    assert bench.write(ADDRESS, {"currencyCode": "BTC", "chain": "BTC"}).error == CURRENCY
    assert withdraw(bench).error == CURRENCY


# --- deposits


def test_a_deposit_is_unconfirmed_and_then_done_and_credited() -> None:
    bench = Bench(accounts={"alice": {}})
    deposit_id = deposit(bench)

    (before,) = rows(bench, DEPOSITS)
    assert (before["id"], before["status"], before["txId"], bench.balances()["USDT"]) == (deposit_id, 0, "", ("0", "0"))
    bench.clock.advance(10 * SECOND)
    (after,) = rows(bench, DEPOSITS)

    assert bench.balances()["USDT"] == ("5", "0")
    assert len(after["txId"]) == 64
    assert after | {"txId": "", "explorer": ""} == {
        "id": deposit_id, "symbol": "USDT", "chainName": "TRX", "chainProtocol": "trc20", "amount": "5",
        "createdAt": "2024-02-27 17:36:38", "status": 1, "explorer": "", "txId": "", "internalType": 0, "lockAccount": False,
        "noDepositMsg": None,
    }  # fmt: skip


@pytest.mark.parametrize(("event", "status"), [(PaymentEvent.FAIL, 2), (PaymentEvent.REVIEW, 3), (PaymentEvent.REFUND, 4)])
def test_a_deposit_may_be_abnormal_under_review_or_rejected(event: PaymentEvent, status: int) -> None:
    bench = Bench(accounts={"alice": {}})
    bench.desk.execute(StepPayment(payment_id=deposit(bench), event=event))

    (row,) = rows(bench, DEPOSITS)
    assert (row["status"], bench.balances()["USDT"]) == (status, ("0", "0"))


# --- records


def test_records_are_picked_by_currency_time_and_id_oldest_first() -> None:
    bench = Bench()
    ids = []
    for asset, chain in (("USDT", "TRX"), ("BTC", "BTC"), ("USDT", "ETH")):
        ids.append(deposit(bench, asset=asset, chain=chain))
        bench.clock.advance(DAY)

    def found(**body: Any) -> list[int]:
        return [ids.index(row["id"]) for row in rows(bench, DEPOSITS, **body)]

    assert found() == [0, 1, 2]
    assert found(currencyCode="usdt") == [0, 2]
    assert found(currencyCode="", startDate="", endDate="", fromId="", limit="", externalId="x", label="y") == [0, 1, 2]
    assert found(fromId=ids[1]) == found(fromId=str(ids[1])) == [1, 2]
    assert found(limit="1") == found(limit=1) == [0]
    assert found(limit=100_000) == [0, 1, 2]
    assert found(startDate="2024-02-28") == [1, 2]
    assert found(endDate="2024-02-28") == [0, 1], "a day ends with its last moment"
    assert found(startDate="2024-02-28 17:36:38", endDate="2024-02-28 17:36:38") == [1], "a second too"
    assert found(startDate="2024-02-28 17:36:39") == [2]
    assert rows(bench, WITHDRAWALS) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [({"startDate": "yesterday"}, "startDate-invalid"), ({"endDate": "2024-02-30"}, "endDate-invalid"),
     ({"endDate": "2024-02-20T00:00:00"}, "endDate-invalid"), ({"limit": 0}, "limit-invalid"),
     ({"fromId": "x"}, "fromId-invalid"),
     ({"fromId": -1}, "fromId-invalid"), ({"limit": []}, "limit-invalid")],
)  # fmt: skip
@pytest.mark.parametrize("path", [DEPOSITS, WITHDRAWALS])
def test_what_is_wrong_with_a_query_for_records_is_told_by_its_field(path: str, body: dict[str, Any], error: str) -> None:
    assert Bench().write(path, body).error == (400, error)
    assert Bench().write(path, {"currencyCode": "DOGE"}).error == CURRENCY


def test_records_are_the_accounts_own_and_a_thousand_at_most() -> None:
    bench = Bench()
    for _ in range(1_005):
        deposit(bench, amount=1)

    assert len(rows(bench, DEPOSITS)) == 500
    assert len(rows(bench, DEPOSITS, limit=5_000)) == 1_000
    assert bench.write(DEPOSITS, {}, who="bob").data["depositList"] == []


# --- withdrawals


def test_a_withdrawal_is_frozen_then_sent_then_done_with_its_fee_on_top() -> None:
    bench = Bench(accounts={"alice": {"USDT": "1000"}})
    payment_id = withdraw(bench, "100").data["id"]
    states = []
    for _ in range(3):
        (row,) = rows(bench, WITHDRAWALS)
        states.append((row["status"], row["showStatus"], bool(row["txId"]), bench.balances()["USDT"]))
        bench.clock.advance(SECOND)

    assert states == [(0, 1, False, ("899", "101")), (3, 1, True, ("899", "101")), (5, 2, True, ("899", "0"))]
    assert row == {
        "id": payment_id, "symbol": "USDT", "amount": "100", "fee": "1", "createdAt": "2024-02-27 17:36:38", "status": 5,
        "showStatus": 2, "explorer": "https://explorer.invalid/tx/", "txId": row["txId"],
        "addressTo": freed(bench, "USDT", "TRX")["address"], "tag": None, "chainName": "TRX", "chainProtocol": "trc20",
        "internalType": 0,
    }  # fmt: skip


def test_the_platform_takes_its_share_of_the_amount_beside_the_fee() -> None:
    bench = Bench()
    address = freed(bench, "TRX", "TRX")["address"]

    withdraw(bench, "1000", currencyCode="TRX", address=address)

    assert rows(bench, WITHDRAWALS)[0]["fee"] == "2", "1 and a thousandth of 1000"


@pytest.mark.parametrize(("wait_ns", "status"), [(0, 2), (SECOND, 4)], ids=["rejected", "failed"])
@pytest.mark.parametrize("event", [PaymentEvent.FAIL, PaymentEvent.REFUND])
def test_a_withdrawal_that_is_rejected_or_fails_stays_that_and_gives_everything_back(
    event: PaymentEvent, wait_ns: int, status: int
) -> None:
    bench = Bench(accounts={"alice": {"USDT": "1000"}})
    payment_id = withdraw(bench).data["id"]
    bench.clock.advance(wait_ns)
    bench.desk.execute(StepPayment(payment_id=payment_id, event=event))

    assert rows(bench, WITHDRAWALS)[0]["status"] == status
    bench.clock.advance(5 * SECOND)
    assert rows(bench, WITHDRAWALS)[0]["status"] == status
    assert bench.balances()["USDT"] == ("1000", "0")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"currencyCode": None}, FIELD), ({"amount": None}, FIELD), ({"address": ""}, FIELD), ({"chainType": None}, FIELD),
        ({"currencyCode": "DOGE"}, CURRENCY), ({"chainType": "sol"}, CURRENCY), ({"chainType": "erc20"}, CURRENCY),
        ({"address": "TU4vEruvZwLLkSfV9bNw12EJTPvNr7Pvaa"}, CURRENCY), ({"amount": "9.99"}, AMOUNT), ({"amount": "0"}, AMOUNT),
        ({"amount": "-5"}, AMOUNT), ({"amount": "x"}, AMOUNT), ({"amount": "10.000000001"}, AMOUNT), ({"amount": []}, AMOUNT),
        ({"amount": "100000000000"}, FUNDS),
    ],
)  # fmt: skip
def test_a_withdrawal_is_refused_for_what_is_wrong_with_it(changes: dict[str, Any], error: tuple[int, str]) -> None:
    assert withdraw(Bench(), **changes).error == error


def test_a_chain_may_have_a_largest_withdrawal() -> None:
    bench = Bench()
    address = freed(bench, "BTC", "BTC")["address"]

    assert withdraw(bench, "40.00000001", currencyCode="BTC", chainType="btc", address=address).error == AMOUNT
    assert withdraw(bench, "40", currencyCode="BTC", chainType="btc", address=address).data["id"]


def test_the_chain_may_be_named_by_its_name_and_a_tag_that_it_does_not_have_means_nothing() -> None:
    bench = Bench()

    withdraw(bench, chainType="TRX", tag="698347")

    assert rows(bench, WITHDRAWALS)[0]["tag"] is None


def test_an_operator_frees_addresses_with_their_tags_and_takes_them_back() -> None:
    bench = Bench()
    act(bench, "add_address", currency="LUFFY", chain="BSC", address="0xabc", tag="7")
    luffy = {"currencyCode": "LUFFY", "chainType": "bnbbsc", "address": "0xabc"}

    assert withdraw(bench, "5000000", **luffy).error == CURRENCY, "the tag is part of it"
    assert withdraw(bench, "5000000", **luffy, tag="7").data["id"]
    assert rows(bench, WITHDRAWALS)[0]["tag"] == "7"
    assert act(bench, "clear_addresses") == {"withdrawal_addresses": []}
    assert bench.write(WITHDRAW, luffy | {"amount": "5000000", "tag": "7"}).error == CURRENCY
    with pytest.raises(ValueError, match="there is no 'LUFFY' on chain 'SOL'; there are USDT on TRX"):
        act(bench, "add_address", currency="LUFFY", chain="SOL", address="x")


def test_a_sub_account_may_not_withdraw_and_a_key_needs_the_permission() -> None:
    bench = Bench()
    body = {"currencyCode": "USDT", "amount": "100", "address": freed(bench, "USDT", "TRX")["address"], "chainType": "trc20"}
    assert bench.write(WITHDRAW, body, who="viewer").error == (1401, "Unauthorized")
    bench.flag("alice", "sub_account")

    assert withdraw(bench).error == SUB


def test_a_withdrawal_is_cancelled_before_it_is_looked_at_and_never_after() -> None:
    bench = Bench(accounts={"alice": {"USDT": "1000"}, "bob": {}})
    early, late = (withdraw(bench).data["id"] for _ in range(2))
    assert bench.write(CANCEL, {"withdrawId": early}).data == {"id": early}
    assert [row["status"] for row in rows(bench, WITHDRAWALS)] == [6, 0]
    assert bench.balances()["USDT"] == ("899", "101")
    bench.clock.advance(SECOND)

    for payment_id in (late, early, 7):
        assert bench.write(CANCEL, {"withdrawId": payment_id}).error == AMOUNT
    assert bench.write(CANCEL, {"withdrawId": late}, who="bob").error == AMOUNT
    assert bench.write(CANCEL, {"withdrawId": deposit(bench)}).error == AMOUNT
    assert bench.write(CANCEL, {}).error == FIELD
    assert bench.write(CANCEL, {"withdrawId": "x"}).error == (400, "withdrawId-invalid")


# --- transfers

WITHIN = {"type": "0", "currencyCode": "USDT", "amount": "1", "from": "1", "to": "2", "subAccount": ""}


def futures(bench: Bench, who: str = "alice") -> Decimal:
    found = bench.desk.account(who).wallets[Wallet.FUNDING].get("USDT")
    return Decimal(0) if found is None else Decimal(found.total).scaleb(-18)


@pytest.mark.parametrize("changes", [{}, {"from": 1, "to": 2}, {"type": ""}, {"type": 0}, {"amount": 1}, {"subAccount": None}])
def test_a_transfer_moves_money_to_futures_and_back_and_says_nothing_but_success(changes: dict[str, Any]) -> None:
    bench = Bench(accounts={"alice": {"USDT": "5"}})

    assert bench.write(TRANSFER, WITHIN | changes).body == {"code": "0", "message": "Success"}
    assert (bench.balances()["USDT"], futures(bench)) == (("4", "0"), 1)
    assert not bench.write(TRANSFER, WITHIN | {"from": 2, "to": 1, "amount": "0.5"}).failed
    assert (bench.balances()["USDT"], futures(bench)) == (("4.5", "0"), Decimal("0.5"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"to": "1"}, FIELD), ({"from": "3"}, FIELD), ({"from": ""}, FIELD), ({"type": "3"}, FIELD), ({"type": "x"}, FIELD),
        ({"currencyCode": "DOGE"}, CURRENCY), ({"currencyCode": ""}, FIELD), ({"amount": ""}, FIELD), ({"amount": "0"}, AMOUNT),
        ({"amount": "1e-9"}, AMOUNT), ({"amount": "100"}, FUNDS), ({"from": "2", "to": "1"}, FUNDS), ({"type": "1"}, FIELD),
        ({"type": "1", "subAccount": "bob"}, FIELD), ({"type": "1", "subAccount": "nobody"}, FIELD),
    ],
)  # fmt: skip
def test_a_transfer_is_refused_for_what_is_wrong_with_it(changes: dict[str, Any], error: tuple[int, str]) -> None:
    bench = Bench(accounts={"alice": {"USDT": "5"}, "bob": {"USDT": "5"}})

    reply = bench.write(TRANSFER, WITHIN | changes)

    assert reply.body == {"code": error[0], "msg": error[1], "data": None}


def test_a_parent_moves_money_to_its_sub_account_and_back_between_any_wallets() -> None:
    bench = Bench(accounts={"alice": {"USDT": "5"}, "bob": {"USDT": "5"}})
    bench.flag("bob", "sub_account")

    assert not bench.write(TRANSFER, WITHIN | {"type": "1", "to": "1", "subAccount": "bob"}).failed
    assert (bench.balances()["USDT"][0], bench.balances("bob")["USDT"][0]) == ("4", "6")
    assert not bench.write(TRANSFER, WITHIN | {"type": "2", "subAccount": "bob", "amount": "2"}).failed
    assert (futures(bench), bench.balances("bob")["USDT"][0]) == (2, "4")
    assert bench.write(TRANSFER, WITHIN | {"type": "2", "subAccount": "bob", "amount": "5"}).error == FUNDS


def test_a_sub_account_moves_money_only_within_itself() -> None:
    bench = Bench()
    bench.flag("alice", "sub_account")

    assert not bench.write(TRANSFER, WITHIN).failed
    for kind in ("1", "2"):
        assert bench.write(TRANSFER, WITHIN | {"type": kind, "subAccount": "alice"}).error == SUB
