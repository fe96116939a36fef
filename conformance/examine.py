"""One command's work: runs what was asked for, writes what came of it, and tells a person.

Owns how runner, baseline, report and display are put together. Knows no command line.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

from mockex.conformance import baseline, report, runner, terminal, verdicts
from mockex.conformance import watch as watching
from mockex.conformance.baseline import Baseline
from mockex.conformance.driver import DriverSpec
from mockex.conformance.facts import Facts
from mockex.conformance.model import DEFAULT_PROFILE, Case
from mockex.conformance.protocol import VERSION
from mockex.conformance.results import Results, Run, Selection, VenueInfo, distinct, trace_path
from mockex.conformance.runner import Outcome, Plan
from mockex.conformance.verdicts import ExitCode
from mockex.conformance.watch import WatchPlan
from mockex.conformance.watch_display import WatchDisplay
from rich.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A baseline to be written. `before`: where its reasons come from."""

    file: Path
    before: Baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for. `cases`: the selected ones; `all_ids`: of every case that there is."""

    facts: Facts
    selection: Selection
    cases: tuple[Case, ...]
    all_ids: frozenset[str]
    drivers: tuple[DriverSpec, ...]
    seed: int
    case_seconds: float
    jobs: int
    known: Baseline
    renewal: Renewal | None
    report_folder: Path | None
    verbose: bool
    quiet: bool


def examine(request: Request, console: Console) -> ExitCode:
    """The exit code. SimulatorError, ReportError or BaselineError if something could not be started or written."""
    with tempfile.TemporaryDirectory(prefix="mockex-traces-") as folder:
        plan = Plan(
            facts=request.facts,
            cases=request.cases,
            drivers=request.drivers,
            seed=request.seed,
            jobs=request.jobs,
            case_seconds=request.case_seconds,
            traces=Path(folder),
        )
        display = terminal.Display(console, quiet=request.quiet, verbose=request.verbose)
        started, stop = datetime.now(UTC), asyncio.Event()
        outcome = asyncio.run(until_signalled(runner.run(plan, display, stop), stop))
        return conclude(request, outcome, Path(folder), console, started=started, interrupted=stop.is_set())


def watch(request: Request, console: Console, *, seconds: float | None, limits: bool) -> ExitCode:
    """The same for whoever connects. Being told to stop is the usual end."""
    rules = tuple(case for case in request.cases if case.rule is not None)
    with tempfile.TemporaryDirectory(prefix="mockex-traces-") as folder:
        plan = WatchPlan(
            facts=request.facts, rules=rules, seed=request.seed, seconds=seconds, limits=limits, traces=Path(folder)
        )
        display = WatchDisplay(console, rules=len(rules), seconds=seconds, quiet=request.quiet)
        started, stop = datetime.now(UTC), asyncio.Event()
        try:
            outcome = asyncio.run(until_signalled(watching.watch(plan, display, stop), stop))
        finally:
            display.close()
        return conclude(request, outcome, Path(folder), console, started=started, interrupted=False)


def conclude(
    request: Request, outcome: Outcome, traces: Path, console: Console, *, started: datetime, interrupted: bool
) -> ExitCode:
    """Judges, writes and tells. `traces`: a folder on the same disk as the outcome's traces."""
    runs = request.known.apply(outcome.runs, request.all_ids)
    code = verdicts.exit_code(runs, interrupted=interrupted)
    if request.report_folder is not None:
        runs = _with_traces(runs, outcome.traces, traces)
    seconds = (datetime.now(UTC) - started).total_seconds()
    results = Results(
        mockex=metadata.version("mockex"),
        protocol=VERSION,
        venue=VenueInfo(name=request.facts.venue, title=request.facts.title, profile=DEFAULT_PROFILE),
        seed=request.seed,
        exit_code=code,
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=Decimal(str(round(seconds, 3))),
        selection=request.selection,
        runs=runs,
    )
    written: Path | None = None
    try:
        if request.report_folder is not None:
            report.write(results, request.report_folder, traces)
            written = request.report_folder
        if request.renewal is not None:
            baseline.save(baseline.renewed(request.renewal.before, runs, request.all_ids), request.renewal.file)
    finally:  # what was found out is told even where it cannot be written
        terminal.print_outcome(console, results, report_folder=written, interrupted=interrupted, quiet=request.quiet)
    return code


def _with_traces(runs: Sequence[Run], files: Sequence[Mapping[str, Path]], folder: Path) -> tuple[Run, ...]:
    """The runs, their cases with the paths of their recordings, which are moved to where these paths are in `folder`."""
    labels = distinct([run.client.name for run in runs])
    return tuple(_with_own(run, label, own, folder) for run, label, own in zip(runs, labels, files, strict=True))


def _with_own(run: Run, label: str, files: Mapping[str, Path], folder: Path) -> Run:
    cases = list(run.cases)
    for place, case in enumerate(cases):
        if case.id in files:
            path = trace_path(run=label, case=case.id)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            files[case.id].replace(folder / path)
            cases[place] = replace(case, trace=path)
    return replace(run, cases=tuple(cases))


async def until_signalled(work: Coroutine[Any, Any, Outcome], stop: asyncio.Event) -> Outcome:
    """What `work` returns, which heeds `stop`: signals to end set it."""
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):  # where there is none, Ctrl-C cancels the whole of it
            loop.add_signal_handler(getattr(signal, name), stop.set)
    return await work
