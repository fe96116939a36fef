"""Runs deliberately wrong clients of a venue: each fails exactly the cases that are meant for its mistake.

A wrong client is a driver in `faux/<venue>/` that derives from the venue's reference driver, with its mistake as docstring. A
case that asks it for nothing that it does otherwise than the reference client ends as it does with that one, so it does not
concern the wrong one; a client that begins or ends otherwise, or reaches into the client's own modules, is concerned by all,
unless it says in `SHOWS_IN` which operations its mistake concerns (`error`: those that are refused).

MOCKEX_FAUX in the environment says how much is run: "concerned" every wrong client against all cases that concern it (`make
faux`, a quarter of an hour or so for each venue), "all" against every case. Without it, those that it must fail, and of the
others that concern it one in twenty: chosen by name, so always the same, and each case by many clients.

A wrong client reaches into modules only once it is started: the tests load it to read what it says of itself. It has a process
to itself, forked from one that has imported the reference clients.
"""

from __future__ import annotations

import functools
import importlib.util
import inspect
import os
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType

import forked_drivers_rig
from mockex.conformance import facts, protocol
from mockex.conformance.driver import DriverSpec
from mockex.conformance.lane import Lane
from mockex.conformance.model import Case, Level, Verdict, discover
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator

FAUX = Path(__file__).with_name("faux")
CLIENTS = Path(sys.modules["mockex.conformance"].__path__[0]).parent / "clients"
SEED = 1
CASE_SECONDS = 90.0  # bounds a hang; some cases work for seconds, and several run at once
ATTEMPTS = 3
EXTENT = os.environ.get("MOCKEX_FAUX", "sample")
ONE_IN = 20

forked_drivers_rig.prepare(f"mockex.clients.{path.name}.driver" for path in FAUX.iterdir() if path.is_dir())


def names(venue: str) -> list[str]:
    """The wrong clients of a venue."""
    return sorted(path.stem for path in (FAUX / venue).glob("*.py"))


@functools.cache
def judged_cases(venue: str) -> list[Case]:
    """The cases of a venue that a driver is put through."""
    return [case for case in discover(facts.load(venue)) if case.steps is not None]


def load(venue: str, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"faux_{venue}_{name}", FAUX / venue / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def may_differ(module: ModuleType) -> Callable[[CaseResult], bool]:
    """Whether a case may end otherwise with a wrong client than, as given, with the reference client."""
    own = {name for each in inspect.getmro(module.Driver) if each.__module__ == module.__name__ for name in vars(each)}
    shown: frozenset[str] | None = getattr(module, "SHOWS_IN", None)
    deeper = getattr(module, "REACHES_DEEPER", False) or own & {"start", "stop", "settle", "__init__"}
    if EXTENT == "all" or (deeper and shown is None):
        return lambda result: True
    operations = (own & frozenset(protocol.operations()) - protocol.HOUSEKEEPING) | (shown or frozenset())
    in_errors = "describe" in own or "error" in operations
    return lambda result: bool(operations & asked_for(result.steps)) or (in_errors and was_refused(result))


@functools.cache
def asked_for(steps: tuple[str, ...]) -> frozenset[str]:
    """The operations that a case with these steps asked for."""
    return frozenset(step.split(" ", 1)[0] for step in steps)


def was_refused(result: CaseResult) -> bool:
    """Whether the client raised something."""
    return any('-> {"kind": ' in step for step in result.steps)


def is_sampled(name: str, case: Case) -> bool:
    """Whether a case that the client should pass is run all the same."""
    return zlib.crc32(f"{name} {case.id}".encode()) % ONE_IN == 0


async def run(simulator: Simulator, driver: Path, cases: Iterable[Case]) -> dict[str, CaseResult]:
    spec = DriverSpec(label=driver.stem, command=[str(driver)])
    lane = Lane(
        simulator,
        spec,
        facts=facts.load(simulator.venue),
        seed=SEED,
        case_seconds=CASE_SECONDS,
        start_driver=forked_drivers_rig.start,
    )
    try:
        await lane.introduce()
        return {case.id: await lane.run(case, Path(os.devnull)) for case in cases}
    finally:
        await lane.close()


async def run_as_meant(
    simulator: Simulator, driver: Path, cases: Iterable[Case], *, fails: frozenset[str]
) -> dict[str, CaseResult]:
    """As `run`. What does not end as it is meant to is run again, up to `ATTEMPTS` times in all: on a machine that is busy a
    client may get its turn too late to show its mistake, or to be right in time. What goes wrong every time is wrong.
    """
    left = list(cases)
    results: dict[str, CaseResult] = {}
    for _ in range(ATTEMPTS):
        results |= await run(simulator, driver, left)
        left = [case for case in left if not _ends_as_meant(results[case.id], fails)]
        if not left:
            break
    return results


def _ends_as_meant(result: CaseResult, fails: frozenset[str]) -> bool:
    if result.verdict is Verdict.ERRORED:
        return False
    return (result.verdict in (Verdict.FAIL, Verdict.WARN)) == (result.id in fails)


async def run_reference(simulator: Simulator) -> dict[str, CaseResult]:
    """What becomes of every case with the reference client."""
    driver = CLIENTS / simulator.venue / "driver.py"
    return await run_as_meant(simulator, driver, judged_cases(simulator.venue), fails=frozenset())


def expect_all_passed(results: dict[str, CaseResult]) -> None:
    others = [
        f"{id}: {result.verdict} {result.reason} {result.failure}"
        for id, result in results.items()
        if result.verdict is not Verdict.PASS
    ]
    assert not others, "\n".join(others)


async def expect_fails_what_it_should(name: str, simulator: Simulator, reference: dict[str, CaseResult]) -> None:
    """A wrong client fails what it says it fails, and passes the rest of what concerns it."""
    venue = simulator.venue
    module = load(venue, name)
    concerned = may_differ(module)
    cases = [
        case
        for case in judged_cases(venue)
        if case.id in module.FAILS or (concerned(reference[case.id]) and (EXTENT != "sample" or is_sampled(name, case)))
    ]

    results = await run_as_meant(simulator, FAUX / venue / f"{name}.py", cases, fails=module.FAILS)

    errored = [f"{id}: {result.reason}" for id, result in results.items() if result.verdict is Verdict.ERRORED]
    assert not errored, "\n".join(errored)
    failed = {id for id, result in results.items() if result.verdict in (Verdict.FAIL, Verdict.WARN)}
    otherwise = [f"{id}: {getattr(results.get(id), 'failure', 'no such case')}" for id in sorted(failed ^ module.FAILS)]
    assert not otherwise, "\n".join(["these end otherwise than FAILS says:", *otherwise])
    assert module.FAILS, "a wrong client that fails nothing proves nothing"


def failed_by_some(*venues: str) -> frozenset[str]:
    """The cases that wrong clients of these venues say they fail."""
    return frozenset().union(*(load(venue, name).FAILS for venue in venues for name in names(venue)))


def uncaught(venue: str, *, by: Iterable[str] = ()) -> list[str]:
    """The cases of a venue, but for information only, that no wrong client fails: neither its own, nor those of `by`."""
    caught = failed_by_some(venue, *by)
    return [case.id for case in judged_cases(venue) if case.level is not Level.INFO and case.id not in caught]


def unknown(venue: str) -> list[str]:
    """What wrong clients of a venue fail and no case of it is called."""
    return sorted(failed_by_some(venue) - {case.id for case in judged_cases(venue)})


def areas_without(venue: str) -> list[str]:
    """The areas of a venue's cases in which no wrong client of its own fails any."""
    areas = {id.split("/")[1] for id in failed_by_some(venue)}
    return sorted({case.area.value for case in judged_cases(venue)} - areas)
