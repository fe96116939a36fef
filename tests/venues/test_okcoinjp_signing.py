"""Who signed what: every published and worked signature, every form of timestamp, the window, keys and headers (okj§3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mockex.fixtures import load
from multidict import CIMultiDict, CIMultiDictProxy
from okcoinjp_support import MS, ORDERS, SPOT, Reply, SpotBench, by_id, iso, nanoseconds, signature

SIGNING = load("okcoinjp", "signing")
AUTH = load("okcoinjp", "auth")
KEY = "01234567-89ab-4cde-8f01-23456789abcd"
PASSPHRASE = "correct-horse-42"
AUTH_CODES = {str(step["code"]) for step in AUTH["validation_order"] if step["step"] <= 14}

Vector = dict[str, Any]


def instant(timestamp: str) -> int:
    """The time that a vector's timestamp names."""
    if timestamp.endswith("Z"):
        return nanoseconds(timestamp)
    whole, _, fraction = timestamp.partition(".")
    return int(whole) * 1_000_000_000 + int(fraction.ljust(9, "0")[:9])


def send_vector(vector: Vector, sign: str) -> Reply:
    """The vector's request as it stands, at the vector's own time, with the vector's secret."""
    bench = SpotBench()
    bench.clock.advance_to(instant(vector["timestamp"]))
    if bench.clock.now_ns() > instant(vector["timestamp"]):  # it lies before the bench's start
        bench = SpotBench(start=vector["timestamp"])
    bench.add_credential(api_key=KEY, secret=vector["secret"], passphrase=PASSPHRASE)
    path, _, query = vector["request_path"].partition("?")
    headers = {
        "ok-access-key": KEY,
        "ok-access-sign": sign,
        "ok-access-timestamp": vector["timestamp"],
        "ok-access-passphrase": PASSPHRASE,
        "content-type": "application/json; charset=UTF-8",
    }
    return bench.send(vector["method"], path, query, headers=headers, body=vector["body"].encode())


REST_VECTORS = [vector for vector in SIGNING["vectors"] if vector.get("surface") != "websocket"]
# A path of an older service, which this one does not have.
SERVED = [vector for vector in REST_VECTORS if vector["request_path"].startswith("/api/")]


@pytest.mark.parametrize("vector", **by_id(SERVED))
def test_a_published_signature_opens_the_door(vector: Vector) -> None:
    reply = send_vector(vector, vector["signature"])

    assert reply.status in (200, 400)
    if reply.status == 400:  # what was asked for may be refused, but not who asked
        assert reply.body["error_code"] not in AUTH_CODES


@pytest.mark.parametrize("vector", **by_id(SERVED))
def test_a_published_signature_with_one_character_changed_is_refused(vector: Vector) -> None:
    wrong = ("B" if vector["signature"][0] == "A" else "A") + vector["signature"][1:]

    assert send_vector(vector, wrong).error == (401, "30013")


def test_the_double_ampersand_of_a_vector_is_signed_as_sent_and_read_as_nothing() -> None:
    """Its `state=filled` is then refused in the words of a live sibling: the signature was right and the query was read."""
    vector = next(vector for vector in SERVED if "&&" in vector["request_path"])

    assert send_vector(vector, vector["signature"]).error == (400, "30025")


def test_the_sdks_vector_on_a_path_that_nobody_serves_is_not_found() -> None:
    (vector,) = [vector for vector in REST_VECTORS if vector not in SERVED]

    assert send_vector(vector, vector["signature"]).error == (404, "404")


@pytest.mark.parametrize("vector", **by_id(SIGNING["empty_object_body"]))
def test_an_empty_object_may_be_signed_with_and_without_its_body(vector: Vector) -> None:
    for form in vector["accepted"]:
        assert send_vector(vector, form["signature"]).error == (400, "30023")  # the pair is missing


@pytest.mark.parametrize("body", ["{ }", "[]", '{"instrument_id":"BTC-JPY"}'])
def test_any_other_body_must_be_signed(body: str) -> None:
    (vector,) = SIGNING["empty_object_body"]
    without_body = vector["accepted"][1]["signature"]

    assert send_vector({**vector, "body": body}, without_body).error == (401, "30013")


REFUSED_ON_PRIVATE_ROUTES = [vector for vector in SIGNING["refused"] if "/instruments/" not in vector["request_path"]]


@pytest.mark.parametrize("vector", **by_id(REFUSED_ON_PRIVATE_ROUTES))
def test_a_signature_over_something_else_than_the_bytes_sent_is_refused(vector: Vector) -> None:
    assert send_vector(vector, vector["signature"]).error == (vector["http_status"], str(vector["code"]))

    right = send_vector(vector, vector["right_signature"])
    assert right.status == 200 or right.body["error_code"] not in AUTH_CODES


def test_a_signature_over_the_decoded_query_is_refused_on_a_private_route() -> None:
    """The vector's own route is public, so its query is sent to a private one."""
    bench = SpotBench()
    encoded, decoded = "instrument_id=BTC%2DJPY", "instrument_id=BTC-JPY"
    path = f"{SPOT}/orders_pending"

    assert bench.send("GET", path, encoded, headers=bench.sign("GET", f"{path}?{encoded}")).status == 200
    assert bench.send("GET", path, encoded, headers=bench.sign("GET", f"{path}?{decoded}")).error == (401, "30013")


def test_the_query_of_a_post_is_signed() -> None:
    bench = SpotBench()
    body = b'{"instrument_id":"BTC-JPY","side":"buy","size":"1","price":"100"}'

    assert bench.send("POST", ORDERS, "a=1", headers=bench.sign("POST", ORDERS, body), body=body).error == (401, "30013")
    assert bench.send("POST", ORDERS, "a=1", headers=bench.sign("POST", f"{ORDERS}?a=1", body), body=body).status == 200


def test_the_body_of_a_get_is_not_signed() -> None:
    bench = SpotBench()
    headers = bench.sign("GET", f"{SPOT}/accounts")

    assert bench.send("GET", f"{SPOT}/accounts", headers=headers, body=b"ignored").status == 200


def test_a_body_is_signed_as_its_bytes_and_never_as_the_json_it_means() -> None:
    bench = SpotBench()
    sent = b'{ "side": "buy", "instrument_id": "BTC-JPY", "size": 1, "price": 1e2 }'
    meant = b'{"instrument_id":"BTC-JPY","price":"100","side":"buy","size":"1"}'

    assert bench.send("POST", ORDERS, headers=bench.sign("POST", ORDERS, meant), body=sent).error == (401, "30013")
    assert bench.send("POST", ORDERS, headers=bench.sign("POST", ORDERS, sent), body=sent).status == 200


# --- time


@pytest.mark.parametrize("vector", **by_id(AUTH["timestamps"]))
def test_a_timestamp_is_read_as_the_vector_says(vector: Vector) -> None:
    text = vector["text"]
    bench = SpotBench()
    if vector["accepted"]:
        bench = SpotBench(start=iso(int(vector["unix_ns"]) // MS * MS))

    reply = bench.send("GET", f"{SPOT}/accounts", headers=bench.sign("GET", f"{SPOT}/accounts", timestamp=text))

    assert reply.status == 200 if vector["accepted"] else reply.error == (400, str(vector["code"]))


@pytest.mark.parametrize("decimals", range(10))
@pytest.mark.parametrize("form", ["iso", "unix"])
def test_a_timestamp_may_have_up_to_nine_decimals(form: str, decimals: int) -> None:
    bench = SpotBench()
    digits = "678901234"[:decimals]
    fraction = f".{digits}" if digits else ""
    text = f"2024-02-15T03:04:05{fraction}Z" if form == "iso" else f"1707966245{fraction}"

    assert bench.send("GET", f"{SPOT}/accounts", headers=bench.sign("GET", f"{SPOT}/accounts", timestamp=text)).status == 200


@pytest.mark.parametrize(
    "text",
    ["2024-02-15 03:04:05.678Z", "2024-02-15T03:04:05.678", "2024-02-15T03:04:05+00:00", "2024-02-30T03:04:05Z", "-1", "1.7e9",
     "1707966245.", ".5", "0x1", "١٧٠٧٩٦٦٢٤٥", "T", "9" * 400, "\udcff"],
)  # fmt: skip
def test_what_is_no_timestamp_is_refused_as_such(text: str) -> None:
    bench = SpotBench()
    headers = {**bench.sign("GET", f"{SPOT}/accounts"), "ok-access-timestamp": text}

    assert bench.send("GET", f"{SPOT}/accounts", headers=headers).error == (400, "30005")


@pytest.mark.parametrize("vector", **by_id(AUTH["window"]))
def test_a_request_is_good_for_thirty_seconds_either_way(vector: Vector) -> None:
    bench = SpotBench()
    timestamp = iso(bench.clock.now_ns() - int(vector["server_minus_timestamp_ms"]) * MS)

    reply = bench.send("GET", f"{SPOT}/accounts", headers=bench.sign("GET", f"{SPOT}/accounts", timestamp=timestamp))

    assert reply.status == 200 if vector["accepted"] else reply.error == (400, str(vector["code"]))


@pytest.mark.parametrize(("late_ns", "accepted"), [(30_000_000_000, True), (30_000_000_001, False)])
def test_the_window_is_exact_to_the_nanosecond(late_ns: int, accepted: bool) -> None:
    bench = SpotBench()
    headers = bench.sign("GET", f"{SPOT}/accounts")  # signed at the very time, which is a whole millisecond
    bench.clock.advance(late_ns)

    reply = bench.send("GET", f"{SPOT}/accounts", headers=headers)

    assert reply.status == 200 if accepted else reply.error == (400, "30008")


# --- keys, content types


@pytest.mark.parametrize("spelling", [KEY, KEY.replace("-", ""), KEY.upper()], ids=["dashes", "no dashes", "upper case"])
def test_a_key_is_known_with_and_without_its_dashes(spelling: str) -> None:
    bench = SpotBench()
    bench.add_credential(api_key=KEY, secret="s", passphrase=PASSPHRASE)
    timestamp = iso(bench.clock.now_ns())
    headers = {
        "ok-access-key": spelling,
        "ok-access-sign": signature("s", f"{timestamp}GET{SPOT}/accounts"),
        "ok-access-timestamp": timestamp,
        "ok-access-passphrase": PASSPHRASE,
    }

    assert bench.send("GET", f"{SPOT}/accounts", headers=headers).status == 200


@pytest.mark.parametrize("spelling", [str.upper, str.lower, str.title])
def test_header_names_match_in_any_case(spelling: Callable[[str], str]) -> None:
    """The server hands over its own mapping, which ignores case; ccxt's JavaScript sends lower case (okj§3)."""
    bench = SpotBench()
    sent = CIMultiDict({spelling(name): value for name, value in bench.sign("GET", f"{SPOT}/accounts").items()})

    assert bench.send("GET", f"{SPOT}/accounts", headers=CIMultiDictProxy(sent)).status == 200


@pytest.mark.parametrize("vector", **by_id(AUTH["content_types"]))
def test_a_post_needs_a_json_content_type(vector: Vector) -> None:
    bench = SpotBench()
    body = b'{"instrument_id":"BTC-JPY","side":"buy","size":"1","price":"100"}'
    headers = {**bench.sign("POST", ORDERS, body), "content-type": vector["value"]}

    reply = bench.send("POST", ORDERS, headers=headers, body=body)

    assert reply.status == 200 if vector["accepted"] else reply.error == (400, str(vector["code"]))


def test_a_get_needs_no_content_type_and_a_public_one_no_key() -> None:
    bench = SpotBench()
    headers = bench.sign("GET", f"{SPOT}/accounts")
    del headers["content-type"]

    assert bench.send("GET", f"{SPOT}/accounts", headers=headers).status == 200
    assert bench.send("GET", f"{SPOT}/instruments", headers={}).status == 200


def test_all_keys_of_an_account_see_the_same_data() -> None:
    bench = SpotBench()
    bench.simulation.add_key("second", "alice")
    order_id = bench.order("buy", "1", "100", who="alice")

    assert bench.detail(order_id, who="second") == bench.detail(order_id, who="alice")
    assert bench.cancel(order_id, who="second").status == 200
