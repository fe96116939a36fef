"""Judging from the wire alone: rules that look at a recording, entry by entry, whoever the client is.

Owns what a rule reports to, and the decorator that makes a case of a rule. Such a case is judged in two ways: with a driver,
after a session that the case plays; and while somebody's own program is connected to a watched venue. Memory is bounded
whatever comes: of many findings the first are kept and the others counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from mockex.conformance.facts import Facts
from mockex.conformance.model import Case, Level, Provenance, Rule, Steps, WorldWish
from mockex.conformance.protocol import Json
from mockex.conformance.session import CaseFailed, NotSeen, Session
from mockex.conformance.simulator import Key
from mockex.conformance.trace import REQUEST, RESPONSE, Entry

MAX_FINDINGS = 12
MAX_WAITING = 1_000

NOT_SEEN = "not seen on the wire"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a rule objects to. `what` should have been, as a clause."""

    what: str
    expected: str
    seen: str
    at: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """What an instrument's numbers must fit. None: the venue does not tell."""

    tick: Decimal | None
    lot: Decimal | None
    min_qty: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What rules may know beside the wire: the venue's words, the grids of its instruments, and its keys."""

    facts: Facts
    grids: Mapping[str, Grid]
    keys: tuple[Key, ...]

    @classmethod
    def of(cls, facts: Facts, instruments: Iterable[Mapping[str, Json]], keys: Iterable[Key]) -> Surroundings:
        """`instruments`: rows with symbol, tick_size, lot_size, min_qty."""
        grids = {
            row["symbol"]: Grid(**{name: _number(row.get(key)) for name, key in _GRID_FIELDS.items()}) for row in instruments
        }
        return cls(facts=facts, grids=grids, keys=tuple(keys))


_GRID_FIELDS = {"tick": "tick_size", "lot": "lot_size", "min_qty": "min_qty"}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


class Judge:
    """Takes down what one rule sees. `on_finding` hears each finding as it comes."""

    def __init__(self, surroundings: Surroundings, on_finding: Callable[[Finding], None] | None = None) -> None:
        self.facts = surroundings.facts
        self.grids = surroundings.grids
        self.keys = surroundings.keys
        self.findings: list[Finding] = []
        """The first ones."""
        self.count = 0
        """Of all findings."""
        self.exercised = False
        self._on_finding = on_finding
        self._endings: list[Callable[[], None]] = []

    def saw(self) -> None:
        """What the rule is about has happened, well or badly."""
        self.exercised = True

    def object(self, what: str, *, expected: object, seen: object, at: Entry | Sequence[Entry]) -> None:
        """A finding; the rule was exercised thereby."""
        self.exercised = True
        self.count += 1
        places = (at,) if isinstance(at, Entry) else tuple(at)
        finding = Finding(what=what, expected=str(expected), seen=str(seen), at=places)
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)
        if self._on_finding is not None:
            self._on_finding(finding)

    def at_end(self, ending: Callable[[], None]) -> None:
        """Lets a rule judge what has not happened, once nothing more can."""
        self._endings.append(ending)

    def end(self) -> None:
        """Nothing more comes."""
        for each in self._endings:
            each()

    def raise_failure(self) -> None:
        """CaseFailed with the first finding, NotSeen if there was nothing to judge."""
        if not self.exercised:
            raise NotSeen(NOT_SEEN)
        if self.findings:
            raise failure_of(self)


def failure_of(judge: Judge) -> CaseFailed:
    """All findings as one failure: the words of the first, the places of all that were kept."""
    first = judge.findings[0]
    seen = first.seen if judge.count == 1 else f"{first.seen} (the first of {judge.count} findings)"
    places = {entry.n: entry for each in judge.findings for entry in each.at}
    return CaseFailed(first.what, expected=first.expected, seen=seen, at=tuple(places.values()))


def watched(
    id: str,
    title: str,
    *,
    requirement: str,
    play: Steps | None,
    source: str = "",
    level: Level = Level.MUST,
    provenance: Provenance = Provenance.DOCUMENTED,
    needs: Iterable[str] = (),
    world: WorldWish | None = None,
) -> Callable[[Rule], Case]:
    """Makes a case of the rule that it decorates. `play`: what a driver's client does before the rule judges.

    None: what the rule is about cannot be brought about on purpose, so only somebody who is watched may show it.
    """

    def decorate(rule: Rule) -> Case:
        return Case(
            id=id,
            title=title,
            requirement=requirement,
            source=source,
            level=level,
            provenance=provenance,
            needs=tuple(needs),
            world=world or WorldWish(),
            steps=None if play is None else _played(play, rule),
            rule=rule,
        )

    return decorate


def _played(play: Steps, rule: Rule) -> Steps:
    async def steps(session: Session) -> None:
        await play(session)
        await session.wire.read()
        judge = Judge(Surroundings.of(session.facts, session.instruments, session.world.keys.values()))
        look = rule(judge)
        for entry in session.wire.seen:
            look(entry)
        judge.end()
        judge.raise_failure()

    return steps


# --- what many rules need


class Exchanges:
    """Brings each response together with its request."""

    def __init__(self) -> None:
        self._waiting: dict[int, Entry] = {}

    def pair(self, entry: Entry) -> tuple[Entry, Entry] | None:
        """Request and response, once the response is there."""
        if entry.kind == REQUEST:
            self._waiting[entry.n] = entry
            if len(self._waiting) > MAX_WAITING:
                del self._waiting[next(iter(self._waiting))]
        elif entry.kind == RESPONSE:
            request = self._waiting.pop(int(entry["to"]), None)
            return None if request is None else (request, entry)
        return None


def apart_ms(earlier: Entry, later: Entry) -> float:
    """How long a client waited between two entries: in the venue's time or in real time, whichever passed more."""
    return max(later.real_ms - earlier.real_ms, later.at_ms - earlier.at_ms)


def is_on_grid(text: str, step: Decimal) -> bool:
    """Whether an amount is a multiple of a step. True for what is no number: that is another rule's matter."""
    try:
        amount = Decimal(text)
        return not amount.is_finite() or amount % step == 0
    except InvalidOperation:
        return True
