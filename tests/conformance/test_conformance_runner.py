"""A whole run: order and seeds of cases, smoke stage, isolation, interruption; and that nothing is left when it is over."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from mockex.conformance import bundled, lane, runner, simulator
from mockex.conformance.baseline import Baseline
from mockex.conformance.driver import DriverSpec
from mockex.conformance.facts import Facts
from mockex.conformance.lane import case_seed
from mockex.conformance.model import Case, Level, Verdict, discover
from mockex.conformance.results import CaseResult, Run
from mockex.conformance.runner import Outcome, Plan
from mockex.conformance.session import Session
from mockex.conformance.verdicts import exit_code
from runner_rig import FACTS, TIME, TOKEN, VENUE, ask_the_time, case_of, processes, tiny_driver

REFERENCE = bundled.find(VENUE, "reference")


class Watcher:
    """Writes down what it hears; `on_case` is called when a case begins."""

    def __init__(self, on_case: Callable[[Case], None] = lambda case: None) -> None:
        self.heard: list[str] = []
        self._on_case = on_case

    def run_begins(self, spec: DriverSpec, cases: int) -> None:
        self.heard.append(f"run of {cases}")

    def case_begins(self, case: Case) -> None:
        self.heard.append(f"begins {case.id}")
        self._on_case(case)

    def case_ended(self, result: CaseResult, trace: Path | None) -> None:
        self.heard.append(f"ended {result.id} {result.verdict}")

    def run_ended(self, run: Run) -> None:
        self.heard.append("run ended")


def run(
    folder: Path,
    cases: Sequence[Case],
    *drivers: DriverSpec,
    jobs: int = 1,
    facts: Facts = FACTS,
    watcher: Watcher | None = None,
    stop: asyncio.Event | None = None,
) -> Outcome:
    plan = Plan(
        facts=facts, cases=tuple(cases), drivers=drivers, seed=1, jobs=jobs, case_seconds=20.0, traces=folder / "traces"
    )
    return asyncio.run(runner.run(plan, watcher or Watcher(), stop or asyncio.Event()))


def verdicts_of(run: Run) -> list[Verdict]:
    return [case.verdict for case in run.cases]


# --- verdicts


async def fail(session: Session) -> None:
    session.equal("1", 1, "the number is text")


async def lack(session: Session) -> None:
    session.told(None, "the fee")


async def stumble(session: Session) -> None:
    raise KeyError("a mistake of the case")


async def ask_nonsense(session: Session) -> None:
    await session.client("server_time", colour="red")


def test_each_outcome_of_steps_has_its_verdict(tmp_path: Path) -> None:
    cases = [
        case_of(ask_the_time, number=10),
        case_of(fail, number=20),
        case_of(fail, number=30, level=Level.SHOULD),
        case_of(fail, number=40, level=Level.INFO),
        case_of(lack, number=50),
        case_of(ask_the_time, number=60, needs=("server_time", "balances")),
        case_of(stumble, number=70),
        case_of(ask_nonsense, number=80),
    ]

    (found,) = run(tmp_path, cases, tiny_driver(tmp_path).spec).runs

    assert {case.id[-3:]: (case.verdict, case.reason) for case in found.cases} == {
        "010": (Verdict.PASS, ""),
        "020": (Verdict.FAIL, ""),
        "030": (Verdict.WARN, ""),
        "040": (Verdict.PASS, ""),
        "050": (Verdict.UNSUPPORTED, "the client does not tell: the fee"),
        "060": (Verdict.UNSUPPORTED, "the client does not offer balances"),
        "070": (Verdict.ERRORED, "the case: KeyError: 'a mistake of the case'"),
        "080": (Verdict.ERRORED, found.cases[7].reason),
    }
    assert found.cases[7].reason.startswith("the case: the parameters of server_time")
    failure = found.cases[1].failure
    assert failure is not None
    assert (failure.what, failure.expected, failure.seen) == ("the number is text", "1", '"1"')
    assert found.cases[3].notes == ('the number is text: expected 1, seen "1"',)


def runs_of(*verdicts: Verdict, problem: str | None = None, known: str | None = None) -> Run:
    found = runner.ClientRun(
        Plan(
            facts=FACTS,
            cases=tuple(case_of(ask_the_time, number=number) for number in range(len(verdicts))),
            drivers=(),
            seed=1,
            jobs=1,
            case_seconds=1.0,
            traces=Path(),
        ),
        DriverSpec(label="tiny", command=["none"]),
        Path(),
        Watcher(),
    ).result()
    cases = [replace(each, verdict=verdict) for each, verdict in zip(found.cases, verdicts, strict=True)]
    cases = [replace(each, known=known) if each.verdict is Verdict.FAIL else each for each in cases]
    return replace(found, cases=tuple(cases), problem=problem)


PASS, FAIL, WARN = Verdict.PASS, Verdict.FAIL, Verdict.WARN
UNSUPPORTED, ERRORED, SKIPPED = Verdict.UNSUPPORTED, Verdict.ERRORED, Verdict.SKIPPED


@pytest.mark.parametrize(
    ("runs", "code"),
    [
        ([runs_of(PASS, PASS)], 0),
        ([runs_of(PASS, WARN, UNSUPPORTED, SKIPPED)], 0),
        ([runs_of(WARN)], 0),
        ([runs_of(PASS, FAIL)], 1),
        ([runs_of(FAIL)], 1),
        ([runs_of(PASS, FAIL, known="ticket 1")], 0),
        ([replace(runs_of(PASS), stale=("okcoinjp/time/000",))], 1),
        ([runs_of(PASS, ERRORED)], 2),
        ([runs_of(FAIL, ERRORED)], 2),
        ([runs_of(UNSUPPORTED, UNSUPPORTED)], 2),
        ([runs_of(SKIPPED, UNSUPPORTED)], 2),
        ([runs_of(SKIPPED, problem="it did not start")], 2),
        ([runs_of()], 2),
        ([], 2),
        ([runs_of(PASS), runs_of(FAIL)], 1),
        ([runs_of(PASS), runs_of(UNSUPPORTED)], 2),
    ],
)
def test_verdicts_come_to_an_exit_code(runs: list[Run], code: int) -> None:
    assert exit_code(runs, interrupted=False) == code
    assert exit_code(runs, interrupted=True) == 2


# --- order, seeds, isolation


def test_results_stand_in_the_order_of_the_cases_however_many_lanes(tmp_path: Path) -> None:
    quick: list[str] = []
    quick_ones_are_done = asyncio.Event()

    async def wait(session: Session) -> None:
        if session.case.id.endswith("0"):
            await quick_ones_are_done.wait()
            return
        quick.append(session.case.id)
        if len(quick) == 3:
            quick_ones_are_done.set()

    cases = [case_of(wait, number=number) for number in (3, 10, 1, 20, 2, 30)]

    (found,) = run(tmp_path, cases, tiny_driver(tmp_path).spec, jobs=3).runs

    assert [each.id for each in found.cases] == [each.id for each in cases]


def test_each_case_has_a_seed_of_its_own_that_depends_on_nothing_else() -> None:
    assert case_seed(1, "okcoinjp/orders/010") == case_seed(1, "okcoinjp/orders/010")
    assert len({case_seed(seed, id) for seed in (1, 2) for id in ("okcoinjp/orders/010", "okcoinjp/orders/020")}) == 4
    assert 0 <= case_seed(1, "okcoinjp/orders/010") < 2**63


def test_cases_do_not_see_each_others_orders(tmp_path: Path) -> None:
    async def place_one(session: Session) -> None:
        pair = session.facts.pair
        order = {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": f"{pair.price:f}", "qty": f"{pair.qty:f}"}
        await session.client("place_order", **order)
        session.equal(len(await session.venue.orders("alice")), 1, "there is one order")
        session.equal(len((await session.client("open_orders", symbol=pair.symbol))["orders"]), 1, "the client sees one order")

    cases = [case_of(place_one, number=number, needs=("place_order",)) for number in range(4)]

    (found,) = run(tmp_path, cases, REFERENCE, jobs=2).runs

    assert verdicts_of(found) == [Verdict.PASS] * 4


def test_several_clients_take_their_turns(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    watcher = Watcher()

    found = run(tmp_path, [TIME], tiny_driver(tmp_path).spec, tiny_driver(other, "CAPABILITIES = []").spec, watcher=watcher)

    assert [verdicts_of(each) for each in found.runs] == [[Verdict.PASS], [Verdict.UNSUPPORTED]]
    assert watcher.heard == [
        *("run of 1", f"begins {TIME.id}", f"ended {TIME.id} pass", "run ended"),
        *("run of 1", f"begins {TIME.id}", f"ended {TIME.id} unsupported", "run ended"),
    ]


def test_two_lanes_find_what_one_finds(tmp_path: Path) -> None:
    cases = [case for case in discover(FACTS) if re.fullmatch("common/(orders|balances)/0[1-5]0", case.id)]
    assert len(cases) == 10

    alone, together = (run(tmp_path / str(jobs), cases, REFERENCE, jobs=jobs).runs[0] for jobs in (1, 2))

    def without_times(found: Run) -> str:
        cases = tuple(replace(each, milliseconds=0) for each in found.cases)
        return re.sub(r"\b1[0-9]{12}\b|20[0-9]{2}-[0-9-]{5}T[0-9:.]+Z", "TIME", repr(cases))

    assert without_times(alone) == without_times(together)
    assert verdicts_of(alone) == [Verdict.PASS] * 10


# --- the smoke stage


def test_a_simulator_that_does_not_do_as_it_should_ends_the_run_before_any_case(tmp_path: Path) -> None:
    wrong = replace(FACTS, routes={**FACTS.routes, "tickers": "GET /api/nothing"})

    (found,) = run(tmp_path, [TIME], tiny_driver(tmp_path).spec, facts=wrong).runs

    assert found.problem is not None
    assert found.problem.startswith("the simulator: GET /api/nothing was answered with 404")
    assert "please report it" in found.problem
    assert [(case.verdict, case.reason) for case in found.cases] == [(Verdict.SKIPPED, "the smoke stage failed")]
    assert exit_code([found], interrupted=False) == 2


def test_judging_that_lets_everything_pass_ends_the_run_before_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "OF_FAILURE", dict.fromkeys(Level, Verdict.PASS))

    (found,) = run(tmp_path, [TIME], tiny_driver(tmp_path).spec).runs

    assert found.problem == "the judging: a case that must be fail is pass"
    assert verdicts_of(found) == [Verdict.SKIPPED]


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (
            "sys.exit('no licence')",
            "the driver: it ended with exit status 1 before it answered start\nIts last words:\nno licence",
        ),
        (
            "def answer(request):\n    os._exit(9) if starts == 2 else usual(request)",
            "the driver: it ended with exit status 9 before it answered start; this process had one session before",
        ),
    ],
    ids=["does not start", "starts once only"],
)
def test_a_driver_that_does_not_start_is_the_problem_of_its_client_alone(code: str, problem: str, tmp_path: Path) -> None:
    good = tmp_path / "good"
    good.mkdir()
    bad_driver = tiny_driver(tmp_path, code)

    bad, fine = run(tmp_path, [TIME], bad_driver.spec, tiny_driver(good).spec).runs

    assert bad.problem is not None
    assert bad.problem.startswith(problem)
    assert (bad.client.name, verdicts_of(bad)) == ("tiny", [Verdict.SKIPPED])
    assert (fine.problem, verdicts_of(fine)) == (None, [Verdict.PASS])
    assert processes(bad_driver.token) == []


# --- the end


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_is_stopped_skips_the_rest_and_leaves_nothing(jobs: int, tmp_path: Path) -> None:
    async def forever(session: Session) -> None:
        await asyncio.sleep(600)

    stop = asyncio.Event()
    driver = tiny_driver(tmp_path)
    cases = [case_of(ask_the_time, number=1), case_of(forever, number=2), case_of(forever, number=3), TIME]
    watcher = Watcher(lambda case: stop.set() if case.id.endswith("002") else None)

    (found,) = run(tmp_path, cases, driver.spec, jobs=jobs, watcher=watcher, stop=stop).runs

    assert verdicts_of(found)[1:] == [Verdict.SKIPPED] * 3
    assert {case.reason for case in found.cases[1:]} == {"interrupted"}
    assert found.client.name == "tiny"
    assert processes(driver.token) == []


def test_a_run_that_is_stopped_before_it_began_skips_everything(tmp_path: Path) -> None:
    stop = asyncio.Event()
    stop.set()

    (found,) = run(tmp_path, [TIME], tiny_driver(tmp_path).spec, stop=stop).runs

    assert [(case.verdict, case.reason) for case in found.cases] == [(Verdict.SKIPPED, "interrupted")]


def test_an_error_of_the_runner_itself_leaves_nothing(tmp_path: Path) -> None:
    def break_down(case: Case) -> None:
        raise RuntimeError("the display broke")

    driver = tiny_driver(tmp_path)

    with pytest.raises(RuntimeError, match="the display broke"):
        run(tmp_path, [TIME], driver.spec, watcher=Watcher(break_down))

    assert processes(driver.token) == []


def test_known_failures_are_marked_and_stale_entries_named() -> None:
    found = runs_of(FAIL, PASS, UNSUPPORTED)
    ids = [case.id for case in found.cases]
    known = Baseline(everyone={ids[0]: "ticket 1", ids[1]: "ticket 2", ids[2]: "ticket 3", "okcoinjp/time/999": "gone"})

    (marked,) = known.apply([found], ids)

    assert [case.known for case in marked.cases] == ["ticket 1", None, None]
    assert marked.stale == (ids[1], "okcoinjp/time/999")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_simulator_that_falls_silent_is_said_to_be_at_fault_and_replaced(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = uuid.uuid4().hex
    monkeypatch.setenv(TOKEN, token)
    monkeypatch.setattr(simulator, "CALL_SECONDS", 5.0)
    monkeypatch.setattr(simulator, "STOP_SECONDS", 0.5)

    async def strike_down(session: Session) -> None:
        (served,) = [each for each in processes(token) if " serve " in each]
        os.kill(int(served.split(" ")[0]), number)
        await session.wire.read()

    (found,) = run(tmp_path, [case_of(strike_down, number=1), TIME], tiny_driver(tmp_path).spec).runs

    assert [case.verdict for case in found.cases] == [Verdict.ERRORED, Verdict.PASS]
    assert found.cases[0].reason.startswith("the simulator: GET /venues/okcoinjp/recording")
