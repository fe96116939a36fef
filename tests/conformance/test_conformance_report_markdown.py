"""The summary for a CI job's page: rows have all their cells, folds close, and hostile text stays text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conformance_report_rig import case, every_verdict, failed, hostile, large, results, run
from markdown_it import MarkdownIt
from mockex.conformance.report.markdown import escape, render
from mockex.conformance.results import Results

OUTCOMES: dict[str, Callable[[], Results]] = {
    "every verdict": every_verdict,
    "hostile": hostile,
    "1000 cases": large,
    "no run": results,
    "no case": lambda: results(run()),
}
OWN_TAGS = {"details", "summary", "code", "b", "sub"}
MARKDOWN_TAGS = {"h1", "h2", "h3", "p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}


def rendered(outcome: Results) -> str:
    """As a CI system shows it: CommonMark with tables, and HTML let through."""
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(render(outcome))


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_every_row_of_the_table_has_a_cell_for_each_client(outcome: Callable[[], Results]) -> None:
    clients = len(outcome().runs)
    rows = [line for line in render(outcome()).splitlines() if line.startswith("|")]

    assert (len(rows) >= 3) == (clients > 0)
    assert all(row.count("|") == clients + 2 and row.endswith(" |") for row in rows)


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_what_is_opened_is_closed_and_only_own_tags_are_there(outcome: Callable[[], Results]) -> None:
    page = rendered(outcome())
    tags = re.findall(r"<(/?)([a-z0-9]+)", page)
    written = {name for _, name in re.findall(r"<(/?)([a-z0-9]+)", render(outcome()))}

    assert written <= OWN_TAGS
    assert {name for _, name in tags} <= OWN_TAGS | MARKDOWN_TAGS
    for name in {name for _, name in tags}:
        assert tags.count(("", name)) == tags.count(("/", name))


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
def test_the_page_is_not_larger_than_ci_systems_take(outcome: Callable[[], Results]) -> None:
    assert len(render(outcome()).encode()) < 1_000_000


def test_many_long_failures_are_cut_with_a_word_about_it() -> None:
    long = "x|" * 5_000
    cases = [failed(f"toy/a/{number}", requirement=long, notes=(long,) * 20) for number in range(500)]
    page = render(results(*(run(*cases, name=f"client {number}") for number in range(3))))

    assert len(page.encode()) < 1_000_000
    assert page.endswith("There is more than such a page may hold: see index.html beside this file.\n")


def test_the_page_tells_the_outcome_then_the_table_then_what_did_not_pass() -> None:
    page = render(results(run(case("toy/auth/010"), failed(trace="traces/ccxt/x.jsonl"))))

    assert page == (
        "# Toy Exchange v3: conformance\n\n"
        "**✕ 1 required case failed.**\n\n"
        "| area | ccxt 4.1.20 |\n"
        "| --- | ---: |\n"
        "| auth | ✓ 1/1 |\n"
        "| orders | ✕ 0/1 |\n"
        "| **all** | **✕ 1/2** |\n\n"
        "## ccxt 4.1.20 Python\n\n"
        "1 passed, 1 failed\n\n"
        "### ✕ 1 case failed\n\n"
        "<details><summary><code>toy/orders/020</code> Sizes are sent as text. <b>MUST</b></summary>\n\n"
        "- requirement: The venue demands it. Whoever does not is refused.\n"
        "- what: the size in the request\n"
        "- expected: <code>&#34;0.001&#34; as text</code>\n"
        "- seen: <code>0.001 as a JSON number</code>\n"
        "- source: toy§3, documented\n"
        "- evidence:\n"
        "  - <code>&#35;2 POST /api/spot/v3/orders &#123;&#34;size&#34;:0.001&#125;</code>\n"
        "  - <code>the order has size 0.001</code>\n"
        "- steps:\n"
        "  - <code>place&#95;order &#123;&#34;price&#34;:&#34;1500000&#34;,&#34;size&#34;:&#34;0.001&#34;&#125; -&#62; "
        "&#123;&#34;id&#34;:&#34;4212&#34;&#125;</code>\n"
        "  - <code>settle &#123;&#125; -&#62; &#123;&#125;</code>\n"
        "- faults that fired:\n"
        "  - <code>f1 lose&#95;reply on entry 2</code>\n"
        "- notes:\n"
        "  - <code>The venue takes it all the same.</code>\n"
        "- trace: <code>traces/ccxt/x.jsonl</code>\n\n"
        "</details>\n\n"
        "<sub>mockex 0.1.0, profile documented, seed 1, 2026-11-21T12:00:00Z, 12.3 s. "
        "The whole report is index.html beside this file.</sub>\n"
    )


def test_each_verdict_and_problem_is_named() -> None:
    page = rendered(every_verdict())

    for text in (
        "The run broke, so there is no verdict",
        "No case ran:</strong> the driver said nothing within 5 s",
        "Out of date in the baseline, they pass:</strong> <code>toy/auth/020</code>",
        "✕ 2 cases failed",
        "! 1 case warned",
        "⊘ 1 case errored",
        "– 1 case unsupported",
        "○ 1 case skipped",
        "(known: ticket 7: amounts are floats)",
        "the client has no subscribe.book",
    ):
        assert text in page


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "<b>",
        "*x*",
        "__x__",
        "`x`",
        "[x](http://y)",
        "&amp;",
        "# x",
        "~~x~~",
        "\\|",
        "www.x.org",
        "$x$",
        "@all",
        "!x",
        "a\nb",
    ],
)
def test_escaped_text_means_itself(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).renderInline(escape(text))

    assert not re.search("<[a-z]", html)
    assert html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&") == text.replace(
        "\n", " "
    )
