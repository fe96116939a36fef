"""Decimal text becomes exact integers, and integers become plain text."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.decimals import DecimalError, exact_units, fixed, parse, plain, to_units

FORTY_NINES = "9" * 40


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("4638.5", "4638.5"), ("0.00000001", "0.00000001"), ("1", "1"), ("007", "7"), ("1.50", "1.50"),
        ("+1", "1"), ("-2.5", "-2.5"), (".5", "0.5"), ("5.", "5"), ("1e3", "1000"), ("1E-8", "0.00000001"),
        ("1.5e+2", "150"), ("0" * 60 + "1", "1"), (FORTY_NINES, FORTY_NINES),
        ("0." + FORTY_NINES, "0." + FORTY_NINES), ("1e40", "1" + "0" * 40), ("1e-40", "0." + "0" * 39 + "1"),
        (0, "0"), (5, "5"), (-5, "-5"), (10**40 - 1, FORTY_NINES), (Decimal("1.50"), "1.50"),
    ],
)  # fmt: skip
def test_amounts_are_read_unchanged(value: str | int | Decimal, expected: str) -> None:
    assert format(parse(value), "f") == expected


@pytest.mark.parametrize("zero", ["0", "-0", "+0", "0.000", "-0.0", "0e5", "-0e-5", 0, Decimal("-0"), Decimal("0E+7")])
def test_zero_has_no_sign_and_no_exponent(zero: str | int | Decimal) -> None:
    assert str(parse(zero)) == "0"


@pytest.mark.parametrize(
    "value",
    [
        "", " ", " 1", "1 ", "1\n", "1_000", "1,5", "abc", ".", "+", "-", "e5", "1e", "1e+", "--1", "1..2", "1.2.3",
        "NaN", "nan", "sNaN", "Inf", "-Infinity", "0x10", "١٢", "１", "½", "1\0", "\udcff",
        "1" * 41, "0." + "1" * 41, "1e41", "1e-41", "1.5e-40", "1e999999999", "1e-999999999", "1e99999999999999999999",
        "0e999999999", "1" * 1_000_000, "0" * 101, "1.5e2.5",
        10**40, -(10**40), True, False, None, 1.5, [], {}, b"1",
        Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999999999"), Decimal("1e-999999999"),
        Decimal("1" * 41),
    ],
)  # fmt: skip
def test_what_is_not_a_bounded_amount_is_refused(value: str | int | Decimal) -> None:
    with pytest.raises(DecimalError):
        parse(value)


@pytest.mark.parametrize(
    ("value", "decimals", "units", "exact"),
    [
        ("4638.5", 1, 46385, True), ("4638.51", 1, 46385, False), ("4638.59", 1, 46385, False),
        ("-4638.59", 1, -46385, False), ("0.0000126", 6, 12, False), ("0.02237", 4, 223, False),
        ("5", 8, 500_000_000, True), ("1.500", 1, 15, True), ("0", 8, 0, True), ("1e3", 2, 100_000, True),
        ("0.00000001", 8, 1, True), ("0.000000009", 8, 0, False), ("-0.000000009", 8, 0, False),
        ("12345678901234567890.12345678901234567891", 20, 1234567890123456789012345678901234567891, True),
        ("12345678901234567890.12345678901234567891", 19, 123456789012345678901234567890123456789, False),
    ],
)  # fmt: skip
def test_conversion_to_units_cuts_toward_zero_and_says_so(value: str, decimals: int, units: int, exact: bool) -> None:
    assert to_units(Decimal(value), decimals) == (units, exact)


def test_conversion_ignores_the_precision_of_the_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert to_units(parse("123456.789"), 3) == (123456789, True)
        assert to_units(parse(FORTY_NINES), 8) == (int(FORTY_NINES) * 10**8, True)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1e999999999", "1e-999999999", "0e-999999999"])
def test_conversion_refuses_what_parse_would_not_have_returned(value: str) -> None:
    with pytest.raises(DecimalError):
        to_units(Decimal(value), 8)


def test_exact_conversion_refuses_to_lose_a_digit() -> None:
    assert exact_units(Decimal("0.10"), 1) == 1
    with pytest.raises(DecimalError):
        exact_units(Decimal("0.11"), 1)


@pytest.mark.parametrize(
    ("units", "decimals", "text"),
    [
        (1202, 1, "120.2"), (12020, 2, "120.2"), (0, 0, "0"), (0, 8, "0"), (-5, 1, "-0.5"), (5, 1, "0.5"),
        (-500, 2, "-5"), (100, 0, "100"), (-7, 0, "-7"), (1, 8, "0.00000001"), (100_000_000, 8, "1"),
        (1_000_000_000, 8, "10"), (221537458113212500, 17, "2.215374581132125"), (10**40, 20, "1" + "0" * 20),
    ],
)  # fmt: skip
def test_plain_text_has_no_trailing_zeros(units: int, decimals: int, text: str) -> None:
    assert plain(units, decimals) == text


@pytest.mark.parametrize(
    ("units", "decimals", "places", "text"),
    [
        (1000000, 8, 8, "0.01000000"), (5, 1, 2, "0.50"), (-5, 1, 2, "-0.50"), (0, 0, 3, "0.000"), (7, 0, 0, "7"),
        (-7, 0, 0, "-7"), (1200, 2, 0, "12"), (-1200, 2, 1, "-12.0"), (3, 3, 3, "0.003"), (-3, 3, 3, "-0.003"),
    ],
)  # fmt: skip
def test_fixed_text_has_exactly_the_places_asked_for(units: int, decimals: int, places: int, text: str) -> None:
    assert fixed(units, decimals, places) == text


@pytest.mark.parametrize(("units", "decimals", "places"), [(123, 2, 1), (-123, 2, 1), (1, 8, 0)])
def test_fixed_text_never_loses_a_digit_silently(units: int, decimals: int, places: int) -> None:
    with pytest.raises(AssertionError):
        fixed(units, decimals, places)


@given(st.integers(-(10**40) + 1, 10**40 - 1), st.integers(0, 30))
def test_printing_and_reading_returns_the_same_units(units: int, decimals: int) -> None:
    text = plain(units, decimals)
    assert to_units(parse(text), decimals) == (units, True)
    assert to_units(parse(fixed(units, decimals, decimals)), decimals) == (units, True)
    assert text == (text.rstrip("0").rstrip(".") if "." in text else text)
    assert "e" not in text.lower()


@given(st.integers(0, 10**20 - 1), st.text("0123456789", min_size=1, max_size=20), st.integers(0, 25))
def test_units_are_the_digits_of_the_text(whole: int, fraction: str, decimals: int) -> None:
    units, exact = to_units(parse(f"{whole}.{fraction}"), decimals)
    assert units == int(f"{whole}{fraction.ljust(decimals, '0')[:decimals]}")
    assert exact == (not fraction[decimals:].strip("0"))


@given(st.text(max_size=60) | st.text("0123456789.eE+-_ ", max_size=110))
def test_any_text_is_an_amount_or_the_one_error(text: str) -> None:
    try:
        value = parse(text)
    except DecimalError:
        return
    assert value == Decimal(text)
    assert value.is_finite()
