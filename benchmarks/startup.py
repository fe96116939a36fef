"""How long a test waits for its world.

Three prices, each paid at a different rhythm: what an installed plugin adds to every pytest process, the first server of a
process, and the fresh world of each test. Absolute times: the target is a promise to those who wait.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from benchmarks.measure import Row, seconds
from mockex.embedded import BackgroundServer, WorldOptions

PROCESSES = 3
WORLDS = 50
LIVE_WORLDS = 5  # a live market invents a past first

PLUGIN_IMPORT = """
import pytest, time
begun = time.perf_counter()
import mockex.pytest_plugin
print(time.perf_counter() - begun)
"""

FIRST_SERVER = """
import time
begun = time.perf_counter()
from mockex.embedded import BackgroundServer, WorldOptions
server = BackgroundServer(WorldOptions())
print(time.perf_counter() - begun)
server.stop()
"""


def run() -> list[Row]:
    return [
        _row("plugin import", _in_processes(PLUGIN_IMPORT)),
        _row("first server of a process", _in_processes(FIRST_SERVER)),
        _row("fresh quiet world", _fresh_worlds("quiet", WORLDS), target_ms=100),
        _row("fresh live world", _fresh_worlds("live", LIVE_WORLDS)),
    ]


def _in_processes(code: str) -> list[float]:
    """The seconds that fresh interpreters print."""
    commands = [[sys.executable, "-c", code]] * PROCESSES
    return [float(subprocess.run(each, capture_output=True, text=True, check=True).stdout) for each in commands]


def _fresh_worlds(market: str, count: int) -> list[float]:
    """What each further test pays in seconds, with all installed venues."""
    options = WorldOptions(market=market)
    server = BackgroundServer(options)
    try:
        return [seconds(lambda: server.fresh(options)) for _ in range(count)]
    finally:
        server.stop()


def _row(name: str, times: list[float], *, target_ms: float | None = None) -> Row:
    return Row(
        name=name,
        value=median(times) * 1e3,
        unit="ms",
        detail=f"median of {len(times)}, worst {max(times) * 1e3:.1f} ms",
        target=target_ms,
        at_least=False,
    )
