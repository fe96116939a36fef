"""Watching a venue: whoever connects is judged, live and in the report; time or a signal ends it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
from mockex.conformance import bundled
from mockex.conformance.driver import DriverProcess
from mockex.conformance.model import Case, discover
from mockex.conformance.simulator import FreshWorld, Key
from mockex.conformance.watch import WatchPlan, watch
from mockex.conformance.watch_display import WatchDisplay
from rich.console import Console
from runner_rig import FACTS, TOKEN, VENUE, processes

PATIENCE = 60
RULES = tuple(case for case in discover(FACTS) if case.rule is not None)


class Watcher:
    """Lets somebody work with the world once it is served, and then stops."""

    def __init__(self, work: Callable[[FreshWorld], Any]) -> None:
        self.stop = asyncio.Event()
        self.told: list[str] = []
        self._work = work
        self._task: asyncio.Task[None] | None = None

    def serving(self, world: FreshWorld) -> None:
        self._task = asyncio.create_task(self._do(world))

    async def _do(self, world: FreshWorld) -> None:
        try:
            await self._work(world)
        finally:
            self.stop.set()

    def found(self, case: Case, text: str, count: int) -> None:
        self.told.append(f"{case.id} {text} {count}")

    def looked(self, entries: int, exercised: int) -> None:
        pass

    async def watched(self, folder: Path, *, seconds: float | None = None) -> dict[str, Any]:
        plan = WatchPlan(facts=FACTS, rules=RULES, seed=1, seconds=seconds, limits=False, traces=folder)
        (run,) = (await watch(plan, self, self.stop)).runs
        assert self._task is not None
        await self._task
        return {case.id: case for case in run.cases}


def everything_in(folder: Path) -> str:
    return "".join(each.read_text() for each in folder.iterdir())


async def test_the_reference_client_is_found_to_do_nothing_wrong(tmp_path: Path) -> None:
    async def work(world: FreshWorld) -> None:
        driver = await DriverProcess.start(bundled.find(VENUE, "reference"))
        pair = FACTS.pair
        settings = {"protocol": 1, "venue": VENUE, "profile": "documented", "rest": world.rest, "ws": dict(world.ws)}
        settings |= {"credentials": world.keys["alice"].credentials(), "instruments": [], "clock_offset_ms": 0}
        order = {"symbol": pair.symbol, "side": "buy", "type": "limit", "price": f"{pair.price / 2:f}", "qty": f"{pair.qty:f}"}
        try:
            for operation, params in (
                ("start", settings | {"timeout_ms": 5_000}),
                ("balances", {}),
                ("stream_open", {"private": True}),
                ("subscribe", {"channel": "orders", "symbol": pair.symbol}),
                ("subscribe", {"channel": "ticker", "symbol": pair.symbol}),
                ("place_order", {**order, "client_id": "watched1"}),
                ("open_orders", {"symbol": pair.symbol}),
                ("stop", {}),
            ):
                assert "result" in await driver.call(operation, params, seconds=10)
        finally:
            await driver.close()

    watcher = Watcher(work)

    found = await watcher.watched(tmp_path)

    assert watcher.told == []
    assert {id: case.verdict for id, case in found.items() if case.verdict not in ("pass", "skipped")} == {}
    passed = {id for id, case in found.items() if case.verdict == "pass"}
    assert passed >= {
        "okcoinjp/auth/900",
        "okcoinjp/auth/920",
        "okcoinjp/orders/900",
        "okcoinjp/streams/930",
        "common/errors/900",
    }
    assert found["okcoinjp/orders/930"].reason == "not seen on the wire"


async def test_what_is_wrong_is_told_at_once_and_masked(tmp_path: Path) -> None:
    seen = asyncio.Event()

    async def work(world: FreshWorld) -> None:
        secret = world.keys["alice"].secret
        async with aiohttp.ClientSession() as session:
            for number in range(5):
                async with session.get(f"{world.rest}/api/none/{number}?secret={secret}") as reply:
                    assert reply.status == 404
        await asyncio.wait_for(seen.wait(), PATIENCE)  # while it is still being watched

    class Listener(Watcher):
        def found(self, case: Case, text: str, count: int) -> None:
            super().found(case, text, count)
            if sum(each.startswith("common/errors/900") for each in self.told) == 5:
                seen.set()

    watcher = Listener(work)

    found = await watcher.watched(tmp_path)

    wrong = found["common/errors/900"]
    assert wrong.verdict == "fail"
    assert wrong.failure.seen == "GET /api/none/0 (the first of 5 findings)"
    assert [line.text.split()[1].partition("?")[0] for line in wrong.evidence] == [f"/api/none/{n}" for n in range(5)]
    assert found["common/auth/900"].verdict == "fail"
    trace = (tmp_path / "common-errors-900.jsonl").read_text()
    assert [json.loads(line)["kind"] for line in trace.splitlines()][:2] == ["request", "response"]
    shown = repr(found) + "".join(watcher.told) + everything_in(tmp_path)
    assert not re.search(r"secret=(?!\*\*\*)", shown)


async def test_nothing_of_a_rule_is_kept_beyond_its_first_findings(tmp_path: Path) -> None:
    async def work(world: FreshWorld) -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(300):
                async with session.get(f"{world.rest}/api/none") as reply:
                    await reply.read()

    found = await Watcher(work).watched(tmp_path)

    assert found["common/errors/900"].failure.seen == "GET /api/none (the first of 300 findings)"
    assert len((tmp_path / "common-errors-900.jsonl").read_text().splitlines()) <= 10


# --- what a person sees


def test_keys_are_shown_of_every_venue_where_there_are_several() -> None:
    keys = {
        venue: {"alice": Key(name="alice", api_key=f"key-{venue}", secret=f"secret-{venue}", passphrase=None)}
        for venue in ("first", "second")
    }
    world = FreshWorld(rest="", ws={"main": "ws://127.0.0.1:1/"}, keys=keys["first"], now_ns=0, keys_at=keys)
    console = Console(file=StringIO())

    WatchDisplay(console, rules=1, seconds=None, quiet=True).serving(world)

    rows = [line.split() for line in console.file.getvalue().splitlines() if "key-" in line]  # type: ignore[attr-defined]
    assert rows == [["first", "alice", "key-first", "secret-first"], ["second", "alice", "key-second", "secret-second"]]


# --- by command


def start(folder: Path, token: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mockex", "conform", VENUE, "--watch", "--report", "out", *arguments]
    environment = {**os.environ, TOKEN: token}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=environment)


def test_watching_prints_addresses_and_keys_and_ends_with_a_signal(tmp_path: Path) -> None:
    token = uuid.uuid4().hex
    process = start(tmp_path, token)
    assert process.stdout is not None
    head = "".join(iter(process.stdout.readline, "\n"))
    keys = "".join(iter(process.stdout.readline, "\n"))

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)

    assert re.fullmatch(r"http://127.0.0.1:[0-9]+\nws://127.0.0.1:[0-9]+/ws/v3\n", head)
    assert re.search(r"^alice +[0-9a-f-]{36} +[0-9A-F]{32} +\S+", keys, re.MULTILINE)
    found = json.loads((tmp_path / "out" / "results.json").read_text())
    assert (process.returncode, err, found["exit_code"]) == (2, "", 2)
    assert found["runs"][0]["client"]["name"] == found["runs"][0]["driver"] == "watched"
    assert {case["reason"] for case in found["runs"][0]["cases"]} == {"not seen on the wire"}
    assert "No case ran. (exit code 2)" in out
    assert processes(token) == []


def test_watching_ends_by_itself_after_the_time_that_was_given(tmp_path: Path) -> None:
    token = uuid.uuid4().hex
    process = start(tmp_path, token, "--for", "0.5", "--limits")

    out, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    assert "No case ran." in out
    assert processes(token) == []
