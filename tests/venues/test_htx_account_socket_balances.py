"""What the account socket tells of balances, in each of its three modes (htx§6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations
from htx_account_client import AccountSocket
from htx_support import START_MS, Bench, make_listing
from mockex.fixtures import load

from mockex.core.commands import AdjustBalance, CancelOrder, StartPayment, TransferFunds
from mockex.core.ledger import BalanceCause
from mockex.core.payments import PaymentKind
from mockex.core.units import Wallet
from mockex.venues.htx.push_codec import CHANGE_TYPES

BALANCES = load("htx", "ws/accounts_update")
WORDS = load("htx", "states")["change_types"]["values"]
ATOM = 10**18

# Decided by the fixture: `seqNum` is a number, as the venue's own field table has it.
FIELDS = [row | {"type": "integer"} if row["path"] == "data.seqNum" else row for row in BALANCES["fields"]]
MODES = ["0", "1", "2"]


def new_bench() -> Bench:
    """alice has 1000 USDT and 5 BTC, bob is rich."""
    return Bench(make_listing(), accounts={"alice": {"USDT": "1000", "BTC": "5"}, "bob": {"USDT": "1000000", "BTC": "1000"}})


def told(pushes: list[Any]) -> list[tuple[str, str | None, Decimal | None, Decimal | None]]:
    """Currency, cause, balance and what of it is available, of each push."""

    def amount(push: dict[str, Any], name: str) -> Decimal | None:
        return Decimal(push[name]) if name in push else None

    return [(push["currency"], push["changeType"], amount(push, "balance"), amount(push, "available")) for push in pushes]


def read(mode: str, bench: Bench, who: str = "alice") -> AccountSocket:
    return AccountSocket.of(bench, who, f"accounts.update#{mode}")


# --- on arrival


@pytest.mark.parametrize("mode", MODES)
def test_every_currency_is_told_once_on_arrival_without_a_cause(mode: str) -> None:
    bench = new_bench()
    bench.rest("buy", "100", "2", who="alice")
    socket = AccountSocket.of(bench)

    pushes = socket.subscribe(f"accounts.update#{mode}")

    balances = {"usdt": (1000, 800), "btc": (5, 5)}
    assert [push["currency"] for push in pushes] == ["usdt", "btc", "eth", "trx", "doge", "shib"]
    for push in pushes:
        total, available = balances.get(push["currency"], (0, 0))
        assert Decimal(push["balance"]) == total
        assert ("available" in push) is (mode != "0")
        assert mode == "0" or Decimal(push["available"]) == available
        assert (push["changeType"], push["changeTime"], push["accountType"]) == (None, None, "trade")
        assert push["accountId"] == bench.desk.state.identities.account_number("alice")


def test_the_pushes_on_arrival_have_the_shape_of_the_example() -> None:
    socket = AccountSocket.of(new_bench())
    _, *pushes = socket.send({"action": "sub", "ch": "accounts.update#2"})
    (example,) = (frame["frame"] for frame in BALANCES["frames"] if frame["id"].endswith("frame.4"))
    for push in pushes:
        assert deviations(push, FIELDS) == []
        assert push["data"].keys() == example["data"].keys()


def test_without_a_mode_it_is_mode_0_by_name_and_by_content() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench, "alice", "accounts.update")
    bench.trade()
    messages = socket.messages()
    assert {message["ch"] for message in messages} == {"accounts.update#0"}
    assert all("available" not in message["data"] for message in messages)


# --- modes


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("0", []),
        ("1", [("usdt", "order.place", None, 800)]),
        ("2", [("usdt", "order.place", 1000, 800)]),
    ],
)
def test_money_that_is_only_set_aside_changes_what_is_available(mode: str, expected: list[Any]) -> None:
    bench = new_bench()
    socket = read(mode, bench)
    bench.rest("buy", "100", "2", who="alice")
    assert told(socket.pushes()) == expected


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("0", [("usdt", "order.match", 900, None), ("btc", "order.match", Decimal("5.998"), None)]),
        (
            "1",
            [
                ("usdt", "order.match", 900, None),
                ("usdt", "order.match", None, 900),
                ("btc", "order.match", Decimal("5.998"), None),
                ("btc", "order.match", None, Decimal("5.998")),
            ],
        ),
        ("2", [("usdt", "order.match", 900, 900), ("btc", "order.match", Decimal("5.998"), Decimal("5.998"))]),
    ],
)
def test_a_trade_changes_both_amounts_of_both_currencies(mode: str, expected: list[Any]) -> None:
    bench = new_bench()
    bench.rest("sell", "100", "1")
    socket = read(mode, bench)
    bench.rest("buy", "100", "1", who="alice")

    messages = socket.messages()

    assert sorted(told([message["data"] for message in messages]), key=str) == sorted(expected, key=str)
    for message in messages:
        assert deviations(message, FIELDS) == []
        assert message["data"]["changeTime"] == START_MS


def test_a_makers_trade_in_mode_1_tells_only_what_has_changed() -> None:
    """What the order held is gone: of USDT only the balance changes, of BTC both."""
    bench = new_bench()
    bench.rest("buy", "100", "1", who="alice")
    socket = read("1", bench)
    bench.rest("sell", "100", "1")
    assert told(socket.pushes()) == [
        ("usdt", "order.match", 900, None),
        ("btc", "order.match", Decimal("5.998"), None),
        ("btc", "order.match", None, Decimal("5.998")),
    ]


def test_what_came_and_went_at_once_is_not_told() -> None:
    bench = new_bench()
    socket = read("2", bench)
    bench.order("buy-ioc", "1", "90")
    assert socket.pushes() == []


# --- causes


def test_every_cause_has_a_word_of_the_table() -> None:
    assert CHANGE_TYPES.keys() == set(BalanceCause)
    assert set(CHANGE_TYPES.values()) <= set(WORDS)


def test_each_cause_is_told_by_its_word() -> None:
    bench = new_bench()
    socket = read("2", bench)
    order_id = bench.rest("buy", "100", "1", who="alice")
    bench.desk.execute(CancelOrder(account_id="alice", order_id=order_id))
    amount = {"account_id": "alice", "asset": "USDT", "amount": 10 * ATOM}
    bench.desk.execute(TransferFunds(**amount, source=Wallet.SPOT, target=Wallet.FUNDING))
    bench.desk.execute(AdjustBalance(**amount, wallet=Wallet.SPOT))
    bench.desk.execute(StartPayment(**amount, kind=PaymentKind.COIN_WITHDRAWAL, wallet=Wallet.SPOT))
    bench.desk.execute(StartPayment(**amount, kind=PaymentKind.COIN_DEPOSIT, wallet=Wallet.SPOT))

    assert told(socket.pushes()) == [
        ("usdt", "order.place", 1000, 900),
        ("usdt", "order.cancel", 1000, 1000),
        ("usdt", "transfer", 990, 990),
        ("usdt", "other", 1000, 1000),
        ("usdt", "withdraw", 1000, 990),
    ]
    later = [change[1] for change in told([message["data"] for message in socket.wait(60 * 10**9)])]
    assert sorted(change for change in later if change is not None) == ["deposit", "withdraw"]


def test_only_the_spot_account_is_told_of() -> None:
    bench = new_bench()
    socket = read("2", bench)
    bench.desk.execute(AdjustBalance(account_id="alice", wallet=Wallet.FUNDING, asset="USDT", amount=ATOM))
    assert socket.pushes() == []


# --- numbers


def test_the_sequence_number_of_a_currency_grows_with_every_change() -> None:
    bench = new_bench()
    socket = AccountSocket.of(bench)
    start = {push["currency"]: push["seqNum"] for push in socket.subscribe("accounts.update#2")}
    for price in ("90", "91", "92"):
        bench.rest("buy", price, "1", who="alice")

    numbers = [push["seqNum"] for push in socket.pushes()]

    assert numbers == [start["usdt"] + change for change in (1, 2, 3)]
    assert start["eth"] == 0
    again = {push["currency"]: push["seqNum"] for push in AccountSocket.of(bench).subscribe("accounts.update#0")}
    assert again == start | {"usdt": numbers[-1]}


def test_readers_of_different_modes_and_later_readers_are_all_told_right() -> None:
    bench = new_bench()
    first = read("1", bench)
    bench.rest("buy", "100", "1", who="alice")
    second = read("1", bench)
    bench.rest("buy", "100", "1", who="alice")
    assert told(first.pushes())[-1] == told(second.pushes())[-1] == ("usdt", "order.place", None, 800)
