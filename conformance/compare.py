"""What changed between two results: which cases of which client pass no more, pass now, are new or gone.

Owns how runs are matched and what counts against the later results. Knows no format of reports; `tell` writes for a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from mockex.conformance.model import Level, Verdict
from mockex.conformance.results import CaseResult, Results, Run, Selection
from mockex.conformance.visible import one_line
from rich.console import Console
from rich.text import Text

_WRONG = (Verdict.FAIL, Verdict.WARN, Verdict.ERRORED)


class Change(Enum):
    """How a case stands against before. The value is the heading, worst first."""

    WORSE = "Newly failing, or passing no more"
    BETTER = "Newly passing"
    OTHER = "Otherwise changed"
    NEW = "New cases"
    GONE = "Gone cases"
    NOT_RUN = "Not asked for this time"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case of one client that is not as it was. `client`: its name in the later results."""

    client: str
    id: str
    kind: Change
    before: CaseResult | None
    after: CaseResult | None

    @property
    def counts(self) -> bool:
        """Whether something required passes no more: a case that is gone though it was asked for counts, an unasked one not."""
        judged = self.after or self.before
        passed_before = self.before is not None and self.before.verdict is Verdict.PASS
        passes_now = self.after is not None and self.after.verdict is Verdict.PASS
        required = judged is not None and judged.level is Level.MUST
        return required and passed_before and not passes_now and self.kind is not Change.NOT_RUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that changed. `gone_clients` and `new_clients`: those that only one of the results has. `problems`: of later runs."""

    venue: str
    changes: tuple[CaseChange, ...]
    matched: tuple[str, ...]
    gone_clients: tuple[str, ...]
    new_clients: tuple[str, ...]
    problems: Mapping[str, str]

    @property
    def exit_code(self) -> int:
        """1 if something required passes no more, else 0."""
        return int(any(change.counts for change in self.changes))

    def of(self, kind: Change) -> tuple[CaseChange, ...]:
        return tuple(change for change in self.changes if change.kind is kind)


def compare(before: Results, after: Results) -> Comparison:
    """What is different in `after`. ValueError, in one line, if the two are of different venues.

    Runs are matched by the client's name (the second of a name with the second); where both results have one run, these
    two are compared whatever they are called: a client's new version, a branch of it, or its successor.
    """
    if before.venue.name != after.venue.name:
        raise ValueError(f"these are results of two venues, {one_line(before.venue.name)} and {one_line(after.venue.name)}")
    old = dict(zip(before.labels, before.runs, strict=True))
    new = dict(zip(after.labels, after.runs, strict=True))
    pairs = {label: label for label in new if label in old}
    if len(old) == len(new) == 1:
        pairs = {next(iter(new)): next(iter(old))}
    changes = [
        change for later, earlier in pairs.items() for change in _changes(later, old[earlier], new[later], after.selection)
    ]
    return Comparison(
        venue=after.venue.name,
        changes=tuple(changes),
        matched=tuple(pairs),
        gone_clients=tuple(label for label in old if label not in pairs.values()),
        new_clients=tuple(label for label in new if label not in pairs),
        problems=MappingProxyType({label: run.problem for label, run in new.items() if run.problem is not None}),
    )


def _changes(client: str, before: Run, after: Run, asked: Selection) -> Iterator[CaseChange]:
    """In the order of the later run, then what is gone."""
    old, new = ({case.id: case for case in run.cases} for run in (before, after))
    for id, case in new.items():
        kind = _kind(old.get(id), case)
        if kind is not None:
            yield CaseChange(client=client, id=id, kind=kind, before=old.get(id), after=case)
    for id, case in old.items():
        if id not in new:
            kind = Change.GONE if asked.takes(id=id, area=case.area, level=case.level) else Change.NOT_RUN
            yield CaseChange(client=client, id=id, kind=kind, before=case, after=None)


def _kind(before: CaseResult | None, after: CaseResult) -> Change | None:
    """None: nothing changed that a reader would act on."""
    if before is None:
        return Change.NEW
    if before.verdict is after.verdict:
        return None if before.level is after.level else Change.OTHER
    if after.verdict is Verdict.PASS:
        return Change.BETTER
    if before.verdict is Verdict.PASS or (after.verdict in _WRONG and before.verdict not in _WRONG):
        return Change.WORSE
    return Change.OTHER


def tell(comparison: Comparison, console: Console) -> None:
    """Writes what changed for people. Whatever a client said is text, never markup or an escape sequence."""
    for kind in Change:
        changes = comparison.of(kind)
        if changes:
            console.print(Text(f"{kind.value}: {len(changes)}", style="bold"))
            for change in changes:
                console.print(_line(change), soft_wrap=True)
    for label, problem in comparison.problems.items():
        console.print(Text(f"{one_line(label)}: no case ran: {one_line(problem)}", style="red"), soft_wrap=True)
    _tell_clients(console, "Only in the earlier results", comparison.gone_clients)
    _tell_clients(console, "Only in the later results", comparison.new_clients)
    console.print(Text(_conclusion(comparison)), soft_wrap=True)


def _line(change: CaseChange) -> Text:
    judged = change.after or change.before
    line = Text("  ")
    line.append("✕ " if change.counts else "✓ " if change.kind is Change.BETTER else "  ", _style(change))
    line.append(f"{one_line(change.client)}  {one_line(change.id)}  ")
    line.append(f"{_state(change.before)} -> {_state(change.after)}", _style(change))
    if judged is not None:
        line.append(f"  {one_line(judged.title)}", "dim")
        if change.after is not None and change.after.failure is not None:
            failure = change.after.failure
            line.append(f"\n      {one_line(f'{failure.what}: expected {failure.expected}, seen {failure.seen}')}")
        elif change.after is not None and change.after.reason:
            line.append(f"\n      {one_line(change.after.reason)}")
    return line


def _state(case: CaseResult | None) -> str:
    return "absent" if case is None else f"{case.level.value} {case.verdict.value}"


def _style(change: CaseChange) -> str:
    if change.counts:
        return "bold red"
    return {Change.WORSE: "yellow", Change.BETTER: "green"}.get(change.kind, "")


def _tell_clients(console: Console, heading: str, labels: Iterable[str]) -> None:
    named = ", ".join(one_line(label) for label in labels)
    if named:
        console.print(Text(f"{heading}: {named}"), soft_wrap=True)


def _conclusion(comparison: Comparison) -> str:
    if not comparison.matched:
        return "No client is in both results, so nothing was compared."
    counting = sum(change.counts for change in comparison.changes)
    if counting:
        return f"{counting} required {'case passes' if counting == 1 else 'cases pass'} no more."
    return "Everything required that passed still passes." if comparison.changes else "Nothing changed."
