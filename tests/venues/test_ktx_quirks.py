"""The list of oddities keeps its word: the tests that it names exist, and every switch is in it."""

from __future__ import annotations

import pytest
from quirks_page import QuirksPage

import mockex.venues.ktx

PAGE = QuirksPage(mockex.venues.ktx, "ktx")


def test_there_is_something_to_check() -> None:
    assert len(PAGE.rows) > 20
    assert len(PAGE.references) > 20


@pytest.mark.parametrize("reference", PAGE.references)
def test_a_test_that_is_named_exists(reference: str) -> None:
    assert PAGE.has_test(reference)


@pytest.mark.parametrize("switch", mockex.venues.ktx.VENUE.switches)
def test_every_switch_is_listed(switch: str) -> None:
    assert f"`{switch}`" in PAGE.text
