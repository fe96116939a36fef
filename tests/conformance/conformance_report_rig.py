"""Made-up outcomes for the tests of results and reports: one with every verdict, a hostile one, a large one."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from mockex.conformance.model import Level, Provenance, Verdict
from mockex.conformance.results import (
    CaseResult,
    ClientInfo,
    Evidence,
    Failure,
    Results,
    Run,
    Selection,
    VenueInfo,
    trace_path,
)

HOSTILE = (
    "</script></style><img src=x onerror=alert(1)>'\"`&|\\]]>\n<!--{{ 7*7 }}\x1b[31m\x00\ud800\u202e[x](javascript:alert(1))"
)

ORDER = '{"instrument_id":"BTC-JPY","price":"1500000","side":"buy","size":0.001,"type":"limit"}'
REPLY = '{"client_oid":"","error_code":"","error_message":"","order_id":"4212","result":true}'


def case(id: str = "toy/orders/010", **fields: Any) -> CaseResult:
    """A passing case, but for what is said."""
    fields.setdefault("title", f"The client does what {id} asks.")
    fields.setdefault("requirement", "The venue demands it. Whoever does not is refused.")
    return CaseResult(
        **{
            "id": id,
            "area": id.split("/")[1],
            "source": "toy§3",
            "level": Level.MUST,
            "provenance": Provenance.DOCUMENTED,
            "verdict": Verdict.PASS,
            "needs": ("place_order",),
            "milliseconds": 41,
            **fields,
        }
    )


def failed(id: str = "toy/orders/020", **fields: Any) -> CaseResult:
    """A case with all that a failure shows."""
    told: dict[str, Any] = {
        "title": "Sizes are sent as text.",
        "verdict": Verdict.FAIL,
        "failure": Failure(what="the size in the request", expected='"0.001" as text', seen="0.001 as a JSON number"),
        "evidence": (
            Evidence(n=2, text='POST /api/spot/v3/orders {"size":0.001}'),
            Evidence(n=None, text="the order has size 0.001"),
        ),
        "notes": ("The venue takes it all the same.",),
        "steps": ('place_order {"price":"1500000","size":"0.001"} -> {"id":"4212"}', "settle {} -> {}"),
        "faults": ("f1 lose_reply on entry 2",),
        **fields,
    }
    return case(id, **told)


def run(*cases: CaseResult, name: str = "ccxt", **fields: Any) -> Run:
    return Run(
        **{
            "client": ClientInfo(name=name, version="4.1.20", language="Python"),
            "driver": name,
            "capabilities": ("cancel_order", "place_order"),
            "seconds": Decimal("6.1"),
            "problem": None,
            "cases": cases,
            **fields,
        }
    )


def results(*runs: Run, **fields: Any) -> Results:
    return Results(
        **{
            "mockex": "0.1.0",
            "protocol": 1,
            "venue": VenueInfo(name="toy", title="Toy Exchange v3", profile="documented"),
            "seed": 1,
            "exit_code": 1,
            "started": "2026-11-21T12:00:00Z",
            "seconds": Decimal("12.3"),
            "selection": Selection(),
            "runs": runs,
            **fields,
        }
    )


def every_verdict() -> Results:
    """One client with every verdict, a known failure and a stale line of the baseline, and one whose smoke stage failed."""
    cases = (
        case("toy/auth/010", notes=("It sent the time as text.",), level=Level.INFO),
        case("toy/auth/020"),
        failed("toy/orders/020", trace=trace_path(run="ccxt", case="toy/orders/020")),
        failed("toy/orders/030", known="ticket 7: amounts are floats"),
        failed("toy/orders/040", level=Level.SHOULD, verdict=Verdict.WARN, title="Ids are unique."),
        case("toy/streams/010", verdict=Verdict.UNSUPPORTED, reason="the client has no subscribe.book"),
        case("toy/streams/020", verdict=Verdict.ERRORED, reason="the driver ended with code 1", stderr="Traceback:\n  boom"),
        case("toy/streams/030", verdict=Verdict.SKIPPED, reason="interrupted"),
    )
    broken = run(name="other", driver="node my-driver.js", problem="the driver said nothing within 5 s: no case ran")
    return results(run(*cases, stale=("toy/auth/020",)), broken, exit_code=2)


def hostile() -> Results:
    """Hostile text wherever text may be."""
    names = ("title", "requirement", "source", "area", "reason", "known", "stderr")
    bad = failed(
        HOSTILE,
        **dict.fromkeys(names, HOSTILE),
        **dict.fromkeys(("needs", "notes", "steps", "faults"), (HOSTILE,)),
        failure=Failure(what=HOSTILE, expected=HOSTILE, seen=HOSTILE),
        evidence=(Evidence(n=1, text=HOSTILE),),
        trace=trace_path(run=HOSTILE, case=HOSTILE),
    )
    others = tuple(replace(bad, id=f"{HOSTILE}{verdict}", verdict=verdict, known=None) for verdict in Verdict)
    client = ClientInfo(name=HOSTILE, version=HOSTILE, language=HOSTILE)
    fields = {"driver": HOSTILE, "capabilities": (HOSTILE,), "problem": HOSTILE, "stale": (HOSTILE,)}
    return results(
        run(bad, *others, client=client, **fields),
        mockex=HOSTILE,
        venue=VenueInfo(name=HOSTILE, title=HOSTILE, profile=HOSTILE),
        selection=Selection(case=(HOSTILE,), area=(HOSTILE,)),
    )


def large(count: int = 1_000) -> Results:
    areas = ("auth", "books", "market", "orders", "streams")
    cases = tuple(
        (failed if number % 10 == 0 else case)(f"toy/{areas[number % len(areas)]}/{number:04}") for number in range(count)
    )
    return results(run(*cases), run(*cases, name="pybotters"))


def trace_entries(count: int = 4) -> list[dict[str, Any]]:
    """A short talk over HTTP and a socket, as the simulator records it; then messages up to `count` entries."""
    start = 1_790_000_000_000_000_000
    entries: list[dict[str, Any]] = [
        {"kind": "open", "connection": "c1", "path": "/ws/v3", "socket": "public"},
        {
            "kind": "request",
            "method": "POST",
            "target": "/api/spot/v3/orders",
            "headers": {"content-type": "application/json", "ok-access-sign": "***"},
            "body": ORDER,
            "route": "POST /api/spot/v3/orders",
            "account": "1",
            "key": "alice",
        },
        {"kind": "fault", "rule": "f1", "what": "lose_reply", "on": 2, "connection": None, "channel": None},
        {
            "kind": "response",
            "to": 2,
            "status": 200,
            "headers": {"content-type": "application/json"},
            "body": REPLY,
            "error": None,
            "delivery": "lost",
        },
    ]
    entries += [
        {"kind": "out", "connection": "c1", "text": '{"table":"x"}', "channel": "spot/ticker:A"} for _ in range(4, count)
    ]
    for number, entry in enumerate(entries, 1):
        entry |= {"n": number, "at_ns": str(start + number * 1_000_000), "real_ns": str(number * 1_300_000)}
    return entries[:count]


def lay_traces(outcome: Results, folder: Path, entries: list[dict[str, Any]]) -> Path:
    """Writes these entries as the trace of every case that names one. Gives the folder."""
    for each in (case for run in outcome.runs for case in run.cases if case.trace):
        path = folder / str(each.trace)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{json.dumps(entry)}\n" for entry in entries).encode())
    return folder
