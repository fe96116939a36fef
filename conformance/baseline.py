"""Known failures: which cases a client is expected to fail, and why.

Owns the file and what it means. A known failure still runs and still shows, but does not fail the command. An entry whose case
passes by now, or that names no case, is stale, and does: a list that nobody prunes hides new failures.

    [known]                       # for every client
    "common/orders/010" = "our gateway rounds prices, ticket 123"
    [known.ccxt]                  # for one client, by the name of its driver or its own
    "common/books/030" = "keeps no books"
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mockex.conformance.model import Verdict
from mockex.conformance.results import Run
from mockex.conformance.visible import one_line

SECTION = "known"
NO_REASON = "not examined yet"


class BaselineError(Exception):
    """The file cannot be read or written, or is none. One line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Case id -> reason: for every client, and for each client by name."""

    everyone: Mapping[str, str] = field(default_factory=dict)
    clients: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def entries(self, run: Run) -> Mapping[str, str]:
        """What is known of a run's client."""
        return {**self.everyone, **self._own(run)}

    def _own(self, run: Run) -> Mapping[str, str]:
        return {**self.clients.get(run.client.name, {}), **self.clients.get(run.driver, {})}

    def apply(self, runs: Sequence[Run], all_ids: Collection[str]) -> tuple[Run, ...]:
        """The runs with their known failures marked and stale entries named. `all_ids`: of every case that there is."""
        failing = {case.id for run in runs for case in run.cases if case.verdict is Verdict.FAIL}
        return tuple(self._applied(run, all_ids, failing) for run in runs)

    def _applied(self, run: Run, all_ids: Collection[str], failing_anywhere: Collection[str]) -> Run:
        entries, own = self.entries(run), self._own(run)
        cases = tuple(
            replace(case, known=entries[case.id]) if case.verdict is Verdict.FAIL and case.id in entries else case
            for case in run.cases
        )
        passing = {case.id for case in run.cases if case.verdict is Verdict.PASS}
        stale = [id for id in entries if id not in all_ids or (id in passing and (id in own or id not in failing_anywhere))]
        return replace(run, cases=cases, stale=tuple(sorted(stale)))


def load(path: Path) -> Baseline:
    """BaselineError if it is not there or not of that form."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:  # no TOML, or no UTF-8
        raise BaselineError(f"{path}: {error}") from None
    known = table.get(SECTION, {})
    if not isinstance(known, dict) or table.keys() - {SECTION}:
        raise BaselineError(
            f'{path}: a baseline has a table [{SECTION}] and tables [{SECTION}.CLIENT] with "case id" = "reason"'
        )
    clients = {name: value for name, value in known.items() if isinstance(value, dict)}
    everyone = {name: value for name, value in known.items() if not isinstance(value, dict)}
    for id, reason in _reasons(everyone, *clients.values()):
        if not isinstance(reason, str) or not reason.strip():
            raise BaselineError(f'{path}: {id} needs a reason, such as "{id}" = "ticket 123"')
    return Baseline(everyone=everyone, clients=clients)


def _reasons(*tables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for table in tables:
        yield from table.items()


def renewed(before: Baseline, runs: Sequence[Run], all_ids: Collection[str]) -> Baseline:
    """The baseline of these runs: each failure, with its reason where one was known; of other cases what `before` says.

    Stale entries go. With one client its failures are everyone's, as long as `before` has nothing for it alone.
    """
    applied = before.apply(runs, all_ids)
    stale_everywhere = {id for run in applied for id in run.stale if id not in before._own(run)}
    everyone = {id: reason for id, reason in before.everyone.items() if id not in stale_everywhere}
    clients = {name: dict(table) for name, table in before.clients.items()}
    for run in applied:
        for name in {run.client.name, run.driver} & clients.keys():
            clients[name] = {id: reason for id, reason in clients[name].items() if id not in run.stale}
        fresh = {case.id: NO_REASON for case in run.cases if case.verdict is Verdict.FAIL and case.known is None}
        if len(runs) == 1 and run.driver not in clients:
            everyone |= fresh
        elif fresh:
            clients.setdefault(run.driver, {}).update(fresh)
    return Baseline(everyone=everyone, clients={name: table for name, table in clients.items() if table})


def save(baseline: Baseline, path: Path) -> None:
    """BaselineError if the file cannot be written."""
    lines = ["# Cases that are known to fail, with the reason. An entry that is no longer true fails `mockex conform`."]
    tables = {(): baseline.everyone} | {(name,): baseline.clients[name] for name in sorted(baseline.clients)}
    for key, entries in tables.items():
        if entries:
            lines += ["", f"[{'.'.join((SECTION, *(_quoted(each) for each in key)))}]"]
            lines += [f"{_quoted(id)} = {_quoted(entries[id])}" for id in sorted(entries)]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror or error}") from None


def _quoted(text: str) -> str:
    """A string of TOML, which escapes as JSON does what is left once the text is fit to be seen."""
    return json.dumps(one_line(text, limit=1_000), ensure_ascii=False)
