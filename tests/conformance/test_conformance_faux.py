"""Deliberately wrong clients: each fails exactly the cases that are meant for its mistake, and every case catches somebody.

A wrong client is a driver in `faux/` that derives from the reference driver, with its mistake as docstring. A case that asks it
for nothing that it does otherwise than the reference client ends as it does with that one, so it does not concern the wrong
one; a client that begins or ends otherwise, or reaches into the client's own modules, is concerned by all, unless it says in
`SHOWS_IN` which operations its mistake concerns (`error`: those that are refused).

MOCKEX_FAUX in the environment says how much is run: "concerned" every wrong client against all cases that concern it (`make
faux`, a quarter of an hour), "all" against every case. Without it, those that it must fail, and of the others that concern it
one in ten: chosen by name, so always the same, and each case by many clients.

A wrong client reaches into modules only once it is started: this test loads it to read what it says of itself.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio
from mockex.conformance import facts, protocol
from mockex.conformance.driver import DriverSpec
from mockex.conformance.lane import Lane
from mockex.conformance.model import Case, Level, Verdict, discover
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator

VENUE = "okcoinjp"
FOLDER = Path(__file__).with_name("faux")
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
SEED = 1
CASE_SECONDS = 30.0
EXTENT = os.environ.get("MOCKEX_FAUX", "sample")
ONE_IN = 10

FACTS = facts.load(VENUE)
CASES = [case for case in discover(FACTS) if case.steps is not None]
REFERENCE = Path(sys.modules["mockex.conformance"].__path__[0]).parent / "clients" / VENUE / "driver.py"
SPEAK = [sys.executable, "-P", "-m", "mockex.conformance.speak"]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"faux_{name}", FOLDER / f"{name}.py")
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
    return lambda result: bool(operations & asked_for(result)) or (in_errors and was_refused(result))


def asked_for(result: CaseResult) -> frozenset[str]:
    """The operations that a case asked for."""
    return frozenset(step.split(" ", 1)[0] for step in result.steps)


def was_refused(result: CaseResult) -> bool:
    """Whether the client raised something."""
    return any('-> {"kind": ' in step for step in result.steps)


def is_sampled(name: str, case: Case) -> bool:
    """Whether a case that the client should pass is run all the same."""
    return zlib.crc32(f"{name} {case.id}".encode()) % ONE_IN == 0


async def run(simulator: Simulator, driver: Path, cases: Iterable[Case]) -> dict[str, CaseResult]:
    spec = DriverSpec(label=driver.stem, command=[*SPEAK, str(driver)])
    lane = Lane(simulator, spec, facts=FACTS, seed=SEED, case_seconds=CASE_SECONDS)
    try:
        await lane.introduce()
        return {case.id: await lane.run(case, Path(os.devnull)) for case in cases}
    finally:
        await lane.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(VENUE) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reference(simulator: Simulator) -> dict[str, CaseResult]:
    """What becomes of every case with the reference client."""
    return await run(simulator, REFERENCE, CASES)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_reference_client_passes_every_case(reference: dict[str, CaseResult]) -> None:
    others = {id: (result.verdict, result.reason, result.failure) for id, result in reference.items()}
    assert {id: seen for id, seen in others.items() if seen[0] is not Verdict.PASS} == {}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", NAMES)
async def test_a_wrong_client_fails_exactly_the_cases_meant_for_it(
    name: str, simulator: Simulator, reference: dict[str, CaseResult]
) -> None:
    module = load(name)
    concerned = may_differ(module)
    cases = [
        case
        for case in CASES
        if case.id in module.FAILS or (concerned(reference[case.id]) and (EXTENT != "sample" or is_sampled(name, case)))
    ]

    results = await run(simulator, FOLDER / f"{name}.py", cases)

    errored = {id: result.reason for id, result in results.items() if result.verdict is Verdict.ERRORED}
    assert errored == {}
    assert {id for id, result in results.items() if result.verdict in (Verdict.FAIL, Verdict.WARN)} == module.FAILS
    assert module.FAILS, "a wrong client that fails nothing proves nothing"


def test_every_case_is_failed_by_a_wrong_client() -> None:
    caught = frozenset().union(*(load(name).FAILS for name in NAMES))
    assert [case.id for case in CASES if case.level is not Level.INFO and case.id not in caught] == []


def test_wrong_clients_name_cases_that_there_are() -> None:
    caught = frozenset().union(*(load(name).FAILS for name in NAMES))
    assert sorted(caught - {case.id for case in CASES}) == []


def test_every_area_has_a_wrong_client_of_its_own() -> None:
    areas = {id.split("/")[1] for name in NAMES for id in load(name).FAILS}
    assert sorted({case.area.value for case in CASES} - areas) == []
