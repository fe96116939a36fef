"""What a run as a whole amounts to: its exit code, and that code in words.

Owns the rule that a client is only said to conform if everything was examined.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from mockex.conformance.model import Verdict
from mockex.conformance.results import CaseResult, Run

RAN = frozenset({Verdict.PASS, Verdict.FAIL, Verdict.WARN})
"""Verdicts of cases that examined the client."""


class ExitCode(IntEnum):
    """Of the command."""

    CONFORMS = 0
    FAILS = 1
    BROKEN = 2


def new_failures(run: Run) -> list[CaseResult]:
    """The failures that no baseline knows."""
    return [each for each in run.cases if each.verdict is Verdict.FAIL and each.known is None]


def exit_code(runs: Sequence[Run], *, interrupted: bool) -> ExitCode:
    """What went wrong with the examination comes before what is wrong with a client: it may have hidden more."""
    if interrupted or not runs or any(_broken(run) for run in runs):
        return ExitCode.BROKEN
    if any(new_failures(run) or run.stale for run in runs):
        return ExitCode.FAILS
    return ExitCode.CONFORMS


def _broken(run: Run) -> bool:
    return run.problem is not None or run.summary[Verdict.ERRORED] > 0 or nothing_ran(run)


def nothing_ran(run: Run) -> bool:
    """Whether no case came to a finding."""
    return not any(each.verdict in RAN for each in run.cases)


def in_words(runs: Sequence[Run], labels: Sequence[str], *, interrupted: bool) -> list[str]:
    """The outcome, a line for each thing that decided it."""
    lines = ["interrupted: what has not run is skipped"] if interrupted else []
    for run, label in zip(runs, labels, strict=True):
        lines += [f"{label}: {each}" for each in _of_run(run)]
    return lines


def _of_run(run: Run) -> list[str]:
    if run.problem is not None:
        return [f"no case ran, {run.problem}"]
    found = []
    if run.summary[Verdict.ERRORED]:
        found.append(f"{_cases(run.summary[Verdict.ERRORED])} could not be examined: the driver, a case or the simulator broke")
    if nothing_ran(run):
        reasons = {each.verdict.value for each in run.cases}
        found.append(f"no case ran: all are {' or '.join(sorted(reasons))}" if reasons else "no case ran: none is selected")
    if failures := new_failures(run):
        found.append(f"does not conform, {_cases(len(failures))} of what it must do failed")
    if run.stale:
        found.append(f"the baseline is stale, remove from it: {', '.join(run.stale)}")
    if not found:
        known = sum(each.known is not None for each in run.cases)
        found.append("conforms" + (f", but for {_cases(known)} that the baseline knows" if known else ""))
    return found


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
