"""What an operator may do to a customer of HTX, and what the customer's calls then meet."""

from __future__ import annotations

import pytest
from htx_support import SECOND, Bench, Reply

from mockex.core.units import Wallet
from mockex.operator import accounts, actions, payments
from mockex.operator.refusals import OperatorError
from mockex.venues.htx.customers import EXAMPLE_ADDRESS

NEW = "0x" + "a1" * 20


def act(bench: Bench, action: str, **arguments: str) -> dict[str, object]:
    return actions.act(bench.simulation, "alice", action, arguments)


def withdraw(bench: Bench, address: str, **more: str) -> Reply:
    body = {"address": address, "currency": "eth", "amount": "1", **more}
    return bench.write("/v1/dw/withdraw/api/create", body)


def book(bench: Bench, currency: str = "eth") -> list[str]:
    return [row["address"] for row in bench.read("/v2/account/withdraw/address", {"currency": currency}).body["data"]]


def test_an_address_that_was_listed_can_be_withdrawn_to() -> None:
    bench = Bench()
    assert withdraw(bench, NEW).error[1] == "api-not-support-temp-addr"

    act(bench, "add_address", currency="eth", address=NEW, note="cold")

    assert withdraw(bench, NEW).body["status"] == "ok"
    assert book(bench)[-1] == NEW
    assert bench.read("/v2/account/withdraw/address", {"currency": "eth", "note": "cold"}).body["data"][0]["address"] == NEW


def test_an_empty_book_lets_nothing_out() -> None:
    bench = Bench()

    assert act(bench, "clear_address_book") == {"address_book": []}

    assert book(bench) == []
    assert withdraw(bench, EXAMPLE_ADDRESS).error[1] == "api-not-support-temp-addr"


def test_a_new_deposit_address_is_that_of_every_coin_on_its_chain() -> None:
    bench = Bench()

    def address(currency: str) -> str:
        text: str = bench.read("/v2/account/deposit/address", {"currency": currency}).body["data"][-1]["address"]
        return text

    before = address("usdt")

    renewed = act(bench, "renew_deposit_address", currency="ETH")

    assert renewed["address"] == address("eth") == address("usdt") != before
    shown = act(bench, "show_addresses")["deposit_addresses"]
    assert isinstance(shown, list)
    assert renewed in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"currency": "gold", "address": NEW}, "there is no currency 'gold'"),
        ({"currency": "eth", "chain": "btc", "address": NEW}, "ETH has no chain 'btc'; it has eth"),
        ({"currency": "btc", "address": NEW}, "is no address on btc"),
    ],
)
def test_an_operators_mistake_is_told_in_one_line(arguments: dict[str, str], words: str) -> None:
    bench = Bench()
    before = book(bench)

    with pytest.raises(OperatorError, match=words):
        act(bench, "add_address", **arguments)

    assert book(bench) == before


def test_an_operators_deposit_arrives_in_spot_unless_another_wallet_is_named() -> None:
    bench = Bench(accounts={"alice": {}, "bob": {}})

    payments.start_deposit(bench.simulation, account="alice", asset="BTC", amount="2", kind="coin")
    accounts.deposit(bench.simulation, "alice", "BTC", "3", wallet="linear_swap")
    bench.clock.advance(2 * SECOND)

    account = bench.desk.account("alice")
    assert [account.available(wallet, "BTC") for wallet in (Wallet.SPOT, Wallet.LINEAR_SWAP)] == [2 * 10**18, 3 * 10**18]
    (row,) = bench.read("/v1/query/deposit-withdraw", {"type": "deposit"}).body["data"]
    assert (row["state"], str(row["amount"])) == ("safe", "2")
