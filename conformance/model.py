"""What a case is: one requirement of a venue, how binding it is, where it comes from, and the steps that examine a client.

Owns the vocabulary of the suite and how cases are found. Knows no process, socket or report.

A case of one venue is called `venue/auth/030`, a case that venues share `common/auth/030`: owner, area, and a number that
has gaps for later ones and is never used again. A shared case runs for each venue whose facts name a source for it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockex.conformance.facts import Facts
    from mockex.conformance.judging import Judge
    from mockex.conformance.session import Session
    from mockex.conformance.trace import Entry

COMMON = "common"
CASES_PACKAGE = "mockex.conformance.cases"

_ID = re.compile(r"[a-z][a-z0-9_]*/[a-z]+/[0-9]{3}")


class Level(StrEnum):
    """How binding a requirement is, in the words of RFC 2119. INFO cases tell what a client does and never fail."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    INFO = "INFO"


class Provenance(StrEnum):
    """How sure it is that the venue demands it: said by its document, seen on the wire, or our own reading."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    PROPOSED = "proposed"


class Verdict(StrEnum):
    """What became of a case. Only the first says that the client meets the requirement."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    UNSUPPORTED = "unsupported"
    ERRORED = "errored"
    SKIPPED = "skipped"


class Area(StrEnum):
    """What a case is about, in the order of reports."""

    AUTH = "auth"
    REFERENCE = "reference"
    MARKET = "market"
    ORDERS = "orders"
    FILLS = "fills"
    BALANCES = "balances"
    POSITIONS = "positions"
    FUNDING = "funding"
    STREAMS = "streams"
    BOOKS = "books"
    ERRORS = "errors"
    LIMITS = "limits"
    TIME = "time"
    NUMBERS = "numbers"
    FAULTS = "faults"


Steps = Callable[["Session"], Awaitable[None]]
"""Examines the client. Returning is passing; `CaseFailed`, `Unsupported` and `NotSeen` of the session module say otherwise."""

Rule = Callable[["Judge"], Callable[["Entry"], None]]
"""Judges whoever is on the wire: given a judge to report to, it gives what looks at each entry of a recording in turn."""

_NOTHING: Mapping[str, object] = MappingProxyType({})


DEFAULT_PROFILE = "documented"
"""How a venue behaves where its sources disagree, unless a case wants it otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldWish:
    """The world that a case wants, beside an empty market, a standing clock and the venue's demo accounts.

    `limits`: the venue's rate limits are enforced. `balances`: account -> asset -> amount, instead of the demo wealth.
    `switches` and `profile`: the venue's own. `key`: the name of the key that the client gets; None: it gets none.
    `platforms`: on which the client is to trade, by what the facts call them, where there are any; empty: the usual one.
    """

    limits: bool = False
    balances: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    switches: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    profile: str | None = None
    key: str | None = "alice"
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One requirement and how it is examined. `title` is a sentence about a client that meets it.

    `source`: document and section; empty in a shared case, for which each venue names its own. `needs`: capabilities without
    which the case cannot be run. `rule`: of a case that can also be judged from the wire alone, whoever the client is. `steps`
    None: it is judged in no other way, because what it is about cannot be brought about on purpose.
    """

    id: str
    title: str
    requirement: str
    source: str
    level: Level
    provenance: Provenance
    needs: tuple[str, ...]
    world: WorldWish
    steps: Steps | None
    rule: Rule | None = None

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is no id of a case, such as common/auth/030")
        Area(self.id.split("/")[1])
        if not self.title.endswith(".") or not self.title[0].isupper():
            raise ValueError(f"{self.id}: a title is a sentence, not {self.title!r}")
        if self.steps is None and self.rule is None:
            raise ValueError(f"{self.id}: neither steps nor a rule")

    @property
    def owner(self) -> str:
        """A venue's name, or `COMMON`."""
        return self.id.split("/")[0]

    @property
    def area(self) -> Area:
        return Area(self.id.split("/")[1])


def case(
    id: str,
    title: str,
    *,
    requirement: str,
    source: str = "",
    level: Level = Level.MUST,
    provenance: Provenance = Provenance.DOCUMENTED,
    needs: Iterable[str] = (),
    world: WorldWish | None = None,
) -> Callable[[Steps], Case]:
    """Makes a case of the steps that it decorates."""

    def decorate(steps: Steps) -> Case:
        return Case(
            id=id,
            title=title,
            requirement=requirement,
            source=source,
            level=level,
            provenance=provenance,
            needs=tuple(needs),
            world=world or WorldWish(),
            steps=steps,
        )

    return decorate


def discover(facts: Facts) -> tuple[Case, ...]:
    """Every case that applies to a venue, by area and id: its own, and the shared ones that its facts name a source for.

    ValueError if two cases have one id, a case lacks its source, or the facts name a shared case that does not exist.
    """
    own = {each.id: each for each in _cases_of(facts.venue)}
    shared = {each.id: each for each in _cases_of(COMMON)}
    for each in own.values():
        if each.owner != facts.venue or not each.source:
            raise ValueError(f"{each.id}: a case of {facts.venue} starts with its name, and has a source")
    for id, applied in facts.common.items():
        if id not in shared:
            raise ValueError(f"{facts.venue}: there is no case {id}")
        template = shared[id]
        own[id] = replace(
            template,
            source=applied.source,
            level=applied.level or template.level,
            provenance=applied.provenance or template.provenance,
        )
    areas = list(Area)
    return tuple(sorted(own.values(), key=lambda each: (areas.index(each.area), each.id)))


def _cases_of(owner: str) -> list[Case]:
    """Those that the modules of a folder define, one by one or in a list."""
    found: dict[str, Case] = {}
    for module in _modules_of(f"{CASES_PACKAGE}.{owner}"):
        for value in vars(module).values():
            for each in value if isinstance(value, list | tuple) else (value,):
                if isinstance(each, Case) and found.setdefault(each.id, each) is not each:
                    raise ValueError(f"two cases are called {each.id}")
    return list(found.values())


def _modules_of(package_name: str) -> Iterator[ModuleType]:
    try:
        package = importlib.import_module(package_name)
    except ModuleNotFoundError as missing:
        if missing.name == package_name:
            return
        raise
    for info in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package_name}.{info.name}")
