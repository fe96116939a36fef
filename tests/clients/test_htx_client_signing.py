"""Signatures against worked and independent vectors."""

from datetime import UTC, datetime
from typing import Any

import pytest
from mockex.clients.htx.signing import Credentials, canonical_query, encode, login_params, sign, signed_query, timestamp
from mockex.fixtures import load

SIGNING = load("htx", "signing")
REST_VECTORS = [vector for vector in SIGNING["vectors"] if vector["surface"] == "rest"]
SOCKET_VECTORS = [vector for vector in SIGNING["vectors"] if vector["surface"] == "websocket"]


def _at_ns(vector: dict[str, Any]) -> int:
    return int(datetime.fromisoformat(vector["timestamp"]).replace(tzinfo=UTC).timestamp()) * 1_000_000_000


def _credentials(vector: dict[str, Any]) -> Credentials:
    return Credentials(api_key=vector["access_key"], secret=vector["secret"])


@pytest.mark.parametrize("vector", SIGNING["vectors"], ids=lambda vector: vector["id"])
def test_signature_equals_the_vector(vector: dict[str, Any]) -> None:
    parts = {name: vector[name] for name in ("method", "host", "path", "query")}

    assert sign(vector["secret"], **parts) == vector["signature"]


@pytest.mark.parametrize("vector", REST_VECTORS, ids=lambda vector: vector["id"])
def test_query_of_a_request_is_the_signed_one_followed_by_its_signature(vector: dict[str, Any]) -> None:
    query = signed_query(
        _credentials(vector),
        method=vector["method"],
        host=vector["host"],
        path=vector["path"],
        params=[tuple(pair) for pair in vector["params"]],
        at_ns=_at_ns(vector),
    )

    signed, _, signature = query.rpartition("&Signature=")
    assert signed == vector["query"]
    assert signature == encode(vector["signature"])
    if "encoded_signature" in vector:
        assert signature == vector["encoded_signature"]


@pytest.mark.parametrize("vector", SOCKET_VECTORS, ids=lambda vector: vector["id"])
def test_login_carries_the_signature_unencoded_beside_what_is_signed(vector: dict[str, Any]) -> None:
    params = login_params(_credentials(vector), host=vector["host"], path=vector["path"], at_ns=_at_ns(vector))

    assert params == {
        "authType": "api",
        "accessKey": vector["access_key"],
        "signatureMethod": "HmacSHA256",
        "signatureVersion": "2.1",
        "timestamp": vector["timestamp"],
        "signature": vector["signature"],
    }


@pytest.mark.parametrize("vector", SIGNING["encoding"], ids=lambda vector: vector["id"])
def test_text_is_encoded_as_published(vector: dict[str, Any]) -> None:
    assert encode(vector["text"]) == vector["encoded"]


def test_upper_case_names_are_sorted_before_lower_case_ones() -> None:
    assert canonical_query([("b", "1"), ("a", "2"), ("Z", "3")]) == "Z=3&a=2&b=1"


def test_host_is_signed_in_lower_case_and_method_in_upper_case() -> None:
    vector = REST_VECTORS[0]

    signature = sign(vector["secret"], method="get", host=vector["host"].upper(), path=vector["path"], query=vector["query"])

    assert signature == vector["signature"]


def test_timestamps_are_cut_to_whole_seconds() -> None:
    assert timestamp(1_704_164_645_999_999_999) == "2024-01-02T03:04:05"


def test_secret_stays_out_of_the_printed_form() -> None:
    printed = repr(Credentials(api_key="key-1", secret="hush"))

    assert "key-1" in printed
    assert "hush" not in printed
