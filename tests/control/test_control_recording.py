"""Recordings over the control API, and who waits for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from mockex.server.control import PREFIX, recording_calls
from mockex.server.runner import Server, ServerSettings
from mockex.simulation import Simulation
from mockex.world import WorldSettings

RECORDING = f"{PREFIX}/venues/okcoinjp/recording"
TIME = "/api/general/v3/time"
LONG_MS = 30_000
"""Longer than any test; what waits this long has been forgotten."""


@pytest.fixture
async def server(world_settings: WorldSettings) -> AsyncIterator[Server]:
    async with Server(ServerSettings(world=world_settings, clock="frozen")) as running:
        yield running


@pytest.fixture
async def session(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.urls.control) as opened:
        yield opened


async def record(session: aiohttp.ClientSession, *, on: bool = True) -> Any:
    async with session.post(RECORDING, json={"on": on}) as response:
        assert response.status == 200
        return await response.json()


async def read(session: aiohttp.ClientSession, **query: int) -> Any:
    async with session.get(RECORDING, params=query) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def call_venue(server: Server, session: aiohttp.ClientSession) -> None:
    async with session.get(server.urls.venues["okcoinjp"].rest + TIME) as response:
        assert response.status == 200


def simulation(server: Server) -> Simulation:
    return server.world.simulations["okcoinjp"]


async def waiting(server: Server) -> None:
    """Until somebody waits for the venue's next entry."""
    async with asyncio.timeout(20):
        while not simulation(server).desk.recorder._waiting:  # noqa: ASYNC110  # nobody is told who waits
            await asyncio.sleep(0.001)


async def test_a_recording_is_started_read_stopped_and_kept(server: Server, session: aiohttp.ClientSession) -> None:
    assert await read(session) == {"on": False, "last": 0, "dropped": 0, "entries": []}
    await call_venue(server, session)
    assert await record(session) == {"on": True, "last": 0, "dropped": 0}
    await call_venue(server, session)
    both = await read(session)
    assert [(entry["n"], entry["kind"]) for entry in both["entries"]] == [(1, "request"), (2, "response")]
    assert both["entries"][0]["route"] == f"GET {TIME}"
    assert await read(session, after=1) == both | {"entries": both["entries"][1:]}
    assert await record(session, on=False) == {"on": False, "last": 2, "dropped": 0}
    await call_venue(server, session)
    assert (await read(session))["entries"] == both["entries"]
    await record(session)
    assert (await read(session))["entries"] == []


async def test_entries_tell_both_times(server: Server, session: aiohttp.ClientSession) -> None:
    await record(session)
    server.clock.advance(5)
    await call_venue(server, session)
    entries = (await read(session))["entries"]

    assert [entry["at_ns"] for entry in entries] == ["1767225600000000005"] * 2
    assert 0 <= int(entries[0]["real_ns"]) <= int(entries[1]["real_ns"]) < 60_000_000_000


async def test_a_reader_is_held_until_there_is_something_new_to_it(server: Server, session: aiohttp.ClientSession) -> None:
    await record(session)
    await call_venue(server, session)
    reader = asyncio.create_task(read(session, after=3, wait_ms=LONG_MS))
    await waiting(server)
    simulation(server).desk.recorder.heard(1, "the third, which it does not want")
    simulation(server).desk.recorder.heard(1, "the fourth")
    async with asyncio.timeout(20):
        answer = await reader

    assert [entry["text"] for entry in answer["entries"]] == ["the fourth"]


async def test_a_reader_that_has_missed_something_is_not_held(server: Server, session: aiohttp.ClientSession) -> None:
    await record(session)
    await call_venue(server, session)
    async with asyncio.timeout(20):
        assert len((await read(session, wait_ms=LONG_MS))["entries"]) == 2


async def test_a_reader_is_not_held_longer_than_it_wants(session: aiohttp.ClientSession) -> None:
    await record(session)
    begun = time.monotonic()
    answer = await read(session, wait_ms=30)

    assert answer["entries"] == []
    assert 0.03 <= time.monotonic() - begun < 20


async def test_no_reader_is_held_longer_than_the_cap(session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_calls, "MAX_WAIT_MS", 10)
    async with asyncio.timeout(20):
        assert (await read(session, wait_ms=10**9))["entries"] == []


async def test_a_reader_may_wait_before_the_recording_begins(server: Server, session: aiohttp.ClientSession) -> None:
    reader = asyncio.create_task(read(session, wait_ms=LONG_MS))
    await waiting(server)
    await record(session)
    await call_venue(server, session)
    async with asyncio.timeout(20):
        assert (await reader)["entries"][0]["kind"] == "request"


async def test_a_reset_ends_the_wait_and_drops_the_recording(server: Server, session: aiohttp.ClientSession) -> None:
    await record(session)
    await call_venue(server, session)
    reader = asyncio.create_task(read(session, after=2, wait_ms=LONG_MS))
    await waiting(server)
    async with session.post(f"{PREFIX}/reset") as response:
        assert response.status == 200
    async with asyncio.timeout(20):
        assert await reader == {"on": False, "last": 0, "dropped": 0, "entries": []}


async def test_the_servers_stop_ends_the_wait(world_settings: WorldSettings) -> None:
    server = Server(ServerSettings(world=world_settings, clock="frozen"))
    await server.start()
    async with aiohttp.ClientSession(server.urls.control) as session:
        await record(session)
        reader = asyncio.create_task(read(session, wait_ms=LONG_MS))
        await waiting(server)
        async with asyncio.timeout(20):
            await server.stop()
            assert (await reader)["entries"] == []


async def test_nobody_is_left_waiting_after_the_answer(server: Server, session: aiohttp.ClientSession) -> None:
    await record(session)
    await read(session, wait_ms=5)

    assert simulation(server).desk.recorder._waiting == {}


@pytest.mark.parametrize(
    ("method", "path", "given", "status", "says"),
    [
        ("POST", RECORDING, {"json": {}}, 400, "on is missing: true or false"),
        ("POST", RECORDING, {"json": {"on": "yes"}}, 400, "on must be true or false"),
        ("GET", RECORDING, {"params": {"after": "-1"}}, 400, "after is 0 or more, not -1"),
        ("GET", RECORDING, {"params": {"after": "x", "wait_ms": LONG_MS}}, 400, "after must be a whole number"),
        ("GET", RECORDING, {"params": {"wait_ms": "-5"}}, 400, "wait_ms is 0 or more, not -5"),
        ("GET", RECORDING, {"params": {"since": "1"}}, 400, "there is no field 'since' here; it takes after, wait_ms"),
        ("GET", f"{PREFIX}/venues/mtgox/recording", {"params": {"wait_ms": LONG_MS}}, 404, "no venue 'mtgox'"),
        ("GET", "/venues/okcoinjp/recording", {"params": {"wait_ms": LONG_MS}}, 404, "lives under"),
    ],
)
async def test_a_mistake_is_answered_at_once(
    session: aiohttp.ClientSession, method: str, path: str, given: dict[str, Any], status: int, says: str
) -> None:
    async with asyncio.timeout(20), session.request(method, path, **given) as response:
        answer = await response.json()

    assert (response.status, says in answer["error"]["message"]) == (status, True), answer
