"""The smoke stage: is the harness itself sane? Otherwise a verdict about a client would mean nothing.

Owns the examination of a simulator from outside, and of the judging with cases whose verdicts are known beforehand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from mockex.conformance.facts import Facts, FactsError
from mockex.conformance.model import Case, Level, Provenance, Verdict, WorldWish
from mockex.conformance.simulator import GATEWAY, FreshWorld, Simulator, SimulatorError
from mockex.conformance.trace import IN, OUT, REQUEST, RESPONSE, Entry, Fields

if TYPE_CHECKING:
    from mockex.conformance.lane import Lane
    from mockex.conformance.session import Session

SEED = 1
REQUEST_SECONDS = 15.0
NO_ROUTE = "/mockex-smoke/no-such-route"
TICKERS_QUERY = "tickers_query"  # of a venue's words: what a request for all tickers cannot do without
GREETING, GREETED = "greeting", "greeting_answer"  # words where all goes over a socket: a message, and what is in its answer
STRANGE, REFUSED = "stranger", "stranger_answer"  # likewise, of whoever has not logged in


class SmokeError(Exception):
    """The harness is not sane: what is wrong, and what to do."""


async def examine_simulator(simulator: Simulator, facts: Facts) -> None:
    """SmokeError unless it answers, records, refuses and resets, and its books add up."""
    try:
        await _examine(simulator, facts)
    except (SimulatorError, aiohttp.ClientError, TimeoutError) as error:
        raise _insane(str(error) or type(error).__name__) from None
    except FactsError as error:
        raise SmokeError(str(error)) from None


async def _examine(simulator: Simulator, facts: Facts) -> None:
    world = await simulator.reset(WorldWish(), seed=SEED)
    if left := await simulator.recording(0, 0):
        raise _insane(f"a fresh world has a recording of {len(left)} entries")
    if facts.platforms:
        await _talks(simulator, world, facts)
    else:
        await _answers(simulator, world, facts.route("tickers"), query=facts.words.get(TICKERS_QUERY, ""))
        await _refuses(simulator, world, facts.route("place_order"))
        await _refuses(simulator, world, f"GET {NO_ROUTE}", route_known=False)
    invariants = await simulator.call("GET", "/invariants")
    if not invariants["ok"]:
        raise _insane(f"its books do not add up: {invariants}")
    await simulator.reset(WorldWish(), seed=SEED)
    if left := await simulator.recording(0, 0):
        raise _insane(f"a reset kept a recording of {len(left)} entries")


async def _talks(simulator: Simulator, world: FreshWorld, facts: Facts) -> None:
    """It has its platforms. Messages on its socket, one that anybody may send and one that lacks a login, are answered and
    recorded.
    """
    platforms = (await simulator.call("GET", GATEWAY))["platforms"]  # which takes a while the first time
    if lacking := [each.name for each in facts.platforms.values() if platforms.get(each.name) != each.venue]:
        raise _insane(f"it has no platform {', '.join(lacking)}")
    (url,) = world.ws.values()
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.ws_connect(url) as socket:
        for message, answer in ((GREETING, GREETED), (STRANGE, REFUSED)):
            said = _word(facts, message)
            before = await simulator.recording(0, 0)
            await socket.send_str(said)
            heard = await socket.receive_str(timeout=REQUEST_SECONDS)
            entries = [Entry(each) for each in await simulator.recording(len(before), 0)]
            if [(each.kind, each.get("text")) for each in entries] != [(IN, said), (OUT, heard)]:
                raise _insane(f"{said} was answered with {heard}, and recorded as {[each.summary() for each in entries]}")
            if _word(facts, answer) not in heard:
                raise _insane(f"{said} was answered with {heard}")


def _word(facts: Facts, name: str) -> str:
    try:
        return facts.words[name]
    except KeyError:
        raise SmokeError(f"{facts.venue}: its facts have no {name!r} in [words]") from None


async def _answers(simulator: Simulator, world: FreshWorld, route: str, *, query: str) -> None:
    """A public request is answered and recorded, with its route and its reply."""
    status, body, entries = await _sent(simulator, world, route, query=query)
    request, response = _recorded(entries, route)
    if status != 200 or response["status"] != 200 or response.get("body") != body or response.get("error"):
        raise _insane(f"{route} was answered with {status} {body!r}, and recorded as {response.summary()}")
    if request["route"] != route:
        raise _insane(f"{route} was recorded as a request for {request['route']}")


async def _refuses(simulator: Simulator, world: FreshWorld, route: str, *, route_known: bool = True) -> None:
    """A request without a signature, or for a route that there is not, is refused, and recorded as refused.

    By its status or, where a venue refuses with 200, by the code that was recorded.
    """
    status, body, entries = await _sent(simulator, world, route)
    request, response = _recorded(entries, route)
    if (status < 400 and not response.get("error")) or response["status"] != status:
        raise _insane(f"{route}, not signed, was answered with {status} {body!r}, and recorded as {response.summary()}")
    if request["route"] != (route if route_known else None) or request.get("account") is not None:
        raise _insane(f"{route}, not signed, was recorded as {dict(request.fields)}")


async def _sent(simulator: Simulator, world: FreshWorld, route: str, *, query: str = "") -> tuple[int, str, Sequence[Fields]]:
    """Sends a bare request. Status, body, and what was recorded of it."""
    before = await simulator.recording(0, 0)
    method, _, path = route.partition(" ")
    path = f"{path}?{query}" if query else path
    timeout = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.request(method, world.rest + path) as reply:
        status, body = reply.status, await reply.text()
    return status, body, await simulator.recording(len(before), 0)


def _recorded(entries: Sequence[Fields], route: str) -> tuple[Entry, Entry]:
    kinds = [each["kind"] for each in entries]
    if kinds != [REQUEST, RESPONSE] or entries[1]["to"] != entries[0]["n"]:
        raise _insane(f"{route} left {kinds or 'nothing'} in the recording, not one request with its response")
    return Entry(entries[0]), Entry(entries[1])


def _insane(wrong: str) -> SmokeError:
    return SmokeError(f"the simulator: {wrong}. This is mockex's fault, not the client's: please report it with this text")


# --- judging


async def _demand_the_impossible(session: Session) -> None:
    session.equal(await session.wire.requests(f"GET {NO_ROUTE}"), ["a request"], "the client asks for what does not exist")


async def _demand_nothing(session: Session) -> None:
    await session.wire.read()


def _canary(number: int, level: Level, *, hopeless: bool) -> Case:
    return Case(
        id=f"common/reference/{number:03}",
        title="The judging works.",
        requirement="",
        source="",
        level=level,
        provenance=Provenance.PROPOSED,
        needs=(),
        world=WorldWish(),
        steps=_demand_the_impossible if hopeless else _demand_nothing,
    )


CANARIES: Mapping[Verdict, Case] = {
    Verdict.FAIL: _canary(1, Level.MUST, hopeless=True),
    Verdict.WARN: _canary(2, Level.SHOULD, hopeless=True),
    Verdict.PASS: _canary(3, Level.MUST, hopeless=False),
}
"""Cases that say nothing about a client, by the verdict that each must have."""


async def examine_judging(lane: Lane) -> None:
    """SmokeError unless each canary has its verdict. Their sessions also show that the driver can start more than once."""
    with tempfile.TemporaryDirectory(prefix="mockex-smoke-") as folder:
        for expected, case in CANARIES.items():
            result = await lane.run(case, Path(folder) / "canary.jsonl")
            if result.verdict is Verdict.ERRORED:
                said = f"\nIts last words:\n{result.stderr}" if result.stderr else ""
                raise SmokeError(result.reason + said)
            if result.verdict is not expected:
                why = f", {result.reason}" if result.reason else ""
                raise SmokeError(f"the judging: a case that must be {expected} is {result.verdict}{why}")
