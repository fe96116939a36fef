"""Tiny drivers in files of their own, cases made for a test, and a look at which processes are left."""

from __future__ import annotations

import os
import sys
import textwrap
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from mockex.conformance import facts
from mockex.conformance.driver import DriverSpec
from mockex.conformance.model import Case, Level, Provenance, WorldWish
from mockex.conformance.session import Session

VENUE = "okcoinjp"
FACTS = facts.load(VENUE)
TOKEN = "MOCKEX_TEST_PROCESS"

# Answers like a driver of a client that knows the time. What a test gives comes before the last line and may replace any part.
TEMPLATE = """
import json, os, signal, subprocess, sys, time

CLIENT = {"name": "tiny", "version": "1", "language": "Python"}
CAPABILITIES = ["server_time"]
RESULTS = {"stop": {}, "settle": {}, "server_time": {"time_ms": 1700000000000}}
starts = 0

def say(message):
    sys.stdout.write(json.dumps(message) + "\\n")
    sys.stdout.flush()

def result_of(op):
    return {"protocol": 1, "client": CLIENT, "capabilities": CAPABILITIES} if op == "start" else RESULTS[op]

def usual(request):
    say({"id": request["id"], "result": result_of(request["op"])})

def answer(request):
    usual(request)

def over():
    pass

OWN_CODE

for line in sys.stdin:
    request = json.loads(line)
    starts += request["op"] == "start"
    answer(request)
over()
"""


@dataclass(frozen=True)
class TinyDriver:
    """A driver in a file. Its processes, and whatever they start, are found by a token in their environment."""

    path: Path
    token: str

    @property
    def spec(self) -> DriverSpec:
        return DriverSpec(label="tiny", command=[sys.executable, "-u", str(self.path)], environment={TOKEN: self.token})

    @property
    def command(self) -> str:
        """As `--driver` takes it."""
        return f"{sys.executable} -u {self.path}"


def tiny_driver(folder: Path, code: str = "") -> TinyDriver:
    path = folder / "driver.py"
    path.write_text(TEMPLATE.replace("OWN_CODE", textwrap.dedent(code)))
    return TinyDriver(path=path, token=uuid.uuid4().hex)


def processes(token: str) -> list[str]:
    """Numbers and command lines of the living processes with that token in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes() and int(folder.name) != os.getpid():
                found.append(f"{folder.name} {(folder / 'cmdline').read_text()}".replace("\0", " "))
        except OSError:
            continue
    return found


def case_of(
    steps: Callable[[Session], Awaitable[None]],
    *,
    number: int = 10,
    level: Level = Level.MUST,
    needs: tuple[str, ...] = ("server_time",),
    world: WorldWish | None = None,
) -> Case:
    return Case(
        id=f"{VENUE}/time/{number:03}",
        title="A case of a test.",
        requirement="What the test says.",
        source="test",
        level=level,
        provenance=Provenance.PROPOSED,
        needs=needs,
        world=world or WorldWish(),
        steps=steps,
    )


async def ask_the_time(session: Session) -> None:
    await session.client("server_time")


TIME = case_of(ask_the_time)
