"""Faults and the messages that venues make of them."""

import dataclasses
from enum import Enum, auto

import pytest

from mockex.wire.faults import ApiFault, FaultKind, WireError


class HouseFault(Enum):
    TOO_MANY_PAIRS = auto()


def message(template: str, **detail: str) -> str:
    return WireError(status=400, code="1", message=template).text(detail)


def test_a_fault_carries_its_kind_and_the_values_a_message_may_quote() -> None:
    fault = ApiFault(FaultKind.PARAM_VALUE, field="limit", value="101", limit="100")
    assert fault.kind is FaultKind.PARAM_VALUE
    assert fault.detail == {"field": "limit", "value": "101", "limit": "100"}


def test_a_venue_raises_kinds_of_its_own() -> None:
    with pytest.raises(ApiFault) as caught:
        raise ApiFault(HouseFault.TOO_MANY_PAIRS)
    assert caught.value.kind is HouseFault.TOO_MANY_PAIRS
    assert caught.value.detail == {}


def test_a_detail_may_be_called_kind() -> None:
    assert ApiFault(FaultKind.INTERNAL, kind="x").detail == {"kind": "x"}


def test_the_text_of_a_fault_names_kind_and_values_for_logs() -> None:
    assert str(ApiFault(FaultKind.PARAM_MISSING, field="size")) == "PARAM_MISSING field='size'"


@pytest.mark.parametrize(
    ("template", "detail", "expected"),
    [
        ("Order does not exist", {}, "Order does not exist"),
        ("", {}, ""),
        ("{field} cannot be blank", {"field": "currency"}, "currency cannot be blank"),
        ("{0} fee below {1}", {"0": "BTC", "1": "0.0005"}, "BTC fee below 0.0005"),
        ("{{{field}}}Only numbers", {"field": "state"}, "{state}Only numbers"),
        ("{field}{field}", {"field": "a"}, "aa"),
        ("Invalid type {field}", {}, "Invalid type "),
        ("{value} is an invalid token", {"value": "{field}", "field": "x"}, "{field} is an invalid token"),
        ("{value}", {"value": "{0.__class__} %s {"}, "{0.__class__} %s {"),
        ("{value}", {"value": "通貨"}, "通貨"),
        ("Channel {value}", {"value": "a\udcff"}, "Channel a?"),
    ],
)
def test_a_message_quotes_values_as_they_are(template: str, detail: dict[str, str], expected: str) -> None:
    assert message(template, **detail) == expected


@pytest.mark.parametrize("template", ["{", "}", "{field", "field}", "{a b}", "{field!r}", "{}", "{a.b}", "{{}"])
def test_a_malformed_template_fails_when_the_table_is_built(template: str) -> None:
    with pytest.raises(ValueError, match="message template"):
        WireError(status=400, code="1", message=template)


def test_replacing_a_message_replaces_what_is_rendered() -> None:
    error = WireError(status=400, code="1", message="old {field}")
    assert dataclasses.replace(error, message="new {field}").text({"field": "x"}) == "new x"
    assert error == WireError(status=400, code="1", message="old {field}")
