"""Simulated venues in a process of their own, and conversations with third-party clients in theirs.

Nothing here imports the simulator: it is started by its command line, set up through its control API, and reached by URL,
as a user would. Waiting is waiting for a process or a line; there is a limit to all of it.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mockex.conformance.thirdparty.environments import NEED_TEXT, Runtime, ThirdPartyClient, clients, interpreter

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60  # a busy machine compiles modules first
REPLY_SECONDS = 120  # bounds a hang; a whole case of the suite takes a while on a busy machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    key: str
    secret: str
    passphrase: str | None


class Simulator:
    """One venue of the running process. `reset` begins a new world, so that tests do not see each other's orders."""

    def __init__(self, ready: dict[str, Any], name: str) -> None:
        venue = ready["venues"][name]
        self.name = name
        self.rest: str = venue["rest"]
        self.ws: dict[str, str] = venue["ws"]
        self._control: str = ready["control"]
        if "tls" in ready:
            secure = ready["tls"]["venues"][name]
            self.tls_ca: str = ready["tls"]["ca"]
            self.tls_rest: str = secure["rest"]
            self.tls_ws: dict[str, str] = secure["ws"]

    def control(self, method: str, path: str, fields: Mapping[str, object] | None = None) -> Any:
        """One call of the control API; an answer that is no success fails the test with what it says."""
        body = None if fields is None else json.dumps(fields).encode()
        request = urllib.request.Request(f"{self._control}/_mockex/v1{path}", data=body, method=method)
        try:
            with urllib.request.urlopen(request, timeout=REPLY_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                pytest.fail(f"{method} {path}: {error.status} {error.read().decode()}")

    def venue(self, method: str, path: str, fields: Mapping[str, object] | None = None) -> Any:
        """A control call about the venue."""
        return self.control(method, f"/venues/{self.name}{path}", fields)

    def reset(self) -> None:
        self.control("POST", "/reset", {"market": "quiet"})

    def open_account(self, name: str, **balances: Mapping[str, str]) -> Keys:
        """A new account with these amounts by wallet, and its key."""
        opened = self.venue("POST", "/accounts", {"account": name, "balances": balances})
        key = opened["keys"][0]
        return Keys(key=key["api_key"], secret=key["secret"], passphrase=key["passphrase"])

    def place(self, account: str, symbol: str, side: str, qty: str, price: str | None = None) -> Any:
        """An order of somebody else: with a price a limit order, without one a market order."""
        fields = {"account": account, "symbol": symbol, "side": side, "qty": qty}
        return self.venue("POST", "/orders", fields if price is None else {**fields, "price": price})

    def record(self) -> None:
        """From now on: see `await_recorded`. A reset ends it."""
        self.venue("POST", "/recording", {"on": True})

    def await_recorded(self, kind: str, **members: object) -> dict[str, Any]:
        """The first entry of the recording that is of this kind and has these members, once there is one."""
        after = 0
        for _ in range(REPLY_SECONDS):
            entries: list[dict[str, Any]] = self.venue("GET", f"/recording?after={after}&wait_ms=1000")["entries"]
            for entry in entries:
                after = entry["n"]
                if entry["kind"] == kind and members.items() <= entry.items():
                    return entry
        pytest.fail(f"the venue recorded no {kind} of {members}")

    def freeze(self) -> None:
        """The world's time stands still until the next reset: no minute ends and no payment goes on between two calls."""
        self.control("POST", "/clock/freeze")

    def advance(self, seconds: int) -> None:
        """Moves the world's time. Clients sign with the machine's, and the venue allows 30 s between the two."""
        self.control("POST", "/clock/advance", {"seconds": seconds})


@contextmanager
def running_simulator(folder: Path, *venues: str, options: Sequence[str] = ()) -> Iterator[Mapping[str, Simulator]]:
    """The venues by name, all in one process, in a quiet market at free ports unless the options say otherwise.

    `ready.json` in `folder` has its URLs and keys. Its log must be without a traceback when it ends.
    """
    ready, log = folder / "ready.json", folder / "simulator.log"
    command = [sys.executable, "-m", "mockex", "serve", "--market", "quiet", "--port-base", "0", "--ready-file", str(ready)]
    for venue in venues:
        command += ["--venue", venue]
    command += options
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
    try:
        content = _await_ready(process, ready, log)
        yield {venue: Simulator(content, venue) for venue in venues}
    finally:
        process.terminate()
        status = process.wait(REPLY_SECONDS)
    assert status == 0, f"the simulator ended with {status}:\n{log.read_text()}"
    assert "Traceback" not in log.read_text(), log.read_text()


def _await_ready(process: subprocess.Popen[bytes], ready: Path, log: Path) -> dict[str, Any]:
    for _ in range(START_SECONDS * 20):
        if ready.exists():
            content: dict[str, Any] = json.loads(ready.read_text())
            return content
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    process.kill()
    pytest.fail(f"the simulator did not start:\n{log.read_text()}")


class ClientError(Exception):
    """What a client raised. `types`: its exception's class and all base classes, most special first."""

    def __init__(self, types: list[str], message: str) -> None:
        super().__init__(f"{types[0]}: {message}")
        self.types = types
        self.message = message


class Pending:
    """A call that was made and has not been answered, such as one that waits for a push."""

    def __init__(self, conversation: Conversation, number: int) -> None:
        self._conversation = conversation
        self._number = number

    def result(self) -> Any:
        """ClientError if the client raised."""
        return self._conversation.await_reply(self._number)


class Conversation:
    """Calls to a client by the names of its own methods."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._replies: dict[int, dict[str, Any]] = {}
        self._calls = 0
        threading.Thread(target=self._read, daemon=True).start()

    def call(self, name: str, *args: object, **kwargs: object) -> Any:
        return self.begin(name, *args, **kwargs).result()

    def begin(self, name: str, *args: object, **kwargs: object) -> Pending:
        self._calls += 1
        self.say({"id": self._calls, "call": name, "args": args, "kwargs": kwargs})
        return Pending(self, self._calls)

    def say(self, value: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def await_reply(self, number: int) -> Any:
        while number not in self._replies:
            try:
                line = self._lines.get(timeout=REPLY_SECONDS)
            except queue.Empty:
                pytest.fail(f"no answer from the client in {REPLY_SECONDS} s; it wrote:\n{self._log.read_text()}")
            if not line:
                pytest.fail(f"the client ended; it wrote:\n{self._log.read_text()}")
            reply = json.loads(line)
            self._replies[reply["id"]] = reply
        reply = self._replies.pop(number)
        if "error" in reply:
            raise ClientError(reply["error"]["types"], reply["error"]["message"])
        return reply["result"]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")


def built_client(name: str) -> ThirdPartyClient:
    """Skips the test where the machine cannot run the client, fails it where the client was not built."""
    client = clients()[name]
    missing = client.missing()
    if missing:
        pytest.skip(f"{client.title} needs {' and '.join(NEED_TEXT[need] for need in missing)}")
    if not client.is_built(ROOT):
        pytest.fail(
            f"{client.title} {client.version} has no environment, or one with other versions; build it: make thirdparty"
        )
    return client


def client_python(name: str) -> str:
    """The Python of a client's environment."""
    return str(interpreter(built_client(name).environment(ROOT)))


Talk = Callable[..., Conversation]
"""The fixture `talk`: `talk(client, script, **settings)`."""


@contextmanager
def conversation(client_name: str, script: str, settings: Mapping[str, object], folder: Path) -> Iterator[Conversation]:
    """Starts a client's script under the client's own environment."""
    client = built_client(client_name)
    command = client.command(ROOT, script)
    if client.runtime is Runtime.PYTHON:
        converse = client.folder.with_name("converse.py")
        command = [command[0], "-P", str(converse), str(client.scripts / script)]
    log = folder / f"{client_name}-{script}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
            env={**os.environ, **client.variables(ROOT)},
        )
    with process:
        talk = Conversation(process, log)
        talk.say(settings)
        try:
            yield talk
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(REPLY_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
