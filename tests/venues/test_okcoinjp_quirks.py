"""The list of oddities keeps its word: every test and fixture that it names exists, and every known contradiction is in it."""

from __future__ import annotations

import re

import pytest
from mockex.fixtures import load, names
from quirks_page import QuirksPage

import mockex.venues.okcoinjp

PAGE = QuirksPage(mockex.venues.okcoinjp, "okcoinjp")


def test_there_is_something_to_check() -> None:
    assert len(PAGE.rows) > 100
    assert len(PAGE.references) > 80
    assert PAGE.fixtures


@pytest.mark.parametrize("reference", PAGE.references)
def test_a_test_that_is_named_exists(reference: str) -> None:
    assert PAGE.has_test(reference)


@pytest.mark.parametrize("fixture", PAGE.fixtures)
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
    assert sorted(int(number) for number in re.findall(r"^\| okj§13 row (\d+) \|", PAGE.text, re.MULTILINE)) == sorted(known)


def test_every_row_names_its_source_and_its_test() -> None:
    assert PAGE.rows_without(("okj§",), ("what", "switch", "row of okj§13", "code")) == []


def test_every_switch_of_the_venue_is_listed() -> None:
    for switch in mockex.venues.okcoinjp.VENUE.switches:
        assert f"| `{switch}` |" in PAGE.text
