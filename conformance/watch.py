"""Watching: a venue is served, and whoever connects is judged from the wire alone, until told to stop.

Owns the serving, the reading of the recording and the verdicts that come of it. Knows no terminal; an observer hears of each
finding as it comes. Memory is bounded however long it lasts: entries are looked at and forgotten, but for the newest ones, and
those that led to the first findings of a rule.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from mockex.conformance.facts import Facts
from mockex.conformance.judging import NOT_SEEN, Finding, Judge, Surroundings, failure_of
from mockex.conformance.model import Case, Verdict, WorldWish
from mockex.conformance.outcomes import OF_FAILURE, CaseOutcome, result_of
from mockex.conformance.results import CaseResult, ClientInfo, Run
from mockex.conformance.runner import Outcome
from mockex.conformance.simulator import FreshWorld, Simulator, secrets_of
from mockex.conformance.trace import Entry, Fields, masked, write_entries

WATCHED = "watched"
POLL_MS = 1_000
WINDOW = 200
TRACED_FINDINGS = 3
"""So many findings of one rule are kept with the entries before them."""


class Observer(Protocol):
    """Hears what goes on. `text` is fit to be shown."""

    def serving(self, world: FreshWorld) -> None: ...

    def found(self, case: Case, text: str, count: int) -> None: ...

    def looked(self, entries: int, exercised: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPlan:
    """What is to be watched. `rules`: cases with a rule. `seconds`: how long; None: until told to stop."""

    facts: Facts
    rules: tuple[Case, ...]
    seed: int
    seconds: float | None
    limits: bool
    traces: Path


async def watch(plan: WatchPlan, observer: Observer, stop: asyncio.Event) -> Outcome:
    """Serves and judges until `stop` is set or the time is over. SimulatorError if the simulator does not start, or breaks."""
    begun = time.monotonic()
    served = Simulator(plan.facts.venue, behind=plan.facts.behind, clock="real", market="live", limits=plan.limits)
    async with served as simulator:
        world = await simulator.reset(WorldWish(limits=plan.limits), seed=plan.seed)
        rows = await simulator.instruments()
        bench = Bench(plan.rules, Surroundings.of(plan.facts, rows, world.all_keys), observer)
        observer.serving(world)
        await _read_on(simulator, bench, plan.seconds, stop)
        bench.look(await simulator.recording(bench.last, 0))
    bench.end()
    results, traces = [], {}
    for rule in bench.rules:
        results.append(rule.result(bench.mask))
        if rule.traced:
            traces[rule.case.id] = plan.traces / f"{rule.case.id.replace('/', '-')}.jsonl"
            write_entries(traces[rule.case.id], [rule.traced[n] for n in sorted(rule.traced)], bench.mask)
    run = Run(
        client=ClientInfo(name=WATCHED, version="", language=""),
        driver=WATCHED,
        capabilities=(),
        seconds=Decimal(str(round(time.monotonic() - begun, 3))),
        problem=None,
        cases=tuple(results),
    )
    return Outcome(runs=(run,), traces=(traces,))


async def _read_on(simulator: Simulator, bench: Bench, seconds: float | None, stop: asyncio.Event) -> None:
    """Reads and judges until it is time to stop."""
    begun = time.monotonic()
    stopping = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            left_ms = POLL_MS if seconds is None else round((begun + seconds - time.monotonic()) * 1_000)
            if left_ms <= 0:
                return
            reading = asyncio.create_task(simulator.recording(bench.last, min(POLL_MS, left_ms)))
            try:
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done():
                    bench.look(reading.result())
            finally:
                reading.cancel()
                await asyncio.wait({reading})
    finally:
        stopping.cancel()


class Bench:
    """All rules at work on one recording."""

    def __init__(self, cases: Sequence[Case], surroundings: Surroundings, observer: Observer) -> None:
        self.rules = [RuleAtWork(case, surroundings, self) for case in cases]
        self.last = 0
        """The number of the newest entry that was looked at."""
        self.window: deque[Entry] = deque(maxlen=WINDOW)
        self.observer = observer
        self._secrets = secrets_of(surroundings.keys, surroundings.facts.words)

    def mask(self, text: str) -> str:
        return masked(text, self._secrets)

    def look(self, fields: Sequence[Fields]) -> None:
        """At what is new."""
        for each in fields:
            entry = Entry(each)
            self.last = entry.n
            self.window.append(entry)
            for rule in self.rules:
                rule.look(entry)
        self.observer.looked(self.last, sum(rule.judge.exercised for rule in self.rules))

    def end(self) -> None:
        for rule in self.rules:
            rule.judge.end()


class RuleAtWork:
    """One rule, and what it has found."""

    def __init__(self, case: Case, surroundings: Surroundings, bench: Bench) -> None:
        assert case.rule is not None
        self.case = case
        self.judge = Judge(surroundings, self._found)
        self.look: Callable[[Entry], None] = case.rule(self.judge)
        self.traced: dict[int, Entry] = {}
        """By number: what led to the first findings."""
        self._bench = bench

    def _found(self, finding: Finding) -> None:
        bench = self._bench
        if self.judge.count <= TRACED_FINDINGS:
            self.traced |= {entry.n: entry for entry in (*finding.at, *bench.window)}
        text = f"{finding.what}: expected {finding.expected}, seen {finding.seen}"
        bench.observer.found(self.case, bench.mask(text), self.judge.count)

    def result(self, mask: Callable[[str], str]) -> CaseResult:
        """A rule that nothing on the wire concerned is skipped."""
        judge = self.judge
        if not judge.exercised:
            outcome = CaseOutcome(verdict=Verdict.SKIPPED, reason=NOT_SEEN)
        elif judge.findings:
            outcome = CaseOutcome(verdict=OF_FAILURE[self.case.level], failure=failure_of(judge))
        else:
            outcome = CaseOutcome(verdict=Verdict.PASS)
        return result_of(self.case, outcome, mask)
