"""What a person sees while cases run and afterwards.

Owns the words on the terminal. Whatever a client or driver said is shown as plain text: no markup, no control characters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from mockex.conformance.driver import DriverSpec
from mockex.conformance.model import Case, Verdict
from mockex.conformance.report.marks import area_summaries, areas_of, counted, headline
from mockex.conformance.results import CaseResult, Results, Run, Summary
from mockex.conformance.trace import Entry
from mockex.conformance.verdicts import ExitCode
from mockex.conformance.visible import one_line, visible
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

TRACE_TAIL = 40

_WRONG = (Verdict.FAIL, Verdict.ERRORED)

STYLES = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.WARN: "yellow",
    Verdict.UNSUPPORTED: "dim",
    Verdict.ERRORED: "bold magenta",
    Verdict.SKIPPED: "dim",
}


class Display:
    """Shows a run as it goes: a bar on a terminal, a line for each case elsewhere, nothing if `quiet`.

    `verbose`: also all that is known of each case that did not pass.
    """

    def __init__(self, console: Console, *, quiet: bool, verbose: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._verbose = verbose
        self._live = console.is_terminal and not quiet
        self._counts: Counter[Verdict] = Counter()
        self._running: dict[str, None] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._view: Live | None = None

    def run_begins(self, spec: DriverSpec, cases: int) -> None:
        """Nothing of an earlier run is shown any more."""
        self._counts.clear()
        self._running.clear()
        title = visible(spec.title or spec.label)
        if self._live:
            for each in self._progress.task_ids:
                self._progress.remove_task(each)
            self._task = self._progress.add_task(title, total=cases)
            self._view = Live(get_renderable=self._picture, console=self._console, refresh_per_second=8, transient=True)
            self._view.start()
        elif not self._quiet:
            _say(self._console, f"{title}: {counted(cases, 'case')}")

    def case_begins(self, case: Case) -> None:
        """It is shown as running."""
        self._running[case.id] = None

    def case_ended(self, result: CaseResult, trace: Path | None) -> None:
        """Its verdict counts."""
        self._running.pop(result.id, None)
        self._counts[result.verdict] += 1
        if self._live:
            self._progress.advance(self._task)
        if not self._quiet and (not self._live or result.verdict in _WRONG):
            self._console.print(_case_line(result), soft_wrap=True)
        if self._verbose and result.verdict is not Verdict.PASS:
            self._console.print(Text("\n".join(_everything(result, trace))), soft_wrap=True)

    def run_ended(self, run: Run) -> None:
        """The terminal is the caller's again."""
        if self._view is not None:
            self._view.stop()
            self._view = None

    def _picture(self) -> RenderableType:
        counts = Text("  ").join(Text(f"{each.value} {self._counts[each]}", style=STYLES[each]) for each in Verdict)
        return Group(self._progress, counts, Text(" ".join(self._running), style="dim"))


def _case_line(result: CaseResult) -> Text:
    """Verdict, id, title; and why it is not a pass."""
    line = Text.assemble((f"{result.verdict.value:<11}", STYLES[result.verdict]), f" {result.id}  {result.title}")
    if result.failure is not None:
        line.append(f"  [{one_line(f'{result.failure.what}: expected {result.failure.expected}, seen {result.failure.seen}')}]")
    elif result.reason:
        line.append(f"  [{one_line(result.reason)}]")
    return line


def _everything(result: CaseResult, trace: Path | None) -> list[str]:
    """All that is known of a case, for its author."""
    lines = [f"    {result.requirement} ({result.source}, {result.level.value}, {result.provenance.value})"]
    if result.failure is not None:
        lines += [f"    {name}: {text}" for name, text in _failure_lines(result)]
    if result.reason:
        lines += ["    reason:", *_indented(result.reason)]
    sections = {
        "evidence": [f"{'' if each.n is None else each.n:>5} {each.text}" for each in result.evidence],
        "steps": result.steps,
        "faults": result.faults,
        "notes": result.notes,
        "stderr": result.stderr.splitlines(),
        "trace": [] if trace is None else _tail(trace),
    }
    for name, said in sections.items():
        if said:
            lines += [f"    {name}:", *_indented("\n".join(said))]
    return [visible(line) for line in [*lines, ""]]


def _failure_lines(result: CaseResult) -> Sequence[tuple[str, str]]:
    assert result.failure is not None
    return (("what", result.failure.what), ("expected", result.failure.expected), ("seen", result.failure.seen))


def _indented(text: str) -> list[str]:
    return [f"        {line}" for line in text.splitlines()]


def _tail(trace: Path) -> list[str]:
    """The last entries of a recording, a line each."""
    entries = [Entry(json.loads(line)) for line in trace.read_text(encoding="utf-8").splitlines()[-TRACE_TAIL:]]
    return [f"{each.n:>5} {each.real_ms:9.1f} ms {each.kind:<12} {each.summary()}" for each in entries]


# --- afterwards


def print_outcome(console: Console, results: Results, *, report_folder: Path | None, interrupted: bool, quiet: bool) -> None:
    """Everything that a person needs who did not watch: counts, failures, where there is more, and the verdict."""
    _print_areas(console, results)
    if not quiet:
        _print_failures(console, results)
    _print_more(console, results, report_folder)
    _print_verdict(console, results, interrupted=interrupted)


def _print_areas(console: Console, results: Results) -> None:
    """A table of areas and clients: how many passed of how many there are."""
    table = Table("area", *(escape(visible(label)) for label in results.labels), box=None, pad_edge=False)
    for area in areas_of(results):
        table.add_row(area, *(_cell(area_summaries(run).get(area)) for run in results.runs))
    table.add_row("all", *(_cell(run.summary) for run in results.runs), style="bold")
    for verdict in Verdict:
        counts = [run.summary[verdict] for run in results.runs]
        if any(counts):
            table.add_row(Text(verdict.value, style=STYLES[verdict]), *(str(count) for count in counts))
    console.print(table)


def _cell(summary: Summary | None) -> Text:
    if summary is None:
        return Text("-", style="dim")
    worst = next((each for each in (Verdict.ERRORED, Verdict.FAIL, Verdict.WARN, Verdict.PASS) if summary[each]), None)
    return Text(f"{summary[Verdict.PASS]}/{summary.total}", style="dim" if worst is None else STYLES[worst])


def _print_failures(console: Console, results: Results) -> None:
    """Each case that failed or could not be examined, with what was expected and seen."""
    for run, label in zip(results.runs, results.labels, strict=True):
        for result in run.cases:
            if result.verdict not in _WRONG:
                continue
            known = "" if result.known is None else f"  (known: {result.known})"
            head = Text.assemble((result.verdict.value, STYLES[result.verdict]), f" {result.id} ", visible(label + known))
            console.print(head, soft_wrap=True)
            said = [f"  {result.title} ({result.source})"]
            if result.failure is not None:
                said += [f"  {name:<9} {text}" for name, text in _failure_lines(result)]
            said += [f"  {line}" for line in result.reason.splitlines()]
            said += [f"  trace     {result.trace}"] if result.trace else []
            console.print(Text(visible("\n".join(said))), soft_wrap=True)


def _print_more(console: Console, results: Results, report_folder: Path | None) -> None:
    if report_folder is not None:
        _say(console, f"The report: {report_folder / 'index.html'}")
        return
    wrong = [case.id for run in results.runs for case in run.cases if case.verdict in _WRONG]
    if wrong:
        _say(console, f"To see more: --report DIR keeps every trace, and -v --case {wrong[0]} shows one case with all there is")


def _print_verdict(console: Console, results: Results, *, interrupted: bool) -> None:
    told = headline(results)
    if interrupted:
        _say(console, "Interrupted: what had not run by then is skipped.")
    for run, label in zip(results.runs, results.labels, strict=True):
        if run.stale:
            _say(console, f"{label}: remove from the baseline: {', '.join(run.stale)}")
    for line in told.details:
        _say(console, line)
    style = {ExitCode.CONFORMS: "bold green", ExitCode.FAILS: "bold red"}.get(ExitCode(results.exit_code), "bold magenta")
    console.print(Text(f"{told.title}. (exit code {results.exit_code})", style=style), soft_wrap=True)


def _say(console: Console, text: str) -> None:
    console.print(Text(visible(text)), soft_wrap=True)


def print_cases(console: Console, cases: Sequence[Case]) -> None:
    """A table on a terminal; elsewhere a line for each case, its fields separated by tabs."""
    if not console.is_terminal:
        for case in cases:
            row = (case.id, case.level, case.title, ",".join(case.needs), case.source)
            click.echo("\t".join(row))
        return
    table = Table("case", "level", "title", "needs", "source", box=None, pad_edge=False)
    for case in cases:
        table.add_row(*(Text(each) for each in (case.id, case.level, case.title, ", ".join(case.needs), case.source)))
    console.print(table)
