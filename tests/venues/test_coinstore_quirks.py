"""The list of oddities keeps its word: the tests and fixtures that it names exist, and every choice of an operator is in it."""

from __future__ import annotations

import re

import pytest
from mockex.fixtures import load
from quirks_page import QuirksPage

import mockex.venues.coinstore

PAGE = QuirksPage(mockex.venues.coinstore, "coinstore")


def test_there_is_something_to_check() -> None:
    assert len(PAGE.rows) > 50
    assert len(PAGE.references) > 40
    assert PAGE.fixtures


@pytest.mark.parametrize("reference", PAGE.references)
def test_a_test_that_is_named_exists(reference: str) -> None:
    assert PAGE.has_test(reference)


@pytest.mark.parametrize("fixture", PAGE.fixtures)
def test_a_fixture_that_is_named_exists(fixture: str) -> None:
    assert load("coinstore", fixture)["id"] == fixture


def test_every_row_names_its_source() -> None:
    assert PAGE.rows_without(("cs§",), ("what", "switch", "flag")) == []


def test_every_switch_and_flag_of_the_venue_is_listed() -> None:
    venue = mockex.venues.coinstore.VENUE
    for name in (*venue.switches, *venue.flags, *venue.account_flags):
        assert f"| `{name}` |" in PAGE.text


def test_every_contradiction_of_the_document_is_listed_in_order() -> None:
    assert re.findall(r"^\| (\d+): ", PAGE.text, flags=re.MULTILINE) == [str(number) for number in range(1, 24)]
