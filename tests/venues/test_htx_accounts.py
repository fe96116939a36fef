"""Accounts, balances, the customer's number and what it is all worth, over the wire (htx§3.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import HOUR, START_MS, Bench, Reply
from mockex.fixtures import load

from mockex.core.commands import AdjustBalance, FreezeAccount
from mockex.core.units import Wallet
from mockex.venues.htx.identities import FIRST_UID

ALICE, BOB = 100_009, 100_019
NO_PERMISSION = "Signature not valid: API key has no permission [API Key没有权限]"
ATOM = 10**18

PATHS = {
    "accounts": "/v1/account/accounts",
    "balance": f"/v1/account/accounts/{ALICE}/balance",
    "valuation": "/v2/account/valuation",
    "uid": "/v2/user/uid",
}


def give(bench: Bench, wallet: Wallet, asset: str, amount: int, who: str = "alice") -> None:
    bench.desk.execute(AdjustBalance(account_id=who, wallet=wallet, asset=asset, amount=amount * ATOM))


def rows(reply: Reply) -> dict[tuple[str, str], str]:
    """(currency, kind) -> balance."""
    return {(row["currency"], row["type"]): row["balance"] for row in reply.body["data"]["list"]}


@pytest.mark.parametrize("name", PATHS)
def test_a_reply_has_the_shape_of_the_example(name: str) -> None:
    reply = Bench().read(PATHS[name])

    assert deviations(reply.body, load("htx", f"rest/{name}")["fields"]) == []


def test_a_customer_has_a_spot_and_an_otc_account() -> None:
    reply = Bench().read(PATHS["accounts"])

    assert reply.body == {
        "status": "ok",
        "data": [
            {"id": 100_009, "type": "spot", "subtype": "", "state": "working"},
            {"id": 100_010, "type": "otc", "subtype": "", "state": "working"},
        ],
    }


def test_every_currency_has_a_row_of_what_is_free_and_one_of_what_is_held_also_with_nothing_in_it() -> None:
    bench = Bench(accounts={"alice": {"USDT": "1000.5", "BTC": "2"}, "bob": {}})
    bench.rest("buy", "100", "0.25", who="alice")
    bench.rest("buy", "90", "0.5", who="alice")

    reply = bench.read(PATHS["balance"])

    assert (reply.body["data"]["id"], reply.body["data"]["type"], reply.body["data"]["state"]) == (100_009, "spot", "working")
    assert rows(reply) == {
        ("usdt", "trade"): "930.5", ("usdt", "frozen"): "70", ("btc", "trade"): "2", ("btc", "frozen"): "0",
        **{(name, kind): "0" for name in ("eth", "trx", "doge", "shib") for kind in ("trade", "frozen")},
    }  # fmt: skip


def test_the_number_of_a_balance_grows_with_every_change_of_it() -> None:
    bench = Bench()

    def numbers() -> dict[str, str]:
        return {row["currency"]: row["seq-num"] for row in bench.read(PATHS["balance"]).body["data"]["list"]}

    before = numbers()
    bench.rest("buy", "100", who="alice")
    after = numbers()

    assert int(after["usdt"]) == int(before["usdt"]) + 1
    assert {name: number for name, number in after.items() if name != "usdt"} == {
        name: number for name, number in before.items() if name != "usdt"
    }


def test_the_otc_account_has_balances_of_its_own() -> None:
    bench = Bench()
    give(bench, Wallet.FUNDING, "USDT", 7)

    reply = bench.read(f"/v1/account/accounts/{ALICE + 1}/balance")

    assert (reply.body["data"]["id"], reply.body["data"]["type"]) == (ALICE + 1, "otc")
    assert rows(reply)["usdt", "trade"] == "7"
    assert rows(reply)["btc", "trade"] == "0"


@pytest.mark.parametrize("number", [str(BOB), "1", "100011", "x", "9" * 30, "0100009x"])
def test_the_balance_of_another_account_is_refused_with_both_numbers(number: str) -> None:
    reply = Bench().read(f"/v1/account/accounts/{number}/balance")

    assert reply.error == (
        200,
        "account-get-accounts-inexistent-error",
        f"account for id `{number}` and user id `{FIRST_UID}` does not exist",
    )


@pytest.mark.parametrize("wallet", [None, Wallet.SPOT])
def test_a_frozen_account_is_locked_and_can_still_be_read(wallet: Wallet | None) -> None:
    bench = Bench()
    bench.desk.execute(FreezeAccount(account_id="alice", frozen=True, wallet=wallet))

    states = {row["type"]: row["state"] for row in bench.read(PATHS["accounts"]).body["data"]}

    assert states == {"spot": "lock", "otc": "lock" if wallet is None else "working"}
    assert bench.read(PATHS["balance"]).body["data"]["state"] == "lock"


def test_a_customer_is_told_the_own_uid() -> None:
    bench = Bench()

    assert [bench.read(PATHS["uid"], who=who).body for who in ("alice", "viewer", "bob")] == [
        {"code": 200, "data": FIRST_UID},
        {"code": 200, "data": FIRST_UID},
        {"code": 200, "data": FIRST_UID + 1},
    ]


# --- what it is worth


def parts(reply: Reply) -> dict[str, str]:
    return {part["distributionType"]: part["accountBalance"] for part in reply.body["data"]["profitAccountBalanceList"]}


def valued() -> Bench:
    """1 BTC, 500 USDT and 10 ETH at prices of 50,000 and 0.05: 1.51 BTC; besides 5,000 USDT of otc money."""
    bench = Bench(
        accounts={"alice": {"USDT": "500", "BTC": "1", "ETH": "10"}, "bob": {"BTC": "100", "ETH": "100", "USDT": "500000"}}
    )
    give(bench, Wallet.FUNDING, "USDT", 5_000)
    bench.rest("sell", "50000", "0.001")
    bench.rest("buy", "50000", "0.001")
    bench.rest("sell", "0.05", "1", symbol="ethbtc")
    bench.rest("buy", "0.05", "1", symbol="ethbtc")
    return bench


def test_accounts_are_worth_what_their_currencies_cost_in_bitcoin_now() -> None:
    reply = valued().read(PATHS["valuation"])

    assert reply.body["data"]["totalBalance"] == "1.61"
    assert parts(reply) == {"1": "1.51", "4": "0", "5": "0.1", "7": "0", "11": "0"}
    assert [part["balance"] for part in reply.body["data"]["profitAccountBalanceList"]][:1] == [Decimal("1.51")]
    assert reply.body["data"]["updated"] == {"success": True, "time": START_MS}


def test_one_account_type_is_valued_by_itself() -> None:
    reply = valued().read(PATHS["valuation"], {"accountType": "5", "valuationCurrency": "BTC"})

    assert (parts(reply), reply.body["data"]["totalBalance"]) == ({"5": "0.1"}, "0.1")


def test_what_has_never_traded_is_worth_its_listed_price() -> None:
    bench = Bench(accounts={"alice": {"USDT": "65000"}, "bob": {}})

    assert bench.read(PATHS["valuation"]).body["data"]["totalBalance"] == "1"


def test_the_days_profit_is_what_prices_have_made_of_it_since_the_first_of_the_day() -> None:
    bench = valued()
    bench.clock.advance(24 * HOUR)
    for price in ("0.05", "0.054"):
        bench.rest("sell", price, "1", symbol="ethbtc")
        bench.rest("buy", price, "1", symbol="ethbtc")

    data = bench.read(PATHS["valuation"], {"accountType": "1"}).body["data"]

    assert (data["totalBalance"], data["todayProfit"]) == ("1.55", "0.04")
    assert data["todayProfitRate"].startswith("0.0264900662251655")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"accountType": "2"}, "accountType"),
        ({"accountType": "spot"}, "accountType"),
        ({"valuationCurrency": "btc"}, "valuationCurrency"),
        ({"valuationCurrency": "USD"}, "valuationCurrency"),
    ],
)
def test_what_cannot_be_valued_is_named(params: dict[str, str], field: str) -> None:
    assert Bench().read(PATHS["valuation"], params).error == (200, "2002", f'invalid field value in "{field}"')


# --- who may


@pytest.mark.parametrize("name", PATHS)
def test_a_key_that_may_only_read_reads(name: str) -> None:
    assert Bench().read(PATHS[name], who="viewer").status == 200


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/v1/account/transfer", (200, "api-signature-not-valid", NO_PERMISSION)),
        ("/v1/futures/transfer", (200, "api-signature-not-valid", NO_PERMISSION)),
        ("/v2/account/transfer", (200, "1002", "forbidden")),
    ],
)
def test_a_key_that_may_only_read_moves_nothing(path: str, error: tuple[Any, ...]) -> None:
    assert Bench().write(path, {}, who="viewer").error == error


@pytest.mark.parametrize("name", PATHS)
def test_without_a_signature_nothing_is_told(name: str) -> None:
    assert Bench().get(PATHS[name]).error[1] in ("login-required", "1002")
