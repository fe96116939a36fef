"""Times as text, exact to the nanosecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.timestamps import (
    iso_ms,
    iso_seconds000,
    parse_iso_ns,
    parse_unix_seconds_ns,
    unix_seconds_ms,
)

SECOND = 1_000_000_000
YEAR_2100 = 4_102_444_800


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000Z", 0),
        # The two spellings of one instant in okj§3.
        ("2024-02-15T03:04:05.678Z", 1_707_966_245_678_000_000),
        ("2024-02-15T03:04:05.6Z", 1_707_966_245_600_000_000),
        ("2024-02-15T03:04:05.67Z", 1_707_966_245_670_000_000),
        ("2024-02-15T03:04:05.123456789Z", 1_707_966_245_123_456_789),
        ("2036-02-05T18:28:16.000Z", 2_085_848_896 * SECOND),
        ("2024-02-29T23:59:59.999Z", 1_709_251_199_999_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400 * SECOND),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
    ],
)
def test_iso_times_are_read_to_the_nanosecond(text: str, expected: int) -> None:
    assert parse_iso_ns(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "Z", "2024-02-15", "2024-02-15T03:04:05", "2024-02-15T03:04:05.678", "2024-02-15 03:04:05Z",
        "2024-02-15t03:04:05z", "2024-02-15T03:04:05.Z", "2024-02-15T03:04:05.1234567890Z",
        "2024-02-15T03:04:05.67 Z", "2024-02-15T03:04:05,678Z", "2024-02-15T03:04:05+00:00",
        "2024-02-15T03:04:05.678ZZ", "2024-02-15T03:04:05Z\n", " 2024-02-15T03:04:05Z", "24-02-15T03:04:05Z",
        "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-32T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z",
        "2024-02-15T03:04:05.٦Z", "٢٠٢٤-02-15T03:04:05Z", "1707966245.678", "2024-02-15T03:04:05.-12Z", "9" * 10_000,
    ],
)  # fmt: skip
def test_other_texts_are_no_iso_times(text: str) -> None:
    assert parse_iso_ns(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1707966245.678", 1_707_966_245_678_000_000),
        # Spellings that clients send, okj§3.
        ("1795232053.96", 1_795_232_053_960_000_000),
        ("1795232753.3114119", 1_795_232_753_311_411_900),
        ("1795231962", 1_795_231_962 * SECOND),
        ("2085848896.0", 2_085_848_896 * SECOND),
        ("0", 0),
        ("0.000000001", 1),
        ("1.123456789999", 1_123_456_789),
        ("00001", SECOND),
    ],
)
def test_unix_seconds_are_read_to_the_nanosecond(text: str, expected: int) -> None:
    assert parse_unix_seconds_ns(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", ".", ".5", "5.", "-1", "+1", "1e9", "1 ", " 1", "1.2.3", "1_0", "NaN", "inf", "١", "²", "1.²",
     "1" * 12, "1." + "1" * 31, "1" * 1_000_000, "2024-02-15T03:04:05Z", "1,5"],
)  # fmt: skip
def test_other_texts_are_no_unix_seconds(text: str) -> None:
    assert parse_unix_seconds_ns(text) is None


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_415_270_087_123_000_000, "2014-11-06T10:34:47.123Z"),
        (1_415_270_087_123_999_999, "2014-11-06T10:34:47.123Z"),
        (1_415_270_087_007_000_000, "2014-11-06T10:34:47.007Z"),
        (4_102_444_799_999_000_000, "2099-12-31T23:59:59.999Z"),
        (YEAR_2100 * SECOND, "2100-01-01T00:00:00.000Z"),
    ],
)
def test_times_print_with_milliseconds(time_ns: int, text: str) -> None:
    assert iso_ms(time_ns) == text
    assert iso_seconds000(time_ns) == text[:20] + "000Z"


def test_unix_seconds_print_with_three_decimals() -> None:
    assert unix_seconds_ms(1_420_674_445_201_000_000) == "1420674445.201"
    assert unix_seconds_ms(1_420_674_445_000_999_999) == "1420674445.000"


@given(st.integers(0, YEAR_2100 * 1_000))
def test_printed_milliseconds_are_read_back(time_ms: int) -> None:
    time_ns = time_ms * 1_000_000
    assert parse_iso_ns(iso_ms(time_ns)) == time_ns
    assert parse_unix_seconds_ns(unix_seconds_ms(time_ns)) == time_ns


@given(st.integers(0, YEAR_2100 * 1_000_000))
def test_printing_agrees_with_the_standard_library(time_us: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)
    expected = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert iso_ms(time_us * 1_000) == expected


@given(st.text(max_size=30) | st.text("0123456789-:TZ.", max_size=30))
def test_any_text_is_a_time_or_none(text: str) -> None:
    for parsed in (parse_iso_ns(text), parse_unix_seconds_ns(text)):
        assert parsed is None or isinstance(parsed, int)
