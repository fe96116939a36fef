"""What has changed an account: the history of v1 and the ledger of v2, over the wire (htx§3.3)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_support import DAY, HOUR, MINUTE, MS, SECOND, START_MS, Bench, Reply
from mockex.fixtures import load

from mockex.core.commands import AdjustBalance, CancelOrder, StartPayment, TransferFunds
from mockex.core.payments import PaymentKind
from mockex.core.units import Wallet
from mockex.venues.htx.customers import EXAMPLE_ADDRESS
from mockex.venues.htx.identities import FIRST_UID
from mockex.venues.htx.policy import POLICY

ALICE = "100009"
ATOM = 10**18
HISTORY, LEDGER = "/v1/account/history", "/v2/account/ledger"
MIN_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def bench_of(**amounts: str) -> Bench:
    """Alice's first entries are an hour old, so that a history shows what a test does."""
    bench = Bench(accounts={"alice": amounts or {"USDT": "1000", "BTC": "1", "ETH": "1"}, "bob": {"USDT": "1000", "BTC": "10"}})
    bench.clock.advance(2 * HOUR)
    return bench


def move(bench: Bench, amount: int, target: Wallet = Wallet.FUNDING, *, asset: str = "USDT", **terms: Any) -> None:
    bench.desk.execute(
        TransferFunds(account_id="alice", asset=asset, amount=amount * ATOM, source=Wallet.SPOT, target=target, **terms)
    )


def history(bench: Bench, who: str = "alice", **params: str) -> list[dict[str, Any]]:
    reply = ask(bench, who, **params)
    rows: list[dict[str, Any]] = reply.body["data"]
    return rows


def ask(bench: Bench, who: str = "alice", **params: str) -> Reply:
    query = {"account-id": ALICE} | {name.replace("_", "-"): value for name, value in params.items()}
    return bench.read(HISTORY, {name: value for name, value in query.items() if value}, who=who)


def ledger(bench: Bench, **params: str) -> Reply:
    query = {"accountId": ALICE} | params
    return bench.read(LEDGER, {name: value for name, value in query.items() if value})


def columns(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(Decimal(row[name]) if name.endswith(("amt", "balance")) else row[name] for name in names) for row in rows]


AMOUNTS = ("transact-type", "currency", "transact-amt", "avail-balance", "acct-balance")

# --- history: what is in it


def test_a_history_has_the_shape_of_the_example() -> None:
    bench = bench_of()
    for _ in range(2):
        move(bench, 10)

    reply = ask(bench, size="1")

    assert deviations(reply.body, load("htx", "rest/account_history")["fields"]) == []
    assert reply.body["data"][0] | {"record-id": 0} == {
        "account-id": 100_009, "currency": "usdt", "transact-amt": "-10.000000000000000000", "transact-type": "transfer",
        "avail-balance": "990.000000000000000000", "acct-balance": "990.000000000000000000", "record-id": 0,
        "transact-time": START_MS + 2 * HOUR_MS,
    }  # fmt: skip


def test_a_trade_has_a_row_for_what_was_paid_one_for_what_was_received_and_one_for_its_fee() -> None:
    bench = bench_of()
    bench.rest("sell", "100", "2")
    bench.rest("buy", "100", "1", who="alice")

    assert columns(history(bench), *AMOUNTS) == [
        ("trade", "usdt", -100, 900, 900),
        ("trade", "btc", 1, 2, 2),
        ("transact-fee", "btc", Decimal("-0.002"), Decimal("1.998"), Decimal("1.998")),
    ]


def test_a_makers_rebate_is_called_one() -> None:
    bench = bench_of()
    bench.desk.account("alice").fees = replace(POLICY.fees, maker_rate=-1_000_000)
    bench.rest("buy", "100", "1", who="alice")
    bench.rest("sell", "100", "1")

    assert columns(history(bench), *AMOUNTS)[-3:] == [
        ("trade", "usdt", -100, 900, 900),
        ("rebate", "usdt", Decimal("0.1"), Decimal("900.1"), Decimal("900.1")),
        ("trade", "btc", 1, 2, 2),
    ]


def test_what_is_held_is_not_available_but_belongs_to_the_account() -> None:
    bench = bench_of()
    bench.rest("buy", "100", "3", who="alice")
    move(bench, 50)

    assert columns(history(bench), *AMOUNTS) == [("transfer", "usdt", -50, 650, 950)]


def test_holding_and_giving_back_is_no_change() -> None:
    bench = bench_of()
    order_id = bench.rest("buy", "100", "3", who="alice")
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id))

    assert history(bench) == []


def test_a_withdrawal_is_booked_when_it_is_done_with_its_fee_by_itself() -> None:
    bench = bench_of()
    body = {"address": EXAMPLE_ADDRESS, "currency": "eth", "chain": "eth", "amount": "0.5"}
    bench.write("/v1/dw/withdraw/api/create", body)
    assert history(bench) == []
    bench.clock.advance(2 * SECOND)

    assert columns(history(bench), *AMOUNTS[:3]) == [
        ("withdraw", "eth", Decimal("-0.5")),
        ("withdraw-fee", "eth", Decimal("-0.003")),
    ]


def test_a_cancelled_withdrawal_leaves_nothing_in_the_history() -> None:
    bench = bench_of()
    body = {"address": EXAMPLE_ADDRESS, "currency": "eth", "chain": "eth", "amount": "0.5"}
    payment_id = bench.write("/v1/dw/withdraw/api/create", body).body["data"]
    bench.write(f"/v1/dw/withdraw-virtual/{payment_id}/cancel", {})
    bench.clock.advance(MINUTE)

    assert history(bench) == []


def test_deposits_and_an_operators_hand_have_words_of_their_own() -> None:
    bench = bench_of()
    bench.desk.execute(
        StartPayment(account_id="alice", kind=PaymentKind.COIN_DEPOSIT, asset="BTC", amount=3 * ATOM, wallet=Wallet.SPOT)
    )
    bench.clock.advance(2 * SECOND)
    bench.desk.execute(AdjustBalance(account_id="alice", wallet=Wallet.SPOT, asset="USDT", amount=-1000 * ATOM))

    rows = history(bench)

    assert columns(rows, *AMOUNTS) == [("deposit", "btc", 3, 4, 4), ("other-types", "usdt", -1000, 0, 0)]
    assert [row["acct-balance"] for row in rows] == ["4.000000000000000000", "0E-18"], "as the document prints nothing"


def test_every_account_has_a_history_of_its_own() -> None:
    bench = bench_of()
    move(bench, 7)

    assert columns(history(bench, account_id="100010"), "account-id", *AMOUNTS[:3]) == [(100_010, "transfer", "usdt", 7)]
    assert history(bench, "bob", account_id="100019") == []


# --- history: what it can be asked for


def test_a_history_can_be_asked_for_a_currency_and_for_types() -> None:
    bench = bench_of()
    bench.rest("sell", "100", "2")
    bench.rest("buy", "100", "1", who="alice")
    move(bench, 1)

    def kinds(**params: str) -> list[str]:
        return [row["transact-type"] for row in history(bench, **params)]

    assert kinds(currency="btc") == ["trade", "transact-fee"]
    assert kinds(transact_types="transact-fee") == ["transact-fee"]
    assert kinds(transact_types="trade,transfer") == ["trade", "trade", "transfer"]
    assert kinds(transact_types="trade", currency="usdt") == ["trade"]
    assert kinds(transact_types="etf,interest") == []
    assert kinds(currency="doge") == []


def test_a_history_is_oldest_first_unless_it_is_asked_for_otherwise() -> None:
    bench = bench_of()
    for amount in (1, 2, 3):
        move(bench, amount)

    assert columns(history(bench), "transact-amt") == [(-1,), (-2,), (-3,)]
    assert columns(history(bench, sort="asc"), "transact-amt") == [(-1,), (-2,), (-3,)]
    assert columns(history(bench, sort="desc"), "transact-amt") == [(-3,), (-2,), (-1,)]


@pytest.mark.parametrize("sort", ["asc", "desc"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 500])
def test_the_pieces_of_a_history_make_up_the_whole(sort: str, size: int) -> None:
    bench = bench_of()
    bench.rest("sell", "100", "9")
    bench.rest("buy", "100", "1", who="alice")
    move(bench, 1)
    whole = history(bench, sort=sort)

    found: list[dict[str, Any]] = []
    reply = ask(bench, sort=sort, size=str(size))
    while True:
        found += reply.body["data"]
        if "next-id" not in reply.body:
            break
        assert len(reply.body["data"]) == size
        reply = ask(bench, sort=sort, size=str(size), from_id=str(reply.body["next-id"]))

    assert (len(whole), found) == (4, whole)
    assert len({row["record-id"] for row in found}) == 4


def test_without_a_size_a_piece_has_100_rows() -> None:
    bench = bench_of()
    for _ in range(101):
        move(bench, 1)

    reply = ask(bench)

    assert len(reply.body["data"]) == 100
    assert reply.body["next-id"] == ask(bench, sort="desc").body["data"][0]["record-id"]


def test_without_bounds_a_history_shows_the_last_hour() -> None:
    bench = bench_of()
    move(bench, 1)
    bench.clock.advance(30 * MINUTE)
    move(bench, 2)
    bench.clock.advance(30 * MINUTE)
    assert columns(history(bench), "transact-amt") == [(-1,), (-2,)]
    bench.clock.advance(MS)

    assert columns(history(bench), "transact-amt") == [(-2,)]


def test_a_history_shows_what_lies_between_its_bounds_both_included() -> None:
    bench = bench_of()
    times = []
    for amount in (1, 2, 3):
        move(bench, amount)
        times.append(bench.now_ms)
        bench.clock.advance(MINUTE)

    def amounts(start: int, end: int) -> list[tuple[Any, ...]]:
        return columns(history(bench, start_time=str(start), end_time=str(end)), "transact-amt")

    assert amounts(times[0], times[2]) == [(-1,), (-2,), (-3,)]
    assert amounts(times[0] + 1, times[2] - 1) == [(-2,)]
    assert amounts(times[1], times[1]) == [(-2,)]
    assert columns(history(bench, start_time=str(times[1])), "transact-amt") == [(-2,), (-3,)]
    assert columns(history(bench, end_time=str(times[1])), "transact-amt") == [(-1,), (-2,)]


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("x", None, "invalid-start-time"),
        ("-1", None, "invalid-start-time"),
        ("1.5", None, "invalid-start-time"),
        (None, "soon", "invalid-end-time"),
        (-30 * DAY_MS - 1, -30 * DAY_MS + HOUR_MS - 1, "invalid-start-time"),
        (None, -30 * DAY_MS - 1, "invalid-end-time"),
        (1, None, "invalid-start-time"),
        (-HOUR_MS - 1, None, "invalid-interval"),
        (-2 * HOUR_MS, -HOUR_MS + 1, "invalid-interval"),
        (-MIN_MS, -2 * MIN_MS, "invalid-interval"),
        (-30 * DAY_MS, -30 * DAY_MS + HOUR_MS, None),
        (-HOUR_MS, 0, None),
        (None, -29 * DAY_MS, None),
        (0, 1, None),
    ],
)
def test_a_span_of_a_history_is_an_hour_within_30_days(
    start: int | str | None, end: int | str | None, code: str | None
) -> None:
    bench = Bench(start="2024-02-15T03:04:05.678Z")
    bench.clock.advance(40 * DAY)

    def text(bound: int | str | None) -> str:
        return str(bench.now_ms + bound) if isinstance(bound, int) else bound or ""

    reply = ask(bench, start_time=text(start), end_time=text(end))

    assert (reply.body["status"] == "ok") if code is None else (reply.error[1] == code)


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"account_id": ""}, ("validation-constraints-required", "Field is missing: account-id.")),
        (
            {"account_id": "100019"},
            ("account-get-accounts-inexistent-error", f"account for id `100019` and user id `{FIRST_UID}` does not exist"),
        ),
        ({"currency": "gold"}, ("base-argument-unsupported", "argument is not supported: currency")),
        ({"transact_types": "trade,magic"}, ("base-argument-unsupported", "argument is not supported: transact-types")),
        ({"sort": "up"}, ("base-argument-unsupported", "argument is not supported: sort")),
        ({"size": "0"}, ("base-argument-unsupported", "argument is not supported: size")),
        ({"size": "501"}, ("base-argument-unsupported", "argument is not supported: size")),
        ({"size": "many"}, ("validation-format-error", "Format Error: size.")),
        ({"from_id": "x"}, ("validation-format-error", "Format Error: from-id.")),
    ],
)
def test_a_bad_parameter_of_a_history_is_named(params: dict[str, str], error: tuple[str, str]) -> None:
    assert ask(bench_of(), **params).error == (200, *error)


# --- the ledger of v2


def test_a_ledger_has_the_shape_of_the_example_and_numbers_for_amounts() -> None:
    bench = bench_of()
    for _ in range(2):
        move(bench, 10)

    reply = ledger(bench, limit="1")

    assert deviations(reply.body, load("htx", "rest/ledger")["fields"]) == []
    assert list(reply.body) == ["code", "message", "data", "nextId", "ok"]
    assert '"transactAmt":-10,' in reply.text


def test_a_ledger_knows_transfers_only_and_who_had_the_money_before() -> None:
    bench = bench_of()
    bench.rest("sell", "100", "2")
    bench.rest("buy", "100", "1", who="alice")
    move(bench, 5)
    bench.desk.execute(
        TransferFunds(account_id="alice", asset="USDT", amount=2 * ATOM, source=Wallet.FUNDING, target=Wallet.SPOT)
    )

    rows = ledger(bench).body["data"]

    names = ("accountId", "transactType", "transferType", "transactAmt", "transferer", "transferee", "transactTime")
    now_ms = START_MS + 2 * HOUR_MS
    assert [tuple(row[name] for name in names) for row in rows] == [
        (100_009, "transfer", "otc-to-spot", 2, 100_010, 100_009, now_ms),
        (100_009, "transfer", "spot-to-otc", -5, 100_009, 100_010, now_ms),
    ]


@pytest.mark.parametrize(
    ("wallet", "words"),
    [
        (Wallet.FUNDING, ("spot-to-otc", "otc-to-spot")),
        (Wallet.FUTURES, ("spot-to-futures", "futures-to-spot")),
        (Wallet.COIN_SWAP, ("dm-spot-to-swap", "dm-swap-to-spot")),
        (Wallet.LINEAR_SWAP, ("spot-to-linear-swap", "linear-swap-to-spot")),
    ],
)
def test_a_transfer_is_called_by_the_account_at_its_other_end(wallet: Wallet, words: tuple[str, str]) -> None:
    bench = bench_of()
    move(bench, 5, wallet)
    bench.desk.execute(TransferFunds(account_id="alice", asset="USDT", amount=ATOM, source=wallet, target=Wallet.SPOT))

    assert tuple(row["transferType"] for row in ledger(bench, sort="asc").body["data"]) == words


def test_the_otc_account_calls_the_same_transfer_the_same() -> None:
    bench = bench_of()
    move(bench, 5)

    (row,) = ledger(bench, accountId="100010").body["data"]

    assert (row["transferType"], row["transactAmt"], row["transferer"], row["transferee"]) == (
        "spot-to-otc",
        5,
        100_009,
        100_010,
    )


def test_a_transfer_to_another_customer_is_in_both_ledgers() -> None:
    bench = bench_of()
    move(bench, 5, Wallet.SPOT, recipient_id="bob")
    names = ("transferType", "transactAmt", "transferer", "transferee")

    (given,) = ledger(bench).body["data"]
    (taken,) = bench.read(LEDGER, {"accountId": "100019"}, who="bob").body["data"]

    assert tuple(given[name] for name in names) == ("sub-transfer-out", -5, 100_009, 100_019)
    assert tuple(taken[name] for name in names) == ("sub-transfer-in", 5, 100_009, 100_019)


def test_a_ledger_is_newest_first_and_can_be_asked_for_a_currency() -> None:
    bench = bench_of()
    for asset, amount in (("USDT", 1), ("BTC", 1), ("USDT", 3)):
        move(bench, amount, asset=asset)

    def amounts(**params: str) -> list[int]:
        return [row["transactAmt"] for row in ledger(bench, **params).body["data"]]

    assert amounts() == [-3, -1, -1]
    assert amounts(sort="desc") == [-3, -1, -1]
    assert amounts(sort="asc", currency="usdt", transactTypes="transfer") == [-1, -3]
    assert amounts(currency="btc") == [-1]


@pytest.mark.parametrize("sort", ["asc", "desc"])
def test_the_pieces_of_a_ledger_make_up_the_whole(sort: str) -> None:
    bench = bench_of()
    for amount in range(1, 6):
        move(bench, amount)
    found: list[int] = []
    reply = ledger(bench, sort=sort, limit="2")
    while True:
        found += [row["transactAmt"] for row in reply.body["data"]]
        if "nextId" not in reply.body:
            break
        reply = ledger(bench, sort=sort, limit="2", fromId=str(reply.body["nextId"]))

    assert found == sorted(range(-5, 0), reverse=sort == "asc")


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("x", None, "invalid field value in `startTime`"),
        (None, "-1", "invalid field value in `endTime`"),
        (1, None, "value in `startTime` exceeded valid range"),
        (-180 * DAY_MS - 1, -175 * DAY_MS, "value in `startTime` exceeded valid range"),
        (-10 * DAY_MS - 1, None, "value in `endTime` exceeded valid range"),
        (-30 * DAY_MS, -20 * DAY_MS + 1, "value in `endTime` exceeded valid range"),
        (-DAY_MS, -2 * DAY_MS, "value in `endTime` exceeded valid range"),
        (None, -180 * DAY_MS - 1, "value in `endTime` exceeded valid range"),
        (-180 * DAY_MS, -170 * DAY_MS, None),
        (-10 * DAY_MS, 0, None),
        (None, -100 * DAY_MS, None),
        (-DAY_MS, DAY_MS, None),
    ],
)
def test_a_span_of_a_ledger_is_ten_days_within_180(start: int | str | None, end: int | str | None, message: str | None) -> None:
    bench = Bench()
    bench.clock.advance(200 * DAY)

    def text(bound: int | str | None) -> str:
        return str(bench.now_ms + bound) if isinstance(bound, int) else bound or ""

    reply = ledger(bench, startTime=text(start), endTime=text(end))

    assert (reply.body["code"] == 200) if message is None else (reply.error == (200, "2002", message))


def test_without_bounds_a_ledger_shows_the_last_ten_days() -> None:
    bench = bench_of()
    move(bench, 1)
    bench.clock.advance(10 * DAY)
    assert len(ledger(bench).body["data"]) == 1
    bench.clock.advance(MS)

    assert ledger(bench).body["data"] == []


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"accountId": ""}, ("2002", "invalid field value in `accountId`")),
        ({"accountId": "mine"}, ("2002", "invalid field value in `accountId`")),
        ({"accountId": "100019"}, ("1002", "forbidden")),
        ({"accountId": "1"}, ("1002", "forbidden")),
        ({"currency": "gold"}, ("2002", "invalid field value in `currency`")),
        ({"transactTypes": "trade"}, ("2002", "invalid field value in `transactTypes`")),
        ({"transactTypes": "transfer,trade"}, ("2002", "invalid field value in `transactTypes`")),
        ({"sort": "up"}, ("2002", "invalid field value in `sort`")),
        ({"limit": "0"}, ("2002", "invalid field value in `limit`")),
        ({"limit": "501"}, ("2002", "invalid field value in `limit`")),
        ({"limit": "x"}, ("2002", "invalid field value in `limit`")),
        ({"fromId": "x"}, ("2002", "invalid field value in `fromId`")),
        ({"fromId": "1"}, ("2002", "value in `fromId` is not found in record")),
    ],
)
def test_a_bad_parameter_of_a_ledger_is_named(params: dict[str, str], error: tuple[str, str]) -> None:
    bench = bench_of()
    move(bench, 1)

    assert ledger(bench, **params).error == (200, *error)
