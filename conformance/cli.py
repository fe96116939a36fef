"""The command `mockex conform`: checks clients of a venue and tells what came of it.

Owns what a person types. A mistake in typing is one line and exit code 2. SIGINT and SIGTERM end a run at once, with exit code
2 as whatever keeps a client from being examined; its report is written all the same.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from mockex.conformance import baseline, bundled, report, results, terminal
from mockex.conformance import compare as comparison
from mockex.conformance import facts as venue_facts
from mockex.conformance.baseline import Baseline, BaselineError
from mockex.conformance.bundled import BundledError
from mockex.conformance.driver import DriverSpec
from mockex.conformance.examine import Renewal, Request, examine, watch
from mockex.conformance.facts import Facts, FactsError
from mockex.conformance.model import Area, Case, Level, discover
from mockex.conformance.report import ReportError
from mockex.conformance.results import ResultsError, Selection
from mockex.conformance.selection import select, unmatched
from mockex.conformance.simulator import SimulatorError
from rich.console import Console

MAX_SEED = 2**63 - 1
MAX_JOBS = 64
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


def _help(text: str) -> dict[str, Any]:
    """Keywords of an option: its help, with its default."""
    return {"help": text, "show_default": True}


@click.command()
@click.argument("venue", required=False)
@click.option("--client", "clients", multiple=True, metavar="NAME", help="A bundled driver; repeat it for more.")
@click.option("--driver", "commands", multiple=True, metavar="COMMAND", help="A driver of your own; repeat it for more.")
@click.option("--case", "globs", multiple=True, metavar="GLOB", help="Only such cases: 'common/orders/*'; repeat it for more.")
@click.option("--area", "areas", multiple=True, type=click.Choice([each.value for each in Area]), help="Only these areas.")
@click.option("--level", "levels", multiple=True, type=click.Choice([each.value for each in Level]), help="Only these levels.")
@click.option("--list", "list_only", is_flag=True, help="List the cases instead of running them.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=1, **_help("The same seed gives the same worlds."))
@click.option("--timeout", "case_seconds", type=click.FloatRange(0.1, 3_600), default=30.0, **_help("Seconds for each case."))
@click.option("--jobs", type=click.IntRange(1, MAX_JOBS), help="Cases side by side. Default: the number of usable cores.")
@click.option("--baseline", "known_file", type=FILE, help="Known failures, which fail nothing as long as they are true.")
@click.option("--write-baseline", type=FILE, help="Write one from this run; known reasons stay. The exit code is as without.")
@click.option("--report", "report_folder", type=FOLDER, help="Write the report there.")
@click.option("--watch", "watching", is_flag=True, help="Serve VENUE, and judge whatever connects from the wire alone.")
@click.option("--for", "watch_seconds", type=click.FloatRange(min=0, min_open=True), help="Watch for so many seconds.")
@click.option("--limits", is_flag=True, help="Let the watched venue enforce its rate limits.")
@click.option("--compare", type=FILE, nargs=2, metavar="BEFORE AFTER", help="Tell what changed between two results.json.")
@click.option("-v", "--verbose", is_flag=True, help="Show everything about each case that did not pass.")
@click.option("-q", "--quiet", is_flag=True, help="Show the outcome only.")
def conform(
    *,
    venue: str | None,
    clients: tuple[str, ...],
    commands: tuple[str, ...],
    globs: tuple[str, ...],
    areas: tuple[str, ...],
    levels: tuple[str, ...],
    list_only: bool,
    seed: int,
    case_seconds: float,
    jobs: int | None,
    known_file: Path | None,
    write_baseline: Path | None,
    report_folder: Path | None,
    watching: bool,
    watch_seconds: float | None,
    limits: bool,
    compare: tuple[Path, Path] | None,
    verbose: bool,
    quiet: bool,
) -> None:
    """Check trading clients against what VENUE demands of them.

    The exit code is 0 if a client meets all that it must, 1 if it does not, and 2 if that could not be found out.
    """
    console = Console(highlight=False)
    if not watching and (limits or watch_seconds is not None):
        raise click.UsageError("--for and --limits belong to --watch")
    if compare is not None:
        if venue or clients or commands or watching or list_only or report_folder:
            raise click.UsageError("--compare takes two results.json and runs nothing: leave out venue, clients and report")
        sys.exit(_compared(*compare, console))
    facts = _facts(venue)
    every = _discovered(facts)
    selection = Selection(case=globs, area=areas, level=tuple(Level(each) for each in levels))
    cases = _selected(every, selection, facts.venue, watching=watching)
    if list_only:
        terminal.print_cases(console, cases)
        return
    request = Request(
        facts=facts,
        selection=selection,
        cases=cases,
        all_ids=frozenset(each.id for each in every),
        drivers=_drivers(facts.venue, clients, commands, watching=watching),
        seed=seed,
        case_seconds=case_seconds,
        jobs=jobs or _usable_cores(),
        known=_known(known_file),
        renewal=_renewal(write_baseline, known_file),
        report_folder=report_folder,
        verbose=verbose,
        quiet=quiet,
    )
    try:
        if report_folder is not None:
            report.check(report_folder)
        if watching:
            sys.exit(watch(request, console, seconds=watch_seconds, limits=limits))
        sys.exit(examine(request, console))
    except (SimulatorError, ReportError, BaselineError) as error:
        raise click.ClickException(str(error)) from None


# --- what was typed


def _facts(venue: str | None) -> Facts:
    if venue is None:
        raise click.UsageError(f"which venue? There are {', '.join(venue_facts.venues()) or 'none'}")
    try:
        return venue_facts.load(venue)
    except FactsError as error:
        raise click.UsageError(str(error)) from None


def _discovered(facts: Facts) -> tuple[Case, ...]:
    try:
        cases = discover(facts)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if not cases:
        raise click.ClickException(f"there are no cases for {facts.venue} yet")
    return cases


def _selected(cases: Sequence[Case], selection: Selection, venue: str, *, watching: bool) -> tuple[Case, ...]:
    """`watching`: only cases that can be judged from the wire alone."""
    if vain := unmatched(cases, selection):
        raise click.UsageError(f"no case of {venue} matches {', '.join(vain)}; --list shows all")
    found = tuple(each for each in select(cases, selection) if (each.rule if watching else each.steps) is not None)
    if not found:
        raise click.UsageError(f"no case of {venue} is all that was asked for; --list shows all")
    return found


def _drivers(venue: str, clients: Sequence[str], commands: Sequence[str], *, watching: bool) -> tuple[DriverSpec, ...]:
    if watching and (clients or commands):
        raise click.UsageError("--watch judges whoever connects: it takes no --client and no --driver")
    if not clients and not commands and not watching:
        known = ", ".join(bundled.names(venue)) or "none"
        raise click.UsageError(f"which client? Give --client NAME ({known}) or --driver COMMAND")
    return (*(_bundled(venue, name) for name in clients), *(_own(command) for command in commands))


def _bundled(venue: str, name: str) -> DriverSpec:
    try:
        return bundled.find(venue, name)
    except BundledError as error:
        raise click.UsageError(str(error)) from None


def _own(command: str) -> DriverSpec:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise click.UsageError(f"--driver {command!r}: {error}") from None
    if not words:
        raise click.UsageError("--driver: a command is needed")
    return DriverSpec(label=command, command=words)


def _known(file: Path | None) -> Baseline:
    try:
        return Baseline() if file is None else baseline.load(file)
    except BaselineError as error:
        raise click.UsageError(str(error)) from None


def _renewal(file: Path | None, known_file: Path | None) -> Renewal | None:
    """The baseline to be written, with the reasons of the one that was given, else of the one that it replaces."""
    if file is None:
        return None
    if not file.absolute().parent.is_dir():
        raise click.UsageError(f"--write-baseline: there is no folder {file.parent}")
    return Renewal(file=file, before=_known(known_file or (file if file.exists() else None)))


def _usable_cores() -> int:
    """Of this process, where the system tells; else of the machine."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, MAX_JOBS)


def _compared(before: Path, after: Path, console: Console) -> int:
    """The exit code."""
    try:
        found = comparison.compare(results.load(before), results.load(after))
    except (ResultsError, ValueError) as error:
        raise click.UsageError(str(error)) from None
    comparison.tell(found, console)
    return found.exit_code
