"""Control calls about what a venue or the gateway hears and says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

from mockex.operator import recordings
from mockex.server.control.fields import FLAG, INTEGER, required
from mockex.server.control.routes import ControlCall, ControlRoute
from mockex.server.wallclock import steady_ns
from mockex.wire.recording import Recorder

MAX_WAIT_MS = 30_000

_MS_PER_SECOND = 1_000


def _recorder(call: ControlCall) -> Recorder:
    """Of the venue of the path, or of the gateway."""
    return call.simulation.desk.recorder if "venue" in call.params else call.gateway.recorder


def record(call: ControlCall) -> object:
    return recordings.record(_recorder(call), on=call.values["on"], real_ns=steady_ns)


def recording(call: ControlCall) -> object:
    recordings.not_negative(call.values.get("wait_ms", 0), "wait_ms")
    return recordings.recording(_recorder(call), after=call.values.get("after", 0))


def _hold(call: ControlCall) -> Awaitable[None] | None:
    """Until there is an entry to show, or the time is over."""
    wait_ms = min(recordings.not_negative(call.values.get("wait_ms", 0), "wait_ms"), MAX_WAIT_MS)
    after = recordings.not_negative(call.values.get("after", 0), "after")
    recorder = _recorder(call)
    return _until_entry(recorder, after, wait_ms / _MS_PER_SECOND) if wait_ms else None


async def _until_entry(recorder: Recorder, after: int, seconds: float) -> None:
    come = asyncio.Event()
    recorder.call_after(after, come.set)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await come.wait()
    finally:
        recorder.forget(come.set)


def _routes(path: str, who: str) -> tuple[ControlRoute, ...]:
    """`who` hears and says it."""
    waits = f"waits for one up to `wait_ms` of real time, at most {MAX_WAIT_MS}"
    return (
        ControlRoute(
            "POST",
            path,
            record,
            f"Starts a new recording of what {who} hears and says, or ends it and keeps it.",
            takes={"on": required(FLAG)},
        ),
        ControlRoute(
            "GET",
            path,
            recording,
            f"The recording's entries behind number `after`; {waits}.",
            takes={"after": INTEGER, "wait_ms": INTEGER},
            hold=_hold,
        ),
    )


ROUTES = (*_routes("/venues/{venue}/recording", "the venue"), *_routes("/gateway/recording", "the gateway"))
