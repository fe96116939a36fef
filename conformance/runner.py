"""Runs cases: some lanes side by side, each a simulator and a driver, and the results in the order of the cases.

Owns the course of a whole run and its end: whatever happens, no simulator and no driver outlives it. Knows no report and no
terminal; an `Observer` hears what goes on.

Simulators serve all clients, one client after the other; a client's drivers end with its run. Once `stop` is set everything is
ended at once, and the cases that were running or waiting are `skipped`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from mockex.conformance.driver import DriverError, DriverSpec
from mockex.conformance.facts import Facts
from mockex.conformance.lane import Lane
from mockex.conformance.model import Case, Verdict
from mockex.conformance.outcomes import not_run
from mockex.conformance.results import CaseResult, ClientInfo, Run
from mockex.conformance.simulator import Simulator, SimulatorError
from mockex.conformance.smoke import SmokeError, examine_judging, examine_simulator

INTERRUPTED = "interrupted"


class Observer(Protocol):
    """Hears what goes on. `trace`: the file with the case's recording, None if there is none."""

    def run_begins(self, spec: DriverSpec, cases: int) -> None: ...

    def case_begins(self, case: Case) -> None: ...

    def case_ended(self, result: CaseResult, trace: Path | None) -> None: ...

    def run_ended(self, run: Run) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run. `jobs`: lanes side by side, at least 1. `case_seconds`: a case that takes longer is errored.

    `traces`: an existing folder for the recordings, which `Outcome.traces` names.
    """

    facts: Facts
    cases: tuple[Case, ...]
    drivers: tuple[DriverSpec, ...]
    seed: int
    jobs: int
    case_seconds: float
    traces: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a plan. `traces`: for each run, case id -> file of its recording."""

    runs: tuple[Run, ...]
    traces: tuple[Mapping[str, Path], ...]


async def run(plan: Plan, observer: Observer, stop: asyncio.Event) -> Outcome:
    """Carries the plan out. SimulatorError if a simulator does not start; what a driver does wrong is in the outcome."""
    client_runs = [ClientRun(plan, spec, plan.traces / str(number), observer) for number, spec in enumerate(plan.drivers, 1)]
    work = asyncio.create_task(_carry_out(plan, client_runs))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        work.cancel()
        await asyncio.wait({work})
    if not work.cancelled():
        work.result()
    return Outcome(runs=tuple(each.result() for each in client_runs), traces=tuple(each.traces for each in client_runs))


async def _carry_out(plan: Plan, client_runs: Sequence[ClientRun]) -> None:
    lanes = max(1, min(plan.jobs, len(plan.cases)))
    async with _simulators(plan.facts, lanes) as simulators:
        for each in client_runs:
            await each.run(simulators)


@asynccontextmanager
async def _simulators(facts: Facts, count: int) -> AsyncIterator[Sequence[Simulator]]:
    """So many of them, started and stopped side by side."""
    simulators = [Simulator(facts.venue, behind=facts.behind) for _ in range(count)]
    started = await asyncio.gather(*(each.__aenter__() for each in simulators), return_exceptions=True)
    try:
        for each in started:
            if isinstance(each, BaseException):
                raise each
        yield simulators
    finally:
        await asyncio.gather(*(each.__aexit__(None, None, None) for each in simulators), return_exceptions=True)


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Does all of it side by side. The first error ends the rest and is raised as it is."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.wait(tasks)


class ClientRun:
    """One client's way through the cases."""

    def __init__(self, plan: Plan, spec: DriverSpec, folder: Path, observer: Observer) -> None:
        self.traces: dict[str, Path] = {}
        self._plan = plan
        self._spec = spec
        self._folder = folder
        self._observer = observer
        self._results: dict[str, CaseResult] = {}
        self._client: ClientInfo | None = None
        self._capabilities: frozenset[str] = frozenset()
        self._problem: str | None = None
        self._seconds = 0.0

    async def run(self, simulators: Sequence[Simulator]) -> None:
        """Through all of them, in as many lanes as there are simulators."""
        begun = time.monotonic()
        plan = self._plan
        self._observer.run_begins(self._spec, len(plan.cases))
        lanes = [
            Lane(each, self._spec, facts=plan.facts, seed=plan.seed, case_seconds=plan.case_seconds) for each in simulators
        ]
        try:
            await self._smoke(simulators, lanes)
            if self._problem is None:
                await self._all(lanes)
        finally:
            await asyncio.gather(*(each.close() for each in lanes))
            self._seconds = time.monotonic() - begun
            self._observer.run_ended(self.result())

    async def _smoke(self, simulators: Sequence[Simulator], lanes: Sequence[Lane]) -> None:
        """Sees whether the harness works, and learns who the client is: one lane for all. There is a problem if not."""
        first = lanes[0]
        try:
            await _together(examine_simulator(each, self._plan.facts) for each in simulators)
            await first.introduce()
            self._client, self._capabilities = first.client, first.capabilities
            await examine_judging(first)
        except SmokeError as error:
            self._problem = str(error)
        except DriverError as error:
            self._problem = f"the driver: {error}"
        except SimulatorError as error:
            self._problem = f"the simulator: {error}"
        for lane in lanes[1:]:
            lane.client, lane.capabilities = first.client, first.capabilities

    async def _all(self, lanes: Sequence[Lane]) -> None:
        waiting = deque(self._plan.cases)
        await _together(self._work(lane, waiting) for lane in lanes)

    async def _work(self, lane: Lane, waiting: deque[Case]) -> None:
        while waiting:
            case = waiting.popleft()
            self._observer.case_begins(case)
            trace = self._folder / f"{case.id.replace('/', '-')}.jsonl"
            result = await lane.run(case, trace)
            self._results[case.id] = result
            written = trace if trace.exists() else None
            if written is not None:
                self.traces[case.id] = written
            self._observer.case_ended(result, written)

    def result(self) -> Run:
        """What is known by now; what has not run is skipped."""
        reason = "the smoke stage failed" if self._problem is not None else INTERRUPTED
        return Run(
            client=self._client or ClientInfo(name=self._spec.title or self._spec.label, version="", language=""),
            driver=self._spec.label,
            capabilities=tuple(sorted(self._capabilities)),
            seconds=Decimal(str(round(self._seconds, 3))),
            problem=self._problem,
            cases=tuple(
                self._results.get(case.id) or not_run(case, Verdict.SKIPPED, reason=reason) for case in self._plan.cases
            ),
        )
