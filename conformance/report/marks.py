"""What reports say in the same way wherever they say it: symbols, the outcome in words, the table of clients and areas.

Owns words and order only. Knows no format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from mockex.conformance.model import Area, Level, Verdict
from mockex.conformance.results import CaseResult, Results, Run, Summary, summary_of

SYMBOLS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "✓",
        Verdict.FAIL: "✕",
        Verdict.WARN: "!",
        Verdict.UNSUPPORTED: "–",
        Verdict.ERRORED: "⊘",
        Verdict.SKIPPED: "○",
    }
)

WORDS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "passed",
        Verdict.FAIL: "failed",
        Verdict.WARN: "warned",
        Verdict.UNSUPPORTED: "unsupported",
        Verdict.ERRORED: "errored",
        Verdict.SKIPPED: "skipped",
    }
)

MEANINGS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.PASS: "the client meets the requirement",
        Verdict.FAIL: "it does not meet something that it must",
        Verdict.WARN: "it does not meet something that it should",
        Verdict.UNSUPPORTED: "it lacks what the case needs, so nothing is known",
        Verdict.ERRORED: "the driver or the set-up broke, so nothing is known",
        Verdict.SKIPPED: "the case was not run",
    }
)


class Standing(Enum):
    """How several cases stand together. The value is a word for style sheets."""

    PASS = "pass"
    PARTIAL = "partial"
    WARN = "warn"
    FAIL = "fail"
    ERRORED = "errored"
    NONE = "none"


STANDING_SYMBOLS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.PASS: "✓",
        Standing.PARTIAL: "◐",
        Standing.WARN: "!",
        Standing.FAIL: "✕",
        Standing.ERRORED: "⊘",
        Standing.NONE: "–",
    }
)


def standing(summary: Summary) -> Standing:
    """The worst of what is there. PARTIAL: nothing wrong was seen, but not every case could be run; NONE: none could."""
    for verdict, found in (
        (Verdict.FAIL, Standing.FAIL),
        (Verdict.ERRORED, Standing.ERRORED),
        (Verdict.WARN, Standing.WARN),
    ):
        if summary[verdict]:
            return found
    if not summary[Verdict.PASS]:
        return Standing.NONE
    return Standing.PASS if summary[Verdict.PASS] == summary.total else Standing.PARTIAL


def areas_of(results: Results) -> tuple[str, ...]:
    """Every area that a case has: the known ones in their order, then others as they come."""
    found = dict.fromkeys(case.area for run in results.runs for case in run.cases)
    known = [area.value for area in Area if area.value in found]
    return (*known, *(area for area in found if area not in known))


def by_area(run: Run) -> Mapping[str, tuple[CaseResult, ...]]:
    """A run's cases by area."""
    grouped: dict[str, list[CaseResult]] = {}
    for case in run.cases:
        grouped.setdefault(case.area, []).append(case)
    return {area: tuple(cases) for area, cases in grouped.items()}


def area_summaries(run: Run) -> Mapping[str, Summary]:
    """The counts of a run's areas."""
    return {area: summary_of(cases) for area, cases in by_area(run).items()}


def counted(number: int, noun: str) -> str:
    """ "1 case", "2 cases"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The outcome in words: a sentence, and what there is to add, one sentence each."""

    standing: Standing
    title: str
    details: tuple[str, ...]


def headline(results: Results) -> Headline:
    """What the exit code means here."""
    cases = [case for run in results.runs for case in run.cases]
    details = [*_problems(results), *_remarks(results, cases)]
    failed = sum(case.verdict is Verdict.FAIL and case.known is None for case in cases)
    match results.exit_code:
        case 0:
            whole = all(case.verdict is Verdict.PASS for case in cases)
            title = "Every case passed" if whole and cases else "No required case failed"
            return Headline(standing=Standing.PASS, title=title, details=tuple(details))
        case 1:
            title = f"{counted(failed, 'required case')} failed" if failed else "The baseline is out of date"
            return Headline(standing=Standing.FAIL, title=title, details=tuple(details))
        case _:
            if failed:
                details.insert(0, f"{counted(failed, 'required case')} failed.")
            begun = any(case.verdict not in (Verdict.UNSUPPORTED, Verdict.SKIPPED) for case in cases)
            title = "The run broke, so there is no verdict" if begun else "No case ran"
            return Headline(standing=Standing.ERRORED, title=title, details=tuple(details))


def _problems(results: Results) -> list[str]:
    pairs = zip(results.labels, results.runs, strict=True)
    return [f"{label}: {run.problem}" for label, run in pairs if run.problem is not None]


def _remarks(results: Results, cases: Iterable[CaseResult]) -> list[str]:
    cases = list(cases)
    numbers = {
        "{} errored: the driver or the set-up broke.": sum(case.verdict is Verdict.ERRORED for case in cases),
        "{} of the baseline passed, so the baseline is out of date.": sum(len(run.stale) for run in results.runs),
        "{} failed as the baseline expects.": sum(case.verdict is Verdict.FAIL and case.known is not None for case in cases),
        "{} warned: something that the client should do.": sum(case.verdict is Verdict.WARN for case in cases),
    }
    found = [text.format(counted(number, "case")) for text, number in numbers.items() if number]
    unknown = [case for case in cases if case.verdict in (Verdict.UNSUPPORTED, Verdict.SKIPPED)]
    if unknown:
        required = sum(case.level is Level.MUST for case in unknown)
        found.append(f"{counted(len(unknown), 'case')} could not be run, {required:,} of them required.")
    if any((results.selection.case, results.selection.area, results.selection.level)):
        found.append(f"Only a selection was run: {selection_words(results)}.")
    return found


def selection_words(results: Results) -> str:
    """What was asked for, such as "case toy/orders/*, level MUST"."""
    parts = {"case": results.selection.case, "area": results.selection.area, "level": results.selection.level}
    return ", ".join(f"{name} {' or '.join(values)}" for name, values in parts.items() if values)
