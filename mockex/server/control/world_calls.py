"""Control calls about the whole world: its state, its clock, and a fresh one."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from mockex.operator import overview
from mockex.operator.refusals import OperatorError
from mockex.operator.words import amount
from mockex.server.control.fields import AMOUNT, INTEGER, one_of, required
from mockex.server.control.routes import ControlCall, ControlRoute
from mockex.wire.decimals import exact_units
from mockex.wire.timestamps import iso_ms

NS_PER_SECOND_DIGITS = 9
LATEST_NS = 2**63 - 1  # the year 2262: later times do not fit what many clients keep nanoseconds in


def healthz(call: ControlCall) -> object:
    return {"status": "ok"}


def state(call: ControlCall) -> object:
    return {"clock": clock_mode(call), **overview.world_state(call.server.world)}


def reset(call: ControlCall) -> object:
    """A new world with the present settings, apart from those given."""
    server = call.server
    if call.values:
        server.replace_world(dataclasses.replace(server.world.settings, **call.values))
    else:
        server.replace_world()
    return state(call)


def invariants(call: ControlCall) -> object:
    venues = {name: overview.check_invariants(each) for name, each in call.server.world.simulations.items()}
    return {"ok": all(view["ok"] for view in venues.values()), "venues": venues}


def clock_mode(call: ControlCall) -> str:
    return "frozen" if call.server.clock.frozen else "real"


def clock(call: ControlCall) -> object:
    now_ns = call.server.world.clock.now_ns()
    return {"mode": clock_mode(call), "now": iso_ms(now_ns), "now_ns": str(now_ns)}


def freeze_clock(call: ControlCall) -> object:
    call.server.clock.freeze()
    return clock(call)


def resume_clock(call: ControlCall) -> object:
    call.server.clock.resume()
    return clock(call)


def advance_clock(call: ControlCall) -> object:
    seconds = amount(call.values["seconds"], "seconds")
    call.server.clock.advance(checked_ns(seconds, call.server.world.clock.now_ns()))
    return clock(call)


def checked_ns(seconds: Decimal, now_ns: int) -> int:
    """How far to move. OperatorError if it is backwards, finer than a nanosecond, or past the year 2262."""
    if seconds < 0:
        raise OperatorError("time does not go back; reset the world instead")
    try:
        delta_ns = exact_units(seconds, NS_PER_SECOND_DIGITS)
    except ValueError:
        raise OperatorError("the clock counts whole nanoseconds") from None
    if now_ns + delta_ns > LATEST_NS:
        raise OperatorError(f"time ends at {iso_ms(LATEST_NS)}")
    return delta_ns


ROUTES = (
    ControlRoute("GET", "/healthz", healthz, "Answers when the server is up."),
    ControlRoute("GET", "/state", state, "Time, seed, market and venues of the world, with counts."),
    ControlRoute(
        "POST",
        "/reset",
        reset,
        "Throws the world away and builds a new one with the same settings, or with these.",
        takes={"seed": INTEGER, "market": one_of("live", "quiet")},
    ),
    ControlRoute("GET", "/invariants", invariants, "Checks every venue's books, holds and ledger."),
    ControlRoute("GET", "/clock", clock, "The world's time, and whether it stands still."),
    ControlRoute("POST", "/clock/freeze", freeze_clock, "Stops time."),
    ControlRoute("POST", "/clock/resume", resume_clock, "Lets time pass at its real pace again."),
    ControlRoute(
        "POST",
        "/clock/advance",
        advance_clock,
        "Moves time forward at once, running everything that becomes due.",
        takes={"seconds": required(AMOUNT)},
    ),
)
