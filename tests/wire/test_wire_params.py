"""Queries are decoded by hand, and readers name what is wrong with a value."""

from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockex.wire.faults import ApiFault, FaultKind
from mockex.wire.json import JsonValue
from mockex.wire.params import MAX_QUERY_LENGTH, MAX_QUERY_PAIRS, Params, parse_query

SIDES = {"buy": 1, "sell": 2}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("after=&before=&currency=BTC", {"after": "", "before": "", "currency": "BTC"}),
        ("limit=2&&after=25", {"limit": "2", "after": "25"}),
        ("&&", {}),
        ("a=1&a=2", {"a": "2"}),
        ("flag", {"flag": ""}),
        ("=x", {"": "x"}),
        ("a=b=c", {"a": "b=c"}),
        ("start=2026-11-19T03%3A31%3A14.905Z", {"start": "2026-11-19T03:31:14.905Z"}),
        ("q=a+b%20c%2B", {"q": "a b c+"}),
        ("a%26b=c%3Dd", {"a&b": "c=d"}),
        ("c=%E9%80%9A", {"c": "通"}),
        ("c=通", {"c": "通"}),
        ("c=%zz%4&d=%", {"c": "%zz%4", "d": "%"}),
        ("c=%ff", {"c": "\ufffd"}),
        ("c=\udcff", {"c": "?"}),
        ("c=%00", {"c": "\0"}),
        ("c=%2541", {"c": "%41"}),
        ("a;b=1", {"a;b": "1"}),
    ],
)
def test_a_query_becomes_a_mapping(raw: str, expected: dict[str, str]) -> None:
    assert parse_query(raw) == expected


@pytest.mark.parametrize("raw", ["a" * (MAX_QUERY_LENGTH + 1), "a&" * MAX_QUERY_PAIRS])
def test_a_query_of_hostile_size_is_refused(raw: str) -> None:
    with pytest.raises(ApiFault) as caught:
        parse_query(raw)
    assert caught.value.kind is FaultKind.PARAM_FORMAT


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_encoded_parameters_are_read_back(values: dict[str, str]) -> None:
    assert parse_query(urlencode(values, errors="replace")) == {clean(name): clean(value) for name, value in values.items()}


def clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@given(st.text("ab=&+%0123456789Fz", max_size=40))
def test_decoding_agrees_with_the_standard_library(raw: str) -> None:
    assert parse_query(raw) == dict(parse_qsl(raw, keep_blank_values=True))


@given(st.text(max_size=60))
def test_any_query_gives_printable_text(raw: str) -> None:
    for name, value in parse_query(raw).items():
        (name + value).encode("utf-8")


def test_required_readers_return_the_value() -> None:
    params = Params({"side": "buy", "price": "4638.5", "limit": "20"})
    assert params.text("side") == "buy"
    assert params.decimal("price") == Decimal("4638.5")
    assert params.integer("limit") == 20
    assert params.choice("side", SIDES) == 1


def test_json_numbers_read_like_their_text() -> None:
    params = Params({"amount": Decimal("1.50"), "type": 0, "id": 2**70, "big": Decimal("1e3")})
    assert params.text("amount") == "1.50"
    assert params.decimal("amount") == Decimal("1.5")
    assert params.decimal("type") == 0
    assert params.text("type") == "0"
    assert params.text("big") == "1000"
    assert params.integer("id") == 2**70
    assert params.choice("type", {"0": "limit"}) == "limit"


READERS = {
    "text": lambda params: params.text("x"),
    "decimal": lambda params: params.decimal("x"),
    "integer": lambda params: params.integer("x"),
    "choice": lambda params: params.choice("x", SIDES),
}
OPTIONAL_READERS = {
    "text": lambda params: params.optional_text("x"),
    "decimal": lambda params: params.optional_decimal("x"),
    "integer": lambda params: params.optional_integer("x"),
    "choice": lambda params: params.optional_choice("x", SIDES),
}
ABSENT = [Params({}), Params({"x": None}), Params({"x": ""}, blank_is_absent=True)]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("params", ABSENT, ids=["no field", "null", "blank"])
def test_an_absent_value_is_missing_where_required_and_none_where_optional(reader: str, params: Params) -> None:
    with pytest.raises(ApiFault) as caught:
        READERS[reader](params)
    assert caught.value.kind is FaultKind.PARAM_MISSING
    assert caught.value.detail == {"field": "x"}
    assert OPTIONAL_READERS[reader](params) is None
    assert params.raw("x") is None


@pytest.mark.parametrize(
    ("reader", "kind"),
    [
        ("decimal", FaultKind.PARAM_FORMAT),
        ("integer", FaultKind.PARAM_FORMAT),
        ("choice", FaultKind.PARAM_VALUE),
    ],
)
def test_a_blank_value_is_a_bad_value_unless_blanks_are_absent(reader: str, kind: FaultKind) -> None:
    for readers in (READERS, OPTIONAL_READERS):
        with pytest.raises(ApiFault) as caught:
            readers[reader](Params({"x": ""}))
        assert caught.value.kind is kind


def test_a_blank_text_is_text_unless_blanks_are_absent() -> None:
    assert Params({"x": ""}).text("x") == ""
    assert Params({"x": ""}).raw("x") == ""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", [True, False, [], ["buy"], {}, {"buy": 1}], ids=repr)
def test_a_container_or_bool_is_no_scalar(reader: str, value: JsonValue) -> None:
    for readers in (READERS, OPTIONAL_READERS):
        with pytest.raises(ApiFault) as caught:
            readers[reader](Params({"x": value}, blank_is_absent=True))
        assert caught.value.kind is FaultKind.PARAM_FORMAT
        assert caught.value.detail["field"] == "x"


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        ("decimal", "abc"), ("decimal", "1e999999999"), ("decimal", "NaN"), ("decimal", Decimal("1e300")),
        ("decimal", " 1"), ("decimal", 10**50), ("text", Decimal("1e300")), ("text", 10**50),
        ("integer", "abc"), ("integer", "1.0"), ("integer", Decimal("1.0")), ("integer", "1_0"), ("integer", " 1"),
        ("integer", "1" * 5_000), ("integer", "١"), ("integer", "0x1"), ("choice", Decimal("1e300")),
    ],
)  # fmt: skip
def test_what_does_not_parse_is_a_format_fault(reader: str, value: JsonValue) -> None:
    with pytest.raises(ApiFault) as caught:
        READERS[reader](Params({"x": value}))
    assert caught.value.kind is FaultKind.PARAM_FORMAT
    assert len(caught.value.detail["value"]) <= 64


def test_a_fault_quotes_the_value_as_sent() -> None:
    with pytest.raises(ApiFault) as caught:
        Params({"side": "BUY"}).choice("side", SIDES)
    assert caught.value.kind is FaultKind.PARAM_VALUE
    assert caught.value.detail == {"field": "side", "value": "BUY"}


@pytest.mark.parametrize(("value", "limit"), [("0", "1"), ("-5", "1"), ("101", "100"), (101, "100")])
def test_an_integer_outside_its_range_names_the_limit_it_breaks(value: JsonValue, limit: str) -> None:
    with pytest.raises(ApiFault) as caught:
        Params({"limit": value}).optional_integer("limit", minimum=1, maximum=100)
    assert caught.value.kind is FaultKind.PARAM_VALUE
    assert caught.value.detail == {"field": "limit", "value": str(value), "limit": limit}


@pytest.mark.parametrize("value", ["1", "100", 1, 100, "+7", "007"])
def test_an_integer_on_the_edge_of_its_range_passes(value: JsonValue) -> None:
    assert Params({"limit": value}).integer("limit", minimum=1, maximum=100) == int(str(value))


def test_raw_gives_containers_as_they_came() -> None:
    assert Params({"order_ids": ["1", 2]}).raw("order_ids") == ["1", 2]
