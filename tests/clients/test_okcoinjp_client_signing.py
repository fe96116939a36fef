"""Signatures against published and independent vectors."""

from typing import Any

import pytest
from mockex.clients.okcoinjp.signing import (
    Credentials,
    TimestampStyle,
    iso_timestamp,
    login_args,
    sign,
    signed_headers,
    timestamp,
    unix_timestamp,
)
from mockex.fixtures import load

SIGNING = load("okcoinjp", "signing")
VECTORS = SIGNING["vectors"]
AT_NS = 1_707_966_245_678_000_000


def _sign(vector: dict[str, Any]) -> str:
    return sign(
        vector["secret"],
        timestamp=vector["timestamp"],
        method=vector["method"],
        target=vector["request_path"],
        body=vector["body"].encode(),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_signature_equals_the_vector(vector: dict[str, Any]) -> None:
    assert _sign(vector) == vector["signature"]


def test_method_is_signed_in_upper_case() -> None:
    vector = VECTORS[0]

    assert _sign(vector | {"method": "get"}) == vector["signature"]


def test_target_is_signed_as_written_and_never_encoded_again() -> None:
    encoded = _sign(VECTORS[0] | {"request_path": "/a?start=2026-11-19T03%3A31%3A14.905Z"})
    plain = _sign(VECTORS[0] | {"request_path": "/a?start=2026-11-19T03:31:14.905Z"})

    assert encoded != plain


def test_one_instant_has_both_documented_spellings() -> None:
    assert iso_timestamp(AT_NS) == timestamp(AT_NS, TimestampStyle.ISO) == "2024-02-15T03:04:05.678Z"
    assert unix_timestamp(AT_NS) == timestamp(AT_NS, TimestampStyle.UNIX) == "1707966245.678"


def test_timestamps_keep_three_decimals_and_cut_the_rest() -> None:
    assert iso_timestamp(1_500_000_000_000_999_999) == "2017-07-14T02:40:00.000Z"
    assert unix_timestamp(1_500_000_000_007_999_999) == "1500000000.007"


def test_login_carries_key_passphrase_seconds_and_the_signature_of_the_fixed_request() -> None:
    vector = next(v for v in VECTORS if v["id"] == "signing.ws-login")
    credentials = Credentials(api_key="key-1", secret=vector["secret"], passphrase="phrase")

    assert login_args(credentials, at_ns=AT_NS) == ["key-1", "phrase", "1707966245.678", vector["signature"]]


def test_four_headers_make_a_private_request() -> None:
    vector = next(v for v in VECTORS if v["id"] == "signing.post-object")
    credentials = Credentials(api_key="key-1", secret=vector["secret"], passphrase="phrase")

    headers = signed_headers(
        credentials,
        timestamp=vector["timestamp"],
        method=vector["method"],
        target=vector["request_path"],
        body=vector["body"].encode(),
    )

    assert headers == {
        "OK-ACCESS-KEY": "key-1",
        "OK-ACCESS-SIGN": vector["signature"],
        "OK-ACCESS-TIMESTAMP": vector["timestamp"],
        "OK-ACCESS-PASSPHRASE": "phrase",
    }


def test_secrets_stay_out_of_the_printed_form() -> None:
    printed = repr(Credentials(api_key="key-1", secret="hush", passphrase="quiet"))

    assert "key-1" in printed
    assert "hush" not in printed
    assert "quiet" not in printed
