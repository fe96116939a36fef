"""Control calls about the whole world: its state, its clock, and a fresh one."""

from __future__ import annotations

import dataclasses

from mockex.operator import overview
from mockex.server.control.fields import AMOUNT, INTEGER, one_of, required
from mockex.server.control.routes import ControlCall, ControlRoute
from mockex.wire.timestamps import iso_ms


def healthz(call: ControlCall) -> object:
    return {"status": "ok"}


def state(call: ControlCall) -> object:
    urls = {name: {"rest": venue.rest, "ws": dict(venue.ws)} for name, venue in call.server.urls.venues.items()}
    return {"clock": clock_mode(call), **overview.world_state(call.server.world), "urls": urls}


def reset(call: ControlCall) -> object:
    """A new world with the present settings, apart from those given."""
    server = call.server
    server.replace_world(dataclasses.replace(server.fresh_settings(), **call.values))
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
    delta_ns = overview.seconds_ns(call.values["seconds"])
    overview.check_advance(delta_ns, call.server.clock.now_ns())
    call.server.clock.advance(delta_ns)
    return clock(call)


ROUTES = (
    ControlRoute("GET", "/healthz", healthz, "Answers when the server is up."),
    ControlRoute("GET", "/state", state, "Time, seed, market and venues of the world, with counts and addresses."),
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
