"""Whatever a driver does wrong: its case is errored with the reason, the run goes on, and no process is left behind."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from mockex.conformance.driver import DriverError, DriverSpec
from mockex.conformance.lane import Lane
from mockex.conformance.model import Verdict
from mockex.conformance.results import CaseResult
from mockex.conformance.simulator import Simulator
from runner_rig import FACTS, TIME, VENUE, TinyDriver, processes, tiny_driver

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASE_SECONDS = 20.0
SHORT_CASE_SECONDS = 2.0  # where it is waited for


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(VENUE) as running:
        yield running


def lane_of(simulator: Simulator, spec: DriverSpec, case_seconds: float = CASE_SECONDS) -> Lane:
    return Lane(simulator, spec, facts=FACTS, seed=1, case_seconds=case_seconds)


async def twice(simulator: Simulator, driver: TinyDriver, case_seconds: float = CASE_SECONDS) -> list[CaseResult]:
    """The case, and the same case again; then nothing of the driver is left."""
    lane = lane_of(simulator, driver.spec, case_seconds)
    try:
        return [await lane.run(TIME, Path(os.devnull)) for _ in range(2)]
    finally:
        await lane.close()
        assert processes(driver.token) == []


async def test_a_driver_that_behaves_passes_in_one_process(simulator: Simulator, tmp_path: Path) -> None:
    log = tmp_path / "pids"
    driver = tiny_driver(tmp_path, f"open({str(log)!r}, 'a').write(f'{{os.getpid()}}\\n')")

    results = await twice(simulator, driver)

    assert [each.verdict for each in results] == [Verdict.PASS, Verdict.PASS]
    assert len(log.read_text().splitlines()) == 1


MISBEHAVIOUR = {
    "crashes in a case": (
        "def answer(request):\n    os._exit(7) if request['op'] == 'server_time' else usual(request)",
        "the driver: it ended with exit status 7 before it answered server_time",
    ),
    "crashes at its start": ("sys.exit(3)", "the driver: it ended with exit status 3 before it answered start"),
    "prints garbage": (
        "def answer(request):\n    print('DEBUG hello', flush=True)\n    usual(request)",
        "the driver: not a line of JSON: 'DEBUG hello\\n'",
    ),
    "answers with another id": (
        "def answer(request):\n    usual({**request, 'id': request['id'] + 1})",
        "the driver: a reply to request 2, but 1 (start) was asked",
    ),
    "lies about what it can": (
        "def answer(request):\n    say({'id': request['id'], 'unsupported': 'not yet'}) if request['op'] == 'server_time'"
        " else usual(request)",
        "the driver: it declares server_time, and answers: unsupported, not yet",
    ),
    "declares what there is not": (
        "CAPABILITIES = ['server_time', 'make_coffee']",
        "the driver: it declares capabilities that there are not: make_coffee",
    ),
    "fails to start": (
        "def answer(request):\n    say({'id': request['id'], 'error': {'kind': 'other', 'message': 'no mood'}})",
        "the driver: start failed: other (no mood)",
    ),
    "lacks a member of a result": (
        "RESULTS['server_time'] = {}",
        "the driver: the result of server_time: it must contain ['time_ms'] properties",
    ),
    "gives a number as text": (
        "RESULTS['server_time'] = {'time_ms': '1700000000000'}",
        "the driver: the result of server_time: it.time_ms must be integer",
    ),
    "answers with a list": (
        "def answer(request):\n    say([1, 2])",
        "the driver: the reply to start: it must be object",
    ),
    "answers without an end": (
        "def answer(request):\n    print('x' * 17_000_000, end='', flush=True)\n    time.sleep(600)",
        "the driver: a reply to start of more than 16777216 bytes",
    ),
    "closes its output": (
        "def answer(request):\n    os.close(1)\n    time.sleep(600)",
        "the driver: it closed its output before it answered start",
    ),
    "does not confirm the end": (
        "def answer(request):\n    say({'id': request['id'], 'error': {'kind': 'other', 'message': 'no'}})"
        " if request['op'] == 'stop' else usual(request)",
        "the driver: stop failed",
    ),
}


@pytest.mark.parametrize(("code", "reason"), MISBEHAVIOUR.values(), ids=MISBEHAVIOUR.keys())
async def test_a_driver_that_errs_is_said_to(code: str, reason: str, simulator: Simulator, tmp_path: Path) -> None:
    for result in await twice(simulator, tiny_driver(tmp_path, code)):
        assert result.verdict is Verdict.ERRORED
        assert result.reason.startswith(reason)


async def test_a_driver_that_hangs_is_given_up(simulator: Simulator, tmp_path: Path) -> None:
    driver = tiny_driver(
        tmp_path, "def answer(request):\n    time.sleep(600) if request['op'] == 'server_time' else usual(request)"
    )

    for result in await twice(simulator, driver, SHORT_CASE_SECONDS):
        assert (result.verdict, result.reason) == (Verdict.ERRORED, "not finished within 2 s")


async def test_a_driver_that_says_too_much_is_errored(simulator: Simulator, tmp_path: Path) -> None:
    code = """
    def answer(request):
        reply = json.dumps({"id": request["id"], "result": result_of(request["op"])}) + "\\n"
        os.write(1, 2 * reply.encode())
    """

    driver = tiny_driver(tmp_path, code)

    first, second = await twice(simulator, driver)

    assert first.verdict is second.verdict is Verdict.ERRORED
    assert "it said something unasked" in first.reason


async def test_a_driver_that_never_stops_talking_is_errored(simulator: Simulator, tmp_path: Path) -> None:
    driver = tiny_driver(
        tmp_path, "def answer(request):\n    usual(request)\n    while True:\n        print('and another thing')"
    )

    assert [each.verdict for each in await twice(simulator, driver)] == [Verdict.ERRORED] * 2


async def test_floods_on_stderr_do_no_harm(simulator: Simulator, tmp_path: Path) -> None:
    driver = tiny_driver(
        tmp_path, "def answer(request):\n    sys.stderr.write('x' * 3_000_000 + '\\n' * 9)\n    usual(request)"
    )

    assert [each.verdict for each in await twice(simulator, driver)] == [Verdict.PASS] * 2


async def test_the_last_words_of_a_driver_are_kept_in_bounds(simulator: Simulator, tmp_path: Path) -> None:
    code = """
    def answer(request):
        if request["op"] == "server_time":
            for number in range(50):
                print("line", number, "y" * 5_000, file=sys.stderr)
            print("Traceback: that was it", file=sys.stderr)
            os._exit(1)
        usual(request)
    """
    for result in await twice(simulator, tiny_driver(tmp_path, code)):
        assert result.stderr.endswith("Traceback: that was it")
        assert len(result.stderr.splitlines()) <= 20
        assert max(map(len, result.stderr.splitlines())) <= 500


async def test_a_driver_that_cannot_start_twice_is_told_so_and_gets_a_fresh_process(
    simulator: Simulator, tmp_path: Path
) -> None:
    code = "def answer(request):\n    os._exit(9) if starts == 2 else usual(request)"

    driver = tiny_driver(tmp_path, code)
    lane = lane_of(simulator, driver.spec)
    results = [await lane.run(TIME, Path(os.devnull)) for _ in range(3)]
    await lane.close()

    assert [each.verdict for each in results] == [Verdict.PASS, Verdict.ERRORED, Verdict.PASS]
    assert results[1].reason == (
        "the driver: it ended with exit status 9 before it answered start;"
        " this process had one session before, and each start must begin anew"
    )


async def test_a_driver_that_declares_something_else_later_is_errored(simulator: Simulator, tmp_path: Path) -> None:
    code = "def answer(request):\n    CLIENT['version'] = str(starts)\n    usual(request)"

    _, second = await twice(simulator, tiny_driver(tmp_path, code))

    assert second.verdict is Verdict.ERRORED
    assert second.reason.startswith("the driver: it declares something else than before")


async def test_a_command_that_there_is_not_is_errored(simulator: Simulator) -> None:
    lane = lane_of(simulator, DriverSpec(label="none", command=["/nowhere/to/be-found"]))

    result = await lane.run(TIME, Path(os.devnull))

    assert (result.verdict, result.reason) == (
        Verdict.ERRORED,
        "the driver: cannot run '/nowhere/to/be-found': No such file or directory",
    )


async def test_an_introduction_that_fails_tells_the_last_words(simulator: Simulator, tmp_path: Path) -> None:
    lane = lane_of(simulator, tiny_driver(tmp_path, "print('no key file', file=sys.stderr)\nsys.exit(1)").spec)

    with pytest.raises(DriverError, match="before it answered start\nIts last words:\nno key file"):
        await lane.introduce()


# --- processes

STUBBORN = """
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)

def over():
    while True:
        time.sleep(600)
"""

CHILDREN = """
subprocess.Popen(["sleep", "600"])                                 # in the driver's own group, and holding its pipes
subprocess.Popen(["sleep", "601"], start_new_session=True)         # that has left the group
"""

ORPHAN = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:                                             # nobody's child any more
        time.sleep(600)
    os._exit(0)
"""


@pytest.mark.parametrize(
    "code", [STUBBORN, CHILDREN, ORPHAN], ids=["ignores signals and its end", "has children", "daemonizes"]
)
@pytest.mark.parametrize("crash", [False, True], ids=["ends well", "crashes"])
async def test_no_process_is_left(code: str, crash: bool, simulator: Simulator, tmp_path: Path) -> None:
    if crash:
        code += "\ndef answer(request):\n    os._exit(1) if request['op'] == 'server_time' else usual(request)"

    results = await twice(simulator, tiny_driver(tmp_path, code))  # which looks for processes

    assert [each.verdict for each in results] == [Verdict.ERRORED if crash else Verdict.PASS] * 2
