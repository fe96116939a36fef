"""What became of a case, as results tell it: verdicts of failures, evidence, secrets masked.

Owns the way from what a case's steps came to to its result. Knows no process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mockex.conformance.model import Case, Level, Verdict
from mockex.conformance.results import CaseResult, Evidence, Failure
from mockex.conformance.session import CaseFailed

EVIDENCE_LINES = 12

OF_FAILURE = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.INFO: Verdict.PASS}
"""What a requirement that is not met comes to."""

Mask = Callable[[str], str]
"""Takes secrets out of a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """What a case's steps came to. `failure` also of an informational case, whose verdict it does not change."""

    verdict: Verdict
    reason: str = ""
    failure: CaseFailed | None = None
    stderr: str = ""


def errored(reason: str) -> CaseOutcome:
    """The case could not be examined."""
    return CaseOutcome(verdict=Verdict.ERRORED, reason=reason)


def not_run(case: Case, verdict: Verdict, *, reason: str) -> CaseResult:
    """The result of a case that did not come to its steps."""
    return CaseResult(**_about(case), verdict=verdict, reason=reason)


def result_of(
    case: Case,
    outcome: CaseOutcome,
    mask: Mask,
    *,
    notes: Iterable[str] = (),
    steps: Iterable[str] = (),
    faults: Iterable[str] = (),
    milliseconds: int = 0,
) -> CaseResult:
    """What an informational case found out is a note, not a failure."""
    failure = outcome.failure
    told = list(notes)
    if failure is not None and outcome.verdict is Verdict.PASS:
        told.append(f"{failure.what}: expected {failure.expected}, seen {failure.seen}")
    return CaseResult(
        **_about(case),
        verdict=outcome.verdict,
        reason=mask(outcome.reason),
        failure=None if failure is None or outcome.verdict is Verdict.PASS else _failure(failure, mask),
        evidence=() if failure is None else _evidence(failure, mask),
        notes=tuple(mask(each) for each in told),
        steps=tuple(mask(each) for each in steps),
        faults=tuple(faults),
        milliseconds=milliseconds,
        stderr=mask(outcome.stderr),
    )


def _about(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "area": case.area.value,
        "title": case.title,
        "requirement": case.requirement,
        "source": case.source,
        "level": case.level,
        "provenance": case.provenance,
        "needs": case.needs,
    }


def _failure(failed: CaseFailed, mask: Mask) -> Failure:
    return Failure(what=mask(failed.what), expected=mask(failed.expected), seen=mask(failed.seen))


def _evidence(failed: CaseFailed, mask: Mask) -> tuple[Evidence, ...]:
    lines = [Evidence(n=each.n, text=mask(each.summary())) for each in failed.at[:EVIDENCE_LINES]]
    if len(failed.at) > EVIDENCE_LINES:
        lines.append(Evidence(n=None, text=f"and {len(failed.at) - EVIDENCE_LINES} more"))
    return tuple(lines)
