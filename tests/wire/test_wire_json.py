"""JSON is exact on the way in and compact on the way out."""

import json as stdlib_json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockex.wire import json
from mockex.wire.json import JsonError, JsonValue


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'{"a":"1.50"}', {"a": "1.50"}),
        (b'{"a":1.50}', {"a": Decimal("1.50")}),
        (b"0.1", Decimal("0.1")),
        (b"[1,2.5,[3.25]]", [1, Decimal("2.5"), [Decimal("3.25")]]),
        (b'{"a":{"b":{"c":0.1}}}', {"a": {"b": {"c": Decimal("0.1")}}}),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"-9223372036854775809", -9223372036854775809),
        (b"18446744073709551616", 18446744073709551616),
        (b"1234567890.12345678901234567890", Decimal("1234567890.12345678901234567890")),
        (b"1e2", Decimal("1e2")),
        (b"1e-400", Decimal("1e-400")),
        (b"-0", 0),
        (b' {"a" : null , "b" : [true, false] } ', {"a": None, "b": [True, False]}),
        ('"通貨"'.encode(), "通貨"),
        (b'"\\u0000"', "\0"),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'{"a":1.5,"a":2.5}', {"a": Decimal("2.5")}),
        (b"{}", {}),
    ],
)
def test_values_are_what_the_text_says(raw: bytes, expected: JsonValue) -> None:
    value = json.loads(raw)
    assert value == expected
    assert repr(value) == repr(expected)  # 1 == True == Decimal(1), so compare the types as well


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"{", b"{]", b"[1,]", b'{"a":1,}', b"{'a':1}", b"a", b"01", b"1.", b".5", b"+1", b"1e", b"- 1",
        b"NaN", b"Infinity", b"-Infinity", b'{"a":NaN}', b"[1.5,NaN]", b"True", b"1 2", b"{}{}",
        b"\xff", b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b'"\t"', b'"\n"', b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"), '{"a":1}'.encode("utf-32"), b"\0",
        b"1e999999999", b"1e99999999999999999999999", b"0e99999999999999999999999",
        b"1.5e-99999999999999999999999", b"1" * 5_000, b"-" + b"1" * 5_000, b"/*x*/1", b'{1:2}',
    ],
)  # fmt: skip
def test_everything_else_is_one_kind_of_error(raw: bytes) -> None:
    with pytest.raises(JsonError):
        json.loads(raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
@pytest.mark.parametrize("count", [33, 1_000, 300_000])
def test_deep_nesting_is_refused_without_exhausting_the_stack(opening: bytes, count: int) -> None:
    closing = opening[::-1].translate(bytes.maketrans(b"[{", b"]}"), b'"a:')
    for raw in (opening * count, opening * count + b"1" + closing * count, opening * count + b"1.5" + closing * count):
        with pytest.raises(JsonError):
            json.loads(raw)


def test_nesting_up_to_the_cap_is_accepted() -> None:
    assert json.loads(b"[" * 32 + b"]" * 32) is not None
    assert json.loads(b"[[1.5]]", max_depth=2) == [[Decimal("1.5")]]
    with pytest.raises(JsonError, match="nested"):
        json.loads(b"[[[]]]", max_depth=2)


def test_many_containers_side_by_side_are_not_deep() -> None:
    assert json.loads(b"[" + b"[]," * 1_000 + b"[]]") == [[]] * 1_001


def finite_decimals() -> st.SearchStrategy[Decimal]:
    return st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)


documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**50), 10**50) | st.text() | finite_decimals(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


class ExactEncoder(stdlib_json.JSONEncoder):
    """Writes a Decimal with its own digits, through a marker string."""

    def default(self, o: object) -> str:
        return f"\x00{o}\x00"


def spelled(document: object) -> bytes:
    return ExactEncoder().encode(document).replace('"\\u0000', "").replace('\\u0000"', "").encode()


@given(documents.filter(lambda d: "\\u0000" not in stdlib_json.dumps(d, default=str)))
@example([Decimal("0.1"), 2**64, {"a": Decimal("1E-30")}])
def test_any_document_is_read_digit_by_digit(document: JsonValue) -> None:
    def same(read: JsonValue, written: JsonValue) -> bool:
        if isinstance(written, Decimal):
            return Decimal(read) == written if isinstance(read, (int, Decimal)) else False
        if isinstance(written, list):
            return isinstance(read, list) and len(read) == len(written) and all(map(same, read, written))
        if isinstance(written, dict):
            return (
                isinstance(read, dict)
                and read.keys() == written.keys()
                and all(same(read[name], written[name]) for name in written)
            )
        return type(read) is type(written) and read == written

    assert same(json.loads(spelled(document)), document)


@given(st.binary(max_size=60) | st.text('[]{}",:.0123456789eE+-truefalsnN \\u', max_size=60).map(str.encode))
def test_arbitrary_bytes_give_a_value_without_floats_or_the_one_error(raw: bytes) -> None:
    try:
        value = json.loads(raw)
    except JsonError:
        return
    assert "float" not in str(types_in(value))


def types_in(value: JsonValue) -> set[str]:
    if isinstance(value, dict):
        return {"dict"}.union(*map(types_in, value.values()))
    if isinstance(value, list):
        return {"list"}.union(*map(types_in, value))
    return {type(value).__name__}


def test_output_is_compact_and_keeps_order() -> None:
    assert json.dumps({"b": ["1", 2, None], "a": True}) == b'{"b":["1",2,null],"a":true}'


def test_output_refuses_a_decimal() -> None:
    with pytest.raises(TypeError):
        json.dumps({"price": Decimal("1.5")})


def test_a_number_without_quotes_is_spelled_as_given() -> None:
    assert json.dumps({"balance": json.number("0.00878180")}) == b'{"balance":0.00878180}'


# --- what a client sent, printed again


@pytest.mark.parametrize(
    "text",
    ['{"a":[1,"x",null,true,{"b":[]}]}', "[9223372036854775807,-9223372036854775807]", '{"big":123456789012345678901234567890}',
     "[-123456789012345678901234567890]", '["é"]', "[0.10,1.50]", "{}", "false", "1E+2", '[[{"a":1E-7}]]'],
)  # fmt: skip
def test_what_a_client_sent_can_be_printed_again_with_its_numbers_as_they_came(text: str) -> None:
    assert json.dumps(json.printable(json.loads(text.encode()))).decode() == text
