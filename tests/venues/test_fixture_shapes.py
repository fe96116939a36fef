"""The check of shapes finds what it is for: its passes elsewhere mean something."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from fixture_shapes import deviations

FIELDS = [
    {"path": "table", "type": "string", "presence": "always"},
    {"path": "data[].price", "type": "string", "presence": "always"},
    {"path": "data[].tag", "type": "string", "presence": "optional"},
    {"path": "data[].levels[][0]", "type": "string", "presence": "always"},
    {"path": "data[].levels[][1]", "type": "integer", "presence": "always"},
    {"path": "by_pair{}[].result", "type": "boolean", "presence": "optional"},
]


def value(**row: Any) -> dict[str, Any]:
    return {"table": "t", "data": [{"price": "1", "levels": [["1", 2]], **row}], "by_pair": {"a": [{"result": True}]}}


def test_a_fitting_value_has_no_deviation() -> None:
    assert deviations(value(), FIELDS) == []
    assert deviations(value(tag="x"), FIELDS) == []


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ({"price": 1}, "$.data[0].price: 1 is no string"),
        ({"extra": "x"}, "$.data[0]: nobody lists 'extra'"),
        ({"tag": None}, "$.data[0].tag: None is no string"),
        ({"levels": [["1", True]]}, "$.data[0].levels[0][1]: True is no integer"),
        ({"levels": [["1"]]}, "$.data[0].levels[0]: ['1'] has not 2 elements"),
        ({"levels": {}}, "$.data[0].levels: {} is no list"),
    ],
    ids=str,
)
def test_a_deviation_is_named_with_its_place(row: dict[str, Any], finding: str) -> None:
    assert deviations(value(**row), FIELDS) == [finding]


def test_a_missing_field_is_found_at_every_depth() -> None:
    assert deviations({"data": [{"levels": []}], "by_pair": {}}, FIELDS) == [
        "$: 'table' is missing",
        "$.data[0]: 'price' is missing",
    ]
    assert deviations({"table": "t", "by_pair": {"a": [{"result": "yes"}]}}, FIELDS) == [
        "$: 'data' is missing",
        "$.by_pair.a[0].result: 'yes' is no boolean",
    ]


def test_a_field_that_may_be_null_must_be_there() -> None:
    fields = [
        {"path": "quota", "type": "string", "presence": "nullable"},
        {"path": "fee", "type": "number", "presence": "always"},
    ]

    assert deviations({"quota": None, "fee": Decimal("0.1")}, fields) == []
    assert deviations({"quota": "1", "fee": 1}, fields) == []
    assert deviations({"fee": 1}, fields) == ["$: 'quota' is missing"]
    assert deviations({"quota": 1, "fee": 1}, fields) == ["$.quota: 1 is no string"]
