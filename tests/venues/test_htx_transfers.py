"""Money between a customer's own accounts, and to another customer, over the wire (htx§3.3)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import START_MS, Bench, Reply
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.core.units import Wallet
from mockex.venues.htx.identities import FIRST_UID

ATOM = 10**18

FIRST_TRANSFER = 137_228_381
BETWEEN, USERS, FUTURES = "/v2/account/transfer", "/v1/account/transfer", "/v1/futures/transfer"
WALLETS = {
    "otc": Wallet.FUNDING,
    "futures": Wallet.FUTURES,
    "swap": Wallet.COIN_SWAP,
    "linear-swap": Wallet.LINEAR_SWAP,
}
TO_BOB: dict[str, Any] = {
    "from-user": FIRST_UID,
    "from-account-type": "spot",
    "from-account": 100_009,
    "to-user": FIRST_UID + 1,
    "to-account-type": "spot",
    "to-account": 100_019,
    "currency": "usdt",
    "amount": "12.5",
}


def bench_of(usdt: str = "100") -> Bench:
    return Bench(accounts={"alice": {"USDT": usdt, "BTC": "1"}, "bob": {}})


def total(bench: Bench, wallet: Wallet = Wallet.SPOT, asset: str = "USDT", who: str = "alice") -> float:
    balance = bench.desk.account(who).wallets[wallet].get(asset)
    return 0 if balance is None else balance.total / ATOM


def between(bench: Bench, source: str, target: str, amount: object = "12.5", **more: object) -> Reply:
    return bench.write(BETWEEN, {"from": source, "to": target, "currency": "usdt", "amount": amount, **more})


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("transfer_between", BETWEEN, {"from": "spot", "to": "otc", "currency": "usdt", "amount": "1"}),
        ("transfer", USERS, TO_BOB),
        ("futures_transfer", FUTURES, {"currency": "btc", "amount": "0.5", "type": "pro-to-futures"}),
    ],
)
def test_a_reply_has_the_shape_of_the_example(name: str, path: str, body: dict[str, Any]) -> None:
    reply = bench_of().write(path, body)

    assert deviations(reply.body, load("htx", f"rest/{name}")["fields"]) == []


# --- between the own accounts


@pytest.mark.parametrize("name", WALLETS)
def test_money_moves_out_of_spot_and_back_at_once(name: str) -> None:
    bench = bench_of()

    there = between(bench, "spot", name)
    assert (total(bench), total(bench, WALLETS[name])) == (87.5, 12.5)
    back = between(bench, name, "spot", 2.5, **{"margin-account": "USDT"})

    assert (total(bench), total(bench, WALLETS[name])) == (90, 10)
    assert (there.body["code"], there.body["message"], there.body["success"]) == (200, "Succeed", True)
    assert back.body["data"] == there.body["data"] + 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"from": None}, ("2003", 'missing mandatory field "from"')),
        ({"to": None}, ("2003", 'missing mandatory field "to"')),
        ({"currency": None}, ("2003", 'missing mandatory field "currency"')),
        ({"amount": None}, ("2003", 'missing mandatory field "amount"')),
        ({"from": "margin"}, ("2002", 'invalid field value in "from"')),
        ({"to": "point"}, ("2002", 'invalid field value in "to"')),
        ({"to": ["otc"]}, ("2002", 'invalid field value in "to"')),
        ({"currency": "gold"}, ("2002", 'invalid field value in "currency"')),
        ({"amount": "x"}, ("2002", 'invalid field value in "amount"')),
        ({"amount": "0"}, ("2002", 'invalid field value in "amount"')),
        ({"amount": -1}, ("2002", 'invalid field value in "amount"')),
        ({"amount": "0.0000000000000000001"}, ("2002", 'invalid field value in "amount"')),
        ({"amount": "100.000000000000000001"}, ("2002", "dw-insufficient-balance")),
        ({"to": "spot"}, ("2002", "dw-account-transfer-error")),
        ({"from": "otc", "to": "futures"}, ("2002", "dw-account-transfer-error")),
    ],
)
def test_a_mistake_in_a_transfer_is_named_and_nothing_moves(change: dict[str, Any], error: tuple[str, str]) -> None:
    bench = bench_of()
    body = {"from": "spot", "to": "otc", "currency": "usdt", "amount": "1"} | change

    reply = bench.write(BETWEEN, {name: value for name, value in body.items() if value is not None})

    assert reply.error == (200, *error)


def test_money_that_an_order_holds_cannot_be_moved() -> None:
    bench = bench_of()
    bench.rest("buy", "100", "0.9", who="alice")

    assert between(bench, "spot", "otc", "10.000001").error == (200, "2002", "dw-insufficient-balance")
    assert between(bench, "spot", "otc", "10").body["code"] == 200


@pytest.mark.parametrize("wallet", [None, Wallet.SPOT, Wallet.FUNDING])
def test_a_frozen_account_neither_gives_nor_takes(wallet: Wallet | None) -> None:
    bench = bench_of()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True, wallet=wallet))

    assert between(bench, "spot", "otc").error == (200, "1002", "forbidden")


# --- to and from futures, the older way


def test_futures_take_and_give_back() -> None:
    bench = bench_of()

    bench.write(FUTURES, {"currency": "btc", "amount": 0.5, "type": "pro-to-futures"})
    assert (total(bench, asset="BTC"), total(bench, Wallet.FUTURES, "BTC")) == (0.5, 0.5)
    reply = bench.write(FUTURES, {"currency": "btc", "amount": "0.2", "type": "futures-to-pro"})

    assert (total(bench, asset="BTC"), total(bench, Wallet.FUTURES, "BTC")) == (0.7, 0.3)
    assert reply.body["status"] == "ok"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"type": "spot-to-moon"}, ("base-argument-unsupported", "argument is not supported: type")),
        ({"type": None}, ("validation-constraints-required", "Field is missing: type.")),
        ({"currency": "gold"}, ("base-argument-unsupported", "argument is not supported: currency")),
        ({"amount": "1.5"}, ("dw-insufficient-balance", "insufficient balance")),
        ({"amount": "one"}, ("validation-format-error", "Format Error: amount.")),
    ],
)
def test_a_mistake_in_a_futures_transfer_is_named(change: dict[str, Any], error: tuple[str, str]) -> None:
    body = {"currency": "btc", "amount": "0.5", "type": "pro-to-futures"} | change

    reply = bench_of().write(FUTURES, {name: value for name, value in body.items() if value is not None})

    assert reply.error == (200, *error)


# --- to another customer


def test_a_customer_gives_to_another_from_spot_to_spot() -> None:
    bench = bench_of()

    reply = bench.write(USERS, TO_BOB)

    assert (total(bench), total(bench, who="bob")) == (87.5, 12.5)
    assert reply.body["data"] == {"transact-id": FIRST_TRANSFER, "transact-time": START_MS}


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_frozen_customer_neither_gives_nor_takes(who: str) -> None:
    bench = bench_of()
    bench.desk.execute(FreezeAccount(account_id=who, frozen=True))

    assert bench.write(USERS, TO_BOB).error[1] == "operation-forbidden-for-lock-account-state"


def test_numbers_may_be_text_and_text_may_be_numbers() -> None:
    bench = bench_of()
    names = ("from-user", "from-account", "to-user", "to-account")

    bench.write(USERS, TO_BOB | {name: str(TO_BOB[name]) for name in names} | {"amount": 1.25})

    assert total(bench, who="bob") == 1.25


@pytest.mark.parametrize(
    ("change", "error"),
    [
        *(({name: None}, ("validation-constraints-required", f"Field is missing: {name}.")) for name in TO_BOB),
        ({"to-user": "x"}, ("validation-format-error", "Format Error: to-user.")),
        ({"to-account-type": "margin"}, ("base-argument-unsupported", "argument is not supported: to-account-type")),
        ({"from-account-type": "otc"}, ("base-argument-unsupported", "argument is not supported: from-account-type")),
        ({"to-user": 1}, ("account-account-id-inexistent", "account id does not exist")),
        ({"to-account": 100_020}, ("account-account-id-inexistent", "account id does not exist")),
        ({"from-account": 100_019}, ("account-account-id-inexistent", "account id does not exist")),
        ({"currency": "gold"}, ("base-argument-unsupported", "argument is not supported: currency")),
        ({"amount": "100.01"}, ("dw-insufficient-balance", "insufficient balance")),
        ({"amount": "-1"}, ("base-argument-unsupported", "argument is not supported: amount")),
        ({"to-user": FIRST_UID, "to-account": 100_009}, ("dw-account-transfer-error", "account transfer error")),
        (
            {"from-user": FIRST_UID + 1, "from-account": 100_019, "to-user": FIRST_UID, "to-account": 100_009},
            ("sub-user-auth-required", "the sub user has no permission"),
        ),
    ],
)
def test_a_mistake_in_a_transfer_between_users_is_named_and_nothing_moves(
    change: dict[str, Any], error: tuple[str, str]
) -> None:
    body = TO_BOB | change

    reply = bench_of().write(USERS, {name: value for name, value in body.items() if value is not None})

    assert reply.error == (200, *error)


@pytest.mark.parametrize("body", [[], "x", 1, None])
@pytest.mark.parametrize("path", [USERS, FUTURES])
def test_a_body_that_is_no_object_is_refused(path: str, body: object) -> None:
    assert bench_of().write(path, body).error[1] == "bad-request"
