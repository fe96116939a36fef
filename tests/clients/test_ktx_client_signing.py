"""Signatures of the KTX client against worked vectors, and against those that the venue refuses."""

from typing import Any

import pytest
from mockex.clients.ktx import Credentials, Profile
from mockex.clients.ktx.signing import login_auth, sign, signed_headers
from mockex.fixtures import load

SIGNING = load("ktx", "signing")
PROFILES = {"gen1": Profile.GEN1, "gen2": Profile.GEN2}


def _of(surface: str) -> dict[str, Any]:
    found = [vector for vector in SIGNING["vectors"] if vector["surface"] == surface]
    return {"argvalues": found, "ids": [vector["id"] for vector in found]}


def _credentials(vector: dict[str, Any]) -> Credentials:
    return Credentials(api_key=vector["key"], secret=vector["secret"])


@pytest.mark.parametrize("vector", **_of("rest"))
def test_headers_of_a_request_carry_the_signature_of_query_or_body(vector: dict[str, Any]) -> None:
    message = vector["query"] if vector["method"] == "GET" else vector["body"]
    expires = vector.get("expires")
    headers = signed_headers(
        _credentials(vector),
        message=message.encode(),
        expires_ms=None if expires is None else int(expires),
        profile=PROFILES[vector["generation"]],
    )

    assert headers == {
        "api-key": vector["key"],
        "api-sign": vector["signature"],
        **({} if expires is None else {"api-expire-time": expires}),
    }


def test_an_expiry_of_gen1_is_sent_and_not_signed() -> None:
    (vector,) = [vector for vector in SIGNING["vectors"] if vector["id"] == "signing.accounts"]
    headers = signed_headers(_credentials(vector), message=b"asset=BTC", expires_ms=1733390635904)

    assert (headers["api-sign"], headers["api-expire-time"]) == (vector["signature"], "1733390635904")


def test_gen2_needs_an_expiry() -> None:
    credentials = Credentials(api_key="key", secret="secret")
    with pytest.raises(ValueError, match="expires"):
        signed_headers(credentials, message=b"", expires_ms=None, profile=Profile.GEN2)


@pytest.mark.parametrize("vector", **_of("login"))
def test_a_login_signs_the_fixed_text(vector: dict[str, Any]) -> None:
    assert login_auth(_credentials(vector)) == {"api-key": vector["key"], "api-sign": vector["signature"]}


@pytest.mark.parametrize("vector", SIGNING["refused"], ids=lambda vector: vector["id"])
def test_what_is_sent_is_never_signed_in_a_way_that_the_venue_refuses(vector: dict[str, Any]) -> None:
    sent = vector["query"] if vector["method"] == "GET" else vector["body"]
    headers = signed_headers(
        Credentials(api_key="key", secret=vector["right_secret"]),
        message=sent.encode(),
        expires_ms=int(vector["expires"]) if "expires" in vector else None,
        profile=PROFILES[vector["generation"]],
    )

    assert headers["api-sign"] == vector["right_signature"] != vector["signature"]


def test_the_secret_is_text_and_stays_out_of_the_text_of_credentials() -> None:
    secret = SIGNING["vectors"][0]["secret"]

    assert sign(secret, b"asset=BTC") == SIGNING["vectors"][0]["signature"]
    assert secret not in repr(Credentials(api_key="key", secret=secret))
