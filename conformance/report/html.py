"""The outcome as one page that needs nothing else: style, script and the traces of what did not pass are within it.

Owns what the page shows; `page.html`, `page.css` and `page.js` own how. Clients and drivers wrote much of what is shown, so
three walls stand: the template escapes everything by default, characters that act are made visible, and the page's own policy
lets run only the script, and apply only the style, whose digests it names. That policy also forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup
from mockex.conformance.model import Level, Verdict
from mockex.conformance.report import sequence
from mockex.conformance.report.marks import (
    MEANINGS,
    STANDING_SYMBOLS,
    SYMBOLS,
    WORDS,
    Standing,
    areas_of,
    by_area,
    headline,
    selection_words,
    standing,
)
from mockex.conformance.report.sequence import Sequence as TraceSequence
from mockex.conformance.results import CaseResult, Results, Run, Summary, distinct, summary_of
from mockex.conformance.visible import visible

HERE = Path(__file__).parent
GENERATOR = "mockex conform"
MAX_WORST = 12
MAX_PAGE_TRACES = 6_000_000
"""Characters of traces in one page; what comes later is linked only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as the page shows it. `trace`: None if it is not embedded; `trace_note` then says why, empty: it has none."""

    result: CaseResult
    anchor: str
    trace: TraceSequence | None
    trace_note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaView:
    """An area of one run. `is_open`: it has something that did not pass."""

    name: str
    anchor: str
    summary: Summary
    cases: tuple[CaseView, ...]

    @property
    def is_open(self) -> bool:
        return self.summary[Verdict.PASS] < self.summary.total


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """One client. `index` names it in the page's own addresses: two clients may have one name."""

    index: int
    label: str
    run: Run
    summary: Summary
    areas: Mapping[str, AreaView]


def render(results: Results, traces: Path) -> str:
    """The page's text. `traces`: the folder that the cases' paths of traces are relative to."""
    style, script = (HERE / "page.css").read_text(encoding="utf-8"), (HERE / "page.js").read_text(encoding="utf-8")
    runs = tuple(_runs(results, traces))
    return _template().render(
        results=results,
        summary=results.summary,
        headline=headline(results),
        selection=selection_words(results),
        runs=runs,
        worst=_worst(runs),
        areas=areas_of(results),
        generator=GENERATOR,
        policy=f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        style=Markup(style),
        script=Markup(script),
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "SYMBOLS": SYMBOLS,
        "WORDS": WORDS,
        "MEANINGS": MEANINGS,
        "STANDING_SYMBOLS": STANDING_SYMBOLS,
        "standing": standing,
        "Standing": Standing,
        "Verdict": Verdict,
        "Level": Level,
        "spoken": _spoken,
    }
    return environment.get_template("page.html")


def _shown(value: object) -> object:
    """What a template writes for a value. Markup is the page's own style and script."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _digest(text: str) -> str:
    """A source of a content security policy that allows exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _spoken(summary: Summary) -> str:
    """Counts in words, such as "10 of 12 passed, 2 failed"."""
    others = (f"{summary[verdict]} {WORDS[verdict]}" for verdict in Verdict if verdict is not Verdict.PASS and summary[verdict])
    return ", ".join([f"{summary[Verdict.PASS]} of {summary.total} passed", *others])


def _runs(results: Results, traces: Path) -> Iterator[RunView]:
    left = MAX_PAGE_TRACES
    for index, (label, run) in enumerate(zip(results.labels, results.runs, strict=True)):
        anchors = dict(zip((case.id for case in run.cases), _anchors(f"r{index}", run), strict=True))
        areas = {}
        for number, (area, cases) in enumerate(by_area(run).items()):
            views = []
            for case in cases:
                trace, note = _trace(case, traces, left)
                left -= trace.size if trace else 0
                views.append(CaseView(result=case, anchor=anchors[case.id], trace=trace, trace_note=note))
            areas[area] = AreaView(name=area, anchor=f"r{index}-area{number}", summary=summary_of(cases), cases=tuple(views))
        yield RunView(index=index, label=label, run=run, summary=run.summary, areas=areas)


def _worst(runs: Sequence[RunView]) -> list[CaseView]:
    """What the only client fails, unless the baseline knows of it. Several clients leave no room for it."""
    views = [view for run in runs for area in run.areas.values() for view in area.cases] if len(runs) == 1 else []
    wrong = [view for view in views if view.result.verdict in (Verdict.FAIL, Verdict.ERRORED) and view.result.known is None]
    return sorted(wrong, key=lambda view: view.result.verdict is Verdict.ERRORED)[:MAX_WORST]


def _anchors(prefix: str, run: Run) -> tuple[str, ...]:
    """An address in the page for each case, the same in the next report, without a character that would need escaping."""
    slugs = [f"{prefix}-{re.sub('[^a-z0-9]+', '-', case.id.lower()).strip('-')[:80]}" for case in run.cases]
    return tuple(re.sub(r" \((\d+)\)", r"--\1", name) for name in distinct(slugs))


def _trace(case: CaseResult, traces: Path, left: int) -> tuple[TraceSequence | None, str]:
    if case.trace is None:
        return None, ""
    if case.verdict is Verdict.PASS:
        return None, "The trace of a case that passed is in its file only."
    if left <= 0:
        return None, "This page holds as many traces as it may; this one is in its file only."
    named = [line.n for line in case.evidence if line.n is not None]
    try:
        return sequence.read(traces / case.trace, also=named), ""
    except OSError as error:
        return None, f"The trace cannot be read: {error.strerror}."
