"""The page needs nothing else, says everything, and runs and applies nothing that a client said."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conformance_report_rig import (
    HOSTILE,
    case,
    every_verdict,
    failed,
    hostile,
    large,
    lay_traces,
    results,
    run,
    trace_entries,
)
from mockex.conformance.model import Level, Verdict
from mockex.conformance.report import html as page_module
from mockex.conformance.report.html import render
from mockex.conformance.results import Results

OUTCOMES: dict[str, Callable[[], Results]] = {
    "every verdict": every_verdict,
    "hostile": hostile,
    "1000 cases": large,
    "no run": lambda: results(exit_code=2),
    "no case": lambda: results(run(), exit_code=2),
}
VOID = {"meta", "link", "input", "rect", "br", "img"}
OWN_TAGS = {
    *("html", "head", "meta", "title", "link", "style", "script", "body", "header", "main", "section", "article", "footer"),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "a",
        "b",
        "strong",
        "code",
        "pre",
        "time",
        "div",
        "span",
        "svg",
        "rect",
        "details",
        "summary",
    ),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("form", "button", "label", "input", "select", "option", "output"),
}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, with whether each is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def values(self, name: str, tag: str | None = None) -> Iterator[str]:
        return (str(attrs[name]) for each, attrs in self.elements if name in attrs and tag in (None, each))


@pytest.fixture
def page(tmp_path: Path) -> Callable[[Results], Page]:
    return lambda outcome: Page(render(outcome, lay_traces(outcome, tmp_path, trace_entries(12))))


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_the_page_is_whole_and_has_only_its_own_elements(
    outcome: Callable[[], Results], page: Callable[[Results], Page]
) -> None:
    found = page(outcome())

    assert {tag for tag, _ in found.elements} <= OWN_TAGS
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert not [name for _, attrs in found.elements for name in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_every_address_in_the_page_leads_somewhere_and_never_away(
    outcome: Callable[[], Results], page: Callable[[Results], Page]
) -> None:
    found = page(outcome())
    ids = list(found.values("id"))
    companions = {"results.json", "junit.xml", "summary.md"}

    assert len(ids) == len(set(ids))
    assert all(not re.search(r"[^A-Za-z0-9_-]", id) for id in ids)
    for href in found.values("href", "a"):
        assert href in companions or href.startswith("traces/") or href.removeprefix("#") in ids
    assert set(found.values("href", "link")) == {"data:,"}
    assert list(found.values("src")) == []


def test_style_and_script_fetch_nothing() -> None:
    folder = Path(page_module.__file__).parent
    style, script = (folder / "page.css").read_text(), (folder / "page.js").read_text()

    assert not re.search(r"url\(|@import|@font-face|https?:", style)
    assert not re.search(
        r"fetch|XMLHttpRequest|import\(|new Image|sendBeacon|https?:|innerHTML|insertAdjacentHTML|eval\(", script
    )
    assert "</" not in style + script


def test_only_the_pages_own_script_and_style_are_allowed(tmp_path: Path) -> None:
    text = render(every_verdict(), tmp_path)
    policy = next(str(attrs["content"]) for _, attrs in Page(text).elements if attrs.get("http-equiv"))

    for tag in ("style", "script"):
        content = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        assert len(content) == 1
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_hostile_text_is_shown_as_it_was_sent_wherever_text_may_be(tmp_path: Path) -> None:
    outcome = hostile()
    entries = [
        {**entry, **dict.fromkeys(("body", "text", "key", "what", "path", "socket"), HOSTILE)} for entry in trace_entries()
    ]
    entries += [{HOSTILE: HOSTILE}, {"n": HOSTILE, "kind": "request", "headers": {HOSTILE: HOSTILE}, "method": HOSTILE}]
    lay_traces(outcome, tmp_path, entries)
    text = render(outcome, tmp_path)
    shown = "</script></style><img src=x onerror=alert(1)>'\"`&|\\]]> <!--{{ 7*7 }}\\x1b[31m\\x00\\ud800\\u202e[x]"

    assert "<img" not in text
    assert "javascript:" not in "".join(Page(text).values("href"))
    assert not set("\x1b\x00\ud800\u202e") & set(text)
    assert Page(text).text.count(shown) > 100


def test_the_page_says_who_was_checked_against_what_and_how_it_ended(page: Callable[[Results], Page]) -> None:
    text = page(every_verdict()).text

    for part in (
        "Toy Exchange v3",
        "The run broke, so there is no verdict.",
        "other: the driver said nothing within 5 s: no case ran",
        "1 case failed as the baseline expects.",
        "1 case of the baseline passed, so the baseline is out of date.",
        "2 cases could not be run, 2 of them required.",
        "Venue toy, profile documented",
        "2026-11-21 12:00:00 UTC",
        "driver protocol 1",
        "node my-driver.js",
        "Known to the baseline: ticket 7: amounts are floats",
        "Why unsupported: the client has no subscribe.book",
        "Why errored: the driver ended with code 1",
        "Traceback: boom",
        "Why skipped: interrupted",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (results(run(case()), exit_code=0), "Every case passed."),
        (results(run(case(), case("toy/a/1", verdict=Verdict.UNSUPPORTED)), exit_code=0), "No required case failed."),
        (results(run(case(), failed(known="x")), exit_code=0), "No required case failed."),
        (results(run(case(), failed()), exit_code=1), "1 required case failed."),
        (results(run(case(), stale=("toy/orders/010",)), exit_code=1), "The baseline is out of date."),
        (results(run(case(verdict=Verdict.ERRORED)), exit_code=2), "The run broke, so there is no verdict."),
        (results(exit_code=2), "No case ran."),
        (results(run(case(verdict=Verdict.SKIPPED)), exit_code=2), "No case ran."),
    ],
)
def test_the_outcome_is_a_sentence(outcome: Results, title: str, page: Callable[[Results], Page]) -> None:
    assert (
        f"Toy Exchange v3 {'✓' if outcome.exit_code == 0 else '✕' if outcome.exit_code == 1 else '⊘'} {title}"
        in page(outcome).text
    )


def test_a_failed_case_shows_all_that_is_known_of_it(page: Callable[[Results], Page]) -> None:
    found = page(results(run(failed(trace="traces/ccxt/toy-orders-020.jsonl"))))

    for part in (
        "toy/orders/020 Sizes are sent as text. MUST The venue demands it.",
        "Source toy§3 Provenance documented Level MUST Needs place_order Took 41 ms",
        'the size in the request Expected "0.001" as text Seen 0.001 as a JSON number',
        'Evidence entry 2 POST /api/spot/v3/orders {"size":0.001} the order has size 0.001',
        'What the client was asked, and said place_order {"price":"1500000","size":"0.001"} -> {"id":"4212"} settle {} -> {}',
        "Faults that fired f1 lose_reply on entry 2",
        "Notes The venue takes it all the same.",
        "Trace 12 entries 1 +1.3 ms · event c1 opened /ws/v3",
        '2 +2.6 ms → client to venue alice POST /api/spot/v3/orders {"instrument_id":"BTC-JPY",',
        "3 +3.9 ms ↯ fault f1 lose_reply on entry 2",
        '4 +5.2 ms ← venue to client venue 200 (lost) {"client_oid":"",',
        "As recorded: traces/ccxt/toy-orders-020.jsonl",
    ):
        assert part in found.text
    assert "#r0-toy-orders-020--n2" in set(found.values("href", "a"))


def test_a_passing_cases_trace_is_linked_not_embedded(page: Callable[[Results], Page]) -> None:
    found = page(results(run(case(trace="traces/ccxt/a.jsonl"))))

    assert "The trace of a case that passed is in its file only. traces/ccxt/a.jsonl" in found.text
    assert "+1.3 ms" not in found.text


def test_a_trace_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    text = Page(render(results(run(failed(trace="traces/ccxt/a.jsonl"))), tmp_path)).text

    assert "The trace cannot be read: No such file or directory. traces/ccxt/a.jsonl" in text


def test_the_page_holds_so_much_of_traces_and_no_more(tmp_path: Path) -> None:
    cases = [failed(f"toy/a/{number}", trace=f"traces/ccxt/{number}.jsonl") for number in range(40)]
    outcome = results(run(*cases))
    entries = [{**entry, "text": "x" * 10_000} for entry in trace_entries(600)]
    text = render(outcome, lay_traces(outcome, tmp_path, entries))

    assert len(text) < 10_000_000
    assert "200 entries are left out here; the file has them." in text
    assert "This page holds as many traces as it may; this one is in its file only." in text


def test_the_table_has_a_row_for_each_area_and_says_each_cell_in_words(page: Callable[[Results], Page]) -> None:
    first = run(case("toy/auth/1"), failed("toy/orders/1"), case("toy/orders/2"), name="a")
    second = run(case("toy/books/1", verdict=Verdict.UNSUPPORTED), name="b")
    labels = list(page(results(first, second)).values("aria-label", "a"))

    assert labels == [
        "a, auth: 1 of 1 passed",
        "a, orders: 1 of 2 passed, 1 failed",
        "b, books: 0 of 1 passed, 1 unsupported",
        "a: 2 of 3 passed, 1 failed",
        "b: 0 of 1 passed, 1 unsupported",
    ]


def test_each_case_carries_what_the_filters_ask_for(page: Callable[[Results], Page]) -> None:
    found = page(results(run(failed(level=Level.SHOULD, verdict=Verdict.WARN))))
    carried = [
        {name: value for name, value in attrs.items() if name.startswith("data-")}
        for _, attrs in found.elements
        if str(attrs.get("class")).startswith("case ")
    ]

    assert carried == [{"data-client": "0", "data-area": "orders", "data-level": "SHOULD", "data-verdict": "warn"}]


def test_areas_are_open_where_something_did_not_pass(page: Callable[[Results], Page]) -> None:
    found = page(results(run(case("toy/auth/1"), failed("toy/orders/1"))))

    assert ["open" in attrs for _, attrs in found.elements if attrs.get("class") == "area"] == [False, True]


def test_two_cases_that_differ_only_in_signs_have_addresses_of_their_own(page: Callable[[Results], Page]) -> None:
    found = page(results(run(case("toy/a/1"), case("toy/a-1/x", area="a"), case("toy/a/1/x", area="a"))))

    assert {"r0-toy-a-1", "r0-toy-a-1-x", "r0-toy-a-1-x--2"} <= set(found.values("id"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground_in_both_schemes(scheme: str) -> None:
    style = (Path(page_module.__file__).parent / "page.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[scheme == "dark"]))
    grounds = ["page", "surface", "sunken"]
    pairs = [(ink, ground) for ink in ("ink", "quiet", "link", "pass", "fail", "warn", "errored", "none") for ground in grounds]
    pairs += [(name, f"{name}-tint") for name in ("pass", "fail", "warn", "errored", "none")]
    pairs += [("ink", f"{name}-tint") for name in ("pass", "fail", "warn", "errored", "none")]

    assert {
        pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs if contrast(*map(colours.get, pair)) < 4.5
    } == {}


def contrast(first: str | None, second: str | None) -> float:
    """As WCAG 2.1 has it."""
    brighter, darker = sorted((luminance(str(first)), luminance(str(second))), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
