"""Signatures: every worked vector and each way to get one wrong, the order of the checks, and who may call what (cs§3)."""

from __future__ import annotations

from typing import Any

import pytest
from coinstore_support import ACTIVE, BALANCES, MS, PLACE, Bench, Reply, by_id, probe_venue, signature
from mockex.fixtures import load

from mockex.core.commands import FreezeAccount
from mockex.venues.coinstore.envelopes import plain
from mockex.wire.credentials import Permission
from mockex.wire.messages import WireResponse
from mockex.wire.pipeline import Call
from mockex.wire.routing import Route

SIGNING = load("coinstore", "signing")
REST = [vector for vector in SIGNING["vectors"] if vector["surface"] == "rest"]
(LOGIN,) = (vector for vector in SIGNING["vectors"] if vector["surface"] == "websocket")
REFUSED = SIGNING["refused"]

PROBE = "/api/probe"
MALFORMED = (3005, "signature error")
UNKNOWN = (401, "signature-failed")
UNAUTHORIZED = (1401, "Unauthorized")
NOBODY = (401, "user-not-login")
SOMEBODY = "203.0.113.9"


def _whoami(call: Call) -> WireResponse:
    return plain(call.account_id)


VENUE = probe_venue(
    Route(method="GET", path=PROBE, handler=_whoami, permission=Permission.READ),
    Route(method="POST", path=PROBE, handler=_whoami, permission=Permission.READ),
)


def at(expires: str, **settings: Any) -> Bench:
    """A venue whose time is that."""
    bench = Bench(venue=VENUE, start="1970-01-01T00:00:00Z", **settings)
    bench.clock.advance_to(int(expires) * MS)
    return bench


def vector_bench(vector: dict[str, Any], **settings: Any) -> Bench:
    """At the vector's time, with its key."""
    bench = at(vector["expires"], **settings)
    bench.add_credential(api_key="vector", secret=vector["secret"])
    return bench


def headers(expires: str, sign: str, key: str = "vector") -> dict[str, str]:
    return {"x-cs-apikey": key, "x-cs-expires": expires, "x-cs-sign": sign}


def raw(bench: Bench, payload: str, sent: dict[str, str]) -> Reply:
    """That payload as what it is: a query in front, and a body from the first brace on."""
    query, brace, rest = payload.partition("{")
    return bench.send("POST" if brace else "GET", PROBE, query, headers=sent, body=(brace + rest).encode())


# --- vectors


@pytest.mark.parametrize("vector", **by_id(REST))
def test_a_request_with_the_vectors_signature_is_let_in(vector: dict[str, Any]) -> None:
    reply = vector_bench(vector).send(
        vector["method"],
        PROBE,
        vector["query"],
        headers=headers(vector["expires"], vector["signature"]),
        body=vector["body"].encode(),
    )

    assert reply.data == "alice"


@pytest.mark.parametrize("row", **by_id(REFUSED))
def test_a_signature_over_something_else_is_refused_and_the_right_one_in_its_place_let_in(row: dict[str, Any]) -> None:
    bench = vector_bench(row)

    refused = raw(bench, row["right_payload"], headers(row["expires"], row["signature"]))
    accepted = raw(bench, row["right_payload"], headers(row["expires"], row["right_signature"]))

    assert (refused.status, refused.error) == (200, UNAUTHORIZED)
    assert accepted.data == "alice"


@pytest.mark.parametrize("row", **by_id(SIGNING["buckets"]))
def test_the_half_minute_of_the_clients_own_time_makes_the_key(row: dict[str, Any]) -> None:
    """Two requests of one half minute are signed alike, and one of another half minute is not."""
    bench = at(row["expires"])
    bench.add_credential(api_key="vector", secret="mockex-secret")  # published
    vector = next(each for each in REST if each["id"] == "signing.post-empty-object")

    reply = raw(bench, "{}", headers(row["expires"], vector["signature"]))

    same = row["bucket"] == vector["bucket"]
    assert reply.failed is not same
    assert raw(bench, "{}", headers(row["expires"], signature("mockex-secret", row["expires"], b"{}"))).data == "alice"


def test_a_half_minute_that_ends_on_the_way_is_no_error() -> None:
    bench = at("1629291149999")
    sent = bench.signed_headers("", b"")
    bench.clock.advance(2 * MS)

    assert bench.send("GET", PROBE, headers=sent).data == "alice"


@pytest.mark.parametrize(
    "body",
    [b'{"a":1}', b'{"a": 1}', b' {"a":1}\n', '{"a":"é €"}'.encode(), b'{"a":1,"a":2}'],
    ids=["compact", "spaced", "blanks around", "utf-8", "a key twice"],
)
def test_bodies_are_signed_as_they_are(body: bytes) -> None:
    assert Bench(venue=VENUE).write(PROBE, body).data == "alice"


@pytest.mark.parametrize("query", ["", "b=2&a=1", "a=%C3%A9", "a=é", "a=1&", "&&", "a=+", "a=%zz", "symbol=BTCUSDT&symbol=x"])
def test_queries_are_signed_as_they_are(query: str) -> None:
    assert Bench(venue=VENUE).read(PROBE, query).data == "alice"


def test_a_get_with_a_body_signs_it_and_its_content_means_nothing() -> None:
    bench = Bench()
    bench.place_id("BUY", "100", "1")

    assert len(bench.read(ACTIVE, body=b"{}").data) == 1
    assert len(bench.read("/api/v2/trade/order/active", body=b"symbol=ethusdt").data) == 1
    assert bench.send("GET", ACTIVE, headers=bench.signed_headers("", b""), body=b"{}").error == UNAUTHORIZED


# --- order of checks


def spoilt(
    bench: Bench, *, key: str | None = "", expires: str | None = "", sign: str | None = "", ip: str = "127.0.0.1"
) -> Reply:
    """A good request in which some headers are replaced, or with None left out; "" is the good one."""
    sent = bench.signed_headers("", b"")
    for name, value in (("x-cs-apikey", key), ("x-cs-expires", expires), ("x-cs-sign", sign)):
        if value is None:
            del sent[name]
        elif value:
            sent[name] = value
    return bench.send("GET", PROBE, headers=sent, peer_ip=ip)


WRONG = "0" * 64
FAULTS: tuple[tuple[dict[str, Any], tuple[int, str]], ...] = (
    ({"key": None, "expires": None, "sign": None}, NOBODY),
    ({"key": None}, UNKNOWN),
    ({"expires": None}, MALFORMED),
    ({"sign": None}, MALFORMED),
    ({"key": None, "sign": None}, MALFORMED),
    ({"expires": "soon"}, MALFORMED),
    ({"expires": "1.5"}, MALFORMED),
    ({"expires": "-1"}, MALFORMED),
    ({"expires": "١٢"}, MALFORMED),
    ({"expires": "9" * 20}, MALFORMED),
    ({"sign": "0" * 63}, MALFORMED),
    ({"sign": "g" * 64}, MALFORMED),
    ({"sign": "0" * 65}, MALFORMED),
    ({"key": "nobody"}, UNKNOWN),
    ({"sign": WRONG}, UNAUTHORIZED),
    ({"expires": "1"}, UNAUTHORIZED),
    ({"expires": "9" * 19}, UNAUTHORIZED),
    # The first of two faults is told.
    ({"expires": "soon", "key": "nobody", "sign": WRONG}, MALFORMED),
    ({"sign": "x", "key": "nobody"}, MALFORMED),
    ({"key": "nobody", "sign": WRONG, "expires": "1"}, UNKNOWN),
)


@pytest.mark.parametrize(("changes", "error"), FAULTS, ids=[", ".join(f"{k}={v}" for k, v in row[0].items()) for row in FAULTS])
def test_what_is_wrong_with_the_headers_is_told_in_the_order_of_the_checks(
    changes: dict[str, Any], error: tuple[int, str]
) -> None:
    reply = spoilt(Bench(venue=VENUE), **changes)

    assert (reply.status, reply.error) == (200, error)


def test_a_signature_in_upper_case_is_well_formed_and_wrong() -> None:
    bench = Bench(venue=VENUE)
    sent = bench.signed_headers("", b"")
    sent["x-cs-sign"] = sent["x-cs-sign"].upper()

    assert bench.send("GET", PROBE, headers=sent).error == UNAUTHORIZED


def test_the_address_is_looked_at_after_the_key_and_before_the_signature() -> None:
    bench = Bench(venue=VENUE)
    bench.add_credential(api_key="bound", secret="x", allowed_ips=("203.0.113.8",))
    good = headers(str(bench.now_ms), signature("x", bench.now_ms, b""), "bound")

    assert bench.send("GET", PROBE, headers=good, peer_ip="203.0.113.8").data == "alice"
    assert bench.send("GET", PROBE, headers=good, peer_ip=SOMEBODY).error == UNAUTHORIZED
    assert bench.send("GET", PROBE, headers=good | {"x-cs-apikey": "other"}, peer_ip=SOMEBODY).error == UNKNOWN
    assert spoilt(bench, ip=SOMEBODY).data == "alice", "a key that is bound to no address works from anywhere"


@pytest.mark.parametrize(("late_ms", "let_in"), [(0, True), (30_000, True), (30_001, False), (-30_000, True), (-30_001, False)])
def test_the_time_of_sending_may_be_thirty_seconds_off_either_way(late_ms: int, let_in: bool) -> None:
    bench = Bench(venue=VENUE)
    sent = bench.signed_headers("", b"", expires=bench.now_ms - late_ms)

    reply = bench.send("GET", PROBE, headers=sent)

    assert reply.failed is not let_in
    assert let_in or reply.error == UNAUTHORIZED


@pytest.mark.parametrize(
    ("tolerance", "late_ms", "let_in"), [("5000", 5_001, False), ("60000", 60_000, True), ("0", 10**9, True)]
)
def test_an_operator_may_choose_how_far_off_it_may_be(tolerance: str, late_ms: int, let_in: bool) -> None:
    bench = Bench(venue=VENUE, expires_tolerance_ms=tolerance)

    reply = bench.send("GET", PROBE, headers=bench.signed_headers("", b"", expires=bench.now_ms - late_ms))

    assert reply.failed is not let_in


def test_the_time_is_the_venues_wall_clock() -> None:
    bench = Bench(venue=VENUE)
    bench.desk.skew_ns = 31_000 * MS

    assert bench.read(PROBE).error == UNAUTHORIZED
    assert bench.send("GET", PROBE, headers=bench.signed_headers("", b"", expires=bench.now_ms + 31_000)).data == "alice"


# --- who may call what


def test_a_key_that_may_not_do_it_is_unauthorized() -> None:
    bench = Bench()

    assert bench.write(BALANCES, {}, who="viewer").data
    refused = bench.write(PLACE, {"symbol": "BTCUSDT"}, who="viewer")
    assert (refused.status, refused.error) == (200, UNAUTHORIZED)


def test_a_frozen_login_and_a_frozen_account_are_as_an_unknown_key() -> None:
    bench = Bench(venue=VENUE)
    bench.flag("alice", "login_frozen")
    assert bench.read(PROBE).error == UNKNOWN
    assert bench.read(PROBE, who="bob").data == "bob"
    bench.desk.execute(FreezeAccount(account_id="bob", frozen=True))
    assert bench.read(PROBE, who="bob").error == UNKNOWN


def test_strict_documents_give_an_unknown_key_http_401_and_nobody_else() -> None:
    bench = Bench(venue=VENUE, strict_documents=True)

    unknown, wrong, nobody = spoilt(bench, key="nobody"), spoilt(bench, sign=WRONG), bench.get(PROBE)

    assert (unknown.status, unknown.error) == (401, UNKNOWN)
    assert [(reply.status, reply.error) for reply in (wrong, nobody)] == [(200, UNAUTHORIZED), (200, NOBODY)]


def test_public_paths_do_not_look_at_the_headers() -> None:
    bench = Bench()

    reply = bench.send("GET", "/api/v1/market/tickers", headers=headers("soon", "x", "nobody"))

    assert reply.data


def test_other_headers_mean_nothing() -> None:
    bench = Bench(venue=VENUE)
    others = {"exch-language": "zh_CN", "accept": "text/html", "connection": "close", "content-type": "text/plain"}

    assert bench.send("GET", PROBE, headers=bench.signed_headers("", b"") | others).data == "alice"


def test_a_path_that_nobody_has_is_not_authenticated_and_a_body_is_read_after_that() -> None:
    bench = Bench()

    assert bench.get("/api/trade/order/nothing").status == 404
    refused = bench.send("POST", PLACE, headers={"x-cs-apikey": "x"}, body=b"{")
    assert refused.error == MALFORMED


# --- the socket's login


def test_the_login_of_the_vector_is_let_in() -> None:
    bench = Bench(start="1970-01-01T00:00:00Z")
    bench.clock.advance_to(int(LOGIN["expires"]) * MS)
    bench.add_credential(api_key="mockex-key", secret=LOGIN["secret"])
    auth = {"token": "mockex-key", "type": "apikey", "expires": int(LOGIN["expires"]), "signature": LOGIN["signature"]}

    _, answer, *_ = bench.connect().send({"op": "login", "channel": ["spot_asset"], "auth": auth, "params": {}})

    assert (answer["C"], answer["M"]) == (200, "login.success")
