"""The canonical outcome of a conformance run: what `results.json` holds, as values, and its exact text.

Owns the file's shape (`results.schema.json`), its canonical form (sorted keys, two blanks, a final newline; the same values
give the same bytes, and reading them back gives the same values) and the counts, which are derived from the cases and never
stored beside them. Knows nothing of how cases are run or reports look. Texts may hold anything that a client said.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol, cast

import fastjsonschema
from mockex.conformance.model import Level, Provenance, Verdict

SCHEMA_VERSION: Final = 1
SCHEMA_FILE = Path(__file__).with_name("results.schema.json")
MAX_MESSAGE = 300


class ResultsError(Exception):
    """One line: which file cannot be read as results, where in it, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueInfo:
    """Whose requirements were checked. `profile`: how the venue behaved where its sources disagree."""

    name: str
    title: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was asked for: globs of case ids, areas, levels. An empty one asks for everything."""

    case: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    level: tuple[Level, ...] = ()

    def takes(self, *, id: str, area: str, level: Level) -> bool:
        """Whether a case was asked for: it matches one of each kind that is given."""
        return (
            (not self.case or any(fnmatchcase(id, glob) for glob in self.case))
            and (not self.area or area in self.area)
            and (not self.level or level in self.level)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInfo:
    """Who was checked, in the driver's own words."""

    name: str
    version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The first check that did not hold."""

    what: str
    expected: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One line that shows a verdict to be right. `n`: the trace's entry that it speaks of."""

    n: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What became of one case with one client.

    `reason`: why it is unsupported, errored or skipped, else empty. `known`: the baseline's reason for this failure.
    `trace`: the recording's file, relative to the report's folder (`trace_path` names it). `milliseconds`: real time.
    """

    id: str
    area: str
    title: str
    requirement: str
    source: str
    level: Level
    provenance: Provenance
    verdict: Verdict
    needs: tuple[str, ...] = ()
    reason: str = ""
    failure: Failure | None = None
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    known: str | None = None
    milliseconds: int = 0
    trace: str | None = None
    stderr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many cases have each verdict; every verdict is in `counts`."""

    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def __getitem__(self, verdict: Verdict) -> int:
        return self.counts[verdict]


def summary_of(cases: Iterable[CaseResult]) -> Summary:
    """The counts of these cases."""
    counted = Counter(case.verdict for case in cases)
    return Summary(counts={verdict: counted[verdict] for verdict in Verdict})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One client's cases. `problem`: why none of them ran. `stale`: what the baseline expects to fail and what passes."""

    client: ClientInfo
    driver: str
    capabilities: tuple[str, ...]
    seconds: Decimal
    problem: str | None
    cases: tuple[CaseResult, ...]
    stale: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        return summary_of(self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that one command found out. `started`: UTC, to the second, "2026-11-21T12:00:00Z". `seconds`: real time."""

    mockex: str
    protocol: int
    venue: VenueInfo
    seed: int
    exit_code: int
    started: str
    seconds: Decimal
    selection: Selection
    runs: tuple[Run, ...]

    @property
    def summary(self) -> Summary:
        """The counts of all runs together."""
        return summary_of(case for run in self.runs for case in run.cases)

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each run, in order, by which a reader can tell them apart: the client's, numbered where two share it."""
        return distinct([run.client.name for run in self.runs])


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """These names, with " (2)" and so on behind those that an earlier one has already."""
    taken: dict[str, None] = {}
    for name in names:
        label, number = name, 1
        while label in taken:
            number += 1
            label = f"{name} ({number})"
        taken[label] = None
    return tuple(taken)


def trace_path(*, run: str, case: str) -> str:
    """Where a case's trace lies in a report's folder. `run`: its label, which may be any text; each has a folder of its own."""
    folder = _file_name(run)
    if folder != run or folder != folder.lower():  # two labels may have one name, or on some disks names that differ in case
        folder += f"-{hashlib.sha256(run.encode(errors='backslashreplace')).hexdigest()[:6]}"
    return f"traces/{folder}/{_file_name(case)}.jsonl"


def _file_name(text: str) -> str:
    """Letters, digits and dashes of a text that may be anything; never empty, never hidden, never too long for a disk."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:100].strip(".-") or "unnamed"


def dumps(results: Results) -> str:
    """The canonical text."""
    return json.dumps(document(results), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def save(results: Results) -> bytes:
    """The canonical file. Half a character, which a client may well send, becomes the escape that reads back as it."""
    return dumps(results).encode("utf-8", errors="backslashreplace")


def document(results: Results) -> dict[str, Any]:
    """What the canonical text says, as plain values."""
    found = cast(dict[str, Any], _plain(results))
    for run, entry in zip(results.runs, found["runs"], strict=True):
        entry["summary"] = _counts(run.summary)
    return {"schema": SCHEMA_VERSION, **found}


def _counts(summary: Summary) -> dict[str, int]:
    return {**{verdict.value: count for verdict, count in summary.counts.items()}, "total": summary.total}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return f"{value:f}" if isinstance(value, Decimal) else value


def load(path: Path) -> Results:
    """The results in a file. ResultsError, with the file's name, for whatever does not fit the schema."""
    try:
        return loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ResultsError(f"{path}: not text in UTF-8, so no results.json") from None
    except ResultsError as error:
        raise ResultsError(f"{path}: {error}") from None


def loads(text: str) -> Results:
    """The results in a text. ResultsError says where it does not fit."""
    try:
        # Decimals, which the schema allows nowhere: a count of 3.0 would read back as another value than it was.
        found = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ResultsError(f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except (RecursionError, ValueError) as error:  # nested without end; a number with too many digits
        raise ResultsError(f"not JSON that can be read: {_short(str(error))}") from None
    if isinstance(found, dict) and found.get("schema", SCHEMA_VERSION) != SCHEMA_VERSION:
        raise ResultsError(
            f"has schema {_short(repr(found['schema']))}; this mockex reads schema {SCHEMA_VERSION}, run it again"
        )
    try:
        _validator()(found)
    except fastjsonschema.JsonSchemaValueException as error:
        raise ResultsError(f"no results of `mockex conform`: {_short(_place(error.message))}") from None
    _refuse_contradictions(found)
    return _results(found)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _place(message: str) -> str:
    """A validator's message, which calls the whole document "data"."""
    return re.sub(r"^data(\.|(?=\[)|\b)", lambda found: "" if found[1] == "." else "the document", message)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_MESSAGE else f"{line[:MAX_MESSAGE]}..."


class _Validator(Protocol):
    def __call__(self, found: object, /) -> object: ...


@cache
def _validator() -> _Validator:
    return cast(_Validator, fastjsonschema.compile(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")), use_default=False))


def _refuse_contradictions(found: Mapping[str, Any]) -> None:
    """What a schema cannot say: counts are those of the cases, and a run has each case once."""
    for number, run in enumerate(found["runs"]):
        counted = Counter(case["verdict"] for case in run["cases"])
        for name, count in run["summary"].items():
            right = len(run["cases"]) if name == "total" else counted[name]
            if count != right:
                raise ResultsError(f"runs[{number}].summary.{name} says {count}, its cases say {right}")
        ids = Counter(case["id"] for case in run["cases"])
        if twice := [case for case, count in ids.items() if count > 1]:
            raise ResultsError(f"runs[{number}] has the case {_short(twice[0])} more than once")


def _results(found: Mapping[str, Any]) -> Results:
    """Values of what fits the schema, whose names are those of the fields."""
    selection = found["selection"]
    return Results(
        mockex=found["mockex"],
        protocol=found["protocol"],
        venue=VenueInfo(**found["venue"]),
        seed=found["seed"],
        exit_code=found["exit_code"],
        started=found["started"],
        seconds=Decimal(found["seconds"]),
        selection=Selection(
            case=tuple(selection["case"]),
            area=tuple(selection["area"]),
            level=tuple(Level(level) for level in selection["level"]),
        ),
        runs=tuple(_run(run) for run in found["runs"]),
    )


def _run(found: Mapping[str, Any]) -> Run:
    return Run(
        client=ClientInfo(**found["client"]),
        driver=found["driver"],
        capabilities=tuple(found["capabilities"]),
        seconds=Decimal(found["seconds"]),
        problem=found["problem"],
        cases=tuple(_case(case) for case in found["cases"]),
        stale=tuple(found["stale"]),
    )


def _case(found: Mapping[str, Any]) -> CaseResult:
    lists = {name: tuple(found[name]) for name in ("needs", "notes", "steps", "faults")}
    return CaseResult(
        **{
            **found,
            **lists,
            "level": Level(found["level"]),
            "provenance": Provenance(found["provenance"]),
            "verdict": Verdict(found["verdict"]),
            "failure": found["failure"] and Failure(**found["failure"]),
            "evidence": tuple(Evidence(**line) for line in found["evidence"]),
        }
    )
