"""ccxt 4.1.20 turns the venue's error codes into its own exceptions: what it raises shows that it understood the answer."""

from __future__ import annotations

import pytest
from thirdparty_rig import ClientError, Conversation, Keys, Simulator, Talk

pytestmark = pytest.mark.thirdparty

BALANCE = "/api/spot/v3/accounts"

# ccxt 4.1.20's own table of this exchange, by the codes that this venue documents. Every other code is an ExchangeError.
CCXT_CLASSES = {
    "InvalidNonce": ["30005"],
    "RequestTimeout": ["30008", "30044"],
    "DDoSProtection": ["30014", "30026"],
    "RateLimitExceeded": ["34026"],
    "ExchangeNotAvailable": ["30019", "30030", "30037"],
    "OnMaintenance": ["30038"],
    "BadSymbol": ["30024", "30032"],
    "BadRequest": ["30007", "30020", "30021", "30023", "30025", "30031", "30033", "33021", "33059", "33060"],
    "OrderNotFound": ["33014"],
    "InsufficientFunds": ["33003", "33008", "33017", "34008"],
    "InvalidOrder": ["33013", "33015", "33022", "33024", "33025", "33027", "33028", "33029"],
    "InvalidAddress": ["34002", "34021"],
    "PermissionDenied": ["30011", "30022", "30028", "33001", "34001", "34016", "34019", "34020"],
    "AccountSuspended": ["30029", "33002", "34017"],
    "AuthenticationError": [
        "30001", "30002", "30003", "30004", "30006", "30010", "30012", "30013", "30015", "30027", "34018",
    ],
    "ExchangeError": ["30009", "33007", "33026", "33035", "34003", "34064"],
}  # fmt: skip


@pytest.fixture
def ccxt(talk: Talk) -> Conversation:
    conversation = talk("ccxt", "rest.py")
    conversation.call("load_markets")
    return conversation


def raised(ccxt: Conversation, call: str, *args: object) -> ClientError:
    with pytest.raises(ClientError) as failure:
        ccxt.call(call, *args)
    return failure.value


def test_every_code_becomes_the_class_that_ccxt_has_for_it(venue: Simulator, ccxt: Conversation) -> None:
    expected = {code: name for name, codes in CCXT_CLASSES.items() for code in codes}
    found = {}
    for number, code in enumerate(expected, 1):
        venue.venue("POST", "/faults", {"code": code, "path": BALANCE})
        error = raised(ccxt, "fetch_balance")
        found[code] = error.types[0]
        assert f'"code":{code}' in error.message
        if number % 10 == 0:
            venue.advance(2)  # the limit is 20 calls in 2 s

    assert found == expected


def test_a_planned_fault_is_over_after_its_call(venue: Simulator, ccxt: Conversation) -> None:
    venue.venue("POST", "/faults", {"code": "30030", "path": BALANCE})
    raised(ccxt, "fetch_balance")

    assert ccxt.call("fetch_balance")["BTC"]["total"] == 2.0


def test_a_wrong_secret_is_an_invalid_signature(talk: Talk) -> None:
    error = raised(talk("ccxt", "rest.py", secret="0" * 32), "load_markets")

    assert error.types[0] == "AuthenticationError"
    assert "30013" in error.message


def test_a_wrong_passphrase_is_told_apart_from_a_wrong_secret(talk: Talk) -> None:
    assert "30015" in raised(talk("ccxt", "rest.py", passphrase="guess"), "load_markets").message


def test_an_unknown_key_is_refused(talk: Talk) -> None:
    assert "30006" in raised(talk("ccxt", "rest.py", key="00000000-0000-4000-8000-000000000000"), "load_markets").message


def test_a_clock_that_is_half_a_minute_off_is_refused(venue: Simulator, ccxt: Conversation) -> None:
    venue.advance(40)

    error = raised(ccxt, "fetch_balance")

    assert error.types[0] == "RequestTimeout"
    assert "30008" in error.message


def test_a_key_that_may_only_read_cannot_trade(venue: Simulator, talk: Talk) -> None:
    viewer = next(key for key in venue.venue("GET", "/keys")["keys"] if key["name"] == "viewer")
    keys = Keys(key=viewer["api_key"], secret=viewer["secret"], passphrase=viewer["passphrase"])
    ccxt = talk("ccxt", "rest.py", key=keys.key, secret=keys.secret, passphrase=keys.passphrase)

    assert ccxt.call("fetch_balance")["BTC"]["total"] > 0
    error = raised(ccxt, "create_order", "BTC/JPY", "limit", "buy", 0.01, 7000000)

    assert error.types[0] == "AuthenticationError"
    assert "30012" in error.message


def test_calls_beyond_the_rate_limit_are_refused_until_the_window_has_passed(venue: Simulator, ccxt: Conversation) -> None:
    venue.freeze()
    for _ in range(20):
        ccxt.call("fetch_balance")

    error = raised(ccxt, "fetch_balance")

    assert error.types[0] == "DDoSProtection"
    assert "30026" in error.message
    venue.advance(2)
    assert ccxt.call("fetch_balance")["BTC"]["total"] == 2.0


def test_maintenance_is_told_as_such(venue: Simulator, ccxt: Conversation) -> None:
    venue.venue("POST", "/maintenance", {"on": True})

    error = raised(ccxt, "create_order", "BTC/JPY", "limit", "buy", 0.01, 7000000)

    assert error.types[0] == "OnMaintenance"
    assert '"order_id":"-1"' in error.message


@pytest.mark.parametrize("call", ["fetch_order", "cancel_order"])
def test_an_order_that_does_not_exist_is_not_found(ccxt: Conversation, call: str) -> None:
    error = raised(ccxt, call, "1", "BTC/JPY")

    assert error.types[0] == "OrderNotFound"
    assert "33014" in error.message
