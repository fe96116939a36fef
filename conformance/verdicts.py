"""What all runs together amount to: the exit code.

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
