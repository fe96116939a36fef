"""Withdrawals over the wire: what is asked, what is refused, what becomes of one as time passes (htx§3.5)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, SECOND, START_MS, Bench, Reply
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount, StepPayment
from mockex.core.payments import PaymentEvent
from mockex.core.units import Wallet
from mockex.venues.htx.chains import CHAINS, Chain, chain_named
from mockex.venues.htx.customers import EXAMPLE_ADDRESS
from mockex.venues.htx.identities import FIRST_UID

ATOM = 10**18
CREATE, BY_NAME, QUOTA = "/v1/dw/withdraw/api/create", "/v1/query/withdraw/client-order-id", "/v2/account/withdraw/quota"
NO_PERMISSION = "Signature not valid: API key has no permission [API Key没有权限]"
WRONG_CHAIN_ADDRESS = "TRwkUYHWgUh23jbKpgTcYHgE9CcBzhGno9"


def bench_of(**amounts: str) -> Bench:
    return Bench(accounts={"alice": amounts or {"ETH": "10", "USDT": "100000", "BTC": "1"}, "bob": {}})


def chain(asset: str, name: str) -> Chain:
    found = chain_named(asset, name)
    assert found is not None
    return found


def listed(bench: Bench, asset: str = "USDT", name: str = "usdterc20") -> str:
    """An address to which alice may withdraw."""
    book = bench.desk.state.customers.address_book("alice")
    return next(entry.address for entry in book if entry.chain is chain(asset, name))


def withdraw(bench: Bench, amount: object = "0.05", *, who: str = "alice", **changes: object) -> Reply:
    """The document's example, with changes; None leaves a field out."""
    body = {"address": EXAMPLE_ADDRESS, "currency": "eth", "chain": "eth", "amount": amount}
    body |= {name.replace("_", "-"): value for name, value in changes.items()}
    return bench.write(CREATE, {name: value for name, value in body.items() if value is not None}, who=who)


def named(bench: Bench, name: str = "w1") -> dict[str, Any]:
    row: dict[str, Any] = bench.read(BY_NAME, {"clientOrderId": name}).body["data"]
    return row


def money(bench: Bench, asset: str = "ETH", who: str = "alice") -> tuple[float, float]:
    """(total, held)"""
    balance = bench.desk.account(who).wallets[Wallet.SPOT].get(asset)
    return (0, 0) if balance is None else (balance.total / ATOM, balance.held / ATOM)


# --- asking


def test_the_documents_example_is_accepted_and_its_money_held_with_the_fee_on_top() -> None:
    bench = bench_of()

    reply = withdraw(bench, 0.05)

    assert reply.body == {"status": "ok", "data": 45_182_894}
    assert deviations(reply.body, load("htx", "rest/withdraw")["fields"]) == []
    assert money(bench) == (10, 0.053)


def test_a_withdrawal_goes_its_way_as_time_passes() -> None:
    bench = bench_of()
    withdraw(bench, client_order_id="w1")
    seen = [named(bench)]
    for _ in range(2):
        bench.clock.advance(SECOND)
        seen.append(named(bench))

    assert [row["state"] for row in seen] == ["submitted", "wallet-transfer", "confirmed"]
    assert [bool(row["tx-hash"]) for row in seen] == [False, True, True]
    assert [row["updated-at"] - START_MS for row in seen] == [0, 1_000, 2_000]
    assert {row["created-at"] for row in seen} == {START_MS}
    assert money(bench) == (9.947, 0)


def test_a_withdrawal_by_its_name_has_the_shape_of_the_example() -> None:
    bench = bench_of()
    withdraw(bench, client_order_id="w1")

    reply = bench.read(BY_NAME, {"clientOrderId": "w1"})

    assert deviations(reply.body, load("htx", "rest/withdrawal_by_client_id")["fields"]) == []
    assert [str(reply.body["data"][name]) for name in ("client-order-id", "amount", "fee", "address", "chain", "currency")] == [
        "w1", "0.05", "0.003", EXAMPLE_ADDRESS, "eth", "eth",
    ]  # fmt: skip


def test_a_named_withdrawal_that_comes_again_is_the_one_that_there_is() -> None:
    bench = bench_of()

    ids = [withdraw(bench, amount, client_order_id="w1").body["data"] for amount in ("0.05", "0.05", "1")]

    assert len(set(ids)) == 1
    assert money(bench) == (10, 0.053)
    assert withdraw(bench, client_order_id="w2").body["data"] == ids[0] + 1


def test_a_withdrawal_of_usdt_that_names_no_chain_goes_to_erc20() -> None:
    bench = bench_of()

    withdraw(bench, "10", currency="usdt", chain=None, address=listed(bench), client_order_id="w1")

    assert named(bench)["chain"] == "usdterc20"


@pytest.mark.parametrize(("fee", "held"), [(None, "11"), ("1", "11"), (5.5, "15.5"), ("10", "20")])
def test_a_fee_in_the_range_of_its_chain_is_taken_the_least_where_none_is_named(fee: object, held: str) -> None:
    bench = bench_of()

    withdraw(bench, "10", currency="usdt", chain="trc20usdt", address=listed(bench, name="trc20usdt"), fee=fee)

    assert money(bench, "USDT") == (100_000, float(held))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"address": None}, ("validation-constraints-required", "Field is missing: address.")),
        ({"currency": None}, ("validation-constraints-required", "Field is missing: currency.")),
        ({"amount": None}, ("validation-constraints-required", "Field is missing: amount.")),
        ({"amount": "much"}, ("validation-format-error", "Format Error: amount.")),
        ({"amount": True}, ("validation-format-error", "Format Error: amount.")),
        ({"currency": "gold"}, ("base-argument-unsupported", "argument is not supported: currency")),
        ({"chain": "btc"}, ("base-currency-chain-error", "currency and chain do not match")),
        ({"chain": "ETH"}, ("base-currency-chain-error", "currency and chain do not match")),
        ({"address": WRONG_CHAIN_ADDRESS}, ("invalid-address", "invalid address")),
        ({"address": "x"}, ("invalid-address", "invalid address")),
        ({"address": "UID:1"}, ("invalid-address", "invalid address")),
        ({"address": f"UID:{FIRST_UID}"}, ("invalid-address", "invalid address")),
        (
            {"address": "0x" + "1" * 40},
            ("api-not-support-temp-addr", "the address is not in the list of withdrawal addresses"),
        ),
        ({"amount": "0.123456789"}, ("base-argument-unsupported", "argument is not supported: amount")),
        ({"amount": "0.00999999"}, ("dw-withdraw-min-limit", "the withdrawal is below the minimum")),
        ({"amount": "0"}, ("dw-withdraw-min-limit", "the withdrawal is below the minimum")),
        ({"amount": "-1"}, ("dw-withdraw-min-limit", "the withdrawal is below the minimum")),
        ({"amount": "600.00000001"}, ("base-argument-unsupported", "argument is not supported: amount")),
        ({"fee": "0.002"}, ("base-withdraw-fee-error", "the withdrawal fee is not accepted")),
        ({"fee": "0.004"}, ("base-withdraw-fee-error", "the withdrawal fee is not accepted")),
        ({"fee": -1}, ("base-withdraw-fee-error", "the withdrawal fee is not accepted")),
        ({"amount": "9.99700001"}, ("dw-insufficient-balance", "insufficient balance")),
        ({"client_order_id": "x" * 65}, ("invalid-client-order-id", "client order id is invalid or duplicated")),
    ],
)
def test_a_mistake_is_named_and_nothing_is_held(changes: dict[str, Any], error: tuple[str, str]) -> None:
    reply = withdraw(bench_of(), **{"amount": "0.05", **changes})

    assert reply.error == (200, *error)


def test_all_that_there_is_can_be_withdrawn_to_the_last_decimal_of_the_chain() -> None:
    bench = bench_of()

    assert withdraw(bench, "9.997").body["status"] == "ok"
    assert money(bench) == (10, 10)


def test_an_address_of_hexadecimal_digits_is_one_in_any_case() -> None:
    assert withdraw(bench_of(), address=EXAMPLE_ADDRESS.upper().replace("0X", "0x")).body["status"] == "ok"


@pytest.mark.parametrize("wallet", [None, Wallet.SPOT])
def test_a_frozen_account_withdraws_nothing(wallet: Wallet | None) -> None:
    bench = bench_of()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True, wallet=wallet))

    assert withdraw(bench).error[1] == "operation-forbidden-for-lock-account-state"


@pytest.mark.parametrize("path", [CREATE, "/v1/dw/withdraw-virtual/1/cancel"])
def test_withdrawing_takes_its_own_permission(path: str) -> None:
    bench = bench_of()

    assert bench.write(path, {}, who="viewer").error == (200, "api-signature-not-valid", NO_PERMISSION)


@pytest.mark.parametrize("each", CHAINS, ids=lambda each: each.name)
def test_every_chain_can_be_withdrawn_on_with_its_own_figures(each: Chain) -> None:
    bench = bench_of(**{each.asset: str(Decimal(each.min_withdrawal) * 2 + Decimal(each.fee))})
    address = listed(bench, each.asset, each.name)

    reply = withdraw(bench, each.min_withdrawal, currency=each.asset.lower(), chain=each.name, address=address, fee=each.fee)

    assert reply.body["status"] == "ok"


# --- to another user


def test_a_withdrawal_to_a_uid_arrives_at_once_and_costs_nothing() -> None:
    bench = bench_of()

    withdraw(bench, "2", address=f"UID:{FIRST_UID + 1}", fee=0, client_order_id="w1")
    bench.clock.advance(SECOND)

    row = named(bench)
    assert (row["state"], row["sub-type"], row["tx-hash"], str(row["fee"])) == ("confirmed", "FAST", "", "0")
    assert (money(bench), money(bench, who="bob")) == ((8, 0), (2, 0))
    (deposit,) = bench.read("/v1/query/deposit-withdraw", {"type": "deposit"}, who="bob").body["data"]
    assert (deposit["state"], str(deposit["amount"]), deposit["tx-hash"]) == ("safe", "2", "")


# --- cancelling


def cancel(bench: Bench, payment_id: object, who: str = "alice") -> Reply:
    return bench.write(f"/v1/dw/withdraw-virtual/{payment_id}/cancel", {}, who=who)


def test_a_withdrawal_can_be_cancelled_until_it_leaves_and_its_money_comes_back() -> None:
    bench = bench_of()
    payment_id = withdraw(bench, client_order_id="w1").body["data"]

    reply = cancel(bench, payment_id)

    assert reply.body == {"status": "ok", "data": payment_id}
    assert deviations(reply.body, load("htx", "rest/withdraw_cancel")["fields"]) == []
    assert named(bench)["state"] == "canceled"
    bench.clock.advance(SECOND)
    assert (named(bench)["state"], money(bench)) == ("canceled", (10, 0))
    assert cancel(bench, payment_id).error == (200, "base-operation-forbidden", "operation is forbidden")


def test_a_cancel_needs_no_body() -> None:
    bench = bench_of()
    payment_id = withdraw(bench).body["data"]

    assert bench.write(f"/v1/dw/withdraw-virtual/{payment_id}/cancel").body["data"] == payment_id


def test_what_is_on_its_way_cannot_be_cancelled() -> None:
    bench = bench_of()
    payment_id = withdraw(bench).body["data"]
    bench.clock.advance(SECOND)

    assert cancel(bench, payment_id).error == (200, "base-operation-forbidden", "operation is forbidden")


def test_only_an_own_withdrawal_can_be_cancelled() -> None:
    bench = bench_of()
    payment_id = withdraw(bench).body["data"]

    assert cancel(bench, payment_id, who="bob").error == (200, "base-record-invalid", "record invalid")
    assert cancel(bench, 7).error == (200, "base-record-invalid", "record invalid")
    assert cancel(bench, "x").error == (200, "validation-format-error", "Format Error: withdraw-id.")


def test_a_name_that_nobody_gave_is_unknown() -> None:
    bench = bench_of()
    withdraw(bench, client_order_id="w1")

    assert bench.read(BY_NAME, {"clientOrderId": "w2"}).error == (200, "base-record-invalid", "record invalid")
    assert bench.read(BY_NAME, {"clientOrderId": "w1"}, who="bob").error == (200, "base-record-invalid", "record invalid")
    assert bench.read(BY_NAME).error == (200, "validation-constraints-required", "Field is missing: clientOrderId.")


# --- what an operator may do to one


@pytest.mark.parametrize(
    ("steps", "state", "message"),
    [
        (["fail"], "failed", "verification failed"),
        (["fail", "refund"], "repealed", None),
        (["refund"], "repealed", None),
        (["review"], "reexamine", None),
        (["advance", "fail"], "wallet-reject", "Transfer rejected by chain"),
        (["advance", "fail", "refund"], "wallet-reject", "Transfer rejected by chain"),
    ],
)
def test_what_an_operator_does_to_a_withdrawal_is_told_in_the_venues_words(
    steps: list[str], state: str, message: str | None
) -> None:
    bench = bench_of()
    payment_id = withdraw(bench, client_order_id="w1").body["data"]
    for step in steps:
        bench.desk.execute(StepPayment(payment_id=payment_id, event=PaymentEvent(step)))

    row = named(bench)

    assert row["state"] == state
    assert (row.get("error-msg"), "error-code" in row) == (message, message is not None)


# --- quotas


def test_a_quota_has_the_shape_of_the_example() -> None:
    reply = bench_of().read(QUOTA, {"currency": "usdt"})

    assert deviations(reply.body, load("htx", "rest/withdraw_quota")["fields"]) == []
    assert [row["chain"] for row in reply.body["data"]["chains"]] == ["trc20usdt", "usdterc20"]


def test_what_is_withdrawn_uses_the_quota_of_its_chain_up_for_a_day() -> None:
    bench = bench_of(BTC="100")
    address = listed(bench, "BTC", "btc")

    def left() -> str:
        (row,) = bench.read(QUOTA, {"currency": "btc"}).body["data"]["chains"]
        assert row["withdrawQuotaPerDay"] == "40"
        left_today: str = row["remainWithdrawQuotaPerDay"]
        return left_today

    withdraw(bench, "39.5", currency="btc", chain="btc", address=address)
    assert left() == "0.5"
    refused = withdraw(bench, "0.50000001", currency="btc", chain="btc", address=address)
    assert refused.error == (200, "base-argument-unsupported", "argument is not supported: amount")
    bench.clock.advance(DAY - 1)
    assert left() == "0.5"
    bench.clock.advance(1)
    assert left() == "40"


def test_what_was_cancelled_leaves_the_quota_as_it_was() -> None:
    bench = bench_of(BTC="100")
    payment_id = withdraw(bench, "39", currency="btc", chain="btc", address=listed(bench, "BTC", "btc")).body["data"]

    cancel(bench, payment_id)

    assert bench.read(QUOTA, {"currency": "btc"}).body["data"]["chains"][0]["remainWithdrawQuotaPerDay"] == "40"


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, ("2003", 'missing mandatory field "currency"')),
        ({"currency": ""}, ("2003", 'missing mandatory field "currency"')),
        ({"currency": "gold"}, ("2002", 'invalid field value in "currency"')),
    ],
)
@pytest.mark.parametrize("path", [QUOTA, "/v2/account/deposit/address", "/v2/account/withdraw/address"])
def test_a_currency_is_asked_for_and_must_be_one(path: str, params: dict[str, str], error: tuple[str, str]) -> None:
    assert bench_of().read(path, params).error == (200, *error)
