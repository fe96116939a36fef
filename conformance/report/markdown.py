"""The outcome as Markdown for the page of a CI job: a table of clients and areas, then what did not pass, folded.

Everything that comes from a client or a case is written in entities wherever a character could be markup of Markdown or HTML,
so it can neither leave its table cell nor close a fold. Long lists are cut: CI systems refuse summaries above 1 MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mockex.conformance.model import Verdict
from mockex.conformance.report.marks import (
    STANDING_SYMBOLS,
    SYMBOLS,
    WORDS,
    area_summaries,
    areas_of,
    counted,
    headline,
    standing,
)
from mockex.conformance.results import CaseResult, Results, Run, Summary
from mockex.conformance.visible import one_line

MAX_TEXT = 600
MAX_LIST = 12
MAX_CASES = 100
"""Cases of one client and verdict that are shown in full."""
MAX_BYTES = 900_000

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#|~!&\"'@$=+^]|:(?=//)|(?<=www)\.", re.IGNORECASE)

_IN_FULL = (Verdict.FAIL, Verdict.ERRORED, Verdict.WARN)
_IN_SHORT = (Verdict.UNSUPPORTED, Verdict.SKIPPED)


def render(results: Results) -> str:
    """The page's text."""
    found = headline(results)
    parts = [
        f"# {escape(results.venue.title)}: conformance",
        " ".join([f"**{STANDING_SYMBOLS[found.standing]} {escape(found.title)}.**", *map(escape, found.details)]),
        "\n".join(_table(results)),
    ]
    for label, run in zip(results.labels, results.runs, strict=True):
        parts += _run(label, run)
    parts.append(
        f"<sub>mockex {escape(results.mockex)}, profile {escape(results.venue.profile)}, seed {results.seed}, "
        f"{escape(results.started)}, {results.seconds:f} s. The whole report is index.html beside this file.</sub>"
    )
    return _bounded(parts)


def escape(text: str, limit: int = MAX_TEXT) -> str:
    """One line of text that means itself anywhere in Markdown, table cells included."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", one_line(text, limit))


def _bounded(parts: Sequence[str]) -> str:
    kept, size = [], 0
    for part in parts:
        size += len(part.encode()) + 2
        if size > MAX_BYTES:
            kept.append("There is more than such a page may hold: see index.html beside this file.")
            break
        kept.append(part)
    return "\n\n".join(kept) + "\n"


def _table(results: Results) -> Iterator[str]:
    """Areas down, clients across: a page has few clients and many areas."""
    if not results.runs:
        yield "No client was run."
        return
    yield _row("area", *(f"{escape(label, 60)} {escape(run.client.version, 30)}" for label, run in _labelled(results)))
    yield _row("---", *("---:" for _ in results.runs))
    summaries = [area_summaries(run) for run in results.runs]
    for area in areas_of(results):
        yield _row(escape(area, 60), *(_cell(each.get(area)) for each in summaries))
    yield _row("**all**", *(f"**{_cell(run.summary)}**" for run in results.runs))


def _labelled(results: Results) -> Iterable[tuple[str, Run]]:
    return zip(results.labels, results.runs, strict=True)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(summary: Summary | None) -> str:
    if summary is None or not summary.total:
        return "–"
    return f"{STANDING_SYMBOLS[standing(summary)]} {summary[Verdict.PASS]}/{summary.total}"


def _run(label: str, run: Run) -> Iterator[str]:
    summary = run.summary
    counts = ", ".join(f"{summary[verdict]} {WORDS[verdict]}" for verdict in Verdict if summary[verdict])
    yield f"## {escape(label)} {escape(run.client.version)} {escape(run.client.language)}\n\n{counts or 'No case.'}"
    if run.problem is not None:
        yield f"**No case ran:** {escape(run.problem)}"
    if run.stale:
        named = ", ".join(_code(case) for case in run.stale[:MAX_CASES])
        yield f"**Out of date in the baseline, they pass:** {named}{_more(len(run.stale))}"
    for verdict in _IN_FULL:
        cases = [case for case in run.cases if case.verdict is verdict]
        if cases:
            yield f"### {SYMBOLS[verdict]} {counted(len(cases), 'case')} {WORDS[verdict]}"
            yield from (_case(case) for case in cases[:MAX_CASES])
            if len(cases) > MAX_CASES:
                yield f"And {len(cases) - MAX_CASES} more: see index.html beside this file."
    for verdict in _IN_SHORT:
        cases = [case for case in run.cases if case.verdict is verdict]
        if cases:
            yield _short(verdict, cases)


def _case(case: CaseResult) -> str:
    known = "" if case.known is None else f" (known: {escape(case.known)})"
    title = f"{_code(case.id)} {escape(case.title)} <b>{case.level.value}</b>{known}"
    lines = [f"- requirement: {escape(case.requirement)}"]
    if case.failure:
        lines += [
            f"- what: {escape(case.failure.what)}",
            f"- expected: {_code(case.failure.expected)}",
            f"- seen: {_code(case.failure.seen)}",
        ]
    lines += [f"- reason: {escape(case.reason)}"] if case.reason else []
    lines.append(f"- source: {escape(case.source)}, {case.provenance.value}")
    lines += _listed("evidence", [f"{'' if line.n is None else f'#{line.n} '}{line.text}" for line in case.evidence])
    lines += _listed("steps", case.steps)
    lines += _listed("faults that fired", case.faults)
    lines += _listed("notes", case.notes)
    lines += _listed("the driver's errors", case.stderr.splitlines())
    lines += [f"- trace: {_code(case.trace)}"] if case.trace else []
    body = "\n".join(lines)
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _listed(name: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    shown = [f"  - {_code(line)}" for line in lines[:MAX_LIST]]
    return [f"- {name}:", *shown, *([f"  - and {len(lines) - MAX_LIST} more"] if len(lines) > MAX_LIST else [])]


def _short(verdict: Verdict, cases: Sequence[CaseResult]) -> str:
    shown = [f"- {_code(case.id)} {escape(case.title)} {escape(case.reason)}" for case in cases[:MAX_CASES]]
    lines = "\n".join(shown) + (f"\n- and {len(cases) - MAX_CASES} more" if len(cases) > MAX_CASES else "")
    title = f"{SYMBOLS[verdict]} {counted(len(cases), 'case')} {WORDS[verdict]}"
    return f"<details><summary>{title}</summary>\n\n{lines}\n\n</details>"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _more(count: int) -> str:
    return f" and {count - MAX_CASES} more" if count > MAX_CASES else ""
