"""`mockex conform` as a person or a script uses it: what it prints, writes and returns, and what it leaves behind."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mockex.conformance import facts, report
from mockex.conformance.model import discover
from mockex.conformance.report import ReportError
from runner_rig import FACTS, TOKEN, VENUE, processes, tiny_driver

from mockex.cli import main

EVERY_CASE = discover(FACTS)
CASES = [case for case in EVERY_CASE if case.steps is not None]
TIME_CASE = "common/reference/040"
PATIENCE = 300


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Typed = Callable[..., Done]
"""The command in this process: for what is answered before anything is started."""


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(["conform", *arguments])
        told = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(returncode=ended.value.code, stdout=told.out, stderr=told.err)

    return run


@dataclass(frozen=True)
class Command:
    """Runs the command in a folder. Whatever it starts is found by the token."""

    folder: Path
    token: str

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "mockex", "conform", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env={**os.environ, TOKEN: self.token},
        )

    def __call__(self, *arguments: str) -> Done:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        return Done(returncode=process.returncode, stdout=out, stderr=err)


@pytest.fixture
def conform(tmp_path: Path) -> Iterator[Command]:
    command = Command(folder=tmp_path, token=uuid.uuid4().hex)
    yield command
    assert processes(command.token) == []


def results(folder: Path) -> Any:
    return json.loads((folder / "results.json").read_text())


def time_teller(folder: Path, code: str = "") -> str:
    """A driver that asks the venue for its time, as the case wants."""
    own = """
    import urllib.request
    def answer(request):
        global rest
        if request["op"] == "start":
            rest = request["params"]["rest"]
        if request["op"] == "server_time":
            told = json.load(urllib.request.urlopen(rest + "/api/general/v3/time"))
            RESULTS["server_time"] = {"time_ms": round(float(told["epoch"]) * 1000) + WRONG_MS}
        usual(request)
    WRONG_MS = 0
    """
    return tiny_driver(folder, "\n".join([own, *("    " + line for line in code.splitlines())])).command


# --- what is typed


def test_a_mistake_in_typing_is_one_line_that_says_what_there_is(typed: Typed) -> None:
    there_are = ", ".join(facts.venues())
    for arguments, said in {
        (): f"which venue? There are {there_are}",
        ("nowhere",): f"there are no cases for 'nowhere'; there are some for {there_are}",
        (VENUE,): "which client? Give --client NAME (reference, ",
        (VENUE, "--client", "nobody"): f"there is no client 'nobody' for {VENUE}; there is reference, ",
        (VENUE, "--driver", " "): "--driver: a command is needed",
        (VENUE, "--driver", "'"): '--driver "\'": No closing quotation',
        (VENUE, "--client", "reference", "--case", "common/none/*"): f"no case of {VENUE} matches common/none/*",
        (VENUE, "--client", "reference", "--baseline", "none.toml"): "none.toml: No such file or directory",
        (VENUE, "--client", "reference", "--write-baseline", "none/b.toml"): "--write-baseline: there is no folder none",
        (VENUE, "--client", "reference", "--watch"): "--watch judges whoever connects",
        (VENUE, "--client", "reference", "--for", "3"): "--for and --limits belong to --watch",
        (VENUE, "--client", "reference", "--jobs", "0"): "Invalid value for '--jobs'",
        ("--compare", "a.json", "b.json"): "a.json: No such file or directory",
        (VENUE, "--compare", "a.json", "b.json"): "--compare takes two results.json and runs nothing",
    }.items():
        done = typed(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("mockex: ")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_report_that_could_not_be_written_is_refused_before_anything_runs(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("mine")

    done = typed(VENUE, "--client", "reference", "--report", str(tmp_path))

    assert (done.returncode, done.stdout) == (2, "")
    assert "give the report a folder of its own" in done.stderr
    assert (tmp_path / "results.json").read_text() == "mine"


def test_a_report_that_could_not_be_written_after_all_is_not_announced(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(results: object, folder: Path, traces: Path) -> None:
        raise ReportError(f"the report cannot be written to {folder}: No space left on device")

    monkeypatch.setattr(report, "write", write)

    done = typed(VENUE, "--driver", "no-such-program", "--case", TIME_CASE, "--jobs", "1", "--report", str(tmp_path / "out"))

    assert (done.returncode, "The report:" in done.stdout) == (2, False)
    assert "cannot run 'no-such-program'" in done.stdout
    assert done.stderr.endswith("out: No space left on device\n")


def test_the_list_has_a_line_for_each_case(typed: Typed) -> None:
    done = typed(VENUE, "--list")

    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert rows == [[case.id, case.level, case.title, ",".join(case.needs), case.source] for case in CASES]


def test_the_list_of_a_watched_venue_has_what_the_wire_alone_can_tell(typed: Typed) -> None:
    done = typed(VENUE, "--watch", "--list")

    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [
        case.id for case in EVERY_CASE if case.rule is not None
    ]


def test_a_selection_narrows_the_list(typed: Typed) -> None:
    def listed(*arguments: str) -> list[str]:
        return [line.split("\t")[0] for line in typed(VENUE, "--list", *arguments).stdout.splitlines()]

    assert listed("--case", TIME_CASE, "--case", "common/reference/01?") == ["common/reference/010", TIME_CASE]
    assert listed("--area", "auth", "--area", "time") == [each.id for each in CASES if each.area in ("auth", "time")]
    both = [each.id for each in CASES if each.area == "orders" and each.level == "SHOULD"]
    assert listed("--area", "orders", "--level", "SHOULD") == both


def test_serving_loads_nothing_of_the_suite() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mockex", "venues"], capture_output=True, text=True, check=True
    )

    assert "mockex.server" in done.stderr
    assert "mockex.conformance" not in done.stderr


# --- what comes of it


def test_a_client_that_conforms_ends_with_0_and_a_report(conform: Command, tmp_path: Path) -> None:
    done = conform(VENUE, "--driver", time_teller(tmp_path), "--case", TIME_CASE, "--report", "out")

    found = results(tmp_path / "out")
    (run,) = found["runs"]
    assert done.returncode == found["exit_code"] == 0, done.stdout + done.stderr
    assert run["summary"]["pass"] == run["summary"]["total"] == 1
    assert run["client"] == {"language": "Python", "name": "tiny", "version": "1"}
    assert (tmp_path / "out" / run["cases"][0]["trace"]).exists()
    assert "Every case passed. (exit code 0)" in done.stdout
    assert {each.name for each in (tmp_path / "out").iterdir()} >= {"index.html", "junit.xml", "summary.md", "badge.svg"}


def test_a_client_that_fails_ends_with_1_and_says_what_was_expected(conform: Command, tmp_path: Path) -> None:
    done = conform(VENUE, "--driver", time_teller(tmp_path, "WRONG_MS = 1"), "--case", TIME_CASE, "-v")

    assert done.returncode == 1
    for part in (f"fail {TIME_CASE} tiny", "expected", "seen", "trace:", "GET /api/general/v3/time", "1 required case failed."):
        assert part in done.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["driver.py"]


def test_a_driver_that_crashes_ends_with_2_and_its_last_words(conform: Command, tmp_path: Path) -> None:
    code = "def answer(request):\n    sys.exit('out of memory') if request['op'] == 'server_time' else usual(request)"

    done = conform(VENUE, "--driver", time_teller(tmp_path, code), "--case", TIME_CASE, "--report", "out", "--quiet")

    (run,) = results(tmp_path / "out")["runs"]
    assert done.returncode == 2
    assert run["cases"][0]["verdict"] == "errored"
    assert run["cases"][0]["stderr"] == "out of memory"


def test_a_client_that_can_nothing_ends_with_2_as_no_case_ran(conform: Command, tmp_path: Path) -> None:
    done = conform(VENUE, "--driver", tiny_driver(tmp_path, "CAPABILITIES = []").command, "--case", TIME_CASE)

    assert done.returncode == 2
    assert "No case ran. (exit code 2)" in done.stdout


def test_known_failures_let_a_client_conform_until_they_are_stale(conform: Command, tmp_path: Path) -> None:
    bad, good = (tmp_path / name for name in ("bad", "good"))
    for each in (bad, good):
        each.mkdir()
    wrong, right = time_teller(bad, "WRONG_MS = 1"), time_teller(good)
    case = ("--case", TIME_CASE, "-q")

    written = conform(VENUE, "--driver", wrong, *case, "--write-baseline", "b.toml")
    known = conform(VENUE, "--driver", wrong, *case, "--baseline", "b.toml")
    stale = conform(VENUE, "--driver", right, *case, "--baseline", "b.toml", "--write-baseline", "b.toml")

    assert (written.returncode, known.returncode, stale.returncode) == (1, 0, 1)
    assert f"remove from the baseline: {TIME_CASE}" in stale.stdout
    assert TIME_CASE not in (tmp_path / "b.toml").read_text()


def test_two_results_are_compared(conform: Command, tmp_path: Path) -> None:
    bad, good = (tmp_path / name for name in ("bad", "good"))
    for each, code in ((bad, "WRONG_MS = 1"), (good, "")):
        each.mkdir()
        conform(VENUE, "--driver", time_teller(each, code), "--case", TIME_CASE, "--report", f"{each.name}/out")

    worse = conform("--compare", "good/out/results.json", "bad/out/results.json")
    same = conform("--compare", "good/out/results.json", "good/out/results.json")

    assert (worse.returncode, same.returncode) == (1, 0)
    assert TIME_CASE in worse.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_at_once_with_a_report(number: signal.Signals, conform: Command, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    pipe = os.open(begun, os.O_RDWR | os.O_NONBLOCK)
    code = f"""
def answer(request):
    if request["op"] == "server_time":
        open({str(begun)!r}, "w").write("now")
        time.sleep(600)
    usual(request)
for ignored in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(ignored, signal.SIG_IGN)
"""
    driver = tiny_driver(tmp_path, code).command
    process = conform.start(VENUE, "--driver", driver, "--case", "common/reference/0*", "--report", "out", "--jobs", "2")
    told, _, _ = select.select([pipe], [], [], PATIENCE)
    os.close(pipe)
    assert told
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)

    found = results(tmp_path / "out")
    assert (process.returncode, found["exit_code"], err) == (2, 2, "")
    verdicts = {case["id"]: (case["verdict"], case["reason"]) for case in found["runs"][0]["cases"]}
    assert verdicts[TIME_CASE] == ("skipped", "interrupted")
    assert "Interrupted: what had not run by then is skipped." in out
