"""How long a test waits for its world.

Three prices, each paid at a different rhythm: what an installed plugin adds to every pytest process, the first server of a
process, and the fresh world of each test, which is to stay below 100 ms. Run by itself: `python -m benchmarks.startup`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter_ns
from typing import NamedTuple

NS_PER_MS = 1_000_000
ROUNDS = 50
LIVE_ROUNDS = 5  # a live market invents a past first
PROCESSES = 3


class StartupTime(NamedTuple):
    """Wall time over `rounds`, in nanoseconds. `budget_ns` None: measured, not promised."""

    name: str
    rounds: int
    median_ns: int
    worst_ns: int
    budget_ns: int | None

    def line(self) -> str:
        budget = "" if self.budget_ns is None else f"   budget {_ms(self.budget_ns)}"
        return f"{self.name:34} median {_ms(self.median_ns)}   worst {_ms(self.worst_ns)}   of {self.rounds}{budget}"


def measure() -> Iterator[StartupTime]:
    """Every price once, the cheapest first."""
    yield plugin_import()
    yield first_server()
    yield fresh_world("fresh quiet world", market="quiet", rounds=ROUNDS, budget_ns=100 * NS_PER_MS)
    yield fresh_world("fresh live world", market="live", rounds=LIVE_ROUNDS, budget_ns=None)


def plugin_import() -> StartupTime:
    """What the plugin adds to a pytest process that does not use it: its import once pytest is there."""
    code = (
        "import pytest, time\n"
        "begun = time.perf_counter_ns()\n"
        "import mockex.pytest_plugin\n"
        "print(time.perf_counter_ns() - begun)"
    )
    return _result("plugin import", [_printed_number(code) for _ in range(PROCESSES)], budget_ns=None)


def first_server() -> StartupTime:
    """The first use in a process: imports, a thread, listeners, a world."""
    code = (
        "import time\n"
        "begun = time.perf_counter_ns()\n"
        "from mockex.embedded import BackgroundServer, WorldOptions\n"
        "server = BackgroundServer(WorldOptions())\n"
        "print(time.perf_counter_ns() - begun)\n"
        "server.stop()"
    )
    return _result("first server of a process", [_printed_number(code) for _ in range(PROCESSES)], budget_ns=None)


def fresh_world(name: str, *, market: str, rounds: int, budget_ns: int | None) -> StartupTime:
    """What each further test pays, with all installed venues."""
    from mockex.embedded import BackgroundServer, WorldOptions

    options = WorldOptions(market=market)
    server = BackgroundServer(options)
    try:
        return _result(name, [_elapsed_ns(lambda: server.fresh(options)) for _ in range(rounds)], budget_ns=budget_ns)
    finally:
        server.stop()


def _elapsed_ns(action: Callable[[], object]) -> int:
    begun_ns = perf_counter_ns()
    action()
    return perf_counter_ns() - begun_ns


def _printed_number(code: str) -> int:
    """What a fresh interpreter prints."""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(answer.stdout)


def _result(name: str, times_ns: list[int], *, budget_ns: int | None) -> StartupTime:
    return StartupTime(name, len(times_ns), int(median(times_ns)), max(times_ns), budget_ns)


def _ms(time_ns: int) -> str:
    return f"{time_ns // 1_000 / 1_000:9.3f} ms"


if __name__ == "__main__":
    for each in measure():
        print(each.line())
