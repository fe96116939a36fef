"""A gateway under examination: the venue behind it in the same simulator, its socket for an address, its own recording."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest
from mockex.conformance import facts
from mockex.conformance.model import WorldWish
from mockex.conformance.simulator import OperatorRefused, Simulator
from mockex.conformance.smoke import SmokeError, examine_simulator

VENUE = "gateway"
FACTS = facts.load(VENUE)
SEED = 1

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_world_has_its_socket_and_the_keys_of_the_venue_behind(simulator: Simulator) -> None:
    world = await simulator.reset(WorldWish(), seed=SEED)

    assert (world.rest, list(world.ws), simulator.desk) == ("", ["main"], FACTS.behind[0])
    assert world.keys == world.keys_at[simulator.desk]
    assert list(world.keys_at) == list(FACTS.behind)
    assert len({keys["alice"].api_key for keys in world.keys_at.values()}) == len(FACTS.behind)
    assert {row["symbol"] for row in await simulator.instruments()} >= {
        each.symbol for each in (*FACTS.pairs, *FACTS.contracts)
    }


async def test_what_is_recorded_is_what_the_gateway_hears_and_says(simulator: Simulator) -> None:
    world = await simulator.reset(WorldWish(), seed=SEED)
    async with aiohttp.ClientSession() as session, session.ws_connect(world.ws["main"]) as socket:
        await socket.send_json({"op": "ping", "ts": 7})
        await socket.receive_str()
        entries = await simulator.recording(0, 0)

    assert [each["kind"] for each in entries] == ["open", "in", "out"]


async def test_switches_are_those_of_the_gateway(simulator: Simulator) -> None:
    await simulator.reset(WorldWish(switches={"margin_mode": "fixed"}), seed=SEED)
    assert (await simulator.call("GET", "/gateway"))["margin_mode"] == "fixed"

    with pytest.raises(OperatorRefused, match="the gateway has no switch 'loud'"):
        await simulator.reset(WorldWish(switches={"loud": True}), seed=SEED)


async def test_the_harness_is_sane(simulator: Simulator) -> None:
    await examine_simulator(simulator, FACTS)


WRONG = {
    "has no platform moon": replace(FACTS, platforms={"spot": replace(FACTS.platforms["spot"], name="moon")}),
    "was answered with": replace(FACTS, words={**FACTS.words, "greeting_answer": "hello"}),
    "its facts have no 'stranger'": replace(FACTS, words={n: word for n, word in FACTS.words.items() if n != "stranger"}),
}


@pytest.mark.parametrize("complaint", WRONG)
async def test_a_gateway_that_is_not_what_the_facts_say_is_told(simulator: Simulator, complaint: str) -> None:
    with pytest.raises(SmokeError, match=complaint):
        await examine_simulator(simulator, WRONG[complaint])
