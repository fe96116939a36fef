"""Cases that come in tables: the codes of a venue, and its limits. A row says what differs from its neighbours.

Knows no venue: a row's `venue` makes the case's owner.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from mockex.conformance.cases.common.limits import LIMITED, until_refused
from mockex.conformance.cases.support import told_as
from mockex.conformance.model import Case, Level, Provenance, WorldWish, case
from mockex.conformance.protocol import Json
from mockex.conformance.session import Session

Prepare = Callable[[Session], Awaitable[Mapping[str, Json]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One code of a venue, what brings it about, and which kinds of error a client may take it for.

    `prepare` gives the parameters of `operation`. `code` empty: it means several things, so that telling it tells nothing.
    """

    number: str
    code: str
    title: str
    requirement: str
    operation: str
    prepare: Prepare
    kinds: tuple[str, ...]
    what: str
    source: str
    needs: tuple[str, ...] = ()
    level: Level = Level.MUST
    provenance: Provenance = Provenance.DOCUMENTED


def coded_case(venue: str, row: Coded) -> Case:
    """The client tells the failure by its code, or by the right kind."""

    @case(
        f"{venue}/errors/{row.number}",
        row.title,
        requirement=row.requirement,
        source=row.source,
        level=row.level,
        provenance=row.provenance,
        needs=(row.operation, *row.needs),
    )
    async def steps(s: Session) -> None:
        params = await row.prepare(s)
        refusal = await s.client.refused(row.operation, f"{row.what} is an error", **params)
        await told_as(s, refusal, f"{row.what} is told as such", kinds=row.kinds, codes=(row.code,) if row.code else ())

    return steps


def planned(code: str, operation: str, params: Callable[[Session], Mapping[str, Json]], **how: Json) -> Prepare:
    """A state that only a plan brings about: each request of the operation meets the code."""

    async def prepare(s: Session) -> Mapping[str, Json]:
        rule = {"where": {"route": s.facts.route(operation)}, "what": {"action": "error", "code": code, **how}}
        await s.venue.plan(rule)
        return params(s)

    return prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An operation that a venue admits so often: one more is refused, and told by its code or as a limit."""

    number: str
    title: str
    requirement: str
    operation: str
    params: Mapping[str, Json]
    calls: int
    code: str
    source: str
    provenance: Provenance = Provenance.DOCUMENTED
    world: WorldWish = LIMITED


def counted_case(venue: str, row: Counted) -> Case:
    """Calls in a row. A client that answers from its memory, or paces itself, is never refused: that is as good."""

    @case(
        f"{venue}/limits/{row.number}",
        row.title,
        requirement=row.requirement,
        source=row.source,
        provenance=row.provenance,
        needs=(row.operation,),
        world=row.world,
    )
    async def steps(s: Session) -> None:
        outcome = await until_refused(s, row.operation, row.calls + 1, **row.params)
        refused = await s.wire.entries("response", where=lambda each: bool(each.get("error")))
        if outcome.refusal is None:
            s.expect(not refused, "a refused request is told", expected="an error", seen="a result", at=refused)
            return
        what = "the error says that it was too often"
        kinds = ("rate_limited", "refused_by_client")
        await told_as(s, outcome.refusal, what, kinds=kinds, codes=(*s.facts.codes("rate_limited"), row.code))

    return steps
