"""The JUnit file: by the rules of the schema that CI systems share, and nothing that failed looks like success."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from conformance_report_rig import case, every_verdict, failed, hostile, large, results, run
from mockex.conformance.model import Verdict
from mockex.conformance.report.junit import render
from mockex.conformance.results import Results

OUTCOMES: dict[str, Callable[[], Results]] = {
    "every verdict": every_verdict,
    "hostile": hostile,
    "1000 cases": large,
    "no run": results,
    "no case": lambda: results(run()),
}

# What elements and attributes the schema has (testmoapp/junitxml, which gathers what the CI systems read).
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "file"},
    "testcase": {"name", "classname", "assertions", "time", "file", "line"},
    "properties": set(),
    "property": {"name", "value"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
    "system-err": set(),
}
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out", "system-err"],
    "testcase": ["properties", "skipped", "failure", "error", "system-out", "system-err"],
    "properties": ["property"],
}
REQUIRED = {"testsuite": {"name", "tests"}, "testcase": {"name", "classname"}, "property": {"name", "value"}}
REPEATED = {"testsuite", "testcase", "property"}


def parsed(outcome: Results) -> ET.Element:
    return ET.fromstring(render(outcome).encode("utf-8"))


def cases(root: ET.Element) -> dict[str, ET.Element]:
    """By the case's id."""
    return {str(test.get("name")).split(" ")[0]: test for test in root.iter("testcase")}


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_the_file_keeps_to_the_schema(outcome: Callable[[], Results]) -> None:
    root = parsed(outcome())

    assert root.tag == "testsuites"
    for element in root.iter():
        children = [child.tag for child in element]
        order = CHILDREN.get(element.tag, [])
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert set(element.attrib) >= REQUIRED.get(element.tag, set())
        assert [order.index(tag) for tag in children] == sorted(order.index(tag) for tag in children)
        assert all(children.count(tag) == 1 or tag in REPEATED for tag in children)
        if element.tag == "testcase":
            assert len({"skipped", "failure", "error"} & set(children)) <= 1


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_counts_are_those_of_the_elements(outcome: Callable[[], Results]) -> None:
    root = parsed(outcome())

    for suite in [root, *root.iter("testsuite")]:
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures", "")) == len(list(suite.iter("failure")))
        assert int(suite.get("errors", "")) == len(list(suite.iter("error")))
        assert int(suite.get("skipped", "")) == len(list(suite.iter("skipped")))


def test_each_client_and_area_is_a_suite_of_its_own() -> None:
    outcome = results(run(case("toy/auth/1"), case("toy/books/1"), name="a"), run(case("toy/auth/1"), name="b"))

    assert [suite.get("name") for suite in parsed(outcome)] == ["a.auth", "a.books", "b.auth"]


def test_each_verdict_has_its_own_element() -> None:
    found = cases(parsed(every_verdict()))
    kinds = {
        id: next((child.tag for child in test if child.tag in ("failure", "error", "skipped")), None)
        for id, test in found.items()
    }

    assert kinds == {
        "toy/auth/010": None,
        "toy/auth/020": "failure",  # of the baseline's suite, which comes after the case's own
        "toy/orders/020": "failure",
        "toy/orders/030": "skipped",
        "toy/orders/040": None,
        "toy/streams/010": "skipped",
        "toy/streams/020": "error",
        "toy/streams/030": "skipped",
        "cases": "error",
    }
    assert found["toy/orders/030"].find("skipped[@message='known failure: ticket 7: amounts are floats']") is not None
    assert found["toy/streams/010"].find("skipped[@message='unsupported: the client has no subscribe.book']") is not None
    assert found["toy/streams/020"].findtext("system-err") == "Traceback:\n  boom"
    assert found["cases"].find("error[@message='the driver said nothing within 5 s: no case ran']") is not None


def test_a_warning_is_no_failure_and_is_told() -> None:
    test = cases(parsed(results(run(failed("toy/orders/040", verdict=Verdict.WARN)))))["toy/orders/040"]

    assert test.find("failure") is None
    assert str(test.findtext("system-out")).startswith(
        'WARNING: the size in the request: expected "0.001" as text, seen 0.001 as a JSON number\n'
    )


def test_a_failure_tells_what_its_page_would() -> None:
    test = cases(parsed(results(run(failed(trace="traces/ccxt/x.jsonl")))))["toy/orders/020"]
    properties = {element.get("name"): element.get("value") for element in test.iter("property")}

    assert test.get("time") == "0.041"
    assert properties == {
        "verdict": "fail",
        "level": "MUST",
        "source": "toy§3",
        "provenance": "documented",
        "trace": "traces/ccxt/x.jsonl",
    }
    assert test.findtext("failure") == (
        "The venue demands it. Whoever does not is refused.\n"
        "source: toy§3 (documented, MUST)\n"
        "the size in the request\n"
        '  expected: "0.001" as text\n'
        "  seen:     0.001 as a JSON number\n"
        'evidence: [2] POST /api/spot/v3/orders {"size":0.001}\n'
        "evidence: the order has size 0.001\n"
        "trace: traces/ccxt/x.jsonl"
    )
    assert str(test.findtext("system-out")).splitlines() == [
        "note: The venue takes it all the same.",
        'step: place_order {"price":"1500000","size":"0.001"} -> {"id":"4212"}',
        "step: settle {} -> {}",
        "fault: f1 lose_reply on entry 2",
    ]


def test_hostile_text_stays_text_and_reads_as_it_was_sent() -> None:
    root = parsed(hostile())
    texts = "\n".join([*(value for each in root.iter() for value in each.attrib.values()), *root.itertext()])

    assert root.find(".//img") is None
    assert "</script></style><img src=x onerror=alert(1)>" in texts
    assert r"\x1b[31m\x00\ud800\u202e" in texts
