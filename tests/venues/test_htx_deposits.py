"""Addresses to pay into and to withdraw to, and the list of deposits and withdrawals (htx§3.5)."""

from __future__ import annotations

from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import SECOND, START_MS, Bench
from mockex.fixtures import load

from mockex.core.commands import StartPayment, StepPayment
from mockex.core.events import PaymentChanged
from mockex.core.payments import PaymentEvent, PaymentKind
from mockex.core.units import Wallet
from mockex.venues.htx.customers import EXAMPLE_ADDRESS
from mockex.venues.htx.identities import FIRST_UID

ATOM = 10**18
ADDRESSES, BOOK, LIST = "/v2/account/deposit/address", "/v2/account/withdraw/address", "/v1/query/deposit-withdraw"
FIRST = 45_182_894


def pay_in(bench: Bench, amount: int = 5, *, asset: str = "USDT", who: str = "alice", **terms: Any) -> int:
    """A deposit that somebody has made."""
    first = bench.desk.execute(
        StartPayment(
            account_id=who, kind=PaymentKind.COIN_DEPOSIT, asset=asset, amount=amount * ATOM, wallet=Wallet.SPOT, **terms
        )
    )[0]
    assert isinstance(first, PaymentChanged)
    return first.payment.payment_id


def listed(bench: Bench, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = bench.read(LIST, {"type": "deposit", **params}, who=who).body["data"]
    return rows


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] - FIRST for row in rows]


# --- addresses


def test_a_currency_has_an_address_on_each_of_its_chains() -> None:
    reply = Bench().read(ADDRESSES, {"currency": "usdt"})

    assert deviations(reply.body, load("htx", "rest/deposit_address")["fields"]) == []
    assert [(row["chain"], row["currency"], row["userId"], row["addressTag"]) for row in reply.body["data"]] == [
        ("trc20usdt", "usdt", FIRST_UID, ""),
        ("usdterc20", "usdt", FIRST_UID, ""),
    ]
    assert [row["address"][:1] for row in reply.body["data"]] == ["T", "0"]


def test_an_address_is_a_customers_own_and_stays_the_same() -> None:
    bench, other = Bench(), Bench()

    def address(bench: Bench, currency: str, who: str = "alice") -> str:
        text: str = bench.read(ADDRESSES, {"currency": currency}, who=who).body["data"][-1]["address"]
        return text

    assert address(bench, "eth", "bob") != address(bench, "eth")
    assert address(other, "eth") == address(bench, "eth")
    assert address(bench, "eth") == address(bench, "usdt") == address(bench, "shib"), "one chain carries them"


def test_a_currency_may_be_written_in_upper_case() -> None:
    bench = Bench()

    assert bench.read(ADDRESSES, {"currency": "USDT"}).body == bench.read(ADDRESSES, {"currency": "usdt"}).body


def test_the_book_of_addresses_has_one_for_each_chain_and_that_of_the_example() -> None:
    bench = Bench()

    reply = bench.read(BOOK, {"currency": "eth"})

    assert deviations(reply.body, load("htx", "rest/withdraw_address")["fields"]) == []
    assert [row["note"] for row in reply.body["data"]] == ["wallet", "example"]
    assert reply.body["data"][1] == {
        "currency": "eth", "chain": "eth", "note": "example", "addressTag": "", "address": EXAMPLE_ADDRESS,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("params", "chains"),
    [
        ({}, ["trc20usdt", "usdterc20"]),
        ({"chain": "usdterc20"}, ["usdterc20"]),
        ({"note": "wallet"}, ["trc20usdt", "usdterc20"]),
        ({"note": "nobody's"}, []),
        ({"limit": "1"}, ["trc20usdt"]),
    ],
)
def test_the_book_can_be_asked_for_a_chain_or_a_note(params: dict[str, str], chains: list[str]) -> None:
    reply = Bench().read(BOOK, {"currency": "usdt", **params})

    assert [row["chain"] for row in reply.body["data"]] == chains


def test_the_book_comes_in_pieces_that_name_where_the_next_begins() -> None:
    bench = Bench()
    first = bench.read(BOOK, {"currency": "usdt", "limit": "1"}).body

    second = bench.read(BOOK, {"currency": "usdt", "limit": "1", "fromId": str(first["nextId"])}).body

    assert [body["data"][0]["chain"] for body in (first, second)] == ["trc20usdt", "usdterc20"]
    assert "nextId" not in second


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"chain": "btc"}, "chain"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"fromId": "x"}, "fromId"),
    ],
)
def test_a_bad_parameter_of_the_book_is_named(params: dict[str, str], field: str) -> None:
    reply = Bench().read(BOOK, {"currency": "usdt", **params})

    assert reply.error == (200, "2002", f'invalid field value in "{field}"')


# --- deposits


def test_a_deposit_is_seen_to_arrive_and_its_money_comes_at_the_end() -> None:
    bench = Bench(accounts={"alice": {}, "bob": {}})
    pay_in(bench)
    seen = []
    for _ in range(3):
        seen.append((listed(bench)[0]["state"], bench.desk.account("alice").available(Wallet.SPOT, "USDT") // ATOM))
        bench.clock.advance(SECOND)

    assert seen == [("confirming", 0), ("confirmed", 0), ("safe", 5)]


def test_a_deposit_has_the_shape_of_the_example_and_the_customers_address() -> None:
    bench = Bench()
    pay_in(bench, asset="BTC")

    reply = bench.read(LIST, {"type": "deposit"})

    assert deviations(reply.body, load("htx", "rest/deposit_withdraw")["fields"]) == []
    (row,) = reply.body["data"]
    assert row["address"] == bench.read(ADDRESSES, {"currency": "btc"}).body["data"][0]["address"]
    assert (row["type"], row["currency"], row["chain"], str(row["amount"]), str(row["fee"])) == (
        "deposit",
        "btc",
        "btc",
        "5",
        "0",
    )
    assert (row["created-at"], row["updated-at"], len(row["tx-hash"])) == (START_MS, START_MS, 64)


def test_a_deposit_tells_the_chain_and_address_that_it_came_by() -> None:
    bench = Bench()
    pay_in(bench, chain="trc20usdt", address="TRwkUYHWgUh23jbKpgTcYHgE9CcBzhGno9", tag="7")

    (row,) = listed(bench)

    assert (row["chain"], row["address"], row["address-tag"]) == ("trc20usdt", "TRwkUYHWgUh23jbKpgTcYHgE9CcBzhGno9", "7")


@pytest.mark.parametrize(
    ("steps", "state"),
    [(["review"], "confirmed"), (["advance", "review"], "confirmed"), (["fail"], "orphan"), (["refund"], "orphan")],
)
def test_what_an_operator_does_to_a_deposit_is_told_in_the_venues_words(steps: list[str], state: str) -> None:
    bench = Bench()
    payment_id = pay_in(bench)
    for step in steps:
        bench.desk.execute(StepPayment(payment_id=payment_id, event=PaymentEvent(step)))

    assert listed(bench)[0]["state"] == state


# --- the list


def test_the_list_goes_up_from_an_id_or_down_from_one() -> None:
    bench = Bench()
    for _ in range(4):
        pay_in(bench)

    assert ids(listed(bench)) == [0, 1, 2, 3]
    assert ids(listed(bench, direct="prev")) == [0, 1, 2, 3]
    assert ids(listed(bench, direct="next")) == [3, 2, 1, 0]
    assert ids(listed(bench, **{"from": str(FIRST + 1), "size": "2"})) == [1, 2]
    assert ids(listed(bench, **{"from": str(FIRST + 2), "size": "2", "direct": "next"})) == [2, 1]
    assert ids(listed(bench, **{"from": "0", "size": "3", "direct": "next"})) == [3, 2, 1]
    assert ids(listed(bench, **{"from": str(FIRST + 9)})) == []


def test_the_list_shows_one_type_and_one_currency_of_one_customer() -> None:
    bench = Bench()
    pay_in(bench)
    pay_in(bench, asset="BTC")
    pay_in(bench, who="bob")
    bench.write("/v1/dw/withdraw/api/create", {"address": EXAMPLE_ADDRESS, "currency": "eth", "chain": "eth", "amount": "1"})

    assert ids(listed(bench)) == [0, 1]
    assert ids(listed(bench, currency="btc")) == [1]
    assert ids(listed(bench, currency="doge")) == []
    assert ids(listed(bench, "bob")) == [2]
    rows = bench.read(LIST, {"type": "withdraw", "currency": "eth"}).body["data"]
    assert (ids(rows), rows[0]["type"], "client-order-id" in rows[0]) == ([3], "withdraw", False)


def test_what_ccxt_asks_is_answered() -> None:
    request = load("htx", "rest/deposit_withdraw")["requests"][0]
    bench = Bench()

    reply = bench.read(LIST, dict(pair.split("=") for pair in request["query"].split("&")))

    assert reply.body == {"status": "ok", "data": []}


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({}, ("validation-constraints-required", "Field is missing: type.")),
        ({"type": "both"}, ("base-argument-unsupported", "argument is not supported: type")),
        ({"type": "deposit", "currency": "gold"}, ("base-argument-unsupported", "argument is not supported: currency")),
        ({"type": "deposit", "size": "0"}, ("base-argument-unsupported", "argument is not supported: size")),
        ({"type": "deposit", "size": "501"}, ("base-argument-unsupported", "argument is not supported: size")),
        ({"type": "deposit", "size": "x"}, ("validation-format-error", "Format Error: size.")),
        ({"type": "deposit", "from": "x"}, ("validation-format-error", "Format Error: from.")),
        ({"type": "deposit", "from": "-1"}, ("base-argument-unsupported", "argument is not supported: from")),
        ({"type": "deposit", "direct": "up"}, ("base-argument-unsupported", "argument is not supported: direct")),
    ],
)
def test_a_bad_parameter_of_the_list_is_named(params: dict[str, str], error: tuple[str, str]) -> None:
    assert Bench().read(LIST, params).error == (200, *error)
