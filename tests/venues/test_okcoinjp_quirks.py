"""The list of oddities keeps its word: every test and fixture that it names exists, and every known contradiction is in it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from mockex.fixtures import load, names

import mockex.venues.okcoinjp

TEXT = (resources.files(mockex.venues.okcoinjp) / "QUIRKS.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and not line.startswith("|---")]
TESTS = Path(__file__).parent

LAST_CELLS = [row.rstrip(" |").rpartition("|")[2].strip() for row in ROWS]
# `name::test` anywhere, and `name` for a whole file in the last column.
REFERENCES = sorted(
    {*re.findall(r"`(\w+::test_\w+)`", TEXT), *(cell.strip("`") for cell in LAST_CELLS if re.fullmatch(r"`[a-z_]+`", cell))}
)
FIXTURES = sorted(set(re.findall(r"fixture `([a-z_/]+)`", TEXT)))


def test_there_is_something_to_check() -> None:
    assert len(ROWS) > 100
    assert len(REFERENCES) > 80
    assert FIXTURES


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_test_that_is_named_exists(reference: str) -> None:
    name, _, test = reference.partition("::")
    source = (TESTS / f"test_okcoinjp_{name}.py").read_text(encoding="utf-8")

    assert f"def {test}(" in source if test else "def test_" in source


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_fixture_that_is_named_exists(fixture: str) -> None:
    assert load("okcoinjp", fixture)["id"] == fixture


def test_every_contradiction_of_the_specification_has_its_row() -> None:
    known = {
        decided["contradiction"]
        for name in (*names("okcoinjp"), *names("okcoinjp", "rest"), *names("okcoinjp", "ws"))
        for decided in load("okcoinjp", name).get("decided", ())
        if "contradiction" in decided
    }

    assert known == set(range(1, 19))
    assert sorted(int(number) for number in re.findall(r"^\| okj§13 row (\d+) \|", TEXT, re.MULTILINE)) == sorted(known)


def test_every_row_names_its_source_and_its_test() -> None:
    bare = [row for row in ROWS if "okj§" not in row and not re.match(r"\| (what|switch|row of|code) \|", row)]

    assert bare == []


def test_every_switch_of_the_venue_is_listed() -> None:
    for switch in mockex.venues.okcoinjp.VENUE.switches:
        assert f"| `{switch}` |" in TEXT
