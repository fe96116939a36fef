"""ccxt 4.5.90 pays into and out of HTX: addresses, deposits, withdrawals."""

from __future__ import annotations

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

VENUE = "htx"
EXAMPLE_ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"


@pytest.fixture(scope="module")
def ccxt(lasting_talk: Talk) -> Conversation:
    return lasting_talk("ccxt_htx", "htx_session.py", kind="async")


@pytest.fixture
def listed(venue: Simulator) -> str:
    """An address that the trader may withdraw to."""
    entry = {"currency": "btc", "address": EXAMPLE_ADDRESS}
    venue.venue("POST", "/accounts/trader/actions/add_address", {"arguments": entry})
    return EXAMPLE_ADDRESS


def test_deposit_addresses_are_those_of_their_networks(venue: Simulator, ccxt: Conversation) -> None:
    tether = ccxt.call("fetch_deposit_addresses_by_network", "USDT")
    bitcoin = ccxt.call("fetch_deposit_address", "BTC")

    assert {"TRC20", "ERC20"} <= set(tether)
    assert tether["TRC20"]["address"].startswith("T")
    assert tether["ERC20"]["address"].startswith("0x")
    assert bitcoin["address"][0] in "13b"


def test_a_deposit_is_listed_at_once_and_credited_when_it_is_done(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    address = ccxt.call("fetch_deposit_address", "BTC")["address"]
    deposit = {"account": "trader", "kind": "coin", "asset": "BTC", "amount": "2.5", "chain": "btc", "address": address}
    venue.venue("POST", "/payments", deposit)

    (arriving,) = ccxt.call("fetch_deposits", "BTC")
    assert (arriving["amount"], arriving["address"], arriving["type"]) == (2.5, address, "deposit")
    assert arriving["status"] == "pending"

    venue.advance(60)
    (done,) = ccxt.call("fetch_deposits", "BTC")
    assert (done["id"], done["status"]) == (arriving["id"], "ok")
    assert ccxt.call("fetch_balance")["BTC"]["total"] == 4.5


def test_a_withdrawal_takes_amount_and_fee(venue: Simulator, ccxt: Conversation, listed: str) -> None:
    made = ccxt.call("withdraw", "BTC", 1, listed, {"network": "BTC", "fee": 0.0004})

    balance = ccxt.call("fetch_balance")["BTC"]
    assert balance["free"] == 0.9996
    venue.advance(60)
    (paid,) = ccxt.call("fetch_withdrawals", "BTC")
    assert (paid["id"], paid["status"], paid["amount"]) == (made["id"], "ok", 1.0)
    assert (paid["address"], paid["network"], paid["fee"]["cost"]) == (listed, "BTC", 0.0004)
    assert ccxt.call("fetch_balance")["BTC"]["total"] == 0.9996


@pytest.mark.parametrize(
    ("amount", "address", "fee", "code"),
    [
        (5, EXAMPLE_ADDRESS, 0.0004, "dw-insufficient-balance"),
        (1, EXAMPLE_ADDRESS, 0.0001, "base-withdraw-fee-error"),
        (1, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", 0.0004, "api-not-support-temp-addr"),
    ],
)
def test_a_withdrawal_that_is_refused_holds_nothing(
    ccxt: Conversation, listed: str, amount: float, address: str, fee: float, code: str
) -> None:
    with pytest.raises(ClientError, match=code):
        ccxt.call("withdraw", "BTC", amount, address, {"network": "BTC", "fee": fee})

    assert ccxt.call("fetch_balance")["BTC"] == {"free": 2.0, "used": 0.0, "total": 2.0}
