"""Numbers as the venue prints them: Java's doubles, texts of 18 decimals, and ids longer than any machine integer."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from htx_support import Bench, by_id, make_listing
from mockex.fixtures import load

from mockex.venues.htx.codec import amount_text, double_text
from mockex.wire.json import dumps, loads, printable

NUMBERS = load("htx", "numbers")
# The others are numbers of the documents, which no Java double prints that way.
JAVA = [row for row in NUMBERS["doubles"] if row["provenance"] in ("captured", "third_party") and "." in row["text"]]


def units(value: str) -> tuple[int, int]:
    """A decimal text as whole units and their decimals."""
    whole, _, fraction = value.partition(".")
    return int(whole + fraction), len(fraction)


def test_there_are_numbers_to_check() -> None:
    assert {"9.121E-7", "4.0E7", "188358.0"} <= {row["text"] for row in JAVA}


@pytest.mark.parametrize("row", **by_id(JAVA))
def test_a_number_is_printed_like_the_captured_double(row: dict[str, Any]) -> None:
    assert double_text(*units(row["value"])) == row["text"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0.0"), ("0.000", "0.0"), ("1", "1.0"), ("0.001", "0.001"), ("0.0009999", "9.999E-4"), ("9999999", "9999999.0"),
        ("9999999.5", "9999999.5"), ("10000000", "1.0E7"), ("12345678.9", "1.23456789E7"), ("0.1", "0.1"), ("0.0100", "0.01"),
        ("100", "100.0"), ("0.000000000000000001", "1.0E-18"), ("123456789012345", "1.23456789012345E14"),
        # More than 15 digits: half to even.
        ("1.000000000000005", "1.0"), ("1.000000000000015", "1.00000000000002"), ("1.0000000000000051", "1.00000000000001"),
        ("0.9999999999999996", "1.0"), ("9999999.99999999999", "1.0E7"), ("26.755973959140651643", "26.7559739591407"),
    ],
)  # fmt: skip
def test_a_double_is_plain_in_its_middle_range_and_has_15_digits(value: str, text: str) -> None:
    assert double_text(*units(value)) == text


def test_a_printed_double_is_the_number_itself_up_to_15_digits() -> None:
    rng = random.Random(5)
    for _ in range(2_000):
        number, decimals = rng.randrange(10 ** rng.randrange(1, 16)), rng.randrange(24)
        assert Decimal(double_text(number, decimals)) == Decimal(number).scaleb(-decimals)


@pytest.mark.parametrize("row", **by_id([row for row in NUMBERS["amounts"] if row["provenance"] == "third_party"]))
def test_an_amount_is_a_text_of_18_decimals(row: dict[str, Any]) -> None:
    assert amount_text(*units(row["value"])) == row["text"]


@pytest.mark.parametrize(
    "raw",
    [b'"id1"', b"1", b"-1", b"1.50", b"1E+2", b"12345678901234567890123456789", b"true", b"null", b'{"a":[1.5,{}]}', b"[]"],
)
def test_a_clients_own_value_comes_back_as_its_own_type(raw: bytes) -> None:
    value = loads(raw)

    assert loads(dumps(printable(value))) == value
    assert type(loads(dumps(printable(value)))) is type(value)


def test_ids_of_trades_are_whole_json_numbers_of_26_to_28_digits() -> None:
    bench = Bench()
    bench.trade("100")
    bench.trade("101")

    rows = bench.get("/market/history/trade", "symbol=btcusdt&size=2").body["data"]

    ids = [trade["id"] for row in rows for trade in row["data"]]
    assert [type(each) for each in ids] == [int, int]
    assert all(26 <= len(str(each)) <= 28 for each in ids)
    assert [str(each)[:12] for each in ids] == [str(row["id"]) for row in rows]
    assert ids == sorted(ids, reverse=True)


def test_a_pair_of_the_operators_has_such_ids_too() -> None:
    bench = Bench(make_listing("ETH", "BTC", price_precision=5))
    bench.trade("0.05", symbol="ethbtc")

    (row,) = bench.get("/market/history/trade", "symbol=ethbtc").body["data"]

    assert 26 <= len(str(row["data"][0]["id"])) <= 28
