"""The badge is well-formed, stands alone, says what it shows to those who cannot see it, and has the colour of the outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from conformance_report_rig import case, every_verdict, failed, hostile, large, results, run
from mockex.conformance.model import Level, Verdict
from mockex.conformance.report.badge import render
from mockex.conformance.results import CaseResult, Results

SVG = "{http://www.w3.org/2000/svg}"
GREEN, AMBER, RED, PURPLE, GREY = "#1a7f37", "#8a6100", "#c4232c", "#7a3e9d", "#5f6670"


def parsed(outcome: Results) -> ET.Element:
    return ET.fromstring(render(outcome).encode("utf-8"))


def colour(outcome: Results) -> str | None:
    return parsed(outcome).findall(f"{SVG}g/{SVG}rect")[1].get("fill")


@pytest.mark.parametrize("outcome", [every_verdict, hostile, large, results], ids=["every", "hostile", "large", "none"])
def test_the_badge_is_an_svg_that_stands_alone(outcome: Callable[[], Results]) -> None:
    root = parsed(outcome())

    assert root.tag == f"{SVG}svg"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "clipPath", "rect", "g", "text"}
    assert not re.search(r"href|url\((?!#)|@import", render(outcome()).replace(root.findtext(f"{SVG}title") or "-", ""))
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext(f"{SVG}title")


def test_the_badge_says_how_many_cases_pass() -> None:
    root = parsed(large(20))

    assert [element.text for element in root.iter(f"{SVG}text")] == ["toy", "36/40 pass"]
    assert root.findtext(f"{SVG}title") == "toy: 36/40 pass. 4 required cases failed."


@pytest.mark.parametrize(
    ("cases", "exit_code", "expected"),
    [
        ([case()], 0, GREEN),
        ([case(), case("toy/a/1", verdict=Verdict.UNSUPPORTED)], 0, GREEN),
        ([case(), case("toy/a/1", verdict=Verdict.WARN, level=Level.SHOULD)], 0, AMBER),
        ([case(), failed(known="a ticket")], 0, AMBER),
        ([case(), failed()], 1, RED),
        ([case(), failed()], 2, PURPLE),
        ([], 2, PURPLE),
        ([case(verdict=Verdict.UNSUPPORTED)], 0, GREY),
    ],
)
def test_the_colour_tells_the_outcome(cases: list[CaseResult], exit_code: int, expected: str) -> None:
    assert colour(results(run(*cases), exit_code=exit_code)) == expected


def test_a_run_of_no_case_says_so() -> None:
    assert [element.text for element in parsed(results(exit_code=2)).iter(f"{SVG}text")] == ["toy", "no case ran"]


@pytest.mark.parametrize("background", [GREEN, AMBER, RED, PURPLE, GREY, "#3d434b"])
def test_white_text_can_be_read_on_every_colour(background: str) -> None:
    channels = [int(background[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    assert 1.05 / (luminance + 0.05) >= 4.5
