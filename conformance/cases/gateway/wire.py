"""What cases of the gateway share: what was said on its sockets, its links to the venue, and a stranger with the same key.

Frames are those of the recording, so the digits of numbers are as they were written (`trace.Number`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from mockex.conformance.cases.live import OWN_PATIENCE_MS, PATIENCE_MS
from mockex.conformance.facts import Platform
from mockex.conformance.model import WorldWish
from mockex.conformance.protocol import Json
from mockex.conformance.session import Outcome, Session
from mockex.conformance.trace import CLOSE, IN, OPEN, OUT, Entry

SPOT, CONTRACTS, ELSEWHERE = "spot", "contracts", "elsewhere"
ON_CONTRACTS = WorldWish(platforms=(CONTRACTS,))
ON_BOTH = WorldWish(platforms=(SPOT, CONTRACTS))
ON_TWO_VENUES = WorldWish(platforms=(SPOT, ELSEWHERE))
"""Of which each has keys of its own."""
QUIRKY = WorldWish(switches={"legacy_quirks": True})
"""A gateway as the original service is where it differs from its document. On spot it never answers about positions."""
QUIRKY_CONTRACTS = WorldWish(platforms=(CONTRACTS,), switches=QUIRKY.switches)

PARAM_MISS, CONNECTED, CONNECT_FAILED, LOST, RECONNECTING, READY, TROUBLE = range(1, 8)
"""Codes of states (gw§8)."""

RETRY_S = 5
"""From a loss of the link to the next attempt (gw§8)."""
IDLE_S = 16
"""A socket that has sent nothing for so long is closed (gw§2)."""
LATE_S = 45
"""Longer than a client waits before it logs in again (gw§12), and than its pauses between connections."""

OPEN_FATE = ("timeout", "connection_lost", "unavailable", "other", "malformed_reply")
"""Kinds of errors that leave it open whether something was done."""

STREAM = ("stream_open",)
TIMED = ("clock", "elapse")
TALKS = frozenset({"place_order", "cancel_order", "open_orders", "asset", "position", "symbol_info"})
"""Operations that need a login that is ready (gw§6)."""


def platform(s: Session, name: str = SPOT) -> Platform:
    return s.facts.platforms[name]


def said(entry: Entry) -> Mapping[str, Any]:
    """The frame; empty if it is no object."""
    frame = entry.json
    return frame if isinstance(frame, dict) else {}


async def asked(s: Session, op: str, *, since: int = 0, count: int = 0) -> list[Entry]:
    """What the client asked for with that word, once there are `count` of them, if it does so in time."""
    return await s.wire.wait(IN, since=since, count=count, where=lambda each: said(each).get("op") == op)


async def one_asked(s: Session, op: str, *, since: int = 0) -> Mapping[str, Any]:
    """The only request with that word. CaseFailed if there is none, or several."""
    found = await asked(s, op, since=since, count=1)
    s.expect(len(found) == 1, f"{op} is asked for once", expected="1 request", seen=f"{len(found)} requests", at=found)
    return said(found[0])


async def replies(s: Session, op: str, *, since: int = 0) -> list[Entry]:
    return await s.wire.entries(OUT, since=since, where=lambda each: said(each).get("op") == op)


async def states(s: Session, *, since: int = 0, until: int | None = None) -> list[int]:
    """Codes in their order, up to the first `until` at least: waits for that. CaseFailed if the client does not."""
    wanted = {"op": "state"} if until is None else {"op": "state", "code": str(until)}
    told = {"count": until is not None, "within_ms": OWN_PATIENCE_MS}
    await s.wire.wait(OUT, since=since, **told, where=lambda each: wanted.items() <= said(each).items())
    found = [int(said(each)["code"]) for each in await replies(s, "state", since=since)]
    if until is not None and until not in found:
        left = await s.wire.entries(
            IN, CLOSE, since=since, where=lambda each: each.kind == CLOSE or said(each).get("op") == "logout"
        )
        s.expect(not left, "the client stays", expected=f"a login that comes to state {until}", seen="its end", at=left)
        raise AssertionError(f"the gateway does not tell state {until}, but {found}")
    return found


async def taken(s: Session) -> list[Entry]:
    """Every socket of the client's that the gateway took."""
    return await s.wire.entries(OPEN)


async def same_socket(s: Session, before: list[Entry], what: str, *, since: int) -> None:
    """CaseFailed if the client has left its socket, or taken another."""
    others = (await taken(s))[len(before) :]
    closed = await s.wire.entries(CLOSE, since=since)
    at = (*others, *closed)
    s.expect(not at, what, expected="the same socket", seen=", ".join(each.summary() for each in at), at=at)


# --- the link to the venue


async def fault(s: Session, action: str, **terms: object) -> None:
    """See `POST /_mockex/v1/gateway/faults`."""
    await s.venue.gateway("POST", "/faults", action=action, **terms)


@asynccontextmanager
async def meanwhile(s: Session, operation: str, **params: object) -> AsyncIterator[asyncio.Task[Outcome]]:
    """The client is asked for that while the block does something else."""
    asking = asyncio.create_task(s.client.attempt(operation, **params))
    try:
        yield asking
    finally:
        asking.cancel()
        await asyncio.wait({asking})


async def release(s: Session) -> None:
    """The gateway's faults are over; answers that it has kept leave."""
    await s.venue.gateway("DELETE", "/faults")


async def drop(s: Session, name: str | None = None) -> int:
    """The link to the venue is cut, of every platform or of one, and that was told. A place in the recording before it."""
    since = await s.wire.mark()
    await s.venue.gateway("POST", "/drop", **({} if name is None else {"platform": platform(s, name).name}))
    await states(s, since=since, until=LOST)
    return since


async def restored(s: Session, *, since: int) -> None:
    """The link is there again after a loss, and the client has had time to take that in."""
    await s.pass_time(RETRY_S)
    await states(s, since=since, until=READY)
    await s.client.settle()


async def reconciled(s: Session, *, since: int) -> list[Entry]:
    """What the client asked for after the first READY since then, up to now."""
    ready = [each.n for each in await replies(s, "state", since=since) if said(each)["code"] == str(READY)]
    assert ready, "the gateway does not become ready"
    await s.wire.wait(IN, since=ready[0], count=1, within_ms=PATIENCE_MS)
    await s.client.settle()
    return await s.wire.entries(IN, since=ready[0])


# --- somebody else with the client's key


class Stranger:
    """Another program that logs in with the same key."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def log_in(self, s: Session, name: str = SPOT) -> None:
        """AssertionError if somebody else is logged in."""
        key = s.world.keys["alice"]
        pair = s.facts.pair
        fields = {"platform": platform(s, name).name, "symbols": [f"{pair.base}/{pair.quote}"]}
        keys = {"access_key": key.api_key, "secret_key": key.secret}
        await self._socket.send_json({"op": "login", "cid": "stranger", **fields, **keys})
        reply: Json = await self._socket.receive_json()
        assert reply["result"], reply

    async def ping(self) -> None:
        """A sign of life."""
        await self._socket.send_json({"op": "ping", "ts": 1})


@asynccontextmanager
async def stranger(s: Session) -> AsyncIterator[Stranger]:
    """Leaves at the end, which frees the identity."""
    async with aiohttp.ClientSession() as session, session.ws_connect(s.world.ws["main"]) as socket:
        yield Stranger(socket)
