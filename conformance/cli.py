"""The command `mockex conform`: checks clients of a venue and tells what came of it.

Owns what a person types, and how the parts of the suite are put together for one command. A mistake in typing is one line and
exit code 2. SIGINT and SIGTERM end a run at once; its report is written all the same.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

import click
from mockex.conformance import bundled, runner, terminal, verdicts
from mockex.conformance import facts as venue_facts
from mockex.conformance.bundled import BundledError
from mockex.conformance.driver import DriverSpec
from mockex.conformance.facts import Facts, FactsError
from mockex.conformance.model import Area, Case, Level, discover
from mockex.conformance.protocol import VERSION
from mockex.conformance.results import Results, Selection, VenueInfo
from mockex.conformance.runner import Outcome, Plan
from mockex.conformance.selection import select, unmatched
from mockex.conformance.simulator import SimulatorError
from mockex.conformance.visible import visible
from rich.console import Console

MAX_SEED = 2**63 - 1


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
@click.option("--jobs", type=click.IntRange(1, 64), help="Cases side by side. Default: the number of usable cores.")
@click.option("--report", "report_folder", type=click.Path(path_type=Path, file_okay=False), help="Write the report there.")
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
    report_folder: Path | None,
    verbose: bool,
    quiet: bool,
) -> None:
    """Check clients of VENUE against what it demands of them."""
    facts = _facts(venue)
    selection = Selection(case=globs, area=areas, level=tuple(Level(each) for each in levels))
    cases = _selected(facts, selection)
    if list_only:
        terminal.print_cases(Console(), cases)
        return
    specs = (*(_bundled(facts.venue, name) for name in clients), *(_own(command) for command in commands))
    if not specs:
        known = ", ".join(bundled.names(facts.venue)) or "none"
        raise click.UsageError(f"which client? Give --client NAME ({known}) or --driver COMMAND")
    request = _Request(
        facts=facts,
        selection=selection,
        cases=cases,
        specs=specs,
        seed=seed,
        case_seconds=case_seconds,
        jobs=jobs or len(os.sched_getaffinity(0)),
        report_folder=report_folder,
        verbose=verbose,
        quiet=quiet,
    )
    with tempfile.TemporaryDirectory(prefix="mockex-traces-") as folder:
        sys.exit(_run(request, Path(folder)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What was asked for, checked."""

    facts: Facts
    selection: Selection
    cases: tuple[Case, ...]
    specs: tuple[DriverSpec, ...]
    seed: int
    case_seconds: float
    jobs: int
    report_folder: Path | None
    verbose: bool
    quiet: bool


# --- what was typed


def _facts(venue: str | None) -> Facts:
    if venue is None:
        raise click.UsageError(f"which venue? There are {', '.join(venue_facts.venues()) or 'none'}")
    try:
        return venue_facts.load(venue)
    except FactsError as error:
        raise click.UsageError(str(error)) from None


def _selected(facts: Facts, selection: Selection) -> tuple[Case, ...]:
    try:
        cases = discover(facts)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if vain := unmatched(cases, selection):
        raise click.UsageError(f"no case of {facts.venue} matches {', '.join(vain)}; --list shows all")
    if not cases:
        raise click.ClickException(f"there are no cases for {facts.venue} yet")
    found = select(cases, selection)
    if not found:
        raise click.UsageError(f"no case of {facts.venue} is of that area and level; --list shows all")
    return found


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


# --- running


def _run(request: _Request, traces: Path) -> int:
    """The exit code."""
    console = Console(highlight=False)
    display = terminal.Display(console, quiet=request.quiet, verbose=request.verbose)
    plan = Plan(
        facts=request.facts,
        cases=request.cases,
        drivers=request.specs,
        seed=request.seed,
        jobs=request.jobs,
        case_seconds=request.case_seconds,
        traces=traces,
    )
    started, stop = datetime.now(UTC), asyncio.Event()
    try:
        outcome = asyncio.run(_stopped_by_signals(runner.run(plan, display, stop), stop))
    except SimulatorError as error:
        raise click.ClickException(str(error)) from None
    seconds = (datetime.now(UTC) - started).total_seconds()
    results = _results(request, outcome, started, seconds, interrupted=stop.is_set())
    terminal.print_areas(console, results)
    terminal.print_failures(console, results)
    for line in verdicts.in_words(results.runs, results.labels, interrupted=stop.is_set()):
        click.echo(visible(line))
    return results.exit_code


def _results(request: _Request, outcome: Outcome, started: datetime, seconds: float, *, interrupted: bool) -> Results:
    return Results(
        mockex=metadata.version("mockex"),
        protocol=VERSION,
        venue=VenueInfo(name=request.facts.venue, title=request.facts.title, profile="documented"),
        seed=request.seed,
        exit_code=verdicts.exit_code(outcome.runs, interrupted=interrupted),
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=Decimal(str(round(seconds, 3))),
        selection=request.selection,
        runs=outcome.runs,
    )


async def _stopped_by_signals(work: Coroutine[Any, Any, Outcome], stop: asyncio.Event) -> Outcome:
    """What `work` returns; SIGINT and SIGTERM set `stop`, which it heeds."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # where the loop cannot, Ctrl-C cancels the whole of it
            loop.add_signal_handler(number, stop.set)
    return await work
