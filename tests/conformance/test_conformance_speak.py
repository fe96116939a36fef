"""The host of drivers written in Python: each request is answered, whatever a driver does, and the process ends in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mockex.conformance
import pytest
from mockex.conformance import protocol

SPEAK = Path(next(iter(mockex.conformance.__path__))) / "speak.py"
PATIENCE_SECONDS = 60
START = {
    "protocol": 1,
    "venue": "any",
    "profile": "documented",
    "rest": "http://127.0.0.1:1",
    "ws": {},
    "credentials": None,
    "instruments": [],
    "clock_offset_ms": 0,
    "timeout_ms": 1000,
}

DRIVER = """
import asyncio, os, subprocess, sys, threading, time

class VenueError(Exception):
    pass

class NoFundsError(VenueError):
    pass

class Driver:
    client = {"name": "toy", "version": "1.5", "language": "Python"}
    features = ["paging"]
    withdraw = None
    made = 0

    async def start(self, settings):
        print("a print of the client")
        subprocess.run([sys.executable, "-c", "print('a print of a child'); import sys; sys.stdin.read()"], check=True)
        if settings["profile"] == "broken":
            raise NoFundsError("no start")
        Driver.made += 1
        self.sticky = settings["profile"] == "sticky"
        self.turns = 0
        self.background = asyncio.create_task(self.work())

    async def work(self):
        while True:
            self.turns += 1
            await asyncio.sleep(0)

    async def stop(self):
        print("stopped session", Driver.made, file=sys.stderr, flush=True)
        self.background.cancel()
        if self.sticky:
            raise NoFundsError("no stop")

    def valuation(self): return {"amount": str(Driver.made)}
    def server_time(self): return {"time_ms": self.turns}
    async def order(self, symbol, order_id=None): return {"order": {"order_id": order_id}}
    def tickers(self): return [1]
    def wallet(self): return {"balances": float("nan")}
    def balances(self): return {"balances": object()}
    def currencies(self): sys.exit(3)
    def instruments(self): raise KeyboardInterrupt
    async def sync_time(self):
        asyncio.current_task().cancel()
        await asyncio.sleep(3600)
    def cancel_orders(self, orders):
        asyncio.current_task().cancel()
        return {"outcomes": []}
    def transfer(self, **params): raise NotImplementedError("only between friends")
    def place_order(self, **params): raise NoFundsError("too poor")
    def place_orders(self, orders): raise VenueError("what describe trips over")
    def cash_deposits(self): raise LookupError("not the venue's")
    def settle(self): return None
    async def elapse(self, ms):
        print("waiting", file=sys.stderr, flush=True)
        await asyncio.sleep(3600)
    def request(self, **params):
        threading.Thread(target=time.sleep, args=(3600,)).start()
        os.write(1, b"bytes of the client\\n")

    def describe(self, error):
        if isinstance(error, NoFundsError):
            return {"kind": "insufficient_funds", "message": str(error), "code": "33017", "exception": "NoFunds"}
        if isinstance(error, VenueError):
            return {}["kind"]
        return {"kind": "other", "message": repr(error)}
"""


class Hosted:
    """A running host, one request at a time."""

    def __init__(self, driver: Path, *command: str) -> None:
        command = command or ("-P", str(SPEAK))
        self.process = subprocess.Popen(
            [sys.executable, *command, str(driver)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.requests = 0

    def write(self, line: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def send(self, operation: str, **params: Any) -> None:
        self.requests += 1
        self.write(json.dumps({"id": self.requests, "op": operation, "params": params}).encode())

    def read(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, operation: str, **params: Any) -> Any:
        """The reply without its number, which is checked."""
        self.send(operation, **params)
        reply = self.read()
        assert reply.pop("id") == self.requests
        return reply

    def begin(self, **changes: Any) -> Any:
        return self.ask("start", **{**START, **changes})

    def await_stderr(self, text: bytes) -> None:
        assert self.process.stderr is not None
        while text not in (line := self.process.stderr.readline()):
            assert line, f"never said {text!r}"

    def end(self) -> tuple[bytes, bytes, int]:
        """Closes its input. What it still said, and its exit status."""
        said, complained = self.process.communicate(timeout=PATIENCE_SECONDS)
        return said, complained, self.process.returncode


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    path = tmp_path / "toy_driver.py"
    path.write_text(DRIVER)
    return path


@pytest.fixture
def hosted(driver: Path) -> Iterator[Hosted]:
    host = Hosted(driver)
    yield host
    if host.process.poll() is None:
        host.process.kill()
    host.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def begun(hosted: Hosted) -> Hosted:
    hosted.begin()
    return hosted


def test_a_start_tells_who_the_client_is_and_what_it_can_do(hosted: Hosted) -> None:
    result = hosted.begin()["result"]

    assert result["protocol"] == 1
    assert result["client"] == {"name": "toy", "version": "1.5", "language": "Python"}
    assert "place_order" in result["capabilities"]
    assert result["capabilities"][-1] == "paging"
    assert set(result["capabilities"]) <= protocol.capabilities()
    assert not {"withdraw", "start", "stop", "settle", "fills"} & set(result["capabilities"])


def test_parameters_go_in_by_name_and_the_result_comes_out(begun: Hosted) -> None:
    assert begun.ask("order", symbol="A-B", order_id="7") == {"result": {"order": {"order_id": "7"}}}
    assert begun.ask("order", symbol="A-B") == {"result": {"order": {"order_id": None}}}


def test_nothing_that_a_client_prints_reaches_the_conversation(begun: Hosted) -> None:
    assert begun.ask("request") == {"result": {}}

    begun.process.terminate()
    begun.await_stderr(b"a print of the client")
    begun.await_stderr(b"a print of a child")
    begun.await_stderr(b"bytes of the client")


def test_background_tasks_run_on_between_requests(begun: Hosted) -> None:
    before = begun.ask("server_time")["result"]["time_ms"]
    begun.ask("settle")

    assert begun.ask("server_time")["result"]["time_ms"] > before


@pytest.mark.parametrize(
    ("line", "number", "complaint"),
    [
        (b"{garbage", 0, "not a line of JSON"),
        (b"\xff\xfe", 0, "not a line of JSON"),
        (b"[" * 100_000, 0, "not a line of JSON"),
        (b"[]", 0, "not a JSON object"),
        (b'{"op":"stop","params":{}}', 0, "no id"),
        (b'{"id":true,"op":"stop","params":{}}', 0, "no id"),
        (b'{"id":5,"op":["stop"],"params":{}}', 5, "a request is"),
        (b'{"id":5,"op":"stop","params":[]}', 5, "a request is"),
    ],
)
def test_a_line_that_is_no_request_is_answered_and_ends_nothing(
    begun: Hosted, line: bytes, number: int, complaint: str
) -> None:
    begun.write(line)
    reply = begun.read()

    assert reply["id"] == number
    assert reply["error"]["kind"] == "bad_request"
    assert complaint in reply["error"]["message"]
    assert begun.ask("valuation") == {"result": {"amount": "1"}}


@pytest.mark.parametrize(
    ("operation", "params", "reason"),
    [
        ("no_such_thing", {}, "there is no operation 'no_such_thing'"),
        ("describe", {}, "there is no operation 'describe'"),
        ("work", {}, "there is no operation 'work'"),
        ("fills", {"symbol": "A-B"}, "this driver has no fills"),
        ("withdraw", {}, "this driver has no withdraw"),
        ("transfer", {}, "only between friends"),
        ("order", {"symbol": "A-B", "client_id": "x"}, "this driver's order takes no client_id"),
    ],
)
def test_what_the_driver_does_not_offer_is_unsupported(
    begun: Hosted, operation: str, params: dict[str, Any], reason: str
) -> None:
    assert begun.ask(operation, **params) == {"unsupported": reason}


def test_a_missing_parameter_is_named(begun: Hosted) -> None:
    assert begun.ask("order")["error"] == {"kind": "bad_request", "message": "order without symbol"}


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("place_order", {"kind": "insufficient_funds", "message": "too poor", "code": "33017", "exception": "NoFunds"}),
        ("cash_deposits", {"kind": "other", "message": 'LookupError("not the venue\'s")', "exception": "LookupError"}),
        ("currencies", {"kind": "other", "message": "3", "exception": "SystemExit"}),
        ("instruments", {"kind": "other", "message": "", "exception": "KeyboardInterrupt"}),
        ("sync_time", {"kind": "other", "message": "", "exception": "CancelledError"}),
        ("cancel_orders", {"kind": "other", "exception": "CancelledError"}),
        ("tickers", {"kind": "other", "message": 'TypeError("the driver\'s tickers returned list, not a dict")'}),
    ],
)
def test_whatever_a_driver_raises_is_answered_as_an_error(begun: Hosted, operation: str, error: dict[str, Any]) -> None:
    params = {"orders": []} if operation == "cancel_orders" else {}

    reply = begun.ask(operation, **params)["error"]

    assert error.items() <= reply.items()
    assert begun.ask("valuation") == {"result": {"amount": "1"}}


def test_an_error_that_describe_trips_over_is_described_by_its_classes(begun: Hosted) -> None:
    reply = begun.ask("place_orders", orders=[])

    assert reply["error"] == {"kind": "other", "message": "what describe trips over", "exception": "VenueError"}


@pytest.mark.parametrize("operation", ["wallet", "balances"])
def test_a_result_that_json_cannot_hold_is_an_error(begun: Hosted, operation: str) -> None:
    error = begun.ask(operation)["error"]

    assert error["kind"] == "other"
    assert "the driver's result is not JSON" in error["message"]


def test_every_start_makes_a_new_driver_and_stops_the_old_one(begun: Hosted) -> None:
    begun.begin()

    assert begun.ask("valuation") == {"result": {"amount": "2"}}
    begun.await_stderr(b"stopped session 1")


def test_a_start_that_fails_says_why_and_the_next_one_is_free(hosted: Hosted) -> None:
    error = hosted.begin(profile="broken")["error"]
    assert (error["kind"], error["message"]) == ("insufficient_funds", "no start")
    assert hosted.ask("valuation")["error"]["message"] == "valuation before start"

    assert "result" in hosted.begin()
    assert hosted.ask("valuation") == {"result": {"amount": "1"}}


def test_a_stop_that_fails_says_why_and_the_session_is_over(hosted: Hosted) -> None:
    hosted.begin(profile="sticky")

    assert hosted.ask("stop")["error"]["message"] == "no stop"
    assert hosted.ask("stop") == {"result": {}}
    assert hosted.ask("valuation")["error"]["message"] == "valuation before start"


def test_a_version_that_is_not_spoken_is_refused(hosted: Hosted) -> None:
    error = hosted.begin(protocol=2)["error"]

    assert error == {"kind": "bad_request", "message": "this host speaks version 1 of the protocol, not 2"}


def test_nothing_works_without_a_session_but_stop(begun: Hosted) -> None:
    assert begun.ask("stop") == {"result": {}}
    assert begun.ask("stop") == {"result": {}}

    assert begun.ask("valuation")["error"] == {"kind": "bad_request", "message": "valuation before start"}


def test_what_was_asked_before_the_end_of_the_input_is_answered(hosted: Hosted) -> None:
    hosted.send("start", **START)
    hosted.send("valuation")
    said, _, status = hosted.end()

    replies = [json.loads(line) for line in said.splitlines()]
    assert [reply["id"] for reply in replies] == [1, 2]
    assert replies[1]["result"] == {"amount": "1"}
    assert status == 0


def test_the_end_of_the_input_stops_the_session(begun: Hosted) -> None:
    _, complained, status = begun.end()

    assert b"stopped session 1" in complained
    assert status == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_breaks_off_what_is_going_on_and_stops_the_session(begun: Hosted, number: signal.Signals) -> None:
    begun.send("elapse", ms=1)
    begun.await_stderr(b"waiting")

    os.kill(begun.process.pid, number)

    begun.await_stderr(b"stopped session 1")
    assert begun.process.wait(PATIENCE_SECONDS) == 0


def test_a_thread_that_the_client_left_does_not_keep_the_process(begun: Hosted) -> None:
    begun.ask("request")

    _, _, status = begun.end()

    assert status == 1


def test_it_ends_when_nobody_reads_its_replies(begun: Hosted) -> None:
    assert begun.process.stdout is not None
    begun.process.stdout.close()
    begun.send("valuation")

    begun.await_stderr(b"stopped session 1")
    assert begun.process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", b"defines no class Driver"),
        ("class Driver: pass", b"has no method start"),
        ("import no_such_client", b"No module named 'no_such_client'"),
        ("syntax error", b"invalid syntax"),
    ],
)
def test_a_file_that_is_no_driver_ends_it_with_a_reason(tmp_path: Path, text: str, complaint: bytes) -> None:
    path = tmp_path / "no_driver.py"
    path.write_text(text)

    said, complained, status = Hosted(path).end()

    last_line = complained.splitlines()[-1]
    assert last_line.startswith(b"the driver cannot be loaded: ")
    assert complaint in last_line
    assert (said, status) == (b"", 2)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    _, complained, status = Hosted(tmp_path / "nowhere.py").end()

    assert len(complained.splitlines()) == 1
    assert status == 2


def test_a_driver_in_a_package_imports_its_neighbours(tmp_path: Path) -> None:
    folder = tmp_path / "json"  # a name that would hide a module, were the folder's parent on the path
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "words.py").write_text("AMOUNT = '5'")
    neighbourly = DRIVER.replace("str(Driver.made)", "AMOUNT").replace(
        "import asyncio", "from .words import AMOUNT\nimport asyncio"
    )
    (folder / "driver.py").write_text(neighbourly)

    host = Hosted(folder / "driver.py")
    host.begin()

    assert host.ask("valuation") == {"result": {"amount": "5"}}
    host.end()


def test_a_driver_outside_packages_finds_the_files_beside_it_after_all_others(tmp_path: Path) -> None:
    (tmp_path / "my_client.py").write_text("AMOUNT = '6'")
    (tmp_path / "subprocess.py").write_text("raise AssertionError('this hides the real one')")
    path = tmp_path / "driver.py"
    path.write_text(
        DRIVER.replace("str(Driver.made)", "AMOUNT").replace("import asyncio", "from my_client import AMOUNT\nimport asyncio")
    )

    host = Hosted(path)
    host.begin()

    assert host.ask("valuation") == {"result": {"amount": "6"}}
    host.end()


@pytest.mark.parametrize("command", [["-m", "mockex.conformance.speak"], [str(SPEAK)]], ids=["module", "without -P"])
def test_it_can_be_started_in_other_ways(driver: Path, command: list[str]) -> None:
    host = Hosted(driver, *command)

    assert host.begin()["result"]["client"]["name"] == "toy"
    assert host.end()[2] == 0


def test_a_call_without_a_driver_shows_the_usage() -> None:
    done = subprocess.run([sys.executable, str(SPEAK)], capture_output=True, timeout=PATIENCE_SECONDS, check=False)

    assert done.stderr == b"usage: python -P speak.py DRIVER.py\n"
    assert done.returncode == 2
