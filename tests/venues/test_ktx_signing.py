"""Signatures: every worked vector and each way to get one wrong, expiry, the order of the checks, and who may call what."""

from __future__ import annotations

from typing import Any

import pytest
from ktx_support import MS, Bench, Reply, by_id, probe_venue, signature
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.venues.ktx.envelopes import reply
from mockex.wire.credentials import Permission
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

SIGNING = load("ktx", "signing")
REST = [vector for vector in SIGNING["vectors"] if vector["surface"] == "rest"]
REFUSED = SIGNING["refused"]
PROBE = "/api/probe"
GUARDED = "/api/guarded"
KEY, SECRET = "9e03e8fda27b6e4fc6b29bb244747dcf64092996", "b825a03636ca09c884ca11d71cfc4217a98cb8bf"


def _whoami(call: Call) -> WireResponse:
    return reply(call, {"account": call.account_id})


VENUE = probe_venue(
    *(
        Route(method=method, path=path, handler=_whoami, permission=permission)
        for path, permission in ((PROBE, Permission.READ), (GUARDED, Permission.TRADE))
        for method in ("GET", "POST", "DELETE")
    )
)


def bench(profile: str = "gen1", **settings: Any) -> Bench:
    made = Bench(venue=VENUE, profile=profile, **settings)
    made.add_credential(api_key=KEY, secret=SECRET)
    return made


def sent(signed: str, *, expires: str | None = None) -> dict[str, str]:
    return {"api-key": KEY, "api-sign": signed} | ({} if expires is None else {"api-expire-time": expires})


def account(answer: Reply) -> str:
    body = answer.data
    return str(body.get("result", body)["account"])


@pytest.mark.parametrize("vector", **by_id(REST))
def test_a_request_with_the_vectors_signature_is_let_in(vector: dict[str, Any]) -> None:
    made = bench(vector["generation"])

    answer = made.send(
        vector["method"],
        PROBE,
        vector["query"],
        headers=sent(vector["signature"], expires=vector.get("expires")),
        body=vector["body"].encode(),
    )

    assert account(answer) == "alice"


@pytest.mark.parametrize("vector", **by_id(REFUSED))
def test_what_was_signed_otherwise_is_refused_and_the_right_signature_taken(vector: dict[str, Any]) -> None:
    made = bench(vector["generation"])

    def answer(signed: str) -> Reply:
        headers = sent(signed, expires=vector.get("expires"))
        return made.send(vector["method"], PROBE, vector["query"], headers=headers, body=vector["body"].encode())

    assert answer(vector["signature"]).state == (-12101 if vector["generation"] == "gen2" else -21008)
    assert account(answer(vector["right_signature"])) == "alice"


def test_a_signature_in_capitals_is_taken() -> None:
    assert account(bench().send("GET", PROBE, "a=1", headers=sent(signature(SECRET, b"a=1").upper()))) == "alice"


@pytest.mark.parametrize("vector", **by_id(SIGNING["expiry"]))
def test_a_request_expires_after_its_time_and_not_at_it(vector: dict[str, Any]) -> None:
    made = bench(start_ms=int(vector["received"]))

    answer = made.send("GET", PROBE, headers=sent(signature(SECRET, b""), expires=vector["expires"]))

    if vector["error"] is None:
        assert account(answer) == "alice"
    else:
        assert answer.state == vector["error"]


@pytest.mark.parametrize("name", ["api-key", "api-sign"])
@pytest.mark.parametrize(("value", "state"), [(None, -21004), ("", -21005)])
def test_a_header_that_is_missing_and_one_that_is_empty_are_told_apart(name: str, value: str | None, state: int) -> None:
    headers = sent(signature(SECRET, b"")) | {name: value}

    answer = bench().send("GET", PROBE, headers={key: text for key, text in headers.items() if text is not None})

    assert answer.state == state
    assert name in answer.body["msg"]


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        ("0", -20005),
        ("-1", -20005),
        ("1733390630903", -20005),
        ("1.5", -21006),
        ("+1", -21006),
        ("soon", -21006),
        (" ", -21006),
    ],
)
def test_a_time_of_expiry_that_is_past_and_one_that_is_no_whole_number_are_told_apart(expires: str, state: int) -> None:
    assert bench().send("GET", PROBE, headers=sent(signature(SECRET, b""), expires=expires)).state == state


@pytest.mark.parametrize("expires", ["1733390630904", "1733390630904000000", "9" * 30])
def test_a_time_of_expiry_to_come_may_be_in_any_unit(expires: str) -> None:
    """A client that counts nanoseconds has its requests live for ever, and does not find out here."""
    assert account(bench().send("GET", PROBE, headers=sent(signature(SECRET, b""), expires=expires))) == "alice"


def test_an_unknown_key_is_an_invalid_header() -> None:
    answer = bench().send("GET", PROBE, headers={"api-key": "0" * 40, "api-sign": signature(SECRET, b"")})

    assert answer.state == -21006


def test_a_key_that_may_only_view_may_not_trade() -> None:
    made = bench()
    material = made.simulation.keys["viewer"].material
    headers = {"api-key": material.api_key, "api-sign": signature(material.secret, b"")}

    assert account(made.send("GET", PROBE, headers=headers)) == "alice"
    assert made.send("GET", GUARDED, headers=headers).state == -20008


def test_a_key_that_may_only_trade_may_view() -> None:
    made = bench()
    key = made.simulation.add_key("trader", "bob", permissions=frozenset({Permission.TRADE}))
    headers = {"api-key": key.material.api_key, "api-sign": signature(key.material.secret, b"")}

    assert account(made.send("GET", PROBE, headers=headers)) == "bob"


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b'{"a":', b"\xff"])
def test_a_body_that_is_no_object_is_told_once_its_signature_is_right(body: bytes) -> None:
    made = bench()

    assert made.send("POST", GUARDED, headers=sent(signature(SECRET, body)), body=body).state == -21007
    assert made.send("POST", GUARDED, headers=sent(signature(SECRET, b"other")), body=body).state == -21008


def test_the_second_generation_needs_the_time_of_expiry() -> None:
    made = bench("gen2")

    assert made.send("GET", PROBE, headers=sent(signature(SECRET, b""))).state == -21004


def test_the_checks_come_in_their_order() -> None:
    made = bench()
    made.simulation.desk.credentials.freeze(made.simulation.keys["bob"].material.api_key)
    late = str(made.now_ms - 1)

    assert made.send("GET", PROBE, headers={"api-sign": ""}).state == -21004
    assert made.send("GET", PROBE, headers={"api-key": "0" * 40, "api-sign": "", "api-expire-time": late}).state == -21005
    assert made.send("GET", PROBE, headers={"api-key": "0" * 40, "api-sign": "x", "api-expire-time": late}).state == -21006
    assert made.send("GET", PROBE, headers=sent("x", expires=late)).state == -20005
    assert made.send("POST", GUARDED, headers=sent("x"), body=b"[").state == -21008


def test_a_key_bound_to_an_address_works_from_there_alone() -> None:
    made = Bench(venue=VENUE)
    made.add_credential(api_key=KEY, secret=SECRET, allowed_ips=("203.0.113.9",))
    headers = sent(signature(SECRET, b""))

    assert made.send("GET", PROBE, headers=headers).state == -20008
    assert account(made.send("GET", PROBE, headers=headers, peer_ip="203.0.113.9")) == "alice"


def test_public_calls_ignore_the_headers() -> None:
    made = Bench()
    made.desk.execute(FreezeAccount(account_id="alice", frozen=True))

    assert made.send("GET", "/api/v1/ticker", "market=spot", headers={"api-key": "x", "api-expire-time": "y"}).data


def test_the_clock_that_counts_is_the_venues_own() -> None:
    made = bench()
    made.desk.skew_ns = 5_000 * MS
    expires = str(made.now_ms + 4_999)

    assert made.send("GET", PROBE, headers=sent(signature(SECRET, b""), expires=expires)).state == -20005
