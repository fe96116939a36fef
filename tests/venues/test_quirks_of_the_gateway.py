"""The gateway's list of oddities keeps its word: the tests that it names exist, and every switch is in it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from quirks_page import QuirksPage

import mockex.gateway
from mockex.gateway.service import GatewaySettings

PAGE = QuirksPage(mockex.gateway, "gateway", tests=Path(__file__).parents[1] / "gateway")


def test_there_is_something_to_check() -> None:
    assert len(PAGE.rows) > 35
    assert len(PAGE.references) > 30


@pytest.mark.parametrize("reference", PAGE.references)
def test_a_test_that_is_named_exists(reference: str) -> None:
    assert PAGE.has_test(reference)


def test_every_row_names_its_source() -> None:
    assert PAGE.rows_without(("gw§",), ("what", "what it says", "switch")) == []


def test_every_switch_is_listed() -> None:
    for field in fields(GatewaySettings):
        assert f"| `{field.name}` |" in PAGE.text
