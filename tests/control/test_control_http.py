"""The control API on its port."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from mockex.server.control import PREFIX
from mockex.server.runner import Server, ServerSettings, TlsSettings
from mockex.world import WorldSettings


@pytest.fixture
async def server(world_settings: WorldSettings) -> AsyncIterator[Server]:
    async with Server(ServerSettings(world=world_settings, clock="frozen")) as running:
        yield running


@pytest.fixture
async def session(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.urls.control) as opened:
        yield opened


async def test_the_state_tells_where_everything_is(server: Server, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{PREFIX}/state") as response:
        state = await response.json()
    assert response.status == 200
    venue = server.urls.venues["okcoinjp"]
    assert state["urls"] == {"okcoinjp": {"rest": venue.rest, "ws": dict(venue.ws)}}
    assert (state["clock"], state["now"], state["seed"]) == ("frozen", "2026-01-01T00:00:00.000Z", 7)


async def test_the_state_tells_of_tls_where_there_is_any(server: Server, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{PREFIX}/state") as response:
        assert "tls" not in await response.json()
    async with Server(replace(server.settings, tls=TlsSettings())) as secured:
        urls = secured.urls.tls
        async with session.get(f"{secured.urls.control}{PREFIX}/state") as response:
            state = await response.json()

    assert urls is not None
    venue = urls.venues["okcoinjp"]
    assert state["tls"] == {"ca": str(urls.ca), "venues": {"okcoinjp": {"rest": venue.rest, "ws": dict(venue.ws)}}}
    assert venue.rest.startswith("https://127.0.0.1:")


async def test_a_reset_gives_a_new_world_behind_the_same_addresses(server: Server, session: aiohttp.ClientSession) -> None:
    async def alice_key() -> str:
        async with session.get(f"{PREFIX}/venues/okcoinjp/keys") as response:
            return (await response.json())["keys"][0]["api_key"]

    first, before = server.world, await alice_key()
    async with session.post(f"{PREFIX}/reset") as response:
        assert (await response.json())["seed"] == 7
    assert server.world is not first
    assert await alice_key() == before
    async with session.post(f"{PREFIX}/reset", json={"seed": 8}) as response:
        assert (await response.json())["seed"] == 8
    assert await alice_key() != before


async def test_the_control_api_is_not_on_the_venues_port(server: Server, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{server.urls.venues['okcoinjp'].rest}{PREFIX}/state") as response:
        body = await response.text()
    assert response.status == 404
    assert "error_code" in body  # the venue's own words


async def test_a_body_that_is_too_large_is_refused(session: aiohttp.ClientSession) -> None:
    async with session.post(f"{PREFIX}/reset", data=io.BytesIO(b" " * 1_100_000)) as response:
        answer = await response.json()
    assert response.status == 413
    assert "at most 1048576 bytes" in answer["error"]["message"]


async def test_a_failure_of_the_simulator_is_reported_and_says_no_more(
    server: Server, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    del server.world.simulations["okcoinjp"].desk.exchange.markets  # as broken as can be
    async with session.get(f"{PREFIX}/venues/okcoinjp/instruments") as response:
        answer = await response.json()
    assert (response.status, answer) == (500, {"error": {"message": "the simulator failed; its log says how"}})
    assert "the control API failed on GET" in caplog.text


async def test_a_reset_in_real_time_goes_on_from_the_present(world_settings: WorldSettings) -> None:
    settings = ServerSettings(world=world_settings, clock="real")
    async with Server(settings) as server, aiohttp.ClientSession(server.urls.control) as session:
        before_ns = server.clock.now_ns()
        for seed in (8, 9):
            async with session.post(f"{PREFIX}/reset", json={"seed": seed}) as response:
                state = await response.json()
            assert (state["clock"], state["seed"]) == ("real", seed)
            assert before_ns <= int(state["now_ns"]) < before_ns + 60_000_000_000
