"""Signatures of the Coinstore client against worked and independent vectors."""

from typing import Any

import pytest
from mockex.clients.coinstore import Credentials
from mockex.clients.coinstore.signing import login_auth, sign, signed_headers
from mockex.fixtures import load

SIGNING = load("coinstore", "signing")
REST_VECTORS = [vector for vector in SIGNING["vectors"] if vector["surface"] == "rest"]


def _credentials(vector: dict[str, Any]) -> Credentials:
    return Credentials(api_key="mockex-key", secret=vector["secret"])


@pytest.mark.parametrize("vector", REST_VECTORS, ids=lambda vector: vector["id"])
def test_headers_of_a_request_carry_the_signature_of_query_and_body(vector: dict[str, Any]) -> None:
    headers = signed_headers(
        _credentials(vector), expires_ms=int(vector["expires"]), query=vector["query"], body=vector["body"].encode()
    )

    assert headers == {"X-CS-APIKEY": "mockex-key", "X-CS-EXPIRES": vector["expires"], "X-CS-SIGN": vector["signature"]}


def test_a_login_signs_its_own_moment() -> None:
    (vector,) = [vector for vector in SIGNING["vectors"] if vector["surface"] == "websocket"]

    assert login_auth(_credentials(vector), expires_ms=int(vector["expires"])) == {
        "token": "mockex-key",
        "type": "apikey",
        "expires": int(vector["expires"]),
        "signature": vector["signature"],
    }


@pytest.mark.parametrize("vector", SIGNING["refused"], ids=lambda vector: vector["id"])
def test_what_is_sent_is_never_signed_in_a_way_that_the_venue_refuses(vector: dict[str, Any]) -> None:
    signature = sign(vector["secret"], expires_ms=int(vector["expires"]), payload=vector["right_payload"].encode())

    assert signature == vector["right_signature"] != vector["signature"]


@pytest.mark.parametrize("vector", SIGNING["buckets"], ids=lambda vector: vector["id"])
def test_the_signature_changes_with_the_bucket_of_time_and_only_then(vector: dict[str, Any]) -> None:
    middle = sign("mockex-secret", expires_ms=1_629_291_143_107, payload=b"{}")

    same = sign("mockex-secret", expires_ms=int(vector["expires"]), payload=b"{}") == middle
    assert same is (vector["bucket"] == "54309704")


def test_the_secret_stays_out_of_the_text_of_credentials() -> None:
    assert "mockex-secret" not in repr(Credentials(api_key="mockex-key", secret="mockex-secret"))
