"""Control calls about the whole world: its state, its clock, and a fresh one."""

from __future__ import annotations

from mockex.operator import overview, recordings, worlds
from mockex.operator.keys import issued
from mockex.operator.refusals import OperatorError
from mockex.server.control.fields import (
    AMOUNT,
    BALANCES_BY_ACCOUNT,
    FLAG,
    INSTANT,
    INTEGER,
    SWITCHES_BY_VENUE,
    TEXTS_BY_NAME,
    one_of,
    required,
)
from mockex.server.control.routes import ControlCall, ControlRoute
from mockex.server.gateway import NAME as GATEWAY
from mockex.server.gateway import altered
from mockex.server.wallclock import steady_ns
from mockex.wire.timestamps import iso_ms


def healthz(call: ControlCall) -> object:
    return {"status": "ok"}


def state(call: ControlCall) -> dict[str, object]:
    urls = call.server.urls
    shown: dict[str, object] = {
        "clock": clock_mode(call),
        **overview.world_state(call.server.world),
        "urls": {name: venue.fields() for name, venue in urls.venues.items()},
    }
    if urls.tls is not None:
        shown["tls"] = urls.tls.fields()
    if urls.gateway is not None:
        shown["gateway"] = {"url": urls.gateway}
    return shown


def reset(call: ControlCall) -> object:
    """A new world with the settings that the server started with, apart from those given."""
    server, values = call.server, dict(call.values)
    clock, recorded = values.pop("clock", None), values.pop("recording", False)
    switches = dict(values.pop("switches", {}))
    of_gateway = switches.pop(GATEWAY, {})
    try:
        gateway = altered(call.gateway.started_with, of_gateway) if of_gateway else None
        settings = worlds.altered(server.fresh_settings(clock), **values, switches=switches)
        world = server.reset(settings, clock=clock, gateway=gateway)
    except ValueError as mistake:
        raise OperatorError(str(mistake)) from None
    if recorded:
        recorders = [simulation.desk.recorder for simulation in world.simulations.values()]
        for recorder in recorders if server.gateway is None else (*recorders, server.gateway.recorder):
            recordings.record(recorder, on=True, real_ns=steady_ns)
    return {**state(call), "accounts": {name: issued(simulation) for name, simulation in world.simulations.items()}}


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
        "Throws the world away and builds a new one, as at the server's start but for what is given. Answers with all keys.",
        takes={
            "seed": INTEGER,
            "market": one_of("live", "quiet"),
            "limits": FLAG,
            "clock": one_of("real", "frozen"),
            "start_ns": INSTANT,
            "profiles": TEXTS_BY_NAME,
            "switches": SWITCHES_BY_VENUE,
            "balances": BALANCES_BY_ACCOUNT,
            "recording": FLAG,
        },
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
