"""ccxt 4.1.20 moves money: transfers, withdrawals, deposits. Where ccxt itself is wrong, that is expected, with its reason."""

from __future__ import annotations

import pytest
from thirdparty_rig import ClientError, Conversation, Simulator, Talk

pytestmark = pytest.mark.thirdparty

EXAMPLE_ADDRESS = "17DKe3kkkkiiiiTvAKKi2vMPbm1Bz3CMKw"  # verified for every new account, as in ccxt's own examples
TO_AN_ADDRESS = {"destination": "-1", "password": "123456", "fee": "0.0005", "chain": "BTC"}


@pytest.fixture
def ccxt(talk: Talk) -> Conversation:
    return talk("ccxt", "rest.py")


def totals(ccxt: Conversation) -> tuple[float, float]:
    """Bitcoin in the trading account and in the funding account."""
    spot, funding = ccxt.call("fetch_balance"), ccxt.call("fetch_balance", {"type": "account"})
    return spot["BTC"]["total"], funding["BTC"]["total"]


def test_a_transfer_moves_money_between_the_accounts(ccxt: Conversation) -> None:
    ccxt.call("transfer", "BTC", 1.5, "funding", "spot")

    assert totals(ccxt) == (3.5, 3.5)


def test_ccxt_calls_a_transfer_that_succeeded_failed(ccxt: Conversation) -> None:
    """It looks the JSON `true` up under the text "true", which Python's `True` never is."""
    transfer = ccxt.call("transfer", "BTC", 1.5, "funding", "spot")

    assert transfer["status"] == "failed"
    assert transfer["info"]["result"] is True
    assert (transfer["amount"], transfer["fromAccount"], transfer["toAccount"]) == (1.5, "funding", "spot")


def test_a_transfer_beyond_the_balance_is_refused_and_moves_nothing(ccxt: Conversation) -> None:
    with pytest.raises(ClientError) as failure:
        ccxt.call("transfer", "BTC", 5.00000001, "funding", "spot")

    assert failure.value.types[0] == "InsufficientFunds"
    assert "34008" in failure.value.message
    assert totals(ccxt) == (2.0, 5.0)


def test_held_money_cannot_be_transferred(ccxt: Conversation) -> None:
    ccxt.call("create_order", "BTC/JPY", "limit", "sell", 1.5, 9000000)

    with pytest.raises(ClientError) as failure:
        ccxt.call("transfer", "BTC", 0.6, "spot", "funding")

    assert failure.value.types[0] == "InsufficientFunds"
    assert totals(ccxt) == (2.0, 5.0)


def test_a_withdrawal_holds_amount_and_fee_then_takes_them(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    ccxt.call("withdraw", "BTC", 1, EXAMPLE_ADDRESS, None, TO_AN_ADDRESS)

    assert ccxt.call("fetch_balance", {"type": "account"})["BTC"] == {"free": 3.9995, "used": 1.0005, "total": 5.0}
    venue.advance(5)
    assert ccxt.call("fetch_balance", {"type": "account"})["BTC"] == {"free": 3.9995, "used": 0.0, "total": 3.9995}


def test_ccxt_finds_no_id_in_a_withdrawal(venue: Simulator, ccxt: Conversation) -> None:
    """It reads `withdrawal_id`; the venue documents `withdraw_id`. For the same reason it lists withdrawals as deposits,
    and since the venue renumbered its states in 2023, one that is done as pending.
    """
    made = ccxt.call("withdraw", "BTC", 1, EXAMPLE_ADDRESS, None, TO_AN_ADDRESS)
    venue.advance(5)
    (listed,) = ccxt.call("fetch_withdrawals", "BTC")

    assert (made["id"], listed["id"]) == (None, None)
    assert str(made["info"]["withdraw_id"]) == str(listed["info"]["withdraw_id"])
    assert (listed["type"], listed["status"], listed["info"]["status"]) == ("deposit", "pending", "4")
    assert (listed["amount"], listed["address"], listed["info"]["fee"]) == (1.0, EXAMPLE_ADDRESS, "0.00050000btc")


def test_ccxts_own_destination_is_not_one_of_this_venue(ccxt: Conversation) -> None:
    """It sends 4, "others" at the parent exchange; the venue knows -1 and 5."""
    with pytest.raises(ClientError, match="30024"):
        ccxt.call("withdraw", "BTC", 1, EXAMPLE_ADDRESS, None, {"password": "123456", "fee": "0.0005"})

    assert totals(ccxt) == (2.0, 5.0)


@pytest.mark.parametrize(
    ("amount", "address", "changed", "type_and_code"),
    [
        (1, EXAMPLE_ADDRESS, {"password": "654321"}, ("AuthenticationError", "34018")),
        (1, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", {}, ("InvalidAddress", "34021")),
        (0.0001, EXAMPLE_ADDRESS, {}, ("ExchangeError", "34006")),
        (1, EXAMPLE_ADDRESS, {"fee": "0.0001"}, ("ExchangeError", "34004")),
        (5, EXAMPLE_ADDRESS, {}, ("InsufficientFunds", "34008")),
    ],
    ids=["wrong funds password", "address not verified", "below the minimum", "fee too small", "no funds for the fee"],
)
def test_a_withdrawal_that_is_refused_holds_nothing(
    ccxt: Conversation, amount: float, address: str, changed: dict[str, str], type_and_code: tuple[str, str]
) -> None:
    with pytest.raises(ClientError) as failure:
        ccxt.call("withdraw", "BTC", amount, address, None, {**TO_AN_ADDRESS, **changed})

    assert failure.value.types[0] == type_and_code[0]
    assert type_and_code[1] in failure.value.message
    assert ccxt.call("fetch_balance", {"type": "account"})["BTC"] == {"free": 5.0, "used": 0.0, "total": 5.0}


def test_a_deposit_is_listed_at_once_and_credited_when_it_is_done(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    address = ccxt.call("fetch_deposit_address", "LTC")["address"]
    deposit = {"account": "trader", "kind": "coin", "asset": "LTC", "amount": "2.5", "chain": "LTC", "address": address}
    payment = venue.venue("POST", "/payments", deposit)

    (arriving,) = ccxt.call("fetch_deposits", "LTC")
    assert (arriving["id"], arriving["amount"], arriving["address"]) == (payment["payment_id"], 2.5, address)
    assert (arriving["type"], arriving["status"], len(arriving["txid"])) == ("deposit", "pending", 64)

    venue.advance(5)
    assert ccxt.call("fetch_balance", {"type": "account"})["LTC"]["total"] == 42.5


def test_deposit_addresses_look_like_their_chain(ccxt: Conversation) -> None:
    bitcoin, ripple = ccxt.call("fetch_deposit_address", "BTC"), ccxt.call("fetch_deposit_address", "XRP")

    assert bitcoin["address"][0] in "13b"
    assert bitcoin["tag"] is None
    assert ripple["address"].startswith("r")
    assert ripple["tag"].isdigit()
