"""Signatures: every published and worked vector, in every order and encoding, and each way to get one wrong (htx§1)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from htx_support import HOST, MINUTE, SECOND, Bench, Reply, by_id, encoded, nanoseconds, probe, probe_venue, signature, stamp
from mockex.fixtures import load

from mockex.venues.htx.auth import candidate_hosts, canonical_query, login_is_signed, query_pairs, without_port
from mockex.venues.htx.errors import V2
from mockex.wire.credentials import Credential, Permission

SIGNING = load("htx", "signing")
VECTORS: dict[str, dict[str, Any]] = {vector["id"]: vector for vector in SIGNING["vectors"]}
REST = [vector for vector in VECTORS.values() if vector["surface"] == "rest"]
LOGINS = [vector for vector in VECTORS.values() if vector["surface"] == "websocket"]

VERIFY = "Signature not valid: Verification failure [校验失败]"
KEY = "Signature not valid: Incorrect Access key [Access key错误]"
ADDRESS = "Signature not valid: Incorrect IP address [IP地址错误]:"
PERMISSION = "Signature not valid: API key has no permission [API Key没有权限]"
TIME = "Signature not valid: Invalid submission time or incorrect time format [无效的提交时间，或时间格式错误]"

VENUE = probe_venue(
    probe("GET", "/v1/probe", Permission.READ),
    probe("POST", "/v1/probe", Permission.TRADE),
    probe("GET", "/v2/probe", Permission.READ, tags=frozenset({V2})),
    *(probe(vector["method"], path, Permission.READ) for path, vector in {each["path"]: each for each in REST}.items()),
)


def bench(**settings: Any) -> Bench:
    return Bench(venue=VENUE, **settings)


def vector_bench(vector: dict[str, Any], **settings: Any) -> Bench:
    """At the vector's time, with its key."""
    made = bench(start=f"{vector['timestamp']}Z", **settings)
    made.add_credential(api_key=vector["access_key"], secret=vector["secret"])
    return made


def accepted(reply: Reply) -> bool:
    assert reply.status == 200
    return bool(reply.body == {"status": "ok", "data": "alice"})


# --- vectors


@pytest.mark.parametrize("vector", **by_id(REST))
def test_a_request_with_the_vectors_signature_is_let_in(vector: dict[str, Any]) -> None:
    query = f"{vector['query']}&Signature={quote(vector['signature'], safe='')}"
    body = b'{"any":"body"}' if vector["method"] == "POST" else b""

    reply = vector_bench(vector).send(vector["method"], vector["path"], query, headers={"host": vector["host"]}, body=body)

    assert accepted(reply)


@pytest.mark.parametrize("vector", **by_id(REST))
def test_what_is_signed_is_the_vectors_query(vector: dict[str, Any]) -> None:
    params = [*vector["params"], ["Signature", "x"], *(pair.split("=") for pair in vector["query"].split("&")[:4])]
    raw = "&".join("=".join(pair) for pair in params)

    assert canonical_query(query_pairs(raw)).decode() == vector["query"]


@pytest.mark.parametrize("row", **by_id(SIGNING["same_signature"]))
def test_order_encoding_and_empty_pieces_of_the_query_do_not_matter(row: dict[str, Any]) -> None:
    vector = VECTORS[row["vector"]]

    assert accepted(vector_bench(vector).send(vector["method"], vector["path"], row["raw_query"]))


@pytest.mark.parametrize("row", **by_id(SIGNING["encoding"]))
def test_values_are_signed_in_the_documents_encoding(row: dict[str, Any]) -> None:
    assert canonical_query([(b"x", row["text"].encode())]).decode() == f"x={row['encoded']}"


@pytest.mark.parametrize("row", **by_id(SIGNING["refused"]))
def test_a_signature_over_something_else_is_refused(row: dict[str, Any]) -> None:
    """The right one, in its place, is let in."""
    vector = next(each for each in REST if each["path"] == row["path"] and each["secret"] == row["secret"])
    made = vector_bench(vector)

    def call(signed: str, payload: str) -> Reply:
        query = f"{payload.split(chr(10))[3]}&Signature={quote(signed, safe='')}"
        return made.send(row["method"], row["path"], query, body=b"{}" if row["method"] == "POST" else b"")

    # Sent as it was signed, where that could be sent at all.
    sendable = row["id"] in ("signing.refused.unsorted", "signing.refused.epoch-timestamp")
    refused = call(row["signature"], row["signed_payload"] if sendable else row["right_payload"])

    message = TIME if row["id"] == "signing.refused.epoch-timestamp" else VERIFY
    assert refused.error == (200, "api-signature-not-valid", message)
    assert accepted(call(row["right_signature"], row["right_payload"]))


# --- hosts


@pytest.mark.parametrize(
    ("header", "signed"),
    [
        ("127.0.0.1:8080", "127.0.0.1:8080"), ("127.0.0.1:8080", "127.0.0.1"), ("localhost", "localhost"),
        ("127.0.0.1:8080", "api.huobi.pro"), ("127.0.0.1:8080", "api-aws.huobi.pro"), ("127.0.0.1:8080", "api.htx.com"),
        ("API.Huobi.pro", "api.huobi.pro"), ("[::1]:8080", "[::1]"), ("[::1]", "[::1]"), ("", "api.huobi.pro"),
    ],
)  # fmt: skip
def test_any_host_that_a_client_may_mean_can_be_signed(header: str, signed: str) -> None:
    made = bench()
    query = made.signed_query("GET", "/v1/probe", host=signed)

    assert accepted(made.send("GET", "/v1/probe", query, headers={"host": header}))


@pytest.mark.parametrize("signed", ["api.binance.com", "127.0.0.1:80", "API.HUOBI.PRO", "127.0.0.1:8080 "])
def test_no_other_host_can_be_signed(signed: str) -> None:
    made = bench()
    query = made.signed_query("GET", "/v1/probe", host=signed)

    reply = made.send("GET", "/v1/probe", query, headers={"host": "127.0.0.1:8080"})
    assert reply.error == (200, "api-signature-not-valid", VERIFY)


def test_candidate_hosts_are_those_of_the_fixture() -> None:
    assert candidate_hosts("h:1") == ("h:1", "h", *SIGNING["candidate_hosts"]["names"])
    assert [without_port(host) for host in ("h", "h:x", "h:")] == ["h", "h:x", "h:"]


# --- what is checked


def test_business_parameters_of_a_get_are_signed_and_those_of_a_post_are_not() -> None:
    made = bench()
    query = made.signed_query("GET", "/v1/probe", {"symbol": "btcusdt", "states": "filled,canceled", "x": "a b+c/ü"})
    assert accepted(made.send("GET", "/v1/probe", query))
    assert not accepted(made.send("GET", "/v1/probe", query.replace("btcusdt", "ethusdt")))
    assert not accepted(made.send("GET", "/v1/probe", f"{query}&more=1"))

    query = made.signed_query("POST", "/v1/probe")
    for body in (b"{}", b'{"symbol":"btcusdt"}'):
        assert accepted(made.send("POST", "/v1/probe", query, body=body))


def test_whatever_else_a_post_has_in_its_query_is_signed_too() -> None:
    made = bench()
    query = made.signed_query("POST", "/v1/probe", {"symbol": "btcusdt"})

    assert accepted(made.send("POST", "/v1/probe", query, body=b'{"symbol":"btcusdt"}'))
    assert not accepted(made.send("POST", "/v1/probe", query.replace("btcusdt", "ethusdt"), body=b"{}"))


def test_a_request_without_any_parameter_is_told_to_log_in() -> None:
    reply = bench().get("/v1/probe", "symbol=btcusdt")

    assert reply.error == (200, "login-required", "Signature is missing")


@pytest.mark.parametrize("name", ["AccessKeyId", "SignatureMethod", "SignatureVersion", "Timestamp", "Signature"])
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_request_without_one_of_them_fails_the_verification(name: str, how: str) -> None:
    made = bench()
    pieces = made.signed_query("GET", "/v1/probe").split("&")
    query = "&".join(piece for piece in pieces if not piece.startswith(f"{name}="))

    reply = made.get("/v1/probe", query if how == "missing" else f"{query}&{name}=")
    assert reply.error == (200, "api-signature-not-valid", VERIFY)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SignatureMethod": "HmacSHA1"}, VERIFY),
        ({"SignatureVersion": "2.1"}, VERIFY),
        ({"AccessKeyId": "nobody"}, KEY),
        ({"Timestamp": "2024-02-15T03:04:05Z"}, TIME),
        ({"Timestamp": "2024-02-15T03:04:05.678"}, TIME),
        ({"Timestamp": "2024-02-15 03:04:05"}, TIME),
        ({"Timestamp": "2024-02-30T03:04:05"}, TIME),
        ({"Timestamp": "1707966245678"}, TIME),
        ({"Timestamp": "now"}, TIME),
    ],
    ids=str,
)
def test_a_parameter_with_another_value_is_refused(changes: dict[str, str], message: str) -> None:
    made = bench()

    reply = made.get("/v1/probe", made.signed_query("GET", "/v1/probe", **changes))
    assert reply.error == (200, "api-signature-not-valid", message)


@pytest.mark.parametrize(("off_s", "inside"), [(-300, True), (-301, False), (0, True), (300, True), (301, False)])
def test_a_timestamp_may_be_300_seconds_off_either_way(off_s: int, inside: bool) -> None:
    made = bench(start="2024-02-15T03:04:05Z")
    moment = nanoseconds("2024-02-15T03:04:05Z") + off_s * SECOND

    reply = made.get("/v1/probe", made.signed_query("GET", "/v1/probe", Timestamp=stamp(moment)))
    assert accepted(reply) if inside else reply.error == (200, "api-signature-not-valid", TIME)


def test_a_timestamp_is_compared_with_the_venues_own_clock() -> None:
    made = bench()
    query = made.signed_query("GET", "/v1/probe")
    made.desk.skew_ns = 6 * MINUTE

    assert made.get("/v1/probe", query).error == (200, "api-signature-not-valid", TIME)


def test_a_wrong_secret_is_refused() -> None:
    made = bench()
    alice, bob = (made.simulation.keys[name].material for name in ("alice", "bob"))

    query = made.signed_query("GET", "/v1/probe", AccessKeyId=alice.api_key, who="bob")

    assert alice.secret != bob.secret
    assert made.get("/v1/probe", query).error == (200, "api-signature-not-valid", VERIFY)


def test_a_key_is_bound_to_its_addresses() -> None:
    made = bench()
    made.add_credential(api_key="bound", secret="s", allowed_ips=("10.0.0.1",))
    query = encoded(
        {
            "AccessKeyId": "bound",
            "SignatureMethod": "HmacSHA256",
            "SignatureVersion": "2",
            "Timestamp": stamp(made.clock.now_ns()),
        }
    )
    query += f"&Signature={quote(signature('s', f'GET{chr(10)}{HOST}{chr(10)}/v1/probe{chr(10)}{query}'), safe='')}"

    assert accepted(made.send("GET", "/v1/probe", query, peer_ip="10.0.0.1"))
    assert made.get("/v1/probe", query).error == (200, "api-signature-not-valid", f"{ADDRESS}127.0.0.1")


def test_a_key_that_may_only_read_cannot_trade() -> None:
    made = bench()

    assert accepted(made.get("/v1/probe", made.signed_query("GET", "/v1/probe", who="viewer")))
    reply = made.send("POST", "/v1/probe", made.signed_query("POST", "/v1/probe", who="viewer"), body=b"{}")
    assert reply.error == (200, "api-signature-not-valid", PERMISSION)


def test_a_frozen_key_is_as_good_as_none() -> None:
    made = bench()
    made.desk.credentials.freeze(made.simulation.keys["alice"].material.api_key)

    reply = made.get("/v1/probe", made.signed_query("GET", "/v1/probe"))
    assert reply.error == (200, "api-signature-not-valid", KEY)


@pytest.mark.parametrize(
    ("query", "error"),
    [("", ("1002", "unauthorized")), ("AccessKeyId=x", ("1003", "invalid signature"))],
)
def test_v2_routes_say_it_in_numbers(query: str, error: tuple[str, str]) -> None:
    assert bench().get("/v2/probe", query).error == (200, *error)


def test_headers_of_other_schemes_are_ignored() -> None:
    made = bench()
    others = {"host": HOST, "authorization": "Bearer x", "x-api-key": "y", "signature": "z"}

    assert accepted(made.send("GET", "/v1/probe", made.signed_query("GET", "/v1/probe"), headers=others))
    assert made.send("GET", "/v1/probe", headers=others).error[1] == "login-required"


@pytest.mark.parametrize("raw", ["%ff=%fe&a=%zz&%=&=&+=+", "a=\udcff&\udcfe", "a=ü&a=b&a", "&" * 300])
def test_any_bytes_in_a_query_can_be_signed_or_refused(raw: str) -> None:
    reply = bench().get(
        "/v1/probe", f"{raw}&AccessKeyId=x&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=t&Signature=s"
    )

    assert reply.error == (200, "api-signature-not-valid", KEY)


# --- the guide's forms


GUIDE_TIME = "1707966245678"


def guide_post(made: Bench, signed: bytes, *, header: bool = True) -> Reply:
    material = made.simulation.keys["alice"].material
    body = json.dumps({"AccessKeyId": material.api_key, "Timestamp": GUIDE_TIME, "amount": "1"}).encode()
    text = signature(material.secret, signed.replace(b"BODY", body))
    headers = {"host": HOST, **({"signature": quote(text, safe="")} if header else {})}
    return made.send("POST", "/v1/probe", "", headers=headers, body=body)


@pytest.mark.parametrize("signed", [b"BODY", b"POST\napi.huobi.pro\n/v1/probe\nBODY"], ids=["the body alone", "four lines"])
def test_a_post_of_the_guide_is_let_in_only_with_the_switch(signed: bytes) -> None:
    assert accepted(guide_post(bench(seed_compat=True), signed))
    assert guide_post(bench(), signed).error == (200, "login-required", "Signature is missing")
    assert not accepted(guide_post(bench(seed_compat=True), b"something else"))
    assert guide_post(bench(seed_compat=True), signed, header=False).error[2] == VERIFY


def test_milliseconds_are_let_in_only_with_the_switch() -> None:
    for guide, message in ((True, None), (False, TIME)):
        made = bench(seed_compat=guide)
        reply = made.get("/v1/probe", made.signed_query("GET", "/v1/probe", Timestamp=GUIDE_TIME))
        assert accepted(reply) if message is None else reply.error[2] == message
    late = bench(seed_compat=True)
    reply = late.get("/v1/probe", late.signed_query("GET", "/v1/probe", Timestamp="1707966545679"))
    assert reply.error == (200, "api-signature-not-valid", TIME)


def test_the_switch_keeps_the_venues_own_forms() -> None:
    made = bench(seed_compat=True)

    assert accepted(made.get("/v1/probe", made.signed_query("GET", "/v1/probe")))
    assert accepted(made.send("POST", "/v1/probe", made.signed_query("POST", "/v1/probe"), body=b"[1]"))
    assert made.get("/v1/probe").error == (200, "login-required", "Signature is missing")


# --- the account socket


def parameters(vector: dict[str, Any]) -> dict[str, str]:
    return {
        "accessKey": vector["access_key"],
        "signatureMethod": "HmacSHA256",
        "signatureVersion": "2.1",
        "timestamp": vector["timestamp"],
        "signature": vector["signature"],
    }


def credential_of(vector: dict[str, Any]) -> Credential:
    return Credential.create(api_key=vector["access_key"], secret=vector["secret"], account_id="alice")


@pytest.mark.parametrize("vector", **by_id(LOGINS))
def test_a_login_with_the_vectors_signature_is_right(vector: dict[str, Any]) -> None:
    credential = credential_of(vector)

    assert login_is_signed(credential, parameters(vector), host="127.0.0.1:8080")
    assert not login_is_signed(credential, parameters(vector) | {"signature": "x"}, host="127.0.0.1:8080")
    assert not login_is_signed(credential, parameters(vector) | {"timestamp": "2024-01-02T03:04:06"}, host="127.0.0.1:8080")


@pytest.mark.parametrize("path", SIGNING["websocket_paths"]["accepted"])
@pytest.mark.parametrize("host", ["api.huobi.pro", "127.0.0.1:8080", "127.0.0.1"])
def test_a_login_may_sign_any_path_and_host_that_lead_there(path: str, host: str) -> None:
    vector = LOGINS[0]
    path = path.replace("HOST:PORT", "127.0.0.1:8080")
    payload = vector["payload"].replace("api.huobi.pro", host).replace("\n/ws/v2\n", f"\n{path}\n")
    signed = parameters(vector) | {"signature": signature(vector["secret"], payload)}

    assert login_is_signed(credential_of(vector), signed, host="127.0.0.1:8080")


def test_a_url_of_another_server_is_not_one_of_them() -> None:
    """One client signs the whole URL over plain `ws`: of the server that it talks to."""
    (vector,) = [each for each in LOGINS if each["path"].startswith("ws://")]

    assert not login_is_signed(credential_of(vector), parameters(vector), host="127.0.0.1:8081")
